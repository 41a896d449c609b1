// The first leader within reach, without a look at every leader.
//
// Projections onto orthonormal directions never lengthen a distance, so points within the merge
// distance of one another lie in the same or in neighbouring cells of a grid over the leading
// directions whose cells are as wide as that distance. Only leaders in those cells are looked at,
// first by a few more projections, and only those within reach of these are compared in full: the
// answer is exact, whatever the directions.

internal import LinearAlgebra

/// Leaders so far, found by place.
struct LeaderIndex {
  private let nearness: Nearness
  private let reach: Float
  private let directions: MatrixBuffer
  private let points: MatrixBuffer
  private let projections: MatrixBuffer
  /// The row of each leader in `points`.
  private(set) var leaders: [Int32] = []
  private var heads: [Int32]  // the last leader in each bucket, or −1
  private var nexts: [Int32] = []  // the leader before it in its bucket, per leader

  /// An index over rows of `points`, none of which is a leader yet.
  ///
  /// - Parameters:
  ///   - points: All entries finite.
  ///   - distance: Two points at most this far apart are within reach.
  init(points: MatrixBuffer, count: Int, distance: Double) {
    self.points = points
    nearness = Nearness(limit: distance)
    directions = points.leadingDirections(rows: 0..<count, count: Self.dimensions)
    // Projections are measured in units of about the largest entry, so that they stay in range.
    let factor = points.normalizingFactor(rows: 0..<count)
    directions.multiply(by: factor)
    projections = MatrixBuffer(rows: count, columns: directions.rows)
    projections.setProduct(rows: 0..<count, points, rows: 0..<count, transposed: directions)
    // A projection is a sum of `columns` rounded products; the factor of 4 is for two points and
    // for the root of the number of projections.
    let zero = MatrixBuffer(rows: 1, columns: points.columns)
    var largest: Float = 0
    for row in 0..<count {
      largest = max(largest, points.squaredDistance(row, zero, 0, factor: factor))
    }
    let rounding = 4 * largest.squareRoot() * Float(points.columns) * Float.ulpOfOne
    // Beyond 10³⁰ units everything is in one cell.
    let scaledDistance = Float(min(distance * Double(factor), 1e30))
    reach = max(scaledDistance * 1.001 + rounding, Float.leastNormalMagnitude)
    heads = Array(repeating: -1, count: 1024)
  }

  /// The number of the first leader within reach of row `row`, or nil.
  func first(near row: Int) -> Int? {
    first(near: points, row, projections, row)
  }

  /// For some rows of another matrix, the first leader within reach of each, or nil.
  func first(nearRowsOf queries: MatrixBuffer, count: Int) -> [Int?] {
    let projected = MatrixBuffer(rows: count, columns: directions.rows)
    projected.setProduct(rows: 0..<count, queries, rows: 0..<count, transposed: directions)
    return (0..<count).map { first(near: queries, $0, projected, $0) }
  }

  /// Makes row `row` the next leader.
  mutating func insert(_ row: Int) {
    if leaders.count * 2 >= heads.count {
      heads = Array(repeating: -1, count: heads.count * 4)
      for number in leaders.indices {
        let bucket = bucket(cell(projections, Int(leaders[number])))
        nexts[number] = heads[bucket]
        heads[bucket] = Int32(number)
      }
    }
    let bucket = bucket(cell(projections, row))
    nexts.append(heads[bucket])
    heads[bucket] = Int32(leaders.count)
    leaders.append(Int32(row))
  }

  /// As many projections as are compared at one stroke.
  private static let dimensions = 8
  /// As many as a grid can have whose neighbouring cells are soon looked through, 27 of them.
  private static let gridDimensions = 3

  private typealias Cell = SIMD3<Int32>

  private func cell(_ projections: MatrixBuffer, _ row: Int) -> Cell {
    var cell = Cell(repeating: 0)
    for column in 0..<min(projections.columns, Self.gridDimensions) {
      // Clamping keeps neighbours neighbours and the conversion safe.
      let place = (projections[row, column] / reach).rounded(.down)
      // Undefined is the sum of a query's terms that overflow, far from all points.
      cell[column] = place.isNaN ? Int32(1e9) : Int32(min(max(place, -1e9), 1e9))
    }
    return cell
  }

  @inline(__always)
  private func bucket(_ cell: Cell) -> Int {
    var hash = UInt64(UInt32(bitPattern: cell.x)) &* 0x9e37_79b9_7f4a_7c15
    hash ^= UInt64(UInt32(bitPattern: cell.y)) &* 0xc2b2_ae3d_27d4_eb4f
    hash ^= UInt64(UInt32(bitPattern: cell.z)) &* 0x1656_67b1_9e37_79f9
    hash ^= hash >> 29
    hash = hash &* 0xbf58_476d_1ce4_e5b9
    return Int((hash >> 32) & UInt64(heads.count - 1))
  }

  private func first(
    near queries: MatrixBuffer, _ row: Int, _ projected: MatrixBuffer, _ projectedRow: Int
  ) -> Int? {
    var best = Int32(leaders.count)
    let reachSquared = reach * reach
    let center = cell(projected, projectedRow)
    let dimensions = projected.columns
    let ys: ClosedRange<Int32> = dimensions > 1 ? -1...1 : 0...0
    let zs: ClosedRange<Int32> = dimensions > 2 ? -1...1 : 0...0
    for x in Int32(-1)...1 {
      for y in ys {
        for z in zs {
          var candidate = heads[bucket(center &+ Cell(x, y, z))]
          while candidate >= 0 {
            let number = Int(candidate)
            // Not <=: a projection that overflowed is undefined, and settles nothing.
            if candidate < best,
              !(projections.squaredDistance(Int(leaders[number]), projected, projectedRow)
                > reachSquared),
              nearness.holds(points, Int(leaders[number]), queries, row)
            {
              best = candidate
            }
            candidate = nexts[number]
          }
        }
      }
    }
    return best < leaders.count ? Int(best) : nil
  }
}
