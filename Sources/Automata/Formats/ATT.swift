// Acceptors as AT&T text, which OpenFst prints and compiles and MLRegTest publishes.
//
// Source: M. Mohri, F. Pereira, M. Riley, AT&T FSM library; https://www.openfst.org, "Text format".

extension MooreMachine {
  /// The acceptor as AT&T text: `SOURCE TARGET SYMBOL` lines, then the number of each accepting
  /// state on a line of its own, all separated by tabs.
  ///
  /// In this format what is missing is rejected, so the states from which nothing can be
  /// accepted are left out, as is the machine's sink; an open transition becomes a rejection. The
  /// start is the first line's state. A machine that accepts nothing becomes one transition of the
  /// start to itself, since empty text names no start.
  ///
  /// - Throws: ``UnwritableError`` if there are not two outputs, or a symbol holds white space or
  ///   is `<eps>`.
  /// - Complexity: O(n · k).
  public func att() throws(UnwritableError) -> String {
    guard outputAlphabet.count == 2 else {
      throw .outputs(outputAlphabet.symbols, format: "AT&T text", needed: "two, rejecting first")
    }
    for name in alphabet.symbols
    where name.utf8.contains(where: \.isSpace) || ATT.epsilons.contains(name) {
      throw .symbol(
        name, format: "AT&T text",
        reason: ATT.epsilons.contains(name) ? "it means the empty word" : "it holds white space")
    }
    let machine = reachable()
    let k = alphabet.count
    let isLive = machine.statesLeading(to: 1)
    var text = ""
    for state in 0..<machine.stateCount where isLive[state] {
      for symbol in 0..<k {
        if let next = machine.successor(of: state, on: symbol), isLive[next] {
          text += "\(state)\t\(next)\t\(alphabet.symbols[symbol])\n"
        }
      }
    }
    if !isLive[0] { return "0\t0\t\(alphabet.symbols[0])\n" }
    for state in 0..<machine.stateCount where machine.outputs[state] == 1 { text += "\(state)\n" }
    return text
  }

  /// Reads AT&T text, the acceptor's (`SOURCE TARGET SYMBOL`) or the transducer's (`SOURCE TARGET
  /// SYMBOL OUTPUT`), in either case with an optional weight of 0 at the end.
  ///
  /// - The start is the source on the first line; states may have any names.
  /// - What is missing is rejected: where a transition is missing, a rejecting sink is added.
  /// - A transducer that puts out what it reads is an acceptor. Any other is read as the Moore
  ///   machine of its last output, as ``init(dot:style:)`` reads Mealy machines; since those
  ///   reject nothing, all its states must be final, and missing transitions stay open.
  /// - With four fields on a line the fourth is an output, unless it is a number on every such
  ///   line and differs from the third on one of them: then it is a weight.
  ///
  /// - Parameters:
  ///   - att: The text of the file.
  ///   - alphabet: The symbols. Default: those that occur, in natural order; a symbol that is
  ///     always rejected does not occur.
  /// - Throws: ``FormatError`` with line and column; also for the empty word as a symbol and for
  ///   more than one successor.
  /// - Complexity: O(length of the text + n · k).
  public init(att: String, alphabet: Alphabet? = nil) throws(FormatError) {
    var lines = LineReader(att, format: "AT&T text")
    var transitions: [[LineReader.Field]] = []
    var finals: [[LineReader.Field]] = []
    var table = TableBuilder()
    while let fields = lines.next() {
      guard fields.count <= 5 else {
        throw lines.error(
          .wrongCount(of: "fields", found: fields.count, needed: 5), at: fields[5].offset)
      }
      _ = table.state(fields[0].text)
      if fields.count <= 2 {
        finals.append(fields)
      } else {
        _ = table.state(fields[1].text)
        transitions.append(fields)
      }
    }
    guard table.stateCount > 0 else {
      throw lines.error(.noStart(advice: "the first line names it; this file is empty"), at: 0)
    }
    // Whether the fourth of four fields is a weight.
    let four = transitions.filter { $0.count == 4 }
    let hasWeights =
      four.allSatisfy { Double($0[3].text) != nil } && four.contains { $0[3].text != $0[2].text }
      && !transitions.contains { $0.count == 5 }
    func checkWeight(_ field: LineReader.Field) throws(FormatError) {
      guard let weight = Double(field.text) else {
        throw lines.error(
          .wrongValue("the weight", found: "'\(field.text)'", needed: "a number"), at: field.offset)
      }
      guard weight == 0 else {
        throw lines.error(
          .unsupported("the weight \(field.text)", advice: "remove the weights, or make them 0"),
          at: field.offset)
      }
    }
    var isTransducer = false
    for fields in transitions {
      for label in fields[2...].prefix(fields.count == 3 || hasWeights ? 1 : 2)
      where ATT.epsilons.contains(label.text) {
        throw lines.error(
          .unsupported(
            "the empty word as a symbol", advice: "remove it with fstrmepsilon and fstdeterminize"),
          at: label.offset)
      }
      if fields.count == 5 { try checkWeight(fields[4]) }
      if fields.count == 4, hasWeights { try checkWeight(fields[3]) }
      if fields.count >= 4, !hasWeights, fields[3].text != fields[2].text { isTransducer = true }
    }
    for fields in finals where fields.count == 2 { try checkWeight(fields[1]) }

    for fields in transitions {
      let transition = TableBuilder.Transition(
        source: table.state(fields[0].text), target: table.state(fields[1].text),
        symbol: fields[2].text, output: isTransducer ? fields[min(3, fields.count - 1)].text : nil,
        offset: fields[0].offset, symbolOffset: fields[2].offset)
      table.transitions.append(transition)
    }
    var isFinal = [Bool](repeating: false, count: table.stateCount)
    for fields in finals { isFinal[table.state(fields[0].text)] = true }
    let resolved = try table.resolve(alphabet: alphabet, error: { lines.error($0, at: $1) })
    if isTransducer {
      if let state = isFinal.firstIndex(of: false) {
        throw lines.error(
          .unsupported(
            "a transducer that rejects in state '\(table.names[state])'",
            advice: "make all its states final, or give an acceptor"), at: 0)
      }
      self = resolved.splitByOutput()
    } else {
      self = MooreMachine(
        unchecked: resolved.alphabet, outputAlphabet: .digits(2),
        outputs: isFinal.map { $0 ? 1 : 0 },
        successors: resolved.targets
      ).completed(sinkOutput: 0)
    }
  }

  /// For each state, whether some word leads from it to `output`. O(n · k).
  func statesLeading(to output: Int32) -> [Bool] {
    let k = alphabet.count
    var starts = [Int32](repeating: 0, count: stateCount + 1)
    for successor in successors where successor != Self.open { starts[Int(successor)] += 1 }
    for state in 1..<starts.count { starts[state] += starts[state - 1] }
    var sources = [Int32](repeating: 0, count: Int(starts[stateCount]))
    for (index, successor) in successors.enumerated() where successor != Self.open {
      starts[Int(successor)] -= 1
      sources[Int(starts[Int(successor)])] = Int32(index / k)
    }
    var isLeading = outputs.map { $0 == output }
    var stack = (0..<stateCount).filter { isLeading[$0] }
    while let state = stack.popLast() {
      for index in starts[state]..<starts[state + 1] where !isLeading[Int(sources[Int(index)])] {
        isLeading[Int(sources[Int(index)])] = true
        stack.append(Int(sources[Int(index)]))
      }
    }
    return isLeading
  }
}

private enum ATT {
  /// How OpenFst, Foma and HFST write the empty word.
  static let epsilons: Set<String> = ["<eps>", "<epsilon>", "@0@", "@_EPSILON_SYMBOL_@", "ε"]
}
