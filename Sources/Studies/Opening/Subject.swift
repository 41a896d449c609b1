// A source of representations, with the rule that makes states of them and the task to compare with.

internal import Automata
public import Extraction
internal import LinearAlgebra
public import RNN
public import Tasks

/// What is studied: a source of representations, what is taken for a state of it, and what it should
/// compute.
public struct Subject<Source: CheckpointSource> {
  /// Where the source lies, and where what is found goes.
  public let folder: RunFolder
  public let source: Source
  /// The task as a machine over the system's symbols, if there is one.
  public let task: Language?
  /// What the task was asked for by; also where it is nothing but labelled words.
  public let taskName: TaskName?
  /// Which pairs of words the task does not tell apart; nil where no task is known, or where there are
  /// too many pairs.
  public let agreement: Agreement?
  /// Whether the output after the empty word means something.
  public let emptyWordCounts: Bool
  /// How words fall into states; its number has been chosen.
  public let rule: StateRule
  /// How the rule's number was chosen, if it was, and the numbers it was chosen among, in units of
  /// the scale if they are distances.
  public let choice: (trials: ClusteringChoice, numbers: [Double])?

  /// In units of the scale.
  public var mergeDistance: Double { rule.mergeDistance }

  /// - Parameters:
  ///   - folder: Where the source lies.
  ///   - source: The checkpoints.
  ///   - target: The task, if there is one.
  ///   - taskName: What the task was asked for by.
  ///   - emptyWordCounts: Whether the output after the empty word means something.
  ///   - rule: Where it has no number, one is chosen at the last checkpoint.
  /// - Throws: `StudyError` if the task is over other symbols or there are too many words to look at in
  ///   pairs; `RunError` or `FileError` if a checkpoint is not as it should be.
  public init(
    folder: RunFolder, source: Source, target: NamedTask?, taskName: TaskName?,
    emptyWordCounts: Bool, rule: StateRule
  ) throws {
    self.folder = folder
    self.source = source
    self.emptyWordCounts = emptyWordCounts
    let language = try target?.language.map { try Self.ordered($0, source) }
    task = language
    self.taskName = taskName
    agreement = try Self.agreement(language, target, source)
    if rule.method.clustering(1).looksAtPairs, source.words.count > Clustering.mostWordsInPairs {
      throw StudyError.tooManyPairs(rule.method, words: source.words.count)
    }
    if rule.number == nil {
      let choice = try Self.choice(rule, source, emptyWordCounts: emptyWordCounts)
      self.rule = rule.with(choice.numbers[choice.trials.position])
      self.choice = choice
    } else {
      self.rule = rule
      choice = nil
    }
  }

  /// Extracts the automaton of one checkpoint.
  ///
  /// - Parameters:
  ///   - table: Its representations.
  ///   - system: What there is of it beside the table.
  ///   - scale: The unit of distances at this checkpoint.
  /// - Throws: `ExtractionError` if a representation is not finite.
  public func extraction(
    _ table: RepresentationTable, _ system: Source.System, scale: Double
  ) throws(ExtractionError) -> Extraction {
    try Extractor(
      alphabet: source.alphabet, outputAlphabet: source.outputAlphabet,
      clustering: rule.clustering(scale: scale), isRefined: rule.isRefined,
      emptyWordCounts: emptyWordCounts
    ).extract(table, step: source.step(system))
  }

  /// The unit of distances at one checkpoint: the spread of the run, or of that checkpoint.
  ///
  /// - Parameter file: The checkpoint.
  /// - Throws: As ``CheckpointSource/forEachTable(_:)``.
  public func scale(at file: CheckpointFile) throws -> Double {
    try (rule.scale == .run ? source : source.restricted(to: [file])).scale()
  }

  /// The checkpoint of an epoch.
  ///
  /// - Parameter epoch: Nil for the last.
  /// - Throws: `StudyError.noCheckpoint`.
  public func checkpoint(_ epoch: Int?) throws(StudyError) -> CheckpointFile {
    let files = source.files
    guard let epoch else { return files[files.count - 1] }
    guard let file = files.first(where: { $0.epoch == epoch }) else {
      throw .noCheckpoint(folder.path, epoch: epoch, known: files.map(\.epoch))
    }
    return file
  }

  // MARK: The task

  /// A task over the system's symbols in its order.
  private static func ordered(_ task: Language, _ source: Source) throws(StudyError) -> Language {
    do {
      return Language(name: task.name, machine: try task.machine.ordered(by: source.alphabet))
    } catch {
      throw .otherSymbols(
        source.files[0].path, symbols: error.left, task: task.name, taskSymbols: error.right)
    }
  }

  private static func agreement(
    _ language: Language?, _ target: NamedTask?, _ source: Source
  ) throws(StudyError) -> Agreement? {
    let words = source.words
    guard words.count <= PairHistory.mostWords else { return nil }
    if let language { return Agreement(classes: language.machine.nerodeClasses(of: words)) }
    guard
      case .words(let data) = try target?.ordered(by: source.alphabet, name: "the task")
    else { return nil }
    var labels = [Int?](repeating: nil, count: words.count)
    for (word, output) in zip(data.words, data.outputs) {
      if let node = words.node(of: word) { labels[node] = output }
    }
    return Agreement(words: words, labels: labels)
  }

  // MARK: Choosing

  /// Tries all candidates at the last checkpoint.
  private static func choice(
    _ rule: StateRule, _ source: Source, emptyWordCounts: Bool
  ) throws -> (trials: ClusteringChoice, numbers: [Double]) {
    var numbers = rule.method.candidates
    var found: (choice: ClusteringChoice, scale: Double)?
    try source.restricted(to: [source.files[source.files.count - 1]]).forEachTable {
      _, table, system in
      let scale = table.scale
      var generator = SplitMix64(seed: 1, stream: "words to choose a clustering by")
      let choice = try ClusteringChoice(
        of: numbers.map { rule.with($0).clustering(scale: scale) },
        Extractor(
          alphabet: source.alphabet, outputAlphabet: source.outputAlphabet,
          clustering: rule.method.clustering(1), isRefined: rule.isRefined,
          emptyWordCounts: emptyWordCounts),
        table, step: source.step(system), questions: source.questions(system), using: &generator)
      found = (choice, scale)
    }
    guard let found else { preconditionFailure("a source has a checkpoint") }
    if rule.method.hasDistance, rule.scale == .run {
      let runScale = try source.scale()
      if runScale > 0 { numbers = numbers.map { $0 * found.scale / runScale } }
    }
    return (found.choice, numbers)
  }
}
