// The ordered finite sets that words and outputs are written in.

/// A finite, ordered set of symbols, each with a printed name.
///
/// Everywhere else in the package a symbol is its position in the alphabet, `0 ..< count`, and
/// a word is a sequence of such positions; the names appear only where people read or write.
public struct Alphabet: Hashable, Sendable {
  /// The symbols' names, in order. Not empty, no two alike.
  public let symbols: [String]

  /// Creates an alphabet from its symbols' names.
  ///
  /// - Parameter symbols: The names in order.
  /// - Throws: `AlphabetError` if there is no symbol, an empty name, or a name given twice.
  public init(_ symbols: [String]) throws(AlphabetError) {
    guard !symbols.isEmpty else { throw .noSymbols }
    var seen: Set<String> = []
    for symbol in symbols {
      guard !symbol.isEmpty else { throw .emptyName }
      guard seen.insert(symbol).inserted else { throw .duplicate(symbol) }
    }
    self.symbols = symbols
  }

  /// Creates an alphabet from its symbols in a text: of one character each, as in `01`, or with
  /// commas between them, as in `go,stop`.
  ///
  /// - Throws: `AlphabetError` if there is no symbol, an empty name, or a name given twice.
  public init(listed text: String) throws(AlphabetError) {
    try self.init(
      text.contains(",")
        ? text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        : text.map(String.init))
  }

  /// The alphabet 0, 1, … of `count` decimal numbers.
  ///
  /// - Precondition: `count` is at least 1.
  public static func digits(_ count: Int) -> Alphabet {
    precondition(count >= 1, "an alphabet has at least one symbol, not \(count)")
    return Alphabet(unchecked: (0..<count).map(String.init))
  }

  /// The number of symbols.
  public var count: Int { symbols.count }

  /// The position of the symbol called `name`, or nil if there is none. O(count).
  public func index(of name: String) -> Int? { symbols.firstIndex(of: name) }

  /// A word as people read it: the names side by side where each is one character, else
  /// separated by spaces; "ε" for the empty word.
  public func format(_ word: some Sequence<Int>) -> String {
    let names = word.map { symbols[$0] }
    guard !names.isEmpty else { return "ε" }
    return names.joined(separator: hasOneCharacterSymbols ? "" : " ")
  }

  /// Reads what ``format(_:)`` writes; "ε" and "" are the empty word.
  ///
  /// - Throws: `AlphabetError.unknownSymbol` for a name that is not in the alphabet.
  public func parse(_ text: String) throws(AlphabetError) -> [Int] {
    guard !text.isEmpty, text != "ε" else { return [] }
    let names =
      hasOneCharacterSymbols ? text.map(String.init) : text.split(separator: " ").map(String.init)
    var word: [Int] = []
    for name in names {
      guard let symbol = index(of: name) else {
        throw .unknownSymbol(name, alphabet: symbols)
      }
      word.append(symbol)
    }
    return word
  }

  /// Whether words can be written without separators.
  public var hasOneCharacterSymbols: Bool { symbols.allSatisfy { $0.count == 1 } }

  private init(unchecked symbols: [String]) {
    self.symbols = symbols
  }
}

/// Why symbols do not make an alphabet, or text no word over it.
public enum AlphabetError: Error, Equatable, CustomStringConvertible {
  case noSymbols
  case emptyName
  case duplicate(String)
  case unknownSymbol(String, alphabet: [String])

  public var description: String {
    switch self {
    case .noSymbols:
      "The alphabet has no symbol; at least one is needed."
    case .emptyName:
      "A symbol of the alphabet has an empty name."
    case .duplicate(let name):
      "The symbol '\(name)' occurs twice in the alphabet."
    case .unknownSymbol(let name, let alphabet):
      "'\(name)' is no symbol of the alphabet {\(alphabet.joined(separator: ", "))}."
    }
  }
}
