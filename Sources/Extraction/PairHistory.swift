// What becomes of every pair of words over the checkpoints of a run.

public import Automata
public import LinearAlgebra

/// Follows the distance of every pair of words from checkpoint to checkpoint.
///
/// Distances are streamed: of each pair only its first, largest and last distance are kept, and when
/// it merged. Besides the plain question whether a pair lies within the merge distance, which
/// steps of gradient descent answer now one way and now the other, there is a lasting one:
///
/// - Two words are *linked* from the checkpoint at which they come within the merge distance until
///   one at which they lie more than ``partingRatio`` merge distances apart.
/// - The *lasting classes* are the connected components of links; *lasting mergers and splits*
///   are those of the lasting classes.
///
/// Neither depends on the order of the words. Why this is the definition: docs/mergers.md.
public struct PairHistory {
  /// A pair at the last checkpoint, with its past.
  public struct Pair {
    /// The words, `first < second`.
    public let first, second: Int
    /// Whether the task asks for the same after every continuation; nil where no task is known.
    public let agrees: Bool?
    /// Whether the pair lies within the merge distance.
    public let isMerged: Bool
    /// The epoch at which the link was made that holds at the last checkpoint; nil without one.
    public let mergerEpoch: Int?
    /// Whether the pair, before that link was made, had been further apart than at the first
    /// checkpoint by more than ten merge distances. False for pairs that are not linked.
    public let movedApartFirst: Bool
    /// The distances at the first and at the last checkpoint and the largest of all.
    public let firstDistance, lastDistance, largestDistance: Float
  }

  /// What the pairs of one checkpoint say together.
  public struct Summary: Sendable {
    public let epoch: Int
    /// The number of pairs, and how many of them agree; nil where no task is known.
    public let pairs: Int
    public let agreeingPairs: Int?
    /// The number of pairs within the merge distance, and how many of them disagree.
    public let merged: Int
    public let disagreeingMerged: Int?
    /// The mean distance of all pairs, of agreeing pairs, and of the others; nil without such pairs.
    public let meanDistance: Double
    public let meanAgreeingDistance, meanDisagreeingDistance: Double?
    /// The lasting classes.
    public let lasting: Partition
  }

  /// The greatest number of words: their 34 million pairs take 600 MB.
  public static let mostWords = 8192
  /// How many merge distances apart a link ends.
  public static let defaultPartingRatio = 2.0
  /// By how many merge distances a pair must have moved apart to have diverged; the paper, D.3.
  public static let divergence: Float = 10

  public let words: PrefixTree
  public let agreement: Agreement?
  public let partingRatio: Double
  /// One per checkpoint.
  public private(set) var summaries: [Summary] = []

  private var firstDistances: [Float] = []
  private var largest: [Float]
  private var last: [Float]
  // The checkpoint at which the link was made, or −1; and whether the pair had moved apart by then.
  private var linkedSince: [Int32]
  private var movedApart: [Bool]
  private var lastLimit: Float = 0

  /// - Parameters:
  ///   - words: The evaluation set, n words.
  ///   - agreement: Which pairs the task does not tell apart; nil where no task is known.
  ///   - partingRatio: How many merge distances apart a link ends; at least 1.
  /// - Precondition: at most ``mostWords`` words; the agreement is of as many; a ratio of at least 1.
  public init(
    words: PrefixTree, agreement: Agreement?, partingRatio: Double = defaultPartingRatio
  ) {
    precondition(words.count <= Self.mostWords, "\(words.count) words")
    precondition(agreement.map { $0.count == words.count } ?? true)
    precondition(partingRatio >= 1, "a ratio of \(partingRatio)")
    self.words = words
    self.agreement = agreement
    self.partingRatio = partingRatio
    let pairs = words.count * (words.count - 1) / 2
    largest = [Float](repeating: 0, count: pairs)
    last = [Float](repeating: 0, count: pairs)
    linkedSince = [Int32](repeating: -1, count: pairs)
    movedApart = [Bool](repeating: false, count: pairs)
  }

  /// Measures the next checkpoint.
  ///
  /// - Parameters:
  ///   - epoch: The checkpoint's epoch.
  ///   - points: One row per word; further rows are ignored.
  ///   - mergeDistance: In units of the points: at most so far apart two words are merged.
  /// - Precondition: `epoch` is larger than those before; `points` are finite.
  /// - Complexity: O(n² · H) on the matrix kernels and a few passes over the pairs.
  @discardableResult
  public mutating func append(epoch: Int, _ points: MatrixBuffer, mergeDistance: Double) -> Summary
  {
    precondition(summaries.last.map { $0.epoch < epoch } ?? true, "epoch \(epoch) is not the next")
    let count = words.count
    let checkpoint = Int32(summaries.count)
    let isFirst = checkpoint == 0
    let limit = Float(min(mergeDistance, Double(Float.greatestFiniteMagnitude)))
    let parting = Float(
      min(mergeDistance * partingRatio, Double(Float.greatestFiniteMagnitude)))
    var sets = DisjointSets(count: count)
    var merged = 0
    var agreeingMerged = 0
    var sum = 0.0
    var agreeingSum = 0.0
    var number = 0
    // Local arrays, taken from their places and put back: writing to them needs no uniqueness check.
    var largest: [Float] = []
    var last: [Float] = []
    var linkedSince: [Int32] = []
    var movedApart: [Bool] = []
    swap(&largest, &self.largest)
    swap(&last, &self.last)
    swap(&linkedSince, &self.linkedSince)
    swap(&movedApart, &self.movedApart)
    let firstDistances = self.firstDistances
    let agreement = self.agreement
    points.forEachRowOfDistances(count: count, limit: mergeDistance) { row, distances in
      var since = linkedSince.mutableSpan
      var most = largest.mutableSpan
      var latest = last.mutableSpan
      var rowSum = 0.0
      var rowAgreeingSum = 0.0
      for index in distances.indices {
        let distance = distances[index]
        rowSum += Double(distance)
        let agrees = agreement?.holds(pair: number) ?? false
        if agrees { rowAgreeingSum += Double(distance) }
        var isLinked = since[number] >= 0
        if distance <= limit {
          merged += 1
          if agrees { agreeingMerged += 1 }
          if !isLinked {
            isLinked = true
            since[number] = checkpoint
            movedApart[number] =
              !isFirst && most[number] - firstDistances[number] > Self.divergence * limit
          }
        } else if isLinked, distance > parting {
          isLinked = false
          since[number] = -1
        }
        if isLinked { sets.unite(Int32(row), Int32(row + 1 + index)) }
        most[number] = max(most[number], distance)
        latest[number] = distance
        number += 1
      }
      sum += rowSum
      agreeingSum += rowAgreeingSum
    }
    swap(&largest, &self.largest)
    swap(&last, &self.last)
    swap(&linkedSince, &self.linkedSince)
    swap(&movedApart, &self.movedApart)
    if isFirst { self.firstDistances = self.last }
    lastLimit = limit
    let pairs = number
    let agreeing = agreement?.agreeingPairs
    func mean(_ sum: Double, _ count: Int?) -> Double? {
      count.flatMap { $0 > 0 ? sum / Double($0) : nil }
    }
    let summary = Summary(
      epoch: epoch, pairs: pairs, agreeingPairs: agreeing, merged: merged,
      disagreeingMerged: agreeing.map { _ in merged - agreeingMerged },
      meanDistance: mean(sum, pairs) ?? 0, meanAgreeingDistance: mean(agreeingSum, agreeing),
      meanDisagreeingDistance: mean(sum - agreeingSum, agreeing.map { pairs - $0 }),
      lasting: Partition(labels: (0..<count).map { Int(sets.root(of: Int32($0))) }))
    summaries.append(summary)
    return summary
  }

  /// Goes through all pairs in order of their words, as of the last checkpoint.
  ///
  /// - Parameter body: Is handed one pair after the other.
  /// - Precondition: at least one checkpoint.
  public func forEachPair<Failure>(_ body: (Pair) throws(Failure) -> Void) throws(Failure) {
    precondition(!summaries.isEmpty, "no checkpoint has been measured")
    var number = 0
    for first in 0..<words.count {
      for second in first + 1..<max(words.count, first + 1) {
        let since = Int(linkedSince[number])
        try body(
          Pair(
            first: first, second: second, agrees: agreement?.holds(pair: number),
            isMerged: last[number] <= lastLimit,
            mergerEpoch: since < 0 ? nil : summaries[since].epoch,
            movedApartFirst: since >= 0 && movedApart[number],
            firstDistance: firstDistances[number], lastDistance: last[number],
            largestDistance: largest[number]))
        number += 1
      }
    }
  }
}
