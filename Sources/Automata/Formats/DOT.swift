// Machines as Graphviz files in the dialect of the Automata Wiki, which AALpy and LearnLib share.
//
// Goals, in order: what is written here is read back as the same table and is read by AALpy and
// LearnLib; what people write by hand is read too; every mistake is shown with its place.
//
// Source: https://automata.cs.ru.nl/Syntax/Overview and the DOT grammar of Graphviz.

/// How a machine is drawn in DOT.
public enum DOTStyle: Sendable {
  /// A DFA: states with output 1 (the second output) are double circles.
  case acceptor
  /// A Moore machine: the label of a state is its name, a bar and its output.
  case moore
  /// A Mealy machine, only to be read: the label of an edge is a symbol, a slash and an output.
  case mealy
}

extension MooreMachine {
  /// The machine as a digraph in the dialect of the Automata Wiki, one statement per line.
  ///
  /// State i is called `s<i>`; open transitions have no edge. ``init(dot:style:)`` gives back the
  /// same table. Where the edges and labels alone would not suffice for that (symbols out of
  /// natural order or on no edge, outputs of no state), the graph attributes `alphabet` and
  /// `outputs` list the names, separated by spaces; other readers ignore them.
  ///
  /// - Parameter style: Default: ``DOTStyle/acceptor`` if the outputs are called 0 and 1, else
  ///   ``DOTStyle/moore``.
  /// - Precondition: `style` is not `.mealy`; an acceptor has at most two outputs.
  /// - Complexity: O(n · k).
  public func dot(style: DOTStyle? = nil) -> String {
    let isAcceptor = (style ?? (outputAlphabet == .digits(2) ? .acceptor : .moore)) == .acceptor
    precondition(style != .mealy, "a Moore machine is not written as a Mealy machine")
    precondition(
      !isAcceptor || outputAlphabet.count <= 2,
      "an acceptor has at most 2 outputs, not \(outputAlphabet.count)")
    let k = alphabet.count
    var text = "digraph automaton {\n"

    var isUsed = [Bool](repeating: false, count: k)
    for index in successors.indices where successors[index] != Self.open {
      isUsed[index % k] = true
    }
    let used = (0..<k).filter { isUsed[$0] }.map { alphabet.symbols[$0] }
    if Alphabet.naturallyOrdered(used) != alphabet.symbols
      || used.contains(where: { $0.trimmed != $0 || $0.contains("/") })
    {
      text += "  alphabet=\"\(DOT.list(alphabet.symbols))\";\n"
    }
    let outputNames = Set(outputs).map { outputAlphabet.symbols[Int($0)] }
    if isAcceptor
      ? outputAlphabet != .digits(2)
      : DOT.outputs(outputNames) != outputAlphabet.symbols
        || outputNames.contains(where: { $0.trimmed != $0 })
    {
      text += "  outputs=\"\(DOT.list(outputAlphabet.symbols))\";\n"
    }

    let outputLabels = outputAlphabet.symbols.map { DOT.label($0, isRecord: true) }
    for (state, output) in outputs.enumerated() {
      if isAcceptor {
        text += "  s\(state) [label=\"s\(state)\"\(output == 1 ? ", shape=doublecircle" : "")];\n"
      } else {
        text += "  s\(state) [label=\"s\(state)|\(outputLabels[Int(output)])\", "
        text += "shape=record, style=rounded];\n"
      }
    }
    let labels = alphabet.symbols.map { DOT.label($0, isRecord: false) }
    for (index, successor) in successors.enumerated() where successor != Self.open {
      text += "  s\(index / k) -> s\(successor) [label=\"\(labels[index % k])\"];\n"
    }
    text += "  __start0 [label=\"\", shape=none];\n  __start0 -> s0 [label=\"\"];\n}\n"
    return text
  }

  /// Reads a machine from DOT text, liberally.
  ///
  /// - The start is the target of the edge from a node whose name begins with `__start`, or of an
  ///   unlabelled edge from a node of shape `none`, `point` or `plaintext`. It becomes state 0;
  ///   the others follow in order of appearance.
  /// - With double circles (or `peripheries=2`) it is a DFA with outputs 0 and 1; else, with a
  ///   bar in a state's label (`s0|1`, `{ s0 | 1 }`), a Moore machine; else, with a slash in
  ///   every edge's label (`a / x`), a Mealy machine; else, with a slash in every state's label
  ///   (`s0 / 1`), a Moore machine; else a DFA that accepts nothing.
  /// - A Mealy machine is read as the Moore machine that says after each word what the Mealy
  ///   machine said last: a state is split by the outputs on the edges into it. After no symbol
  ///   at all it says "ε".
  /// - The alphabet is the edges' labels in natural order: numbers by value, then the rest by
  ///   Unicode scalars. Outputs likewise; if all are among 0 and 1 they are 0, 1. The graph
  ///   attributes `alphabet` and `outputs` override this. Missing edges are open transitions.
  /// - Names may be quoted or bare and begin with a digit; comments, ports, edge chains,
  ///   `node [...]` defaults and attributes over several lines are fine. A state that only edges
  ///   mention is fine after such a default, else an error. Subgraphs are refused.
  ///
  /// - Parameters:
  ///   - dot: The text of the file.
  ///   - style: What the file holds, where the rules above would guess wrong.
  /// - Throws: ``FormatError`` with line and column.
  /// - Complexity: O(length of the text + n · k), beside sorting the names.
  public init(dot: String, style: DOTStyle? = nil) throws(FormatError) {
    var parser = DOT.Parser(dot)
    try parser.parse()
    self = try parser.machine(style: style)
  }
}

/// The DOT language, as far as machines need it.
private enum DOT {
  // MARK: Writing

  /// The inside of a quoted label that is drawn as `name`.
  static func label(_ name: String, isRecord: Bool) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\\", "\"": text += "\\\(scalar)"
      case "|", "{", "}", "<", ">":
        if isRecord { text += "\\" }
        text.unicodeScalars.append(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The inside of a quoted attribute that lists names.
  static func list(_ names: [String]) -> String {
    names.map {
      label($0, isRecord: false).split(separator: " ", omittingEmptySubsequences: false)
        .joined(separator: "\\ ")
    }.joined(separator: " ")
  }

  /// The output alphabet that a Moore machine with these outputs has where the file names none.
  static func outputs(_ names: some Sequence<String>) -> [String] {
    let ordered = Alphabet.naturallyOrdered(names)
    return Set(ordered).isSubset(of: ["0", "1"]) ? ["0", "1"] : ordered
  }

  // MARK: Labels

  /// An identifier or attribute as it stood in the file, quotes removed.
  struct Name {
    var raw: String
    var offset: Int
    var isKeywordLike = false  // bare, so `node`, `edge` … mean what they mean

    /// The text that Graphviz would draw.
    var plain: String { Name.plain(raw.unicodeScalars[...]) }

    static func plain(_ raw: Substring.UnicodeScalarView) -> String {
      var text = String.UnicodeScalarView()
      var isEscaped = false
      for scalar in raw {
        if isEscaped {
          text.append("nlr".unicodeScalars.contains(scalar) ? "\n" : scalar)
        } else if scalar != "\\" {
          text.append(scalar)
        }
        isEscaped = !isEscaped && scalar == "\\"
      }
      return String(text)
    }

    /// What follows the first bar that is not escaped, with the braces around the whole removed;
    /// nil without a bar.
    var output: String? {
      var body = Substring(raw).unicodeScalars
      let trimmed = Substring(raw.trimmed).unicodeScalars
      if trimmed.first == "{", trimmed.last == "}" { body = trimmed.dropFirst().dropLast() }
      var isEscaped = false
      for index in body.indices {
        if body[index] == "|", !isEscaped {
          return Name.plain(body[body.index(after: index)...])
        }
        isEscaped = !isEscaped && body[index] == "\\"
      }
      return nil
    }

    /// What follows " / ", or else the first slash, as LearnLib writes Moore machines; nil without.
    var outputBehindSlash: String? {
      let text = plain
      guard let slash = text.firstRange(of: " / ") ?? text.firstRange(of: "/") else { return nil }
      return String(text[slash.upperBound...])
    }

    /// The names that ``DOT/list(_:)`` put together.
    var names: [String] {
      var names: [String] = []
      var current = Substring.UnicodeScalarView()
      var isEscaped = false
      for scalar in raw.unicodeScalars {
        if scalar == " ", !isEscaped {
          if !current.isEmpty { names.append(Name.plain(current)) }
          current.removeAll()
        } else {
          current.append(scalar)
        }
        isEscaped = !isEscaped && scalar == "\\"
      }
      return current.isEmpty ? names : names + [Name.plain(current)]
    }
  }

  // MARK: Reading

  struct Node {
    var name: Name
    var label: Name?
    var shape: String?
    var isDouble = false
    var isDeclared = false

    mutating func apply(_ attributes: [(key: String, value: Name)]) {
      for (key, value) in attributes {
        switch key {
        case "label": label = value
        case "shape": shape = value.raw
        case "peripheries": isDouble = value.raw == "2"
        default: break
        }
      }
    }

    var isAccepting: Bool { isDouble || shape?.contains("doublecircle") ?? false }
    var isStartMark: Bool {
      name.raw.hasPrefix("__start") || ["none", "point", "plaintext"].contains(shape ?? "")
    }
  }

  struct Edge {
    var source, target: Int
    var label: Name?
    var offset: Int
  }

  struct Parser {
    private var cursor: Cursor
    private var nodes: [Node] = []
    private var numbers: [String: Int] = [:]
    private var edges: [Edge] = []
    private var graphAttributes: [String: Name] = [:]
    private var nodeDefaults: [(key: String, value: Name)] = []
    private var edgeDefaults: [(key: String, value: Name)] = []
    private var hasNodeDefaults = false

    init(_ text: String) { cursor = Cursor(text, format: "DOT") }

    mutating func parse() throws(FormatError) {
      var keyword = try name(needed: "'digraph'")
      if keyword.isKeyword("strict") { keyword = try name(needed: "'digraph'") }
      guard keyword.isKeyword("digraph") else {
        throw cursor.error(
          .unexpected(found: "'\(keyword.raw)'", needed: "'digraph'"), at: keyword.offset)
      }
      try skipSpace()
      if cursor.byte != UInt8(ascii: "{") { _ = try name(needed: "'{'") }
      try expect("{")
      while try !accept("}") { try statement() }
      try skipSpace()
      guard cursor.byte == nil else {
        throw cursor.error(
          .unexpected(found: cursor.found, needed: "the end of the file after the closing brace"))
      }
    }

    private mutating func statement() throws(FormatError) {
      if try accept(";") { return }
      if cursor.byte == UInt8(ascii: "{") { throw subgraph(at: cursor.offset) }
      let first = try name(needed: "a state, an edge or '}'")
      if first.isKeyword("subgraph") { throw subgraph(at: first.offset) }
      try skipSpace()
      if first.isKeyword("node") || first.isKeyword("edge") || first.isKeyword("graph"),
        cursor.byte == UInt8(ascii: "[")
      {
        let attributes = try attributes()
        if first.isKeyword("node") {
          nodeDefaults += attributes
          hasNodeDefaults = true
        } else if first.isKeyword("edge") {
          edgeDefaults += attributes
        } else {
          for (key, value) in attributes { graphAttributes[key] = value }
        }
        return
      }
      if try accept("=") {
        graphAttributes[first.raw] = try value()
        return
      }
      try skipPort()
      var chain = [node(first)]
      var offsets: [Int] = []
      try skipSpace()
      while cursor.byte == UInt8(ascii: "-") {
        let offset = cursor.offset
        cursor.offset += 1
        guard cursor.skip(">") else {
          cursor.offset = offset
          throw cursor.error(
            .unexpected(found: "an undirected edge", needed: "'->'"), at: offset)
        }
        try skipSpace()
        if cursor.byte == UInt8(ascii: "{") { throw subgraph(at: cursor.offset) }
        let next = try name(needed: "the state that the edge leads to")
        if next.isKeyword("subgraph") { throw subgraph(at: next.offset) }
        try skipPort()
        chain.append(node(next))
        offsets.append(first.offset)
        try skipSpace()
      }
      let attributes = cursor.byte == UInt8(ascii: "[") ? try attributes() : []
      if offsets.isEmpty {
        nodes[chain[0]].isDeclared = true
        nodes[chain[0]].apply(attributes)
      } else {
        let label = (edgeDefaults + attributes).last { $0.key == "label" }?.value
        for (index, offset) in offsets.enumerated() {
          edges.append(
            Edge(source: chain[index], target: chain[index + 1], label: label, offset: offset))
        }
      }
    }

    private mutating func node(_ name: Name) -> Int {
      if let number = numbers[name.raw] { return number }
      var node = Node(name: name)
      node.apply(nodeDefaults)
      node.isDeclared = hasNodeDefaults
      numbers[name.raw] = nodes.count
      nodes.append(node)
      return nodes.count - 1
    }

    private func subgraph(at offset: Int) -> FormatError {
      cursor.error(
        .unsupported("a subgraph", advice: "list its states and edges in the digraph itself"),
        at: offset)
    }

    /// Zero or more attribute lists in brackets.
    private mutating func attributes() throws(FormatError) -> [(key: String, value: Name)] {
      var attributes: [(key: String, value: Name)] = []
      while try accept("[") {
        while try !accept("]") {
          let key = try name(needed: "an attribute or ']'")
          if try accept("=") {
            attributes.append((key.raw, try value()))
          } else {
            attributes.append((key.raw, Name(raw: "true", offset: key.offset)))
          }
          if try !accept(",") { _ = try accept(";") }
        }
      }
      return attributes
    }

    /// The value of an attribute; a bare one may hold any characters but those that end it.
    private mutating func value() throws(FormatError) -> Name {
      try skipSpace()
      if cursor.byte == UInt8(ascii: "\"") || cursor.byte == UInt8(ascii: "<") {
        return try name(needed: "a value")
      }
      let start = cursor.offset
      while let byte = cursor.byte, !byte.isSpace, !",;]\"}".utf8.contains(byte) {
        cursor.offset += 1
      }
      guard cursor.offset > start else {
        throw cursor.error(.unexpected(found: cursor.found, needed: "the attribute's value"))
      }
      return Name(raw: cursor.text(start..<cursor.offset), offset: start)
    }

    private mutating func skipPort() throws(FormatError) {
      while try accept(":") { _ = try name(needed: "a port") }
    }

    private mutating func accept(_ mark: Unicode.Scalar) throws(FormatError) -> Bool {
      try skipSpace()
      return cursor.skip(mark)
    }

    private mutating func expect(_ mark: Unicode.Scalar) throws(FormatError) {
      guard try accept(mark) else {
        throw cursor.error(.unexpected(found: cursor.found, needed: "'\(mark)'"))
      }
    }

    /// White space, `//` and `/* */` comments, and lines that begin with `#`.
    private mutating func skipSpace() throws(FormatError) {
      while let byte = cursor.byte {
        if byte.isSpace {
          cursor.offset += 1
        } else if byte == UInt8(ascii: "/"), cursor.byte(ahead: 1) == UInt8(ascii: "*") {
          let start = cursor.offset
          cursor.offset += 2
          while cursor.byte != UInt8(ascii: "*") || cursor.byte(ahead: 1) != UInt8(ascii: "/") {
            guard cursor.byte != nil else {
              throw cursor.error(
                .unexpected(found: "a comment without end", needed: "'*/'"), at: start)
            }
            cursor.offset += 1
          }
          cursor.offset += 2
        } else if byte == UInt8(ascii: "#")
          || (byte == UInt8(ascii: "/") && cursor.byte(ahead: 1) == UInt8(ascii: "/"))
        {
          while let byte = cursor.byte, byte != UInt8(ascii: "\n") { cursor.offset += 1 }
        } else {
          return
        }
      }
    }

    /// A bare, quoted or HTML identifier.
    private mutating func name(needed: String) throws(FormatError) -> Name {
      try skipSpace()
      let start = cursor.offset
      if cursor.skip("\"") {
        var raw = try quoted(from: start)
        while true {  // "a" + "b" is one name
          let end = cursor.offset
          guard try accept("+"), try accept("\"") else {
            cursor.offset = end
            return Name(raw: raw, offset: start)
          }
          raw += try quoted(from: start)
        }
      }
      if cursor.skip("<") {
        var depth = 1
        while depth > 0 {
          guard let byte = cursor.byte else {
            throw cursor.error(
              .unexpected(found: "an HTML text without end", needed: "'>'"), at: start)
          }
          depth += byte == UInt8(ascii: "<") ? 1 : byte == UInt8(ascii: ">") ? -1 : 0
          cursor.offset += 1
        }
        return Name(raw: cursor.text(start + 1..<cursor.offset - 1), offset: start)
      }
      while let byte = cursor.byte {
        let isPart =
          byte.isLetter || byte.isDigit || byte >= 0x80 || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: ".")
          || (byte == UInt8(ascii: "-") && cursor.byte(ahead: 1) != UInt8(ascii: ">")
            && cursor.byte(ahead: 1) != UInt8(ascii: "-"))
        guard isPart else { break }
        cursor.offset += 1
      }
      guard cursor.offset > start else {
        throw cursor.error(.unexpected(found: cursor.found, needed: needed))
      }
      return Name(raw: cursor.text(start..<cursor.offset), offset: start, isKeywordLike: true)
    }

    /// What stands between the cursor, behind the opening quote, and the closing one.
    private mutating func quoted(from start: Int) throws(FormatError) -> String {
      var raw: [UInt8] = []
      while let byte = cursor.byte {
        cursor.offset += 1
        if byte == UInt8(ascii: "\"") { return String(decoding: raw, as: UTF8.self) }
        guard byte == UInt8(ascii: "\\"), let next = cursor.byte else {
          raw.append(byte)
          continue
        }
        cursor.offset += 1
        if next == UInt8(ascii: "\"") {
          raw.append(next)
        } else if next != UInt8(ascii: "\n") {  // a backslash at the end of a line joins lines
          raw += [byte, next]
        }
      }
      throw cursor.error(.unexpected(found: "a name without end", needed: "'\"'"), at: start)
    }

    // MARK: From the graph to the machine

    func machine(style: DOTStyle?) throws(FormatError) -> MooreMachine {
      var start: Int?
      var transitions: [Edge] = []
      for edge in edges {
        let source = nodes[edge.source]
        let isUnlabelled = edge.label?.raw.trimmed.isEmpty ?? true
        guard source.isStartMark, isUnlabelled || source.name.raw.hasPrefix("__start") else {
          transitions.append(edge)
          continue
        }
        if let start, start != edge.target {
          throw cursor.error(
            .secondStart(first: nodes[start].name.raw, second: nodes[edge.target].name.raw),
            at: edge.offset)
        }
        start = edge.target
      }
      guard let start else {
        throw cursor.error(
          .noStart(advice: "add '__start0 [label=\"\", shape=none]; __start0 -> NAME;'"),
          at: cursor.bytes.count)
      }
      // Marks that no transition touches are no states.
      var isTouched = [Bool](repeating: false, count: nodes.count)
      isTouched[start] = true
      for edge in transitions {
        isTouched[edge.source] = true
        isTouched[edge.target] = true
      }
      let states =
        [start] + nodes.indices.filter { $0 != start && (isTouched[$0] || !nodes[$0].isStartMark) }
      var stateOfNode = [Int](repeating: -1, count: nodes.count)
      for (state, node) in states.enumerated() { stateOfNode[node] = state }

      let hasAlphabet = graphAttributes["alphabet"] != nil
      let kind: DOTStyle =
        if let style {
          style
        } else if states.contains(where: { nodes[$0].isAccepting }) {
          .acceptor
        } else if states.contains(where: { nodes[$0].label?.output != nil }) {
          .moore
        } else if !transitions.isEmpty, !hasAlphabet,
          transitions.allSatisfy({ $0.label?.raw.utf8.contains(UInt8(ascii: "/")) ?? false })
        {
          .mealy
        } else if states.allSatisfy({ nodes[$0].label?.outputBehindSlash != nil }) {
          .moore
        } else {
          .acceptor
        }
      for node in states where !nodes[node].isDeclared && kind != .moore {
        throw cursor.error(
          .unknownState(
            nodes[node].name.raw,
            advice: "add '\(nodes[node].name.raw);' if it should be, or 'node [shape=circle];'"),
          at: nodes[node].name.offset)
      }

      // Each edge's symbol, and what it says if this is a Mealy machine.
      var symbols: [String] = []
      var edgeOutputs: [String] = []
      for edge in transitions {
        var symbol = edge.label?.plain ?? ""
        if !hasAlphabet { symbol = symbol.trimmed }
        if kind == .mealy {
          let parts = symbol.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
          guard parts.count == 2, !parts[1].trimmed.isEmpty else {
            throw cursor.error(
              .unexpected(
                found: "an edge labelled '\(symbol)'", needed: "a label 'symbol / output'"),
              at: edge.label?.offset ?? edge.offset)
          }
          edgeOutputs.append(parts[1].trimmed)
          symbol = hasAlphabet ? String(parts[0]) : parts[0].trimmed
        }
        guard !symbol.isEmpty else {
          throw cursor.error(
            .unexpected(found: "an edge without a symbol", needed: "a label with the symbol"),
            at: edge.label?.offset ?? edge.offset)
        }
        symbols.append(symbol)
      }
      let alphabet = try alphabet(
        graphAttributes["alphabet"], else: Alphabet.naturallyOrdered(symbols), what: "symbols")
      var builder = TableBuilder()
      for node in states { _ = builder.state(nodes[node].name.raw) }
      builder.transitions = transitions.indices.map { number in
        let edge = transitions[number]
        return TableBuilder.Transition(
          source: stateOfNode[edge.source], target: stateOfNode[edge.target],
          symbol: symbols[number], output: kind == .mealy ? edgeOutputs[number] : nil,
          offset: edge.offset, symbolOffset: edge.label?.offset ?? edge.offset)
      }
      let table = try builder.resolve(alphabet: alphabet) { cursor.error($0, at: $1) }

      switch kind {
      case .acceptor:
        let outputs = try self.alphabet(
          graphAttributes["outputs"], else: ["0", "1"], what: "outputs")
        let accepting = states.first { nodes[$0].isAccepting }
        guard outputs.count == 2 || (accepting == nil && outputs.count == 1) else {
          throw cursor.error(
            .wrongCount(of: "outputs of a DFA", found: outputs.count, needed: 2),
            at: graphAttributes["outputs"]?.offset ?? 0)
        }
        return MooreMachine(
          unchecked: alphabet, outputAlphabet: outputs,
          outputs: states.map { nodes[$0].isAccepting ? 1 : 0 }, successors: table.targets)
      case .moore:
        var names: [String] = []
        let isVerbatim = graphAttributes["outputs"] != nil
        for node in states {
          guard let output = nodes[node].label?.output ?? nodes[node].label?.outputBehindSlash,
            case let name = isVerbatim ? output : output.trimmed, !name.isEmpty
          else {
            throw cursor.error(
              .noOutput(
                state: nodes[node].name.raw,
                advice: "label it '\(nodes[node].name.raw)|OUTPUT' as the other states are"),
              at: nodes[node].label?.offset ?? nodes[node].name.offset)
          }
          names.append(name)
        }
        let outputs = try self.alphabet(
          graphAttributes["outputs"], else: DOT.outputs(names), what: "outputs")
        let places = Dictionary(uniqueKeysWithValues: zip(outputs.symbols, Int32(0)...))
        for (name, node) in zip(names, states) where places[name] == nil {
          throw cursor.error(
            .unknownOutput(name, outputs: outputs.symbols),
            at: nodes[node].label?.offset ?? nodes[node].name.offset)
        }
        return MooreMachine(
          unchecked: alphabet, outputAlphabet: outputs, outputs: names.map { places[$0]! },
          successors: table.targets)
      case .mealy:
        return table.splitByOutput()
      }
    }

    private func alphabet(
      _ attribute: Name?, else names: [String], what: String
    ) throws(FormatError) -> Alphabet {
      do {
        return try Alphabet(attribute?.names ?? names)
      } catch .duplicate(let name) {
        throw cursor.error(.duplicate(name, of: what), at: attribute?.offset ?? 0)
      } catch {
        throw cursor.error(.noSymbols, at: attribute?.offset ?? cursor.bytes.count)
      }
    }
  }
}

extension DOT.Name {
  /// Whether this is the bare word `keyword`, in upper or lower case.
  fileprivate func isKeyword(_ keyword: String) -> Bool {
    isKeywordLike && raw.lowercased() == keyword
  }
}
