import Automata
import TestSupport
@_spi(Benchmarks) import LinearAlgebra
import Testing

@Suite struct ProductTests {
  /// Row counts on both sides of the switch from matrix-vector to matrix-matrix products.
  @Test(arguments: UInt64(0)..<60)
  func `products of rows agree with three loops, confined or not`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let n = Int.random(in: 0...9, using: &generator)
    let k = Int.random(in: 1...20, using: &generator)
    let m = Int.random(in: 1...20, using: &generator)
    let inner = Int.random(in: 0...k, using: &generator)
    let width = Int.random(in: 0...m, using: &generator)
    let left = Matrix.random(rows: n + 2, columns: k, using: &generator)
    let right = Matrix.random(rows: k, columns: m, using: &generator)
    let transposed = MatrixBuffer(rows: m, columns: k)
    for row in 0..<k { for column in 0..<m { transposed[column, row] = right[row, column] } }

    func expected(_ row: Int, _ column: Int) -> Double {
      (0..<inner).reduce(0) { $0 + Double(left[row + 2, $1]) * Double(right[$1, column]) }
    }
    let first = MatrixBuffer(rows: n + 1, columns: m)
    first.setProduct(
      rows: 1..<n + 1, MatrixBuffer(left), rows: 2..<n + 2, transposed: transposed, inner: inner)
    let second = MatrixBuffer(rows: n + 1, columns: m)
    second.setProduct(
      rows: 1..<n + 1, MatrixBuffer(left), rows: 2..<n + 2, MatrixBuffer(right), inner: inner,
      width: width)
    for row in 0..<n {
      for column in 0..<m {
        #expect(agree(Double(first[row + 1, column]), expected(row, column)))
        let confined = column < width ? expected(row, column) : 0
        #expect(agree(Double(second[row + 1, column]), confined))
      }
    }
    #expect((0..<m).allSatisfy { first[0, $0] == 0 && second[0, $0] == 0 })
  }

  @Test(arguments: UInt64(0)..<60)
  func `sums of outer products agree with three loops, set or added to a corner`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let n = Int.random(in: 0...9, using: &generator)
    let m = Int.random(in: 1...12, using: &generator)
    let k = Int.random(in: 1...12, using: &generator)
    let width = Int.random(in: 0...min(m, k), using: &generator)
    let left = Matrix.random(rows: n + 1, columns: m, using: &generator)
    let right = Matrix.random(rows: n + 2, columns: k, using: &generator)
    func expected(_ row: Int, _ column: Int) -> Double {
      (0..<n).reduce(0) { $0 + Double(left[$1 + 1, row]) * Double(right[$1 + 2, column]) }
    }
    let sum = MatrixBuffer(Matrix(rows: m, columns: k, repeating: 7))
    sum.setOuterProducts(
      MatrixBuffer(left), rows: 1..<n + 1, MatrixBuffer(right), rows: 2..<n + 2)
    for row in 0..<m {
      for column in 0..<k { #expect(agree(Double(sum[row, column]), expected(row, column))) }
    }
    sum.addOuterProducts(
      MatrixBuffer(left), rows: 1..<n + 1, MatrixBuffer(right), rows: 2..<n + 2, width: width)
    for row in 0..<m {
      for column in 0..<k {
        let times = row < width && column < width ? 2.0 : 1
        #expect(agree(Double(sum[row, column]), times * expected(row, column)))
      }
    }
  }

  @Test func `the meter counts the rows of products while it is on`() {
    let left = MatrixBuffer(rows: 10, columns: 3)
    let right = MatrixBuffer(rows: 3, columns: 4)
    let result = MatrixBuffer(rows: 10, columns: 4)
    ProductMeter.start()
    result.setProduct(rows: 0..<10, left, rows: 0..<10, right)
    // Tests run in parallel, and the meter counts the whole process.
    #expect(ProductMeter.stop().rows >= 10)
  }

  @Test func `a fixed product has the same bits at every call`() {
    var generator = SplitMix64(seed: 3)
    let left = MatrixBuffer(Matrix.random(rows: 77, columns: 100, using: &generator))
    let right = MatrixBuffer(Matrix.random(rows: 100, columns: 100, using: &generator))
    let first = MatrixBuffer(rows: 77, columns: 100)
    first.setProduct(rows: 0..<77, left, rows: 0..<77, right)
    for _ in 0..<20 {
      let again = MatrixBuffer(rows: 77, columns: 100)
      again.setProduct(rows: 0..<77, left, rows: 0..<77, right)
      #expect(again.matrix() == first.matrix())
    }
  }
}
