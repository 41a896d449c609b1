// Losses and accuracies of many outputs together.

internal import Automata
internal import LinearAlgebra
internal import Tasks

/// Nodes of a tree with the outputs that are asked for there, each as often as words ask for it.
struct ScoredNodes {
  private(set) var entries: [(node: Int32, target: Int32, weight: Int32)] = []

  /// Adds the words of `set`: their last outputs, or all where the set asks for all.
  ///
  /// - Precondition: the words are in the tree.
  mutating func add(_ set: WordSet, in tree: borrowing PrefixTree) {
    for index in 0..<set.count {
      var node = 0
      for (time, symbol) in set.word(index).enumerated() {
        guard let child = tree.child(of: node, on: Int(symbol)) else {
          preconditionFailure("a training word of length \(set.length) is not in the tree")
        }
        node = child
        if let targets = set.stepTargets {
          add(node, target: targets[index * set.length + time])
        }
      }
      if set.stepTargets == nil { add(node, target: set.targets[index]) }
    }
  }

  private mutating func add(_ node: Int, target: Int32) {
    if let last = entries.last, last.node == node, last.target == target {
      entries[entries.count - 1].weight += 1
    } else {
      entries.append((Int32(node), target, 1))
    }
  }
}

/// The words of a set as a tree, with what is asked for.
struct ScoredTree {
  let tree: PrefixTree
  let nodes: ScoredNodes
  /// The rows of outputs that are needed.
  let rows: Range<Int>

  init(_ set: WordSet, symbolCount: Int) {
    var tree = PrefixTree(symbolCount: symbolCount)
    var leaves: [Int32] = []
    tree.rebuild(
      words: set.symbols, length: set.length, selection: Array(0..<Int32(set.count)),
      leaves: &leaves)
    var nodes = ScoredNodes()
    nodes.add(set, in: tree)
    self.tree = tree
    self.nodes = nodes
    rows = (set.stepTargets == nil ? tree.levelStarts[set.length] : 0)..<tree.count
  }
}

/// A mean loss and an accuracy in the making.
struct Score {
  private var lossSum = 0.0
  private var correct = 0
  private var count = 0

  mutating func add(_ nodes: ScoredNodes, _ outputs: MatrixBuffer, _ loss: Loss) {
    for entry in nodes.entries {
      let row = Int(entry.node)
      let target = Int(entry.target)
      let weight = Int(entry.weight)
      lossSum += Double(weight) * loss.value(outputs, row: row, target: target)
      correct += argmax(outputs, row: row) == target ? weight : 0
      count += weight
    }
  }

  /// The mean loss; NaN without an output.
  var loss: Double { lossSum / Double(count) }
  /// The share of outputs that are right; NaN without an output.
  var accuracy: Double { Double(correct) / Double(count) }
}
