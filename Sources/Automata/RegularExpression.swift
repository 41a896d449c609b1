// Regular expressions to machines.
//
// Goals, in order: the answer is right for every operator, also & and ! inside of others; no
// input can exhaust the stack or, within the stated limits, the memory; mistakes are shown with
// their column. So the parser keeps its own stack and leaves a program in postfix order, which
// is run over fragments of one nondeterministic machine; only & and ! stop to make theirs
// deterministic.

extension MooreMachine {
  /// The minimal complete acceptor of a regular expression.
  ///
  /// | written | means |
  /// | --- | --- |
  /// | `a` | the symbol a; any Unicode scalar but those with a meaning below |
  /// | `\a` | the scalar a, whatever it would mean |
  /// | `<go>`, `"go"` | the symbol called go; inside, `\` takes the next scalar as it is |
  /// | `.` | any one symbol of the alphabet |
  /// | `[ab0-9<go>]` | one of these symbols; `a-z` all one-scalar symbols from a to z |
  /// | `[^ab]` | one symbol that is none of these |
  /// | `ε`, `()` | the empty word |
  /// | `∅`, `[]` | no word |
  /// | `r*`, `r+`, `r?` | any number of r, at least one, at most one |
  /// | `r{3}`, `r{2,}`, `r{2,5}` | that many r |
  /// | `!r` | every word that r is not: binds weaker than `*`, stronger than `rs` |
  /// | `rs` | r, then s |
  /// | `r&s` | both r and s: binds weaker than `rs` |
  /// | `r\|s` | r or s: binds weakest |
  ///
  /// White space is ignored outside of names and classes. An empty part, as in `a|`, is a mistake.
  ///
  /// - Parameters:
  ///   - regularExpression: The expression.
  ///   - alphabet: The symbols. Default: those in the expression, in natural order (numbers by
  ///     value, then the rest by Unicode scalars). `.`, `[^…]` and `!` mean its words.
  ///   - stateLimit: The most states that a machine on the way may have. The steps of making it
  ///     are limited to 1,000 times as many.
  /// - Returns: A machine with the outputs 0 and 1, in canonical numbering.
  /// - Throws: ``FormatError``, whose column is that of the mistake or of the operator at which a
  ///   limit was passed.
  /// - Complexity: Exponential in the worst case, as it must be; linear to parse.
  ///
  /// Source: K. Thompson, "Regular Expression Search Algorithm", CACM 11 (1968), and the subset
  /// construction of M. O. Rabin and D. Scott, "Finite Automata and Their Decision Problems"
  /// (1959).
  public init(
    regularExpression: String, alphabet: Alphabet? = nil, stateLimit: Int = 1_000_000
  ) throws(FormatError) {
    var parser = RegularExpressionParser(regularExpression)
    try parser.parse()
    let resolved: Alphabet
    if let alphabet {
      resolved = alphabet
    } else {
      do {
        resolved = try Alphabet(Alphabet.naturallyOrdered(parser.names))
      } catch {
        throw parser.cursor.error(
          .unexpected(found: "an expression without a symbol", needed: "one, or an alphabet"), at: 0
        )
      }
    }
    var machine = NondeterministicMachine(alphabet: resolved, stateLimit: stateLimit)
    self = try machine.run(parser.program, cursor: parser.cursor)
  }
}

/// One step of an expression in postfix order, with its place in the text.
private struct Instruction {
  enum Operation {
    case empty  // ε
    case any
    /// One of the symbols, or if negated none of them.
    case symbols([SymbolSet], isNegated: Bool)
    case union, intersection, concatenation, complement
    case `repeat`(atLeast: Int, atMost: Int?)
  }
  enum SymbolSet {
    case name(String, offset: Int)
    case range(Unicode.Scalar, Unicode.Scalar)
  }

  let operation: Operation
  let offset: Int
}

private struct RegularExpressionParser {
  private(set) var cursor: Cursor
  private(set) var program: [Instruction] = []
  /// The symbols that occur.
  private(set) var names: Set<String> = []

  /// What waits for its right operand.
  private enum Pending {
    case parenthesis, union, intersection, concatenation, complement

    var strength: Int {
      switch self {
      case .parenthesis: 0
      case .union: 1
      case .intersection: 2
      case .concatenation: 3
      case .complement: 4
      }
    }
  }
  private var pending: [(kind: Pending, offset: Int)] = []

  /// The most symbols that ranges may add to an alphabet that is not given.
  private static let rangeLimit = 10_000
  private static let repeatLimit = 10_000

  init(_ text: String) { cursor = Cursor(text, format: "Regular expression") }

  mutating func parse() throws(FormatError) {
    // Whether an expression ends just before the cursor.
    var hasOperand = false
    while let byte = nextByte() {
      let offset = cursor.offset
      switch byte {
      case UInt8(ascii: "|"), UInt8(ascii: "&"):
        guard hasOperand else { throw missingOperand() }
        cursor.offset += 1
        push(byte == UInt8(ascii: "|") ? .union : .intersection, at: offset)
        hasOperand = false
      case UInt8(ascii: ")"):
        guard hasOperand else { throw missingOperand() }
        finish(downTo: 1)
        guard pending.popLast() != nil else {
          throw cursor.error(.unexpected(found: "')'", needed: "the end, since no '(' is open"))
        }
        cursor.offset += 1
      case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
        guard hasOperand else { throw missingOperand() }
        cursor.offset += 1
        let bounds: (Int, Int?) =
          switch byte {
          case UInt8(ascii: "*"): (0, nil)
          case UInt8(ascii: "+"): (1, nil)
          case UInt8(ascii: "?"): (0, 1)
          default: try repeatBounds()
          }
        emitRepeat(atLeast: bounds.0, atMost: bounds.1, at: offset)
      default:
        if hasOperand { push(.concatenation, at: offset) }
        hasOperand = true
        if byte == UInt8(ascii: "!") {
          cursor.offset += 1
          pending.append((.complement, offset))
          hasOperand = false
        } else if byte == UInt8(ascii: "(") {
          cursor.offset += 1
          if nextByte() == UInt8(ascii: ")") {
            cursor.offset += 1
            emit(.empty, at: offset)
          } else {
            pending.append((.parenthesis, offset))
            hasOperand = false
          }
        } else {
          try atom()
        }
      }
    }
    guard hasOperand else { throw missingOperand() }
    finish(downTo: 1)
    if let open = pending.last {
      throw cursor.error(
        .unexpected(found: "'(' without its ')'", needed: "as many ')' as '('"), at: open.offset)
    }
  }

  /// The byte behind white space.
  private mutating func nextByte() -> UInt8? {
    while let byte = cursor.byte, byte.isSpace { cursor.offset += 1 }
    return cursor.byte
  }

  private func missingOperand() -> FormatError {
    cursor.error(
      .unexpected(
        found: cursor.byte == nil ? "the end" : cursor.found,
        needed: "an expression (the empty word is written ε or ())"))
  }

  private mutating func emit(_ operation: Instruction.Operation, at offset: Int) {
    program.append(Instruction(operation: operation, offset: offset))
  }

  /// Where one of `*`, `+` and `?` follows another, both are `*` unless they are the same; so a
  /// row of them costs nothing.
  private mutating func emitRepeat(atLeast least: Int, atMost most: Int?, at offset: Int) {
    func isSimple(_ least: Int, _ most: Int?) -> Bool {
      most == nil ? least <= 1 : (least, most) == (0, 1)
    }
    var bounds = (least, most)
    if isSimple(least, most), case .repeat(let otherLeast, let otherMost) = program.last?.operation,
      isSimple(otherLeast, otherMost)
    {
      program.removeLast()
      if bounds != (otherLeast, otherMost) { bounds = (0, nil) }
    }
    emit(.repeat(atLeast: bounds.0, atMost: bounds.1), at: offset)
  }

  /// Puts a binary operator on the stack, after everything that binds at least as strongly.
  private mutating func push(_ kind: Pending, at offset: Int) {
    finish(downTo: kind.strength)
    pending.append((kind, offset))
  }

  /// Emits pending operators of at least the given strength.
  private mutating func finish(downTo strength: Int) {
    while let (kind, offset) = pending.last, kind.strength >= strength {
      pending.removeLast()
      switch kind {
      case .union: emit(.union, at: offset)
      case .intersection: emit(.intersection, at: offset)
      case .concatenation: emit(.concatenation, at: offset)
      case .complement:
        if case .complement = program.last?.operation {
          program.removeLast()  // !!r is r
        } else {
          emit(.complement, at: offset)
        }
      case .parenthesis: return
      }
    }
  }

  private mutating func repeatBounds() throws(FormatError) -> (Int, Int?) {
    let least = try number()
    var most: Int? = least
    if nextByte() == UInt8(ascii: ",") {
      cursor.offset += 1
      most = nextByte() == UInt8(ascii: "}") ? nil : try number()
    }
    guard nextByte() == UInt8(ascii: "}") else {
      throw cursor.error(.unexpected(found: cursor.found, needed: "'}'"))
    }
    if let most, most < least {
      throw cursor.error(.unexpected(found: "{\(least),\(most)}", needed: "a range that rises"))
    }
    cursor.offset += 1
    return (least, most)
  }

  private mutating func number() throws(FormatError) -> Int {
    _ = nextByte()
    let start = cursor.offset
    while let byte = cursor.byte, byte.isDigit { cursor.offset += 1 }
    guard cursor.offset > start else {
      throw cursor.error(.unexpected(found: cursor.found, needed: "a number"))
    }
    let text = cursor.text(start..<cursor.offset)
    guard let value = Int(text), value <= Self.repeatLimit else {
      throw cursor.error(
        .unexpected(found: "\(text) repetitions", needed: "at most \(Self.repeatLimit)"), at: start)
    }
    return value
  }

  private mutating func atom() throws(FormatError) {
    let offset = cursor.offset
    if cursor.skip(".") {
      emit(.any, at: offset)
    } else if cursor.skip("[") {
      try symbolClass(from: offset)
    } else {
      switch cursor.scalar {
      case "ε":
        cursor.offset += 2
        emit(.empty, at: offset)
      case "∅":
        cursor.offset += 3
        emit(.symbols([], isNegated: false), at: offset)
      case "]", "}", ">":
        throw cursor.error(
          .unexpected(
            found: cursor.found, needed: "a symbol (to mean this one, write '\\' before it)"))
      default:
        let name = try symbol()
        names.insert(name)
        emit(.symbols([.name(name, offset: offset)], isNegated: false), at: offset)
      }
    }
  }

  private mutating func symbolClass(from start: Int) throws(FormatError) {
    let isNegated = cursor.skip("^")
    var sets: [Instruction.SymbolSet] = []
    while !cursor.skip("]") {
      guard cursor.byte != nil else {
        throw cursor.error(.unexpected(found: "a class without end", needed: "']'"), at: start)
      }
      let offset = cursor.offset
      let first = try symbol()
      guard cursor.byte == UInt8(ascii: "-"), cursor.byte(ahead: 1) != UInt8(ascii: "]") else {
        names.insert(first)
        sets.append(.name(first, offset: offset))
        continue
      }
      cursor.offset += 1
      let last = try symbol()
      guard let low = first.onlyScalar, let high = last.onlyScalar, low <= high else {
        throw cursor.error(
          .unexpected(
            found: "the range \(first)-\(last)", needed: "two single characters that rise"),
          at: offset)
      }
      sets.append(.range(low, high))
      guard names.count + Int(high.value - low.value) <= Self.rangeLimit else {
        throw cursor.error(
          .unexpected(
            found: "the range \(first)-\(last)", needed: "at most \(Self.rangeLimit) symbols"),
          at: offset)
      }
      for value in low.value...high.value {
        if let scalar = Unicode.Scalar(value) { names.insert(String(scalar)) }
      }
    }
    emit(.symbols(sets, isNegated: isNegated), at: start)
  }

  /// A plain scalar, an escaped one, or a name in quotes or angle brackets.
  private mutating func symbol() throws(FormatError) -> String {
    let start = cursor.offset
    guard let first = cursor.takeScalar() else { throw missingOperand() }
    switch first {
    case "\\":
      guard let scalar = cursor.takeScalar() else {
        throw cursor.error(.unexpected(found: "the end", needed: "the escaped symbol"))
      }
      return String(scalar)
    case "\"", "<":
      let end: Unicode.Scalar = first == "<" ? ">" : "\""
      var name = String.UnicodeScalarView()
      while var scalar = cursor.takeScalar() {
        if scalar == end {
          guard !name.isEmpty else {
            throw cursor.error(
              .unexpected(found: "an empty name", needed: "the name of a symbol"), at: start)
          }
          return String(name)
        }
        if scalar == "\\", let next = cursor.takeScalar() { scalar = next }
        name.append(scalar)
      }
      throw cursor.error(.unexpected(found: "a name without end", needed: "'\(end)'"), at: start)
    default:
      return String(first)
    }
  }
}

extension Cursor {
  /// The Unicode scalar at the cursor.
  fileprivate var scalar: Unicode.Scalar? {
    var copy = self.bytes[offset...].prefix(4).makeIterator()
    var decoder = UTF8()
    if case .scalarValue(let scalar) = decoder.decode(&copy) { return scalar }
    return nil
  }

  fileprivate mutating func takeScalar() -> Unicode.Scalar? {
    guard let scalar else { return nil }
    offset += scalar.utf8.count
    return scalar
  }
}

extension String {
  fileprivate var onlyScalar: Unicode.Scalar? {
    unicodeScalars.count == 1 ? unicodeScalars.first : nil
  }
}

/// A machine with free choices, built piece by piece.
///
/// The nodes of a fragment are contiguous, so that a repeated fragment can be copied.
private struct NondeterministicMachine {
  private enum Node {
    /// Nothing follows yet; an end of a fragment.
    case end
    case fork(Int32, Int32)
    /// Any symbol of the set leads on.
    case read(set: Int32, next: Int32)
  }

  private struct Fragment {
    let start, end: Int32
    let nodes: Range<Int>
  }

  let alphabet: Alphabet
  let stateLimit: Int
  private let numbers: [String: Int32]
  private var nodes: [Node] = []
  // Sets of symbols, increasing.
  private var sets: [[Int32]]
  private let nodeLimit = 4_000_000

  init(alphabet: Alphabet, stateLimit: Int) {
    self.alphabet = alphabet
    self.stateLimit = stateLimit
    numbers = Dictionary(uniqueKeysWithValues: zip(alphabet.symbols, Int32(0)...))
    // The first sets are the single symbols, the next is the whole alphabet.
    sets = (0..<Int32(alphabet.count)).map { [$0] } + [Array(0..<Int32(alphabet.count))]
  }

  mutating func run(_ program: [Instruction], cursor: Cursor) throws(FormatError) -> MooreMachine {
    var stack: [Fragment] = []
    for instruction in program {
      let operands: Int =
        switch instruction.operation {
        case .empty, .any, .symbols: 0
        case .complement, .repeat: 1
        case .union, .intersection, .concatenation: 2
        }
      // The parser emits an operator only behind its operands.
      let (first, second) = (stack.suffix(operands).first, stack.last)
      stack.removeLast(operands)
      switch instruction.operation {
      case .empty:
        stack.append(empty())
      case .any:
        stack.append(read(set: Int32(alphabet.count)))
      case .symbols(let symbols, let isNegated):
        stack.append(read(set: try set(symbols, isNegated: isNegated, cursor: cursor)))
      case .union:
        stack.append(union(first!, second!))
      case .concatenation:
        stack.append(concatenation(first!, second!))
      case .repeat(let least, let most):
        let copies = max(least, most ?? 1, 1)
        guard first!.nodes.count + 4 <= (nodeLimit - nodes.count) / copies else {
          throw cursor.error(
            .unexpected(
              found: "an expression that repeats to more than \(nodeLimit) nodes",
              needed: "fewer repetitions"), at: instruction.offset)
        }
        stack.append(repetition(of: first!, atLeast: least, atMost: most))
      case .complement:
        let machine = try deterministic(first!, cursor: cursor, offset: instruction.offset)
        stack.append(embed(machine.complement(), replacing: first!.nodes.lowerBound))
      case .intersection:
        let left = try deterministic(first!, cursor: cursor, offset: instruction.offset)
        let right = try deterministic(second!, cursor: cursor, offset: instruction.offset)
        guard left.stateCount <= stateLimit * 8 / right.stateCount else {
          throw tooManyStates(cursor, instruction.offset)
        }
        // Both are over the machine's own alphabet.
        let product = try! left.intersection(right).minimized()
        stack.append(embed(product, replacing: first!.nodes.lowerBound))
      }
    }
    return try deterministic(stack[0], cursor: cursor, offset: 0)
  }

  private func tooManyStates(_ cursor: Cursor, _ offset: Int) -> FormatError {
    cursor.error(
      .unexpected(
        found: "an expression whose machine needs more than \(stateLimit) states",
        needed: "a smaller one"), at: offset)
  }

  private func set(
    _ symbols: [Instruction.SymbolSet], isNegated: Bool, cursor: Cursor
  ) throws(FormatError) -> [Int32] {
    var isMember = [Bool](repeating: false, count: alphabet.count)
    for symbol in symbols {
      switch symbol {
      case .name(let name, let offset):
        guard let number = numbers[name] else {
          throw cursor.error(.unknownSymbol(name, alphabet: alphabet.symbols), at: offset)
        }
        isMember[Int(number)] = true
      case .range(let low, let high):
        for (number, name) in alphabet.symbols.enumerated() {
          if let scalar = name.onlyScalar, low...high ~= scalar { isMember[number] = true }
        }
      }
    }
    return (0..<Int32(alphabet.count)).filter { isMember[Int($0)] != isNegated }
  }

  // MARK: Fragments

  private mutating func add(_ node: Node) -> Int32 {
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  private mutating func empty() -> Fragment {
    let node = add(.end)
    return Fragment(start: node, end: node, nodes: Int(node)..<nodes.count)
  }

  private mutating func read(set symbols: [Int32]) -> Fragment {
    if symbols.count == 1 { return read(set: symbols[0]) }
    sets.append(symbols)
    return read(set: Int32(sets.count - 1))
  }

  private mutating func read(set: Int32) -> Fragment {
    let start = Int32(nodes.count)
    nodes.append(.read(set: set, next: start + 1))
    nodes.append(.end)
    return Fragment(start: start, end: start + 1, nodes: Int(start)..<nodes.count)
  }

  private mutating func concatenation(_ first: Fragment, _ second: Fragment) -> Fragment {
    nodes[Int(first.end)] = .fork(second.start, second.start)
    return Fragment(
      start: first.start, end: second.end, nodes: first.nodes.lowerBound..<nodes.count)
  }

  private mutating func union(_ first: Fragment, _ second: Fragment) -> Fragment {
    let start = add(.fork(first.start, second.start))
    let end = add(.end)
    nodes[Int(first.end)] = .fork(end, end)
    nodes[Int(second.end)] = .fork(end, end)
    return Fragment(start: start, end: end, nodes: first.nodes.lowerBound..<nodes.count)
  }

  private mutating func copy(_ fragment: Fragment) -> Fragment {
    let shift = Int32(nodes.count - fragment.nodes.lowerBound)
    for index in fragment.nodes {
      switch nodes[index] {
      case .end: nodes.append(.end)
      case .fork(let first, let second): nodes.append(.fork(first + shift, second + shift))
      case .read(let set, let next): nodes.append(.read(set: set, next: next + shift))
      }
    }
    return Fragment(
      start: fragment.start + shift, end: fragment.end + shift,
      nodes: nodes.count - fragment.nodes.count..<nodes.count)
  }

  private mutating func repetition(
    of fragment: Fragment, atLeast least: Int, atMost most: Int?
  ) -> Fragment {
    let lower = fragment.nodes.lowerBound
    // r{m,n} is m times r, then n − m times r?; in r{m,} the last r loops. All copies are made
    // before the original is wired.
    var parts = [fragment]
    for _ in 1..<max(least, most ?? 1, 1) { parts.append(copy(fragment)) }
    let end = add(.end)
    if most == 0 { return Fragment(start: end, end: end, nodes: lower..<nodes.count) }
    var start = end
    for (index, part) in parts.enumerated().reversed() {
      let entry = index < least ? part.start : add(.fork(part.start, end))
      let isLoop = most == nil && index == parts.count - 1
      nodes[Int(part.end)] = isLoop ? .fork(entry, end) : .fork(start, start)
      start = entry
    }
    return Fragment(start: start, end: end, nodes: lower..<nodes.count)
  }

  /// A deterministic machine as a fragment, in place of the nodes from `lower` on.
  private mutating func embed(_ machine: MooreMachine, replacing lower: Int) -> Fragment {
    nodes.removeSubrange(lower...)
    let end = add(.end)
    let entries = (0..<machine.stateCount).map { _ in add(.end) }
    for (state, entry) in entries.enumerated() {
      // The symbols by the state they lead to; the chain of choices begins at the entry.
      var symbols: [Int32: [Int32]] = [:]
      for symbol in 0..<alphabet.count {
        symbols[machine.successors[state * alphabet.count + symbol], default: []]
          .append(Int32(symbol))
      }
      var next = machine.outputs[state] == 1 ? end : add(.end)
      for (target, set) in symbols.sorted(by: { $0.key < $1.key }) {
        sets.append(set)
        let read = add(.read(set: Int32(sets.count - 1), next: entries[Int(target)]))
        next = add(.fork(read, next))
      }
      nodes[Int(entry)] = .fork(next, next)
    }
    return Fragment(start: entries[0], end: end, nodes: lower..<nodes.count)
  }

  // MARK: Subset construction

  /// The minimal complete machine of a fragment.
  private func deterministic(
    _ fragment: Fragment, cursor: Cursor, offset: Int
  ) throws(FormatError) -> MooreMachine {
    let k = alphabet.count
    var subsets: [[Int32]] = []
    var numbers: [[Int32]: Int32] = [:]
    var outputs: [Int32] = []
    var table: [Int32] = []
    var stamps = [Int32](repeating: -1, count: nodes.count - fragment.nodes.lowerBound)
    var stamp: Int32 = 0
    var stack: [Int32] = []
    // Counts nodes visited, so that forks without end cost no time without end either.
    var work = 0
    let workLimit = 1_000 * stateLimit

    /// The number of the subset that can be reached from `seeds` without reading. Only the
    /// nodes that read, and the end, are kept.
    func subset(from seeds: [Int32]) -> Int32 {
      stamp += 1
      var subset: [Int32] = []
      stack = seeds
      while let node = stack.popLast() {
        work += 1
        let place = Int(node) - fragment.nodes.lowerBound
        guard stamps[place] != stamp else { continue }
        stamps[place] = stamp
        switch nodes[Int(node)] {
        case .fork(let first, let second):
          stack.append(first)
          if second != first { stack.append(second) }
        case .read(let set, _):
          if !sets[Int(set)].isEmpty { subset.append(node) }
        case .end:
          if node == fragment.end { subset.append(node) }
        }
      }
      subset.sort()
      if let number = numbers[subset] { return number }
      let number = Int32(subsets.count)
      numbers[subset] = number
      outputs.append(subset.contains(fragment.end) ? 1 : 0)
      subsets.append(subset)
      return number
    }

    _ = subset(from: [fragment.start])
    var targets = [[Int32]](repeating: [], count: k)
    var next = 0
    while next < subsets.count {
      guard subsets.count <= stateLimit, work <= workLimit else {
        throw tooManyStates(cursor, offset)
      }
      for node in subsets[next] {
        if case .read(let set, let target) = nodes[Int(node)] {
          for symbol in sets[Int(set)] { targets[Int(symbol)].append(target) }
        }
      }
      for symbol in 0..<k {
        table.append(subset(from: targets[symbol]))
        targets[symbol].removeAll(keepingCapacity: true)
      }
      next += 1
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: .digits(2), outputs: outputs, successors: table
    ).minimized()
  }
}
