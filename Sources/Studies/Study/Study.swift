// A system read from its first checkpoint to its last: the automata, the pairs, the long words.

internal import Automata
public import Extraction
internal import LinearAlgebra
public import RNN
internal import Tasks

/// How far a study has come.
public struct StudyProgress: Sendable {
  /// Each checkpoint is two steps: its spread, and its automaton.
  public let done: Int
  public let total: Int
  /// The epoch of the checkpoint that is done.
  public let epoch: Int
}

/// What there is to say of a run, or of any other system whose representations are known.
public struct Study<Source: CheckpointSource> {
  public let subject: Subject<Source>
  /// The losses and accuracies that the run wrote down; none for other systems.
  public let metrics: [EpochMetrics]
  /// The spread over all words of all checkpoints.
  public let spread: RunSpread
  /// The scale that the last merge distance was measured in.
  public let scale: Double
  public let history: History
  /// Every pair of words; nil where there are more than `PairHistory.mostWords` words.
  public let pairs: PairHistory?
  /// Where each checkpoint's representations lie in the plane of ``RunSpread/components``.
  public let projections: [Projection]
  /// How the last network and automaton do on long words.
  public let longWords: [LongWordScore]
  /// On which long words they were tried; nil if on none.
  public let longWordOptions: LongWordOptions?

  /// A checkpoint as it passes by.
  public struct Moment {
    /// Which checkpoint of the source's files it is, from 0.
    public let index: Int
    public let epoch: Int
    /// The representations of every word.
    public let table: RepresentationTable
    /// What there is of the checkpoint beside its table, such as its network.
    public let system: Source.System
    /// Its automaton, as the subject's rule makes it.
    public let extraction: Extraction
    /// In units of the representations.
    public let mergeDistance: Double
    /// The spread of this checkpoint or of the run, as the rule says.
    public let scale: Double
    /// The spread over all words of all checkpoints.
    public let spread: RunSpread
  }

  /// Reads every checkpoint twice: once for the spread, once to extract its automaton. Whatever
  /// else is to be measured takes what passes by, so that nothing has to read a third time.
  ///
  /// - Parameters:
  ///   - subject: What is studied.
  ///   - options: On which long words to try the last network; none without.
  ///   - projected: Of how many words, the first in shortlex order, to keep the places in the plane;
  ///     a film has no use for more.
  ///   - measure: Called for each checkpoint, in order, for what else is to be measured. The study
  ///     is done with a moment by then. Of networks each moment has a table and a pass of its own,
  ///     which `measure` may keep, write to and hand to another thread; tables from files lie in
  ///     memory that the next one overwrites.
  ///   - progress: Called after each step.
  /// - Throws: `RunError` or `FileError` if a checkpoint is not as it should be, and what `measure`
  ///   throws.
  /// - Complexity: For each checkpoint two passes over the words, one extraction, and O(words² · H)
  ///   for pairs where there are any.
  public init(
    _ subject: Subject<Source>, longWords options: LongWordOptions? = nil,
    projecting projected: Int = 255, measure: (Moment) throws -> Void = { _ in },
    progress: (StudyProgress) -> Void = { _ in }
  ) throws {
    self.subject = subject
    metrics = try subject.folder.metrics()
    let source = subject.source
    let words = source.words
    var done = 0
    func advance(_ epoch: Int) {
      done += 1
      progress(StudyProgress(done: done, total: 2 * source.files.count, epoch: epoch))
    }

    let spread = try source.spread(advance)
    // A subject's task is over the source's symbols.
    var history = try History(
      words: words, alphabet: source.alphabet, task: subject.task?.machine,
      emptyWordCounts: subject.emptyWordCounts)
    var pairs =
      words.count <= PairHistory.mostWords
      ? PairHistory(
        words: words, agreement: subject.agreement, partingRatio: subject.rule.partingRatio) : nil
    var scale = spread.scale
    var projections: [Projection] = []
    var longWords: [LongWordScore] = []
    try source.forEachTable { epoch, table, system in
      if subject.rule.scale == .checkpoint { scale = table.scale }
      let distance = subject.mergeDistance * scale
      let extraction = try subject.extraction(table, system, scale: scale)
      let index = history.entries.count
      projections.append(Projection(table, on: spread.components, mostWords: projected))
      history.append(
        epoch: epoch, extraction: extraction,
        pairs: pairs?.append(epoch: epoch, table.vectors, mergeDistance: distance))
      if index == source.files.count - 1, let options {
        longWords = source.longWordScores(
          options, system, automaton: extraction.automaton, task: subject.task)
      }
      try measure(
        Moment(
          index: index, epoch: epoch, table: table, system: system, extraction: extraction,
          mergeDistance: distance, scale: scale, spread: spread))
      advance(epoch)
    }
    self.spread = spread
    self.scale = scale
    self.history = history
    self.pairs = pairs
    self.projections = projections
    self.longWords = longWords
    longWordOptions = longWords.isEmpty ? nil : options
  }

  /// The losses after an epoch, where the run wrote them down.
  ///
  /// - Parameter epoch: The epoch.
  public func metrics(at epoch: Int) -> EpochMetrics? { metrics.last { $0.epoch == epoch } }

  /// The merge distance at the last checkpoint, in units of the representations.
  public var mergeDistance: Double { subject.mergeDistance * scale }
}

extension Study where Source == NetworkCheckpoints {
  /// Opens a run, or a folder of checkpoints, and studies it.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - reading: How to look at it.
  /// - Throws: What opening the subject throws, and what the other way to study one does.
  public init(run path: String, _ reading: Reading = Reading()) throws {
    try self.init(Subject(RunFolder(path), reading))
  }
}

/// Where representations lie in a plane, and what the system says after every word.
public struct Projection: Sendable {
  /// Two coordinates for each of the first words of the evaluation set.
  public let places: [SIMD2<Float>]
  /// The position in the output alphabet of what the system says after each word.
  public let outputs: [Int32]

  /// - Parameters:
  ///   - table: The representations.
  ///   - plane: One or two directions; with one, as of representations of one number, the second
  ///     coordinate is 0.
  ///   - mostWords: How many words have places.
  init(_ table: RepresentationTable, on plane: PrincipalComponents, mostWords: Int) {
    let count = min(table.words.count, mostWords)
    let axes = plane.coordinates(of: table.vectors, rows: 0..<count)
    places = (0..<count).map { word in
      SIMD2(Float(axes[0][word]), axes.count > 1 ? Float(axes[1][word]) : 0)
    }
    outputs = table.outputs
  }
}
