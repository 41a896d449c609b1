import Automata
import TestSupport
import Foundation
import LinearAlgebra
import Testing

/// f of each number, by the kernel of the forward step.
private func activations(of numbers: [Float], _ activation: Activation) -> [Float] {
  let products = MatrixBuffer(Matrix(rows: 1, columns: numbers.count, values: numbers))
  let zero = MatrixBuffer(rows: 1, columns: numbers.count)
  let result = MatrixBuffer(rows: 1, columns: numbers.count)
  result.setActivations(
    rows: 0..<1, products: products, firstParent: 0, parents: [0], inputs: zero, symbols: [0],
    activation)
  return Array(result.matrix().values)
}

@Suite struct ActivationTests {
  @Test func `tanh is right to a few units in the last place at every magnitude`() {
    var generator = SplitMix64(seed: 1)
    var numbers: [Float] = [
      0, 1e-38, 1e-30, 1e-20, 1e-10, 0.34657, 0.34658, 0.5, 1, 2, 8.9, 9.01, 9.02, 9.1, 9.99, 10,
      10.01, 44, 88.7, 88.8, 89, 1e3, 1e10, 1e30, .greatestFiniteMagnitude, .infinity,
      .leastNormalMagnitude, .leastNonzeroMagnitude,
    ]
    for exponent in -40...5 {
      for _ in 0..<200 {
        numbers.append(
          Float.random(in: 1..<2, using: &generator)
            * Float(sign: .plus, exponent: exponent, significand: 1))
      }
    }
    numbers += numbers.map { -$0 }
    for (x, y) in zip(numbers, activations(of: numbers, .tanh)) {
      let exact = Foundation.tanh(Double(x))
      // Below the least normal number a unit in the last place is an absolute one.
      let bound = 4 * Double(Float.ulpOfOne) * abs(exact) + 2 * Double(Float.leastNonzeroMagnitude)
      #expect(abs(Double(y) - exact) <= bound, "tanh \(x) = \(y), not \(exact)")
    }
  }

  @Test(arguments: Activation.allCases)
  func `what is undefined stays undefined in every lane`(_ activation: Activation) {
    for count in 1...17 {
      for lane in 0..<count {
        var numbers = [Float](repeating: 0.25, count: count)
        numbers[lane] = .nan
        let results = activations(of: numbers, activation)
        #expect(results.indices.allSatisfy { results[$0].isNaN == ($0 == lane) })
      }
    }
  }

  @Test func `ReLU keeps what is positive and nothing else`() {
    let tiny = Float.leastNonzeroMagnitude
    let numbers: [Float] = [-.infinity, -1, -tiny, 0, tiny, 1e-3, 2, 1e30, .infinity]
    let results = activations(of: numbers, .relu)
    #expect(results == [0, 0, 0, 0, tiny, 1e-3, 2, 1e30, .infinity])
  }
}

@Suite struct RowTests {
  @Test(arguments: 1...19)
  func `distances of rows agree with one loop`(columns: Int) {
    var generator = SplitMix64(seed: UInt64(columns))
    let points = MatrixBuffer(Matrix.random(rows: 6, columns: columns, using: &generator))
    for a in 0..<6 {
      #expect(points.squaredDistance(a, points, a) == 0)
      for b in 0..<6 {
        let slow = points.slowDistance(a, b)
        #expect(agree(Double(points.squaredDistance(a, points, b)), slow * slow))
        #expect(points.squaredDistance(a, points, b) == points.squaredDistance(b, points, a))
      }
    }
  }

  @Test(arguments: 1...19)
  func `a matrix is finite unless an entry is not, wherever it stands`(columns: Int) {
    let rows = 3
    for bad in [Float.nan, .infinity, -.infinity] {
      for place in 0..<rows * columns {
        let buffer = MatrixBuffer(rows: rows, columns: columns)
        buffer.assign(Matrix(rows: rows, columns: columns, repeating: .greatestFiniteMagnitude))
        #expect(buffer.isFinite())
        buffer[place / columns, place % columns] = bad
        #expect(!buffer.isFinite())
        #expect(buffer.isFinite(rows: 0..<place / columns))
        #expect(!buffer.isFinite(rows: place / columns..<place / columns + 1))
      }
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `columns that hold anything but zero are found`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let columns = Int.random(in: 1...30, using: &generator)
    let buffer = MatrixBuffer(rows: 5, columns: columns)
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      let row = Int.random(in: 0..<5, using: &generator)
      let values: [Float] = [1, -1, .nan, -0.0, .leastNonzeroMagnitude]
      buffer[row, Int.random(in: 0..<columns, using: &generator)] =
        values.randomElement(using: &generator)!
    }
    func isZero(_ column: Int) -> Bool { (1..<5).allSatisfy { buffer[$0, column] == 0 } }
    #expect(buffer.columnsWithNonzero(rows: 1..<5) == (0..<columns).map { !isZero($0) })
    let least = Int.random(in: 0...columns, using: &generator)
    let slow = (0..<columns).last { !isZero($0) }.map { max($0 + 1, least) } ?? least
    #expect(buffer.leadingColumns(rows: 1..<5, least: least) == slow)
  }

  @Test(arguments: UInt64(0)..<20)
  func `moments of pieces are those of the whole`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let columns = Int.random(in: 1...6, using: &generator)
    let offset = Float.random(in: -1000...1000, using: &generator)
    var moments = ColumnMoments(columns: columns)
    var rows: [[Double]] = []
    for _ in 0..<4 {
      let piece = Matrix.random(
        rows: Int.random(in: 0...9, using: &generator), columns: columns, using: &generator)
      let buffer = MatrixBuffer(
        Matrix(rows: piece.rows, columns: columns, values: piece.values.map { $0 + offset }))
      moments.add(buffer, rows: 0..<piece.rows)
      for row in 0..<piece.rows { rows.append(buffer.matrix().row(row).map(Double.init)) }
    }
    let count = Double(rows.count)
    var variance = 0.0
    for column in 0..<columns where !rows.isEmpty {
      let mean = rows.reduce(0) { $0 + $1[column] } / count
      variance += rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
      #expect(agree(moments.columnMeans[column], mean, within: 1e-12))
    }
    #expect(moments.count == rows.count)
    #expect(agree(moments.scale, variance.squareRoot(), within: 1e-10))
  }
}

@Suite struct DirectionTests {
  @Test(arguments: UInt64(0)..<30)
  func `directions are orthonormal, whatever the points`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let columns = Int.random(in: 1...12, using: &generator)
    let rows = Int.random(in: 1...40, using: &generator)
    var matrix = Matrix.random(rows: rows, columns: columns, using: &generator)
    switch seed % 5 {
    case 0: matrix = Matrix(rows: rows, columns: columns)
    case 1: matrix = Matrix(rows: rows, columns: columns, repeating: 3)
    case 2: for index in matrix.values.indices { matrix.values[index] *= 1e30 }
    case 3: for index in matrix.values.indices { matrix.values[index] *= 1e-30 }
    default: break
    }
    let directions = MatrixBuffer(matrix).leadingDirections(rows: 0..<rows, count: 3)
    #expect(directions.rows == min(3, columns))
    for a in 0..<directions.rows {
      for b in 0...a {
        let product = (0..<columns).reduce(0.0) {
          $0 + Double(directions[a, $1]) * Double(directions[b, $1])
        }
        #expect(abs(product - (a == b ? 1 : 0)) <= 1e-5)
      }
    }
  }

  @Test func `the first direction is the one along which points spread`() {
    var generator = SplitMix64(seed: 5)
    let points = MatrixBuffer(rows: 200, columns: 4)
    for row in 0..<200 {
      let along = Float.random(in: -1...1, using: &generator)
      for column in 0..<4 {
        points[row, column] =
          (column == 2 ? along : 0) + Float.random(in: -0.01...0.01, using: &generator)
      }
    }
    let directions = points.leadingDirections(rows: 0..<200, count: 2)
    #expect(abs(abs(directions[0, 2]) - 1) <= 1e-3)
  }
}
