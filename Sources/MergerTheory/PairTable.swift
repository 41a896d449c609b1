// What the theory needs to know of pairs of words, measured.

public import Automata

/// A network as the theory sees it: tables of vectors and outputs, and what it was trained on.
public struct PairMeasurement: Sendable {
  let words: PrefixTree
  let start: VectorTable
  let outputs: VectorTable
  let end: VectorTable
  let targets: [Int32]
  let isTrained: [Bool]
  let agreement: Partition
  let lengths: [Int32]

  /// - Parameters:
  ///   - words: The evaluation set; continuations are followed as far as it reaches.
  ///   - start: Each word's representation where the prediction is made.
  ///   - outputs: Each word's outputs there.
  ///   - end: Each word's representation where the prediction is judged.
  ///   - targets: Each word's right output; targets are one-hot.
  ///   - isTrained: Whether a word is in the training set.
  ///   - agreement: The classes of words that agree.
  /// - Precondition: one entry per word in each.
  public init(
    words: PrefixTree, start: VectorTable, outputs: VectorTable, end: VectorTable,
    targets: [Int32], isTrained: [Bool], agreement: Partition
  ) {
    let count = words.count
    precondition(
      [
        start.rows, outputs.rows, end.rows, targets.count, isTrained.count,
        agreement.classes.count,
      ].allSatisfy { $0 == count }, "tables that are not of \(count) words")
    self.words = words
    self.start = start
    self.outputs = outputs
    self.end = end
    self.targets = targets
    self.isTrained = isTrained
    self.agreement = agreement
    lengths = (0..<words.depth + 1).flatMap { depth in
      repeatElement(
        Int32(depth), count: words.levelStarts[depth + 1] - words.levelStarts[depth])
    }
  }

  /// The number of pairs of different words.
  public var pairCount: Int { words.count * (words.count - 1) / 2 }

  /// Measures every pair.
  ///
  /// A pair's sums over continuations are what the pair itself adds and the sums of the pairs that
  /// one more symbol leads to; and every pair is led to by one pair at most. So each is visited
  /// once.
  ///
  /// - Complexity: O(n² · (H + O)) for n words of H units and O outputs; 60 bytes per pair.
  public func allPairs() -> PairTable {
    var walk = PairWalk(of: self, expecting: pairCount)
    for second in 0..<words.count {
      for first in 0..<second
      where first == 0 || words.symbols[first] != words.symbols[second] {
        _ = walk.visit(first, second, keepingAll: true)
      }
    }
    return walk.table
  }

  /// Measures `count` different pairs drawn uniformly, or all if there are no more.
  ///
  /// - Complexity: O(count · N · (H + O)) with N the continuations of a pair, of which most pairs
  ///   have few.
  public func pairs(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> PairTable {
    guard count < pairCount else { return allPairs() }
    // R. Floyd's way to draw a subset: J. Bentley, "A Sample of Brilliance", CACM 30 (1987).
    var drawn: Set<Int> = []
    for last in pairCount - count..<pairCount {
      let index = Int.random(in: 0...last, using: &generator)
      if !drawn.insert(index).inserted { drawn.insert(last) }
    }
    var walk = PairWalk(of: self, expecting: count)
    // Pair (i, j) with i < j has the number j (j − 1)/2 + i.
    var second = 1
    for index in drawn.sorted() {
      while second * (second + 1) / 2 <= index { second += 1 }
      let first = index - second * (second - 1) / 2
      walk.keep(first, second, walk.visit(first, second, keepingAll: false))
    }
    return walk.table
  }
}

/// Pairs of different words and what was measured of them, one entry per pair in each array.
public struct PairTable: Sendable {
  /// The length of each word.
  public let lengths: [Int32]
  /// The words, numbered as in the prefix tree; `first` < `second`.
  public fileprivate(set) var first: [Int32] = []
  public fileprivate(set) var second: [Int32] = []
  /// D at the start: the squared distance of the representations.
  public fileprivate(set) var squaredDistance: [Double] = []
  /// N, the continuations after which both words are in the training set.
  public fileprivate(set) var continuations: [Int32] = []
  /// n, the length of the shortest of them; `Int32.max` where there is none.
  public fileprivate(set) var shortest: [Int32] = []
  /// N · Y at the start.
  public fileprivate(set) var outputSum: [Double] = []
  /// N · T.
  public fileprivate(set) var targetSum: [Double] = []
  /// How many last symbols both words share.
  public fileprivate(set) var commonSuffix: [Int32] = []
  /// Whether both words agree.
  public fileprivate(set) var agrees: [Bool] = []
  /// D at the end: the squared distance of the representations.
  public fileprivate(set) var finalSquaredDistance: [Double] = []
  /// G: the geometric mean of what one more symbol multiplies D by at the start, over the visited
  /// pairs; nil where there was none.
  public var contraction: Double? {
    ratioCount == 0 ? nil : exponential(logRatios / Double(ratioCount))
  }
  /// How fast gradient descent moves the words of each pair along the line between them, if each
  /// moved on its own and as both do move; empty where nobody measured it.
  public private(set) var ownRate: [Double] = []
  public private(set) var differenceRate: [Double] = []
  fileprivate var logRatios = 0.0
  fileprivate var ratioCount = 0

  /// The number of pairs.
  public var count: Int { first.count }
  /// Measures ``ownRate`` and ``differenceRate`` of every pair.
  public mutating func measureRates(
    _ rates: (_ first: Int, _ second: Int) -> (own: Double, difference: Double)
  ) {
    let measured = (0..<count).map { rates(Int(first[$0]), Int(second[$0])) }
    ownRate = measured.map(\.own)
    differenceRate = measured.map(\.difference)
  }

  /// m1 + m2.
  public func lengthSum(_ pair: Int) -> Double {
    Double(lengths[Int(first[pair])] + lengths[Int(second[pair])])
  }
  /// m, the shorter of both lengths: that of `first`, since words come in shortlex order.
  public func shorterLength(_ pair: Int) -> Int { Int(lengths[Int(first[pair])]) }
  public func longerLength(_ pair: Int) -> Int { Int(lengths[Int(second[pair])]) }
}

/// What a pair and all that continues it add up to.
private struct ContinuationSums {
  var squaredDistance = 0.0
  var outputs = 0.0
  var targets = 0.0
  var continuations: Int32 = 0
  var shortest = Int32.max
}

/// Goes through pairs and all their continuations, and keeps what it finds.
private struct PairWalk {
  private let measured: PairMeasurement
  private(set) var table: PairTable

  init(of measured: PairMeasurement, expecting count: Int) {
    self.measured = measured
    table = PairTable(lengths: measured.lengths)
    table.first.reserveCapacity(count)
    table.second.reserveCapacity(count)
    table.squaredDistance.reserveCapacity(count)
    table.continuations.reserveCapacity(count)
    table.shortest.reserveCapacity(count)
    table.outputSum.reserveCapacity(count)
    table.targetSum.reserveCapacity(count)
    table.commonSuffix.reserveCapacity(count)
    table.agrees.reserveCapacity(count)
    table.finalSquaredDistance.reserveCapacity(count)
  }

  /// - Parameter keepingAll: Whether the pair and those that continue it are kept.
  mutating func visit(_ first: Int, _ second: Int, keepingAll: Bool) -> ContinuationSums {
    let words = measured.words
    var sums = ContinuationSums(squaredDistance: measured.start.squaredDistance(first, second))
    if measured.isTrained[first] && measured.isTrained[second] {
      sums.outputs = measured.outputs.squaredDistance(first, second)
      // One-hot targets differ in two entries.
      sums.targets = measured.targets[first] == measured.targets[second] ? 0 : 2
      sums.continuations = 1
      sums.shortest = 0
    }
    words.forEachContinuation(of: first, and: second) { child, other in
      let rest = visit(child, other, keepingAll: keepingAll)
      sums.outputs += rest.outputs
      sums.targets += rest.targets
      sums.continuations += rest.continuations
      if rest.shortest != .max { sums.shortest = min(sums.shortest, rest.shortest + 1) }
      if sums.squaredDistance > 0 && rest.squaredDistance > 0 {
        table.logRatios += logarithm(rest.squaredDistance / sums.squaredDistance)
        table.ratioCount += 1
      }
    }
    if keepingAll { keep(first, second, sums) }
    return sums
  }

  mutating func keep(_ first: Int, _ second: Int, _ sums: ContinuationSums) {
    let words = measured.words
    var suffix: Int32 = 0
    var (a, b) = (first, second)
    while a != 0 && b != 0 && words.symbols[a] == words.symbols[b] {
      suffix += 1
      a = Int(words.parents[a])
      b = Int(words.parents[b])
    }
    table.first.append(Int32(first))
    table.second.append(Int32(second))
    table.squaredDistance.append(sums.squaredDistance)
    table.continuations.append(sums.continuations)
    table.shortest.append(sums.shortest)
    table.outputSum.append(sums.outputs)
    table.targetSum.append(sums.targets)
    table.commonSuffix.append(suffix)
    table.agrees.append(
      measured.agreement.classes[first] == measured.agreement.classes[second])
    table.finalSquaredDistance.append(measured.end.squaredDistance(first, second))
  }
}
