// Where words lie in the plane of a run's principal components, at chosen checkpoints.

internal import Automata
internal import Studies

/// The places of words at some checkpoints, and which of them are worth a dot.
struct PlanePanels {
  /// A word at a checkpoint.
  struct Dot {
    let word: Int
    let place: SIMD2<Float>
    /// Whether the word is the first of its class.
    let isLeader: Bool
    /// False if a dot before this one covers it.
    let isDrawn: Bool
  }

  /// The dots of each checkpoint, in order of words; without ε where there are others, as its place
  /// is given.
  let panels: [[Dot]]
  /// The least and the greatest coordinates.
  let range: (low: SIMD2<Double>, high: SIMD2<Double>)

  /// - Parameters:
  ///   - panels: For each checkpoint the words' places and its classes.
  ///   - kinds: What dots' colours stand for, if anything.
  init(_ panels: [(places: [SIMD2<Float>], partition: Partition)], kinds: Partition?) {
    self.panels = panels.map { Self.dots($0.places, $0.partition, kinds) }
    var range = (SIMD2(repeating: Double.infinity), SIMD2(repeating: -Double.infinity))
    for dot in self.panels.joined() {
      let place = SIMD2<Double>(dot.place)
      range = (pointwiseMin(range.0, place), pointwiseMax(range.1, place))
    }
    self.range = range
  }

  /// Words that fall on one another are drawn once: a dot per place, kind and panel.
  private static func dots(
    _ places: [SIMD2<Float>], _ partition: Partition, _ kinds: Partition?
  ) -> [Dot] {
    let leaders = Set(partition.leaders)
    let resolution = resolution(places)
    var seen: Set<[Int]> = []
    return (min(1, places.count - 1)..<places.count).map { word in
      let cell = (SIMD2<Double>(places[word]) / resolution).rounded(.toNearestOrAwayFromZero)
      let isLeader = leaders.contains(Int32(word))
      let isDrawn = seen.insert([
        Int(cell.x), Int(cell.y), kinds?.class(of: word) ?? 0, isLeader ? 1 : 0,
      ]).inserted
      return Dot(word: word, place: places[word], isLeader: isLeader, isDrawn: isDrawn)
    }
  }

  /// A three-hundredth of the extent of places.
  private static func resolution(_ places: [SIMD2<Float>]) -> Double {
    let low = places.reduce(SIMD2<Float>(repeating: .infinity)) { pointwiseMin($0, $1) }
    let high = places.reduce(SIMD2<Float>(repeating: -.infinity)) { pointwiseMax($0, $1) }
    let extent = SIMD2<Double>(high) - SIMD2<Double>(low)
    return max(max(extent.x, extent.y) / 300, .leastNormalMagnitude)
  }
}
