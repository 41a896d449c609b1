// From one network to its automaton.

public import Automata
public import Extraction
public import RNN

extension RepresentationTable {
  /// What a network says of each word.
  ///
  /// - Parameters:
  ///   - pass: A pass whose last run was on `words`. The table's vectors are its memory, not a copy:
  ///     it is valid until the pass runs again.
  ///   - words: The words.
  public init(of pass: TreePass, on words: PrefixTree) {
    self.init(
      words: words, vectors: pass.hidden, outputs: pass.outputClasses(count: words.count))
  }
}

extension Extraction {
  /// Reads the automaton off a network: runs it on words, takes those whose hidden states lie within the
  /// merge distance of a state's first word for that state, and lets the network take one more step
  /// where a state's successor is not among the words.
  ///
  /// - Parameters:
  ///   - network: Any; it must be finite on the words.
  ///   - words: The evaluation set, over the network's I symbols.
  ///   - mergeDistance: `MergeDistance.share` of the spread of the network's own hidden states, or
  ///     an absolute distance.
  ///   - emptyWordCounts: Whether the output after ε means something: false for a network that was
  ///     trained on words of length 1 and more.
  ///   - alphabet: Names of the symbols; by default 0, 1, …
  ///   - outputAlphabet: Names of the outputs; by default 0, 1, …
  /// - Throws: `ExtractionError.notFinite` if a hidden state is infinite or undefined.
  /// - Precondition: the alphabets have I symbols and O outputs.
  /// - Complexity: one pass of the network over the words, and that of `Extractor.extract`.
  public init(
    of network: RecurrentNetwork, on words: PrefixTree, mergeDistance: MergeDistance,
    emptyWordCounts: Bool, alphabet: Alphabet? = nil, outputAlphabet: Alphabet? = nil
  ) throws(ExtractionError) {
    let pass = TreePass(network)
    pass.run(words, keepsGates: false)
    try self.init(
      of: pass, on: words, mergeDistance: mergeDistance, emptyWordCounts: emptyWordCounts,
      alphabet: alphabet, outputAlphabet: outputAlphabet)
  }

  /// The same from a pass that has been run on the words.
  ///
  /// - Parameters:
  ///   - pass: A pass whose last run was on `words`.
  ///   - words: The evaluation set.
  ///   - mergeDistance: As above.
  ///   - emptyWordCounts: As above.
  ///   - alphabet: Names of the symbols; by default 0, 1, …
  ///   - outputAlphabet: Names of the outputs; by default 0, 1, …
  /// - Throws: `ExtractionError.notFinite` if a hidden state is infinite or undefined.
  public init(
    of pass: TreePass, on words: PrefixTree, mergeDistance: MergeDistance, emptyWordCounts: Bool,
    alphabet: Alphabet? = nil, outputAlphabet: Alphabet? = nil
  ) throws(ExtractionError) {
    let table = RepresentationTable(of: pass, on: words)
    let extractor = Extractor(
      alphabet: alphabet ?? .digits(words.symbolCount),
      outputAlphabet: outputAlphabet ?? .digits(pass.outputs.columns),
      mergeDistance: mergeDistance.value(scale: table.scale), emptyWordCounts: emptyWordCounts)
    self = try extractor.extract(table, step: pass.successors(of:))
  }
}
