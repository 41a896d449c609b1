// Vectors of words in double precision.

/// One row per word.
///
/// Early in training words that end alike lie so close together that single precision rounds their
/// distance away: with the paper's recipe 10⁻¹² beside vectors of length 10⁻¹.
public struct VectorTable: Sendable {
  public let columns: Int
  public let rows: Int
  // Rows are filled up with zeros, which change no distance.
  private let blocks: [SIMD8<Double>]
  private let blocksPerRow: Int

  /// - Parameters:
  ///   - columns: How many numbers a row has; at least 1.
  ///   - values: Row by row.
  /// - Precondition: `values` holds whole rows.
  public init(columns: Int, values: [Double]) {
    precondition(
      columns > 0 && values.count % columns == 0, "\(values.count) values, \(columns) columns")
    self.columns = columns
    rows = values.count / columns
    blocksPerRow = (columns + 7) / 8
    var blocks = [SIMD8<Double>](repeating: .zero, count: rows * blocksPerRow)
    for row in 0..<rows {
      for column in 0..<columns {
        blocks[row * blocksPerRow + column / 8][column % 8] = values[row * columns + column]
      }
    }
    self.blocks = blocks
  }

  /// ‖a − b‖² of two rows, from their difference, which loses nothing however close they are.
  public func squaredDistance(_ a: Int, _ b: Int) -> Double {
    let (first, second) = (a * blocksPerRow, b * blocksPerRow)
    var sum = SIMD8<Double>.zero
    for block in 0..<blocksPerRow {
      let difference = blocks[first + block] - blocks[second + block]
      sum += difference * difference
    }
    return sum.sum()
  }
}
