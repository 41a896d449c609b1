// Which checkpoints the film stops at.
//
// Steps of gradient descent shake elongated clusters across one sharp merge distance, so the
// partition wavers from checkpoint to checkpoint long after anything lasting has happened. A
// film of every checkpoint shows the wavering and hides the story; a film of a smoothed
// partition shows automata that no checkpoint ever had. This file takes a third way: every key
// frame is one checkpoint, exactly as it was extracted, and the choice is *which* to show.

import Automata
import Extraction

/// The choice of checkpoints that a film stops at.
///
/// Let d(s, t) be the number of states that only one of two checkpoints has, a state being
/// known by its leader: the births and deaths that a cut from s to t shows. It is a metric. The
/// film pays d for each step it shows, times `patience`, and half a state for the step itself.
/// Each checkpoint that it passes over is stood for by the key frame before it, up to some cut,
/// or the one after it, and pays its distance to that one:
///
///     cost = Σ (patience · d(key, next key) + ½) + Σ d(t, the key frame that stands for t)
///
/// The cheapest choice is found exactly, by dynamic programming. What it does can be said
/// without the formula. A change that lasts costs nothing to show, since d is a metric and the
/// motion has to be paid once in any case. States that come and go cost twice `patience` each
/// when shown, and one at each checkpoint they last for when not: by themselves they are shown
/// only if they last for more than 2 × `patience` checkpoints. Among checkpoints that waver about one
/// automaton, the one nearest to the others is taken.
///
/// Mergers and splits of words (DESIGN 2) would be the metric that comes to mind first. They
/// were tried and are no use: a few hundred words that waver between elongated clusters make
/// neighbouring checkpoints as far apart as any two of the same hundred epochs.
///
/// Landmarks are always shown, however short; see ``landmarks(of:)``.
struct KeyFrames {
  /// Positions in the list of frames, increasing.
  let indices: [Int]
  /// How many more there would be without the limit on states.
  let leftOut: Int

  /// - Parameters:
  ///   - patience: Half the number of checkpoints that a passing change must outlast. 0 shows
  ///     every checkpoint whose partition differs from the one before.
  ///   - stateLimit: The greatest number of states that all key frames may have together; it is
  ///     passed only by what landmarks alone have. If more would be chosen, each state drawn is
  ///     given a price, and that is raised until they fit.
  /// - Precondition: there is a frame, and all partition the same words.
  /// - Complexity: O(n²·states + n³) for n frames, with a small constant.
  init(of frames: [FilmFrame], patience: Double, stateLimit: Int) {
    let n = frames.count
    precondition(n > 0)
    guard n > 2 else {
      self.indices = Array(0..<n)
      self.leftOut = 0
      return
    }
    let d = Self.distances(between: frames.map(\.extraction))
    let isLandmark = Self.landmarks(of: frames)
    let sizes = frames.map(\.extraction.automaton.stateCount)

    // misfit[i * n + j]: what the frames strictly between key frames i and j pay.
    var misfit = [Double](repeating: .infinity, count: n * n)
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) {
        // First all belong to key frame j, then one after the other passes to i.
        var sum = 0
        for t in i + 1..<max(j, i + 1) { sum += Int(d[t * n + j]) }
        var least = sum
        for t in i + 1..<max(j, i + 1) {
          sum += Int(d[t * n + i]) - Int(d[t * n + j])
          least = min(least, sum)
        }
        misfit[i * n + j] = Double(least)
        if isLandmark[j] { break }
      }
    }

    // Half a state keeps out key frames that change nothing.
    var prices = [Double](repeating: 0.5, count: n)
    var choice = Self.cheapest(misfit: misfit, distances: d, patience: patience, prices: prices)
    let free = choice.count
    var pricePerState = 0.01
    while choice.reduce(0, { $0 + sizes[$1] }) > stateLimit,
      choice.contains(where: { !isLandmark[$0] })
    {
      for key in 0..<n { prices[key] = 0.5 + pricePerState * Double(sizes[key]) }
      choice = Self.cheapest(misfit: misfit, distances: d, patience: patience, prices: prices)
      pricePerState *= 1.3
    }
    self.indices = choice
    self.leftOut = free - choice.count
  }

  /// The checkpoints that are shown however short they last: the first and the last; the one
  /// with most states; the first from which on all automata are complete; and the fold, the
  /// first checkpoints after the one with most states that have at most 3/4, 1/2 and 1/4 as many.
  ///
  /// The fold takes a few epochs, in which hundreds of states come and go: wavering, by the
  /// measure above, and yet what the film is about.
  static func landmarks(of frames: [FilmFrame]) -> [Bool] {
    var isLandmark = [Bool](repeating: false, count: frames.count)
    isLandmark[0] = true
    isLandmark[frames.count - 1] = true
    let turns = TurningPoints(of: frames.map(\.extraction.automaton))
    isLandmark[turns.largest] = true
    for quarters in 1...3 {
      if let fold = turns.fold(toQuarters: quarters) { isLandmark[fold] = true }
    }
    if let complete = turns.complete { isLandmark[complete] = true }
    return isLandmark
  }

  private static func cheapest(
    misfit: [Double], distances: [Int32], patience: Double, prices: [Double]
  ) -> [Int] {
    let n = prices.count
    return CheapestPath.positions(count: n) { cost, i, j in
      cost + misfit[i * n + j] + patience * Double(distances[i * n + j]) + prices[j]
    }
  }

  /// The number of states that only one of every two automata has, by their leaders: a square
  /// table.
  static func distances(between extractions: [Extraction]) -> [Int32] {
    let n = extractions.count
    let leaders = extractions.map { extraction in
      extraction.classOfState.map { extraction.partition.leaders[$0] }
    }
    var distances = [Int32](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) {
        let distance = Self.symmetricDifference(leaders[i], leaders[j])
        distances[i * n + j] = distance
        distances[j * n + i] = distance
      }
    }
    return distances
  }

  /// How many numbers only one of two increasing lists has.
  private static func symmetricDifference(_ a: [Int32], _ b: [Int32]) -> Int32 {
    var common = 0
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if a[i] == b[j] {
        common += 1
        i += 1
        j += 1
      } else if a[i] < b[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return Int32(a.count + b.count - 2 * common)
  }
}
