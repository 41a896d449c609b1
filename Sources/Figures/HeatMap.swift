// Where the cells of a heat map begin and end.

/// A map of coloured cells around the values of two axes.
package enum HeatMap {
  /// The rectangle of each cell: from halfway to the one before to halfway to the one after, on the
  /// scale that the numbers are drawn on.
  package static func borders(_ centres: [Double]) -> [Double] {
    let inner = zip(centres, centres.dropFirst()).map { ($0 + $1) / 2 }
    guard let first = inner.first, let last = inner.last else {
      return centres.flatMap { [$0 - 0.5, $0 + 0.5] }
    }
    return [2 * centres[0] - first] + inner + [2 * centres[centres.count - 1] - last]
  }
}
