// What happens to classes from one checkpoint to the next.

public import Automata

/// The mergers and splits that lead from one partition to another of the same words.
///
/// With M the coarsest common refinement, every class of either partition is a union of parts of
/// M: a class of the first that falls into p parts has split p − 1 times, a class of the second
/// made of p parts has merged p − 1 times. Hence
/// `after.count == before.count + splits − mergers`, always.
public struct PartitionChange: Equatable, Sendable {
  /// A part of a class that left it, or joined it.
  public struct Event: Equatable, Sendable {
    /// The first word of the class.
    public let state: Int
    /// The first word of the part. The part that holds `state` itself is no event.
    public let part: Int
    /// The number of words in the part.
    public let words: Int
  }

  /// One event for each part that joins a class of the later partition, in order of (state, part).
  public let mergers: [Event]
  /// One event for each part that leaves a class of the earlier partition, in the same order.
  public let splits: [Event]

  /// Compares two partitions.
  ///
  /// - Parameters:
  ///   - before: The classes at the first checkpoint.
  ///   - after: The classes of the same words at the second.
  /// - Precondition: both are of the same words.
  /// - Complexity: O(n log n).
  public init(from before: Partition, to after: Partition) {
    precondition(
      before.classes.count == after.classes.count,
      "\(before.classes.count) and \(after.classes.count) words")
    // Parts of M, by their class before and after; a part's first word is met first.
    var parts: [UInt64: Int] = [:]
    var firsts: [(word: Int, before: Int, after: Int)] = []
    var sizes: [Int] = []
    for word in before.classes.indices {
      let key = UInt64(before.classes[word]) << 32 | UInt64(after.classes[word])
      if let part = parts[key] {
        sizes[part] += 1
      } else {
        parts[key] = firsts.count
        firsts.append((word, Int(before.classes[word]), Int(after.classes[word])))
        sizes.append(1)
      }
    }
    var mergers: [Event] = []
    var splits: [Event] = []
    for (part, first) in firsts.enumerated() {
      let joined = after.leader(of: first.after)
      if joined != first.word {
        mergers.append(Event(state: joined, part: first.word, words: sizes[part]))
      }
      let left = before.leader(of: first.before)
      if left != first.word {
        splits.append(Event(state: left, part: first.word, words: sizes[part]))
      }
    }
    self.mergers = mergers.sorted { ($0.state, $0.part) < ($1.state, $1.part) }
    self.splits = splits.sorted { ($0.state, $0.part) < ($1.state, $1.part) }
  }
}
