// Classes of points, and where other points belong.

public import Automata
public import LinearAlgebra

/// Divides the rows of a matrix into classes, in one way after another.
///
/// What several ways or several of their numbers have in common is computed once.
public final class Clusterer {
  /// One point per row, of which the first ``count`` count.
  public let points: MatrixBuffer
  public let count: Int
  private var dendrograms: [Clustering.Linkage: Dendrogram] = [:]
  private lazy var factor = points.normalizingFactor(rows: 0..<count)

  /// - Parameters:
  ///   - points: One row per point, n × H; further rows are ignored. They must not change.
  ///   - count: n.
  /// - Precondition: at least one point, all of whose entries are finite.
  public init(points: MatrixBuffer, count: Int) {
    precondition(count >= 1 && points.rows >= count, "\(count) points of \(points.rows) rows")
    self.points = points
    self.count = count
  }

  /// The points' classes.
  ///
  /// - Parameter clustering: The way to divide them.
  /// - Precondition: the clustering is valid; at most ``Clustering/mostWordsInPairs`` points where
  ///   it looks at pairs.
  public func clusters(_ clustering: Clustering) -> Clusters {
    precondition(clustering.isValid, "\(clustering)")
    precondition(
      !clustering.looksAtPairs || count <= Clustering.mostWordsInPairs,
      "\(count) words; at most \(Clustering.mostWordsInPairs) can be looked at in pairs")
    switch clustering {
    case .leaders(let distance): return leaders(distance)
    case .components(let distance): return components(distance)
    case .hierarchical(let linkage, let distance):
      let dendrogram = dendrograms[linkage] ?? Dendrogram(points, count: count, linkage)
      dendrograms[linkage] = dendrogram
      return nearest(within: distance, dendrogram.cut(at: distance))
    case .kMeans(let number): return kMeans(number)
    case .quantization(let levels): return quantization(levels)
    }
  }

  private func leaders(_ distance: Double) -> Clusters {
    var index = LeaderIndex(points: points, count: count, distance: distance)
    var classes = [Int32](repeating: 0, count: count)
    for point in 0..<count {
      if let number = index.first(near: point) {
        classes[point] = Int32(number)
      } else {
        classes[point] = Int32(index.leaders.count)
        index.insert(point)
      }
    }
    return Clusters(
      partition: Partition(classes: classes, leaders: index.leaders),
      place: { [index] in index.first(nearRowsOf: $0, count: $1) })
  }

  private func components(_ distance: Double) -> Clusters {
    var sets = DisjointSets(count: count)
    let limit = Float(distance)
    points.forEachRowOfDistances(count: count, limit: distance) { row, distances in
      for offset in 0..<distances.count where distances[offset] <= limit {
        sets.unite(Int32(row), Int32(row + 1 + offset))
      }
    }
    return nearest(
      within: distance, Partition(labels: (0..<count).map { Int(sets.root(of: Int32($0))) }))
  }

  private func kMeans(_ number: Int) -> Clusters {
    let centres = Centres(points, count: count, number: number)
    // A centre may have lost all its points, or be the centre of none.
    let labels = centres.nearest(points, count: count)
    let partition = Partition(labels: labels)
    var classOfCentre = [Int?](repeating: nil, count: centres.count)
    for (label, number) in zip(labels, partition.classes) {
      classOfCentre[label] = Int(number)
    }
    return Clusters(
      partition: partition,
      place: { rows, count in centres.nearest(rows, count: count).map { classOfCentre[$0] } })
  }

  private func quantization(_ levels: Int) -> Clusters {
    let grid = ActivationGrid(points, count: count, levels: levels)
    var classOfBox: [ActivationGrid.Box: Int] = [:]
    let labels = (0..<count).map { point in
      let box = grid.box(points, point)
      let label = classOfBox[box] ?? classOfBox.count
      classOfBox[box] = label
      return label
    }
    // Labels count up as boxes are met, as classes do.
    return Clusters(
      partition: Partition(labels: labels),
      place: { [classOfBox] rows, count in (0..<count).map { classOfBox[grid.box(rows, $0)] } })
  }

  /// Classes to which a point belongs whose nearest member lies within a distance of it.
  private func nearest(within distance: Double, _ partition: Partition) -> Clusters {
    let nearness = Nearness(limit: distance)
    return Clusters(
      partition: partition,
      place: { [self] rows, count in
        (0..<count).map { row in
          let member = nearest(to: rows, row, among: 0..<self.count)
          return nearness.holds(points, member, rows, row) ? partition.class(of: member) : nil
        }
      })
  }

  /// The first of some points that no other is closer to a row than.
  ///
  /// - Precondition: there is one.
  func nearest(
    to rows: MatrixBuffer, _ row: Int, among candidates: some Collection<Int>
  ) -> Int {
    points.nearestRow(to: rows, row, among: candidates, factor: factor)
  }
}

/// The classes of points, and the rule by which other points belong to them.
public struct Clusters {
  /// The class of each point.
  public let partition: Partition
  private let place: (_ rows: MatrixBuffer, _ count: Int) -> [Int?]

  init(
    partition: Partition, place: @escaping (_ rows: MatrixBuffer, _ count: Int) -> [Int?]
  ) {
    self.partition = partition
    self.place = place
  }

  /// The class that each of the first rows of another matrix belongs to, or nil where it lies in none.
  ///
  /// - Parameters:
  ///   - rows: Other points.
  ///   - count: How many of its rows.
  /// - Precondition: as many columns as the points have, finite entries.
  public func classes(ofRowsOf rows: MatrixBuffer, count: Int) -> [Int?] { place(rows, count) }
}
