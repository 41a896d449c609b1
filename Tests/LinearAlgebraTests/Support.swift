// What the tests of this module share: random matrices and a seeded generator.

import LinearAlgebra

/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

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

/// Whether two numbers agree within `bound`, absolute plus relative; NaN agrees with nothing.
func agree(_ a: Double, _ b: Double, within bound: Double = 1e-5) -> Bool {
  abs(a - b) <= bound * (1 + abs(b))
}
