// A table of representations in a file: what any system says of a set of words.

internal import Foundation

/// The words of a table as its file holds them.
public enum TableWords: Equatable, Sendable {
  /// Words as text, "" or "ε" the empty one.
  case text([String])
  /// Words as positions in an alphabet.
  case positions([[Int]])

  public var count: Int {
    switch self {
    case .text(let words): words.count
    case .positions(let words): words.count
    }
  }
}

/// What the system says after each word.
public enum TableOutputs: Equatable, Sendable {
  /// One class per word.
  case classes([Int])
  /// One number per class, word by word; the largest counts.
  case scores([Float], classes: Int)
}

/// The tensors `words`, `vectors` and `outputs` of a file.
///
/// - `words`: text [n] (NumPy only); or whole numbers [n, L], filled up with −1 or with anything
///   beyond `lengths` [n].
/// - `vectors`: floating-point numbers [n, H].
/// - `outputs`: whole numbers [n], or floating-point numbers [n, O] whose largest counts.
public struct RepresentationFile: Equatable, Sendable {
  public let words: TableWords
  public let vectors: [Float]
  /// H.
  public let columns: Int
  public let outputs: TableOutputs
  /// The names of the symbols, if the file says: the metadata's `alphabet`, a ``SymbolList``, or
  /// text of this name.
  public let alphabet: [String]?

  /// - Parameters:
  ///   - archive: The tensors.
  ///   - threshold: Where 'outputs' has one column, a logit, what it has to be above for class 1.
  /// - Throws: `RepresentationError` for whatever is missing or does not fit.
  public init(
    _ archive: TensorArchive, threshold: Float = 0
  ) throws(RepresentationError) {
    guard archive.format == .safetensors || archive.format == .npz, let group = archive.groups.first
    else { throw .format(archive.format) }
    let tensors = group.tensors
    let names = (Array(tensors.keys) + Array(archive.texts.keys)).sorted()

    guard let vectors = tensors["vectors"] else { throw .missing("vectors", names) }
    guard vectors.shape.count == 2, vectors.shape[0] >= 1, vectors.shape[1] >= 1,
      let numbers = vectors.floats
    else { throw .vectors(vectors.shape, vectors.type.rawValue) }
    let count = vectors.shape[0]
    self.vectors = numbers
    columns = vectors.shape[1]
    if let bad = numbers.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: bad / columns)
    }

    words = try Self.words(archive, tensors, names)
    guard words.count == count else { throw .counts("words", words.count, vectors: count) }
    alphabet =
      archive.metadata["alphabet"].map { SymbolList.symbols($0) }
      ?? archive.texts["alphabet"]?.values

    guard let outputs = tensors["outputs"] else { throw .missing("outputs", names) }
    guard outputs.shape.first == count else {
      throw .counts("outputs", outputs.shape.first ?? 0, vectors: count)
    }
    if outputs.shape.count == 1, let classes = outputs.integers {
      guard classes.allSatisfy({ 0..<Self.mostClasses ~= $0 }) else { throw .classes }
      self.outputs = .classes(classes)
    } else if outputs.shape.count == 2, outputs.shape[1] >= 1, let scores = outputs.floats {
      guard scores.allSatisfy({ !$0.isNaN }) else { throw .scores }
      // One column is a logit: the larger of the threshold and it says the class.
      self.outputs =
        outputs.shape[1] == 1
        ? .scores(scores.flatMap { [threshold, $0] }, classes: 2)
        : .scores(scores, classes: outputs.shape[1])
    } else {
      throw .outputs(outputs.shape, outputs.type.rawValue)
    }
  }

  /// The largest number of symbols and of outputs.
  public static let mostClasses = 4096

  private static func words(
    _ archive: TensorArchive, _ tensors: [String: Tensor], _ names: [String]
  ) throws(RepresentationError) -> TableWords {
    if let text = archive.texts["words"] {
      guard text.shape.count == 1 else { throw .words(text.shape) }
      return .text(text.values)
    }
    guard let words = tensors["words"] else { throw .missing("words", names) }
    guard words.shape.count == 2, let symbols = words.integers else { throw .words(words.shape) }
    let (count, width) = (words.shape[0], words.shape[1])
    var lengths: [Int]?
    if let tensor = tensors["lengths"] {
      guard tensor.shape == [count], let numbers = tensor.integers,
        numbers.allSatisfy({ 0...width ~= $0 })
      else { throw .lengths(tensor.shape, words: words.shape) }
      lengths = numbers
    }
    var result: [[Int]] = []
    for row in 0..<count {
      let entries = symbols[row * width..<(row + 1) * width]
      let word = lengths.map { entries.prefix($0[row]) } ?? entries.prefix { $0 != -1 }
      let rest = entries.dropFirst(word.count)
      guard word.allSatisfy({ 0..<mostClasses ~= $0 }),
        lengths != nil || rest.allSatisfy({ $0 == -1 })
      else { throw .symbols(row: row) }
      result.append(Array(word))
    }
    return .positions(result)
  }
}

/// Why a file holds no table of representations.
public enum RepresentationError: Error, Equatable, CustomStringConvertible {
  case format(TensorFormat)
  case missing(String, [String])
  case vectors([Int], String)
  case notFinite(row: Int)
  case words([Int])
  case lengths([Int], words: [Int])
  case symbols(row: Int)
  case counts(String, Int, vectors: Int)
  case outputs([Int], String)
  case classes
  case scores

  public var description: String {
    switch self {
    case .format(let format):
      "representations are read from safetensors and .npz files, but this is \(format.rawValue)."
    case .missing(let name, let names):
      "'\(name)' is missing; a table of representations has words, vectors and outputs"
        + (names.isEmpty
          ? ", but the file has nothing."
          : ", but the file has \(names.prefix(8).joined(separator: ", ")).")
    case .vectors(let shape, let type):
      "'vectors' has shape \(shape) and type \(type); it must be floating-point numbers, a row for "
        + "each word."
    case .notFinite(let row):
      "row \(row) of 'vectors' holds a number that is not finite."
    case .words(let shape):
      "'words' has shape \(shape); it must be text of shape [n] (in .npz), or whole numbers of "
        + "shape [n, greatest length] that are filled up with -1."
    case .lengths(let shape, let words):
      "'lengths' has shape \(shape); it must be a whole number for each row of 'words', of shape "
        + "\(words), and none larger than a row."
    case .symbols(let row):
      "row \(row) of 'words' has symbols below 0 or from \(RepresentationFile.mostClasses) on; "
        + "they must be 0, 1, … and, without 'lengths', -1 to fill up the end."
    case .counts(let name, let count, let vectors):
      "'\(name)' has \(count) rows, but 'vectors' has \(vectors)."
    case .outputs(let shape, let type):
      "'outputs' has shape \(shape) and type \(type); it must be whole numbers of shape [n], or "
        + "floating-point numbers of shape [n, outputs], of which the largest counts, or [n, 1], a logit."
    case .classes:
      "'outputs' has a class below 0 or from \(RepresentationFile.mostClasses) on."
    case .scores:
      "'outputs' holds a number that is not defined (NaN)."
    }
  }
}
