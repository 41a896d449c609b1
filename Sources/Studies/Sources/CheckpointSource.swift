// Where representations come from: networks that are run on words, or files that hold them.

public import Automata
public import Extraction
public import LinearAlgebra
public import RNN
public import Tasks

/// The representations of the same words at successive checkpoints of some system.
public protocol CheckpointSource {
  /// What there is of a checkpoint beside its table.
  associatedtype System

  /// What the files hold.
  var kind: Analysis.Source.Kind { get }
  /// The checkpoints in order; at least one.
  var files: [CheckpointFile] { get }
  /// The evaluation set.
  var words: PrefixTree { get }
  var alphabet: Alphabet { get }
  var outputAlphabet: Alphabet { get }
  /// H, the length of a representation.
  var columns: Int { get }
  /// Which words there are, for a reader, such as "2047 words up to length 10".
  var wordsText: String { get }

  /// Goes through the checkpoints in order.
  ///
  /// - Parameter body: Is handed the epoch, the table and the system. Tables are not written to after
  ///   that, but each takes the memory of all its vectors.
  /// - Throws: `RunError` or `FileError` for a file that is not as it should be, and `RunError` in
  ///   place of an `ExtractionError` of `body`.
  func forEachTable(_ body: (Int, RepresentationTable, System) throws -> Void) throws

  /// The vectors that one more symbol leads to, for words of a table: a row for each word and each
  /// symbol, word by word. Nil where that is not known.
  ///
  /// - Parameter system: What there is of a checkpoint beside its table.
  func step(_ system: System) -> ((_ words: [Int]) -> MatrixBuffer)?

  /// How to ask the system about longer words; nil where it cannot be asked.
  ///
  /// - Parameter system: What there is of a checkpoint beside its table.
  func questions(_ system: System) -> ClusteringChoice.Questions?

  /// The same with some of its checkpoints.
  ///
  /// - Parameter files: Some of them, in order; at least one.
  func restricted(to files: [CheckpointFile]) -> Self

  /// How the system and its automaton do on random words; none where it cannot be asked.
  ///
  /// - Parameters:
  ///   - options: Which words.
  ///   - system: What there is of a checkpoint beside its table.
  ///   - automaton: The automaton of that checkpoint.
  ///   - task: What is right, if that is known.
  func longWordScores(
    _ options: LongWordOptions, _ system: System, automaton: MooreMachine, task: Language?
  ) -> [LongWordScore]
}

extension CheckpointSource {
  /// The spread over all words of all checkpoints.
  ///
  /// - Parameter report: Called with the epoch of each checkpoint that is done.
  /// - Throws: As ``forEachTable(_:)``.
  /// - Complexity: O(words · H²) for each checkpoint, beside making its table.
  public func spread(_ report: (Int) -> Void = { _ in }) throws -> RunSpread {
    var gatherer = SpreadGatherer(columns: columns)
    try forEachTable { epoch, table, _ in
      gatherer.add(table.vectors, count: table.words.count)
      report(epoch)
    }
    return gatherer.spread
  }

  /// The spread alone, without its directions.
  ///
  /// - Throws: As ``forEachTable(_:)``.
  /// - Complexity: O(words · H) for each checkpoint, beside making its table.
  public func scale() throws -> Double {
    var moments = ColumnMoments(columns: columns)
    try forEachTable { _, table, _ in
      moments.add(table.vectors, rows: 0..<table.words.count)
    }
    return moments.scale
  }
}
