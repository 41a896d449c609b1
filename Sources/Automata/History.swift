// How the automaton changes over the checkpoints of a run.

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
    /// What happened to the lasting classes since the entry before; nil in the first and where pairs
    /// were not measured.
    public let lastingChange: PartitionChange?
    public let trainLoss: Double?
    public let validationLoss: Double?

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
  public private(set) var entries: [Entry] = []

  /// A history without entries.
  ///
  /// - Throws: `AlphabetMismatch` if the task is over other symbols.
  public init(
    words: PrefixTree, alphabet: Alphabet, task: MooreMachine?
  ) throws(AlphabetMismatch) {
    if let task, Set(task.alphabet.symbols) != Set(alphabet.symbols) {
      throw AlphabetMismatch(left: alphabet.symbols, right: task.alphabet.symbols)
    }
    self.words = words
    self.alphabet = alphabet
    self.task = task
  }

  /// Adds the next checkpoint.
  ///
  /// - Precondition: `epoch` is larger than those before, and the partition is of the same words.
  public mutating func append(
    epoch: Int, extraction: Extraction, pairs: PairHistory.Summary? = nil, trainLoss: Double? = nil,
    validationLoss: Double? = nil
  ) {
    precondition(entries.last.map { $0.epoch < epoch } ?? true, "epoch \(epoch) is not the next")
    let automaton = extraction.automaton
    var comparison: Comparison?
    if let task {
      // The alphabets were compared when the history began.
      comparison =
        (try! automaton.separatingWord(from: task)).map(Comparison.different) ?? .equivalent
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
        },
        trainLoss: trainLoss, validationLoss: validationLoss))
    assert(invariantsHold)
  }

  /// |P_t| = |P_s| + splits − mergers between successive checkpoints s and t.
  var invariantsHold: Bool {
    zip(entries, entries.dropFirst()).allSatisfy { before, after in
      guard let change = after.change else { return false }
      return after.classes == before.classes + change.splits.count - change.mergers.count
    }
  }

  // MARK: Tables

  /// One row per checkpoint; the columns stay as they are and in their order, more may follow.
  public var statesTable: String {
    var text = """
      epoch,classes,states,complete,open_transitions,consistency,minimal_states,\
      equivalent_to_task,separating_word,mergers,splits,merged_pairs,disagreeing_merged_pairs,\
      mean_distance,train_loss,validation_loss,disagreeing_outputs,lasting_classes,\
      lasting_mergers,lasting_splits,agreeing_pairs,mean_agreeing_distance,\
      mean_disagreeing_distance

      """
    for entry in entries {
      let automaton = entry.extraction.automaton
      var fields: [String?] = [
        "\(entry.epoch)", "\(entry.classes)", "\(entry.states)", "\(entry.isComplete)",
        "\(automaton.openTransitionCount)", "\(entry.extraction.consistency)",
        entry.minimal.map { "\($0.stateCount)" },
      ]
      switch entry.comparison {
      case .equivalent: fields += ["true", nil]
      case .different(let word): fields += ["false", CSV.field(alphabet.format(word))]
      case nil: fields += [nil, nil]
      }
      fields += [
        entry.change.map { "\($0.mergers.count)" }, entry.change.map { "\($0.splits.count)" },
        entry.pairs.map { "\($0.merged)" },
        entry.pairs?.disagreeingMerged.map { "\($0)" },
        entry.pairs.map { "\($0.meanDistance)" }, entry.trainLoss.map { "\($0)" },
        entry.validationLoss.map { "\($0)" },
        "\(entry.extraction.disagreements.reduce(0, +))",
        entry.pairs.map { "\($0.lasting.count)" },
        entry.lastingChange.map { "\($0.mergers.count)" },
        entry.lastingChange.map { "\($0.splits.count)" },
        entry.pairs?.agreeingPairs.map { "\($0)" },
        entry.pairs?.meanAgreeingDistance.map { "\($0)" },
        entry.pairs?.meanDisagreeingDistance.map { "\($0)" },
      ]
      text += fields.map { $0 ?? "" }.joined(separator: ",") + "\n"
    }
    return text
  }

  /// One row per merger or split: between which epochs, which state (its first word), which part
  /// of the words joined or left it (its first word), how many words that part has, and whether it
  /// is an event of the lasting classes or of the raw ones.
  public var mergersTable: String {
    var text = "from_epoch,to_epoch,event,state,part,words,kind\n"
    for (before, after) in zip(entries, entries.dropFirst()) {
      for (kind, change) in [("raw", after.change), ("lasting", after.lastingChange)] {
        // Every entry but the first has a raw change; pairs may not have been measured.
        guard let change else { continue }
        for (name, events) in [("split", change.splits), ("merger", change.mergers)] {
          for event in events {
            let state = CSV.field(alphabet.format(words.word(of: event.state)))
            let part = CSV.field(alphabet.format(words.word(of: event.part)))
            text +=
              "\(before.epoch),\(after.epoch),\(name),\(state),\(part),\(event.words),\(kind)\n"
          }
        }
      }
    }
    return text
  }
}

/// Comma-separated values.
enum CSV {
  /// A field, in quotes where its text asks for them (RFC 4180).
  static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
