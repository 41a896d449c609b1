// The spread of rows, gathered a piece at a time.

/// Means and standard deviations of columns over rows that come in pieces.
public struct ColumnMoments: Sendable {
  private var running: RunningMeans
  private var deviations: [Double]  // squared, summed over rows

  /// - Parameter columns: The number of columns of every piece.
  public init(columns: Int) {
    running = RunningMeans(columns: columns)
    deviations = Array(repeating: 0, count: columns)
  }

  /// The number of rows so far.
  public var count: Int { running.count }

  /// Adds rows of `matrix`. O(range.count × columns).
  public mutating func add(_ matrix: MatrixBuffer, rows range: Range<Int>) {
    matrix.check(range)
    precondition(
      matrix.columns == deviations.count,
      "\(matrix.columns) columns, but \(deviations.count) before")
    guard !range.isEmpty else { return }
    let columns = deviations.count
    let piece = running.add(matrix, rows: range)
    var own = [Double](repeating: 0, count: columns)
    for row in range {
      let source = unsafe matrix.base + row * columns
      for column in 0..<columns {
        let difference = unsafe Double(source[column]) - piece.means[column]
        own[column] += difference * difference
      }
    }
    for column in 0..<columns {
      let difference = piece.differences[column]
      deviations[column] +=
        own[column] + difference * difference * piece.before * piece.own / piece.total
    }
  }

  /// The mean of each column; 0 without rows.
  public var columnMeans: [Double] { running.means }

  /// The Euclidean norm of the columns' standard deviations (those of the population, n in the
  /// denominator): the scale that merge distances are measured in. 0 without rows.
  public var scale: Double {
    count == 0 ? 0 : (deviations.reduce(0, +) / Double(count)).squareRoot()
  }
}
