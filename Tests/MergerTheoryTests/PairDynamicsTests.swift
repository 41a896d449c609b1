import Foundation
import MergerTheory
import Testing

/// A pair and where it starts, drawn over orders of magnitude.
private struct Case {
  let dynamics: PairDynamics
  let start: PairState

  init(seed: UInt64, agreeing: Bool) {
    var chance = Chance(seed: seed + 1)
    let continuations = chance.logUniform(1, 1000).rounded()
    let hiddenTime = chance.logUniform(0.1, 10)
    let outputTime = chance.logUniform(0.1, 10)
    let distance = chance.logUniform(1e-3, 10)
    // Squared output distances in units in which A changes its sign at 1. The stiffness of eq. 4 is
    // A²/B², here up to 400.
    let unit = hiddenTime / (continuations * outputTime) * distance * distance
    let target = agreeing ? 0 : unit * chance.logUniform(0.2, 20)
    let output = unit * chance.logUniform(0.1, 10)
    dynamics = PairDynamics(
      continuations: continuations, hiddenTime: hiddenTime, outputTime: outputTime,
      squaredTargetDistance: target)
    // dy · dy* has a cosine with the targets' difference; exactly −1 is a saddle.
    let cosine = chance.uniform(-0.95...1)
    start = PairState(
      squaredDistance: distance, squaredOutputDistance: output,
      drive: output - cosine * (output * target).squareRoot())
  }

  /// A time after which what is left to happen is e^−50 of it. The slowest rate is A/(2 N τ_y) for
  /// an agreeing pair and, where the outputs must still turn into the targets' direction, that of
  /// turning, D(∞)/(4 N τ_y).
  var settled: Double {
    let rate =
      dynamics.squaredTargetDistance > 0
      ? dynamics.finalSquaredDistance(from: start) / 4 : abs(dynamics.margin(from: start)) / 2
    return 50 * dynamics.continuations * dynamics.outputTime / rate
  }
}

@Suite struct PairDynamicsTests {
  @Test func `an agreeing pair follows the closed form`() throws {
    for seed in UInt64(0)..<300 {
      let pair = Case(seed: seed, agreeing: true)
      let times = (0...20).map { pair.settled / 20 * Double($0) }
      let solution = try pair.dynamics.trajectory(from: pair.start, at: times)
      for (time, state) in zip(times, solution) {
        let expected = pair.dynamics.squaredDistance(at: time, from: pair.start)
        #expect(
          close(state.squaredDistance, expected, 1e-6, floor: 1e-200), "seed \(seed), t = \(time)")
      }
    }
  }

  @Test func `a pair that differs the wrong way round passes through 0 and ends at D(∞)`() throws {
    // dy = −dy* all along: the pair turns round, through D = 0.
    let dynamics = PairDynamics(
      continuations: 4, hiddenTime: 1, outputTime: 1, squaredTargetDistance: 1)
    let start = PairState(squaredDistance: 0.01, squaredOutputDistance: 0.04, drive: 0.04 + 0.2)
    let states = try dynamics.trajectory(from: start, at: (0...40_000).map { Double($0) * 0.005 })
    let least = states.indices.min { states[$0].squaredDistance < states[$1].squaredDistance } ?? 0
    #expect(least > 0 && states[least].squaredDistance <= 1e-3 * start.squaredDistance)
    #expect(close(states[40_000].squaredDistance, dynamics.finalSquaredDistance(from: start), 1e-6))
    #expect(dynamics.finalSquaredDistance(from: start) > 10 * start.squaredDistance)
  }

  @Test func `the conserved quantity stays, for agreeing pairs and others`() throws {
    for seed in UInt64(0)..<300 {
      for agreeing in [true, false] {
        let pair = Case(seed: seed, agreeing: agreeing)
        let times = (0...10).map { pair.settled / 10 * Double($0) * 0.2 }
        let before = pair.dynamics.conserved(pair.start)
        // Its two terms, which may be of opposite sign and far larger than their difference.
        let size = pair.start.squaredOutputDistance / pair.start.squaredDistance + abs(before)
        for state in try pair.dynamics.trajectory(from: pair.start, at: times)
        where state.squaredDistance > 1e-12 * pair.start.squaredDistance {
          let terms = max(size, 2 * state.squaredOutputDistance / state.squaredDistance)
          #expect(
            abs(pair.dynamics.conserved(state) - before) <= 1e-6 * terms,
            "seed \(seed), agreeing \(agreeing)")
        }
      }
    }
  }

  @Test func `the final distance is reached from 1,000 random starts`() throws {
    var merged = 0
    for seed in UInt64(0)..<1000 {
      let pair = Case(seed: seed, agreeing: seed % 2 == 0)
      let expected = pair.dynamics.finalSquaredDistance(from: pair.start)
      let state = try pair.dynamics.trajectory(from: pair.start, at: [pair.settled])[0]
      #expect(
        close(state.squaredDistance, expected, 1e-5, floor: 1e-12 * pair.start.squaredDistance),
        "seed \(seed)")
      let merges = pair.dynamics.merges(from: pair.start)
      #expect(
        merges == (state.squaredDistance <= 1e-9 * pair.start.squaredDistance), "seed \(seed)")
      if merges { merged += 1 }
      // There the outputs differ as the targets do.
      if pair.dynamics.squaredTargetDistance > 0 {
        #expect(close(state.squaredOutputDistance, pair.dynamics.squaredTargetDistance, 1e-5))
      }
    }
    // Both fates are among the starts.
    #expect(merged > 50 && merged < 450)
  }

  @Test func `eq. 4 is what steps of a thousandth of the shortest time make of it`() throws {
    for seed in UInt64(0)..<40 {
      let pair = Case(seed: seed, agreeing: false)
      let d = pair.dynamics
      let s = pair.start
      // A few times the shortest of the rates at the start.
      let rate =
        s.squaredDistance / (d.continuations * d.outputTime)
        + (s.squaredOutputDistance + d.squaredTargetDistance) / (d.hiddenTime * s.squaredDistance)
      let end = 2 / rate
      let slow = smallSteps(
        from: [s.squaredDistance, s.squaredOutputDistance, s.drive], to: end, count: 4000
      ) {
        let slope = d.derivative(
          PairState(squaredDistance: $0[0], squaredOutputDistance: $0[1], drive: $0[2]))
        return [slope.squaredDistance, slope.squaredOutputDistance, slope.drive]
      }
      let fast = try d.trajectory(from: s, at: [end])[0]
      #expect(close(fast.squaredDistance, slow[0], 1e-7), "seed \(seed)")
      #expect(close(fast.squaredOutputDistance, slow[1], 1e-7), "seed \(seed)")
      #expect(
        close(fast.drive, slow[2], 1e-7, floor: 1e-7 * d.squaredTargetDistance), "seed \(seed)")
    }
  }

  /// The equations close exactly where each output map acts along the difference alone. Then they
  /// are those of a network: vectors dh and D_i, with dy_i = D_i dh.
  @Test(arguments: UInt64(0)..<10)
  func `eq. 4 is gradient descent on the difference of two representations`(
    seed: UInt64
  ) throws {
    var chance = Chance(seed: seed + 100)
    let count = 5
    let maps = Outputs.random(count, size: 0.7, using: &chance)
    let targets = Outputs.random(count, size: 0.5, using: &chance)
    let length = chance.uniform(0.2...1)
    let (hiddenTime, outputTime) = (chance.uniform(0.5...2), chance.uniform(0.5...2))
    // The outputs are b_i ± D_i dh/2 around a mean that is right already. Then the gradients of
    // L = ½ ⟨‖y_α,i − y*_α,i‖²⟩, a mean over both words and N continuations, are
    // ±¼ ⟨D_iᵀ (dy_i − dy*_i)⟩ for h2 and h1, and (dy_i − dy*_i) dhᵀ/(4 N) for D_i.
    func derivative(_ numbers: [Double]) -> [Double] {
      let h = numbers[0]
      let slopes = Outputs(flat: numbers.dropFirst())
      var pull = 0.0
      var changes: [Double] = []
      for (slope, target) in zip(slopes.rows, targets.rows) {
        for (d, t) in zip(slope, target) {
          let error = d * h - t
          pull += d * error / Double(count)
          changes.append(-error * h / (4 * Double(count) * outputTime))
        }
      }
      return [-pull / (4 * hiddenTime)] + changes
    }
    func measured(_ numbers: [Double]) -> PairState {
      let h = numbers[0]
      let differences = Outputs(flat: numbers.dropFirst().map { $0 * h })
      let y = Outputs.mean(differences, differences)
      return PairState(
        squaredDistance: h * h, squaredOutputDistance: y,
        drive: y - Outputs.mean(differences, targets))
    }
    let start = [length] + maps.flat
    let dynamics = PairDynamics(
      continuations: Double(count), hiddenTime: hiddenTime, outputTime: outputTime,
      squaredTargetDistance: Outputs.mean(targets, targets))
    for end in [1.0, 5, 20] {
      let whole = measured(smallSteps(from: start, to: end, count: 4000, derivative))
      let state = try dynamics.trajectory(from: measured(start), at: [end])[0]
      #expect(close(state.squaredDistance, whole.squaredDistance, 1e-6))
      #expect(close(state.squaredOutputDistance, whole.squaredOutputDistance, 1e-6))
      #expect(close(state.drive, whole.drive, 1e-6, floor: 1e-7))
    }
  }

  @Test func `with ever more continuations every agreeing pair merges`() throws {
    let start = PairState(agreeingAt: 2, squaredOutputDistance: 0.01)
    func dynamics(_ continuations: Double, target: Double = 0) -> PairDynamics {
      PairDynamics(
        continuations: continuations, hiddenTime: 0.7, outputTime: 1.3,
        squaredTargetDistance: target)
    }
    #expect(!dynamics(1).merges(from: start))
    #expect(dynamics(1e6).merges(from: start))
    #expect(dynamics(.infinity).merges(from: start))
    #expect(dynamics(.infinity).margin(from: start) == -.infinity)
    #expect(dynamics(.infinity).finalSquaredDistance(from: start) == 0)
    // Then Y/D stays, and D decays as exp(−(Y/D) t/(2 τ_h)).
    let solution = try dynamics(.infinity).trajectory(from: start, at: [0, 100, 1000])
    for (time, state) in zip([0.0, 100, 1000], solution) {
      let expected = 2 * exp(-0.005 * time / (2 * 0.7))
      #expect(close(state.squaredDistance, expected, 1e-7))
      #expect(close(dynamics(.infinity).squaredDistance(at: time, from: start), expected, 1e-9))
      #expect(close(dynamics(1e14).squaredDistance(at: time, from: start), expected, 1e-9))
    }
    // A disagreeing pair keeps the ratio too.
    let other = PairState(squaredDistance: 2, squaredOutputDistance: 0.01, drive: 0.01)
    #expect(dynamics(.infinity, target: 3).finalSquaredDistance(from: other) == 600)
    #expect(close(dynamics(1e12, target: 3).finalSquaredDistance(from: other), 600, 1e-6))
    #expect(
      dynamics(.infinity).finalSquaredDistance(
        from: PairState(agreeingAt: 2, squaredOutputDistance: 0)) == 2)
  }

  @Test func `the closed form has no jump where A is 0`() {
    // A = 2 − 1 · 1/1 · Y/2 is 0 at Y = 4.
    let dynamics = PairDynamics(continuations: 1, hiddenTime: 1, outputTime: 1)
    let exact = PairState(agreeingAt: 2, squaredOutputDistance: 4)
    #expect(dynamics.margin(from: exact) == 0)
    #expect(!dynamics.merges(from: exact))
    for time in [0.0, 1, 100, 1e6] {
      #expect(close(dynamics.squaredDistance(at: time, from: exact), 2 / (1 + time), 1e-14))
      for shift in [-1e-9, 1e-9] where time <= 100 {
        let near = PairState(agreeingAt: 2, squaredOutputDistance: 4 + shift)
        #expect(close(dynamics.squaredDistance(at: time, from: near), 2 / (1 + time), 1e-6))
      }
    }
    // Far beyond the range of exp: the ends of both fates.
    let merging = PairState(agreeingAt: 2, squaredOutputDistance: 40)
    #expect(dynamics.squaredDistance(at: 1e6, from: merging) == 0)
    let staying = PairState(agreeingAt: 2, squaredOutputDistance: 0.4)
    #expect(close(dynamics.squaredDistance(at: 1e6, from: staying), 1.8, 1e-14))
  }

  @Test func `targets that differ ever less lead to the agreeing pair's distance`() {
    for output in [0.4, 40.0] {
      let start = PairState(agreeingAt: 2, squaredOutputDistance: output)
      let agreeing = PairDynamics(continuations: 3, hiddenTime: 1, outputTime: 2)
      for target in [1e-4, 1e-8, 1e-12, 1e-20] {
        let dynamics = PairDynamics(
          continuations: 3, hiddenTime: 1, outputTime: 2, squaredTargetDistance: target)
        #expect(!dynamics.merges(from: start))
        let difference =
          dynamics.finalSquaredDistance(from: start) - agreeing.finalSquaredDistance(from: start)
        // B²/|A| to first order.
        let bound = 6 * target / abs(agreeing.margin(from: start))
        #expect(difference >= 0 && difference <= bound + 1e-15)
      }
    }
  }

  @Test func `the scaling law favours long words and many continuations`() {
    let law = ScalingLaw(contraction: 0.1)
    #expect(law.merges(continuations: 1, shorter: 3, shortest: 0, threshold: 500))
    #expect(!law.merges(continuations: 4, shorter: 2, shortest: 0, threshold: 500))
    #expect(law.merges(continuations: 6, shorter: 2, shortest: 0, threshold: 500))
    #expect(!law.merges(continuations: 6, shorter: 2, shortest: 1, threshold: 500))
    #expect(!law.merges(continuations: 0, shorter: 9, shortest: 0, threshold: 500))
    #expect(
      close(
        law.logScore(continuations: 7, shorter: 4, shortest: 1), 1.945_910_149 + 6.907_755_279,
        1e-9))
  }
}
