// Machines to regular expressions, by eliminating states.

extension MooreMachine {
  /// A regular expression for the words after which the machine says `output`.
  ///
  /// States are eliminated one by one, those first that lengthen the expression least; the
  /// result is seldom the shortest. Words that meet an open transition do not belong to it. Only
  /// literals, classes, `|`, `*`, `+`, `?` and grouping are used, so the text means the same to
  /// ``init(regularExpression:alphabet:stateLimit:)`` whether or not more symbols exist.
  ///
  /// - Parameters:
  ///   - output: A position in ``outputAlphabet``; by default the second, "accepted".
  ///   - lengthLimit: The most characters that a part may have.
  /// - Returns: The expression, or nil if it would pass the limit: it can be exponentially longer
  ///   than the machine.
  /// - Precondition: `output` is an output.
  /// - Complexity: O(n³) steps for n states, each as long as the parts it joins.
  ///
  /// Source: J. A. Brzozowski and E. J. McCluskey, "Signal Flow Graph Techniques for Sequential
  /// Circuit State Diagrams" (1963); order by M. Delgado and J. Morais, "Approximation to the
  /// Smallest Regular Expression for a Given Regular Language" (CIAA 2004).
  public func regularExpression(output: Int = 1, lengthLimit: Int = 100_000) -> String? {
    precondition(0..<outputAlphabet.count ~= output, "output \(output) of \(outputAlphabet.count)")
    let k = alphabet.count
    // Two outputs suffice, and open transitions lead to the other one.
    let machine = MooreMachine(
      unchecked: alphabet, outputAlphabet: .digits(2),
      outputs: outputs.map { $0 == output ? 1 : 0 }, successors: successors
    ).completed(sinkOutput: 0).minimized()
    let n = machine.stateCount
    let (start, end) = (n, n + 1)
    // edges[p][q]: what is read on the way from p to q.
    var edges = [[Int: Expression]](repeating: [:], count: n + 2)
    var sources = [Set<Int>](repeating: [], count: n + 2)
    func connect(_ source: Int, _ target: Int, _ expression: Expression) {
      edges[source][target] = edges[source][target].map { $0.union(expression) } ?? expression
      sources[target].insert(source)
    }
    connect(start, 0, .empty)
    for state in 0..<n {
      if machine.output(of: state) == 1 { connect(state, end, .empty) }
      var symbols: [Int: [Int]] = [:]
      for symbol in 0..<k {
        symbols[machine.successor(of: state, on: symbol)!, default: []].append(symbol)
      }
      for (target, symbols) in symbols { connect(state, target, Expression(symbols, of: alphabet)) }
    }

    var remaining = Set(0..<n)
    while !remaining.isEmpty {
      let state = remaining.min {
        (cost(of: $0), $0) < (cost(of: $1), $1)
      }!  // not empty
      remaining.remove(state)
      let loop = edges[state].removeValue(forKey: state)?.star
      let outgoing = edges[state].sorted { $0.key < $1.key }
      for source in sources[state].sorted() where source != state {
        guard let into = edges[source].removeValue(forKey: state) else { continue }
        let head = loop.map { into.concatenated(with: $0) } ?? into
        for (target, out) in outgoing {
          let path = head.concatenated(with: out)
          guard path.text.utf8.count <= lengthLimit else { return nil }
          connect(source, target, path)
        }
      }
      for (target, _) in outgoing { sources[target].remove(state) }
      edges[state] = [:]
    }
    guard let result = edges[start][end] else { return "∅" }
    return result.text.utf8.count <= lengthLimit ? result.text : nil

    /// By how much eliminating the state lengthens the whole.
    func cost(of state: Int) -> Int {
      let incoming = sources[state].filter { $0 != state && edges[$0][state] != nil }
      let outgoing = edges[state].filter { $0.key != state }
      let loop = edges[state][state]?.text.utf8.count ?? 0
      let into = incoming.reduce(0) { $0 + edges[$1][state]!.text.utf8.count }
      let out = outgoing.reduce(0) { $0 + $1.value.text.utf8.count }
      return into * (outgoing.count - 1) + out * (incoming.count - 1)
        + loop * (incoming.count * outgoing.count - 1)
    }
  }
}

/// An expression as text, with what is needed to join it to others briefly.
private struct Expression {
  enum Kind {
    case empty
    case symbols([Int], Alphabet)
    /// Some number of times the expression with this text: `*`, `+` or `?`.
    case repeated(base: String, isNullable: Bool, isOptional: Bool)
    case other(isNullable: Bool)
  }

  let text: String
  /// 0 a union, 1 a concatenation, 2 what a postfix operator binds to.
  let strength: Int
  let kind: Kind

  static let empty = Expression(text: "ε", strength: 2, kind: .empty)

  private init(text: String, strength: Int, kind: Kind) {
    self.text = text
    self.strength = strength
    self.kind = kind
  }

  /// One of the symbols, of which there is at least one.
  init(_ symbols: [Int], of alphabet: Alphabet) {
    let names = symbols.map { alphabet.symbols[$0] }
    self.init(
      text: names.count == 1 ? Self.escaped(names[0], inClass: false) : Self.classText(names),
      strength: 2, kind: .symbols(symbols, alphabet))
  }

  var isNullable: Bool {
    switch kind {
    case .empty: true
    case .symbols: false
    case .repeated(_, let isNullable, _), .other(let isNullable): isNullable
    }
  }

  func wrapped(for strength: Int) -> String { self.strength < strength ? "(\(text))" : text }

  private func repeated(_ mark: String) -> Expression {
    Expression(
      text: wrapped(for: 2) + mark, strength: 2,
      kind: .repeated(
        base: wrapped(for: 2), isNullable: mark != "+" || isNullable, isOptional: mark == "?"))
  }

  var star: Expression {
    switch kind {
    case .empty: .empty
    case .repeated(let base, _, _):
      Expression(
        text: base + "*", strength: 2,
        kind: .repeated(base: base, isNullable: true, isOptional: false))
    default: repeated("*")
    }
  }

  private var optional: Expression {
    if isNullable { return self }
    if case .repeated = kind { return star }  // r+ or ε is r*
    return repeated("?")
  }

  func union(_ other: Expression) -> Expression {
    switch (kind, other.kind) {
    case (.empty, _): return other.optional
    case (_, .empty): return optional
    case (.symbols(let left, let alphabet), .symbols(let right, _)):
      return Expression(Set(left + right).sorted(), of: alphabet)
    default:
      if text == other.text { return self }
      return Expression(
        text: "\(text)|\(other.text)", strength: 0,
        kind: .other(isNullable: isNullable || other.isNullable))
    }
  }

  func concatenated(with other: Expression) -> Expression {
    switch (kind, other.kind) {
    case (.empty, _): return other
    case (_, .empty): return self
    case (_, .repeated(let base, true, false)) where base == wrapped(for: 2):
      return repeated("+")
    case (.repeated(let base, true, false), _) where base == other.wrapped(for: 2):
      return other.repeated("+")
    case (.repeated(let base, true, false), .repeated(let otherBase, true, _))
    where base == otherBase && text.hasSuffix("*"):
      return self
    default:
      return Expression(
        text: wrapped(for: 1) + other.wrapped(for: 1), strength: 1,
        kind: .other(isNullable: isNullable && other.isNullable))
    }
  }

  // MARK: Symbols

  /// The names as a class, runs of at least three characters as ranges.
  private static func classText(_ names: [String]) -> String {
    var text = "["
    let scalars = names.filter { $0.unicodeScalars.count == 1 }
      .map { $0.unicodeScalars.first!.value }.sorted()
    var index = 0
    while index < scalars.count {
      var last = index
      while last + 1 < scalars.count, scalars[last + 1] == scalars[last] + 1 { last += 1 }
      let run = scalars[index...last].map { value in
        escaped(String(Unicode.Scalar(value)!), inClass: true)  // came from a scalar
      }
      text += run.count >= 3 ? "\(run[0])-\(run[run.count - 1])" : run.joined()
      index = last + 1
    }
    for name in names where name.unicodeScalars.count > 1 { text += escaped(name, inClass: true) }
    return text + "]"
  }

  private static func escaped(_ name: String, inClass: Bool) -> String {
    var text = ""
    if name.unicodeScalars.count == 1, let scalar = name.unicodeScalars.first {
      let special = inClass ? "\\]^-<\"" : "\\|&*+?{}()[].!<>\"ε∅"
      if special.unicodeScalars.contains(scalar) || scalar.value <= 0x20 { text = "\\" }
      text.unicodeScalars.append(scalar)
      return text
    }
    for scalar in name.unicodeScalars {
      if scalar == ">" || scalar == "\\" { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
    return "<\(text)>"
  }
}
