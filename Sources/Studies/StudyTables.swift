// What a study has found, as tables of comma-separated values.

internal import Automata
public import Extraction
internal import Files
internal import RNN

/// What all tables of a study have in common.
enum StudyTables {
  /// The columns of text, by the names of the tables.
  static let textColumns = [
    "mergers.csv": ["event", "state", "part", "kind"], "states.csv": ["separating_word"],
  ]
}

extension Study {
  /// `states.csv`: one row per checkpoint; the columns stay as they are and in their order, more may
  /// follow.
  public var statesTable: String {
    let losses = Dictionary(metrics.map { ($0.epoch, $0) }) { $1 }
    return history.statesTable {
      losses[$0].map { (train: $0.trainLoss, validation: $0.validationLoss) }
    }
  }

  /// `mergers.csv`; see `History.mergersTable`.
  public var mergersTable: String { history.mergersTable }

  /// `long-words.csv`: how the last network and automaton do on long words, a row per length.
  public var longWordsTable: String {
    var table = CSVTable(["length", "words", "network_accuracy", "automaton_accuracy", "fidelity"])
    for score in longWords {
      table.add([
        score.length, score.words, score.networkAccuracy, score.automatonAccuracy, score.fidelity,
      ])
    }
    return table.text
  }

  /// `choice.csv`: the candidates among which a merge distance or another number was chosen; nil where
  /// none was.
  public var choiceTable: String? {
    guard let (choice, numbers) = subject.choice else { return nil }
    var table = CSVTable([
      subject.rule.method.numberName, "classes", "states", "complete", "open_transitions",
      "consistency", "fidelity", "long_fidelity", "score", "chosen",
    ])
    for (position, trial) in choice.trials.enumerated() {
      let automaton = trial.extraction.automaton
      table.add([
        numbers[position], trial.extraction.partition.count, automaton.stateCount,
        automaton.isComplete, automaton.openTransitionCount, trial.extraction.consistency,
        trial.fidelity, trial.longFidelity, trial.score, position == choice.position,
      ])
    }
    return table.text
  }

  /// An automaton as JSON, with what the extraction knows of its states.
  ///
  /// - Parameter entry: The checkpoint.
  public func json(_ entry: History.Entry) -> String {
    let extraction = entry.extraction
    let sizes = extraction.partition.sizes
    return extraction.automaton.json(
      fields: [
        ("epoch", .integer(entry.epoch)), ("classes", .integer(entry.classes)),
        ("consistency", .number(extraction.consistency)),
      ],
      stateFields: { state in
        let number = extraction.classOfState[state]
        let leader = history.words.word(of: extraction.partition.leader(of: number))
        return [
          ("leader", .string(history.alphabet.format(leader))),
          ("words", .integer(sizes[number])),
          ("disagreeing_outputs", .integer(extraction.disagreements[number])),
        ]
      })
  }
}

extension History {
  /// One row per checkpoint.
  ///
  /// - Parameter losses: What is known of an epoch's losses.
  package func statesTable(
    losses: (Int) -> (train: Double, validation: Double)?
  ) -> String {
    var table = CSVTable([
      "epoch", "classes", "states", "complete", "open_transitions", "consistency",
      "minimal_states", "equivalent_to_task", "separating_word", "mergers", "splits",
      "merged_pairs", "disagreeing_merged_pairs", "mean_distance", "train_loss",
      "validation_loss", "disagreeing_outputs", "lasting_classes", "lasting_mergers",
      "lasting_splits", "agreeing_pairs", "mean_agreeing_distance", "mean_disagreeing_distance",
    ])
    for entry in entries {
      let known = losses(entry.epoch)
      let comparison: [(any CustomStringConvertible)?] =
        switch entry.comparison {
        case .equivalent: [true, nil]
        case .different(let word): [false, alphabet.format(word)]
        case nil: [nil, nil]
        }
      table.add(
        [
          entry.epoch, entry.classes, entry.states, entry.isComplete,
          entry.extraction.automaton.openTransitionCount, entry.extraction.consistency,
          entry.minimal?.stateCount,
        ] + comparison + [
          entry.change?.mergers.count, entry.change?.splits.count, entry.pairs?.merged,
          entry.pairs?.disagreeingMerged, entry.pairs?.meanDistance, known?.train,
          known?.validation, entry.extraction.disagreements.reduce(0, +),
          entry.pairs?.lasting.count, entry.lastingChange?.mergers.count,
          entry.lastingChange?.splits.count, entry.pairs?.agreeingPairs,
          entry.pairs?.meanAgreeingDistance, entry.pairs?.meanDisagreeingDistance,
        ])
    }
    return table.text
  }

  /// One row per merger or split: between which epochs, which state (its first word), which part
  /// of the words joined or left it (its first word), how many words that part has, and whether it
  /// is an event of the lasting classes or of the raw ones.
  public var mergersTable: String {
    var table = CSVTable(["from_epoch", "to_epoch", "event", "state", "part", "words", "kind"])
    for (before, after) in zip(entries, entries.dropFirst()) {
      for (kind, change) in [("raw", after.change), ("lasting", after.lastingChange)] {
        // Every entry but the first has a raw change; pairs may not have been measured.
        guard let change else { continue }
        for (name, events) in [("split", change.splits), ("merger", change.mergers)] {
          for event in events {
            table.add([
              before.epoch, after.epoch, name, alphabet.format(words.word(of: event.state)),
              alphabet.format(words.word(of: event.part)), event.words, kind,
            ])
          }
        }
      }
    }
    return table.text
  }
}
