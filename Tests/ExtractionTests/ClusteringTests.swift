import Automata
import Extraction
import Foundation
import LinearAlgebra
import Testing

/// Points drawn around a few centres, in `columns` dimensions.
private func blobs(
  _ count: Int, around centres: [[Float]], spread: Float, using generator: inout SplitMix64
) -> [[Float]] {
  (0..<count).map { index in
    centres[index % centres.count].map {
      $0 + spread * Float.random(in: -1...1, using: &generator)
    }
  }
}

private func randomPoints(_ count: Int, columns: Int, using generator: inout SplitMix64)
  -> [[Float]]
{
  (0..<count).map { _ in (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) } }
}

private func buffer(_ rows: [[Float]]) -> MatrixBuffer {
  MatrixBuffer(Matrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 }))
}

private func distance(_ a: [Float], _ b: [Float]) -> Double {
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += (Double(x) - Double(y)) * (Double(x) - Double(y)) }
  return sum.squareRoot()
}

/// Joins the closest two classes while they are close enough, with a look at every pair of words.
private func naiveHierarchy(
  _ points: [[Float]], within limit: Double, apart: ([Double]) -> Double
) -> Partition {
  var classes = points.indices.map { [$0] }
  while classes.count > 1 {
    var best = (Double.infinity, 0, 0)
    for a in classes.indices {
      for b in classes.indices where b > a {
        let all = classes[a].flatMap { x in classes[b].map { distance(points[x], points[$0]) } }
        let height = apart(all)
        if height < best.0 { best = (height, a, b) }
      }
    }
    guard best.0 <= limit else { break }
    classes[best.1] += classes[best.2]
    classes.remove(at: best.2)
  }
  var labels = [Int](repeating: 0, count: points.count)
  for (label, members) in classes.enumerated() { for point in members { labels[point] = label } }
  return Partition(labels: labels)
}

@Suite struct ClusteringTests {
  @Test func hierarchiesAndComponentsAreThoseOfTheirDefinitions() {
    var generator = SplitMix64(seed: 1)
    for round in 0..<40 {
      let points = randomPoints(
        Int.random(in: 1...24, using: &generator), columns: 1 + round % 9, using: &generator)
      let clusterer = Clusterer(points: buffer(points), count: points.count)
      for limit in [0, 0.2, 0.4, 0.7, 1, 1.5, 3] {
        for (clustering, apart): (Clustering, ([Double]) -> Double) in [
          (.components(distance: limit), { $0.min()! }),
          (.hierarchical(.complete, distance: limit), { $0.max()! }),
          (.hierarchical(.average, distance: limit), { $0.reduce(0, +) / Double($0.count) }),
        ] {
          let found = clusterer.clusters(clustering).partition
          #expect(
            found == naiveHierarchy(points, within: limit, apart: apart),
            "\(clustering), round \(round)")
        }
      }
    }
  }

  @Test func equalPointsAreOneClassAtDistanceZero() {
    let points: [[Float]] = [[1, 2], [0, 0], [1, 2], [0, 0], [5, 5]]
    let clusterer = Clusterer(points: buffer(points), count: 5)
    let expected = Partition(labels: [0, 1, 0, 1, 2])
    for clustering: Clustering in [
      .leaders(distance: 0), .components(distance: 0), .hierarchical(.average, distance: 0),
      .hierarchical(.complete, distance: 0), .kMeans(count: 3), .kMeans(count: 50),
      .quantization(levels: 5),
    ] {
      #expect(clusterer.clusters(clustering).partition == expected, "\(clustering)")
    }
  }

  @Test func kMeansFindsSeparateClouds() {
    var generator = SplitMix64(seed: 2)
    for k in [1, 2, 3, 5, 8] {
      var centres = [[Float]](repeating: [0, 0, 0, 0, 0, 0, 0], count: k)
      for centre in 0..<k { centres[centre][centre % 6] = Float(10 * (centre + 1)) }
      let points = blobs(200, around: centres, spread: 0.5, using: &generator)
      let clusters = Clusterer(points: buffer(points), count: 200).clusters(.kMeans(count: k))
      #expect(clusters.partition == Partition(labels: (0..<200).map { $0 % k }), "\(k)")
      // A point far from all belongs to the nearest all the same.
      let far = centres.map { Array($0.dropLast()) + [1000] }
      #expect(clusters.classes(ofRowsOf: buffer(far), count: k) == Array(0..<k), "\(k)")
    }
  }

  @Test func kMeansEndsWhereEveryPointIsNearestToItsOwnMean() {
    var generator = SplitMix64(seed: 3)
    let points = randomPoints(120, columns: 3, using: &generator)
    let partition = Clusterer(points: buffer(points), count: 120).clusters(.kMeans(count: 7))
      .partition
    #expect(partition.count == 7)
    var means: [[Float]] = []
    for members in partition.members {
      var mean: [Float] = [0, 0, 0]
      for point in members {
        for column in 0..<3 { mean[column] += points[point][column] / Float(members.count) }
      }
      means.append(mean)
    }
    for (point, number) in zip(points, partition.classes) {
      let own = distance(point, means[Int(number)])
      for mean in means { #expect(own <= distance(point, mean) + 1e-5) }
    }
  }

  @Test func quantizationCutsTheRangeOfAllUnits() {
    // The range is 0 to 8: four levels are [0, 2), [2, 4), [4, 6), [6, 8].
    let points: [[Float]] = [[0, 8], [1.9, 6], [2, 6], [3.9, 7.9], [5, 5]]
    let clusters = Clusterer(points: buffer(points), count: 5).clusters(.quantization(levels: 4))
    #expect(clusters.partition == Partition(labels: [0, 0, 1, 1, 2]))
    let others: [[Float]] = [[-50, 100], [3, 6.5], [5, 7]]
    #expect(clusters.classes(ofRowsOf: buffer(others), count: 3) == [0, 1, nil])
    // A single level is one class, and so are equal points.
    #expect(
      Clusterer(points: buffer(points), count: 5).clusters(.quantization(levels: 1)).partition.count
        == 1)
    #expect(
      Clusterer(points: buffer([[3, 3], [3, 3]]), count: 2).clusters(.quantization(levels: 9))
        .partition.count == 1)
  }

  @Test func pointsBelongToTheClassOfTheNearestWithinReach() {
    let points: [[Float]] = [[0], [1], [2], [10], [11]]
    let others: [[Float]] = [[2.9], [3.1], [9.2], [-1], [-1.01]]
    for (clustering, expected): (Clustering, [Int?]) in [
      (.components(distance: 1), [0, nil, 1, 0, nil]),
      // 0 and 1 are joined, 2 is left alone.
      (.hierarchical(.complete, distance: 1), [1, nil, 2, 0, nil]),
      (.leaders(distance: 1), [1, nil, 2, 0, nil]),
    ] {
      let clusters = Clusterer(points: buffer(points), count: 5).clusters(clustering)
      #expect(clusters.classes(ofRowsOf: buffer(others), count: 5) == expected, "\(clustering)")
    }
  }
}

/// The words of a complete tree with a vector for the state each is in: a point per state, and chance.
private struct NoisyMachine {
  let machine: MooreMachine
  let tree: PrefixTree
  let table: RepresentationTable
  private let vectors: [[Float]]

  init(_ machine: MooreMachine, depth: Int, noise: Float, using generator: inout SplitMix64) {
    self.machine = machine
    tree = .complete(symbolCount: machine.alphabet.count, depth: depth)
    let columns = machine.stateCount
    func draw(_ state: Int) -> [Float] {
      (0..<columns).map { column in
        let place: Float = column == state ? 1 : 0
        return place + noise * Float.random(in: -1...1, using: &generator)
      }
    }
    let states = (0..<tree.count).map { [tree] in machine.state(after: tree.word(of: $0))! }
    table = RepresentationTable(
      words: tree, vectors: buffer(states.map(draw)),
      outputs: states.map { Int32(machine.output(of: $0)) })
    vectors = (0..<columns).map(draw)
  }

  func step(_ words: [Int]) -> MatrixBuffer {
    buffer(
      words.flatMap { word in
        (0..<machine.alphabet.count).map { symbol in
          vectors[machine.state(after: tree.word(of: word) + [symbol])!]
        }
      })
  }

  func extractor(_ clustering: Clustering, isRefined: Bool) -> Extractor {
    Extractor(
      alphabet: machine.alphabet, outputAlphabet: machine.outputAlphabet, clustering: clustering,
      isRefined: isRefined, emptyWordCounts: true)
  }
}

@Suite struct CongruenceTests {
  @Test func oneClassIsSplitIntoTheMachineThatTheWordsAreOf() throws {
    var generator = SplitMix64(seed: 4)
    for round in 0..<60 {
      // As long as two states' separating word and the way to them; at most 1,093 words.
      let states = Int.random(in: 1...(round % 3 == 2 ? 3 : 4), using: &generator)
      let machine = MooreMachine.uniformlyRandom(
        states: states, alphabet: .digits(1 + round % 3), outputAlphabet: .digits(2),
        using: &generator
      ).reachable()
      let noisy = NoisyMachine(
        machine, depth: 2 * machine.stateCount, noise: 0.01, using: &generator)
      let all = Clustering.leaders(distance: 10)
      let coarse = try noisy.extractor(all, isRefined: false).extract(noisy.table, step: noisy.step)
      #expect(coarse.partition.count == 1)
      let fine = try noisy.extractor(all, isRefined: true).extract(noisy.table, step: noisy.step)
      #expect(fine.consistency == 1)
      #expect(fine.disagreements.allSatisfy { $0 == 0 })
      #expect(try fine.automaton.separatingWord(from: machine) == nil, "round \(round)")
      #expect(fine.automaton.stateCount == machine.minimized().stateCount, "round \(round)")
    }
  }

  @Test func whateverTheClassesAreTheirRefinementIsACongruence() throws {
    var generator = SplitMix64(seed: 5)
    for round in 0..<60 {
      let tree = PrefixTree.complete(symbolCount: 1 + round % 3, depth: 5)
      let points = randomPoints(tree.count, columns: 2, using: &generator)
      let table = RepresentationTable(
        words: tree, vectors: buffer(points),
        outputs: (0..<tree.count).map { _ in Int32.random(in: 0..<2, using: &generator) })
      for clustering: Clustering in [
        .leaders(distance: 0.8), .components(distance: 0.2), .kMeans(count: 4),
        .quantization(levels: 2), .hierarchical(.average, distance: 0.7),
      ] {
        func extraction(_ isRefined: Bool) throws -> Extraction {
          try Extractor(
            alphabet: .digits(tree.symbolCount), outputAlphabet: .digits(2), clustering: clustering,
            isRefined: isRefined, emptyWordCounts: round % 2 == 0
          ).extract(table, step: nil)
        }
        let coarse = try extraction(false)
        let fine = try extraction(true)
        #expect(fine.consistency == 1, "\(clustering), round \(round)")
        #expect(fine.disagreements.allSatisfy { $0 == 0 }, "\(clustering), round \(round)")
        let change = PartitionChange(from: coarse.partition, to: fine.partition)
        #expect(change.mergers.isEmpty, "\(clustering), round \(round)")
        // It says the right thing on every word of the set.
        for word in 1..<tree.count {
          #expect(fine.automaton.output(after: tree.word(of: word)) == Int(table.outputs[word]))
        }
      }
    }
  }

  @Test func whatIsACongruenceStaysAsItIs() throws {
    var generator = SplitMix64(seed: 6)
    let parity = try MooreMachine(
      alphabet: .digits(2), outputAlphabet: .digits(2), outputs: [0, 1],
      successors: [0, 1, 1, 0])
    let noisy = NoisyMachine(parity, depth: 6, noise: 0.01, using: &generator)
    let fine = try noisy.extractor(.leaders(distance: 0.5), isRefined: true)
      .extract(noisy.table, step: noisy.step)
    let coarse = try noisy.extractor(.leaders(distance: 0.5), isRefined: false)
      .extract(noisy.table, step: noisy.step)
    #expect(fine.partition == coarse.partition)
    #expect(fine.automaton == coarse.automaton)
  }
}

@Suite struct ClusteringChoiceTests {
  /// 1*: of the words of length 20 one in a million is in the language. The tables fit each other.
  private let ones = try! MooreMachine(
    alphabet: .digits(2), outputAlphabet: .digits(2), outputs: [1, 0], successors: [1, 0, 1, 1])

  private func choice(
    _ noisy: NoisyMachine, _ candidates: [Clustering], asking: Bool, isRefined: Bool = false
  ) throws -> ClusteringChoice {
    var generator = SplitMix64(seed: 7)
    let questions = ClusteringChoice.Questions(lengths: [20, 40], count: 50) { words in
      words.map { Int32(noisy.machine.output(after: $0)!) }
    }
    return try ClusteringChoice(
      of: candidates, noisy.extractor(candidates[0], isRefined: isRefined), noisy.table,
      step: noisy.step, questions: asking ? questions : nil, using: &generator)
  }

  @Test func theAutomatonThatDoesWhatTheSystemDoesIsChosen() throws {
    var generator = SplitMix64(seed: 8)
    for round in 0..<20 {
      let machine = MooreMachine.uniformlyRandom(
        states: 2 + round % 5, alphabet: .digits(2), outputAlphabet: .digits(2), using: &generator
      ).reachable()
      let noisy = NoisyMachine(machine, depth: 7, noise: 0.05, using: &generator)
      let found = try choice(
        noisy, [0.001, 0.01, 0.1, 0.7, 5].map { .leaders(distance: $0) }, asking: true)
      #expect(try found.chosen.extraction.automaton.separatingWord(from: machine) == nil)
      #expect(found.chosen.score == 1)
      #expect(found.chosen.extraction.consistency == 1)
      // Below the noise, each word is its own state, and beyond the set nothing is known.
      #expect(found.trials[0].longFidelity! < 0.5)
    }
  }

  @Test func ofEquallyGoodOnesTheMiddleIsTaken() throws {
    var generator = SplitMix64(seed: 11)
    // States lie 1.4 apart, words of one state at most 0.01.
    let noisy = NoisyMachine(ones, depth: 5, noise: 0.001, using: &generator)
    let distances = [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 5]
    let found = try choice(noisy, distances.map { .leaders(distance: $0) }, asking: true)
    #expect(found.trials[0...5].allSatisfy { $0.score == 1 && $0.extraction.consistency == 1 })
    #expect(found.trials[6].score < 1)
    // Of the two in the middle the coarser.
    #expect(found.position == 3)
    let refined = try choice(
      noisy, distances.map { .leaders(distance: $0) }, asking: true, isRefined: true)
    #expect(refined.chosen.extraction.automaton.stateCount == 2)
    #expect(refined.position == 6)
  }

  @Test func rareOutputsCountAsMuchAsOthers() throws {
    var generator = SplitMix64(seed: 9)
    let noisy = NoisyMachine(ones, depth: 5, noise: 0.05, using: &generator)
    let found = try choice(
      noisy, [.leaders(distance: 0.7), .leaders(distance: 5)], asking: true)
    // The one-state automaton says yes, which is right after few words, and none of them is missed.
    #expect(found.trials[1].extraction.automaton.stateCount == 1)
    #expect(found.trials[1].fidelity == 0.5)
    #expect(found.trials[1].longFidelity == 0.5)
    #expect(found.position == 0)
  }

  @Test func withoutLongerWordsThoseOfTheSetDecide() throws {
    var generator = SplitMix64(seed: 10)
    let noisy = NoisyMachine(ones, depth: 5, noise: 0.05, using: &generator)
    let found = try choice(
      noisy, [.kMeans(count: 4), .kMeans(count: 2), .kMeans(count: 1)], asking: false)
    #expect(found.chosen.longFidelity == nil)
    #expect(found.chosen.clustering == .kMeans(count: 2))
  }
}
