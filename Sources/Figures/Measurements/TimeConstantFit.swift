// How fast the theory's two words move in a run: its two time constants, fitted.

internal import Glibc
internal import Studies

/// The two time constants with which the theory's curves are nearest to what was measured.
struct TimeConstantFit: Sendable {
  /// τ_h of a word of one symbol, and τ_y.
  let hiddenTime, outputTime: Double
  /// The squared differences of logarithms of distances, summed over curves and times.
  let error: Double

  /// A search on a grid of powers of ten that narrows around its best point: first from 10⁻² to 10⁶
  /// and from 10⁻³ to 10⁵, then five times in all, each time 3.5 times narrower.
  ///
  /// - Parameters:
  ///   - starts: What the curves start from.
  ///   - times: Increasing, from 0 on.
  ///   - measured: One list of distances per start, at `times`.
  ///   - floor: Smaller distances count as this one.
  /// - Returns: Nil if the equations can be solved nowhere on the grid.
  init?(_ starts: [ExpansionStart], times: [Double], measured: [[Double]], floor: Double) {
    var centre = (2.0, 1.0)
    var span = 4.0
    var best: TimeConstantFit?
    for _ in 0..<5 {
      let steps = 6
      let side = 2 * steps + 1
      let (middle, width) = (centre, span)
      // Nothing in there fails.
      let tried = try! inParallel(side * side) { index -> TimeConstantFit in
        func exponent(_ position: Int, _ middle: Double) -> Double {
          middle + width * (Double(position) / Double(steps) - 1)
        }
        let hidden = pow(10, exponent(index / side, middle.0))
        let output = pow(10, exponent(index % side, middle.1))
        return TimeConstantFit(
          hidden, output, starts: starts, times: times, measured: measured, floor: floor)
      }
      for fit in tried where fit.error < (best?.error ?? .infinity) { best = fit }
      guard let best else { return nil }
      centre = (log10(best.hiddenTime), log10(best.outputTime))
      span /= 3.5
    }
    guard let best else { return nil }
    self = best
  }

  /// How far the curves of two time constants are from what was measured; infinitely far where the
  /// equations cannot be solved.
  private init(
    _ hiddenTime: Double, _ outputTime: Double, starts: [ExpansionStart], times: [Double],
    measured: [[Double]], floor: Double
  ) {
    self.hiddenTime = hiddenTime
    self.outputTime = outputTime
    var sum = 0.0
    for (start, distances) in zip(starts, measured) {
      guard
        let curve = start.distances(at: times, hiddenTime: hiddenTime, outputTime: outputTime)
      else {
        error = .infinity
        return
      }
      for (a, b) in zip(curve, distances) {
        let gap = log(max(a, floor) / max(b, floor))
        sum += gap * gap
      }
    }
    error = sum.isFinite ? sum : .infinity
  }
}
