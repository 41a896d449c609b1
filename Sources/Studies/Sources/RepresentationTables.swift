// Tables of representations from files, one per checkpoint of any system.

public import Automata
public import Extraction
internal import Files
public import LinearAlgebra
public import RNN
public import Tasks
internal import TensorFiles

/// Files that all hold the same words.
public struct RepresentationTables: CheckpointSource {
  public private(set) var files: [CheckpointFile]
  public let words: PrefixTree
  public let alphabet: Alphabet
  public let outputAlphabet: Alphabet
  public let columns: Int
  public var kind: Analysis.Source.Kind { .representations }
  public let wordsText: String
  /// What a logit has to be above for class 1.
  private let threshold: Float
  // The node of each word, by its symbols.
  private let nodes: [[Int]: Int]

  /// Reads one file.
  ///
  /// - Throws: `RunError`, naming it.
  private static func read(_ path: String, _ threshold: Float) throws -> RepresentationFile {
    let data = try WholeFile.read(path)
    do {
      return try RepresentationFile(TensorArchive(data: data), threshold: threshold)
    } catch {
      throw RunError.checkpoint(path, "\(error)")
    }
  }

  /// The ends of the names of files of representations, by kinds that are not mixed.
  public static let kinds = [[".safetensors"], [".npz"]]

  /// Takes the words from the first file.
  ///
  /// - Parameters:
  ///   - files: One for each checkpoint, in order; at least one.
  ///   - depth: Longer words are left out.
  ///   - alphabet: The symbols where the file does not name them or names only some.
  ///   - outputAlphabet: The outputs; else they are as many as occur in the files.
  ///   - threshold: Where outputs are one column, a logit, what it has to be above for class 1.
  /// - Throws: `StudyError` if the words make no evaluation set, `RunError` or `FileError` for a file
  ///   that is not as it should be.
  public init(
    files: [CheckpointFile], depth: Int?, alphabet: Alphabet?, outputAlphabet: Alphabet?,
    threshold: Float = 0
  ) throws {
    self.threshold = threshold
    let path = files[0].path
    let first = try Self.read(path, threshold)
    let symbols = try alphabet ?? Self.alphabet(of: first, path)
    let all = try Self.positions(first.words, symbols, path)
    let chosen = all.filter { depth == nil || $0.count <= depth ?? 0 }
    guard let (tree, positions) = PrefixTree.ofWords(chosen, symbolCount: symbols.count) else {
      throw StudyError.noEmptyWord(path)
    }
    var nodes: [[Int]: Int] = [:]
    for (node, position) in positions.enumerated() { nodes[chosen[position]] = node }
    self.files = files
    self.nodes = nodes
    self.alphabet = symbols
    words = tree
    columns = first.columns
    let left = Set(chosen).count - tree.count
    wordsText =
      "\(tree.count) words up to length \(tree.depth)"
      + (left == 0
        ? "" : ", and \(left) left out that have a prefix which is not in the table")
    if let outputAlphabet {
      self.outputAlphabet = outputAlphabet
    } else {
      var count = 1
      for file in files {
        switch try Self.read(file.path, threshold).outputs {
        case .classes(let classes): count = max(count, (classes.max() ?? 0) + 1)
        case .scores(_, let classes): count = max(count, classes)
        }
      }
      self.outputAlphabet = .digits(count)
    }
  }

  public func forEachTable(_ body: (Int, RepresentationTable, Void) throws -> Void) throws {
    let vectors = MatrixBuffer(rows: words.count, columns: columns)
    for file in files {
      let table = try Self.read(file.path, threshold)
      guard table.columns == columns else {
        throw RunError.checkpoint(
          file.path,
          "'vectors' has \(table.columns) columns, but in \(files[0].path) it has \(columns).")
      }
      var outputs = [Int32](repeating: -1, count: words.count)
      for (row, word) in try Self.positions(table.words, alphabet, file.path).enumerated() {
        // Of a word given twice the first row counts.
        guard let node = nodes[word], outputs[node] < 0 else { continue }
        for column in 0..<columns { vectors[node, column] = table.vectors[row * columns + column] }
        let output = table.output(row)
        guard output < outputAlphabet.count else {
          throw RunError.checkpoint(
            file.path,
            "'outputs' has class \(output), but known are \(outputAlphabet.count), from 0 on.")
        }
        outputs[node] = Int32(output)
      }
      if let missing = outputs.firstIndex(of: -1) {
        throw RunError.checkpoint(
          file.path,
          "the word \(alphabet.format(words.word(of: missing))) is missing, but is in "
            + "\(files[0].path); all tables need the same words.")
      }
      do {
        try body(
          file.epoch, RepresentationTable(words: words, vectors: vectors, outputs: outputs), ())
      } catch let error as ExtractionError {
        throw RunError.checkpoint(file.path, "\(error)")
      }
    }
  }

  // Where a word leads that is not in the table is not known.
  public func step(_ system: Void) -> ((_ words: [Int]) -> MatrixBuffer)? { nil }

  public func questions(_ system: Void) -> ClusteringChoice.Questions? { nil }

  public func restricted(to files: [CheckpointFile]) -> RepresentationTables {
    var tables = self
    tables.files = files
    return tables
  }

  public func longWordScores(
    _ options: LongWordOptions, _ system: Void, automaton: MooreMachine, task: Language?
  ) -> [LongWordScore] { [] }

  // MARK: Words

  /// Words are split at spaces if one of them has any or a symbol has several letters, else each
  /// letter is a symbol.
  private static func hasSpaces(_ words: [String]) -> Bool { words.contains { $0.contains(" ") } }

  private static func symbols(of word: String, hasSpaces: Bool) -> [String] {
    if word == "ε" { return [] }
    return hasSpaces ? word.split(separator: " ").map(String.init) : word.map(String.init)
  }

  /// The symbols that a file names, or that occur in it.
  private static func alphabet(of file: RepresentationFile, _ path: String) throws -> Alphabet {
    do {
      if let names = file.alphabet { return try Alphabet(names) }
      switch file.words {
      case .text(let words):
        let hasSpaces = hasSpaces(words)
        return try Alphabet(
          Set(words.flatMap { symbols(of: $0, hasSpaces: hasSpaces) }).sorted())
      case .positions(let words): return .digits((words.joined().max() ?? 0) + 1)
      }
    } catch {
      throw StudyError.file(path, "the symbols of its words make no alphabet. \(error)")
    }
  }

  private static func positions(
    _ words: TableWords, _ alphabet: Alphabet, _ path: String
  ) throws -> [[Int]] {
    switch words {
    case .positions(let words):
      if let largest = words.joined().max(), largest >= alphabet.count {
        throw StudyError.file(
          path,
          "a word has symbol \(largest), but the alphabet "
            + "{\(alphabet.symbols.joined(separator: ", "))} ends with symbol \(alphabet.count - 1)."
        )
      }
      return words
    case .text(let words):
      let places = Dictionary(
        uniqueKeysWithValues: alphabet.symbols.enumerated().map { ($1, $0) })
      let hasSpaces = !alphabet.hasOneCharacterSymbols || hasSpaces(words)
      return try words.map { word in
        try symbols(of: word, hasSpaces: hasSpaces).map { name in
          guard let place = places[name] else {
            throw StudyError.file(
              path,
              "a word has the symbol '\(name)', but the alphabet is "
                + "{\(alphabet.symbols.joined(separator: ", "))}. Symbols of several letters need "
                + "spaces between them, in every file.")
          }
          return place
        }
      }
    }
  }
}

extension RepresentationFile {
  /// The class of a row's output; of equal scores the first counts.
  fileprivate func output(_ row: Int) -> Int {
    switch outputs {
    case .classes(let classes): classes[row]
    case .scores(let scores, let count):
      (0..<count).reduce(0) { best, index in
        scores[row * count + index] > scores[row * count + best] ? index : best
      }
    }
  }
}
