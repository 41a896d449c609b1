// One checkpoint, as the film takes it.

public import Automata
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
  /// The mergers and splits since the checkpoint before, and the lasting ones, where they are known.
  let change, lastingChange: PartitionChange?
  /// The minimal equivalent of the drawn automaton, where it was handed in.
  private let knownMinimal: MooreMachine?

  /// The least machine that says what the drawn automaton does.
  var minimal: MooreMachine { knownMinimal ?? extraction.automaton.minimized() }

  /// - Parameters:
  ///   - epoch: The epoch of the checkpoint.
  ///   - extraction: What was read off it.
  ///   - hidden: What the network itself does, where that is known.
  ///   - change: The mergers and splits since the checkpoint before, where they are known.
  ///   - lastingChange: The lasting ones.
  ///   - minimal: The automaton's minimal equivalent, where that is known already.
  /// - Precondition: where there are hidden states, they have an output for each word.
  public init(
    epoch: Int, extraction: Extraction, hidden: HiddenStates? = nil,
    change: PartitionChange? = nil, lastingChange: PartitionChange? = nil,
    minimal: MooreMachine? = nil
  ) {
    let automaton = extraction.automaton
    precondition(
      hidden.map { $0.outputs.count == extraction.partition.classes.count } ?? true,
      "\(hidden?.outputs.count ?? 0) outputs of \(extraction.partition.classes.count) words")
    self.epoch = epoch
    self.hidden = hidden
    self.change = change
    self.lastingChange = lastingChange
    self.extraction = extraction.confined(
      to: mostStatesDrawn, alphabet: automaton.alphabet, outputAlphabet: automaton.outputAlphabet)
    statesLeftOut = automaton.stateCount - self.extraction.automaton.stateCount
    // What is left out leaves open transitions, and another machine.
    knownMinimal = statesLeftOut == 0 ? minimal : nil
  }
}
