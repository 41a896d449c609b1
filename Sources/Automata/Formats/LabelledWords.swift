// Words with the outputs that they should have, and the files that hold them: Abbadingo's and
// MLRegTest's.

/// A list of words, each with its output or without one.
public struct LabelledWords: Hashable, Sendable {
  /// What the words are over.
  public let alphabet: Alphabet
  /// The names of the outputs.
  public let outputAlphabet: Alphabet
  /// The words in the file's order; one may occur more than once.
  public let words: [[Int]]
  /// One position in ``outputAlphabet`` per word, or nil where the output is unknown.
  public let outputs: [Int?]

  /// - Parameters:
  ///   - alphabet: What the words are over.
  ///   - outputAlphabet: The names of the outputs.
  ///   - words: The words, as positions in `alphabet`.
  ///   - outputs: One position in `outputAlphabet` per word, or nil where it is unknown.
  /// - Precondition: as many outputs as words, and all symbols and outputs within the alphabets.
  public init(
    alphabet: Alphabet, outputAlphabet: Alphabet = .digits(2), words: [[Int]], outputs: [Int?]
  ) {
    precondition(words.count == outputs.count, "\(words.count) words, \(outputs.count) outputs")
    precondition(words.allSatisfy { $0.allSatisfy { 0..<alphabet.count ~= $0 } }, "unknown symbol")
    precondition(
      outputs.allSatisfy { $0.map { 0..<outputAlphabet.count ~= $0 } ?? true }, "unknown output")
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.words = words
    self.outputs = outputs
  }

  /// The same words over another alphabet, which may have more symbols and another order.
  ///
  /// - Throws: `AlphabetError.unknownSymbol` if a symbol that occurs is missing there.
  /// - Complexity: O(length of the words).
  public func over(_ other: Alphabet) throws(AlphabetError) -> LabelledWords {
    let places = alphabet.symbols.map { other.index(of: $0) }
    for word in words {
      for symbol in word where places[symbol] == nil {
        throw .unknownSymbol(alphabet.symbols[symbol], alphabet: other.symbols)
      }
    }
    return LabelledWords(
      alphabet: other, outputAlphabet: outputAlphabet,
      words: words.map { $0.compactMap { places[$0] } },
      outputs: outputs)
  }
}

/// Why a machine or a list of words cannot be written in a format.
public enum UnwritableError: Error, Equatable, CustomStringConvertible {
  case symbol(String, format: String, reason: String)
  case outputs([String], format: String, needed: String)

  public var description: String {
    switch self {
    case .symbol(let name, let format, let reason):
      "The symbol '\(name)' cannot be written in \(format): \(reason). Rename it, or use JSON."
    case .outputs(let names, let format, let needed):
      "The outputs {\(names.joined(separator: ", "))} cannot be written in \(format), which needs "
        + "\(needed). Use DOT or JSON."
    }
  }
}

// MARK: Abbadingo

extension LabelledWords {
  /// Reads Abbadingo data: a line with the number of words and the size of the alphabet, then
  /// one line `LABEL LENGTH SYMBOL…` per word.
  ///
  /// - The label −1 is an unknown output; labels all among 0 and 1 are the outputs 0, 1, others
  ///   are outputs in natural order.
  /// - Where the header holds a size k, symbols are the numbers 0 … k − 1, or else at most k names.
  ///   A name in the place of the size is fine too. Names are in natural order.
  /// - Words of length 0 are words like all others. White space may be of any amount; empty lines
  ///   are skipped.
  ///
  /// - Parameter text: The file.
  /// - Throws: ``FormatError`` with line and column.
  /// - Complexity: O(length of the text).
  ///
  /// Source: K. J. Lang, B. A. Pearlmutter, R. A. Price, "Results of the Abbadingo One DFA Learning
  /// Competition and a New Evidence-Driven State Merging Algorithm", ICGI 1998.
  public init(abbadingo text: String) throws(FormatError) {
    var lines = LineReader(text, format: "Abbadingo")
    guard let header = lines.next(), header.count == 2 else {
      throw lines.error(
        .unexpected(
          found: lines.fields.isEmpty ? "an empty file" : "\(lines.fields.count) fields",
          needed: "the number of words and the size of the alphabet"))
    }
    let count = try lines.natural(header[0], "the number of words")
    let size = Int(header[1].text)
    var labels: [String] = []
    var words: [[LineReader.Field]] = []
    while let fields = lines.next() {
      guard words.count < count else {
        throw lines.error(.wrongCount(of: "words (or more)", found: count + 1, needed: count))
      }
      guard fields.count >= 2 else {
        throw lines.error(.unexpected(found: "one field", needed: "a label and a length"))
      }
      let length = try lines.natural(fields[1], "the length")
      guard fields.count - 2 == length else {
        throw lines.error(
          .wrongCount(of: "symbols", found: fields.count - 2, needed: length),
          at: fields[1].offset)
      }
      labels.append(fields[0].text)
      words.append(Array(fields[2...]))
    }
    guard words.count == count else {
      throw lines.error(
        .wrongCount(of: "words", found: words.count, needed: count), at: header[0].offset)
    }
    let names = Set(words.joined().map(\.text))
    let alphabet: Alphabet
    // A size far beyond the text's must not make an alphabet of as many names.
    if let size, size >= 1, size <= max(text.utf8.count, 1 << 16),
      names.allSatisfy({ name in Int(name).map { 0..<size ~= $0 && String($0) == name } ?? false })
    {
      alphabet = .digits(size)
    } else if let size, size < 1 || names.count > size {
      throw lines.error(
        .wrongCount(of: "different symbols", found: names.count, needed: max(size, 1)),
        at: header[1].offset)
    } else {
      alphabet = try lines.alphabet(names, at: header[1].offset)
    }
    self = Self.make(alphabet: alphabet, words: words.map { $0.map(\.text) }, labels: labels)
  }

  /// The words as Abbadingo data.
  ///
  /// Symbols and outputs are written as their names, an unknown output as −1. For the alphabet
  /// 0 … k − 1 and the outputs 0 and 1 that is the format of the competition, and
  /// ``init(abbadingo:)`` gives back equal words; else the alphabets come back as they occur.
  ///
  /// - Throws: ``UnwritableError`` if a name holds white space, or an output is called −1.
  public func abbadingo() throws(UnwritableError) -> String {
    for name in alphabet.symbols + outputAlphabet.symbols
    where name.utf8.contains(where: \.isSpace) {
      throw .symbol(name, format: "Abbadingo's format", reason: "it holds white space")
    }
    if outputAlphabet.index(of: "-1") != nil {
      throw .outputs(
        outputAlphabet.symbols, format: "Abbadingo's format", needed: "-1 for unknown outputs")
    }
    var text = "\(words.count) \(alphabet.count)\n"
    for (word, output) in zip(words, outputs) {
      text += output.map { outputAlphabet.symbols[$0] } ?? "-1"
      text += " \(word.count)"
      for symbol in word { text += " \(alphabet.symbols[symbol])" }
      text += "\n"
    }
    return text
  }

  private static func make(
    alphabet: Alphabet, words: [[String]], labels: [String]
  ) -> LabelledWords {
    let numbers = Dictionary(uniqueKeysWithValues: zip(alphabet.symbols, 0...))
    let known = Set(labels).subtracting(["-1"])
    let outputs =
      known.isSubset(of: ["0", "1"])
      // Distinct, and not empty since the subset test failed.
      ? .digits(2) : try! Alphabet(Alphabet.naturallyOrdered(known))
    let places = Dictionary(uniqueKeysWithValues: zip(outputs.symbols, 0...))
    return LabelledWords(
      alphabet: alphabet, outputAlphabet: outputs, words: words.map { $0.map { numbers[$0]! } },
      outputs: labels.map { places[$0] })
  }
}

// MARK: MLRegTest

extension LabelledWords {
  /// Reads MLRegTest data: one line `WORD<TAB>TRUE` or `WORD<TAB>FALSE` per word, each Unicode
  /// scalar of the word a symbol.
  ///
  /// The line of the empty word begins with the tab. Letters' case matters in words, not in TRUE
  /// and FALSE. Empty lines are skipped, and lines may end in CR LF.
  ///
  /// - Parameters:
  ///   - text: The file.
  ///   - alphabet: The symbols. Default: those that occur, in natural order.
  /// - Throws: ``FormatError`` with line and column.
  /// - Complexity: O(length of the text).
  ///
  /// Source: S. van der Poel et al., "MLRegTest: A Benchmark for the Machine Learning of Regular
  /// Languages", JMLR 25 (2024).
  public init(mlRegTest text: String, alphabet: Alphabet? = nil) throws(FormatError) {
    let format = "MLRegTest"
    let bytes = Array(text.utf8)
    var words: [[String]] = []
    var offsets: [Int] = []
    var labels: [String] = []
    var start = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      defer { start = line.endIndex + 1 }
      let body = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard !body.isEmpty else { continue }
      guard let tab = body.firstIndex(of: UInt8(ascii: "\t")) else {
        throw FormatError(
          format, .unexpected(found: "a line without a tab", needed: "WORD, a tab, TRUE or FALSE"),
          at: start, in: bytes)
      }
      let label = String(decoding: body[(tab + 1)...], as: UTF8.self)
      guard case let upper = label.trimmed.uppercased(), upper == "TRUE" || upper == "FALSE" else {
        throw FormatError(
          format, .unexpected(found: "'\(label)'", needed: "TRUE or FALSE"), at: tab + 1, in: bytes)
      }
      offsets.append(start)
      words.append(
        String(decoding: body[..<tab], as: UTF8.self).unicodeScalars.map { String($0) })
      labels.append(upper == "TRUE" ? "1" : "0")
    }
    let resolved: Alphabet
    if let alphabet {
      let known = Set(alphabet.symbols)
      for (word, offset) in zip(words, offsets) {
        var place = offset
        for name in word {
          guard known.contains(name) else {
            throw FormatError(
              format, .unknownSymbol(name, alphabet: alphabet.symbols), at: place, in: bytes)
          }
          place += name.utf8.count
        }
      }
      resolved = alphabet
    } else {
      do {
        resolved = try Alphabet(Alphabet.naturallyOrdered(Set(words.joined())))
      } catch {
        throw FormatError(format, .noSymbols, at: 0, in: bytes)
      }
    }
    self = Self.make(alphabet: resolved, words: words, labels: labels)
  }

  /// The words as MLRegTest data; the second output is TRUE.
  ///
  /// - Throws: ``UnwritableError`` if a symbol is not one Unicode scalar or ends a field or line,
  ///   there are not two outputs, or one is unknown.
  public func mlRegTest() throws(UnwritableError) -> String {
    for name in alphabet.symbols
    where name.unicodeScalars.count != 1 || ["\t", "\n", "\r"].contains(name) {
      throw .symbol(
        name, format: "MLRegTest's format", reason: "a symbol is one character and no white space")
    }
    guard outputAlphabet.count == 2, !outputs.contains(nil) else {
      throw .outputs(
        outputAlphabet.symbols, format: "MLRegTest's format", needed: "two, and one for each word")
    }
    var text = ""
    for (word, output) in zip(words, outputs) {
      for symbol in word { text += alphabet.symbols[symbol] }
      text += output == 1 ? "\tTRUE\n" : "\tFALSE\n"
    }
    return text
  }
}

// MARK: Lines of fields

/// Text as lines of fields between white space, with their places.
struct LineReader {
  struct Field {
    let text: String
    let offset: Int
  }

  private var cursor: Cursor
  /// The fields of the line that was read last.
  private(set) var fields: [Field] = []

  init(_ text: String, format: String) { cursor = Cursor(text, format: format) }

  /// The fields of the next line that has any; nil at the end.
  mutating func next() -> [Field]? {
    fields = []
    while let byte = cursor.byte {
      if byte == UInt8(ascii: "\n"), !fields.isEmpty { break }
      if byte.isSpace {
        cursor.offset += 1
        continue
      }
      let start = cursor.offset
      while let byte = cursor.byte, !byte.isSpace { cursor.offset += 1 }
      fields.append(Field(text: cursor.text(start..<cursor.offset), offset: start))
    }
    return fields.isEmpty ? nil : fields
  }

  /// A problem, by default in the first field of the line that was read last.
  func error(_ problem: FormatError.Problem, at offset: Int? = nil) -> FormatError {
    cursor.error(problem, at: offset ?? fields.first?.offset ?? cursor.offset)
  }

  func natural(_ field: Field, _ what: String) throws(FormatError) -> Int {
    guard let value = Int(field.text), value >= 0 else {
      throw error(
        .wrongValue(what, found: "'\(field.text)'", needed: "a number from 0"), at: field.offset)
    }
    return value
  }

  func alphabet(_ names: Set<String>, at offset: Int) throws(FormatError) -> Alphabet {
    do {
      return try Alphabet(Alphabet.naturallyOrdered(names))
    } catch {
      throw self.error(.noSymbols, at: offset)
    }
  }
}
