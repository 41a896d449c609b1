// How two representations move towards or away from each other: the paper's two-point theory.

/// What the theory follows of a pair of words with representations h1 and h2.
public struct PairState: Hashable, Sendable {
  /// D = ‖h2 − h1‖², squared and not negative.
  public var squaredDistance: Double
  /// Y = ⟨‖dy_i‖²⟩, the mean squared difference of the outputs after each continuation i.
  public var squaredOutputDistance: Double
  /// W = ⟨‖dy_i‖² − dy_i · (y*_2,i − y*_1,i)⟩: Y less what the targets ask for.
  public var drive: Double

  public init(squaredDistance: Double, squaredOutputDistance: Double, drive: Double) {
    self.squaredDistance = squaredDistance
    self.squaredOutputDistance = squaredOutputDistance
    self.drive = drive
  }

  /// An agreeing pair: the targets after all continuations are the same, so that W = Y.
  public init(agreeingAt squaredDistance: Double, squaredOutputDistance: Double) {
    self.init(
      squaredDistance: squaredDistance, squaredOutputDistance: squaredOutputDistance,
      drive: squaredOutputDistance)
  }
}

/// The two-point theory of a pair: gradient descent on the outputs after N continuations, where the
/// output map is taken to be linear between the two representations and both may move freely.
///
/// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks", ICML 2025,
/// eq. 4–6, 22 and 35.
public struct PairDynamics: Hashable, Sendable {
  /// N, the number of continuations; may be infinite.
  public let continuations: Double
  /// τ_h, with 1/τ_h the sum of both words' rates.
  public let hiddenTime: Double
  /// τ_y.
  public let outputTime: Double
  /// T = ⟨‖y*_2,i − y*_1,i‖²⟩, the mean squared difference of the targets; 0 for an agreeing pair.
  public let squaredTargetDistance: Double

  /// - Precondition: at least one continuation, positive times, and T not negative.
  public init(
    continuations: Double, hiddenTime: Double, outputTime: Double, squaredTargetDistance: Double = 0
  ) {
    precondition(continuations >= 1, "\(continuations) continuations")
    precondition(
      hiddenTime > 0 && hiddenTime.isFinite && outputTime > 0 && outputTime.isFinite,
      "times \(hiddenTime) and \(outputTime)")
    precondition(
      squaredTargetDistance >= 0 && squaredTargetDistance.isFinite,
      "a squared distance of \(squaredTargetDistance)")
    self.continuations = continuations
    self.hiddenTime = hiddenTime
    self.outputTime = outputTime
    self.squaredTargetDistance = squaredTargetDistance
  }

  /// 1 / (N τ_y), how fast the output map follows; 0 for N = ∞.
  private var outputRate: Double { 1 / (continuations * outputTime) }

  /// The right side of eq. 4.
  ///
  /// - Precondition: D is positive.
  public func derivative(_ state: PairState) -> PairState {
    let (d, y, w) = (state.squaredDistance, state.squaredOutputDistance, state.drive)
    precondition(d > 0, "a squared distance of \(d)")
    return PairState(
      squaredDistance: -w / (2 * hiddenTime),
      squaredOutputDistance: -(d * outputRate + y / (hiddenTime * d)) * w / 2,
      drive: -(3 * w - y + squaredTargetDistance) * d * outputRate / 4
        - w * (y + w) / (4 * hiddenTime * d))
  }

  /// Y/D − (τ_h/(N τ_y)) D, which never changes (eq. 22).
  public func conserved(_ state: PairState) -> Double {
    state.squaredOutputDistance / state.squaredDistance - hiddenTime * outputRate
      * state.squaredDistance
  }

  /// A = D(0) − (N τ_y/τ_h) Y(0)/D(0) (eq. 6); −∞ for N = ∞ unless Y(0) is 0.
  public func margin(from start: PairState) -> Double {
    if start.squaredOutputDistance == 0 { return start.squaredDistance }
    return start.squaredDistance
      - continuations * outputTime / hiddenTime
      * (start.squaredOutputDistance / start.squaredDistance)
  }

  /// B² = (N τ_y/τ_h) T (eq. 6).
  private var targetTerm: Double {
    squaredTargetDistance == 0 ? 0 : continuations * outputTime / hiddenTime * squaredTargetDistance
  }

  /// D(∞) = A/2 + √(A²/4 + B²) (eq. 5), where the loss of the pair is least.
  ///
  /// For N = ∞ it is the limit D(0) · T/Y(0): then Y/D never changes, and Y ends at T.
  public func finalSquaredDistance(from start: PairState) -> Double {
    let a = margin(from: start)
    let b = targetTerm
    if continuations.isInfinite {
      return start.squaredOutputDistance == 0
        ? (b == 0 ? start.squaredDistance : .infinity)
        : start.squaredDistance * (squaredTargetDistance / start.squaredOutputDistance)
    }
    let root = (a * a / 4 + b).squareRoot()
    // For A < 0 the sum of two terms of different sign, without its cancellation.
    return a >= 0 ? a / 2 + root : (b == 0 ? 0 : b / (root - a / 2))
  }

  /// Whether the pair merges: it agrees, and A is negative.
  public func merges(from start: PairState) -> Bool {
    squaredTargetDistance == 0 && margin(from: start) < 0
  }

  /// D at some time for an agreeing pair (eq. 35), in the form
  /// D(0) / (e^(−x) + D(0) · t/(2 N τ_y) · (1 − e^(−x))/x) with x = A t/(2 N τ_y), which has the
  /// limits A = 0 and N = ∞.
  ///
  /// - Precondition: T is 0, D(0) is positive, and the time not negative.
  public func squaredDistance(at time: Double, from start: PairState) -> Double {
    precondition(squaredTargetDistance == 0, "the closed form is that of agreeing pairs")
    precondition(
      start.squaredDistance > 0 && time >= 0, "D = \(start.squaredDistance), t = \(time)")
    let half = time / 2
    let x =
      half
      * (start.squaredDistance * outputRate - start.squaredOutputDistance
        / (hiddenTime * start.squaredDistance))
    return start.squaredDistance
      / (exponential(-x) + start.squaredDistance * half * outputRate * relativeDecay(x))
  }

  /// The numerical solution of eq. 4.
  ///
  /// Where the outputs differ the wrong way round, ⟨dy · dy*⟩ < 0, the representations can pass
  /// through each other, and eq. 4 divides by D = 0 there. So it is solved in other variables, in
  /// which nothing is divided: the signed distance h with h² = D, the slope m = Y/D and the
  /// alignment g = (Y − W)/h, for which eq. 4 says
  /// h' = −(m h − g)/(4 τ_h), m' = −(m h − g) h/(2 N τ_y), g' = −(g h − T) h/(4 N τ_y).
  ///
  /// - Parameters:
  ///   - start: The pair at time 0.
  ///   - times: Not negative, in increasing order.
  ///   - tolerance: The relative error of each step; for a pair that disagrees, relative to the
  ///     larger of the values at the start and at the end.
  /// - Throws: `IntegrationError`.
  /// - Precondition: D(0) is positive.
  public func trajectory(
    from start: PairState, at times: [Double], tolerance: Double = 1e-10
  ) throws(IntegrationError) -> [PairState] {
    precondition(start.squaredDistance > 0, "a squared distance of \(start.squaredDistance)")
    let h = start.squaredDistance.squareRoot()
    let m = start.squaredOutputDistance / start.squaredDistance
    let g = (start.squaredOutputDistance - start.drive) / h
    let end = finalSquaredDistance(from: start)
    // An agreeing pair approaches 0, where its ratios still matter; others pass 0 on their way.
    var absolute = [1e-290, 1e-290, 1e-290]
    if squaredTargetDistance > 0 && end > 0 && end.isFinite {
      let largest = max(m, squaredTargetDistance / end)
      absolute = [
        max(h, end.squareRoot()), largest, (squaredTargetDistance * largest).squareRoot(),
      ].map {
        tolerance * $0
      }
    }
    let solver = try DormandPrince(relative: tolerance, absolute: absolute)
    let samples = try solver.solution(from: [h, m, g], at: times) { _, state, change in
      let (h, m, g) = (state[0], state[1], state[2])
      change[0] = -(m * h - g) / (4 * hiddenTime)
      change[1] = -(m * h - g) * h * outputRate / 2
      change[2] = -(g * h - squaredTargetDistance) * h * outputRate / 4
    }
    return samples.map { state in
      let (h, m, g) = (state[0], state[1], state[2])
      return PairState(
        squaredDistance: h * h, squaredOutputDistance: m * h * h, drive: (m * h - g) * h)
    }
  }
}
