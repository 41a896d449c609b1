// How many pairs of words are not merged, over checkpoints.

public import Extraction

/// The pairs further apart than the merge distance, at each checkpoint.
public struct PairsApart: Sendable {
  /// Those of one checkpoint.
  public struct Row: Hashable, Sendable {
    public let epoch: Int
    /// Pairs that the task does not tell apart, and those that it does.
    public let agreeing, disagreeing: Int
  }

  /// In order of epochs.
  public let rows: [Row]

  /// - Parameter entries: Those without pairs, or without a task, are passed over.
  public init(_ entries: [History.Entry]) {
    rows = entries.compactMap { entry in
      guard let pairs = entry.pairs, let agreeing = pairs.agreeingPairs,
        let disagreeingMerged = pairs.disagreeingMerged
      else { return nil }
      return Row(
        epoch: entry.epoch, agreeing: agreeing - (pairs.merged - disagreeingMerged),
        disagreeing: pairs.pairs - agreeing - disagreeingMerged)
    }
  }
}
