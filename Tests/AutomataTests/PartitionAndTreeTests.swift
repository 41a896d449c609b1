import TestSupport
import Testing

@testable import Automata

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
