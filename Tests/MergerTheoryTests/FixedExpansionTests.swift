import MergerTheory
import Testing

/// A pair as vectors, from which its nine averages follow.
private struct Vectors {
  var h: (Double, Double)
  var offsets: Outputs
  var slopes: Outputs
  let targets: (Outputs, Outputs)

  var state: FixedExpansion.State {
    FixedExpansion.State(
      h1: h.0, h2: h.1, p: Outputs.mean(offsets, slopes),
      q1: Outputs.mean(offsets, targets.0), q2: Outputs.mean(offsets, targets.1),
      b2: Outputs.mean(offsets, offsets), d2: Outputs.mean(slopes, slopes),
      r1: Outputs.mean(targets.0, slopes), r2: Outputs.mean(targets.1, slopes))
  }

  func dynamics(
    hiddenTimes: (Double, Double), offsetTime: Double = 1, outputTime: Double = 1,
    continuations: Double? = nil
  ) -> FixedExpansion {
    FixedExpansion(
      continuations: continuations ?? Double(offsets.rows.count), hiddenTimes: hiddenTimes,
      offsetTime: offsetTime, outputTime: outputTime,
      targets: (
        Outputs.mean(targets.0, targets.0), Outputs.mean(targets.0, targets.1),
        Outputs.mean(targets.1, targets.1)
      ))
  }

  /// The loss from its definition.
  var loss: Double {
    var sum = 0.0
    for (h, targets) in [(h.0, targets.0), (h.1, targets.1)] {
      for i in targets.rows.indices {
        for k in 0..<3 {
          let error = offsets.rows[i][k] + h * slopes.rows[i][k] - targets.rows[i][k]
          sum += error * error
        }
      }
    }
    return sum / Double(4 * offsets.rows.count)
  }

  init(
    seed: UInt64, agreeing: Bool, offset: Double, slope: Double, h: (Double, Double)
  ) {
    var chance = Chance(seed: seed + 1)
    offsets = .random(6, size: offset, using: &chance)
    slopes = .random(6, size: slope, using: &chance)
    let first = Outputs.random(6, size: 1, using: &chance)
    targets = (first, agreeing ? first : .random(6, size: 1, using: &chance))
    self.h = h
  }
}

private let solver = { () -> DormandPrince in
  // The defaults are valid tolerances.
  try! DormandPrince(relative: 1e-10, absolute: [1e-13])
}()

@Suite struct FixedExpansionTests {
  @Test(arguments: UInt64(0)..<20)
  func `the nine averages follow gradient descent on the vectors they are averages of`(
    seed: UInt64
  ) throws {
    var chance = Chance(seed: seed + 50)
    let vectors = Vectors(
      seed: seed, agreeing: seed % 2 == 0, offset: 0.5, slope: 0.8,
      h: (chance.uniform(-1...1), chance.uniform(-1...1)))
    let hiddenTimes = (chance.uniform(0.5...3), chance.uniform(0.5...3))
    let (offsetTime, outputTime) = (chance.uniform(0.5...3), chance.uniform(0.5...3))
    let dynamics = vectors.dynamics(
      hiddenTimes: hiddenTimes, offsetTime: offsetTime, outputTime: outputTime)
    let n = 6
    func derivative(_ numbers: [Double]) -> [Double] {
      let offsets = Outputs(flat: numbers[2..<2 + 3 * n])
      let slopes = Outputs(flat: numbers[(2 + 3 * n)...])
      var changes = [Double](repeating: 0, count: numbers.count)
      for (word, targets) in [vectors.targets.0, vectors.targets.1].enumerated() {
        let h = numbers[word]
        let time = word == 0 ? hiddenTimes.0 : hiddenTimes.1
        for i in 0..<n {
          for k in 0..<3 {
            // ∂L/∂y, where L averages over two words and n continuations.
            let gradient =
              (offsets.rows[i][k] + h * slopes.rows[i][k] - targets.rows[i][k]) / Double(2 * n)
            changes[word] -= gradient * slopes.rows[i][k] / time
            changes[2 + 3 * i + k] -= gradient / offsetTime
            changes[2 + 3 * (n + i) + k] -= gradient * h / outputTime
          }
        }
      }
      return changes
    }
    let start = [vectors.h.0, vectors.h.1] + vectors.offsets.flat + vectors.slopes.flat
    #expect(close(dynamics.loss(vectors.state), vectors.loss, 1e-12))
    for end in [1.0, 10, 40] {
      let numbers = smallSteps(from: start, to: end, count: 4000, derivative)
      var whole = vectors
      whole.h = (numbers[0], numbers[1])
      whole.offsets = Outputs(flat: numbers[2..<2 + 3 * n])
      whole.slopes = Outputs(flat: numbers[(2 + 3 * n)...])
      let state = try dynamics.trajectory(from: vectors.state, at: [end], solver: solver)[0]
      let expected = whole.state
      for (path, name) in paths {
        #expect(
          abs(state[keyPath: path] - expected[keyPath: path]) <= 1e-7, "\(name) at \(end)")
      }
      #expect(close(dynamics.loss(state), whole.loss, 1e-7, floor: 1e-9))
    }
  }

  private var paths: [(KeyPath<FixedExpansion.State, Double>, String)] {
    [
      (\.h1, "h1"), (\.h2, "h2"), (\.p, "p"), (\.q1, "q1"), (\.q2, "q2"), (\.b2, "b2"),
      (\.d2, "d2"), (\.r1, "r1"), (\.r2, "r2"),
    ]
  }

  @Test func `the loss never grows, and what is conserved stays`() throws {
    for seed in UInt64(0)..<60 {
      var chance = Chance(seed: seed + 500)
      let vectors = Vectors(
        seed: seed, agreeing: seed % 3 == 0, offset: chance.logUniform(0.01, 1),
        slope: chance.logUniform(0.01, 1), h: (chance.uniform(-2...2), chance.uniform(-2...2)))
      let dynamics = vectors.dynamics(
        hiddenTimes: (chance.logUniform(0.2, 5), chance.logUniform(0.2, 5)),
        offsetTime: chance.logUniform(0.2, 5), outputTime: chance.logUniform(0.2, 5),
        continuations: chance.logUniform(1, 100).rounded())
      let states = try dynamics.trajectory(
        from: vectors.state, at: (0...400).map { Double($0) * 0.5 }, solver: solver)
      let losses = states.map(dynamics.loss)
      for (before, after) in zip(losses, losses.dropFirst()) {
        #expect(after <= before + 1e-9, "seed \(seed)")
      }
      #expect(losses[400] < losses[0])
      let kept = dynamics.conserved(vectors.state)
      for state in states {
        #expect(abs(dynamics.conserved(state) - kept) <= 1e-6 * (1 + abs(kept)), "seed \(seed)")
      }
    }
  }

  @Test func `with equal hidden rates an agreeing pair never moves apart`() throws {
    for seed in UInt64(0)..<100 {
      var chance = Chance(seed: seed + 900)
      let vectors = Vectors(
        seed: seed, agreeing: true, offset: chance.logUniform(0.01, 1),
        slope: chance.logUniform(0.01, 1), h: (chance.uniform(-1...1), chance.uniform(-1...1)))
      let time = chance.logUniform(0.2, 5)
      let dynamics = vectors.dynamics(
        hiddenTimes: (time, time), offsetTime: chance.logUniform(0.2, 5),
        outputTime: chance.logUniform(0.2, 5), continuations: chance.logUniform(1, 30).rounded())
      let distances = try dynamics.trajectory(
        from: vectors.state, at: (0...500).map { Double($0) }, solver: solver
      ).map(\.distance)
      for (before, after) in zip(distances, distances.dropFirst()) {
        #expect(after <= before + 1e-9, "seed \(seed)")
      }
    }
  }

  @Test(arguments: [(1.0, 2.0), (2.0, 1.0), (1.0, 5.0), (5.0, 1.0)], [0.05, 0.2, 0.5])
  func `with different hidden rates a close agreeing pair moves apart, then merges`(
    hiddenTimes: (Double, Double), size: Double
  ) throws {
    for seed in UInt64(0)..<10 {
      for outputTime in [0.5, 1.0, 2.0] {
        let vectors = Vectors(seed: seed, agreeing: true, offset: size, slope: size, h: (1, 0.99))
        let dynamics = vectors.dynamics(hiddenTimes: hiddenTimes, outputTime: outputTime)
        let distances = try dynamics.trajectory(
          from: vectors.state, at: (0...2000).map { Double($0) }, solver: solver
        ).map(\.distance)
        let largest = distances.max() ?? .nan
        let last = distances[distances.count - 1]
        #expect(largest >= 1.5 * distances[0], "seed \(seed), τ_y \(outputTime): \(largest)")
        #expect(last <= 0.001 * distances[0], "seed \(seed), τ_y \(outputTime): \(last)")
      }
    }
  }

  @Test func `a pair that disagrees does not merge, whatever the rates`() throws {
    for seed in UInt64(0)..<20 {
      let vectors = Vectors(seed: seed, agreeing: false, offset: 0.2, slope: 0.2, h: (1, 0.99))
      for hiddenTimes in [(1.0, 1.0), (1.0, 5.0)] {
        let states = try vectors.dynamics(hiddenTimes: hiddenTimes).trajectory(
          from: vectors.state, at: [2000], solver: solver)
        #expect(states[0].distance >= 0.1, "seed \(seed)")
      }
    }
  }
}
