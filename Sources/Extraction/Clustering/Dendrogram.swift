// Which classes are joined, and how far apart they were.

internal import Automata
internal import LinearAlgebra

/// The joins of hierarchical clustering, all the way to one class.
///
/// Found along chains of nearest neighbours: where each class of a pair is the other's nearest, the two
/// are joined at some time, whatever else happens, since joins bring no class closer to a third.
/// Distances to what was joined follow from those to its parts.
///
/// Source: F. Murtagh, "A Survey of Recent Advances in Hierarchical Clustering Algorithms" (1983);
/// G. N. Lance, W. T. Williams, "A General Theory of Classificatory Sorting Strategies" (1967).
struct Dendrogram {
  private struct Join {
    let first, second: Int32
    let height: Float
  }

  private let count: Int
  private let joins: [Join]

  /// - Complexity: O(count² · columns) time, 4 · count² bytes.
  init(_ points: MatrixBuffer, count: Int, _ linkage: Clustering.Linkage) {
    var distances = [Float](repeating: 0, count: count * count)
    points.forEachRowOfDistances(count: count, limit: 0) { row, found in
      for offset in 0..<found.count {
        distances[row * count + row + 1 + offset] = found[offset]
        distances[(row + 1 + offset) * count + row] = found[offset]
      }
    }
    var sizes = [Float](repeating: 1, count: count)
    // Those that stand for a class, in order.
    var active = Array(0..<count)
    var chain: [Int] = []
    var joins: [Join] = []
    joins.reserveCapacity(count - 1)
    while active.count > 1 {
      if chain.isEmpty { chain.append(active[0]) }
      let top = chain[chain.count - 1]
      // Of equally near ones the one before in the chain, else chains could go round in circles.
      var nearest = chain.count > 1 ? chain[chain.count - 2] : -1
      var least = nearest >= 0 ? distances[top * count + nearest] : .infinity
      for other in active where other != top {
        let distance = distances[top * count + other]
        if distance < least || nearest < 0 { (nearest, least) = (other, distance) }
      }
      guard chain.count > 1, nearest == chain[chain.count - 2] else {
        chain.append(nearest)
        continue
      }
      chain.removeLast(2)
      let (kept, gone) = (min(top, nearest), max(top, nearest))
      joins.append(Join(first: Int32(kept), second: Int32(gone), height: least))
      active.removeAll { $0 == gone }
      let share = sizes[kept] / (sizes[kept] + sizes[gone])
      for other in active where other != kept {
        let (a, b) = (distances[kept * count + other], distances[gone * count + other])
        let distance =
          switch linkage {
          case .average: share * a + (1 - share) * b
          case .complete: max(a, b)
          }
        distances[kept * count + other] = distance
        distances[other * count + kept] = distance
      }
      sizes[kept] += sizes[gone]
    }
    self.count = count
    self.joins = joins
  }

  /// The classes when all are joined that lie at most `distance` apart.
  func cut(at distance: Double) -> Partition {
    var sets = DisjointSets(count: count)
    let limit = Float(distance)
    for join in joins where join.height <= limit { sets.unite(join.first, join.second) }
    return Partition(labels: (0..<count).map { Int(sets.root(of: Int32($0))) })
  }
}
