// The update rules of gradient descent, entry by entry.
//
// Each rule is written as PyTorch computes it (torch.optim, "algorithm" in each optimizer's
// documentation), in single precision.

extension MatrixBuffer {
  /// Momentum: this = factor · this + other.
  package func decay(by factor: Float, adding other: MatrixBuffer) {
    checkShape(other)
    let target = unsafe base
    let source = unsafe other.base
    for index in 0..<rows * columns {
      unsafe target[index] = factor * target[index] + source[index]
    }
  }

  /// A running mean: this = factor · this + (1 − factor) · other.
  package func average(_ other: MatrixBuffer, keeping factor: Double) {
    checkShape(other)
    let target = unsafe base
    let source = unsafe other.base
    let share = Float(1 - factor)
    for index in 0..<rows * columns {
      unsafe target[index] += share * (source[index] - target[index])
    }
  }

  /// A running mean of squares: this = factor · this + (1 − factor) · other².
  package func averageSquares(_ other: MatrixBuffer, keeping factor: Double) {
    checkShape(other)
    let target = unsafe base
    let source = unsafe other.base
    let kept = Float(factor)
    let share = Float(1 - factor)
    for index in 0..<rows * columns {
      unsafe target[index] = kept * target[index] + share * source[index] * source[index]
    }
  }

  /// this += factor · numerator / (√squares · scale + epsilon).
  package func addQuotient(
    _ numerator: MatrixBuffer, squares: MatrixBuffer, scale: Float, epsilon: Float,
    times factor: Float
  ) {
    checkShape(numerator)
    checkShape(squares)
    let target = unsafe base
    let above = unsafe numerator.base
    let below = unsafe squares.base
    for index in 0..<rows * columns {
      unsafe target[index] +=
        factor * (above[index] / (below[index].squareRoot() * scale + epsilon))
    }
  }

  /// The sum of the squares of all entries, added up in double precision row by row.
  package func sumOfSquares() -> Double {
    var total = 0.0
    for index in 0..<rows * columns {
      let entry = unsafe Double(base[index])
      total += entry * entry
    }
    return total
  }

  private func checkShape(_ other: MatrixBuffer) {
    precondition(
      rows == other.rows && columns == other.columns,
      "\(other.rows) × \(other.columns) with \(rows) × \(columns)")
  }
}
