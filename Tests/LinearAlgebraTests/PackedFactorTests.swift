import Automata
import LinearAlgebra
import Testing

@Suite struct PackedFactorTests {
  /// Shapes on both sides of every boundary: slices of 6 rows, strips of 16 and panels of 64
  /// columns, squares of 4.
  static let shapes: [(rows: Int, inner: Int, columns: Int)] =
    [1, 2, 5, 6, 7, 12, 13, 47].flatMap { rows in
      [1, 3, 4, 5, 37].flatMap { inner in
        [1, 7, 8, 15, 16, 17, 48, 50, 63, 64, 65, 130].map { (rows, inner, $0) }
      }
    }

  @Test(arguments: ProcessorGeneration.available)
  func `products with a packed factor agree with three loops, set or added`(
    generation: ProcessorGeneration
  ) {
    var generator = SplitMix64(seed: 1)
    for (n, k, m) in Self.shapes {
      let left = Matrix.random(rows: n + 1, columns: k, using: &generator)
      let right = Matrix.random(rows: k, columns: m, using: &generator)
      let factor = PackedFactor(inner: k, columns: m, generation: generation)
      let transposed = MatrixBuffer(rows: m, columns: k)
      transposed.setTranspose(of: MatrixBuffer(right))
      for isTransposed in [false, true] {
        if isTransposed {
          factor.packTranspose(of: transposed)
        } else {
          factor.pack(MatrixBuffer(right))
        }
        // One row above and one below must stay as they are.
        let result = MatrixBuffer(Matrix(rows: n + 2, columns: m, repeating: 7))
        result.setProduct(rows: 1..<n + 1, MatrixBuffer(left), rows: 1..<n + 1, factor)
        result.setProduct(
          rows: 1..<n + 1, MatrixBuffer(left), rows: 1..<n + 1, factor, adding: true)
        var worst = 0.0
        for row in 0..<n {
          for column in 0..<m {
            let expected = (0..<k).reduce(0.0) {
              $0 + 2 * Double(left[row + 1, $1]) * Double(right[$1, column])
            }
            worst = max(worst, abs(Double(result[row + 1, column]) - expected))
          }
        }
        #expect(worst <= 1e-5, "\(n) × \(k) × \(m), transposed: \(isTransposed)")
        #expect((0..<m).allSatisfy { result[0, $0] == 7 && result[n + 1, $0] == 7 })
      }
    }
  }

  @Test(arguments: ProcessorGeneration.available)
  func `sums of outer products in memory of one's own agree with three loops`(
    generation: ProcessorGeneration
  ) {
    var generator = SplitMix64(seed: 2)
    let memory = OuterProductMemory(generation: generation)
    for (m, n, k) in Self.shapes {
      let left = Matrix.random(rows: n + 1, columns: m, using: &generator)
      let right = Matrix.random(rows: n + 2, columns: k, using: &generator)
      let sum = MatrixBuffer(Matrix(rows: m, columns: k, repeating: 7))
      sum.setOuterProducts(
        MatrixBuffer(left), rows: 1..<n + 1, MatrixBuffer(right), rows: 2..<n + 2, in: memory)
      var worst = 0.0
      for row in 0..<m {
        for column in 0..<k {
          let expected = (0..<n).reduce(0.0) {
            $0 + Double(left[$1 + 1, row]) * Double(right[$1 + 2, column])
          }
          worst = max(worst, abs(Double(sum[row, column]) - expected))
        }
      }
      #expect(worst <= 1e-5, "\(m) × \(n) × \(k)")
      sum.setOuterProducts(
        MatrixBuffer(left), rows: 0..<0, MatrixBuffer(right), rows: 0..<0, in: memory)
      #expect(sum.matrix().values.allSatisfy { $0 == 0 })
    }
  }

  @Test func `a row's product has the same bits among any number of rows, with AVX2 or AVX-512`() {
    var generator = SplitMix64(seed: 3)
    let left = MatrixBuffer(Matrix.random(rows: 40, columns: 75, using: &generator))
    let right = MatrixBuffer(Matrix.random(rows: 75, columns: 100, using: &generator))
    var rows: [[Float]] = []
    for generation in ProcessorGeneration.available where generation != .any {
      let factor = PackedFactor(inner: 75, columns: 100, generation: generation)
      factor.pack(right)
      for count in 1...20 {
        let result = MatrixBuffer(rows: count, columns: 100)
        result.setProduct(rows: 0..<count, left, rows: 20 - count..<20, factor)
        rows.append(result.matrix(rows: count - 1..<count).values)
      }
    }
    #expect(rows.allSatisfy { $0 == rows.first })
  }

  @Test func `what is no number stays none`() {
    let left = MatrixBuffer(Matrix(rows: 7, columns: 3, repeating: .nan))
    let factor = PackedFactor(inner: 3, columns: 20)
    let result = MatrixBuffer(rows: 7, columns: 20)
    result.setProduct(rows: 0..<7, left, rows: 0..<7, factor)
    let values = result.matrix().values
    #expect(values.allSatisfy { $0.isNaN })
  }
}
