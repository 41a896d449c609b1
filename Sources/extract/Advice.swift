// What to try: libraries say what is wrong, and here is the option that mends it.

import Files
import Figures
import RNN
import Studies
import Sweeps

extension CheckpointError {
  /// The option that says what the file does not.
  var advice: String? {
    switch self {
    case .unknownNonlinearity: "Try --nonlinearity relu or tanh."
    case .unknownStart: "Try --start 0 (PyTorch's default) or --start 1."
    case .missingKey, .unknownKey, .type, .shape, .notFinite, .noCell, .cell, .readout, .startCount,
      .nonlinearity, .start, .alphabet, .epoch:
      nil
    }
  }
}

extension StateDictError {
  /// The option that says which of a file's tensors are the network's.
  var advice: String? {
    switch self {
    case .format: "Are these --representations?"
    case .severalRecurrentLayers(let modules):
      modules.first.map { "Say which one by --prefix \($0)." }
    case .severalReadouts(let keys):
      keys.first.map { "Say which one by --readout \(Self.module(ofWeights: $0))." }
    case .embeddingOrProjection(let key, _):
      "Say which: --embedding \(Self.module(ofWeights: key)) or --projection "
        + "\(Self.module(ofWeights: key))."
    case .unread(_, _, let readout):
      "To leave it out, try --readout \(Self.module(ofWeights: readout))."
    case .noRecurrentLayer, .noPrefix, .bidirectional, .projected, .missing, .shape, .type, .cell,
      .nothingReadsOut, .noReadout, .readoutShape, .severalEmbeddings, .noFront, .frontShape,
      .symbols:
      nil
    }
  }
}

extension RunError {
  var advice: String? {
    switch self {
    case .network(_, let error): error.advice
    case .stateDict(_, let error): error.advice
    case .file, .version, .configuration, .metrics, .checkpoint: nil
    }
  }
}

extension StudyError {
  /// The sentence about what stands on the command line, in the words that stand there.
  fileprivate var commandLineText: String? {
    switch self {
    case .listedSymbols(let listed, let name, let symbols):
      "--alphabet lists {\(listed.joined(separator: ", "))}, but \(name) is over "
        + "{\(symbols.joined(separator: ", "))}; leave it out or list the same."
    case .tooManyPairs(let method, _):
      "\(self)".replacing("Clustering by \(method.rawValue)", with: "--cluster \(method.rawValue)")
    default: nil
    }
  }

  fileprivate var advice: String? {
    switch self {
    case .nothingThere, .fileName, .file, .outputCount, .noEmptyWord, .tooFewWords, .noCheckpoint:
      nil
    case .openTransitions(let path, _):
      "Complete it with: extract convert \(path) OUT --complete"
    case .noAlphabet:
      "Try --task parity, or --alphabet with the symbols in the network's order."
    case .alphabetSize:
      nil
    case .otherSymbols:
      "Try --alphabet with the task's symbols, or another --task."
    case .listedSymbols: nil
    case .tooManyWords:
      "Try a smaller --depth."
    case .tooManyPairs:
      "Try a smaller --depth, or --cluster leaders."
    case .labelsOfPrefixes:
      "Leave out --supervise every."
    }
  }
}

extension FigureError {
  fileprivate var advice: String? {
    switch self {
    case .otherRecipe, .gnuplot, .oneCheckpoint, .noStart, .noScale: nil
    case .tooFewRuns: "For a single run: extract figures RUN"
    case .tooManyWords: "Try a smaller --depth, or for the theory --pairs 100000."
    case .noMachine: "Try --task with one, such as parity."
    case .noRates: "Try without --rates."
    }
  }
}

extension SweepError {
  fileprivate var advice: String? {
    switch self {
    case .otherSweep:
      "Give the same ones to go on with it, or choose another folder with --out."
    case .noSweep: "Choose another folder with --out."
    case .noScheduler: "Try --engine local, or --plan for another scheduler."
    case .settings, .noCell, .refused, .failed, .lost, .noTask, .taskNumber: nil
    }
  }
}

extension TrainingError {
  fileprivate var advice: String? {
    switch self {
    case .diverged(_, let recipe, _):
      "Try a smaller --learning-rate than \(recipe.learningRate) or a smaller --gain than "
        + "\(recipe.gain)."
    }
  }
}

extension Error {
  /// What a user reads: what is wrong, and which option to try if there is one.
  var withAdvice: String {
    let advice =
      switch self {
      case let error as RunError: error.advice
      case let error as CheckpointError: error.advice
      case let error as StateDictError: error.advice
      case let error as StudyError: error.advice
      case let error as FigureError: error.advice
      case let error as TrainingError: error.advice
      case let error as SweepError: error.advice
      default: String?.none
      }
    let fact = (self as? StudyError)?.commandLineText ?? "\(self)"
    return [fact, advice].compactMap { $0 }.joined(separator: " ")
  }

  /// The same error, or one that says ``withAdvice`` where there is advice.
  var advised: any Error {
    let text = withAdvice
    return text == "\(self)" ? self : CommandError(text)
  }
}
