import Automata
import Foundation
import MergerTheory
import Testing

/// A table of all pairs of `count` words, of which only the numbers matter here.
private func pairs(ofWords count: Int) -> PairTable {
  let words = PrefixTree.complete(symbolCount: count - 1, depth: 1)
  let zeros = VectorTable(columns: 1, values: [Double](repeating: 0, count: count))
  return PairMeasurement(
    words: words, start: zeros, outputs: zeros, end: zeros,
    targets: [Int32](repeating: 0, count: count),
    isTrained: [Bool](repeating: true, count: count),
    agreement: Partition(labels: repeatElement(0, count: count))
  ).allPairs()
}

/// The area by comparing every merged pair with every other one.
private func slowArea(
  _ table: PairTable, scores: [Double], merged: [Bool], strata: [Int32]?, weights: [Double]?
) -> Double? {
  func weight(_ pair: Int) -> Double {
    weights.map { $0[Int(table.first[pair])] * $0[Int(table.second[pair])] } ?? 1
  }
  var (wins, all) = (0.0, 0.0)
  for a in scores.indices where merged[a] {
    for b in scores.indices where !merged[b] && strata?[a] == strata?[b] {
      let both = weight(a) * weight(b)
      all += both
      wins += scores[a] > scores[b] ? both : scores[a] == scores[b] ? both / 2 : 0
    }
  }
  return all > 0 ? wins / all : nil
}

@Suite struct DiscriminationTests {
  @Test(arguments: UInt64(1)...20)
  func `the area is the share of comparisons won, with ties, strata and weights`(seed: UInt64) {
    var chance = Chance(seed: seed)
    let table = pairs(ofWords: 14)
    let all = Array(0..<table.count)
    // Few values, so that there are ties, and the ends of the line.
    let scores = all.map { _ in
      [-Double.infinity, -1, 0, 0.5, 2, .infinity].randomElement(using: &chance) ?? 0
    }
    let merged = scores.map { chance.uniform(-2...3) < $0 }
    let strata = all.map { _ in Int32.random(in: 0..<4, using: &chance) }
    let weights = (0..<14).map { _ in Double(Int.random(in: 0...3, using: &chance)) }
    for strata in [nil, strata] {
      let ranked = RankedPairs(table, all, scores: scores, merged: merged, strata: strata)
      for weights in [nil, weights] {
        let expected = slowArea(
          table, scores: scores, merged: merged, strata: strata, weights: weights)
        #expect(close(ranked.area(weights: weights) ?? -1, expected ?? -1, 1e-12))
      }
    }
  }

  @Test func `there is no area where all pairs merged, or none, or there is none`() {
    let table = pairs(ofWords: 4)
    let all = Array(0..<6)
    for merged in [true, false] {
      let ranked = RankedPairs(
        table, all, scores: [1, 2, 3, 4, 5, 6], merged: all.map { _ in merged })
      #expect(ranked.area() == nil)
      #expect(ranked.bestThreshold == nil)
    }
    let none = RankedPairs(table, [], scores: [], merged: [])
    #expect(none.area() == nil && none.bestThreshold == nil)
  }

  @Test(arguments: UInt64(1)...20)
  func `no threshold has a larger sum of sensitivity and specificity`(seed: UInt64) {
    var chance = Chance(seed: seed)
    let table = pairs(ofWords: 10)
    let all = Array(0..<table.count)
    let scores = all.map { _ in (chance.uniform(-3...3) * 2).rounded() }
    let merged = scores.map { chance.uniform(-4...4) < $0 }
    func value(_ threshold: Double) -> Double {
      let confusion = Confusion(scores: scores, above: threshold, merged: merged)
      #expect(confusion.count == table.count)
      return (confusion.sensitivity ?? .nan) + (confusion.specificity ?? .nan)
    }
    let best = RankedPairs(table, all, scores: scores, merged: merged).bestThreshold
    let found = value(best ?? .nan)
    for threshold in stride(from: -7.5, through: 7.5, by: 0.5) {
      #expect(value(threshold) <= found + 1e-12)
    }
  }

  @Test func `thresholds lie between what they part, also at the ends of the line`() {
    let table = pairs(ofWords: 4)
    let all = Array(0..<6)
    func best(_ scores: [Double], _ merged: [Bool]) -> Double? {
      RankedPairs(table, all, scores: scores, merged: merged).bestThreshold
    }
    let half = [false, false, false, true, true, true]
    #expect(best([1, 2, 3, 5, 6, 7], half) == 4)
    let (low, high) = (-Double.infinity, Double.infinity)
    let extremes: [[Double]] = [
      [low, low, low, 5, 6, 7], [1, 2, 3, high, high, high], [low, low, low, high, high, high],
    ]
    for scores in extremes {
      let confusion = Confusion(
        scores: scores, above: best(scores, half) ?? .nan, merged: half)
      #expect(confusion.truePositives == 3 && confusion.trueNegatives == 3)
    }
    // Where the score says the opposite, nothing is predicted.
    let opposite = Confusion(
      scores: [5, 6, 7, 1, 2, 3], above: best([5, 6, 7, 1, 2, 3], half) ?? .nan, merged: half)
    #expect(opposite.truePositives == 0 && opposite.falsePositives == 0)
    #expect(opposite.precision == nil && opposite.specificity == 1)
  }

  @Test func `drawing words anew tells more uncertainty than a million pairs would`() throws {
    // Whether a pair merges hangs on its words alone, so that it is words that must be counted.
    let table = pairs(ofWords: 40)
    let all = Array(0..<table.count)
    var chance = Chance(seed: 9)
    let quality = (0..<40).map { _ in chance.uniform(-1...1) }
    let hidden = (0..<40).map { _ in chance.uniform(-1...1) }
    func sum(_ pair: Int, _ values: [Double]) -> Double {
      values[Int(table.first[pair])] + values[Int(table.second[pair])]
    }
    let scores = all.map { sum($0, quality) }
    let merged = all.map { sum($0, quality) + sum($0, hidden) > 0.3 }
    let ranked = RankedPairs(table, all, scores: scores, merged: merged)
    let draws = WordResamples(words: 40, count: 400, using: &chance)
    for draw in draws.weights { #expect(draw.reduce(0, +) == 40) }
    let interval = try #require(draws.interval { ranked.area(weights: $0) })
    let area = try #require(ranked.area())
    #expect(interval.contains(area))
    // J. A. Hanley and B. J. McNeil (1982): what independent pairs would give.
    let (p, n) = (Double(merged.count { $0 }), Double(merged.count { !$0 }))
    let q1 = area / (2 - area)
    let q2 = 2 * area * area / (1 + area)
    let independent =
      ((area * (1 - area) + (p - 1) * (q1 - area * area) + (n - 1) * (q2 - area * area)) / (p * n))
      .squareRoot()
    #expect(interval.upperBound - interval.lowerBound > 1.5 * 3.92 * independent)
    #expect(WordResamples(words: 4, count: 0, using: &chance).interval { _ in 1 } == nil)
  }

  @Test func `rank correlation sees order alone, and shares ranks among equals`() {
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [1, 10, 1000, 1e9]) == 1)
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [4, 3, 2, -.infinity]) == -1)
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([], []) == nil)
    // By hand: ranks 1.5 1.5 3 4 against 1 2 4 3 give 3.5/√(4.5 · 5).
    let value = RankCorrelation.spearman([0, 0, 1, 2], [5, 6, 8, 7]) ?? .nan
    #expect(close(value, 3.5 / (4.5 * 5.0).squareRoot(), 1e-12))
  }
}
