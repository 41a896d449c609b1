// Whether the output map is linear between two words: its second-order term beside the first.

internal import Automata
internal import Extraction
public import LinearAlgebra
internal import RNN
internal import Studies

/// How far the output map bends between the two words of a pair, over checkpoints, for pairs of
/// several kinds.
public struct OutputMapOrder: Sendable {
  /// What becomes of a pair of words.
  public enum Kind: String, Sendable {
    /// It has merged for good; the task, where one is known, does not tell its words apart.
    case merging
    /// The task tells its words apart.
    case disagreeing
    /// The task does not, but it has not merged.
    case otherAgreeing = "other_agreeing"
    /// It has not merged, and no task is known.
    case other
  }

  /// The kinds there are.
  public let kinds: [Kind]
  /// For each kind the pairs that were drawn, at most ``mostPairs``; ε is in none.
  public let pairs: [[(first: Int, second: Int)]]
  /// The checkpoints that were looked at.
  public let epochs: [Int]
  /// ratios[epoch][kind]: the second-order over the first-order term of each pair, as
  /// `RecurrentNetwork.outputMapOrders(between:after:)` has it; pairs with the same outputs
  /// have none.
  public let ratios: [[SortedNumbers]]
  /// How many words were read from there, and the length of the longest.
  public let continuations: (count: Int, depth: Int)

  /// How many pairs of each kind are drawn.
  public static let mostPairs = 100
  private static let mostCheckpoints = 40
  private static let longestContinuation = 3
  private static let mostContinuations = 40

  /// The mean over a kind's pairs at each checkpoint; nil without any.
  public func means(ofKind kind: Int) -> [Double?] {
    ratios.map { row in
      let values = row[kind].values
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  /// - Parameters:
  ///   - sample: The pairs.
  ///   - networks: The run's.
  ///   - words: The evaluation set.
  /// - Throws: `RunError` if a network was not kept and cannot be read.
  /// - Precondition: the hidden state is all there is to the networks' state.
  init(_ sample: Sample, networks: KeptNetworks, words: PrefixTree) throws {
    let positions = evenly(Self.mostCheckpoints, of: networks.files.count)
    let depth = Self.continuationDepth(words.symbolCount)
    let continuations = PrefixTree.complete(symbolCount: words.symbolCount, depth: depth)
    ratios = try inParallel(positions.count) { index -> [[Double]] in
      let network = try networks.network(at: positions[index])
      let units = network.shape.hidden
      let rows = network.preciseRows(of: words).hidden
      func state(_ word: Int) -> [Double] { Array(rows[word * units..<(word + 1) * units]) }
      return sample.pairs.map { pairs in
        network.outputMapOrders(
          between: pairs.map { (state($0.first), state($0.second)) }, after: continuations
        ).compactMap { $0 }
      }
    }.map { $0.map { SortedNumbers($0) } }
    kinds = sample.kinds
    pairs = sample.pairs
    epochs = positions.map { networks.files[$0].epoch }
    self.continuations = (continuations.count, depth)
  }

  /// As long as there are no more than a few dozen continuations.
  private static func continuationDepth(_ symbolCount: Int) -> Int {
    (0...longestContinuation).last {
      (PrefixTree.completeCount(symbolCount: symbolCount, depth: $0) ?? .max) <= mostContinuations
    } ?? 0
  }

  /// Pairs of each kind, drawn at random.
  struct Sample: Sendable {
    let kinds: [Kind]
    private(set) var pairs: [[(first: Int, second: Int)]]

    /// Whether the words form no pair.
    var isEmpty: Bool { pairs.allSatisfy(\.isEmpty) }

    /// - Parameters:
    ///   - history: Every pair.
    ///   - seed: What the pairs are drawn from.
    init(_ history: PairHistory, seed: UInt64) {
      // Reservoir sampling: J. S. Vitter, "Random Sampling with a Reservoir", ACM TOMS 11 (1985).
      var generator = SplitMix64(seed: seed, stream: "pairs for the output map")
      let kinds: [Kind] =
        history.agreement == nil ? [.merging, .other] : [.merging, .disagreeing, .otherAgreeing]
      var pairs = [[(first: Int, second: Int)]](repeating: [], count: kinds.count)
      var seen = [Int](repeating: 0, count: kinds.count)
      history.forEachPair { (pair: PairHistory.Pair) in
        guard pair.first > 0 else { return }
        let hasMerged = pair.mergerEpoch != nil && pair.agrees != false
        let kind = hasMerged ? 0 : pair.agrees == true ? 2 : 1
        seen[kind] += 1
        if pairs[kind].count < mostPairs {
          pairs[kind].append((pair.first, pair.second))
        } else {
          let place = Int.random(in: 0..<seen[kind], using: &generator)
          if place < mostPairs { pairs[kind][place] = (pair.first, pair.second) }
        }
      }
      self.kinds = kinds
      self.pairs = pairs
    }
  }
}
