import Automata
import Testing

@testable import Drawing

@Test func `the parity machine is drawn with two states and four labelled arrows`() throws {
  let machine = try MooreMachine(alphabet: .digits(2), outputs: [0, 1], successors: [0, 1, 1, 0])
  let svg = drawing(of: machine)
  #expect(isWellFormed(svg))
  #expect(count("class=\"circle\"", in: svg) == 2)
  #expect(count("class=\"arrow\"", in: svg) == 4)
  // The accepting state has a double line.
  #expect(count("class=\"ring r1\"", in: svg) == 2)
  #expect(count("class=\"ring r0\"", in: svg) == 1)
  #expect(count("class=\"start\"", in: svg) == 1)
  #expect(drawing(of: machine) == svg)
}

@Test func `parallel edges are joined`() throws {
  let machine = try MooreMachine(
    alphabet: .digits(2), outputs: [0, 1], successors: [1, 1, 0, nil])
  let svg = drawing(of: machine)
  #expect(svg.contains(">0, 1</text>"))
  #expect(count("class=\"arrow\"", in: svg) == 2)
}

@Test(arguments: [1, 2, 5, 40, 61, 150])
func `machines of any size are drawn`(states: Int) throws {
  var generator = SplitMix64(seed: UInt64(states))
  let machine = try MooreMachine(
    alphabet: .digits(2), outputAlphabet: .digits(3),
    outputs: (0..<states).map { _ in Int.random(in: 0..<3, using: &generator) },
    successors: (0..<2 * states).map { _ in Int.random(in: 0..<states, using: &generator) })
  #expect(isWellFormed(drawing(of: machine)))
}

@Test func `names of any kind are drawn`() throws {
  let machine = try MooreMachine(
    alphabet: Alphabet(oddNames), outputAlphabet: Alphabet(["<&>"]), outputs: [0],
    successors: [0, 0, nil, nil, 0, nil])
  let svg = drawing(of: machine)
  #expect(isWellFormed(svg))
  #expect(svg.contains("&lt;&amp;&quot;&gt;"))
}
