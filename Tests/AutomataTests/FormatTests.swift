import TestSupport
import Testing

@testable import Automata

extension MooreMachine {
  /// A random machine with open transitions, unreached states and names that need care.
  static func awkward(using generator: inout some RandomNumberGenerator) -> MooreMachine {
    let machine = varied(atMostStates: 8, using: &generator)
    let names = [
      "a", "b", "0", "10", "9", "007", "a b", " x ", "a/x", "\"", "\\", "\\n", "|", "{q}", "é",
      "日本", "\n", "->", "[", ";", "//", "ε", "<b>", ",", "#", "s0", "label=\"\"", "&amp;", "\t",
      "a | b", "'", "\\\"", "1", "TRUE", "<eps>",
    ].shuffled(using: &generator)
    if Int.random(in: 0..<3, using: &generator) == 0 { return machine }
    // Distinct names, none empty.
    return MooreMachine(
      unchecked: try! Alphabet(Array(names.prefix(machine.alphabet.count))),
      outputAlphabet: try! Alphabet(Array(names.suffix(machine.outputAlphabet.count))),
      outputs: machine.outputs, successors: machine.successors)
  }
}

/// `text` with a few bytes deleted, doubled, swapped or replaced; invalid UTF-8 is repaired.
func mutated(_ text: String, using generator: inout some RandomNumberGenerator) -> String {
  var bytes = Array(text.utf8)
  let marks = Array("{}[]()<>\"'\\/|;:,=-> \n\t0129as#*&!?+.\u{0}é".utf8)
  for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
    let place = Int.random(in: bytes.indices, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.remove(at: place)
    case 1: bytes.insert(marks.randomElement(using: &generator)!, at: place)
    case 2: bytes[place] = marks.randomElement(using: &generator)!
    case 3: bytes.swapAt(place, Int.random(in: bytes.indices, using: &generator))
    case 4:
      let end = min(place + Int.random(in: 1...20, using: &generator), bytes.count)
      bytes.insert(
        contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
    default:
      bytes.removeSubrange(
        place..<min(place + Int.random(in: 1...20, using: &generator), bytes.count))
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

@Suite struct DOTTests {
  @Test func `the dialect is the Automata Wiki's`() throws {
    let parity = try MooreMachine(alphabet: .digits(2), outputs: [0, 1], successors: [0, 1, 1, 0])
    #expect(
      parity.dot() == """
        digraph automaton {
          s0 [label="s0"];
          s1 [label="s1", shape=doublecircle];
          s0 -> s0 [label="0"];
          s0 -> s1 [label="1"];
          s1 -> s1 [label="0"];
          s1 -> s0 [label="1"];
          __start0 [label="", shape=none];
          __start0 -> s0 [label=""];
        }

        """)
    let moore = parity.dot(style: .moore)
    #expect(moore.contains("  s1 [label=\"s1|1\", shape=record, style=rounded];\n"))
    #expect(try MooreMachine(dot: moore) == parity)
  }

  @Test func `every small machine is read back as it was written`() throws {
    for machine in MooreMachine.all(states: 2, withOpenTransitions: true) {
      for style in [DOTStyle.acceptor, .moore] {
        let copy = try MooreMachine(dot: machine.dot(style: style))
        if copy != machine { Issue.record("\(machine) came back as \(copy)") }
      }
    }
  }

  @Test func `awkward machines are read back as they were written`() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<2_000 {
      let machine = MooreMachine.awkward(using: &generator)
      for style in [DOTStyle.acceptor, .moore]
      where style == .moore || machine.outputAlphabet.count <= 2 {
        let text = machine.dot(style: style)
        let copy = try? MooreMachine(dot: text)
        if copy != machine {
          Issue.record("\(machine) came back as \(String(describing: copy)) from \(text)")
          return
        }
      }
    }
  }

  @Test func `what people and other tools write is read`() throws {
    let expected = try MooreMachine(
      alphabet: Alphabet(["a", "b"]), outputs: [0, 1], successors: [0, 1, 1, nil])
    let variants = [
      // AALpy's own hand
      """
      digraph model {
      s0 [label="s0"];
      s1 [label="s1", shape=doublecircle];
      s0 -> s0 [label="a"];
      s0 -> s1 [label="b"];
      s1 -> s1 [label="a"];
      __start0 [label="", shape=none];
      __start0 -> s0  [label=""];
      }
      """,
      // LearnLib's Moore
      """
      digraph g {
      \ts0 [shape="record" style="rounded" label="{ 0 | 0 }"];
      \ts1 [shape="record" style="rounded" label="{ 1 | 1 }"];
      \ts0 -> s0 [label="a"];
      \ts0 -> s1 [label="b"];
      \ts1 -> s1 [label="a"];
      __start0 [label="" shape="none" width="0" height="0"];
      __start0 -> s0;
      }
      """,
      // LearnLib's Moore machine as it is drawn
      """
      digraph g {
      s0 [shape="circle" label="0 / 0"]; s1 [shape="circle" label="1 / 1"];
      s0 -> s0 [label="a"]; s0 -> s1 [label="b"]; s1 -> s1 [label="a"];
      __start0 [label="" shape="none"]; __start0 -> s0;
      }
      """,
      // Graphviz's manual: defaults, implicit states, no quotes, digits, comments, everywhere
      """
      # 1 "cpp line"
      /* a machine */ STRICT DiGraph "my machine" { rankdir=LR; // sideways
        graph [fontname=Helvetica]
        node [shape=point] init;
        node [shape = doublecircle]; 1
        node [shape = circle];
        init:e -> 0:w
        0 -> 0 [label
           =
           a] [color=red,
           weight=2;penwidth=3]
        edge [label=b] 0 -> 1
        1 -> 1 [label="" + "a"]
      }
      """,
      // a chain, and an edge that is given twice
      """
      digraph{ x; y[peripheries=2]; __start -> x; x -> x [label=a];
      x->y[label=b];x->y[label=b]; y->y [label="a"] ; }
      """,
    ]
    for text in variants { #expect(try MooreMachine(dot: text) == expected) }
    let chain = try MooreMachine(
      dot: "digraph { node []; __start0 -> 1; 1 -> 2 -> 3 -> 1 [label=1]; 3 [shape=doublecircle] }")
    #expect(
      try chain
        == MooreMachine(
          alphabet: Alphabet(["1"]), outputAlphabet: .digits(2), outputs: [0, 0, 1],
          successors: [1, 2, 0]))
  }

  @Test func `symbols are in natural order`() throws {
    let machine = try MooreMachine(
      dot: """
        digraph { q; __start0 -> q; q -> q [label=10]; q -> q [label=b]; q -> q [label=9];
        q -> q [label=B]; q -> q [label=x1] }
        """)
    #expect(machine.alphabet.symbols == ["9", "10", "B", "b", "x1"])
  }

  @Test func `a Mealy machine is read as the Moore machine of its last output`() throws {
    // Says whether the number of a's is even (e) or odd (o).
    let machine = try MooreMachine(
      dot: """
        digraph { s0 [label="s0"]; s1 [label="s1"];
        s0 -> s1 [label="a / o"]; s1 -> s0 [label="a/e"]; s0 -> s0 [label="b / e"];
        s1 -> s1 [label="b / o"]; __start0 -> s0; }
        """)
    #expect(machine.outputAlphabet.symbols == ["ε", "e", "o"])
    for word in words(upTo: 6) {
      let output = machine.output(after: word).map { machine.outputAlphabet.symbols[$0] }
      #expect(
        output == (word.isEmpty ? "ε" : word.count { $0 == 0 }.isMultiple(of: 2) ? "e" : "o"))
    }
    #expect(machine.minimized().stateCount == 3)
  }

  @Test(arguments: [
    ("", "line 1, column 1: found the end of the file where 'digraph' was needed."),
    ("graph { }", "line 1, column 1: found 'graph' where 'digraph' was needed."),
    (
      "digraph {\n  a\n}\n",
      "line 4, column 1: the machine has no start; "
        + "add '__start0 [label=\"\", shape=none]; __start0 -> NAME;'."
    ),
    (
      "digraph {\n  é -- b\n}", "line 2, column 5: found an undirected edge where '->' was needed."
    ),
    (
      "digraph { subgraph x { a } }",
      "line 1, column 11: a subgraph cannot be read as part of a machine; "
        + "list its states and edges in the digraph itself."
    ),
    (
      "digraph { a; b; __start0 -> a; a -> b [label=0];\n a -> a [label=0]; }",
      "line 2, column 2: from 'a' the symbol '0' leads to 'b' and to 'a'; "
        + "a deterministic machine needs one successor."
    ),
    (
      "digraph { a; b; __start0 -> a; __start1 -> b }",
      "line 1, column 32: 'b' is a second start beside 'a'; a machine needs exactly one."
    ),
    (
      "digraph { a; __start0 -> a; a -> b [label=0] }",
      "line 1, column 34: 'b' is no state of this file; "
        + "add 'b;' if it should be, or 'node [shape=circle];'."
    ),
    (
      "digraph { a [label=\"a|0\"]; b [label=b]; __start0 -> a }",
      "line 1, column 28: no symbol occurs, so the alphabet is unknown; "
        + "at least one is needed."
    ),
    (
      "digraph { a [label=\"a|0\"]; b [label=b]; __start0 -> a; a -> b [label=x] }",
      "line 1, column 37: the state 'b' has no output; label it 'b|OUTPUT' as the other states are."
    ),
    (
      "digraph { a; __start0 -> a; a -> a }",
      "line 1, column 29: found an edge without a symbol where a label with the symbol was needed."
    ),
    (
      "digraph { a; __start0 -> a; a -> a [label=\"x",
      "line 1, column 43: found a name without end where '\"' was needed."
    ),
    (
      "digraph { alphabet=\"0 0\"; a; __start0 -> a }",
      "line 1, column 20: '0' occurs twice among the symbols; each needs a name of its own."
    ),
    (
      "digraph { alphabet=\"0 1\"; a; __start0 -> a; a -> a [label=2] }",
      "line 1, column 59: '2' is no symbol of the alphabet {0, 1}."
    ),
  ])
  func `a mistake is shown with its place`(text: String, message: String) throws {
    let error = #expect(throws: FormatError.self) { try MooreMachine(dot: text) }
    // A missing alphabet is noticed at the end of the text.
    let place = message.contains("no symbol occurs") ? "line 1, column 56" : nil
    let expected = place.map { $0 + message.drop { $0 != ":" } } ?? message
    #expect(error?.description == "DOT, " + expected)
  }

  @Test func `ten thousand mutated files are read or refused`() throws {
    var generator = SplitMix64(seed: 11)
    var readCount = 0
    for _ in 0..<10_000 {
      let machine = MooreMachine.awkward(using: &generator)
      let text = machine.dot(style: machine.outputAlphabet.count <= 2 ? nil : .moore)
      if let copy = try? MooreMachine(dot: mutated(text, using: &generator)) {
        readCount += 1
        guard (try? MooreMachine(dot: copy.dot())) == copy else {
          Issue.record("\(copy.dot()) is not read back")
          return
        }
      }
    }
    #expect((1_000..<9_000).contains(readCount))
  }

  @Test func `deep nesting and long chains do no harm`() throws {
    #expect(throws: FormatError.self) {
      try MooreMachine(dot: "digraph " + String(repeating: "{", count: 1_000_000))
    }
    #expect(throws: FormatError.self) {
      try MooreMachine(dot: "digraph { " + String(repeating: "<", count: 1_000_000))
    }
    let chain = Array(repeating: "a", count: 100_000).joined(separator: "->")
    #expect(
      try MooreMachine(dot: "digraph { a; __start0 -> a; \(chain) [label=x] }").stateCount == 1)
  }
}

@Suite struct JSONTests {
  @Test func `the format is what the documentation shows`() throws {
    let machine = try MooreMachine(
      alphabet: .digits(2), outputs: [0, 1, 1], successors: [0, 1, 1, nil, 0, 0])
    let text = machine.json(fields: [("epoch", .integer(560))]) {
      $0 == 0 ? [("leader", .string("\"ε\"")), ("members", .array([.number(0.5), .null]))] : []
    }
    #expect(
      text == """
        {
          "format": "extract-automaton",
          "version": 1,
          "alphabet": ["0", "1"],
          "outputs": ["0", "1"],
          "epoch": 560,
          "states": [
            {"output": "0", "access": "ε", "successors": [0, 1], "leader": "\\"ε\\"", \
        "members": [0.5, null]},
            {"output": "1", "access": "1", "successors": [1, null]},
            {"output": "1", "successors": [0, 0]}
          ]
        }

        """)
    #expect(try MooreMachine(json: text) == machine)
  }

  @Test func `machines are read back as they were written`() throws {
    var generator = SplitMix64(seed: 6)
    let machines =
      MooreMachine.all(states: 2, withOpenTransitions: true)
      + (0..<2_000).map { _ in MooreMachine.awkward(using: &generator) }
    for machine in machines where try MooreMachine(json: machine.json()) != machine {
      Issue.record("\(machine.json()) is not read back")
      return
    }
  }

  @Test func `every escape of JSON is understood`() throws {
    let machine = try MooreMachine(
      json: #"""
        {"version":1,"format":"extract-automaton","alphabet":["\u00e9\ud83d\ude00","\b\f\n\r\t\/\\\""],
         "outputs":["x"],"x":[-0.5e+3,true,false,{"y":[]}],
         "states":[{"output":"x","successors":[null,0],"z":null}]}
        """#)
    #expect(machine.alphabet.symbols == ["é😀", "\u{8}\u{c}\n\r\t/\\\""])
    #expect(try MooreMachine(json: machine.json()) == machine)
  }

  private static let good = """
    {"format": "extract-automaton", "version": 1, "alphabet": ["0"], "outputs": ["a"],
     "states": [{"output": "a", "successors": [0]}]}
    """

  @Test(arguments: [
    ("\"version\": 1", "\"version\": 2", "line 1, column 44: 'version' is 2, but 1 was needed."),
    ("\"version\": 1, ", "", "line 1, column 1: the file lacks the field 'version'; add it."),
    (
      "extract-automaton", "x",
      "line 1, column 12: 'format' is 'x', but 'extract-automaton' was needed."
    ),
    (
      "[\"0\"]", "[\"0\", \"0\"]",
      "line 1, column 59: '0' occurs twice among the names in 'alphabet'; each needs a name of its own."
    ),
    (
      "[\"0\"]", "[]",
      "line 1, column 59: 'alphabet' is [], but a list of at least one name was needed."
    ),
    (
      "[\"0\"]", "[\"\"]",
      "line 1, column 59: a name in 'alphabet' is [\"\"], but a name that is not empty was needed."
    ),
    (
      "\"output\": \"a\"", "\"output\": \"b\"",
      "line 2, column 24: 'b' is none of the outputs {a}."
    ),
    ("\"output\": \"a\", ", "", "line 2, column 13: state 0 lacks the field 'output'; add it."),
    (
      "[0]", "[1]",
      "line 2, column 44: '1' is no state of this file; states are numbered 0 to 0."
    ),
    ("[0]", "[0, 0]", "line 2, column 43: found 2 successors where 1 were needed."),
    ("[0]", "[0.5]", "line 2, column 44: a successor is 0.5, but an integer was needed."),
    ("[0]", "[00]", "line 2, column 44: found '00' where a number was needed."),
    ("[0]", "[0", "line 2, column 45: found '}' where ',' or ']' was needed."),
    (
      "\"outputs\"", "\"alphabet\"",
      "line 1, column 66: 'alphabet' occurs twice among the fields; each needs a name of its own."
    ),
    ("]}]}", "]}]} x", "line 2, column 50: found 'x' where the end of the file was needed."),
    (
      "\"a\"", "\"\\u12\"",
      "line 1, column 79: found an invalid escape where an escape of JSON such as \\n or \\u00e9 was needed."
    ),
  ])
  func `a mistake is shown with its place`(old: String, new: String, message: String) throws {
    let range = try #require(Self.good.firstRange(of: old))
    let text = Self.good.replacingCharacters(in: range, with: new)
    let error = #expect(throws: FormatError.self) { try MooreMachine(json: text) }
    #expect(error?.description == "JSON, " + message)
  }

  @Test func `ten thousand mutated files are read or refused`() throws {
    var generator = SplitMix64(seed: 12)
    var readCount = 0
    for _ in 0..<10_000 {
      let text = MooreMachine.awkward(using: &generator).json()
      if let copy = try? MooreMachine(json: mutated(text, using: &generator)) {
        readCount += 1
        guard (try? MooreMachine(json: copy.json())) == copy else {
          Issue.record("\(copy.json()) is not read back")
          return
        }
      }
    }
    #expect((200..<9_000).contains(readCount))
  }

  @Test func `a million brackets are refused`() throws {
    let error = #expect(throws: FormatError.self) {
      try MooreMachine(json: String(repeating: "[", count: 1_000_000))
    }
    #expect(
      error?.description
        == "JSON, line 1, column 65: brackets are nested more than 64 deep; no machine needs that.")
  }
}

@Suite struct TextDecodingTests {
  @Test func `bad UTF-8 is shown with its place`() throws {
    let error = #expect(throws: FormatError.self) {
      try text(decoding: Array("é\nab".utf8) + [0xFF, 0x41], format: "DOT")
    }
    #expect(
      error?.description
        == "DOT, line 2, column 3: this byte begins no character of UTF-8; save the file as UTF-8.")
    #expect(try text(decoding: [0xEF, 0xBB, 0xBF, 0x41], format: "DOT") == "A")
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with new: String) -> String {
    self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
