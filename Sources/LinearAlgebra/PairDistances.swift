// The distances between all pairs of rows, a row at a time, without keeping them.

extension MatrixBuffer {
  /// Measures the distance of every pair of the first `count` rows.
  ///
  /// Distances come from products of centred rows, ‖a‖² + ‖b‖² − 2a·b; where rounding could decide
  /// whether a pair lies within `limit`, the difference is formed instead, so that a distance is at
  /// most `Float(limit)` exactly where ``Nearness`` says that the rows are near. Distances far
  /// below those of the rows from their mean are rounded: their squares by up to 2·10⁻⁷ · columns
  /// of the squares of the latter, at worst.
  ///
  /// - Parameters:
  ///   - limit: The distance for which that holds.
  ///   - body: Called for each row but the last, in order, with the distances to the rows after
  ///     it: that of row `row` and row `row + 1 + i` is number i.
  /// - Complexity: O(count² · columns) on the processor's matrix kernels; memory for a hundred
  ///   rows of distances.
  package func forEachRowOfDistances(
    count: Int, limit: Double, _ body: (_ row: Int, _ distances: Span<Float>) -> Void
  ) {
    check(0..<count)
    let centred = MatrixBuffer(rows: count, columns: columns)
    centred.copyRows(self, 0..<count, to: 0)
    var moments = ColumnMoments(columns: columns)
    moments.add(self, rows: 0..<count)
    let means = MatrixBuffer(rows: 1, columns: columns)
    for (column, mean) in moments.columnMeans.enumerated() { means[0, column] = Float(-mean) }
    centred.addToRows(0..<count, means)
    // Squares of very large and very small numbers leave the range of single precision.
    let factor = centred.normalizingFactor(rows: 0..<count)
    centred.multiply(by: factor)
    let zero = MatrixBuffer(rows: 1, columns: columns)
    let norms = MatrixBuffer(rows: 1, columns: count)
    for row in 0..<count { norms[0, row] = centred.squaredDistance(row, zero, 0) }

    let nearness = Nearness(limit: limit)
    let scaledLimit = limit * Double(factor)
    let limitSquared = Float(min(scaledLimit * scaledLimit, Double(Float.greatestFiniteMagnitude)))
    let greatest = Float(min(limit, Double(Float.greatestFiniteMagnitude)))
    let leastFar = Float(limit).nextUp
    // What rounding can do to ‖a‖² + ‖b‖² − 2a·b, as a share of ‖a‖² + ‖b‖²: half a unit in the
    // last place for each of `columns` additions in the product, an eighth of that in the squares
    // (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1), twice
    // as much again in the distance that decides, and a few for the rest.
    let rounding = Float(columns * 11 / 8 + 24) * Float.ulpOfOne / 2
    let blockSize = 128
    let products = MatrixBuffer(rows: blockSize, columns: count)
    let distances = MatrixBuffer(rows: 1, columns: count)
    for first in stride(from: 0, to: count, by: blockSize) {
      let block = first..<min(first + blockSize, count)
      products.setProductOfRows(centred, block, centred, first..<count)
      for row in block where row + 1 < count {
        let line = unsafe products.base + (row - first) * count
        let norm = norms[0, row]
        var other = row + 1
        while other < count {
          let width = min(8, count - other)
          let squares =
            unsafe (width == 8 ? load(norms.base + other) : load(norms.base + other, width))
          let inner =
            unsafe (width == 8 ? load(line + other - first) : load(line + other - first, width))
          let both = squares + norm
          let squared = both - inner * 2
          let band = both * rounding
          // Rounding can make a square negative, of which there is no root.
          var roots = squared.replacing(with: 0, where: squared .< 0).squareRoot() / factor
          if any(squared .<= band + limitSquared) {
            for lane in 0..<width where squared[lane] <= limitSquared + band[lane] {
              let isNear =
                squared[lane] < limitSquared - band[lane]
                || nearness.holds(self, row, self, other + lane)
              roots[lane] = isNear ? min(roots[lane], greatest) : max(roots[lane], leastFar)
            }
          }
          let target = unsafe distances.base + other - row - 1
          if width == 8 { unsafe store(roots, target) } else { unsafe store(roots, target, width) }
          other += width
        }
        let measured = unsafe UnsafeBufferPointer(start: distances.base, count: count - row - 1)
        body(row, unsafe measured.span)
      }
    }
  }
}
