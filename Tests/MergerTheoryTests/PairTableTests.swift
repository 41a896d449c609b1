import Automata
import Foundation
import MergerTheory
import Testing

/// Random tables over a tree of words, and the obvious way to measure a pair of them.
private struct Scene {
  let words: PrefixTree
  let start: [[Double]]
  let outputs: [[Double]]
  let end: [[Double]]
  let targets: [Int32]
  let isTrained: [Bool]

  init(seed: UInt64, symbols: Int, depth: Int, trainedShare: Double) {
    var chance = Chance(seed: seed)
    words = .complete(symbolCount: symbols, depth: depth)
    func rows(_ columns: Int, _ count: Int) -> [[Double]] {
      (0..<count).map { _ in (0..<columns).map { _ in chance.uniform(-1...1) } }
    }
    start = rows(11, words.count)
    outputs = rows(3, words.count)
    end = rows(11, words.count)
    targets = (0..<words.count).map { _ in Int32.random(in: 0..<3, using: &chance) }
    isTrained = (0..<words.count).map { $0 > 0 && chance.uniform(0...1) < trainedShare }
  }

  var measurement: PairMeasurement {
    PairMeasurement(
      words: words, start: VectorTable(columns: 11, values: start.flatMap { $0 }),
      outputs: VectorTable(columns: 3, values: outputs.flatMap { $0 }),
      end: VectorTable(columns: 11, values: end.flatMap { $0 }), targets: targets,
      isTrained: isTrained, agreement: Partition(labels: targets.map(Int.init)))
  }

  static func squared(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
  }

  /// Every continuation written out, and both words followed by it looked up.
  func expect(_ table: PairTable, _ pair: Int) {
    let first = Int(table.first[pair])
    let second = Int(table.second[pair])
    let (a, b) = (words.word(of: first), words.word(of: second))
    var (count, outputSum, targetSum) = (0, 0.0, 0.0)
    var shortest: Int?
    for continuation in 0..<words.count {
      let rest = words.word(of: continuation)
      guard let x = words.node(of: a + rest), let y = words.node(of: b + rest), isTrained[x],
        isTrained[y]
      else { continue }
      count += 1
      outputSum += Self.squared(outputs[x], outputs[y])
      targetSum += targets[x] == targets[y] ? 0 : 2
      shortest = shortest ?? rest.count
    }
    #expect(table.continuations[pair] == count)
    #expect(close(table.outputSum[pair], outputSum, 1e-12))
    #expect(close(table.targetSum[pair], targetSum, 1e-12))
    #expect(table.shortest[pair] == shortest.map(Int32.init) ?? .max)
    #expect(close(table.squaredDistance[pair], Self.squared(start[first], start[second]), 1e-12))
    #expect(close(table.finalSquaredDistance[pair], Self.squared(end[first], end[second]), 1e-12))
    #expect(table.agrees[pair] == (targets[first] == targets[second]))
    #expect(table.shorterLength(pair) == min(a.count, b.count))
    #expect(table.longerLength(pair) == max(a.count, b.count))
    #expect(table.lengthSum(pair) == Double(a.count + b.count))
    #expect(
      table.commonSuffix[pair]
        == zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count)
  }
}

@Suite struct PairTableTests {
  @Test(arguments: [(2, 5, 1.0), (2, 5, 0.4), (3, 3, 0.7), (1, 6, 1.0), (2, 0, 1.0), (2, 3, 0.0)])
  func `sums up the tree are those over all continuations, for every pair once`(
    symbols: Int, depth: Int, share: Double
  ) {
    let scene = Scene(seed: 1, symbols: symbols, depth: depth, trainedShare: share)
    let table = scene.measurement.allPairs()
    let count = scene.words.count
    #expect(table.count == count * (count - 1) / 2)
    var seen: Set<[Int32]> = []
    for pair in 0..<table.count {
      #expect(table.first[pair] < table.second[pair])
      seen.insert([table.first[pair], table.second[pair]])
      scene.expect(table, pair)
    }
    #expect(seen.count == table.count)
  }

  @Test func `a sample holds as many different pairs as asked for, measured like all`() {
    let scene = Scene(seed: 2, symbols: 2, depth: 6, trainedShare: 0.8)
    var chance = Chance(seed: 5)
    let table = scene.measurement.pairs(500, using: &chance)
    #expect(table.count == 500)
    #expect(Set((0..<500).map { [table.first[$0], table.second[$0]] }).count == 500)
    for pair in 0..<500 { scene.expect(table, pair) }
    // All words are about equally often among them: 127 words, 1,000 places.
    var counts = [Int](repeating: 0, count: 127)
    for word in table.first + table.second { counts[Int(word)] += 1 }
    #expect((counts.max() ?? 0) <= 25 && counts.count { $0 == 0 } <= 3)
    #expect(scene.measurement.pairs(1 << 40, using: &chance).count == 127 * 126 / 2)
  }

  @Test func `the contraction is what a symbol multiplies squared distances by`() {
    // Numbers that shrink by 0.3 per symbol: representation = Σ symbol · 0.3^(symbols after it).
    let words = PrefixTree.complete(symbolCount: 2, depth: 6)
    var values = [0.0]
    for node in 1..<words.count {
      values.append(0.3 * values[Int(words.parents[node])] + Double(words.symbols[node]) - 0.5)
    }
    let vectors = VectorTable(columns: 1, values: values)
    let table = PairMeasurement(
      words: words, start: vectors, outputs: vectors, end: vectors,
      targets: [Int32](repeating: 0, count: words.count),
      isTrained: [Bool](repeating: true, count: words.count),
      agreement: Partition(labels: repeatElement(0, count: words.count))
    ).allPairs()
    #expect(close(table.contraction ?? .nan, 0.09, 1e-9))
  }

  @Test func `distances far below the size of the vectors survive`() {
    let table = VectorTable(
      columns: 9,
      values: (0..<9).map { 1 + Double($0) }
        + (0..<9).map {
          1 + Double($0) + ($0 == 8 ? 1e-12 : 0)
        })
    #expect(close(table.squaredDistance(0, 1), 1e-24, 0.01))
  }

  @Test func `the theory's score is above its threshold exactly where A is negative`() {
    let scene = Scene(seed: 3, symbols: 2, depth: 5, trainedShare: 0.6)
    var table = scene.measurement.allPairs()
    #expect(Predictor.available(for: table).allSatisfy { !$0.needsRates })
    table.measureRates { (own: Double($0 + $1), difference: 1 / Double($0 + $1)) }
    #expect(Predictor.available(for: table) == Predictor.allCases)
    let all = Array(0..<table.count)
    let scores = Predictor.theory.scores(table, of: all)
    var negative = 0
    for ratio in [0.1, 1, 10] {
      for pair in all {
        let m = table.lengthSum(pair)
        let a =
          table.squaredDistance[pair] - ratio * m * table.outputSum[pair]
          / table.squaredDistance[pair]
        #expect(table.marginIsNegative(pair, ratio: ratio) == (a < 0))
        #expect((scores[pair] > -log(ratio)) == (a < 0))
        let b = ratio * m * table.targetSum[pair]
        let expected =
          table.continuations[pair] == 0
          ? table.squaredDistance[pair] : a / 2 + (a * a / 4 + b).squareRoot()
        #expect(
          close(
            table.predictedFinalSquaredDistance(pair, ratio: ratio), max(expected, 0), 1e-9,
            floor: 1e-12))
        if a < 0 { negative += 1 }
      }
    }
    #expect(negative > table.count / 10 && negative < 29 * table.count / 10)
    // The other predictors, by their definitions.
    let logG = log(table.contraction ?? .nan)
    for predictor in Predictor.allCases {
      let scores = predictor.scores(table, of: all)
      for pair in all {
        let n = Double(table.continuations[pair])
        let m = table.lengthSum(pair)
        let ratio =
          table.outputSum[pair] / (table.squaredDistance[pair] * table.squaredDistance[pair])
        let sum = Double(table.first[pair] + table.second[pair])
        let expected: Double =
          switch predictor {
          case .ownRates: log(ratio * sum)
          case .differenceRates: log(ratio / sum)
          case .inseparability: -1 / sum
          case .theory: log(ratio * m)
          case .dividedByLengths: log(ratio / m)
          case .withoutLengths: log(ratio)
          case .scalingLaw:
            log(n) + (Double(table.shortest[pair]) - Double(table.shorterLength(pair))) * logG
          case .initialDistance: -table.squaredDistance[pair]
          case .shorterLength: Double(table.shorterLength(pair))
          case .commonSuffix: Double(table.commonSuffix[pair])
          }
        #expect(scores[pair] == expected || close(scores[pair], expected, 1e-12, floor: 1e-12))
      }
    }
  }

  @Test func `a pair that coincides is merged, and one without continuation stays`() {
    let words = PrefixTree.complete(symbolCount: 2, depth: 1)
    let table = PairMeasurement(
      words: words, start: VectorTable(columns: 1, values: [0, 5, 5]),
      outputs: VectorTable(columns: 1, values: [0, 1, 1]),
      end: VectorTable(columns: 1, values: [0, 1, 1]), targets: [0, 0, 0],
      isTrained: [false, true, true], agreement: Partition(labels: [0, 0, 0])
    ).allPairs()
    for pair in 0..<3 {
      let coincides = table.first[pair] == 1
      #expect(table.marginIsNegative(pair, ratio: 1) == coincides)
      #expect(table.predictedFinalSquaredDistance(pair, ratio: 1) == (coincides ? 0 : 25))
      #expect(
        Predictor.theory.scores(table, of: [pair]) == [coincides ? .infinity : -.infinity])
      #expect(Predictor.initialDistance.scores(table, of: [pair]) == [coincides ? 0 : -25])
    }
    #expect(table.contraction == nil)
  }
}
