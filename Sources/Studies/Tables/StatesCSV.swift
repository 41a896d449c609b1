// states.csv: the automaton of every checkpoint.

internal import Automata
internal import Extraction
internal import Files

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
}
