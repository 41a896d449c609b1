import Foundation
import MergerTheory
import Testing

@Suite struct DormandPrinceTests {
  /// The oscillator y'' = −y, whose energy and phase are known.
  private func oscillate(_ tolerance: Double, until end: Double) throws -> [[Double]] {
    let solver = try DormandPrince(relative: tolerance, absolute: [tolerance])
    let times = (0...400).map { Double($0) * end / 400 }
    return try solver.solution(from: [1, 0], at: times) { _, y, change in
      change[0] = y[1]
      change[1] = -y[0]
    }
  }

  @Test func `an oscillator stays on its circle, and better with a smaller tolerance`() throws {
    var errors: [Double] = []
    for tolerance in [1e-5, 1e-7, 1e-9, 1e-11] {
      let states = try oscillate(tolerance, until: 20)
      errors.append(states.map { abs($0[0] * $0[0] + $0[1] * $0[1] - 1) }.max() ?? .nan)
    }
    for (error, tolerance) in zip(errors, [1e-5, 1e-7, 1e-9, 1e-11]) {
      #expect(error <= 100 * tolerance)
    }
    // An error per step of fifth order: a hundredth of the tolerance is 2.5 times the steps.
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(fine <= coarse / 20) }
  }

  @Test func `samples between steps are as good as those at steps`() throws {
    // 400 samples in 20 units of time; steps at this tolerance are longer than their distance.
    let states = try oscillate(1e-6, until: 20)
    let whole = smallSteps(from: [1, 0], to: 20 * 77.0 / 400, count: 20_000) { [$0[1], -$0[0]] }
    #expect(abs(states[77][0] - whole[0]) <= 1e-5)
    #expect(abs(states[77][1] - whole[1]) <= 1e-5)
    for (before, after) in zip(states, states.dropFirst()) {
      // Neighbouring samples of a smooth curve: the mean of their slopes is that of the chord.
      let chord = (after[0] - before[0]) / 0.05
      #expect(abs(chord - (after[1] + before[1]) / 2) <= 3e-4)
    }
  }

  @Test func `an equation that depends on time meets its solution`() throws {
    let solver = try DormandPrince()
    let states = try solver.solution(from: [1], at: [0, 0.5, 0.5, 2]) { time, y, change in
      change[0] = 2 * time * y[0]
    }
    #expect(states.count == 4)
    #expect(states[0] == [1])
    #expect(close(states[1][0], exp(0.25), 1e-7))
    #expect(states[1] == states[2])
    #expect(close(states[3][0], exp(4), 1e-7))
  }

  @Test func `nothing to sample and nothing to solve are fine`() throws {
    let solver = try DormandPrince()
    #expect(try solver.solution(from: [1], at: []) { _, _, _ in } == [])
    #expect(try solver.solution(from: [], at: [0, 1]) { _, _, _ in } == [[], []])
    #expect(try solver.solution(from: [3], at: [0, 0]) { _, _, c in c[0] = 1 } == [[3], [3]])
    #expect(try solver.solution(from: [0], at: [1e9]) { _, _, c in c[0] = 0 } == [[0]])
  }

  @Test func `a solution that blows up is an error before the time of the blow-up`() throws {
    // y' = y², y(0) = 1 has its pole at 1.
    let solver = try DormandPrince()
    do {
      _ = try solver.solution(from: [1], at: [2]) { _, y, change in change[0] = y[0] * y[0] }
      Issue.record("no error")
    } catch .notFinite(let time) {
      #expect(abs(time - 1) <= 1e-6)
    } catch .stepTooShort(let time) {
      #expect(abs(time - 1) <= 1e-6)
    }
  }

  @Test func `a derivative that is no number is an error where it begins`() throws {
    let solver = try DormandPrince()
    #expect(throws: IntegrationError.notFinite(time: 0)) {
      try solver.solution(from: [1], at: [1]) { _, _, change in change[0] = .nan }
    }
    #expect(throws: IntegrationError.notFinite(time: 0)) {
      try solver.solution(from: [.infinity], at: [1]) { _, _, change in change[0] = 0 }
    }
    do {
      _ = try solver.solution(from: [0], at: [1]) { time, _, change in
        change[0] = time > 0.25 ? .nan : 1
      }
      Issue.record("no error")
    } catch .notFinite(let time) {
      #expect(time > 0.2 && time <= 0.25)
    }
  }

  @Test func `a stiff equation ends with an error instead of hanging`() throws {
    let solver = try DormandPrince(relative: 1e-9, absolute: [1e-12], mostSteps: 5000)
    do {
      _ = try solver.solution(from: [0], at: [1]) { time, y, change in
        change[0] = -1e9 * (y[0] - time)
      }
      Issue.record("no error")
    } catch .tooManySteps(let time, let steps) {
      #expect(steps == 5000 && time > 0 && time < 1)
    }
  }

  @Test func `a right side that jumps at every look ends with an error`() throws {
    let solver = try DormandPrince(relative: 1e-13, absolute: [0])
    var sign = 1.0
    #expect(throws: IntegrationError.self) {
      try solver.solution(from: [1e-300], at: [1]) { _, _, change in
        sign = -sign
        change[0] = sign * 1e300
      }
    }
  }

  @Test func `a tolerance that rounding cannot meet is refused with a sentence`() throws {
    for relative in [0, 1e-15, -1, .nan, .infinity] {
      #expect(throws: IntegrationError.self) { try DormandPrince(relative: relative) }
    }
    #expect(throws: IntegrationError.tolerance(-1)) {
      try DormandPrince(relative: 1e-9, absolute: [1e-9, -1])
    }
    #expect(
      "\(IntegrationError.tolerance(1e-20))"
        == "a tolerance of 1e-20 cannot be met; a relative one must be at least 1e-14, "
        + "absolute ones at least 0. Try 1e-9 and 1e-12.")
    #expect(
      "\(IntegrationError.tooManySteps(time: 0.5, steps: 10))"
        == "10 steps led only to time 0.5; the system is stiff or the tolerance small. Try a "
        + "larger tolerance, more steps or an earlier end.")
  }

  @Test func `the sharpest tolerance still ends`() throws {
    let solver = try DormandPrince(relative: DormandPrince.leastRelativeTolerance, absolute: [0])
    let states = try solver.solution(from: [1], at: [1]) { _, y, change in change[0] = -y[0] }
    #expect(close(states[0][0], exp(-1), 1e-12))
  }
}
