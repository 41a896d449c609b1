// What becomes of agreeing pairs of words, by the lengths of the words.

internal import Automata
public import Extraction

/// Agreeing pairs by the lengths of their words.
public struct LengthGrid: Equatable, Sendable {
  /// The agreeing pairs of two lengths.
  public struct Cell: Hashable, Sendable {
    /// All of them.
    public var pairs = 0
    /// Those within the merge distance at the last checkpoint.
    public var merged = 0
    /// Those linked at the last checkpoint: merged for good.
    public var linked = 0
    /// Those linked that had moved apart before.
    public var movedApart = 0
  }

  /// cells[shorter][longer], up to the depth of the evaluation set.
  public private(set) var cells: [[Cell]]

  /// - Parameter pairs: Every pair; those that are not known to agree are passed over.
  /// - Complexity: O(pairs).
  public init(_ pairs: PairHistory) {
    let words = pairs.words
    let lengths = (0..<words.count).map { words.length(of: $0) }
    var cells = [[Cell]](
      repeating: Array(repeating: Cell(), count: words.depth + 1), count: words.depth + 1)
    pairs.forEachPair { (pair: PairHistory.Pair) in
      guard pair.agrees == true else { return }
      let (a, b) = (lengths[pair.first], lengths[pair.second])
      cells[a][b].pairs += 1
      if pair.isMerged { cells[a][b].merged += 1 }
      if pair.mergerEpoch != nil { cells[a][b].linked += 1 }
      if pair.movedApartFirst { cells[a][b].movedApart += 1 }
    }
    self.cells = cells
  }

  /// The sum of a number over the cells whose lengths differ by what satisfies a condition.
  public func sum(
    _ value: (Cell) -> Int, where isSuch: (_ difference: Int) -> Bool = { _ in true }
  ) -> Int {
    var sum = 0
    for (shorter, row) in cells.enumerated() {
      for (longer, cell) in row.enumerated() where isSuch(longer - shorter) { sum += value(cell) }
    }
    return sum
  }

  /// The share of linked pairs that had moved apart before, among those whose lengths differ by
  /// what satisfies a condition; nil without such pairs.
  public func movedApartShare(where isSuch: (_ difference: Int) -> Bool) -> Double? {
    let linked = sum(\.linked, where: isSuch)
    return linked > 0 ? Double(sum(\.movedApart, where: isSuch)) / Double(linked) : nil
  }
}
