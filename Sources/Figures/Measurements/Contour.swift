// The line along which a measurement over two axes passes a level.

/// Level lines of values over a grid.
package enum Contour {
  /// A level line as pieces within the squares between neighbouring grid points (marching squares).
  ///
  /// Along the side of a square the value is taken to change evenly. Where a square's corners
  /// alternate, its mean says which of them belong together. A square with an unknown corner has no
  /// piece.
  ///
  /// - Parameters:
  ///   - level: A value equal to it counts as above.
  ///   - values: values[x][y]; nil where nothing is known.
  ///   - xs: The grid's first coordinates.
  ///   - ys: Its second ones.
  /// - Precondition: as many values as pairs of coordinates.
  /// - Returns: The ends of each piece, square by square.
  /// - Complexity: O(values).
  package static func pieces(
    at level: Double, of values: [[Double?]], xs: [Double], ys: [Double]
  ) -> [(from: SIMD2<Double>, to: SIMD2<Double>)] {
    precondition(
      values.count == xs.count && values.allSatisfy { $0.count == ys.count },
      "\(values.count) columns of values for \(xs.count)")
    var pieces: [(from: SIMD2<Double>, to: SIMD2<Double>)] = []
    for x in xs.indices.dropLast() {
      for y in ys.indices.dropLast() {
        // Corners in a circle.
        let places = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        let corners = places.compactMap { values[$0.0][$0.1] }
        guard corners.count == 4 else { continue }
        let crossings = (0..<4).compactMap { side -> SIMD2<Double>? in
          let (a, b) = (corners[side], corners[(side + 1) % 4])
          guard (a < level) != (b < level) else { return nil }
          let share = (level - a) / (b - a)
          let (from, to) = (places[side], places[(side + 1) % 4])
          return SIMD2(
            xs[from.0] + (xs[to.0] - xs[from.0]) * share,
            ys[from.1] + (ys[to.1] - ys[from.1]) * share)
        }
        if crossings.count == 2 {
          pieces.append((crossings[0], crossings[1]))
        } else if crossings.count == 4 {
          let isMiddleAbove = corners.reduce(0, +) / 4 >= level
          // The line cuts off the two corners on the other side than the middle.
          let first = (corners[0] >= level) == isMiddleAbove ? 0 : 1
          pieces.append((crossings[first], crossings[first + 1]))
          pieces.append((crossings[(first + 2) % 4], crossings[(first + 3) % 4]))
        }
      }
    }
    return pieces
  }
}
