// One cell: train, extract the last automaton, measure.

internal import Automata
internal import Extraction
internal import Foundation
internal import LinearAlgebra
internal import RNN
internal import Studies
internal import Tasks

/// Trains and measures the cells of a sweep, one at a time, and keeps nothing on disk.
public struct CellTraining {
  let settings: SweepSettings
  /// Asked after every epoch: whether to give the cell up.
  public var isGivenUp: () -> Bool = { false }

  /// - Parameter settings: The sweep.
  public init(settings: SweepSettings) { self.settings = settings }

  /// How long the readout's bias, which still learns, is given to reach the loss by itself: at any usual
  /// learning rate it has then long settled.
  private static let deadPatience = 1000

  /// From here on the neighbours of a number in single precision are 2 away: no step below 1 moves
  /// such a weight, and what one step of a gradient that exploded did stays as it is.
  private static let frozen: Float = 0x1p24

  /// - Returns: nil if the cell was given up.
  /// - Throws: What is wrong with the task or the words; a cell that diverges is a result.
  public func result(of cell: Int) throws -> CellResult? {
    let begin = clock()
    let configuration = try settings.configuration(of: cell)
    let recipe = configuration.recipe
    let assignment = try configuration.assignment()
    let trainer = try Trainer(recipe, data: try assignment.data(for: recipe))

    var loss = trainer.trainingLoss()
    var status = CellStatus.epochs
    var lastAlive = 0
    var least = (loss: Double.infinity, epoch: 0)
    var frozenSince: Int?
    while true {
      guard loss.isFinite, trainer.network.parameters.isFinite else {
        status = .diverged
        break
      }
      if let stop = recipe.stopLoss, loss <= stop {
        status = .done
        break
      }
      if frozenSince == nil, trainer.network.parameters.largestMagnitude >= Self.frozen {
        frozenSince = trainer.epoch
      }
      if loss < least.loss { least = (loss, trainer.epoch) }
      if let patience = settings.patience, trainer.epoch - least.epoch >= patience {
        status = .stalled
        break
      }
      if !trainer.isDead { lastAlive = trainer.epoch }
      if trainer.epoch - lastAlive > Self.deadPatience {
        status = .dead
        break
      }
      guard trainer.epoch < recipe.epochs else { break }
      if isGivenUp() { return nil }
      trainer.trainEpoch()
      loss = trainer.trainingLoss()
    }

    var result = CellResult(cell: cell, values: settings.values(of: cell), status: status)
    result.epochs = trainer.epoch
    if status == .diverged {
      result.message =
        "training diverged in epoch \(trainer.epoch): a loss or a weight is no longer a finite "
        + "number."
    } else {
      if status == .dead {
        result.message =
          "every hidden unit is 0 after every word since epoch \(lastAlive + 1); no gradient reaches the "
          + "weights any more."
      }
      if status == .epochs, let stop = recipe.stopLoss {
        result.message =
          "the training loss is \(loss.brief) after \(trainer.epoch) epochs, above \(stop.brief)."
      }
      if status == .stalled {
        result.message =
          "the training loss is \(loss.brief), and was least, \(least.loss.brief), after epoch "
          + "\(least.epoch)."
      }
      if let frozenSince {
        result.message =
          (result.message.map { $0 + " " } ?? "")
          + "A gradient exploded in epoch \(frozenSince): since then there are weights beyond 2^24, "
          + "which no usual step moves."
      }
      result.trainLoss = loss
      result.validationAccuracy = trainer.evaluate().validationAccuracy
      try measure(trainer, assignment, into: &result)
    }
    // Of the processor, which says the same however many cells run beside this one.
    result.seconds = (Double(clock() - begin) / Double(CLOCKS_PER_SEC) * 1000).rounded() / 1000
    return result
  }

  /// Extracts the automaton of the network as it is, and tries long words.
  private func measure(
    _ trainer: Trainer, _ assignment: NamedTask, into result: inout CellResult
  ) throws {
    let automaton = try Extraction(
      of: trainer.network, on: trainer.evaluationTree,
      mergeDistance: .share(settings.mergeDistance),
      emptyWordCounts: trainer.recipe.minLength == 0, alphabet: assignment.alphabet,
      outputAlphabet: assignment.outputAlphabet
    ).automaton
    result.states = automaton.stateCount
    result.isComplete = automaton.isComplete
    result.openTransitions = automaton.openTransitionCount
    if let task = assignment.language {
      result.isEquivalent = try automaton.isEquivalent(
        to: task.machine, emptyWordCounts: trainer.recipe.minLength == 0)
      result.longAccuracy =
        LongWordScore(
          length: settings.longLength, count: settings.longWords, seed: trainer.recipe.seed,
          network: trainer.network, automaton: automaton, task: task
        ).networkAccuracy
    }
  }
}

extension Trainer {
  /// Whether every hidden unit is 0 after every word but the empty one, so that with plain gradient
  /// descent nothing but the readout's bias can change any more: the slope of a ReLU is 0 there.
  ///
  /// Words longer than those looked at end in the same states as these. As soon as one unit is not 0
  /// the answer is known, which for a living network is at once.
  fileprivate var isDead: Bool {
    guard recipe.cell == .elman, recipe.layers == 1, recipe.nonlinearity == .relu,
      recipe.optimizer.rule == .sgd, recipe.optimizer.momentum == 0,
      recipe.optimizer.weightDecay == 0
    else { return false }
    let hidden = representations
    return (1..<evaluationTree.count).allSatisfy { word in
      (0..<recipe.hidden).allSatisfy { hidden[word, $0] == 0 }
    }
  }
}
