// One checkpoint, as the film takes it.

public import Extraction

/// What one checkpoint gives to the film.
public struct FilmFrame: Sendable {
  /// The epoch of the checkpoint.
  public let epoch: Int
  /// The automaton read off there, as far as it is drawn: its first 2,047 states at most, with
  /// transitions to the others open.
  public let extraction: Extraction
  /// How many states are not drawn.
  public let statesLeftOut: Int
  /// What the network itself does, where that is known.
  public let hidden: HiddenStates?
  /// The lasting mergers and splits since the checkpoint before, where they are known.
  let lastingChange: PartitionChange?

  /// - Precondition: where there are hidden states, they have an output for each word.
  public init(
    epoch: Int, extraction: Extraction, hidden: HiddenStates? = nil,
    lastingChange: PartitionChange? = nil
  ) {
    let automaton = extraction.automaton
    precondition(
      hidden.map { $0.outputs.count == extraction.partition.classes.count } ?? true,
      "\(hidden?.outputs.count ?? 0) outputs of \(extraction.partition.classes.count) words")
    self.epoch = epoch
    self.hidden = hidden
    self.lastingChange = lastingChange
    self.extraction = extraction.confined(
      to: mostStatesDrawn, alphabet: automaton.alphabet, outputAlphabet: automaton.outputAlphabet)
    statesLeftOut = automaton.stateCount - self.extraction.automaton.stateCount
  }
}
