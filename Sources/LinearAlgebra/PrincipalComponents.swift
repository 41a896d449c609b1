// The directions along which points spread the most, of points that come in pieces.
//
// Goals, in order: exact also where spreads differ by many orders of magnitude; the same bits on
// every run; points are seen once and not kept.

/// Means and covariances of columns over rows that come in pieces, in double precision.
public struct Covariance: Sendable {
  private var running: RunningMeans
  // Sums of products of deviations from the mean, upper triangle, row by row.
  private var products: [Double]

  /// - Precondition: at least one column.
  public init(columns: Int) {
    precondition(columns > 0, "\(columns) columns")
    running = RunningMeans(columns: columns)
    products = Array(repeating: 0, count: columns * columns)
  }

  /// The number of rows so far.
  public var count: Int { running.count }
  /// The mean of each column; 0 without rows.
  public var means: [Double] { running.means }

  /// Adds rows of `matrix`, whose numbers are finite. O(range.count × columns²).
  public mutating func add(_ matrix: MatrixBuffer, rows range: Range<Int>) {
    matrix.check(range)
    precondition(
      matrix.columns == means.count, "\(matrix.columns) columns, but \(means.count) before")
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start + 1024, range.upperBound)
      addPiece(matrix, start..<end)
      start = end
    }
  }

  private mutating func addPiece(_ matrix: MatrixBuffer, _ range: Range<Int>) {
    let columns = matrix.columns
    let piece = running.add(matrix, rows: range)
    var deviations: [Double] = []
    deviations.reserveCapacity((range.count + 1) * columns)
    for row in range {
      let source = unsafe matrix.base + row * columns
      for column in 0..<columns {
        unsafe deviations.append(Double(source[column]) - piece.means[column])
      }
    }
    // How far the means lie apart counts like one more row of this weight.
    let weight = (piece.before * piece.own / piece.total).squareRoot()
    for difference in piece.differences { deviations.append(weight * difference) }
    addSquares(of: deviations, columns: columns, to: &products)
  }

  /// The covariance of two columns, that of the population (n in the denominator); 0 without rows.
  public subscript(a: Int, b: Int) -> Double {
    precondition(means.indices ~= a && means.indices ~= b, "columns \(a), \(b)")
    return count == 0 ? 0 : products[min(a, b) * means.count + max(a, b)] / Double(count)
  }

  /// The leading principal components: at most as many as there are columns.
  ///
  /// - Parameter wanted: How many, at least 0.
  /// - Complexity: O(columns³).
  public func principalComponents(_ wanted: Int) -> PrincipalComponents {
    precondition(wanted >= 0, "\(wanted) components")
    let columns = means.count
    let n = Double(max(count, 1))
    let (values, vectors) = symmetricEigenvectors(of: products.map { $0 / n }, order: columns)
    let leading = values.indices.reversed().prefix(wanted)
    return PrincipalComponents(
      mean: means,
      directions: leading.map { index in
        let vector = vectors[index * columns..<(index + 1) * columns]
        // A vector and its negative are equally right. The largest entry is to be positive.
        let largest = vector.max { abs($0) < abs($1) } ?? 0
        return largest < 0 ? vector.map { -$0 } : Array(vector)
      },
      // A covariance has no negative eigenvalues but for rounding.
      variances: leading.map { max(values[$0], 0) },
      totalVariance: (0..<columns).reduce(0) { $0 + self[$1, $1] })
  }
}

/// Orthonormal directions in order of the variance of points along them.
///
/// Of each direction the entry of largest magnitude is positive, so that signs are the same on
/// every run. Points without spread have some orthonormal directions, of variance 0.
///
/// Source: K. Pearson, "On lines and planes of closest fit to systems of points in space",
/// Philosophical Magazine 2 (1901), 559–572.
public struct PrincipalComponents: Equatable, Sendable {
  /// The centre of the points.
  public let mean: [Double]
  /// One unit vector per component, as long as ``mean``.
  public let directions: [[Double]]
  /// The variance along each direction, not increasing, at least 0.
  public let variances: [Double]
  /// The sum of the variances of all columns.
  public let totalVariance: Double

  /// The share of the total variance that lies along each direction, 0 … 1; 0 for points without
  /// spread.
  public var shares: [Double] {
    variances.map { totalVariance > 0 ? min($0 / totalVariance, 1) : 0 }
  }

  /// The coordinates of rows along each direction, with the mean at 0.
  ///
  /// - Returns: One array per direction, with one number per row.
  /// - Complexity: O(range.count × columns × directions).
  public func coordinates(of matrix: MatrixBuffer, rows range: Range<Int>) -> [[Double]] {
    matrix.check(range)
    precondition(
      matrix.columns == mean.count, "\(matrix.columns) columns in a space of \(mean.count)")
    return directions.map { direction in
      range.map { row in
        let source = unsafe matrix.base + row * matrix.columns
        var sum = 0.0
        for column in 0..<mean.count {
          unsafe sum += (Double(source[column]) - mean[column]) * direction[column]
        }
        return sum
      }
    }
  }
}
