// Why figures cannot be drawn, or measurements not be made.

/// What is wrong with runs that were to be measured, or with what draws.
public enum FigureError: Error, Equatable, CustomStringConvertible {
  /// A folder, and how many runs it holds.
  case tooFewRuns(String, found: Int)
  /// Two runs that are not of one recipe.
  case otherRecipe(String, than: String)
  /// A folder or run, and more words than can be looked at in pairs.
  case tooManyWords(String, Int)
  /// A script, and what gnuplot complains of.
  case gnuplot(String, String)
  /// A run whose task is no machine, so that nothing says which words agree.
  case noMachine(String)
  /// A run of one checkpoint, where one to predict from and one to compare with are needed.
  case oneCheckpoint(String)
  /// A run without a checkpoint up to an epoch, other than its last, and the epoch of its first.
  case noStart(String, epoch: Int, first: Int)
  /// A run all of whose representations are the same.
  case noScale(String)
  /// A run whose rates of change cannot be measured: its layers and its cell.
  case noRates(String, layers: Int, cell: String)

  public var description: String {
    switch self {
    case .tooFewRuns(let path, let found):
      "\(path) holds \(found == 1 ? "1 run" : "\(found) runs"), but needed are at least two, each a folder with "
        + "config.json or checkpoints/."
    case .otherRecipe(let path, let other):
      "\(path): the run has another task, alphabet or word length than \(other), but needed are "
        + "runs of one recipe."
    case .tooManyWords(let path, let count):
      "\(path): \(count) words make too many pairs to look at all."
    case .gnuplot(let script, let complaint):
      "\(script): gnuplot failed: \(complaint). Needed is gnuplot 5.4 or later."
    case .noMachine(let path):
      "\(path): whether words agree is a matter of the task, and this run's is no machine."
    case .oneCheckpoint(let path):
      "\(path) holds one checkpoint; needed are one to predict from and one to compare with."
    case .noStart(let path, let epoch, let first):
      "\(path) has no checkpoint up to epoch \(epoch) but its last; the first is of epoch \(first)."
    case .noScale(let path):
      "\(path): all representations are the same, so that nothing can merge."
    case .noRates(let path, let layers, let cell):
      "\(path): rates are measured of Elman networks of one layer; this one has \(layers) of \(cell) "
        + "cells."
    }
  }
}
