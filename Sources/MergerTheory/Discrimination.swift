// How well a number tells pairs that merge from pairs that do not.

internal import LinearAlgebra

/// Pairs in the order of a score, ready to be judged again and again with other weights.
public struct RankedPairs: Sendable {
  // In increasing order of stratum, then score.
  private let first: [Int32]
  private let second: [Int32]
  private let merged: [Bool]
  private let scores: [Double]
  // Where runs of equal scores end, and whether a stratum ends there.
  private let ends: [(end: Int32, closesStratum: Bool)]

  /// - Parameters:
  ///   - pairs: The measured pairs.
  ///   - indices: Which of them are looked at.
  ///   - scores: One for each of `indices`; none is NaN.
  ///   - merged: Whether each of `indices` merged.
  ///   - strata: If given, pairs are compared only with pairs of the same number.
  /// - Complexity: O(n log n).
  public init(
    _ pairs: PairTable, _ indices: [Int], scores: [Double], merged: [Bool], strata: [Int32]? = nil
  ) {
    precondition(
      scores.count == indices.count && merged.count == indices.count
        && strata?.count ?? indices.count == indices.count,
      "\(indices.count) pairs, \(scores.count) scores")
    let order = indices.indices.sorted { a, b in
      if let strata, strata[a] != strata[b] { return strata[a] < strata[b] }
      return scores[a] == scores[b] ? a < b : scores[a] < scores[b]
    }
    first = order.map { pairs.first[indices[$0]] }
    second = order.map { pairs.second[indices[$0]] }
    self.merged = order.map { merged[$0] }
    self.scores = order.map { scores[$0] }
    var ends: [(Int32, Bool)] = []
    for (place, index) in order.enumerated() {
      let next = place + 1 < order.count ? order[place + 1] : nil
      let closes = next.map { next in strata.map { $0[next] != $0[index] } ?? false } ?? true
      if closes || next.map({ scores[$0] != scores[index] }) ?? true {
        ends.append((Int32(place + 1), closes))
      }
    }
    self.ends = ends.map { (end: $0.0, closesStratum: $0.1) }
  }

  /// The area under the receiver operating characteristic: the probability that a merged pair
  /// scores higher than another one, ties counting half; with strata, that of two pairs of one
  /// stratum.
  ///
  /// - Parameter weights: How often each word counts; a pair counts as often as the product. Once
  ///   each if nil.
  /// - Returns: nil where no merged pair can be compared with another.
  /// - Complexity: O(n).
  public func area(weights: [Double]? = nil) -> Double? {
    var wins = 0.0
    var comparisons = 0.0
    var (lower, mergedInStratum) = (0.0, 0.0)
    var place = 0
    for (end, closesStratum) in ends {
      var (tiedMerged, tiedOthers) = (0.0, 0.0)
      while place < Int(end) {
        let weight =
          weights.map { $0[Int(first[place])] * $0[Int(second[place])] } ?? 1
        if merged[place] { tiedMerged += weight } else { tiedOthers += weight }
        place += 1
      }
      wins += tiedMerged * (lower + tiedOthers / 2)
      lower += tiedOthers
      mergedInStratum += tiedMerged
      if closesStratum {
        comparisons += mergedInStratum * lower
        (lower, mergedInStratum) = (0, 0)
      }
    }
    return comparisons > 0 ? wins / comparisons : nil
  }

  /// The threshold above which a pair is best said to merge: that with the largest sum of
  /// sensitivity and specificity (W. J. Youden, "Index for Rating Diagnostic Tests", 1950), halfway
  /// between the scores on both sides.
  ///
  /// - Returns: nil where all pairs merged or none.
  /// - Precondition: there are no strata.
  public var bestThreshold: Double? {
    let total = merged.count { $0 }
    let others = merged.count - total
    guard total > 0 && others > 0 else { return nil }
    var best = (value: 0.0, place: 0)
    var below = (merged: 0, others: 0)
    var start = 0
    for (end, _) in ends {
      for place in start..<Int(end) {
        if merged[place] { below.merged += 1 } else { below.others += 1 }
      }
      start = Int(end)
      let value = Double(below.others) / Double(others) - Double(below.merged) / Double(total)
      if value > best.value { best = (value, start) }
    }
    // Nothing is gained by any threshold: nobody is above the highest score.
    if best.place == 0 { return scores.last }
    if best.place == scores.count { return scores.last }
    let (low, high) = (scores[best.place - 1], scores[best.place])
    if low == -.infinity { return high.nextDown }
    return high == .infinity ? low : low + (high - low) / 2
  }
}

/// How often a prediction was right.
public struct Confusion: Hashable, Sendable {
  public var truePositives = 0
  public var falsePositives = 0
  public var falseNegatives = 0
  public var trueNegatives = 0

  public init() {}

  /// Counts pairs with their scores and whether they merged; a merger is predicted where the score
  /// is above the threshold.
  public init(scores: [Double], above threshold: Double, merged: [Bool]) {
    for (score, merged) in zip(scores, merged) { add(predicted: score > threshold, merged: merged) }
  }

  public mutating func add(predicted: Bool, merged: Bool) {
    switch (predicted, merged) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, true): falseNegatives += 1
    case (false, false): trueNegatives += 1
    }
  }

  public var count: Int { truePositives + falsePositives + falseNegatives + trueNegatives }
  /// Of the merged pairs, the share that was predicted; nil where none merged.
  public var sensitivity: Double? { Self.share(truePositives, falseNegatives) }
  /// Of the others, the share that was predicted; nil where all merged.
  public var specificity: Double? { Self.share(trueNegatives, falsePositives) }
  /// Of the predicted mergers, the share that happened; nil where none was predicted.
  public var precision: Double? { Self.share(truePositives, falsePositives) }

  private static func share(_ part: Int, _ rest: Int) -> Double? {
    part + rest == 0 ? nil : Double(part) / Double(part + rest)
  }
}

/// Draws of words, by which the uncertainty of what is computed from their pairs is told.
///
/// A million pairs of two thousand words are not a million independent observations. So words are
/// drawn with replacement, and a pair counts as often as both its words were drawn.
///
/// Source: T. A. B. Snijders and S. P. Borgatti, "Non-Parametric Standard Errors and Tests for
/// Network Statistics", Connections 22 (1999).
public struct WordResamples: Sendable {
  /// How often each word was drawn, for each draw.
  public let weights: [[Double]]

  /// - Parameters:
  ///   - words: The number of words to draw from, and of those drawn each time.
  ///   - count: The number of draws.
  ///   - generator: What decides.
  public init(
    words: Int, count: Int, using generator: inout some RandomNumberGenerator
  ) {
    var weights: [[Double]] = []
    for _ in 0..<count {
      var draw = [Double](repeating: 0, count: words)
      for _ in 0..<words { draw[Int.random(in: 0..<words, using: &generator)] += 1 }
      weights.append(draw)
    }
    self.weights = weights
  }

  /// The middle 95 % of what `statistic` comes to over the draws.
  ///
  /// - Parameter statistic: Is handed how often each word was drawn.
  /// - Returns: nil if it is nil for every draw, or there is none.
  public func interval(_ statistic: ([Double]) -> Double?) -> ClosedRange<Double>? {
    let values = SortedNumbers(weights.compactMap(statistic))
    guard let low = values.quantile(0.025), let high = values.quantile(0.975) else { return nil }
    return low...high
  }
}
