// The spread of rows, gathered a piece at a time.

/// Means and standard deviations of columns over rows that come in pieces.
public struct ColumnMoments: Sendable {
  /// The number of rows so far.
  public private(set) var count = 0
  // Welford's running means and sums of squared deviations, in the form for batches of T. F. Chan,
  // G. H. Golub and R. J. LeVeque (1979): no difference of large numbers.
  private var means: [Double]
  private var deviations: [Double]

  public init(columns: Int) {
    means = Array(repeating: 0, count: columns)
    deviations = Array(repeating: 0, count: columns)
  }

  /// Adds rows of `matrix`. O(range.count × columns).
  public mutating func add(_ matrix: MatrixBuffer, rows range: Range<Int>) {
    matrix.check(range)
    precondition(matrix.columns == means.count)
    guard !range.isEmpty else { return }
    let columns = means.count
    let n = Double(range.count)
    var sums = [Double](repeating: 0, count: columns)
    for row in range {
      let source = unsafe matrix.base + row * columns
      for column in 0..<columns { unsafe sums[column] += Double(source[column]) }
    }
    let batchMeans = sums.map { $0 / n }
    var batchDeviations = [Double](repeating: 0, count: columns)
    for row in range {
      let source = unsafe matrix.base + row * columns
      for column in 0..<columns {
        let difference = unsafe Double(source[column]) - batchMeans[column]
        batchDeviations[column] += difference * difference
      }
    }
    let total = Double(count) + n
    for column in 0..<columns {
      let difference = batchMeans[column] - means[column]
      means[column] += difference * n / total
      deviations[column] +=
        batchDeviations[column]
        + difference * difference * Double(count) * n / total
    }
    count += range.count
  }

  /// The mean of each column.
  public var columnMeans: [Double] { means }

  /// The Euclidean norm of the columns' standard deviations (those of the population, n in the
  /// denominator): the scale that merge distances are measured in. 0 without rows.
  public var scale: Double {
    count == 0 ? 0 : (deviations.reduce(0, +) / Double(count)).squareRoot()
  }
}
