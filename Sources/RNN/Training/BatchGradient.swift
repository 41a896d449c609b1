// The loss of a batch of words and its gradient.

public import Tasks

/// A network's loss on words of one length and the gradient of that loss, in memory that is reused
/// from batch to batch.
///
/// One step of gradient descent:
///
///     let batch = BatchGradient(network, loss: .meanSquaredError)
///     let optimizer = Optimizer(OptimizerSettings(), for: network)
///     let loss = batch.compute(words)
///     optimizer.step(network.parameters, along: batch.gradient, learningRate: 0.02)
public final class BatchGradient {
  /// What the gradient is that of.
  public let loss: Loss
  /// The derivative of the last batch's loss with respect to each parameter.
  public let gradient: Parameters

  private let includesStart: Bool
  private let pass: TreePass
  private var batch: TrainingBatch

  /// - Parameters:
  ///   - network: The network to differentiate; its parameters may change between batches.
  ///   - loss: What the gradient is that of.
  ///   - includesStart: Whether the gradient with respect to the starting state is wanted.
  public init(_ network: RecurrentNetwork, loss: Loss, includesStart: Bool = false) {
    self.loss = loss
    self.includesStart = includesStart
    gradient = Parameters(network.shape)
    pass = TreePass(network)
    batch = TrainingBatch(symbolCount: network.shape.inputs)
  }

  /// The number of rows that the last forward pass multiplied by W_hh: nodes of the words' prefix
  /// tree that are not leaves.
  public var innerNodeCount: Int { batch.tree.levelStarts[batch.tree.depth] }

  /// Computes ``gradient`` over all of `words`, of which some may be equal; each counts.
  ///
  /// - Parameters:
  ///   - words: Words of one length.
  ///   - sharingPrefixes: If false, each word is computed on its own. The result is the same sum
  ///     with its terms in another order; it serves to check the shared way.
  /// - Returns: The loss, a mean over words.
  /// - Precondition: there is a word, and symbols and targets are among the network's.
  /// - Complexity: O(p · H² + n · H) for n nodes of the words' prefix tree, p of them not leaves.
  @discardableResult
  public func compute(_ words: WordSet, sharingPrefixes: Bool = true) -> Double {
    let all = (0..<Int32(words.count)).map { $0 }
    return compute(all[...], of: words, sharingPrefixes: sharingPrefixes)
  }

  /// Computes ``gradient`` over some of `words`.
  ///
  /// - Parameters:
  ///   - chosen: Different positions in `words`, in any order.
  ///   - words: Words of one length.
  ///   - sharingPrefixes: See ``compute(_:sharingPrefixes:)``.
  ///   - activeCount: See ``TreePass/run(_:activeCount:keepsGates:)``.
  ///   - total: How many words the mean is over; those chosen by default.
  @discardableResult
  func compute(
    _ chosen: ArraySlice<Int32>, of words: WordSet, sharingPrefixes: Bool = true,
    activeCount: Int? = nil, total: Int? = nil
  ) -> Double {
    precondition(!chosen.isEmpty, "the loss of no words is not defined")
    batch.load(chosen, of: words, sharingPrefixes: sharingPrefixes)
    pass.run(batch.tree, activeCount: activeCount)
    let loss =
      words.stepTargets.map {
        replaceAllOutputs(words, targets: $0, count: total ?? chosen.count)
      } ?? replaceLastOutputs(words, count: total ?? chosen.count)
    pass.backpropagate(
      batch.tree, fromEveryLevel: words.stepTargets != nil, includingStart: includesStart,
      into: gradient)
    return loss
  }

  /// Replaces the outputs after the words by the gradient of the loss.
  private func replaceLastOutputs(_ words: WordSet, count: Int) -> Double {
    let starts = batch.tree.levelStarts
    pass.readOut(rows: starts[batch.tree.depth]..<batch.tree.count)
    let own = batch.words.count
    var total = 0.0
    var first = 0
    while first < own {
      // Equal words stand side by side at one leaf.
      let leaf = batch.leaves[first]
      var last = first + 1
      while last < own, batch.leaves[last] == leaf { last += 1 }
      total += loss.replaceByGradient(
        pass.outputs, row: Int(leaf),
        targets: batch.words[first..<last].lazy.map { Int(words.targets[Int($0)]) }, count: count)
      first = last
    }
    return total
  }

  /// Replaces the outputs after every symbol by the gradient of the loss, a mean over words and
  /// symbols.
  private func replaceAllOutputs(_ words: WordSet, targets: [Int32], count: Int) -> Double {
    let tree = batch.tree
    pass.readOut(rows: 0..<tree.count)
    // How many words pass through each node, and what they ask for there, which is the same for
    // all because a task is a function of what has been read.
    var weights = [Int](repeating: 0, count: tree.count)
    var asked = [Int](repeating: 0, count: tree.count)
    for (word, leaf) in zip(batch.words, batch.leaves) {
      var node = Int(leaf)
      for time in stride(from: words.length - 1, through: 0, by: -1) {
        weights[node] += 1
        asked[node] = Int(targets[Int(word) * words.length + time])
        node = Int(tree.parents[node])
      }
    }
    pass.outputs.clear(rows: 0..<1)
    var total = 0.0
    for node in 1..<max(tree.count, 1) {
      total += loss.replaceByGradient(
        pass.outputs, row: node, targets: repeatElement(asked[node], count: weights[node]),
        count: count * words.length)
    }
    return total
  }
}
