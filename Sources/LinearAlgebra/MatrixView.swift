// Rows that somebody else writes, to be read.

/// Rows of single-precision numbers that can be read and not written: a window on memory that its
/// owner goes on using.
///
/// The owner says how long the numbers stay what they are. After that other numbers are read here,
/// never memory of somebody else's; ``matrix(rows:)`` copies what is to be kept.
public struct MatrixView {
  /// The number of rows.
  public let rows: Int
  /// The memory; only the first ``rows`` rows of it are meant.
  let buffer: MatrixBuffer

  /// The first `rows` rows of a buffer.
  package init(_ buffer: MatrixBuffer, rows: Int) {
    buffer.check(0..<rows)
    self.buffer = buffer
    self.rows = rows
  }

  /// The number of columns.
  public var columns: Int { buffer.columns }

  /// One entry; checked.
  public subscript(row: Int, column: Int) -> Float {
    precondition(0..<rows ~= row, "row \(row) of \(rows)")
    return buffer[row, column]
  }

  /// A copy of some rows.
  ///
  /// - Parameter range: The rows; all if nil.
  public func matrix(rows range: Range<Int>? = nil) -> Matrix {
    let range = range ?? 0..<rows
    precondition(range.upperBound <= rows, "rows \(range) of \(rows)")
    return buffer.matrix(rows: range)
  }

  /// The squared Euclidean distance between two rows. O(columns).
  public func squaredDistance(_ a: Int, _ b: Int) -> Float {
    precondition(0..<rows ~= a && 0..<rows ~= b, "rows \(a), \(b) of \(rows)")
    return buffer.squaredDistance(a, buffer, b)
  }
}

extension ColumnMoments {
  /// Adds all rows of a view. O(rows × columns).
  public mutating func add(_ view: MatrixView) { add(view.buffer, rows: 0..<view.rows) }
}

extension Covariance {
  /// Adds all rows of a view, whose numbers are finite. O(rows × columns²).
  public mutating func add(_ view: MatrixView) { add(view.buffer, rows: 0..<view.rows) }
}

extension PrincipalComponents {
  /// The coordinates of all rows of a view along each direction, with the mean at 0.
  ///
  /// - Returns: One array per direction, with one number per row.
  public func coordinates(of view: MatrixView) -> [[Double]] {
    coordinates(of: view.buffer, rows: 0..<view.rows)
  }
}
