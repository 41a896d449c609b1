import Automata
import TestSupport
import LinearAlgebra
import Testing

/// Eigenvalues, decreasing, and eigenvectors by Jacobi's rotations: slow and obvious.
private func jacobi(_ matrix: [[Double]]) -> [(value: Double, vector: [Double])] {
  let n = matrix.count
  var a = matrix
  var v = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0 } }
  for _ in 0..<100 {
    for p in 0..<n {
      for q in p + 1..<max(n, p + 1) where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<n {
          (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
        }
        for k in 0..<n {
          (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
        }
        for k in 0..<n {
          (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q])
        }
      }
    }
  }
  return (0..<n).map { i in (a[i][i], v.map { $0[i] }) }.sorted { $0.value > $1.value }
}

/// Covariances by three loops, after the means.
private func covariances(_ points: Matrix) -> [[Double]] {
  let n = Double(points.rows)
  let means = (0..<points.columns).map { column in
    (0..<points.rows).reduce(0) { $0 + Double(points[$1, column]) } / n
  }
  return (0..<points.columns).map { a in
    (0..<points.columns).map { b in
      (0..<points.rows).reduce(0) {
        $0 + (Double(points[$1, a]) - means[a]) * (Double(points[$1, b]) - means[b])
      } / n
    }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

@Suite struct PrincipalComponentTests {
  @Test(arguments: UInt64(0)..<40)
  func `components are those that Jacobi's rotations find`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let columns = Int.random(in: 1...12, using: &generator)
    let rows = Int.random(in: 1...60, using: &generator)
    var points = Matrix.random(rows: rows, columns: columns, using: &generator)
    // Spreads of different size, far from the origin.
    for row in 0..<rows {
      for column in 0..<columns {
        points[row, column] = points[row, column] * Float(column + 1) + 20
      }
    }
    var covariance = Covariance(columns: columns)
    covariance.add(MatrixBuffer(points), rows: 0..<rows)
    let slow = covariances(points)
    for a in 0..<columns {
      for b in 0..<columns {
        #expect(agree(covariance[a, b], slow[a][b], within: 1e-12 * Double(columns * columns)))
      }
    }
    let components = covariance.principalComponents(columns)
    let expected = jacobi(slow)
    #expect(components.directions.count == columns)
    for (index, pair) in expected.enumerated() {
      #expect(abs(components.variances[index] - pair.value) <= 1e-10 * expected[0].value)
      let direction = components.directions[index]
      for other in components.directions[..<index] { #expect(abs(dot(direction, other)) <= 1e-12) }
      #expect(abs(dot(direction, direction) - 1) <= 1e-12)
      let gap =
        expected.enumerated().filter { $0.offset != index }
        .map { abs($0.element.value - pair.value) }.min() ?? 1
      if gap > 1e-3 * expected[0].value {
        #expect(abs(abs(dot(direction, pair.vector)) - 1) <= 1e-9)
      }
    }
    #expect(abs(components.shares.reduce(0, +) - (rows > 1 ? 1 : 0)) <= 1e-12)
  }

  @Test(arguments: [1, 7, 1024, 1025, 3000])
  func `points may come in pieces of any size`(piece: Int) {
    var generator = SplitMix64(seed: 3)
    let points = MatrixBuffer(Matrix.random(rows: 3000, columns: 6, using: &generator))
    for row in 0..<3000 { points[row, 2] += Float(row) / 100 }
    var whole = Covariance(columns: 6)
    whole.add(points, rows: 0..<3000)
    var pieces = Covariance(columns: 6)
    for start in stride(from: 0, to: 3000, by: piece) {
      pieces.add(points, rows: start..<min(start + piece, 3000))
    }
    pieces.add(points, rows: 5..<5)
    #expect(pieces.count == 3000)
    let (a, b) = (whole.principalComponents(3), pieces.principalComponents(3))
    for index in 0..<3 {
      #expect(agree(a.variances[index], b.variances[index], within: 1e-12))
      #expect(abs(dot(a.directions[index], b.directions[index]) - 1) <= 1e-9)
    }
  }

  @Test func `points on a line spread along it alone`() {
    let points = MatrixBuffer(rows: 50, columns: 3)
    for row in 0..<50 {
      points[row, 0] = Float(row) * 2
      points[row, 1] = Float(row) * -3
      points[row, 2] = 6
    }
    var covariance = Covariance(columns: 3)
    covariance.add(points, rows: 0..<50)
    let components = covariance.principalComponents(2)
    // The largest entry is positive, whichever way the line runs.
    let expected = [-2 / 13.0.squareRoot(), 3 / 13.0.squareRoot(), 0]
    #expect(zip(components.directions[0], expected).allSatisfy { abs($0 - $1) <= 1e-12 })
    #expect(abs(components.shares[0] - 1) <= 1e-12 && abs(components.shares[1]) <= 1e-12)
    let places = components.coordinates(of: points, rows: 0..<50)
    #expect(places.count == 2)
    #expect(abs(places[0][0] - 24.5 * 13.0.squareRoot()) <= 1e-9)
    #expect(abs(places[0].reduce(0, +)) <= 1e-9)
    #expect(places[1].allSatisfy { abs($0) <= 1e-9 })
  }

  @Test func `a far-off centre does not drown a small spread`() {
    // 2^24 is where single precision no longer tells neighbours apart.
    let points = MatrixBuffer(rows: 4, columns: 2)
    for row in 0..<4 {
      points[row, 0] = 8_388_608 + Float(row % 2)
      points[row, 1] = -8_388_608
    }
    var covariance = Covariance(columns: 2)
    covariance.add(points, rows: 0..<4)
    let components = covariance.principalComponents(2)
    #expect(components.variances == [0.25, 0])
    #expect(components.directions[0] == [1, 0])
  }

  @Test func `there are no more components than columns`() {
    var covariance = Covariance(columns: 1)
    covariance.add(
      MatrixBuffer(Matrix(rows: 2, columns: 1, values: [1, 3])), rows: 0..<2)
    let components = covariance.principalComponents(2)
    #expect(components.directions == [[1]])
    #expect(components.variances == [1] && components.shares == [1])
    #expect(covariance.principalComponents(0).directions.isEmpty)
  }

  @Test(arguments: [0, 1, 5])
  func `points without spread have components of variance zero`(count: Int) {
    var covariance = Covariance(columns: 3)
    covariance.add(MatrixBuffer(Matrix(rows: 5, columns: 3, repeating: 7.5)), rows: 0..<count)
    let components = covariance.principalComponents(2)
    #expect(components.variances == [0, 0] && components.shares == [0, 0])
    #expect(components.totalVariance == 0)
    for direction in components.directions { #expect(abs(dot(direction, direction) - 1) <= 1e-12) }
  }

  @Test(arguments: [Float(1e-30), 1e30])
  func `shares are right at every order of magnitude`(unit: Float) {
    let points = MatrixBuffer(
      Matrix(rows: 4, columns: 2, values: [2 * unit, 0, -2 * unit, 0, 0, unit, 0, -unit]))
    var covariance = Covariance(columns: 2)
    covariance.add(points, rows: 0..<4)
    let components = covariance.principalComponents(2)
    #expect(abs(components.shares[0] - 0.8) <= 1e-6 && abs(components.shares[1] - 0.2) <= 1e-6)
  }

  @Test func `components are the same bits every time`() {
    var generator = SplitMix64(seed: 8)
    let points = MatrixBuffer(Matrix.random(rows: 500, columns: 40, using: &generator))
    func components() -> PrincipalComponents {
      var covariance = Covariance(columns: 40)
      covariance.add(points, rows: 0..<500)
      return covariance.principalComponents(40)
    }
    #expect(components() == components())
  }
}
