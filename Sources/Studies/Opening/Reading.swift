// How a source is looked at: what its files leave open, and what is asked of them.

public import Automata
internal import Extraction
internal import Files
internal import Foundation
public import RNN

/// On which words, by which rule, against which task.
public struct Reading: Sendable {
  /// All words up to this length are looked at; nil for the longest training length, or for as many as
  /// are quickly looked at, length 10 at most.
  public var depth: Int?
  /// What is one state.
  public var rule = StateRule()
  /// The task to compare with, by its name; nil for the one that the run was trained on.
  public var task: String?
  /// What a random task is drawn from; nil for the run's.
  public var taskSeed: UInt64?
  /// The symbols in the network's order; nil for the run's, or the task's.
  public var alphabet: Alphabet?
  /// What the files may leave open.
  public var hints = Checkpoint.Hints()
  /// Whether the output after the empty word counts although the network was never trained on it.
  public var emptyWordCounts = false

  public init() {}

  /// The most words that are looked at: every word costs a row of hidden units per checkpoint, and a
  /// million rows of a hundred units are 400 MB.
  private static let mostWords = 1 << 20

  /// The depth to look to.
  ///
  /// - Throws: `StudyError.tooManyWords`.
  func depth(
    _ configuration: RunConfiguration?, symbolCount: Int
  ) throws(StudyError) -> Int {
    func count(_ depth: Int) -> Int {
      PrefixTree.completeCount(symbolCount: symbolCount, depth: depth) ?? .max
    }
    let trained = configuration?.recipe.evaluationDepth(symbolCount: symbolCount)
    if let depth = depth ?? trained {
      guard depth <= Self.mostWords, count(depth) <= Self.mostWords else {
        throw .tooManyWords(most: Self.mostWords, depth: depth, symbols: symbolCount)
      }
      return depth
    }
    return (0...10).last { count($0) <= 1 << 12 } ?? 0
  }
}
