// The scaling law's line in a phase diagram.

import MergerTheory
import Testing

@Suite struct ScalingBoundaryTests {
  @Test func `points on a line of the law are fitted exactly`() throws {
    let points = [0.1, 0.3, 0.5, 0.9].map { (gain: Double) in
      (gain: gain, fraction: 0.7 * gain * gain)
    }
    let boundary = try #require(ScalingBoundary(fitting: points))
    #expect(abs(boundary.lengthDifference - 2) <= 1e-12)
    #expect(abs(boundary.coefficient - 0.7) <= 1e-12)
    #expect(boundary.residual <= 1e-7)
    #expect(abs(boundary.fraction(atGain: 0.2) - 0.7 * 0.04) <= 1e-12)
  }

  @Test func `the law's own score is the same everywhere on the line`() throws {
    // N = 10⁶ p² continuations, G = g²/2 as for ReLU units.
    let boundary = try #require(
      ScalingBoundary(
        fitting: [0.2, 0.4, 0.8].map { (gain: Double) in
          (gain: gain, fraction: 0.9 * gain * gain * gain)
        }))
    let scores = [0.3, 0.5, 0.7].map { gain in
      let fraction = boundary.fraction(atGain: gain)
      return ScalingLaw(contraction: gain * gain / 2).logScore(
        continuations: Int((1e9 * fraction * fraction).rounded()), shorter: 4, shortest: 1)
    }
    #expect((scores.max() ?? .nan) - (scores.min() ?? .nan) <= 1e-5)
  }

  @Test func `two points, or one gain, are too few`() {
    #expect(ScalingBoundary(fitting: [(0.1, 0.2), (0.2, 0.3)]) == nil)
    #expect(ScalingBoundary(fitting: [(0.1, 0.2), (0.1, 0.3), (0.1, 0.4)]) == nil)
  }
}
