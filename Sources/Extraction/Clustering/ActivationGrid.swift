// Activations cut into intervals.

internal import LinearAlgebra

/// Equal intervals of the range of all activations, the same for every unit.
struct ActivationGrid {
  /// The interval of each unit.
  typealias Box = [Int32]

  private let least: Float
  private let width: Double
  private let levels: Int

  /// Takes the range from the first `count` rows.
  init(_ points: MatrixBuffer, count: Int, levels: Int) {
    var least = Float.infinity
    var largest = -Float.infinity
    for row in 0..<count {
      for column in 0..<points.columns {
        least = min(least, points[row, column])
        largest = max(largest, points[row, column])
      }
    }
    self.least = least.isFinite ? least : 0
    self.levels = levels
    // In double precision: the difference of two numbers of single precision may be out of its range.
    width = (Double(largest) - Double(least)) / Double(levels)
  }

  /// Where a row lies; what is beyond the range lies in the interval at its end.
  func box(_ rows: MatrixBuffer, _ row: Int) -> Box {
    (0..<rows.columns).map { column in
      guard width > 0 else { return 0 }
      let place = (Double(rows[row, column]) - Double(least)) / width
      return Int32(min(max(place, 0), Double(levels - 1)))
    }
  }
}
