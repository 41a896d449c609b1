// What every reader of a machine file says when the file is wrong, and where it is wrong.

/// Why text is no machine (or no list of words) in some format.
public struct FormatError: Error, Equatable, CustomStringConvertible {
  /// What is wrong; each case carries what was found and what was needed.
  public enum Problem: Equatable, Sendable {
    case invalidUTF8
    case unexpected(found: String, needed: String)
    case unsupported(String, advice: String)
    case tooDeep(limit: Int)
    case tooLarge(states: Int, symbols: Int)
    case noStart(advice: String)
    case secondStart(first: String, second: String)
    case unknownState(String, advice: String)
    case duplicateState(String)
    case noOutput(state: String, advice: String)
    case nondeterministic(state: String, symbol: String, first: String, second: String)
    case noSymbols
    case unknownSymbol(String, alphabet: [String])
    case unknownOutput(String, outputs: [String])
    case duplicate(String, of: String)
    case missingField(String, of: String)
    case wrongCount(of: String, found: Int, needed: Int)
    case wrongValue(String, found: String, needed: String)
  }

  /// The format that the text was read as, such as "DOT".
  public let format: String
  /// Where the problem lies: lines from 1, columns from 1 in Unicode scalars.
  public let line: Int
  public let column: Int
  public let problem: Problem

  init(_ format: String, _ problem: Problem, at offset: Int, in bytes: some Collection<UInt8>) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {  // continuation bytes don't begin a scalar
        column += 1
      }
    }
    self.format = format
    self.line = line
    self.column = column
    self.problem = problem
  }

  public var description: String { "\(format), line \(line), column \(column): \(sentence)" }

  private var sentence: String {
    switch problem {
    case .invalidUTF8:
      "this byte begins no character of UTF-8; save the file as UTF-8."
    case .unexpected(let found, let needed):
      "found \(found) where \(needed) was needed."
    case .unsupported(let what, let advice):
      "\(what) cannot be read as part of a machine; \(advice)."
    case .tooDeep(let limit):
      "brackets are nested more than \(limit) deep; no machine needs that."
    case .tooLarge(let states, let symbols):
      "\(states) states times \(symbols) symbols make a table of more than 2^28 entries; "
        + "use fewer states or symbols."
    case .noStart(let advice):
      "the machine has no start; \(advice)."
    case .secondStart(let first, let second):
      "'\(second)' is a second start beside '\(first)'; a machine needs exactly one."
    case .unknownState(let name, let advice):
      "'\(name)' is no state of this file; \(advice)."
    case .duplicateState(let name):
      "the state '\(name)' is defined twice; remove one definition."
    case .noOutput(let state, let advice):
      "the state '\(state)' has no output; \(advice)."
    case .nondeterministic(let state, let symbol, let first, let second):
      "from '\(state)' the symbol '\(symbol)' leads to '\(first)' and to '\(second)'; "
        + "a deterministic machine needs one successor."
    case .noSymbols:
      "no symbol occurs, so the alphabet is unknown; at least one is needed."
    case .unknownSymbol(let name, let alphabet):
      "'\(name)' is no symbol of the alphabet {\(alphabet.joined(separator: ", "))}."
    case .unknownOutput(let name, let outputs):
      "'\(name)' is none of the outputs {\(outputs.joined(separator: ", "))}."
    case .duplicate(let name, let what):
      "'\(name)' occurs twice among the \(what); each needs a name of its own."
    case .missingField(let field, let owner):
      "\(owner) lacks the field '\(field)'; add it."
    case .wrongCount(let what, let found, let needed):
      "found \(found) \(what) where \(needed) were needed."
    case .wrongValue(let what, let found, let needed):
      "\(what) is \(found), but \(needed) was needed."
    }
  }
}

/// Text from the bytes of a file; a byte order mark at the start is dropped.
///
/// - Parameters:
///   - bytes: The whole file.
///   - format: The name of the format, for the error.
/// - Throws: ``FormatError`` with the place of the first byte that is not UTF-8.
public func text(decoding bytes: [UInt8], format: String) throws(FormatError) -> String {
  let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  if let text = String(validating: body, as: UTF8.self) { return text }
  // The longest valid prefix ends where the decoder first repairs something.
  var decoder = UTF8()
  var source = body.makeIterator()
  var offset = 0
  while case .scalarValue(let scalar) = decoder.decode(&source) { offset += scalar.utf8.count }
  throw FormatError(format, .invalidUTF8, at: offset, in: body)
}

/// The most entries of a transition table that a file may ask for: a short file that names many
/// states and symbols must not exhaust the memory.
let largestTable = 1 << 28

/// A place in a text that is read byte by byte.
struct Cursor {
  let format: String
  let bytes: [UInt8]
  var offset = 0

  init(_ text: String, format: String) {
    self.format = format
    self.bytes = Array(text.utf8)
  }

  /// The byte at the cursor, or nil at the end.
  var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  func byte(ahead distance: Int) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  func error(_ problem: FormatError.Problem, at offset: Int? = nil) -> FormatError {
    FormatError(format, problem, at: offset ?? self.offset, in: bytes)
  }

  /// What stands at the cursor, for an error: one character, or "the end of the file".
  var found: String {
    guard offset < bytes.count else { return "the end of the file" }
    // The cursor may stand on any byte, so decode with repair.
    let character = String(decoding: bytes[offset...].prefix(32), as: UTF8.self).first
    return character == "\n" || character == "\r\n"
      ? "the end of the line" : "'\(character.map(String.init) ?? "")'"
  }

  /// The text between two offsets, both at the beginnings of characters.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Moves past the byte if it stands at the cursor.
  mutating func skip(_ expected: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: expected) else { return false }
    offset += 1
    return true
  }
}

extension UInt8 {
  var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}

extension StringProtocol {
  /// Without ASCII white space at both ends.
  var trimmed: String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar.value < 0x80 && UInt8(scalar.value).isSpace }
    var body = String(self).unicodeScalars[...]
    while let first = body.first, isSpace(first) { body.removeFirst() }
    while let last = body.last, isSpace(last) { body.removeLast() }
    return String(body)
  }
}

extension Alphabet {
  /// Names in natural order, each once: numbers by value, then all else by Unicode scalars.
  static func naturallyOrdered(_ names: some Sequence<String>) -> [String] {
    Set(names).map { ($0, NaturalKey($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  private struct NaturalKey: Comparable {
    let digits: Substring?  // without leading zeros
    let name: String

    init(_ name: String) {
      self.name = name
      let isNumber = !name.isEmpty && name.utf8.allSatisfy(\.isDigit)
      digits = isNumber ? name.drop { $0 == "0" } : nil
    }

    static func < (left: NaturalKey, right: NaturalKey) -> Bool {
      switch (left.digits, right.digits) {
      case (let l?, let r?) where l != r:
        (l.utf8.count, String(l)) < (r.utf8.count, String(r))
      case (.some, .none): true
      case (.none, .some): false
      default: left.name.unicodeScalars.lexicographicallyPrecedes(right.name.unicodeScalars)
      }
    }
  }
}
