import Automata
import TestSupport
import Testing

@Suite struct TreeWalkTests {
  @Test(arguments: UInt64(0)..<50)
  func `outputs along a tree are those of its words`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let machine = MooreMachine.uniformlyRandom(
      states: Int.random(in: 1...6, using: &generator), alphabet: .digits(2),
      outputAlphabet: .digits(3), using: &generator)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
    let expected = (0..<tree.count).map { machine.output(after: tree.word(of: $0)) }
    #expect(machine.outputs(of: tree).map(Optional.some) == expected)
  }

  @Test func `two words go on together where the set holds both continuations`() throws {
    let words: [[Int]] = [[], [0], [1], [0, 0], [0, 2], [1, 0], [1, 1], [1, 2]]
    let (tree, _) = try #require(PrefixTree.ofWords(words, symbolCount: 3))
    for a in 0..<tree.count {
      for b in 0..<tree.count {
        var found: [[Int]] = []
        tree.forEachContinuation(of: a, and: b) { found.append([$0, $1]) }
        let expected = (0..<3).compactMap { symbol -> [Int]? in
          guard let one = tree.node(of: tree.word(of: a) + [symbol]),
            let other = tree.node(of: tree.word(of: b) + [symbol])
          else { return nil }
          return [one, other]
        }
        #expect(found == expected)
      }
    }
  }
}
