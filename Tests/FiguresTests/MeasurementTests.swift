import Automata
import Extraction
import LinearAlgebra
import MergerTheory
import RNN
import Tasks
import TestSupport
import Testing

@testable import Figures

@Suite struct LossByLengthTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `losses are those of a loop over words`(seed: UInt64) throws {
    let network = network(hidden: 5, seed: seed)
    let plain = PlainNetwork(network)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let words = LossByLength.Words(tree, task: .parity, seed: seed)
    let pass = TreePass(network)
    pass.run(tree)
    let losses = words.losses(pass)
    func loss(_ words: [[Int]]) -> Double {
      let errors = words.map { word -> Double in
        let outputs = plain.outputs(plain.state(after: word, from: plain.start))
        let right = word.reduce(0, +) % 2
        return outputs.indices.reduce(0) { sum, output in
          let error = outputs[output] - (output == right ? 1 : 0)
          return sum + error * error / 2
        }
      }
      return errors.reduce(0, +) / Double(words.count)
    }
    #expect(words.shortLengths == [1, 2, 3, 4])
    var expected = (1...4).map { length in loss(tree.allWords.filter { $0.count == length }) }
    for length in words.longLengths {
      var generator = SplitMix64(seed: seed, stream: "loss by length", index: length)
      let set = WordSet.random(count: 10, length: length, of: .parity, using: &generator)
      expected.append(loss((0..<10).map { set.word($0).map(Int.init) }))
    }
    #expect(losses.count == expected.count)
    for (a, b) in zip(losses, expected) { #expect(agree(a, b, within: 1e-5)) }
  }

  @Test func `the first epoch below a share is found for each length on its own`() {
    let tree = PrefixTree.complete(symbolCount: 2, depth: 2)
    let words = LossByLength.Words(tree, task: .parity, seed: 1)
    let count = words.shortLengths.count + words.longLengths.count
    let losses = LossByLength(
      words, epochs: [0, 10, 20],
      losses: [1, 0.5, 0.05].map { end in
        (0..<count).map { $0 == 0 ? 1 : $0 == 1 ? end : min(1, 1.1 * end) }
      })
    let below = losses.firstEpoch(below: 0.1)
    #expect(below[0] == nil && below[1] == 20 && below[2] == 20)
    #expect(losses.firstEpoch(below: 0.6)[1] == 10)
  }
}

@Suite struct OutputMapOrderTests {
  @Test(arguments: UInt64(0)..<10)
  func `the ratio of terms is that of the formula, word by word`(seed: UInt64) throws {
    let network = network(hidden: 3, seed: seed)
    let plain = PlainNetwork(network)
    let continuations = PrefixTree.complete(symbolCount: 2, depth: 3)
    let ends = [[0, 1], [1, 1, 0], [0], [1, 0]].map { plain.state(after: $0, from: plain.start) }
    let pairs = [(ends[0], ends[1]), (ends[2], ends[3]), (ends[1], ends[2])]
    let orders = network.outputMapOrders(between: pairs, after: continuations)
    for (order, (a, b)) in zip(orders, pairs) {
      let middle = zip(a, b).map { ($0 + $1) / 2 }
      var (first, second) = (0.0, 0.0)
      for word in continuations.allWords {
        let (f, g, m) = (
          plain.outputs(plain.state(after: word, from: a)),
          plain.outputs(plain.state(after: word, from: b)),
          plain.outputs(plain.state(after: word, from: middle))
        )
        for output in f.indices {
          first += (g[output] - f[output]) * (g[output] - f[output])
          let bend = 2 * (f[output] + g[output] - 2 * m[output])
          second += bend * bend
        }
      }
      let ratio = try #require(order)
      #expect(agree(ratio, (second / first).squareRoot(), within: 1e-9))
      // The control: tanh is not linear.
      #expect(ratio > 1e-4)
    }
    #expect(network.outputMapOrders(between: [(ends[0], ends[0])], after: continuations) == [nil])
  }
}

@Suite struct TimeFitTests {
  /// A pair that agrees and one that does not, as a young network has them.
  private let starts = [
    ExpansionStart(
      state: FixedExpansion.State(
        h1: 0.3, h2: 0.5, p: 0.01, q1: 0.3, q2: 0.3, b2: 0.25, d2: 0.05, r1: 0.06, r2: 0.06),
      continuations: 5, targets: (1, 1, 1), lengths: (4, 7)),
    ExpansionStart(
      state: FixedExpansion.State(
        h1: 0.3, h2: 0.5, p: 0.01, q1: 0.3, q2: 0.25, b2: 0.25, d2: 0.05, r1: -0.05, r2: 0.08),
      continuations: 5, targets: (1, 0, 1), lengths: (4, 7)),
  ]
  private let times = (0...60).map { Double($0) * 5 }

  @Test(arguments: [(300.0, 20.0), (2000, 3), (150, 150)])
  func `curves made with known time constants give them back`(
    hiddenTime: Double, outputTime: Double
  ) throws {
    let measured = try starts.map {
      try #require($0.distances(at: times, hiddenTime: hiddenTime, outputTime: outputTime))
    }
    // The control: something happens that a fit could go by.
    #expect(measured.allSatisfy { abs($0[60] / $0[0] - 1) > 0.02 })
    let fit = try #require(TimeConstantFit(starts, times: times, measured: measured, floor: 1e-6))
    #expect(abs(fit.hiddenTime / hiddenTime - 1) < 0.03, "τ_h \(fit.hiddenTime)")
    #expect(abs(fit.outputTime / outputTime - 1) < 0.03, "τ_y \(fit.outputTime)")
    #expect(fit.error < 0.01)
  }

  @Test func `distances below the floor count as the floor`() throws {
    let measured = try starts.map {
      try #require($0.distances(at: times, hiddenTime: 300, outputTime: 20))
    }
    let floor = try #require(measured.joined().max()) * 2
    let fit = try #require(TimeConstantFit(starts, times: times, measured: measured, floor: floor))
    #expect(fit.error == 0)
  }
}

@Suite struct ExpansionStartTests {
  @Test(arguments: UInt64(0)..<5)
  func `the averages are those of a loop over continuations`(seed: UInt64) throws {
    let network = network(hidden: 4, seed: seed)
    let plain = PlainNetwork(network)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let rows = network.preciseRows(of: tree)
    let isTrained = tree.allWords.map { $0.count > 0 && $0.count != 3 }
    let targets = Language.parity.machine.outputs(of: tree)
    let known = ExpansionStart.Words(
      words: tree, hidden: rows.hidden, outputs: rows.outputs, units: 4, outputCount: 2,
      targets: targets, isTrained: isTrained)
    let (a, b) = ([0], [1, 0])
    let first = try #require(tree.node(of: a))
    let second = try #require(tree.node(of: b))
    let start = try #require(ExpansionStart(first, second, known))

    func state(_ word: [Int]) -> [Double] { plain.state(after: word, from: plain.start) }
    let difference = zip(state(b), state(a)).map { $0 - $1 }
    let distance = difference.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let h1 = zip(state(a), difference).reduce(0) { $0 + $1.0 * $1.1 } / distance
    // Both words continued must be in the tree and trained on.
    let continuations = PrefixTree.complete(symbolCount: 2, depth: 2).allWords.filter {
      ($0 + a).count != 3 && ($0 + b).count != 3
    }
    #expect(start.continuations == continuations.count)
    var (p, d2, r2, agreeing) = (0.0, 0.0, 0.0, 0)
    for word in continuations {
      let (f, g) = (plain.outputs(state(a + word)), plain.outputs(state(b + word)))
      let slope = zip(g, f).map { ($0 - $1) / distance }
      let offset = zip(f, slope).map { $0 - h1 * $1 }
      p += zip(offset, slope).reduce(0) { $0 + $1.0 * $1.1 }
      d2 += slope.reduce(0) { $0 + $1 * $1 }
      r2 += slope[(b + word).reduce(0, +) % 2]
      if (a + word).reduce(0, +) % 2 == (b + word).reduce(0, +) % 2 { agreeing += 1 }
    }
    let n = Double(continuations.count)
    #expect(agree(start.state.distance, distance, within: 1e-9))
    #expect(agree(start.state.h1, h1, within: 1e-9))
    #expect(agree(start.state.p, p / n, within: 1e-9))
    #expect(agree(start.state.d2, d2 / n, within: 1e-9))
    #expect(agree(start.state.r2, r2 / n, within: 1e-9))
    #expect(start.targets == (1, Double(agreeing) / n, 1))
    #expect(ExpansionStart(first, first, known) == nil)
  }
}

@Suite struct LengthGridTests {
  @Test(arguments: UInt64(0)..<5)
  func `cells are counted pair by pair`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let agreement = Agreement(
      classes: Partition(labels: tree.allWords.map { $0.reduce(0, +) % 2 }))
    var history = PairHistory(words: tree, agreement: agreement, partingRatio: 1)
    var places: [[Float]] = []
    for checkpoint in 0..<4 {
      // On a line, spread out and then drawn together, so that some pairs move apart first.
      let spread: Float = [1, 40, 2, 1][checkpoint]
      let vectors = MatrixBuffer(rows: tree.count, columns: 1)
      places.append(
        (0..<tree.count).map { _ in spread * Float(Int.random(in: 0..<8, using: &generator)) })
      for word in 0..<tree.count { vectors[word, 0] = places[checkpoint][word] }
      history.append(epoch: checkpoint, vectors, mergeDistance: 1.5)
    }
    let grid = LengthGrid(history)
    var cells = Array(repeating: Array(repeating: LengthGrid.Cell(), count: 5), count: 5)
    let words = tree.allWords
    for (a, first) in words.enumerated() {
      for (b, second) in words.enumerated() where a < b {
        guard first.reduce(0, +) % 2 == second.reduce(0, +) % 2 else { continue }
        let distances = places.map { abs($0[a] - $0[b]) }
        // With a ratio of 1 a pair is linked since the last time that it came near.
        let since = (distances.lastIndex { $0 > 1.5 } ?? -1) + 1
        let most = distances[..<since].max() ?? 0
        cells[first.count][second.count].pairs += 1
        if distances[3] <= 1.5 { cells[first.count][second.count].merged += 1 }
        if since < 4 { cells[first.count][second.count].linked += 1 }
        if since < 4, since > 0, most - distances[0] > 15 {
          cells[first.count][second.count].movedApart += 1
        }
      }
    }
    #expect(grid.cells == cells)
    #expect(grid.sum(\.movedApart) > 0 && grid.sum(\.linked) > grid.sum(\.movedApart))
    let even = cells.indices.map { cells[$0][$0] }
    #expect(grid.sum(\.pairs) { $0 == 0 } == even.reduce(0) { $0 + $1.pairs })
    let share = grid.movedApartShare { $0 == 0 }
    #expect(
      share == Double(even.reduce(0) { $0 + $1.movedApart })
        / Double(even.reduce(0) { $0 + $1.linked }))
    #expect(grid.movedApartShare { $0 > 4 } == nil)
  }
}

@Suite struct AlluvialLayoutTests {
  @Test(arguments: UInt64(0)..<30)
  func `no word is lost and nothing overlaps`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let count = Int.random(in: 1...40, using: &generator)
    let columns = Int.random(in: 1...5, using: &generator)
    let partitions = (0..<columns).map { _ in
      let classes = Int.random(in: 1...count, using: &generator)
      return Partition(
        labels: (0..<count).map { _ in Int.random(in: 0..<classes, using: &generator) })
    }
    let kinds = (0..<count).map { _ in Int.random(in: 0..<3, using: &generator) }
    let layout = AlluvialLayout(partitions, kinds: seed % 3 == 0 ? nil : kinds)
    #expect(layout.columns.count == columns)
    for (column, blocks) in layout.columns.enumerated() {
      #expect(blocks.flatMap(\.words).sorted() == Array(0..<count))
      #expect(blocks.reduce(0) { $0 + $1.classes } == partitions[column].count)
      let ordered = blocks.sorted { $0.bottom < $1.bottom }
      for (low, high) in zip(ordered, ordered.dropFirst()) {
        #expect(abs(high.bottom - low.top - layout.gap) < 1e-9)
      }
      #expect(ordered.allSatisfy { $0.bottom > -1e-9 && $0.top < layout.height + 1e-9 })
    }
    for step in 0..<columns - 1 {
      let flows = layout.flows.filter { $0.step == step }
      #expect(flows.reduce(0) { $0 + $1.words } == count)
      for flow in flows {
        let shared = Set(layout.columns[step][flow.from].words)
          .intersection(layout.columns[step + 1][flow.to].words)
        #expect(flow.words == shared.count)
      }
      // The flows on either side of a block fill it.
      for (block, side) in layout.columns[step].enumerated() {
        let spans = flows.filter { $0.from == block }.map { ($0.fromBottom, $0.words) }
        fills(side, spans.sorted { $0.0 < $1.0 })
      }
      for (block, side) in layout.columns[step + 1].enumerated() {
        let spans = flows.filter { $0.to == block }.map { ($0.toBottom, $0.words) }
        fills(side, spans.sorted { $0.0 < $1.0 })
      }
    }
  }

  private func fills(_ block: AlluvialLayout.Block, _ spans: [(bottom: Double, words: Int)]) {
    var bottom = block.bottom
    for span in spans {
      #expect(abs(span.bottom - bottom) < 1e-9)
      bottom += Double(span.words)
    }
    #expect(abs(bottom - block.top) < 1e-9)
  }
}

@Suite struct TurningPointTests {
  @Test(arguments: UInt64(0)..<50)
  func `the first, the last and the largest are among them, in order`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let sizes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
      Int.random(in: 1...200, using: &generator)
    }
    let points = turningPoints(6, of: sizes)
    #expect(points.count == min(6, sizes.count))
    #expect(points == Set(points).sorted())
    #expect(points.first == 0 && points.last == sizes.count - 1)
    #expect(points.contains { sizes[$0] == sizes.max() })
  }

  @Test func `a path is divided where it has changed by equal factors`() {
    #expect(turningPoints(3, of: (0...20).map { 1 << $0 }) == [0, 10, 20])
    // However long it stays where it is.
    let slow = Array(repeating: 1, count: 50) + (1...20).map { 1 << $0 }
    #expect(turningPoints(3, of: slow) == [0, 59, 69])
  }
}

@Suite struct RunComparisonTests {
  @Test func `machines that list their outputs in another order are isomorphic`() throws {
    let outputs = [try Alphabet(["no", "yes"]), try Alphabet(["yes", "no"])]
    let one = try MooreMachine(
      alphabet: .digits(2), outputAlphabet: outputs[0], outputs: [0, 1], successors: [0, 1, 1, 0])
    let other = try MooreMachine(
      alphabet: .digits(2), outputAlphabet: outputs[1], outputs: [1, 0], successors: [0, 1, 1, 0])
    let opposite = try MooreMachine(
      alphabet: .digits(2), outputAlphabet: outputs[1], outputs: [0, 1], successors: [0, 1, 1, 0])
    // The control: as they are stored, they differ.
    #expect(one.reachable() != other.reachable())
    #expect(try RunComparison.firstIsomorphic(to: other, in: [opposite, one, one]) == 1)
    #expect(try RunComparison.firstIsomorphic(to: opposite, in: [one, other]) == nil)
    #expect(try RunComparison.firstIsomorphic(to: one, in: []) == nil)
  }
}

@Suite struct PlanePanelTests {
  @Test func `dots that fall on one another are drawn once for each kind`() {
    let places: [SIMD2<Float>] = [
      .init(9, 9), .init(0, 0), .init(0.001, 0), .init(0, 0.001), .init(3, 0), .init(3, 0),
    ]
    let partition = Partition(labels: [0, 1, 1, 1, 2, 2])
    let plane = PlanePanels([(places, partition)], kinds: Partition(labels: [0, 0, 0, 1, 1, 1]))
    let dots = plane.panels[0]
    // ε is left out; the leaders of classes 1 and 2 are drawn beside their own kind.
    #expect(dots.map(\.word) == [1, 2, 3, 4, 5])
    #expect(dots.map(\.isLeader) == [true, false, false, true, false])
    #expect(dots.map(\.isDrawn) == [true, true, true, true, true])
    #expect(plane.range.low == SIMD2(0, 0) && plane.range.high == SIMD2(3, Double(Float(0.001))))
    let plain = PlanePanels(
      [(places, Partition(labels: [0, 0, 0, 0, 0, 0]))], kinds: nil
    ).panels[0]
    #expect(plain.map(\.isDrawn) == [true, false, false, true, false])
  }
}
