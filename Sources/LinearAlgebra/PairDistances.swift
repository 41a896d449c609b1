// The distances between all pairs of rows, without keeping them.

import Glibc

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
  /// that of ``MatrixBuffer/squaredDistance(_:_:_:)``.
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
    let zero = MatrixBuffer(rows: 1, columns: columns)
    let norms = (0..<count).map { centred.squaredDistance($0, zero, 0) }

    let limitSquared = Float(limit * limit)
    // Rounding of a product of `columns` terms, with room to spare.
    let largest = norms.max() ?? 0
    let band = 4 * largest * Float(columns) * Float.ulpOfOne
    var sum = 0.0
    var close = 0
    var different = 0
    let blockSize = 128
    let products = MatrixBuffer(rows: blockSize, columns: count)
    for first in stride(from: 0, to: count, by: blockSize) {
      let block = first..<min(first + blockSize, count)
      products.setProductOfRows(centred, block, centred, first..<count)
      for row in block {
        let line = unsafe products.base + (row - first) * count - first
        let norm = norms[row]
        let label = labels[row]
        var rowSum: Float = 0
        for other in row + 1..<max(count, row + 1) {
          let squared = unsafe norm + norms[other] - 2 * line[other]
          // sqrt of a number that rounding made negative would be NaN.
          rowSum += (squared < 0 ? 0 : squared).squareRoot()
        }
        sum += Double(rowSum)
        for other in row + 1..<max(count, row + 1) {
          let squared = unsafe norm + norms[other] - 2 * line[other]
          guard squared <= limitSquared + band else { continue }
          if squared >= limitSquared - band,
            points.squaredDistance(row, points, other) > limitSquared
          {
            continue
          }
          close += 1
          if labels[other] != label { different += 1 }
        }
      }
    }
    self.pairs = count * (count - 1) / 2
    self.sum = sum
    self.close = close
    self.closeAndDifferent = different
  }

  /// The mean distance; 0 where there is no pair.
  public var mean: Double { pairs == 0 ? 0 : sum / Double(pairs) }
}
