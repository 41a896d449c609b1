// How wrong a network is on words of each length, over checkpoints.

public import Automata
internal import LinearAlgebra
public import RNN
public import Tasks

/// The mean squared error of words by their length, over checkpoints.
public struct LossByLength: Sendable {
  /// The lengths of which every word is tried, from 1 to the depth of the evaluation set; 0 alone
  /// where that holds ε alone.
  public let shortLengths: [Int]
  /// The lengths of which a few random words are tried.
  public let longLengths: [Int]
  /// The checkpoints that were looked at.
  public let epochs: [Int]
  /// For each epoch the loss of each length, short ones first.
  public let losses: [[Double]]

  /// The short lengths, then the long ones.
  public var lengths: [Int] { shortLengths + longLengths }

  /// - Parameters:
  ///   - words: The words that the losses were measured on.
  ///   - epochs: The checkpoints in order.
  ///   - losses: For each epoch what ``Words/losses(_:)`` says.
  public init(_ words: Words, epochs: [Int], losses: [[Double]]) {
    shortLengths = words.shortLengths
    longLengths = words.longLengths
    self.epochs = epochs
    self.losses = losses
  }

  /// The first epoch at which the loss of each length is less than a share of what it was at the
  /// first checkpoint; nil where it never is.
  public func firstEpoch(below share: Double) -> [Int?] {
    lengths.indices.map { column in
      losses.firstIndex { $0[column] < share * losses[0][column] }.map { epochs[$0] }
    }
  }

  /// The words of each length with their targets: all short ones, and some random long ones.
  public struct Words: Sendable {
    /// The lengths of which every word is tried.
    public let shortLengths: [Int]
    /// The lengths of which a few random words are tried.
    public let longLengths = [25, 100, 250, 1000, 2500, 10000]
    /// How many words of each long length.
    public static let longWordCount = 10

    private let words: PrefixTree
    private let targets: [Int]
    private let longTrees: [LongWordTree]

    /// - Parameters:
    ///   - words: The evaluation set.
    ///   - task: What is right, over the same symbols.
    ///   - seed: What the long words are drawn from.
    public init(_ words: PrefixTree, task: Language, seed: UInt64) {
      self.words = words
      let short = Array(1..<words.depth + 1)
      shortLengths = short.isEmpty ? [0] : short
      targets = task.machine.outputs(of: words)
      longTrees = longLengths.map { length in
        var generator = SplitMix64(seed: seed, stream: "loss by length", index: length)
        return LongWordTree(
          .random(count: Self.longWordCount, length: length, of: task, using: &generator),
          symbolCount: words.symbolCount)
      }
    }

    /// The squared difference of a network's outputs to one-hot targets, averaged over words and
    /// outputs, for each length.
    ///
    /// - Parameter pass: A pass whose last run was on the evaluation set; it is run on other words.
    /// - Complexity: that of a pass over the long words, beside the outputs of the short ones.
    public func losses(_ pass: TreePass) -> [Double] {
      pass.readOut(rows: 0..<words.count)
      let starts = words.levelStarts
      var losses = shortLengths.map { length in
        pass.outputs.meanSquaredError(
          (starts[length]..<starts[length + 1]).map { ($0, targets[$0]) })
      }
      for tree in longTrees {
        pass.run(tree.tree)
        pass.readOut(rows: tree.tree.levelStarts[tree.tree.depth]..<tree.tree.count)
        losses.append(pass.outputs.meanSquaredError(tree.ends))
      }
      return losses
    }
  }
}

/// Random words as a tree of which only the last outputs are asked for.
private struct LongWordTree: Sendable {
  let tree: PrefixTree
  /// For each word its node and its target.
  let ends: [(node: Int, target: Int)]

  init(_ set: WordSet, symbolCount: Int) {
    var tree = PrefixTree(symbolCount: symbolCount)
    var leaves: [Int32] = []
    tree.rebuild(
      words: set.symbols, length: set.length, selection: Array(0..<Int32(set.count)),
      leaves: &leaves)
    self.tree = tree
    ends = zip(leaves, set.targets).map { (Int($0), Int($1)) }
  }
}

extension MatrixBuffer {
  /// The squared difference to one-hot targets, averaged over rows and outputs.
  fileprivate func meanSquaredError(_ entries: [(node: Int, target: Int)]) -> Double {
    var sum = 0.0
    for (node, target) in entries {
      for column in 0..<columns {
        let error = Double(self[node, column]) - (column == target ? 1 : 0)
        sum += error * error
      }
    }
    return sum / Double(max(entries.count, 1) * columns)
  }
}
