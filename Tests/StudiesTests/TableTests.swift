import Automata
import Extraction
import LinearAlgebra
import Studies
import Testing

@Suite struct HistoryTableTests {
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
    let header = history.statesTable { _ in nil }.split(separator: "\n")[0]
    #expect(header == columns || header.hasPrefix(columns + ","))
  }

  @Test func `rows say what is known and leave empty what is not`() throws {
    let vectors = MatrixBuffer(rows: tree.count, columns: 1)
    for node in 0..<tree.count { vectors[node, 0] = Float(parity(node)) }
    // Words agree with every third word; the task itself does not matter here.
    let agreement = Agreement(classes: Partition(labels: (0..<tree.count).map { $0 % 3 }))
    func history(_ task: MooreMachine?) throws -> History {
      var history = try History(words: tree, alphabet: .digits(2), task: task)
      history.append(epoch: 0, extraction: extraction({ _ in 0 }))
      var pairs = PairHistory(words: tree, agreement: task == nil ? nil : agreement)
      history.append(
        epoch: 3, extraction: extraction({ $0 }, isOpen: true),
        pairs: pairs.append(epoch: 3, vectors, mergeDistance: 0.5))
      history.append(
        epoch: 10, extraction: extraction(parity),
        pairs: pairs.append(epoch: 10, vectors, mergeDistance: 0.5))
      return history
    }
    let losses = [0: (train: 0.5, validation: 2.0), 10: (train: 0.25, validation: 1e-7)]
    // Vectors lie 0 or 1 apart: 7 words are even and 8 odd, or the other way round.
    let odd = (0..<tree.count).count { parity($0) == 1 }
    let even = tree.count - odd
    let merged = odd * (odd - 1) / 2 + even * (even - 1) / 2
    var disagreeing = 0
    for a in 0..<tree.count {
      for b in 0..<a where parity(a) == parity(b) && a % 3 != b % 3 { disagreeing += 1 }
    }
    let mean = Double(odd * even) / Double(tree.count * (tree.count - 1) / 2)
    var known = rows(try history(task).statesTable { losses[$0] }).map { Array($0.prefix(16)) }
    for row in 2...3 {
      let written: Double = try #require(Double(known[row][13]))
      #expect(abs(written - mean) < 1e-6)
      known[row][13] = "mean"
    }
    #expect(
      Array(known.dropFirst()) == [
        [
          "0", "1", "1", "true", "0", "0.75", "1", "false", "1", "", "", "", "", "", "0.5", "2.0",
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
    let unknown = rows(try history(nil).statesTable { losses[$0] })
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

  @Test(arguments: UInt64(0)..<20)
  func `tables of pairs are sums over pairs`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let classes = Partition(
      labels: (0..<tree.count).map { _ in Int.random(in: 0...2, using: &generator) })
    var history = PairHistory(
      words: tree, agreement: seed % 4 == 0 ? nil : Agreement(classes: classes))
    for epoch in 0..<4 {
      let vectors = MatrixBuffer(rows: tree.count, columns: 1)
      for node in 0..<tree.count { vectors[node, 0] = Float.random(in: 0..<40, using: &generator) }
      _ = history.append(epoch: epoch, vectors, mergeDistance: 2)
    }
    // The table of lengths adds up to the table of all pairs.
    var all = ""
    history.writeAllPairs(alphabet: .digits(2)) { all += $0 }
    let pairs = rows(all)
    #expect(pairs.count == 466)
    let lengths = rows(history.lengthsTable)
    func column(_ rows: [[String]], _ name: String) throws -> [String] {
      let index = try #require(rows[0].firstIndex(of: name))
      return rows.dropFirst().map { $0[index] }
    }
    func sum(_ name: String) throws -> Int {
      try column(lengths, name).reduce(0) { $0 + (Int($1) ?? 0) }
    }
    #expect(try sum("pairs") == 465)
    let merged = try column(pairs, "merged").filter { $0 == "true" }
    #expect(try sum("merged") == merged.count)
    let linked = try column(pairs, "merger_epoch").filter { $0 != "" }
    #expect(try sum("linked") == linked.count)
    let apart = try column(pairs, "moved_apart_first").filter { $0 == "true" }
    #expect(try sum("moved_apart_first") == apart.count)
    let shorter = try column(lengths, "shorter_length").compactMap { Int($0) }
    let longer = try column(lengths, "longer_length").compactMap { Int($0) }
    #expect(shorter.count == longer.count && zip(shorter, longer).allSatisfy { $0 <= $1 })
  }
}
