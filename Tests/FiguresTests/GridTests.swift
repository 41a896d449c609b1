import Extraction
import Testing

@testable import Figures

/// A map whose cells are complete where the bits of a number are set, column by column.
private func map(_ bits: Int, columns: Int, rows: Int) -> EpochDistanceMap {
  EpochDistanceMap(
    epochs: Array(0..<columns), distances: (0..<rows).map { Double($0 + 1) },
    cells: (0..<columns).map { column in
      (0..<rows).map { row in
        EpochDistanceMap.Cell(
          states: 1, classes: 1, isComplete: bits >> (column * rows + row) & 1 == 1,
          consistency: 1, isEquivalent: nil)
      }
    })
}

@Suite struct RectangleTests {
  @Test func `rectangles cover the cells of every small map once, and no other cell`() {
    for bits in 0..<1 << 12 {
      let map = map(bits, columns: 4, rows: 3)
      var covered = [Int](repeating: 0, count: 12)
      for area in map.rectangles(where: \.isComplete) {
        for column in area.epochs { for row in area.distances { covered[column * 3 + row] += 1 } }
      }
      #expect(covered == (0..<12).map { bits >> $0 & 1 }, "map \(bits)")
    }
  }

  @Test func `a full map is one rectangle, and a checkerboard has one for each cell`() {
    let full = map((1 << 12) - 1, columns: 4, rows: 3).rectangles(where: \.isComplete)
    #expect(full.count == 1 && full[0].epochs == 0..<4 && full[0].distances == 0..<3)
    let board = (0..<12).reduce(0) { ($1 / 3 + $1 % 3) % 2 == 0 ? $0 | 1 << $1 : $0 }
    #expect(map(board, columns: 4, rows: 3).rectangles(where: \.isComplete).count == 6)
  }
}

@Suite struct ContourTests {
  private let xs = [0.0, 1, 3]
  private let ys = [0.0, 2, 5]

  /// A piece's end as a share of the way along each side of a square that it lies on.
  private func ends(_ pieces: [(from: SIMD2<Double>, to: SIMD2<Double>)]) -> [SIMD2<Double>] {
    pieces.flatMap { [$0.from, $0.to] }
  }

  /// Where the sides of a square are crossed, found side by side.
  private func crossings(
    _ values: [[Double]], _ level: Double, x: Int, y: Int
  ) -> [SIMD2<Double>] {
    var found: [SIMD2<Double>] = []
    for (a, b) in [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 0), (0, 1)), ((1, 0), (1, 1))] {
      let (v, w) = (values[x + a.0][y + a.1], values[x + b.0][y + b.1])
      guard (v >= level) != (w >= level) else { continue }
      let share = (level - v) / (w - v)
      found.append(
        SIMD2(
          xs[x + a.0] * (1 - share) + xs[x + b.0] * share,
          ys[y + a.1] * (1 - share) + ys[y + b.1] * share))
    }
    return found
  }

  private func agree(_ a: [SIMD2<Double>], _ b: [SIMD2<Double>]) -> Bool {
    func sorted(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
      points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    }
    // Rounding must not change the order.
    func rounded(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
      points.map { ($0 * 1e9).rounded(.toNearestOrEven) }
    }
    return sorted(rounded(a)) == sorted(rounded(b))
  }

  @Test func `pieces end where the sides of squares are crossed, on every small grid`() {
    for code in 0..<19683 {
      // Every grid of 3 × 3 values out of 0, 1 and 2.
      var digits = code
      let values = (0..<3).map { _ in
        (0..<3).map { _ -> Double in
          defer { digits /= 3 }
          return Double(digits % 3)
        }
      }
      let pieces = Contour.pieces(at: 0.75, of: values, xs: xs, ys: ys)
      let expected = (0..<2).flatMap { x in
        (0..<2).flatMap { y in crossings(values, 0.75, x: x, y: y) }
      }
      #expect(agree(ends(pieces), expected), "grid \(values)")
    }
  }

  @Test func `where corners alternate, those of the middle's side stay together`() {
    let (xs, ys) = ([0.0, 1], [0.0, 1])
    // Corners (0, 0) and (1, 1) are above, and so is the middle: the other two are cut off.
    let above = Contour.pieces(at: 0.4, of: [[1, 0], [0, 1]], xs: xs, ys: ys)
    #expect(above.count == 2)
    for piece in above {
      let middle = (piece.from + piece.to) / 2
      #expect(abs(middle.x - middle.y) > 0.2, "\(piece) cuts off a corner on the other diagonal")
    }
    // Now the middle is below.
    let below = Contour.pieces(at: 0.6, of: [[1, 0], [0, 1]], xs: xs, ys: ys)
    #expect(below.count == 2)
    for piece in below {
      let middle = (piece.from + piece.to) / 2
      #expect(abs(middle.x + middle.y - 1) > 0.2, "\(piece) cuts off a corner on the diagonal")
    }
  }

  @Test func `a square with an unknown corner has no piece`() {
    let values: [[Double?]] = [[0, 1, 0], [1, nil, 1], [0, 1, 0]]
    #expect(Contour.pieces(at: 0.5, of: values, xs: xs, ys: ys).isEmpty)
  }
}
