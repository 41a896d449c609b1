// How the automaton changes over the checkpoints of a run.

public import Automata

/// The automata of a run's checkpoints in order, with what changed between them.
public struct History: Sendable {
  /// One checkpoint.
  public struct Entry: Sendable {
    public let epoch: Int
    public let extraction: Extraction
    /// What happened to the classes since the entry before; nil in the first.
    public let change: PartitionChange?
    /// The minimal machine equivalent to the automaton, where that is complete.
    public let minimal: MooreMachine?
    /// How the automaton compares with the task; nil where no task is known.
    public let comparison: Comparison?
    /// What the pairs of words say; nil where there were too many to measure.
    public let pairs: PairHistory.Summary?
    /// What happened to the lasting classes since the entry before; nil in the first and where
    /// pairs were not measured.
    public let lastingChange: PartitionChange?

    /// The number of classes.
    public var classes: Int { extraction.partition.count }
    /// The number of states of the automaton, those reached from state 0.
    public var states: Int { extraction.automaton.stateCount }
    public var isComplete: Bool { extraction.automaton.isComplete }
    /// Whether the automaton says what the task asks for after every word.
    public var isEquivalentToTask: Bool { comparison == .equivalent }
  }

  /// Whether an automaton computes the task. An open transition counts as a wrong answer.
  public enum Comparison: Hashable, Sendable {
    case equivalent
    /// The shortlex-least word on which they differ.
    case different([Int])
  }

  /// The evaluation set.
  public let words: PrefixTree
  public let alphabet: Alphabet
  /// The machine to be learnt, if there is one.
  public let task: MooreMachine?
  /// Whether an automaton that says something else than the task before the first symbol differs from
  /// it.
  public let emptyWordCounts: Bool
  public private(set) var entries: [Entry] = []

  /// A history without entries.
  ///
  /// - Parameters:
  ///   - words: The evaluation set.
  ///   - alphabet: The input symbols.
  ///   - task: The machine to be learnt, if there is one.
  ///   - emptyWordCounts: Whether what the task says before the first symbol is asked about.
  /// - Throws: `AlphabetMismatch` if the task is over other symbols.
  public init(
    words: PrefixTree, alphabet: Alphabet, task: MooreMachine?, emptyWordCounts: Bool = true
  ) throws(AlphabetMismatch) {
    if let task, Set(task.alphabet.symbols) != Set(alphabet.symbols) {
      throw AlphabetMismatch(left: alphabet.symbols, right: task.alphabet.symbols)
    }
    self.words = words
    self.alphabet = alphabet
    self.task = task
    self.emptyWordCounts = emptyWordCounts
  }

  /// The position of the first entry from which on all satisfy a condition; nil if the last does
  /// not.
  public func start(ofLasting condition: (Entry) -> Bool) -> Int? {
    let start = entries.startOfSuffix(where: condition)
    return start < entries.count ? start : nil
  }

  /// Adds the next checkpoint.
  ///
  /// - Parameters:
  ///   - epoch: The checkpoint's epoch.
  ///   - extraction: Its classes and its automaton.
  ///   - pairs: What its pairs of words say, where they were measured.
  /// - Precondition: `epoch` is larger than those before, and the partition is of the same words.
  public mutating func append(
    epoch: Int, extraction: Extraction, pairs: PairHistory.Summary? = nil
  ) {
    precondition(entries.last.map { $0.epoch < epoch } ?? true, "epoch \(epoch) is not the next")
    let automaton = extraction.automaton
    var comparison: Comparison?
    if let task {
      // The alphabets were compared when the history began.
      comparison =
        (try! automaton.separatingWord(from: task, emptyWordCounts: emptyWordCounts))
        .map(Comparison.different) ?? .equivalent
    }
    entries.append(
      Entry(
        epoch: epoch, extraction: extraction,
        change: entries.last.map {
          PartitionChange(from: $0.extraction.partition, to: extraction.partition)
        },
        minimal: automaton.isComplete ? automaton.minimized() : nil, comparison: comparison,
        pairs: pairs,
        lastingChange: entries.last?.pairs.flatMap { before in
          pairs.map { PartitionChange(from: before.lasting, to: $0.lasting) }
        }))
    assert(invariantsHold)
  }

  /// |P_t| = |P_s| + splits − mergers between successive checkpoints s and t.
  var invariantsHold: Bool {
    zip(entries, entries.dropFirst()).allSatisfy { before, after in
      guard let change = after.change else { return false }
      return after.classes == before.classes + change.splits.count - change.mergers.count
    }
  }
}
