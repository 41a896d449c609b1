// The distances between all pairs of rows, without keeping them.

/// What the distances between all pairs of some rows say together.
public struct PairDistances: Equatable, Sendable {
  /// The number of pairs.
  public let pairs: Int
  /// The sum of the Euclidean distances.
  public let sum: Double
  /// The number of pairs at most `limit` apart.
  public let close: Int
  /// How many of those have different labels.
  public let closeAndDifferent: Int

  /// Measures all pairs of the first `count` rows of `points`.
  ///
  /// Distances come from products of centred rows, ‖a‖² + ‖b‖² − 2a·b; where rounding could
  /// decide whether a pair is close, the difference is formed instead, so that closeness is exactly
  /// that of ``Nearness``.
  ///
  /// - Parameters:
  ///   - limit: The distance up to which a pair is close.
  ///   - labels: One label per row.
  /// - Complexity: O(count² · columns) on the processor's matrix kernels; memory for a few
  ///   hundred rows of distances.
  public init(_ points: MatrixBuffer, count: Int, limit: Double, labels: [Int32]) {
    points.check(0..<count)
    precondition(labels.count >= count, "\(labels.count) labels for \(count) rows")
    let columns = points.columns
    let centred = MatrixBuffer(rows: count, columns: columns)
    centred.copyRows(points, 0..<count, to: 0)
    var moments = ColumnMoments(columns: columns)
    moments.add(points, rows: 0..<count)
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
    // What rounding can do to ‖a‖² + ‖b‖² − 2a·b, as a share of ‖a‖² + ‖b‖²: half a unit in the
    // last place for each of `columns` additions in the product, an eighth of that in the squares
    // (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1), twice
    // as much again in the distance that decides, and a few for the rest.
    let rounding = Float(columns * 11 / 8 + 24) * Float.ulpOfOne / 2
    var sum = 0.0
    var close = 0
    var different = 0
    let blockSize = 128
    let products = MatrixBuffer(rows: blockSize, columns: count)
    for first in stride(from: 0, to: count, by: blockSize) {
      let block = first..<min(first + blockSize, count)
      products.setProductOfRows(centred, block, centred, first..<count)
      for row in block where row + 1 < count {
        let line = unsafe products.base + (row - first) * count
        let norm = norms[0, row]
        let label = labels[row]
        var distances = Lanes(repeating: 0)
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
          var roots = squared.replacing(with: 0, where: squared .< 0).squareRoot()
          for lane in width..<8 { roots[lane] = 0 }
          distances += roots
          if any(squared .<= band + limitSquared) {
            for lane in 0..<width where squared[lane] <= limitSquared + band[lane] {
              if squared[lane] >= limitSquared - band[lane],
                !nearness.holds(points, row, points, other + lane)
              {
                continue
              }
              close += 1
              if labels[other + lane] != label { different += 1 }
            }
          }
          other += width
        }
        sum += Double(distances.sum())
      }
    }
    self.pairs = count * (count - 1) / 2
    self.sum = sum / Double(factor)
    self.close = close
    self.closeAndDifferent = different
  }

  /// The mean distance; 0 where there is no pair.
  public var mean: Double { pairs == 0 ? 0 : sum / Double(pairs) }
}
