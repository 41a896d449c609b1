import Automata
import Extraction
import LinearAlgebra
import TestSupport
import Testing

@Suite struct AgreementTests {
  @Test(arguments: UInt64(0)..<40)
  func `words agree where no labelled continuation of both tells them apart`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let share = [0.1, 0.5, 1][Int(seed % 3)]
    let labels = (0..<tree.count).map { _ in
      Double.random(in: 0..<1, using: &generator) < share
        ? Int.random(in: 0...1, using: &generator) : nil
    }
    let agreement = Agreement(words: tree, labels: labels)
    let all = words(upTo: 4, symbols: 2)
    var agreeing = 0
    for first in 0..<tree.count {
      for second in 0..<tree.count {
        let expected = all.allSatisfy { suffix in
          guard let one = tree.node(of: tree.word(of: first) + suffix),
            let other = tree.node(of: tree.word(of: second) + suffix),
            let a = labels[one], let b = labels[other]
          else { return true }
          return a == b
        }
        #expect(agreement.holds(first, second) == expected)
        if first < second, expected { agreeing += 1 }
      }
    }
    #expect(agreement.agreeingPairs == agreeing)
  }

  @Test func `words of a class agree`() {
    let labels = [0, 1, 0, 2, 1, 0, 0]
    let agreement = Agreement(classes: Partition(labels: labels))
    for a in labels.indices {
      for b in labels.indices { #expect(agreement.holds(a, b) == (labels[a] == labels[b])) }
    }
    #expect(agreement.agreeingPairs == 7)
  }
}

@Suite struct PairHistoryTests {
  /// A line of points, word by word, at each checkpoint.
  private func points(_ values: [Float]) -> MatrixBuffer {
    let buffer = MatrixBuffer(rows: values.count, columns: 1)
    for (row, value) in values.enumerated() { buffer[row, 0] = value }
    return buffer
  }

  /// ε and two words of length 1.
  private let three = PrefixTree.complete(symbolCount: 2, depth: 1)

  @Test func `a link holds until the pair is further apart than the ratio says`() {
    var history = PairHistory(words: three, agreement: nil)
    // Merge distance 1, parting at 2. Words 1 and 2 come close, waver, and part; ε is far away.
    for (epoch, gap) in [Float(5), 1, 1.9, 0.5, 2, 2.1, 1.5].enumerated() {
      let summary = history.append(
        epoch: epoch, points([1000, 0, gap]), mergeDistance: 1)
      let merged = gap <= 1 ? 1 : 0
      #expect(summary.merged == merged)
      let lasting = 1...4 ~= epoch ? 2 : 3
      #expect(summary.lasting.count == lasting)
    }
  }

  @Test func `lasting classes are what chains of links connect`() {
    let tree = PrefixTree.complete(symbolCount: 2, depth: 2)
    var history = PairHistory(words: tree, agreement: nil)
    let summary = history.append(
      epoch: 0, points([0, 10, 1, 11, 2, 30, 3]), mergeDistance: 1)
    #expect(summary.lasting == Partition(labels: [0, 1, 0, 1, 0, 2, 0]))
    #expect(summary.merged == 4 && summary.pairs == 21)
  }

  @Test func `lasting classes do not depend on the order of the words`() {
    var generator = SplitMix64(seed: 4)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let order = (0..<tree.count).shuffled(using: &generator)
    var straight = PairHistory(words: tree, agreement: nil, partingRatio: 1.5)
    var shuffled = PairHistory(words: tree, agreement: nil, partingRatio: 1.5)
    for epoch in 0..<20 {
      let values = (0..<tree.count).map { _ in Float.random(in: 0..<20, using: &generator) }
      let one = straight.append(epoch: epoch, points(values), mergeDistance: 0.4)
      let other = shuffled.append(
        epoch: epoch, points(order.map { values[$0] }), mergeDistance: 0.4)
      #expect(
        Partition(labels: order.map { one.lasting.class(of: $0) }) == other.lasting)
      #expect(one.merged == other.merged)
    }
  }

  @Test func `a pair knows when it merged, and whether it had moved apart before`() throws {
    let agreement = Agreement(classes: Partition(labels: [0, 1, 1]))
    var history = PairHistory(words: three, agreement: agreement)
    // ε stays 1000 away; words 1 and 2 start 3 apart and go to `gaps`.
    func run(_ gaps: [Float]) throws -> PairHistory.Pair {
      history = PairHistory(words: three, agreement: agreement)
      for (index, gap) in gaps.enumerated() {
        history.append(epoch: 10 * index, points([1000, 0, gap]), mergeDistance: 1)
      }
      var pairs: [PairHistory.Pair] = []
      history.forEachPair { pairs.append($0) }
      #expect(pairs.map { [$0.first, $0.second] } == [[0, 1], [0, 2], [1, 2]])
      #expect(pairs.map(\.agrees) == [false, false, true])
      #expect(pairs[0].mergerEpoch == nil && !pairs[0].isMerged && !pairs[0].movedApartFirst)
      return pairs[2]
    }
    let straight = try run([3, 2, 1, 0.5])
    #expect(straight.mergerEpoch == 20 && straight.isMerged && !straight.movedApartFirst)
    #expect(straight.firstDistance == 3 && straight.lastDistance == 0.5)
    let detour = try run([3, 13.5, 1])
    #expect(detour.mergerEpoch == 20 && detour.movedApartFirst && detour.largestDistance == 13.5)
    #expect(try !run([3, 12.5, 1]).movedApartFirst)
    // Apart after the merger does not count for it, but does for the next.
    #expect(try !run([3, 1, 1.5, 1]).movedApartFirst)
    let again = try run([3, 1, 20, 1])
    #expect(again.mergerEpoch == 30 && again.movedApartFirst)
    let wavering = try run([3, 1, 2, 1.5])
    #expect(wavering.mergerEpoch == 10 && !wavering.isMerged)
    let apart = try run([1, 30])
    #expect(apart.mergerEpoch == nil && !apart.movedApartFirst)
    // Merged from the start: there was no way apart.
    #expect(try run([1, 1]).mergerEpoch == 0)
  }

  @Test(arguments: UInt64(0)..<20)
  func `summaries are sums over pairs`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let classes = Partition(
      labels: (0..<tree.count).map { _ in Int.random(in: 0...2, using: &generator) })
    let agreement = seed % 4 == 0 ? nil : Agreement(classes: classes)
    var history = PairHistory(words: tree, agreement: agreement)
    var values: [Float] = []
    for epoch in 0..<4 {
      values = (0..<tree.count).map { _ in Float.random(in: 0..<40, using: &generator) }
      let summary = history.append(epoch: epoch, points(values), mergeDistance: 2)
      var merged = 0
      var disagreeing = 0
      var sums = [0.0, 0.0]
      var counts = [0, 0]
      for first in 0..<tree.count {
        for second in first + 1..<tree.count {
          let distance = abs(values[first] - values[second])
          let agrees = classes.class(of: first) == classes.class(of: second) ? 1 : 0
          if distance <= 2 {
            merged += 1
            disagreeing += 1 - agrees
          }
          sums[agrees] += Double(distance)
          counts[agrees] += 1
        }
      }
      #expect(summary.merged == merged)
      #expect(summary.disagreeingMerged == (agreement == nil ? nil : disagreeing))
      func check(_ mean: Double?, _ sum: Double, _ count: Int) throws {
        let error: Double = try #require(mean) - sum / Double(count)
        #expect(error.magnitude < 1e-3)
      }
      try check(summary.meanDistance, sums[0] + sums[1], 465)
      if agreement != nil {
        #expect(summary.agreeingPairs == counts[1])
        try check(summary.meanAgreeingDistance, sums[1], counts[1])
        try check(summary.meanDisagreeingDistance, sums[0], counts[0])
      }
    }
  }
}
