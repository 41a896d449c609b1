// Machines as JFLAP files (.jff), which courses on automata use.
//
// Source: S. H. Rodger and T. W. Finley, "JFLAP: An Interactive Formal Languages and Automata
// Package" (2006); the files of JFLAP 7.

extension MooreMachine {
  /// The machine as a JFLAP file: a finite automaton (`fa`) if it has two outputs called 0 and 1,
  /// else a Moore machine (`moore`). The states lie on a square.
  ///
  /// In a finite automaton what is missing is rejected, so an open transition becomes a
  /// rejection.
  ///
  /// - Complexity: O(n · k).
  public func jflap() -> String {
    let isAcceptor = outputAlphabet == .digits(2)
    let k = alphabet.count
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<structure>\n"
    text += "  <type>\(isAcceptor ? "fa" : "moore")</type>\n  <automaton>\n"
    for (state, output) in outputs.enumerated() {
      // On a square's edges instead of a circle's: whole numbers, the same on every machine.
      let (x, y) = Self.place(of: state, among: stateCount)
      text += "    <state id=\"\(state)\" name=\"q\(state)\"><x>\(x).0</x><y>\(y).0</y>"
      if state == 0 { text += "<initial/>" }
      if isAcceptor {
        if output == 1 { text += "<final/>" }
      } else {
        text += "<output>\(XMLReader.escaped(outputAlphabet.symbols[Int(output)]))</output>"
      }
      text += "</state>\n"
    }
    for (index, successor) in successors.enumerated() where successor != Self.open {
      text += "    <transition><from>\(index / k)</from><to>\(successor)</to>"
      text += "<read>\(XMLReader.escaped(alphabet.symbols[index % k]))</read>"
      if !isAcceptor {
        let output = outputAlphabet.symbols[Int(outputs[Int(successor)])]
        text += "<transout>\(XMLReader.escaped(output))</transout>"
      }
      text += "</transition>\n"
    }
    return text + "  </automaton>\n</structure>\n"
  }

  /// Reads a JFLAP file of type `fa`, `moore` or `mealy`.
  ///
  /// - The state with `<initial/>` becomes state 0, the others follow in the file's order. States
  ///   are told apart by their ids.
  /// - `fa`: outputs 0 and 1; where a transition is missing, a rejecting sink is added.
  /// - `moore`: outputs in natural order, except that those among 0 and 1 are 0, 1; missing
  ///   transitions stay open. A state without output says "ε".
  /// - `mealy`: read as ``init(dot:style:)`` reads Mealy machines; missing transitions stay open.
  /// - What a transition reads is one symbol, also if it is several characters.
  ///
  /// - Parameters:
  ///   - jflap: The text of the file.
  ///   - alphabet: The symbols. Default: those that occur, in natural order.
  /// - Throws: ``FormatError`` with line and column; also for transitions that read nothing and for
  ///   more than one successor.
  /// - Complexity: O(length of the text + n · k).
  public init(jflap: String, alphabet: Alphabet? = nil) throws(FormatError) {
    var reader = XMLReader(jflap, format: "JFLAP")
    let root = try reader.document()
    let cursor = reader.cursor
    guard root.name == "structure" else {
      throw cursor.error(
        .unexpected(found: "<\(root.name)>", needed: "<structure>"), at: root.offset)
    }
    guard let type = root.child(named: "type") else {
      throw cursor.error(.missingField("type", of: "<structure>"), at: root.offset)
    }
    let kind = type.text.trimmed
    guard ["fa", "moore", "mealy"].contains(kind) else {
      throw cursor.error(
        .wrongValue("the type", found: "'\(kind)'", needed: "fa, moore or mealy"), at: type.offset)
    }
    // Before JFLAP 6 the states lay directly in the structure.
    let body = root.child(named: "automaton") ?? root
    let states = body.children(named: "state")
    let starts = states.filter { $0.child(named: "initial") != nil }
    guard let start = starts.first else {
      throw cursor.error(.noStart(advice: "put <initial/> into one state"), at: body.offset)
    }
    func id(_ state: XMLElement) throws(FormatError) -> String {
      guard let id = state.attributes["id"] else {
        throw cursor.error(.missingField("id", of: "<state>"), at: state.offset)
      }
      return id
    }
    if starts.count > 1 {
      throw cursor.error(
        .secondStart(first: try id(start), second: try id(starts[1])), at: starts[1].offset)
    }
    let ordered = [start] + states.filter { $0.offset != start.offset }
    var builder = TableBuilder()
    for state in ordered {
      let name = try id(state)
      guard builder.knownState(name) == nil else {
        throw cursor.error(.duplicateState(name), at: state.offset)
      }
      _ = builder.state(name)
    }
    for element in body.children(named: "transition") {
      func part(_ name: String) throws(FormatError) -> XMLElement {
        guard let child = element.child(named: name) else {
          throw cursor.error(.missingField(name, of: "<transition>"), at: element.offset)
        }
        return child
      }
      func state(_ name: String) throws(FormatError) -> Int {
        let child = try part(name)
        guard let state = builder.knownState(child.text.trimmed) else {
          throw cursor.error(
            .unknownState(child.text.trimmed, advice: "give the id of one of the states"),
            at: child.offset)
        }
        return state
      }
      let read = try part("read")
      guard !read.text.isEmpty else {
        throw cursor.error(
          .unsupported(
            "a transition that reads nothing", advice: "convert the automaton to a DFA in JFLAP"),
          at: read.offset)
      }
      let output = kind == "mealy" ? element.child(named: "transout")?.text ?? "" : nil
      builder.transitions.append(
        TableBuilder.Transition(
          source: try state("from"), target: try state("to"), symbol: read.text,
          output: output.map { $0.isEmpty ? "ε" : $0 }, offset: element.offset,
          symbolOffset: read.offset))
    }
    let table = try builder.resolve(alphabet: alphabet) { cursor.error($0, at: $1) }
    switch kind {
    case "mealy":
      self = table.splitByOutput()
    case "moore":
      let names = ordered.map { state in
        let name = state.child(named: "output")?.text ?? ""
        return name.isEmpty ? "ε" : name
      }
      let known = Alphabet.naturallyOrdered(names)
      // Distinct, and none is empty.
      let outputs =
        Set(known).isSubset(of: ["0", "1"]) ? Alphabet.digits(2) : try! Alphabet(known)
      let places = Dictionary(uniqueKeysWithValues: zip(outputs.symbols, Int32(0)...))
      self = MooreMachine(
        unchecked: table.alphabet, outputAlphabet: outputs, outputs: names.map { places[$0]! },
        successors: table.targets)
    default:
      self = MooreMachine(
        unchecked: table.alphabet, outputAlphabet: .digits(2),
        outputs: ordered.map { $0.child(named: "final") == nil ? 0 : 1 }, successors: table.targets
      ).completed(sinkOutput: 0)
    }
  }

  /// A place on the edges of a square that grows with the number of states.
  private static func place(of state: Int, among count: Int) -> (x: Int, y: Int) {
    let side = max((count + 3) / 4, 1)
    let (edge, step) = (state / side, state % side * 100)
    let far = side * 100
    return switch edge {
    case 0: (100 + step, 100)
    case 1: (100 + far, 100 + step)
    case 2: (100 + far - step, 100 + far)
    default: (100, 100 + far - step)
    }
  }
}
