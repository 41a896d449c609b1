// A few directions along which points spread the most.

extension MatrixBuffer {
  /// Orthonormal directions close to the leading principal components of some rows.
  ///
  /// Orthogonal iteration on the covariance of at most `sample` evenly spaced rows, from a fixed
  /// start: a good guess in a fraction of a millisecond rather than the exact components. Fewer
  /// than `count` directions come back where there are fewer columns.
  ///
  /// - Returns: One direction per row, m × columns, m = min(count, columns).
  /// - Precondition: all entries are finite.
  /// - Complexity: O(sample · columns²).
  package func leadingDirections(
    rows range: Range<Int>, count: Int, sample: Int = 2048
  ) -> MatrixBuffer {
    check(range)
    let stride = max(1, range.count / sample)
    let chosen = Array(Swift.stride(from: range.lowerBound, to: range.upperBound, by: stride))
    let points = MatrixBuffer(rows: chosen.count, columns: columns)
    var means = [Float](repeating: 0, count: columns)
    for row in chosen {
      for column in 0..<columns { unsafe means[column] += base[row * columns + column] }
    }
    for column in 0..<columns { means[column] /= Float(max(chosen.count, 1)) }
    for (index, row) in chosen.enumerated() {
      for column in 0..<columns {
        unsafe points.base[index * columns + column] =
          base[row * columns + column] - means[column]
      }
    }
    let covariance = MatrixBuffer(rows: columns, columns: columns)
    covariance.setOuterProducts(points, rows: 0..<chosen.count, points, rows: 0..<chosen.count)

    let dimension = min(count, columns)
    var directions = MatrixBuffer(rows: dimension, columns: columns)
    for row in 0..<dimension {
      // Any start that has a part along the leading components does.
      for column in 0..<columns { directions[row, column] = column % dimension == row ? 1 : 0.1 }
    }
    directions.orthonormalizeRows()
    for _ in 0..<8 {
      let next = MatrixBuffer(rows: dimension, columns: columns)
      next.setProduct(rows: 0..<dimension, directions, rows: 0..<dimension, covariance)
      next.orthonormalizeRows()
      directions = next
    }
    return directions
  }

  /// Gram–Schmidt, twice for accuracy; a row that depends on those before it is replaced by a
  /// unit vector that does not.
  private func orthonormalizeRows() {
    for row in 0..<rows {
      var unit = 0
      while true {
        let before = norm(row)
        for _ in 0..<2 {
          for other in 0..<row {
            var product: Float = 0
            for column in 0..<columns { product += self[row, column] * self[other, column] }
            for column in 0..<columns { self[row, column] -= product * self[other, column] }
          }
        }
        let after = norm(row)
        if after > 1e-4 * before, after.isFinite {
          for column in 0..<columns { self[row, column] /= after }
          break
        }
        for column in 0..<columns { self[row, column] = column == unit ? 1 : 0 }
        unit += 1
      }
    }
  }

  private func norm(_ row: Int) -> Float {
    var largest: Float = 0
    for column in 0..<columns { largest = max(largest, abs(self[row, column])) }
    guard largest > 0 else { return 0 }
    var sum: Float = 0
    for column in 0..<columns {
      let entry = self[row, column] / largest
      sum += entry * entry
    }
    return largest * sum.squareRoot()
  }
}
