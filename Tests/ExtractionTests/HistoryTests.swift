import Automata
import TestSupport
import Testing

@testable import Extraction

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

  @Test func `a task over other symbols is refused`() throws {
    let other = try MooreMachine(
      alphabet: Alphabet(["a", "b"]), outputs: [0], successors: [0, 0])
    #expect(throws: AlphabetMismatch.self) {
      try History(words: tree, alphabet: .digits(2), task: other)
    }
  }
}
