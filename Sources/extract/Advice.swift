// What a user can do about what a library found: the options that help, by their names.

import Files
import Figures
import RNN
import Studies

/// An error that says what was found, followed by what to try.
///
/// - Returns: The error itself where there is nothing to add.
func advised(_ error: any Error) -> any Error {
  let advice: String? =
    switch error {
    case let error as StudyError: error.advice
    case let error as FigureError: error.advice
    case let error as TrainingError: error.advice
    default: nil
    }
  return advice.map { CommandError("\(error) \($0)") } ?? error
}

extension StudyError {
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
    case .listedSymbols:
      "Leave --alphabet out, or list the same symbols."
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

extension TrainingError {
  fileprivate var advice: String? {
    switch self {
    case .diverged(_, let recipe, _):
      "Try a smaller --learning-rate than \(recipe.learningRate) or a smaller --gain than "
        + "\(recipe.gain)."
    }
  }
}
