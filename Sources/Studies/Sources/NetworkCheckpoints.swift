// The checkpoints of a run as networks, each run on the evaluation set.

public import Automata
public import Extraction
public import LinearAlgebra
public import RNN
public import Tasks

/// A network of a run and its pass over the words.
public struct RunningNetwork {
  public let checkpoint: Checkpoint
  /// The hidden states after every word.
  public let pass: TreePass
}

/// A run's checkpoints as networks over one alphabet.
public struct NetworkCheckpoints: CheckpointSource {
  public let files: [CheckpointFile]
  public let words: PrefixTree
  public let alphabet: Alphabet
  public let outputAlphabet: Alphabet
  /// What the files may leave open.
  public let hints: Checkpoint.Hints
  /// That of every checkpoint.
  public let shape: NetworkShape

  /// - Parameters:
  ///   - files: The checkpoints in order; at least one.
  ///   - shape: That of every checkpoint.
  ///   - words: The evaluation set.
  ///   - alphabet: The network's symbols in its order.
  ///   - outputAlphabet: Its outputs in its order.
  ///   - hints: What the files may leave open.
  /// - Precondition: the alphabets fit the shape.
  public init(
    files: [CheckpointFile], shape: NetworkShape, words: PrefixTree,
    alphabet: Alphabet, outputAlphabet: Alphabet, hints: Checkpoint.Hints
  ) {
    precondition(
      !files.isEmpty && alphabet.count == shape.inputs && outputAlphabet.count == shape.outputs
        && words.symbolCount == shape.inputs)
    self.files = files
    self.shape = shape
    self.words = words
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.hints = hints
  }

  public var kind: Analysis.Source.Kind { .networks }

  public var columns: Int { shape.hidden }

  public var wordsText: String { "\(words.count) words up to length \(words.depth)" }

  /// Reads each checkpoint and runs it on the evaluation set.
  ///
  /// - Throws: `RunError` for a file that is no network, has another shape or a hidden state that is
  ///   not finite, and in place of an `ExtractionError` of `body`; `FileError` if one cannot be read.
  public func forEachTable(
    _ body: (Int, RepresentationTable, RunningNetwork) throws -> Void
  ) throws {
    for file in files {
      let checkpoint = try file.read(hints)
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
        try body(
          file.epoch, RepresentationTable(of: pass, on: words),
          RunningNetwork(checkpoint: named, pass: pass))
      } catch let error as ExtractionError {
        throw RunError.checkpoint(file.path, "\(error)")
      }
    }
  }

  public func step(_ system: RunningNetwork) -> ((_ words: [Int]) -> MatrixBuffer)? {
    system.pass.successors(of:)
  }

  public func questions(_ system: RunningNetwork) -> ClusteringChoice.Questions? {
    ClusteringChoice.Questions(lengths: [25, 50, 100], count: 300) { words in
      system.checkpoint.network.outputClasses(
        after: WordSet(
          length: words.first?.count ?? 0, words: words,
          targets: Array(repeating: 0, count: words.count)))
    }
  }

  public func restricted(to files: [CheckpointFile]) -> NetworkCheckpoints {
    NetworkCheckpoints(
      files: files, shape: shape, words: words, alphabet: alphabet,
      outputAlphabet: outputAlphabet, hints: hints)
  }

  public func longWordScores(
    _ options: LongWordOptions, _ system: RunningNetwork, automaton: MooreMachine, task: Language?
  ) -> [LongWordScore] {
    options.lengths.map { length in
      LongWordScore(
        length: length, count: options.count, seed: options.seed,
        network: system.checkpoint.network, automaton: automaton, task: task)
    }
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
