import Automata
import LinearAlgebra
import Testing

@Suite struct PartitionTests {
  @Test(arguments: UInt64(0)..<50)
  func `a partition numbers its classes by their first words`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let labels = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
      Int.random(in: -5...5, using: &generator)
    }
    let partition = Partition(labels: labels)
    #expect(partition.count == Set(labels).count)
    #expect(partition.leaders == partition.leaders.sorted())
    for (a, first) in labels.enumerated() {
      #expect(partition.leader(of: partition.class(of: a)) == labels.firstIndex(of: first))
      for (b, second) in labels.enumerated() {
        #expect((partition.class(of: a) == partition.class(of: b)) == (first == second))
      }
    }
    #expect(partition.members.map(\.count) == partition.sizes)
    #expect(partition.members.flatMap { $0 }.sorted() == Array(labels.indices))
    #expect(Partition(labels: labels.map { -3 * $0 }) == partition)
  }
}

@Suite struct PartitionChangeTests {
  /// Mergers and splits by intersecting every class with every other.
  private func slowChange(
    _ before: [Int], _ after: [Int]
  ) -> (mergers: [[Int]], splits: [[Int]]) {
    var mergers: [[Int]] = []
    var splits: [[Int]] = []
    for b in Set(before) {
      for a in Set(after) {
        let part = before.indices.filter { before[$0] == b && after[$0] == a }
        guard let first = part.first else { continue }
        let joined = after.firstIndex(of: a)!
        let left = before.firstIndex(of: b)!
        if joined != first { mergers.append([joined, first, part.count]) }
        if left != first { splits.append([left, first, part.count]) }
      }
    }
    return (
      mergers.sorted { $0.lexicographicallyPrecedes($1) },
      splits.sorted { $0.lexicographicallyPrecedes($1) }
    )
  }

  private func numbers(_ events: [PartitionChange.Event]) -> [[Int]] {
    events.map { [$0.state, $0.part, $0.words] }
  }

  @Test(arguments: UInt64(0)..<200)
  func `events are those of the coarsest common refinement, and add up`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let count = Int.random(in: 0...60, using: &generator)
    let kinds = Int.random(in: 1...12, using: &generator)
    let before = (0..<count).map { _ in Int.random(in: 0..<kinds, using: &generator) }
    // Sometimes most words stay where they are.
    let after = before.map {
      Int.random(in: 0..<4, using: &generator) == 0 || seed % 2 == 0
        ? Int.random(in: 0..<kinds, using: &generator) : $0
    }
    let p = Partition(labels: before)
    let q = Partition(labels: after)
    let change = PartitionChange(from: p, to: q)
    let slow = slowChange(before, after)
    #expect(numbers(change.mergers) == slow.mergers)
    #expect(numbers(change.splits) == slow.splits)
    #expect(q.count == p.count + change.splits.count - change.mergers.count)
    // Back in time mergers are splits.
    let back = PartitionChange(from: q, to: p)
    #expect(back.mergers == change.splits && back.splits == change.mergers)
    let none = PartitionChange(from: p, to: p)
    #expect(none.mergers.isEmpty && none.splits.isEmpty)
  }

  @Test func `one word that moves is a split and a merger`() {
    let change = PartitionChange(
      from: Partition(labels: [0, 0, 1, 1, 0]), to: Partition(labels: [0, 0, 1, 1, 1]))
    #expect(numbers(change.splits) == [[0, 4, 1]])
    #expect(numbers(change.mergers) == [[2, 4, 1]])
  }
}

@Suite struct HistoryTests {
  private let tree = PrefixTree.complete(symbolCount: 2, depth: 3)

  /// The extraction that labels of words give.
  private func extraction(_ label: (Int) -> Int, isOpen: Bool = false) -> Extraction {
    let partition = Partition(labels: (0..<tree.count).map(label))
    let successors = (0..<partition.count).flatMap { number in
      (0..<2).map { symbol -> Int? in
        let leader = partition.leader(of: number)
        guard let child = tree.child(of: leader, on: symbol) else { return isOpen ? nil : number }
        return partition.class(of: child)
      }
    }
    return Extraction(
      partition: partition, successors: successors,
      outputs: partition.leaders.map { parity(Int($0)) },
      disagreements: Array(repeating: 1, count: partition.count), consistency: 0.75,
      alphabet: .digits(2), outputAlphabet: .digits(2))
  }

  private func parity(_ node: Int) -> Int { tree.word(of: node).reduce(0, +) % 2 }

  private var task: MooreMachine {
    get throws {
      try MooreMachine(alphabet: .digits(2), outputs: [0, 1], successors: [0, 1, 1, 0])
    }
  }

  private func rows(_ table: String) -> [[String]] {
    table.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func `the table of states has the columns of the design, in their order`() throws {
    let columns =
      "epoch,classes,states,complete,open_transitions,consistency,minimal_states,"
      + "equivalent_to_task,separating_word,mergers,splits,merged_pairs,"
      + "disagreeing_merged_pairs,mean_distance,train_loss,validation_loss"
    let history = try History(words: tree, alphabet: .digits(2), task: nil)
    let header = history.statesTable.split(separator: "\n")[0]
    #expect(header == columns || header.hasPrefix(columns + ","))
  }

  @Test func `rows say what is known and leave empty what is not`() throws {
    let vectors = MatrixBuffer(rows: tree.count, columns: 1)
    for node in 0..<tree.count { vectors[node, 0] = Float(parity(node)) }
    // Words agree with every third word; the task itself does not matter here.
    let agreement = Agreement(classes: Partition(labels: (0..<tree.count).map { $0 % 3 }))
    func history(_ task: MooreMachine?) throws -> History {
      var history = try History(words: tree, alphabet: .digits(2), task: task)
      history.append(epoch: 0, extraction: extraction({ _ in 0 }), trainLoss: 0.5)
      var pairs = PairHistory(words: tree, agreement: task == nil ? nil : agreement)
      history.append(
        epoch: 3, extraction: extraction({ $0 }, isOpen: true),
        pairs: pairs.append(epoch: 3, vectors, mergeDistance: 0.5))
      history.append(
        epoch: 10, extraction: extraction(parity),
        pairs: pairs.append(epoch: 10, vectors, mergeDistance: 0.5), trainLoss: 0.25,
        validationLoss: 1e-7)
      return history
    }
    // Vectors lie 0 or 1 apart: 7 words are even and 8 odd, or the other way round.
    let odd = (0..<tree.count).count { parity($0) == 1 }
    let even = tree.count - odd
    let merged = odd * (odd - 1) / 2 + even * (even - 1) / 2
    var disagreeing = 0
    for a in 0..<tree.count {
      for b in 0..<a where parity(a) == parity(b) && a % 3 != b % 3 { disagreeing += 1 }
    }
    let mean = Double(odd * even) / Double(tree.count * (tree.count - 1) / 2)
    var known = rows(try history(task).statesTable).map { Array($0.prefix(16)) }
    for row in 2...3 {
      let written: Double = try #require(Double(known[row][13]))
      #expect(abs(written - mean) < 1e-6)
      known[row][13] = "mean"
    }
    #expect(
      Array(known.dropFirst()) == [
        [
          "0", "1", "1", "true", "0", "0.75", "1", "false", "1", "", "", "", "", "", "0.5", "",
        ],
        // The tree of all words knows nothing of words of length 4.
        [
          "3", "15", "15", "false", "16", "0.75", "", "false", "0000", "0", "14",
          "\(merged)", "\(disagreeing)", "mean", "", "",
        ],
        [
          "10", "2", "2", "true", "0", "0.75", "2", "true", "", "13", "0", "\(merged)",
          "\(disagreeing)", "mean", "0.25", "1e-07",
        ],
      ])
    let unknown = rows(try history(nil).statesTable)
    #expect(unknown.count == 4 && unknown.allSatisfy { $0.count == unknown[0].count })
    for row in unknown.dropFirst() {
      // Without a task nothing is equivalent to it, and no merged pair disagrees.
      #expect(row[7] == "" && row[8] == "" && row[12] == "")
    }
  }

  @Test func `the ledger names the words of every event`() throws {
    var history = try History(words: tree, alphabet: .digits(2), task: nil)
    history.append(epoch: 0, extraction: extraction { _ in 0 })
    history.append(epoch: 4, extraction: extraction(parity))
    history.append(epoch: 5, extraction: extraction { $0 == 0 ? 2 : parity($0) })
    history.append(epoch: 6, extraction: extraction { _ in 0 })
    #expect(
      rows(history.mergersTable) == [
        ["from_epoch", "to_epoch", "event", "state", "part", "words", "kind"],
        ["0", "4", "split", "ε", "1", "7", "raw"],
        ["4", "5", "split", "ε", "0", "7", "raw"],
        ["5", "6", "merger", "ε", "0", "7", "raw"],
        ["5", "6", "merger", "ε", "1", "7", "raw"],
      ])
  }

  @Test func `words with separators are quoted`() throws {
    let alphabet = try Alphabet([",", "\""])
    var history = try History(words: tree, alphabet: alphabet, task: nil)
    history.append(epoch: 0, extraction: extraction { _ in 0 })
    history.append(epoch: 1, extraction: extraction { $0 == 1 ? 1 : $0 == 6 ? 2 : 0 })
    let lines = history.mergersTable.split(separator: "\n")
    #expect(lines.dropFirst() == [#"0,1,split,ε,",",1,raw"#, #"0,1,split,ε,"""""",1,raw"#])
  }

  @Test func `a task over other symbols is refused`() throws {
    let other = try MooreMachine(
      alphabet: Alphabet(["a", "b"]), outputs: [0], successors: [0, 0])
    #expect(throws: AlphabetMismatch.self) {
      try History(words: tree, alphabet: .digits(2), task: other)
    }
  }
}

@Suite struct PrefixTreeTests {
  @Test(arguments: 1...4, 0...5)
  func `the complete tree lists all words in shortlex order`(symbols: Int, depth: Int) {
    let tree = PrefixTree.complete(symbolCount: symbols, depth: depth)
    let all = words(upTo: depth, symbols: symbols)
    #expect((0..<tree.count).map(tree.word(of:)) == all)
    #expect(PrefixTree.completeCount(symbolCount: symbols, depth: depth) == all.count)
    #expect(tree.depth == depth)
    for (node, word) in all.enumerated() {
      #expect(tree.node(of: word) == node && tree.length(of: node) == word.count)
      for symbol in 0..<symbols {
        #expect(tree.child(of: node, on: symbol) == all.firstIndex(of: word + [symbol]))
      }
    }
    #expect(tree.node(of: Array(repeating: 0, count: depth + 1)) == nil)
  }

  @Test func `counts beyond 32 bits are none`() {
    #expect(PrefixTree.completeCount(symbolCount: 2, depth: 29) == (1 << 30) - 1)
    #expect(PrefixTree.completeCount(symbolCount: 2, depth: 64) == nil)
    #expect(PrefixTree.completeCount(symbolCount: 1 << 20, depth: 2) == nil)
  }

  @Test(arguments: UInt64(0)..<80)
  func `a tree of chosen words holds them and their beginnings`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let symbols = Int.random(in: 1...3, using: &generator)
    let length = Int.random(in: 0...5, using: &generator)
    let set = (0..<Int.random(in: 1...15, using: &generator)).map { _ in
      (0..<length).map { _ in Int32.random(in: 0..<Int32(symbols), using: &generator) }
    }.sorted { $0.lexicographicallyPrecedes($1) }
    let chosen = set.indices.filter { _ in Bool.random(using: &generator) }
    var tree = PrefixTree(symbolCount: symbols)
    var leaves: [Int32] = []
    for sharing in [true, false, true] {
      tree.rebuild(
        words: set.flatMap { $0 }, length: length, selection: chosen.map(Int32.init),
        sharing: sharing, leaves: &leaves)
      #expect(leaves.map { tree.word(of: Int($0)) } == chosen.map { set[$0].map(Int.init) })
      let prefixes = Set(chosen.flatMap { word in (0...length).map { set[word].prefix($0) } })
      #expect(tree.count == (sharing ? max(prefixes.count, 1) : 1 + chosen.count * length))
      if sharing, length > 0 || !chosen.isEmpty {
        // Nodes are in shortlex order, and children know their parents.
        let all = (0..<tree.count).map(tree.word(of:))
        #expect(
          all
            == all.sorted {
              $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1)
            })
        #expect(Set(all).count == all.count)
      }
      for node in 0..<tree.count {
        for child in tree.children(of: node) { #expect(tree.parents[child] == Int32(node)) }
        #expect(tree.levelStarts[tree.length(of: node)] <= node)
      }
      #expect(tree.levelStarts.count == length + 2 && tree.levelStarts.last == tree.count)
    }
  }
}
