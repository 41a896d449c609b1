// Training by plain stochastic gradient descent on words of one length at a time.

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

  public var isFinite: Bool { trainLoss.isFinite && validationLoss.isFinite }
}

/// A network in training.
///
/// An epoch goes through the lengths in order, each shuffled into batches. Whatever epoch e
/// draws at random depends on the seed and e alone, so that training can go on from any
/// checkpoint as if it had not been interrupted.
public final class Trainer {
  public let recipe: Recipe
  public let language: Language
  public let network: ElmanNetwork
  /// The number of epochs done.
  public private(set) var epoch: Int
  /// How many hidden states training has multiplied by W_hh on the way forward so far: what sharing
  /// prefixes saves, for benchmarks.
  public private(set) var forwardRows = 0

  /// The words that are looked at after every epoch: all up to the longest training length.
  public let evaluationTree: PrefixTree

  private let sets: [WordSet]
  private let validation: (tree: PrefixTree, leaves: [Int32], targets: [Int32])
  private let trainingNodes: [(node: Int32, target: Int32)]
  // Training works on a copy of the network with its units reordered; `network` is brought up to
  // date at the end of each epoch.
  private let working: ElmanNetwork
  private var unitOrder: UnitOrder
  private let slope: BatchGradient
  private let evaluationPass: TreePass
  private let validationPass: TreePass
  private var order: [Int32] = []

  /// A network at epoch 0, before the first step.
  ///
  /// - Throws: `RecipeError` if a number of the recipe makes no sense.
  public convenience init(_ recipe: Recipe, language: Language) throws(RecipeError) {
    try recipe.validate(symbolCount: language.alphabet.count)
    let shape = NetworkShape(
      inputs: language.alphabet.count, hidden: recipe.hidden,
      outputs: language.outputAlphabet.count, activation: recipe.nonlinearity)
    var generator = SplitMix64(seed: recipe.seed, stream: "weights")
    let network = ElmanNetwork(
      shape: shape, gain: recipe.gain,
      start: Array(repeating: recipe.start, count: recipe.hidden), using: &generator)
    try self.init(recipe, language: language, network: network, epoch: 0)
  }

  /// Training that goes on from `network`, which `epoch` epochs made.
  ///
  /// - Throws: `RecipeError` if a number of the recipe makes no sense.
  public init(
    _ recipe: Recipe, language: Language, network: ElmanNetwork, epoch: Int
  ) throws(RecipeError) {
    try recipe.validate(symbolCount: language.alphabet.count)
    self.recipe = recipe
    self.language = language
    self.network = network
    self.epoch = epoch
    let symbolCount = language.alphabet.count
    evaluationTree = .complete(symbolCount: symbolCount, depth: recipe.maxLength)

    var generator = SplitMix64(seed: recipe.seed, stream: "training words")
    sets = (recipe.minLength...recipe.maxLength).map { length in
      WordSet.all(
        length: length, of: language, fraction: recipe.fraction, using: &generator)
    }
    let tree = evaluationTree
    trainingNodes = sets.flatMap { set in
      (0..<set.count).map { index in
        // The evaluation tree holds every word up to the longest training length.
        (Int32(tree.node(of: set.word(index).lazy.map(Int.init))!), set.targets[index])
      }
    }
    guard !trainingNodes.isEmpty else {
      throw RecipeError(
        name: "fraction", found: "\(recipe.fraction)", needed: "one that leaves some words")
    }

    var validationGenerator = SplitMix64(seed: recipe.seed, stream: "validation words")
    let words = WordSet.random(
      count: recipe.validationWords, length: recipe.validationLength, of: language,
      using: &validationGenerator)
    var validationTree = PrefixTree(symbolCount: symbolCount)
    var validationLeaves: [Int32] = []
    validationTree.rebuild(
      words: words.symbols, length: words.length, selection: Array(0..<Int32(words.count)),
      leaves: &validationLeaves)
    validation = (validationTree, validationLeaves, words.targets)

    working = ElmanNetwork(
      shape: network.shape,
      start: Array(repeating: recipe.start, count: recipe.hidden))
    unitOrder = UnitOrder(unitCount: recipe.hidden)
    slope = BatchGradient(working, loss: recipe.loss)
    evaluationPass = TreePass(network)
    validationPass = TreePass(working)
    reorderUnits()
  }

  /// One pass over all lengths.
  public func trainEpoch() {
    epoch += 1
    var generator = SplitMix64(seed: recipe.seed, stream: "shuffle", index: epoch)
    for set in sets {
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
    reorderUnits()
  }

  /// Looks at all words up to the longest training length, and prepares the working copy for the
  /// next epoch. It depends on the network alone, so that training resumed from a checkpoint adds
  /// up its sums in the same order.
  private func reorderUnits() {
    evaluationPass.run(evaluationTree)
    unitOrder.update(evaluationPass.hidden, evaluationTree)
    working.parameters.assign(network.parameters, units: unitOrder.units)
  }

  /// Losses and accuracies with the present weights.
  public func evaluate() -> EpochMetrics {
    evaluationPass.readOut(rows: 0..<evaluationTree.count)
    validationPass.run(validation.tree, activeCount: unitOrder.activeCount)
    let deepest = validation.tree.levelStarts[validation.tree.depth]..<validation.tree.count
    validationPass.readOut(rows: deepest)
    let (trainLoss, trainAccuracy) = score(
      evaluationPass.outputs, trainingNodes.lazy.map { (Int($0.node), Int($0.target)) })
    let (validationLoss, validationAccuracy) = score(
      validationPass.outputs,
      zip(validation.leaves, validation.targets).lazy.map { (Int($0), Int($1)) })
    return EpochMetrics(
      epoch: epoch, trainLoss: trainLoss, validationLoss: validationLoss,
      trainAccuracy: trainAccuracy, validationAccuracy: validationAccuracy)
  }

  /// The hidden state of every word of ``evaluationTree``, n × H.
  public var representations: MatrixBuffer { evaluationPass.hidden }

  /// One step of gradient descent on some words of a set.
  private func step(_ set: WordSet, _ chosen: ArraySlice<Int32>) {
    slope.compute(chosen, of: set, activeCount: unitOrder.activeCount)
    forwardRows += slope.innerNodeCount
    for (parameter, gradient) in zip(working.parameters.tensors, slope.gradient.tensors) {
      parameter.add(gradient, times: Float(-recipe.learningRate))
    }
  }

  private func score(
    _ outputs: MatrixBuffer, _ words: some Sequence<(Int, Int)>
  ) -> (loss: Double, accuracy: Double) {
    var loss = 0.0
    var correct = 0
    var count = 0
    for (row, target) in words {
      loss += recipe.loss.value(outputs, row: row, target: target)
      correct += argmax(outputs, row: row) == target ? 1 : 0
      count += 1
    }
    return (loss / Double(count), Double(correct) / Double(count))
  }
}
