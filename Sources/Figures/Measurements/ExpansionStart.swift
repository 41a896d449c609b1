// What the theory of two words starts from, measured of a pair of words.

internal import Automata
internal import MergerTheory

/// The state of a pair of words in the fixed-expansion theory, and what does not change with time.
struct ExpansionStart: Sendable {
  let state: FixedExpansion.State
  /// N.
  let continuations: Int
  /// S_11, S_12 and S_22.
  let targets: (Double, Double, Double)
  /// Of both words.
  let lengths: (Int, Int)

  /// - Parameters:
  ///   - state: The nine averages.
  ///   - continuations: N, at least 1.
  ///   - targets: S_11, S_12 and S_22.
  ///   - lengths: Of both words; the longer one moves the faster.
  init(
    state: FixedExpansion.State, continuations: Int, targets: (Double, Double, Double),
    lengths: (Int, Int)
  ) {
    self.state = state
    self.continuations = continuations
    self.targets = targets
    self.lengths = lengths
  }

  /// What is known of every word of a run.
  struct Words {
    let words: PrefixTree
    /// Hidden states and outputs, row by row.
    let hidden, outputs: [Double]
    /// H and O.
    let units, outputCount: Int
    /// Each word's right output.
    let targets: [Int]
    /// Whether a word is trained on.
    let isTrained: [Bool]

    func hidden(_ word: Int) -> ArraySlice<Double> {
      hidden[word * units..<(word + 1) * units]
    }

    func outputs(_ word: Int) -> ArraySlice<Double> {
      outputs[word * outputCount..<(word + 1) * outputCount]
    }
  }

  /// Measures a pair.
  ///
  /// - Returns: Nil if the words coincide or no continuation of both is trained on.
  init?(_ first: Int, _ second: Int, _ measured: Words) {
    let words = measured.words
    let (one, other) = (measured.hidden(first), measured.hidden(second))
    let difference = zip(other, one).map { $0 - $1 }
    let distance = Self.dot(difference, difference).squareRoot()
    guard distance > 0 else { return nil }
    let h1 = Self.dot(one, difference) / distance
    let h2 = Self.dot(other, difference) / distance
    var sums = [Double](repeating: 0, count: 7)  // p, q1, q2, b², d², r1, r2
    var agreeing = 0
    var count = 0
    var stack = [(first, second)]
    while let (a, b) = stack.popLast() {
      if measured.isTrained[a] && measured.isTrained[b] {
        let right = (measured.targets[a], measured.targets[b])
        let (ya, yb) = (measured.outputs(a), measured.outputs(b))
        let slope = zip(yb, ya).map { ($0 - $1) / distance }
        let offset = zip(ya, slope).map { $0 - h1 * $1 }
        let terms = [
          Self.dot(offset, slope), offset[right.0], offset[right.1], Self.dot(offset, offset),
          Self.dot(slope, slope), slope[right.0], slope[right.1],
        ]
        for index in sums.indices { sums[index] += terms[index] }
        if right.0 == right.1 { agreeing += 1 }
        count += 1
      }
      words.forEachContinuation(of: a, and: b) { stack.append(($0, $1)) }
    }
    guard count > 0 else { return nil }
    let means = sums.map { $0 / Double(count) }
    self.init(
      state: FixedExpansion.State(
        h1: h1, h2: h2, p: means[0], q1: means[1], q2: means[2], b2: means[3], d2: means[4],
        r1: means[5], r2: means[6]),
      continuations: count,
      // Targets are one-hot.
      targets: (1, Double(agreeing) / Double(count), 1),
      lengths: (words.length(of: first), words.length(of: second)))
  }

  /// The distance of both words over time; nil where the equations cannot be solved.
  ///
  /// - Parameters:
  ///   - times: Increasing, from 0 on.
  ///   - hiddenTime: τ_h, of a word of one symbol.
  ///   - outputTime: τ_y = τ_b.
  func distances(at times: [Double], hiddenTime: Double, outputTime: Double) -> [Double]? {
    let theory = FixedExpansion(
      continuations: Double(continuations),
      // The longer a word the faster it moves.
      hiddenTimes: (
        hiddenTime / Double(max(lengths.0, 1)), hiddenTime / Double(max(lengths.1, 1))
      ),
      offsetTime: outputTime, outputTime: outputTime, targets: targets)
    guard
      let solver = try? DormandPrince(
        relative: 1e-6, absolute: Array(repeating: 1e-10, count: 9), mostSteps: 3000)
    else { return nil }
    return try? theory.trajectory(from: state, at: times, solver: solver).map(\.distance)
  }

  private static func dot(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
