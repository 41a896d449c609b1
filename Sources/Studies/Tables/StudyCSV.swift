// What a study has found, as tables of comma-separated values.

internal import Automata
public import Extraction
internal import Files
internal import RNN

/// What all tables of a study have in common.
enum StudyCSV {
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
