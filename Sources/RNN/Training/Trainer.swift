// Training by stochastic gradient descent on words of one length at a time.

public import Automata
public import LinearAlgebra
public import Tasks

/// Losses and accuracies after one epoch.
public struct EpochMetrics: Equatable, Sendable {
  public let epoch: Int
  /// The loss over all training words with the epoch's final weights.
  public let trainLoss: Double
  public let validationLoss: Double
  /// The share of training words whose largest output is the target's.
  public let trainAccuracy: Double
  public let validationAccuracy: Double

  public init(
    epoch: Int, trainLoss: Double, validationLoss: Double, trainAccuracy: Double,
    validationAccuracy: Double
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.trainAccuracy = trainAccuracy
    self.validationAccuracy = validationAccuracy
  }

  public var isFinite: Bool { trainLoss.isFinite && validationLoss.isFinite }
}

/// A network in training.
///
/// An epoch goes through the lengths in order, each shuffled into batches. Whatever epoch e
/// draws at random depends on the seed and e alone, so that training can go on from any
/// checkpoint as if it had not been interrupted.
public final class Trainer {
  public let recipe: Recipe
  public let data: TrainingData
  public let network: RecurrentNetwork
  /// The number of epochs done.
  public private(set) var epoch: Int
  /// How many hidden states training has multiplied by W_hh in forward passes so far: what is left
  /// of them with prefixes shared. For benchmarks.
  public private(set) var forwardRows = 0

  /// What the optimizer remembers after the last epoch.
  package private(set) var memory: OptimizerMemory

  /// The words that are looked at after every epoch: all up to the longest training length, or to
  /// the ``Recipe/evaluationDepth(symbolCount:)``.
  public let evaluationTree: PrefixTree

  // The training words that are in the evaluation tree, and the longer ones; validation words.
  private let evaluated: ScoredNodes
  private let longer: [ScoredTree]
  private let validation: [ScoredTree]
  // Training works on a copy of the network with its units reordered; `network` is brought up to
  // date at the end of each epoch.
  private let working: RecurrentNetwork
  private let optimizer: Optimizer
  private var unitOrder: UnitOrder
  private let gradient: SharedGradient
  // Whether the evaluation pass has run on the present weights.
  private var isEvaluated = false
  private let evaluationPass: TreePass
  private let scoringPass: TreePass
  private var order: [Int32] = []
  private var learningRate = 0.0

  /// A network at epoch 0, before the first step.
  ///
  /// - Throws: `RecipeError` if a number of the recipe makes no sense.
  public convenience init(_ recipe: Recipe, data: TrainingData) throws(RecipeError) {
    try recipe.validate()
    let shape = recipe.shape(data)
    var generator = SplitMix64(seed: recipe.seed, stream: "weights")
    let network = RecurrentNetwork(
      shape: shape, initialization: recipe.initialization, gain: recipe.gain, start: recipe.start,
      using: &generator)
    try self.init(recipe, data: data, network: network, epoch: 0)
  }

  /// A network at epoch 0 and the words of `language` that the recipe asks for.
  ///
  /// - Throws: `RecipeError` if a number of the recipe makes no sense.
  public convenience init(_ recipe: Recipe, language: Language) throws(RecipeError) {
    try recipe.validate()
    try self.init(
      recipe, data: TrainingData(language, options: recipe.dataOptions, seed: recipe.seed))
  }

  /// Training that goes on from `network`, which `epoch` epochs made, with an optimizer that
  /// remembers nothing of them; ``TrainingRun`` goes on with its memory.
  ///
  /// - Parameters:
  ///   - recipe: How to train.
  ///   - data: The words to train on and to validate with; at least one to train on.
  ///   - network: Has the shape that `recipe` asks for, and is changed by every epoch.
  ///   - epoch: The number of epochs done, at least 0.
  /// - Throws: `RecipeError` if a number of the recipe makes no sense.
  public convenience init(
    _ recipe: Recipe, data: TrainingData, network: RecurrentNetwork, epoch: Int
  ) throws(RecipeError) {
    try self.init(recipe, data: data, network: network, epoch: epoch, memory: nil)
  }

  /// Training that goes on from `network`, which `epoch` epochs made.
  ///
  /// - Parameter memory: What the optimizer remembered after them; nothing where it is nil.
  /// - Throws: `RecipeError` if a number of the recipe makes no sense.
  package init(
    _ recipe: Recipe, data: TrainingData, network: RecurrentNetwork, epoch: Int,
    memory: OptimizerMemory?
  ) throws(RecipeError) {
    try recipe.validate()
    self.recipe = recipe
    self.data = data
    self.network = network
    self.epoch = epoch
    guard !data.training.isEmpty else {
      throw RecipeError(
        name: "fraction", found: recipe.fraction.text, needed: "one that leaves some words")
    }
    let symbolCount = data.alphabet.count
    let depth = recipe.evaluationDepth(symbolCount: symbolCount)
    evaluationTree = .complete(symbolCount: symbolCount, depth: depth)
    var evaluated = ScoredNodes()
    for set in data.training where set.length <= depth { evaluated.add(set, in: evaluationTree) }
    self.evaluated = evaluated
    longer = data.training.filter { $0.length > depth }.map {
      ScoredTree($0, symbolCount: symbolCount)
    }
    validation = data.validation.map { ScoredTree($0, symbolCount: symbolCount) }

    working = RecurrentNetwork(shape: network.shape, start: 0)
    unitOrder = UnitOrder(unitCount: recipe.hidden)
    gradient = SharedGradient(
      working, loss: recipe.loss, includesStart: recipe.trainsStart, threads: recipe.threads)
    optimizer = Optimizer(recipe.optimizer, for: network, movesStart: recipe.trainsStart)
    self.memory = memory ?? OptimizerMemory(recipe.optimizer, shape: network.shape)
    evaluationPass = TreePass(network)
    scoringPass = TreePass(working)
    optimizer.stepCount = self.memory.stepCount
    reorderUnits()
  }

  /// One pass over all lengths.
  public func trainEpoch() {
    epoch += 1
    learningRate = recipe.learningRate * recipe.learningRateSchedule.share(epoch: epoch)
    var generator = SplitMix64(seed: recipe.seed, stream: "shuffle", index: epoch)
    for set in data.training {
      order.removeAll(keepingCapacity: true)
      order.append(contentsOf: 0..<Int32(set.count))
      order.shuffle(using: &generator)
      var first = 0
      while first < set.count {
        let last = min(first + recipe.batchSize, set.count)
        step(set, order[first..<last])
        first = last
      }
    }
    network.parameters.assign(working.parameters, units: unitOrder.positions)
    memory.stepCount = optimizer.stepCount
    for (mine, its) in zip(memory.tensors, optimizer.memory) {
      mine.assign(its, units: unitOrder.positions)
    }
    reorderUnits()
  }

  /// Prepares the working copy for the next epoch: its units are in the order of their activity on
  /// all words up to the longest training length. It depends on the network alone, so that training
  /// resumed from a checkpoint adds up its sums in the same order.
  private func reorderUnits() {
    isEvaluated = false
    // Units of other networks keep their places: none of them can be left out.
    if network.shape.cell == .elman, network.shape.layers == 1 {
      lookAtWords()
      unitOrder.update(evaluationPass.hidden, evaluationTree)
    }
    working.parameters.assign(network.parameters, units: unitOrder.units)
    for (its, mine) in zip(optimizer.memory, memory.tensors) {
      its.assign(mine, units: unitOrder.units)
    }
  }

  /// Computes the hidden states of all words up to the longest training length, if need be.
  private func lookAtWords() {
    guard !isEvaluated else { return }
    evaluationPass.run(evaluationTree, keepsGates: false)
    isEvaluated = true
  }

  /// The loss over all training words with the present weights; without the validation words, of
  /// which every symbol costs a product of its own.
  public func trainingLoss() -> Double { trainingScore().loss }

  private func trainingScore() -> Score {
    lookAtWords()
    evaluationPass.readOut(rows: 0..<evaluationTree.count)
    var training = Score()
    training.add(evaluated, evaluationPass.outputs, recipe.loss)
    for tree in longer { score(tree, into: &training) }
    return training
  }

  /// Losses and accuracies with the present weights.
  public func evaluate() -> EpochMetrics {
    let training = trainingScore()
    var validating = Score()
    for tree in validation { score(tree, into: &validating) }
    return EpochMetrics(
      epoch: epoch, trainLoss: training.loss, validationLoss: validating.loss,
      trainAccuracy: training.accuracy, validationAccuracy: validating.accuracy)
  }

  private func score(_ tree: ScoredTree, into score: inout Score) {
    scoringPass.run(tree.tree, activeCount: unitOrder.activeCount, keepsGates: false)
    scoringPass.readOut(rows: tree.rows)
    score.add(tree.nodes, scoringPass.outputs, recipe.loss)
  }

  /// The hidden state of every word of ``evaluationTree``, n × H.
  ///
  /// Valid until the next ``trainEpoch()``; `MatrixView.matrix(rows:)` copies what is to last.
  ///
  /// - Complexity: O(1) but for the first call after an epoch, which may read all words.
  public var hiddenStates: MatrixView {
    lookAtWords()
    return evaluationPass.hiddenStates
  }

  /// The memory behind ``hiddenStates``, with room for more rows than words.
  package var representations: MatrixBuffer {
    lookAtWords()
    return evaluationPass.hidden
  }

  /// One step of gradient descent on some words of a set.
  private func step(_ set: WordSet, _ chosen: ArraySlice<Int32>) {
    gradient.compute(chosen, of: set, activeCount: unitOrder.activeCount)
    forwardRows += gradient.innerNodeCount
    optimizer.step(working.parameters, along: gradient.gradient, learningRate: learningRate)
  }
}
