// The centres of k-means.

internal import LinearAlgebra

/// Cluster centres; a point belongs to the nearest one.
struct Centres {
  let count: Int
  private let places: MatrixBuffer
  private let factor: Float
  private static let mostRounds = 100

  /// Looks for `number` centres, or as many as there are different points.
  init(_ points: MatrixBuffer, count: Int, number: Int) {
    let factor = points.normalizingFactor(rows: 0..<count)
    self.factor = factor
    var chosen = [0]
    var distances = (0..<count).map { points.squaredDistance($0, points, 0, factor: factor) }
    while chosen.count < number {
      // Of equally far points the first.
      let furthest = distances.indices.reduce(0) { distances[$1] > distances[$0] ? $1 : $0 }
      guard distances[furthest] > 0 else { break }
      chosen.append(furthest)
      for point in 0..<count {
        distances[point] = min(
          distances[point], points.squaredDistance(point, points, furthest, factor: factor))
      }
    }
    self.count = chosen.count
    places = MatrixBuffer(rows: chosen.count, columns: points.columns)
    for (row, point) in chosen.enumerated() {
      places.copyRows(points, point..<point + 1, to: row)
    }
    var labels = nearest(points, count: count)
    for _ in 0..<Self.mostRounds {
      move(to: points, labels)
      let next = nearest(points, count: count)
      if next == labels { break }
      labels = next
    }
  }

  /// Moves each centre to the mean of its points; one without points stays.
  private func move(to points: MatrixBuffer, _ labels: [Int]) {
    var sums = [Double](repeating: 0, count: count * points.columns)
    var sizes = [Double](repeating: 0, count: count)
    for (point, label) in labels.enumerated() {
      sizes[label] += 1
      for column in 0..<points.columns {
        sums[label * points.columns + column] += Double(points[point, column])
      }
    }
    for centre in 0..<count where sizes[centre] > 0 {
      for column in 0..<points.columns {
        places[centre, column] = Float(sums[centre * points.columns + column] / sizes[centre])
      }
    }
  }

  /// The nearest centre of each of the first rows; of equally near ones the first.
  func nearest(_ rows: MatrixBuffer, count rowCount: Int) -> [Int] {
    (0..<rowCount).map { places.nearestRow(to: rows, $0, among: 0..<count, factor: factor) }
  }
}
