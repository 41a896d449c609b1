import TestSupport
import Testing

@testable import Automata

/// Words up to length 4 over two symbols: every operator, cut off at that length, is exact.
private let universe = words(upTo: 4)

/// An expression with its words up to length 4, found by listing.
private indirect enum Tree {
  case none, empty, any
  case literal(Int)
  case union(Tree, Tree), intersection(Tree, Tree), concatenation(Tree, Tree)
  case complement(Tree)
  case repetition(Tree, Int, Int?)

  static func random(depth: Int, using generator: inout some RandomNumberGenerator) -> Tree {
    if depth == 0 || Int.random(in: 0..<8, using: &generator) == 0 {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: return .none
      case 1: return .empty
      case 2: return .any
      default: return .literal(Int.random(in: 0..<2, using: &generator))
      }
    }
    let left = random(depth: depth - 1, using: &generator)
    switch Int.random(in: 0..<9, using: &generator) {
    case 0, 1: return .union(left, random(depth: depth - 1, using: &generator))
    case 2: return .intersection(left, random(depth: depth - 1, using: &generator))
    case 3, 4, 5: return .concatenation(left, random(depth: depth - 1, using: &generator))
    case 6: return .complement(left)
    default:
      let least = [0, 0, 1, 2].randomElement(using: &generator)!
      return .repetition(
        left, least,
        Bool.random(using: &generator) ? nil : least + Int.random(in: 0...2, using: &generator))
    }
  }

  var words: Set<[Int]> {
    switch self {
    case .none: []
    case .empty: [[]]
    case .any: [[0], [1]]
    case .literal(let symbol): [[symbol]]
    case .union(let a, let b): a.words.union(b.words)
    case .intersection(let a, let b): a.words.intersection(b.words)
    case .concatenation(let a, let b): Self.join(a.words, b.words)
    case .complement(let a): Set(universe).subtracting(a.words)
    case .repetition(let a, let least, let most):
      Self.power(a.words, least, most ?? least + 5)
    }
  }

  private static func join(_ a: Set<[Int]>, _ b: Set<[Int]>) -> Set<[Int]> {
    Set(a.flatMap { left in b.map { left + $0 } }.filter { $0.count <= 4 })
  }

  private static func power(_ a: Set<[Int]>, _ least: Int, _ most: Int) -> Set<[Int]> {
    var all: Set<[Int]> = []
    var current: Set<[Int]> = [[]]
    for exponent in 0...most {
      if exponent >= least { all.formUnion(current) }
      current = join(current, a)
    }
    return all
  }

  /// The text with only the parentheses that the strengths ask for.
  func text(_ strength: Int = 0) -> String {
    let (own, text): (Int, String) =
      switch self {
      case .none: (4, "∅")
      case .empty: (4, "()")
      case .any: (4, ".")
      case .literal(let symbol): (4, symbol == 0 ? "0" : "<1>")
      case .union(let a, let b): (0, "\(a.text(0))|\(b.text(0))")
      case .intersection(let a, let b): (1, "\(a.text(1)) & \(b.text(1))")
      case .concatenation(let a, let b): (2, "\(a.text(2))\(b.text(2))")
      case .complement(let a): (3, "!\(a.text(3))")
      case .repetition(let a, 0, nil): (4, "\(a.text(4))*")
      case .repetition(let a, 1, nil): (4, "\(a.text(4))+")
      case .repetition(let a, 0, 1): (4, "\(a.text(4))?")
      case .repetition(let a, let least, nil): (4, "\(a.text(4)){\(least),}")
      case .repetition(let a, let least, let most?):
        (4, least == most ? "\(a.text(4)){\(least)}" : "\(a.text(4)){\(least), \(most)}")
      }
    return own < strength ? "(\(text))" : text
  }
}

@Suite struct RegularExpressionTests {
  @Test func `random expressions accept the words that listing finds`() throws {
    var generator = SplitMix64(seed: 20)
    for _ in 0..<3_000 {
      let tree = Tree.random(depth: 4, using: &generator)
      let text = tree.text()
      let machine = try MooreMachine(regularExpression: text, alphabet: .digits(2))
      let expected = tree.words
      guard universe.allSatisfy({ (machine.output(after: $0) == 1) == expected.contains($0) }),
        machine == machine.minimized(), machine.isComplete
      else {
        Issue.record("\(text)")
        return
      }
    }
  }

  @Test func `Tomita's languages have their known numbers of states`() throws {
    let expressions = [
      "1*", "(10)*", "!((.*0)?1(11)*0(.*10)?(00)*(1.*)?)", "!(.*000.*)",
      "1*(01*01*)* & 0*(10*10*)*", "(0(01)*(1|00)|1(10)*(0|11))*", "0*1*0*1*",
    ]
    let counts = try expressions.map {
      try MooreMachine(regularExpression: $0, alphabet: .digits(2)).stateCount
    }
    #expect(counts == [2, 3, 5, 4, 4, 3, 5])
  }

  @Test func `machines come back from their expressions`() throws {
    var generator = SplitMix64(seed: 21)
    let machines =
      MooreMachine.all(states: 2, withOpenTransitions: true)
      + MooreMachine.all(states: 3).enumerated().filter { $0.offset % 13 == 0 }.map(\.element)
      + (0..<400).map { _ in MooreMachine.awkward(using: &generator) }
    for machine in machines {
      for output in 0..<machine.outputAlphabet.count {
        let text = try #require(machine.regularExpression(output: output))
        let back = try MooreMachine(regularExpression: text, alphabet: machine.alphabet)
        let expected = MooreMachine(
          unchecked: machine.alphabet, outputAlphabet: .digits(2),
          outputs: machine.outputs.map { $0 == output ? 1 : 0 }, successors: machine.successors
        ).completed(sinkOutput: 0)
        if let word = try back.separatingWord(from: expected) {
          Issue.record("\(machine), \(text), \(word)")
          return
        }
      }
    }
  }

  @Test(arguments: [
    ("1*", "1*"), ("(0|1)*", "[01]*"), ("(0|10*1)*", "(0|10*1)*"), ("00*", "0+"), ("ε|0", "0?"),
    ("∅", "∅"), ("ε", "ε"), ("[a-e]f", "[a-e]f"), ("<go><stop>*", "<go><stop>*"),
    (#"\*\ \\"#, #"\*\ \\"#),
  ])
  func `simple machines have simple expressions`(expression: String, expected: String) throws {
    let alphabet = expression.contains("ε") || expression.contains("∅") ? Alphabet.digits(2) : nil
    let machine = try MooreMachine(regularExpression: expression, alphabet: alphabet)
    #expect(machine.regularExpression() == expected)
  }

  @Test func `an expression that would be too long is not written`() {
    var generator = SplitMix64(seed: 22)
    let machine = MooreMachine.uniformlyRandom(states: 60, using: &generator)
    #expect(machine.regularExpression() == nil)
  }

  @Test func `the alphabet is what occurs, in natural order`() throws {
    let machine = try MooreMachine(regularExpression: #"b|<10>"9"[a-c]\*|"a b""#)
    #expect(machine.alphabet.symbols == ["9", "10", "*", "a", "a b", "b", "c"])
    #expect(machine.leastWord() == [4])
    let negated = try MooreMachine(regularExpression: "[^0-5]", alphabet: .digits(8))
    #expect((0..<8).filter { negated.output(after: [$0]) == 1 } == [6, 7])
  }

  @Test(arguments: [
    ("", 1, "found the end where an expression (the empty word is written ε or ()) was needed."),
    ("a|", 3, "found the end where an expression (the empty word is written ε or ()) was needed."),
    ("é|*", 3, "found '*' where an expression (the empty word is written ε or ()) was needed."),
    ("a)b", 2, "found ')' where the end, since no '(' is open was needed."),
    ("((a)", 1, "found '(' without its ')' where as many ')' as '(' was needed."),
    ("a{3,2}", 7 - 1, "found {3,2} where a range that rises was needed."),
    ("a{x}", 3, "found 'x' where a number was needed."),
    ("a{2", 4, "found the end of the file where '}' was needed."),
    ("a{99999}", 3, "found 99999 repetitions where at most 10000 was needed."),
    ("[ab", 1, "found a class without end where ']' was needed."),
    ("[z-a]", 2, "found the range z-a where two single characters that rise was needed."),
    ("<go", 1, "found a name without end where '>' was needed."),
    ("a<>", 2, "found an empty name where the name of a symbol was needed."),
    ("a]", 2, "found ']' where a symbol (to mean this one, write '\\' before it) was needed."),
    ("a\\", 3, "found the end where the escaped symbol was needed."),
    ("ε", 1, "found an expression without a symbol where one, or an alphabet was needed."),
  ])
  func `a mistake is shown with its column`(text: String, column: Int, message: String) throws {
    let error = #expect(throws: FormatError.self) { try MooreMachine(regularExpression: text) }
    #expect(
      error?.description == "Regular expression, line 1, column \(column): \(message)")
  }

  @Test func `an unknown symbol is shown with the alphabet`() throws {
    let error = #expect(throws: FormatError.self) {
      try MooreMachine(regularExpression: "0[12]", alphabet: .digits(2))
    }
    #expect(
      error?.description
        == "Regular expression, line 1, column 4: '2' is no symbol of the alphabet {0, 1}.")
  }

  @Test func `a million of anything gives an answer or an error`() throws {
    let million = 1_000_000
    func text(_ part: String, _ count: Int = 1_000_000) -> String {
      String(repeating: part, count: count)
    }
    let nested = text("(", million) + "a" + text(")", million)
    #expect(try MooreMachine(regularExpression: nested).stateCount == 3)
    for bad in [text("("), text(")"), text("["), text("!"), text("a|"), text("<"), text("a{")] {
      #expect(throws: FormatError.self) { try MooreMachine(regularExpression: bad) }
    }
    #expect(try MooreMachine(regularExpression: text("!") + "a").stateCount == 3)
    #expect(try MooreMachine(regularExpression: "a" + text("*")).stateCount == 1)
    #expect(try MooreMachine(regularExpression: text("a|") + "a").stateCount == 3)
    #expect(try MooreMachine(regularExpression: text("a", 100_000)).stateCount == 100_002)
  }

  @Test func `what would grow beyond its limits is refused at its operator`() throws {
    for text in ["(a|b)*a(a|b){25}", "a{10000}{10000}", "((a{100}){100}){1000}"] {
      #expect(throws: FormatError.self) {
        try MooreMachine(regularExpression: text, stateLimit: 50_000)
      }
    }
    let error = #expect(throws: FormatError.self) {
      try MooreMachine(regularExpression: "b!((a|b)*a(a|b){25})", stateLimit: 1_000)
    }
    #expect(
      error?.description == "Regular expression, line 1, column 2: found an expression whose "
        + "machine needs more than 1000 states where a smaller one was needed.")
  }

  @Test func `ten thousand mutated expressions are read or refused`() throws {
    var generator = SplitMix64(seed: 23)
    var readCount = 0
    for _ in 0..<10_000 {
      let text = mutated(Tree.random(depth: 4, using: &generator).text(), using: &generator)
      if (try? MooreMachine(regularExpression: text, alphabet: .digits(2), stateLimit: 1_000))
        != nil
      {
        readCount += 1
      }
    }
    #expect((300..<9_000).contains(readCount))
  }
}
