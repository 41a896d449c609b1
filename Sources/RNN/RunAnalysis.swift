// The automata of a run: its checkpoints read, run on the evaluation set, and extracted.

public import Automata
internal import LinearAlgebra

/// What merge distances are measured in.
public enum Scale: String, CaseIterable, Sendable {
  /// The spread of all evaluated words of all checkpoints together.
  case run
  /// Each checkpoint's own spread.
  case checkpoint
}

/// A run's checkpoints as networks over one alphabet.
public struct RunAnalysis {
  public let files: [(epoch: Int, path: String)]
  public let words: PrefixTree
  public let alphabet: Alphabet
  public let outputAlphabet: Alphabet
  public let hints: Checkpoint.Hints
  public let shape: NetworkShape

  /// - Parameters:
  ///   - shape: That of every checkpoint.
  /// - Precondition: the alphabets fit the shape.
  public init(
    files: [(epoch: Int, path: String)], shape: NetworkShape, words: PrefixTree,
    alphabet: Alphabet, outputAlphabet: Alphabet, hints: Checkpoint.Hints
  ) {
    precondition(
      alphabet.count == shape.inputs && outputAlphabet.count == shape.outputs
        && words.symbolCount == shape.inputs)
    self.files = files
    self.shape = shape
    self.words = words
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.hints = hints
  }

  /// Reads each checkpoint and runs it on the evaluation set.
  ///
  /// - Parameter body: Called in order, with a pass whose ``TreePass/hidden`` holds one row per
  ///   word. The pass is not kept.
  /// - Throws: `RunError` for a file that cannot be read or has another shape, and in place of an
  ///   `ExtractionError` of `body`.
  public func forEachCheckpoint(
    _ body: (Checkpoint, TreePass) throws -> Void
  ) throws {
    for file in files {
      let checkpoint = try RunFolder.checkpoint(at: file.path, epoch: file.epoch, hints: hints)
      guard checkpoint.network.shape == shape else {
        throw RunError.checkpoint(
          file.path,
          "this network has \(checkpoint.network.shape.text), but that of "
            + "\(files[0].path) has \(shape.text).")
      }
      let pass = TreePass(checkpoint.network)
      pass.run(words, keepsGates: false)
      guard pass.hidden.isFinite(rows: 0..<words.count) else {
        throw RunError.checkpoint(
          file.path, "the hidden state after some word is not finite; had training diverged?")
      }
      // The order of a run is that of the numbers in its files' names, whatever the files say.
      let named = Checkpoint(
        epoch: file.epoch, network: checkpoint.network, alphabet: checkpoint.alphabet)
      do {
        try body(named, pass)
      } catch let error as ExtractionError {
        throw RunError.checkpoint(file.path, "\(error)")
      }
    }
  }

  /// The same with some of its checkpoints.
  public func restricted(to files: [(epoch: Int, path: String)]) -> RunAnalysis {
    RunAnalysis(
      files: files, shape: shape, words: words, alphabet: alphabet,
      outputAlphabet: outputAlphabet, hints: hints)
  }
}

extension NetworkShape {
  fileprivate var text: String {
    let kind =
      switch cell {
      case .elman: activation.rawValue
      case .gru: "GRU cells"
      case .lstm: "LSTM cells"
      }
    return (layers == 1 ? "" : "\(layers) layers, ")
      + "\(inputs) inputs, \(hidden) hidden units, \(outputs) outputs and \(kind)"
      + (readout == .linear ? "" : " with a discontinuity in the readout")
  }
}
