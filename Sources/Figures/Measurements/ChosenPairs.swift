// Which two pairs of words a run's trajectories are shown of.

internal import Automata
internal import Extraction

/// Two pairs of words of the same lengths: one that merges and one that disagrees.
struct ChosenPairs {
  let merging: PairHistory.Pair
  let disagreeing: PairHistory.Pair
  let lengths: (Int, Int)

  /// The pair of lengths that is taken where it has pairs of both kinds: the paper's.
  private static let preferred = (4, 7)

  /// The median merging pair by the epoch of its merger, and the disagreeing pair of the median
  /// distance at the end; equals are in order of their words.
  ///
  /// - Returns: Nil if no agreeing pair of different lengths has merged.
  init?(_ pairs: PairHistory) {
    let words = pairs.words
    let lengths = (0..<words.count).map { words.length(of: $0) }
    guard let (shorter, longer) = Self.lengths(pairs, lengths) else { return nil }
    var merging: [PairHistory.Pair] = []
    var disagreeing: [PairHistory.Pair] = []
    pairs.forEachPair { (pair: PairHistory.Pair) in
      guard lengths[pair.first] == shorter, lengths[pair.second] == longer else { return }
      if pair.agrees == true, pair.mergerEpoch != nil { merging.append(pair) }
      if pair.agrees == false { disagreeing.append(pair) }
    }
    func median(
      _ list: [PairHistory.Pair], _ key: (PairHistory.Pair) -> Double
    ) -> PairHistory.Pair? {
      list.enumerated().sorted {
        (key($0.element), $0.offset) < (key($1.element), $1.offset)
      }.lowerMedian?.element
    }
    guard let one = median(merging, { Double($0.mergerEpoch ?? 0) }),
      let other = median(disagreeing, { Double($0.lastDistance) })
    else { return nil }
    self.merging = one
    self.disagreeing = other
    self.lengths = (shorter, longer)
  }

  /// The preferred lengths, or else those with the most mergers; nil without any.
  private static func lengths(_ pairs: PairHistory, _ lengths: [Int]) -> (Int, Int)? {
    let size = pairs.words.depth + 1
    var mergers = [Int](repeating: 0, count: size * size)
    pairs.forEachPair { (pair: PairHistory.Pair) in
      let (a, b) = (lengths[pair.first], lengths[pair.second])
      if pair.agrees == true, pair.mergerEpoch != nil, 0 < a, a < b { mergers[a * size + b] += 1 }
    }
    var best = mergers.indices.max { mergers[$0] < mergers[$1] } ?? 0
    let wanted = preferred.0 * size + preferred.1
    if preferred.1 < size, mergers[wanted] > 0 { best = wanted }
    return mergers[best] > 0 ? (best / size, best % size) : nil
  }
}

extension Array {
  /// The element in the middle of a sorted list, the earlier one of two; nil of none.
  var lowerMedian: Element? { isEmpty ? nil : self[(count - 1) / 2] }
}
