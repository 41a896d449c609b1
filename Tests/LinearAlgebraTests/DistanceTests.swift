import Automata
import LinearAlgebra
import Testing

@Suite struct NearnessTests {
  @Test(arguments: [Float(1), 1e-30, 1e-38, 1e30, 1e37])
  func `a distance is what it is at every order of magnitude`(unit: Float) {
    // Squares of such numbers overflow or vanish in single precision: everything used to be near.
    let points = MatrixBuffer(
      Matrix(rows: 4, columns: 2, values: [0, 0, 3 * unit, 4 * unit, 6 * unit, 8 * unit, 0, 0]))
    let five = Double(5 * unit)
    let near = Nearness(limit: five * 1.0001)
    let far = Nearness(limit: five * 0.9999)
    #expect(near.holds(points, 0, points, 1))
    #expect(!far.holds(points, 0, points, 1))
    #expect(!near.holds(points, 0, points, 2))
    #expect(Nearness(limit: five * 2.0001).holds(points, 0, points, 2))
    #expect(Nearness(limit: 0).holds(points, 0, points, 3))
    #expect(!Nearness(limit: 0).holds(points, 0, points, 1))
  }

  @Test func `a distance that equals the limit is near`() {
    let points = MatrixBuffer(Matrix(rows: 2, columns: 2, values: [0, 0, 3, 4]))
    #expect(Nearness(limit: 5).holds(points, 0, points, 1))
    #expect(!Nearness(limit: 5.0.nextDown.nextDown - 1e-6).holds(points, 0, points, 1))
  }

  @Test func `at limit zero the least difference keeps rows apart`() {
    let points = MatrixBuffer(
      Matrix(rows: 2, columns: 1, values: [0, .leastNonzeroMagnitude]))
    #expect(!Nearness(limit: 0).holds(points, 0, points, 1))
    #expect(Nearness(limit: 0).holds(points, 1, points, 1))
  }

  @Test func `limits beyond single precision put everything together`() {
    let points = MatrixBuffer(Matrix(rows: 2, columns: 1, values: [-1e38, 1e38]))
    #expect(Nearness(limit: 1e300).holds(points, 0, points, 1))
    #expect(Nearness(limit: .greatestFiniteMagnitude).holds(points, 0, points, 1))
  }
}

@Suite struct PairDistanceTests {
  /// Every distance against the difference in double precision, and closeness against Nearness.
  private func check(_ points: MatrixBuffer, count: Int, limit: Double) {
    let nearness = Nearness(limit: limit)
    // Products of rows cancel where points lie much closer together than to their centre.
    let magnitude = Double(points.largestMagnitude(rows: 0..<max(count, 1)))
    let cancelled =
      magnitude
      * (Double(points.columns + 40) * 1e-7 * Double(points.columns))
      .squareRoot()
    var rows = 0
    points.forEachRowOfDistances(count: count, limit: limit) { row, distances in
      #expect(row == rows && distances.count == count - row - 1)
      rows += 1
      for index in distances.indices {
        let other = row + 1 + index
        let distance = distances[index]
        let slow = points.slowDistance(row, other)
        #expect(abs(Double(distance) - slow) <= 1e-5 * slow + cancelled)
        #expect((distance <= Float(limit)) == nearness.holds(points, row, points, other))
      }
    }
    #expect(rows == max(count - 1, 0))
  }

  @Test(arguments: UInt64(0)..<60)
  func `distances of all pairs agree with two loops`(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let count = Int.random(in: 0...150, using: &generator)
    let columns = Int.random(in: 1...20, using: &generator)
    var matrix = Matrix.random(rows: count + 1, columns: columns, using: &generator)
    if seed % 3 == 0 {
      // On a coarse grid many distances equal the limit.
      for index in matrix.values.indices {
        matrix.values[index] = (matrix.values[index] * 2).rounded() * 0.25
      }
    }
    let limits = [0, 0.25, 0.5, 1, Double.random(in: 0...2, using: &generator)]
    check(MatrixBuffer(matrix), count: count, limit: limits.randomElement(using: &generator)!)
  }

  @Test(arguments: [Float(1e-35), 1e-20, 1e20, 1e35])
  func `distances of all pairs are right at every order of magnitude`(unit: Float) {
    var generator = SplitMix64(seed: 9)
    var matrix = Matrix.random(rows: 60, columns: 5, using: &generator)
    for index in matrix.values.indices { matrix.values[index] *= unit }
    check(MatrixBuffer(matrix), count: 60, limit: Double(unit))
  }

  @Test func `pairs at the limit far from the origin are told exactly`() {
    // Centred products round by more than the difference between near and far here.
    let points = MatrixBuffer(rows: 100, columns: 3)
    for row in 0..<100 {
      points[row, 0] = 1000 + Float(row) * 0.0078125
      points[row, 1] = -500
      points[row, 2] = row == 99 ? 5000 : 20
    }
    for limit in [0, 0.0078125, 0.0078124, 0.0156250, 0.5] {
      var close = 0
      points.forEachRowOfDistances(count: 100, limit: limit) { _, distances in
        for index in distances.indices where distances[index] <= Float(limit) { close += 1 }
      }
      let steps = Int(limit / 0.0078125)
      #expect(close == (0..<99).reduce(0) { $0 + min(steps, 98 - $1) })
    }
  }

  @Test func `limits beyond single precision put every pair within them`() {
    let points = MatrixBuffer(Matrix(rows: 2, columns: 1, values: [-1e38, 1e38]))
    for limit in [1e300, .greatestFiniteMagnitude] {
      points.forEachRowOfDistances(count: 2, limit: limit) { _, distances in
        #expect(distances[0] <= Float(limit))
      }
    }
  }
}
