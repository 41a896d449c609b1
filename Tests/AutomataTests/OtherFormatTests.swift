import TestSupport
import Testing

@testable import Automata

/// `machine` without the states and symbols that a format without sinks forgets.
private func language(_ machine: MooreMachine) -> MooreMachine {
  machine.completed(sinkOutput: 0).minimized()
}

/// The sentence of the error that `body` throws.
private func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return String(describing: error) }
}

@Suite struct AbbadingoTests {
  @Test func `the competition's files are read and written`() throws {
    let text = """
      4 2
      1 0
      0 3 1 0 1
      1 2 0 0
      -1 1 1

      """
    let data = try LabelledWords(abbadingo: text)
    #expect(data.words == [[], [1, 0, 1], [0, 0], [1]])
    #expect(data.outputs == [1, 0, 1, nil])
    #expect(data.alphabet == .digits(2) && data.outputAlphabet == .digits(2))
    #expect(try data.abbadingo() == text)
  }

  @Test func `names instead of numbers are fine`() throws {
    let data = try LabelledWords(abbadingo: "2 some.language\n1 2 b a\n0 1 10\n")
    #expect(data.alphabet.symbols == ["10", "a", "b"])
    #expect(data.words == [[2, 1], [0]])
    let classes = try LabelledWords(abbadingo: "3 2\n2 1 a\n0 1 b\n1 0\n")
    #expect(classes.outputAlphabet == .digits(3))
    let spare = try LabelledWords(abbadingo: "1 5\n1 1 3\n")
    #expect(spare.alphabet == .digits(5))
  }

  @Test func `random data are read back`() throws {
    var generator = SplitMix64(seed: 30)
    for _ in 0..<500 {
      let data = LabelledWords.random(using: &generator)
      #expect(try LabelledWords(abbadingo: data.abbadingo()) == data)
    }
  }

  @Test(arguments: [
    (
      "",
      "line 1, column 1: found an empty file where the number of words and the size of the alphabet was needed."
    ),
    (
      "5\n",
      "line 1, column 1: found 1 fields where the number of words and the size of the alphabet was needed."
    ),
    ("x 2\n", "line 1, column 1: the number of words is 'x', but a number from 0 was needed."),
    ("2 2\n1 1 0\n", "line 1, column 1: found 1 words where 2 were needed."),
    ("1 2\n1 1 0\n1 1 1\n", "line 3, column 1: found 2 words (or more) where 1 were needed."),
    ("1 2\n1 2 0\n", "line 2, column 3: found 1 symbols where 2 were needed."),
    ("1 2\n1\n", "line 2, column 1: found one field where a label and a length was needed."),
    ("1 2\n1 -1\n", "line 2, column 3: the length is '-1', but a number from 0 was needed."),
    ("1 1\n1 2 a b\n", "line 1, column 3: found 2 different symbols where 1 were needed."),
    (
      "1 x\n1 0\n",
      "line 1, column 3: no symbol occurs, so the alphabet is unknown; at least one is needed."
    ),
  ])
  func `a mistake is shown with its place`(text: String, sentence: String) {
    #expect(message { _ = try LabelledWords(abbadingo: text) } == "Abbadingo, " + sentence)
  }

  @Test func `what cannot be written is refused`() throws {
    let data = LabelledWords(alphabet: try Alphabet(["a b"]), words: [[0]], outputs: [1])
    #expect(
      message { _ = try data.abbadingo() }
        == "The symbol 'a b' cannot be written in Abbadingo's format: it holds white space. "
        + "Rename it, or use JSON.")
  }

  @Test func `ten thousand mutated files are read or refused`() throws {
    var generator = SplitMix64(seed: 31)
    var readCount = 0
    for _ in 0..<10_000 {
      let text = mutated(
        try LabelledWords.random(using: &generator).abbadingo(), using: &generator)
      if (try? LabelledWords(abbadingo: text)) != nil { readCount += 1 }
    }
    #expect((300..<9_500).contains(readCount))
  }
}

@Suite struct MLRegTestTests {
  @Test func `lines of a word, a tab and a truth are read and written`() throws {
    let data = try LabelledWords(mlRegTest: "abA\tTRUE\r\n\tFALSE\n\nb\tfalse")
    #expect(data.alphabet.symbols == ["A", "a", "b"])
    #expect(data.words == [[1, 2, 0], [], [2]] && data.outputs == [1, 0, 0])
    #expect(try data.mlRegTest() == "abA\tTRUE\n\tFALSE\nb\tFALSE\n")
    let larger = try LabelledWords(mlRegTest: "b\tTRUE\n", alphabet: Alphabet(["a", "b"]))
    #expect(larger.words == [[1]])
  }

  @Test func `random data are read back`() throws {
    var generator = SplitMix64(seed: 32)
    for _ in 0..<500 {
      let data = LabelledWords.random(hasUnknowns: false, using: &generator)
      #expect(
        try LabelledWords(mlRegTest: data.mlRegTest(), alphabet: data.alphabet) == data)
    }
  }

  @Test func `a mistake is shown with its place`() throws {
    func sentence(_ text: String, _ alphabet: Alphabet? = nil) -> String? {
      message { _ = try LabelledWords(mlRegTest: text, alphabet: alphabet) }
    }
    #expect(
      sentence("a\tTRUE\nb TRUE\n") == "MLRegTest, line 2, column 1: found a line without a tab "
        + "where WORD, a tab, TRUE or FALSE was needed.")
    #expect(
      sentence("é\tyes")
        == "MLRegTest, line 1, column 3: found 'yes' where TRUE or FALSE was needed.")
    #expect(
      sentence("abc\tTRUE", try Alphabet(["a", "b"]))
        == "MLRegTest, line 1, column 3: 'c' is no symbol of the alphabet {a, b}.")
    #expect(
      sentence("\tTRUE") == "MLRegTest, line 1, column 1: no symbol occurs, so the alphabet "
        + "is unknown; at least one is needed.")
    let unknown = LabelledWords(alphabet: .digits(1), words: [[]], outputs: [nil])
    #expect(
      message { _ = try unknown.mlRegTest() } == "The outputs {0, 1} cannot be written in "
        + "MLRegTest's format, which needs two, and one for each word. Use DOT or JSON.")
  }

  @Test func `ten thousand mutated files are read or refused`() throws {
    var generator = SplitMix64(seed: 33)
    var readCount = 0
    for _ in 0..<10_000 {
      let data = LabelledWords.random(hasUnknowns: false, using: &generator)
      let text = mutated(try data.mlRegTest(), using: &generator)
      if (try? LabelledWords(mlRegTest: text)) != nil { readCount += 1 }
    }
    #expect((300..<9_500).contains(readCount))
  }
}

@Suite struct ATTTests {
  @Test func `acceptors and transducers of OpenFst are read`() throws {
    let odd = try MooreMachine(
      regularExpression: "b*ab*(ab*ab*)*", alphabet: try Alphabet(["a", "b"]))
    for text in [
      "0\t0\tb\n0\t1\ta\n1\t1\tb\n1\t0\ta\n1\n",
      "even even b b\neven odd a a\nodd odd b b 0\nodd even a a\nodd 0\n",
      "7 7 b 0\n7 1 a 0.0\n1 7 a 0\n1 1 b 0\n1 0",
    ] {
      #expect(try MooreMachine(att: text) == odd)
    }
    // A number as output is no weight if it is what is read.
    #expect(try MooreMachine(att: "0 0 0 0\n0 1 1 1\n1 1 0 0\n1 0 1 1\n1\n").stateCount == 2)
  }

  @Test func `what is missing is rejected, and the sink is not written`() throws {
    let machine = try MooreMachine(regularExpression: "ab")
    #expect(machine.stateCount == 4)
    let text = try machine.att()
    #expect(text == "0\t1\ta\n1\t3\tb\n3\n")
    #expect(try MooreMachine(att: text).minimized() == machine)
    // 1* never uses 0, so its alphabet must be given.
    let ones = try MooreMachine(regularExpression: "1*", alphabet: .digits(2))
    #expect(try MooreMachine(att: ones.att(), alphabet: .digits(2)) == ones)
  }

  @Test func `a transducer is read as the Moore machine of its last output`() throws {
    let machine = try MooreMachine(att: "0 1 a x\n1 0 a y\n0\n1\n")
    #expect(machine.outputAlphabet.symbols == ["ε", "x", "y"])
    #expect(machine.output(after: [0, 0, 0]) == 1 && machine.output(after: [0, 0]) == 2)
  }

  @Test func `acceptors are read back`() throws {
    var generator = SplitMix64(seed: 34)
    let machines =
      MooreMachine.all(states: 2, withOpenTransitions: true)
      + (0..<500).map { _ in MooreMachine.random(atMostStates: 9, using: &generator) }
    for machine in machines {
      let copy = try MooreMachine(att: machine.att(), alphabet: machine.alphabet)
      if language(copy) != language(machine) { Issue.record("\(machine) became \(copy)") }
    }
  }

  @Test(arguments: [
    (
      "", "line 1, column 1: the machine has no start; the first line names it; this file is empty."
    ),
    (
      "0 1 <eps>\n",
      "line 1, column 5: the empty word as a symbol cannot be read as part of a machine; remove it with fstrmepsilon and fstdeterminize."
    ),
    (
      "0 1 a\n0 0 a\n",
      "line 2, column 1: from '0' the symbol 'a' leads to '1' and to '0'; a deterministic machine needs one successor."
    ),
    (
      "0 1 a 0.5\n1\n",
      "line 1, column 7: the weight 0.5 cannot be read as part of a machine; remove the weights, or make them 0."
    ),
    ("0 1 a a x\n1\n", "line 1, column 9: the weight is 'x', but a number was needed."),
    ("0 1 a a 0 7\n1\n", "line 1, column 11: found 6 fields where 5 were needed."),
    (
      "0 1 a x\n1\n",
      "line 1, column 1: a transducer that rejects in state '0' cannot be read as part of a machine; make all its states final, or give an acceptor."
    ),
    (
      "0\n",
      "line 1, column 1: no symbol occurs, so the alphabet is unknown; at least one is needed."
    ),
  ])
  func `a mistake is shown with its place`(text: String, sentence: String) {
    #expect(message { _ = try MooreMachine(att: text) } == "AT&T text, " + sentence)
  }

  @Test func `what cannot be written is refused`() throws {
    let machine = try MooreMachine(
      alphabet: Alphabet(["<eps>"]), outputs: [1], successors: [0])
    #expect(
      message { _ = try machine.att() } == "The symbol '<eps>' cannot be written in AT&T text: it "
        + "means the empty word. Rename it, or use JSON.")
    let three = try MooreMachine(
      alphabet: .digits(1), outputAlphabet: .digits(3), outputs: [2], successors: [0])
    #expect(
      message { _ = try three.att() } == "The outputs {0, 1, 2} cannot be written in AT&T text, "
        + "which needs two, rejecting first. Use DOT or JSON.")
  }

  @Test func `ten thousand mutated files are read or refused`() throws {
    var generator = SplitMix64(seed: 35)
    var readCount = 0
    for _ in 0..<10_000 {
      let machine = MooreMachine.random(atMostStates: 6, using: &generator)
      if (try? MooreMachine(att: mutated(machine.att(), using: &generator))) != nil {
        readCount += 1
      }
    }
    #expect((300..<9_500).contains(readCount))
  }
}

@Suite struct MachineFormatTests {
  @Test(arguments: MachineFormat.allCases)
  func `a minimal acceptor survives every format`(format: MachineFormat) throws {
    let machine = try MooreMachine(regularExpression: "(ab|b)*a<long>")
    let text = try machine.text(format: format)
    #expect(try MooreMachine(text: text, format: format).minimized() == machine)
  }

  @Test func `formats are known by their extensions`() {
    #expect(MachineFormat(pathExtension: "DOT") == .dot)
    #expect(MachineFormat(pathExtension: "jff") == .jflap)
    #expect(MachineFormat(pathExtension: "png") == nil)
  }
}

@Suite struct JFLAPTests {
  @Test func `a file of JFLAP 7 is read`() throws {
    let machine = try MooreMachine(
      jflap: """
        <?xml version="1.0" encoding="UTF-8" standalone="no"?><!--Created with JFLAP 7.1.--><structure>&#13;
        \t<type>fa</type>&#13;
        \t<automaton>&#13;
        \t\t<!--The list of states.-->&#13;
        \t\t<state id="1" name="q1">&#13;
        \t\t\t<x>241.0</x>&#13;
        \t\t\t<y>120.0</y>&#13;
        \t\t\t<final/>&#13;
        \t\t</state>&#13;
        \t\t<state id="0" name="q0">&#13;
        \t\t\t<initial/>&#13;
        \t\t</state>&#13;
        \t\t<transition>&#13;
        \t\t\t<from>0</from>&#13;
        \t\t\t<to>1</to>&#13;
        \t\t\t<read>a</read>&#13;
        \t\t</transition>&#13;
        \t\t<transition><from>1</from><to>1</to><read>b</read></transition>
        \t</automaton>&#13;
        </structure>
        """)
    #expect(try machine.minimized() == MooreMachine(regularExpression: "ab*"))
  }

  @Test func `Mealy machines, the old layout and every kind of text are read`() throws {
    let machine = try MooreMachine(
      jflap: """
        <!DOCTYPE structure [<!ELEMENT x (#PCDATA)>]>
        <structure><type>mealy</type>
        <state id='s'><initial></initial></state>
        <transition><from>s</from><to>s</to><read>&lt;&#x61;<![CDATA[<&]]></read><transout>1</transout></transition>
        </structure><?end?>
        """)
    #expect(machine.alphabet.symbols == ["<a<&"])
    #expect(machine.outputAlphabet.symbols == ["ε", "1"])
    #expect(machine.stateCount == 2)
  }

  @Test func `machines are read back as they were written`() throws {
    var generator = SplitMix64(seed: 36)
    let machines =
      MooreMachine.all(states: 2) + (0..<1_000).map { _ in MooreMachine.awkward(using: &generator) }
    for machine in machines {
      let copy = try? MooreMachine(jflap: machine.jflap(), alphabet: machine.alphabet)
      // An acceptor's open transitions come back as rejections.
      let expected =
        machine.outputAlphabet == .digits(2) ? machine.completed(sinkOutput: 0) : machine
      guard let copy, try copy.isIsomorphic(to: expected), copy.stateCount == expected.stateCount
      else {
        Issue.record("\(machine.jflap()) is not read back")
        return
      }
    }
  }

  private static let good = """
    <structure><type>fa</type><automaton>
    <state id="0"><initial/></state><state id="1"><final/></state>
    <transition><from>0</from><to>1</to><read>a</read></transition>
    </automaton></structure>
    """

  @Test(arguments: [
    (
      "<initial/>", "",
      "line 1, column 27: the machine has no start; put <initial/> into one state."
    ),
    (
      "<final/>", "<initial/>",
      "line 2, column 33: '1' is a second start beside '0'; a machine needs exactly one."
    ),
    (
      "id=\"1\"", "id=\"0\"",
      "line 2, column 33: the state '0' is defined twice; remove one definition."
    ),
    ("id=\"1\"", "", "line 2, column 33: <state> lacks the field 'id'; add it."),
    (
      "<to>1", "<to>2",
      "line 3, column 27: '2' is no state of this file; give the id of one of the states."
    ),
    ("<to>1</to>", "", "line 3, column 1: <transition> lacks the field 'to'; add it."),
    (
      "<read>a</read>", "<read/>",
      "line 3, column 37: a transition that reads nothing cannot be read as part of a machine; convert the automaton to a DFA in JFLAP."
    ),
    (">fa<", ">pda<", "line 1, column 12: the type is 'pda', but fa, moore or mealy was needed."),
    (
      "</automaton>", "",
      "line 4, column 1: found </structure> where </automaton> was needed."
    ),
    (
      "</structure>", "",
      "line 1, column 1: found <structure> without its end where </structure> was needed."
    ),
    (
      ">a<", ">&a;<",
      "line 3, column 43: found an unknown entity where one such as &amp; or &#38; was needed."
    ),
    (
      "<structure>", "<html>",
      "line 4, column 13: found </structure> where </html> was needed."
    ),
  ])
  func `a mistake is shown with its place`(old: String, new: String, sentence: String) throws {
    let range = try #require(Self.good.firstRange(of: old))
    let text = Self.good[..<range.lowerBound] + new + Self.good[range.upperBound...]
    #expect(message { _ = try MooreMachine(jflap: String(text)) } == "JFLAP, " + sentence)
  }

  @Test func `a million open tags are refused`() {
    #expect(
      message { _ = try MooreMachine(jflap: String(repeating: "<a>", count: 1_000_000)) }
        == "JFLAP, line 1, column 193: brackets are nested more than 64 deep; no machine needs that."
    )
  }

  @Test func `ten thousand mutated files are read or refused`() throws {
    var generator = SplitMix64(seed: 37)
    var readCount = 0
    for _ in 0..<10_000 {
      let text = mutated(MooreMachine.awkward(using: &generator).jflap(), using: &generator)
      if (try? MooreMachine(jflap: text)) != nil { readCount += 1 }
    }
    #expect((300..<9_500).contains(readCount))
  }
}

extension LabelledWords {
  fileprivate static func random(
    hasUnknowns: Bool = true, using generator: inout some RandomNumberGenerator
  ) -> LabelledWords {
    let k = Int.random(in: 1...4, using: &generator)
    let words = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
      (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        Int.random(in: 0..<k, using: &generator)
      }
    }
    return LabelledWords(
      alphabet: .digits(k), words: words,
      outputs: words.map { _ in
        let label = Int.random(in: hasUnknowns ? -1...1 : 0...1, using: &generator)
        return label < 0 ? nil : label
      })
  }
}
