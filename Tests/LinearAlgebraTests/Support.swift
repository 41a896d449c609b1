// What the tests of this module share: random matrices and slow distances.

import LinearAlgebra

extension Matrix {
  /// Entries drawn uniformly from −1 … 1.
  static func random(
    rows: Int, columns: Int, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &generator) })
  }
}

extension MatrixBuffer {
  /// The Euclidean distance between two rows, in double precision.
  func slowDistance(_ a: Int, _ b: Int) -> Double {
    (0..<columns).reduce(0.0) { sum, column in
      let difference = Double(self[a, column]) - Double(self[b, column])
      return sum + difference * difference
    }.squareRoot()
  }
}
