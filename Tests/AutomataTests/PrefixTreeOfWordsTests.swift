import Automata
import TestSupport
import Testing

@Suite struct PrefixTreeOfWordsTests {
  @Test func `all words up to a length in any order make the complete tree`() throws {
    var generator = SplitMix64(seed: 11)
    for (symbols, depth) in [(1, 4), (2, 0), (2, 5), (3, 3)] {
      let complete = PrefixTree.complete(symbolCount: symbols, depth: depth)
      let words = (0..<complete.count).map { complete.word(of: $0) }
      let shuffled = words.shuffled(using: &generator)
      let (tree, positions) = try #require(PrefixTree.ofWords(shuffled, symbolCount: symbols))
      #expect(tree == complete)
      #expect(positions.map { shuffled[$0] } == words)
    }
  }

  @Test(arguments: UInt64(0)..<100)
  func `of chosen words those stay all of whose prefixes were chosen`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let complete = PrefixTree.complete(symbolCount: 3, depth: 4)
    var words = (0..<complete.count).map { complete.word(of: $0) }.filter { word in
      word.isEmpty || Int.random(in: 0..<4, using: &generator) > 0
    }
    words += words.prefix(3)
    words.shuffle(using: &generator)
    let chosen = Set(words)
    let closed = chosen.filter { word in
      (0...word.count).allSatisfy { chosen.contains(Array(word.prefix($0))) }
    }
    guard let (tree, positions) = PrefixTree.ofWords(words, symbolCount: 3) else {
      Issue.record("ε was chosen")
      return
    }
    #expect(tree.count == closed.count)
    var seen: Set<[Int]> = []
    for node in 0..<tree.count {
      let word = tree.word(of: node)
      seen.insert(word)
      #expect(word == words[positions[node]] && tree.node(of: word) == node)
      #expect(tree.length(of: node) == word.count)
      for child in tree.children(of: node) { #expect(tree.parents[child] == node) }
    }
    #expect(seen == closed)
  }

  @Test func `without the empty word there is no tree`() {
    #expect(PrefixTree.ofWords([[0], [0, 1]], symbolCount: 2) == nil)
    #expect(PrefixTree.ofWords([], symbolCount: 2) == nil)
  }
}
