// Tables of pairs of words.

public import Automata
public import Extraction
internal import Files

extension PairHistory {
  /// One row per pair of lengths and kind of pair (agreeing or not), shorter length first.
  ///
  /// `merger_epoch_mean` is over the linked pairs.
  public var lengthsTable: String {
    var groups: [Group: Tally] = [:]
    let lengths = (0..<words.count).map { words.length(of: $0) }
    forEachPair { (pair: Pair) in
      // Words are in shortlex order, so the first is no longer than the second.
      let group = Group(
        shorter: lengths[pair.first], longer: lengths[pair.second],
        agrees: pair.agrees)
      groups[group, default: Tally()].add(pair)
    }
    var text = """
      shorter_length,longer_length,agreeing,pairs,merged,linked,moved_apart_first,\
      merger_epoch_mean,first_distance_mean,last_distance_mean,largest_distance_mean

      """
    for (group, tally) in groups.sorted(by: { $0.key < $1.key }) {
      let count = Double(tally.pairs)
      text += """
        \(group.shorter),\(group.longer),\(group.agrees.map { "\($0)" } ?? ""),\(tally.pairs),\
        \(tally.merged),\(tally.linked),\(tally.movedApart),\
        \(tally.linked > 0 ? "\(tally.epochs / Double(tally.linked))" : ""),\
        \(tally.first / count),\(tally.last / count),\(tally.largest / count)

        """
    }
    return text
  }

  /// The header of the table of all pairs, and then a row for each pair, one at a time.
  ///
  /// - Parameters:
  ///   - alphabet: The symbols that words are written in.
  ///   - write: Is handed one line after the other.
  /// - Complexity: O(n²) rows of about 50 bytes.
  public func writeAllPairs<Failure>(
    alphabet: Alphabet, _ write: (String) throws(Failure) -> Void
  ) throws(Failure) {
    try write(
      """
      first,second,agreeing,merged,merger_epoch,moved_apart_first,first_distance,last_distance,\
      largest_distance

      """)
    let names = (0..<words.count).map { CSV.field(alphabet.format(words.word(of: $0))) }
    try forEachPair { (pair: Pair) throws(Failure) in
      try write(
        """
        \(names[pair.first]),\(names[pair.second]),\(pair.agrees.map { "\($0)" } ?? ""),\
        \(pair.isMerged),\(pair.mergerEpoch.map { "\($0)" } ?? ""),\(pair.movedApartFirst),\
        \(pair.firstDistance),\(pair.lastDistance),\(pair.largestDistance)

        """)
    }
  }

  private struct Group: Hashable, Comparable {
    let shorter, longer: Int
    let agrees: Bool?

    static func < (a: Group, b: Group) -> Bool {
      (a.shorter, a.longer, a.agrees == true ? 1 : 0)
        < (b.shorter, b.longer, b.agrees == true ? 1 : 0)
    }
  }

  private struct Tally {
    var pairs = 0
    var merged = 0
    var linked = 0
    var movedApart = 0
    var epochs = 0.0
    var first = 0.0
    var last = 0.0
    var largest = 0.0

    mutating func add(_ pair: Pair) {
      pairs += 1
      if pair.isMerged { merged += 1 }
      if let epoch = pair.mergerEpoch {
        linked += 1
        epochs += Double(epoch)
      }
      if pair.movedApartFirst { movedApart += 1 }
      first += Double(pair.firstDistance)
      last += Double(pair.lastDistance)
      largest += Double(pair.largestDistance)
    }
  }
}
