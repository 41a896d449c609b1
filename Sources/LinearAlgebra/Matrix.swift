// A matrix as a value, for everything that is not a hot loop.

/// A row-major matrix of single-precision numbers.
public struct Matrix: Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  /// The entries, row by row; `rows × columns` of them.
  public var values: [Float]

  /// Creates a matrix from its entries, row by row.
  ///
  /// - Precondition: `values` has `rows × columns` entries.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      values.count == rows * columns, "\(values.count) values for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Creates a matrix whose entries are all `value`.
  public init(rows: Int, columns: Int, repeating value: Float = 0) {
    self.init(
      rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
  }

  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(0..<rows ~= row && 0..<columns ~= column, "entry \(row), \(column)")
      return values[row * columns + column]
    }
    set {
      precondition(0..<rows ~= row && 0..<columns ~= column, "entry \(row), \(column)")
      values[row * columns + column] = newValue
    }
  }

  /// One row, as a slice of ``values``.
  public func row(_ row: Int) -> ArraySlice<Float> {
    values[row * columns..<(row + 1) * columns]
  }
}
