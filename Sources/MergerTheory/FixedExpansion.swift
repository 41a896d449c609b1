// Two representations on one line, each with its own rate: why merging pairs first move apart.

/// Two representations h1·v and h2·v, and the output map expanded at the fixed point 0:
/// y_α,i = b_i + hα Dv_i for word α and continuation i.
///
/// Gradient descent on L = ½ ⟨‖b_i + hα Dv_i − y*_α,i‖²⟩ (mean over α and i) closes in nine
/// averages over the continuations. In the two-point theory the expansion point moves along with
/// the pair; here it stays, so that both words are pulled, and the faster one leaves the slower
/// behind.
///
/// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks", ICML 2025,
/// eq. 42.
public struct FixedExpansion: Hashable, Sendable {
  /// N, the number of continuations.
  public let continuations: Double
  /// τ_h1 and τ_h2.
  public let hiddenTimes: (Double, Double)
  /// τ_b.
  public let offsetTime: Double
  /// τ_y.
  public let outputTime: Double
  /// S_11, S_12 = S_21 and S_22, with S_βα = ⟨y*_β · y*_α⟩.
  public let targets: (Double, Double, Double)

  /// - Precondition: at least one continuation, and positive times.
  public init(
    continuations: Double, hiddenTimes: (Double, Double), offsetTime: Double, outputTime: Double,
    targets: (Double, Double, Double)
  ) {
    precondition(continuations >= 1, "\(continuations) continuations")
    precondition(
      hiddenTimes.0 > 0 && hiddenTimes.1 > 0 && offsetTime > 0 && outputTime > 0,
      "times \(hiddenTimes), \(offsetTime) and \(outputTime)")
    self.continuations = continuations
    self.hiddenTimes = hiddenTimes
    self.offsetTime = offsetTime
    self.outputTime = outputTime
    self.targets = targets
  }

  /// The nine averages, by the paper's letters.
  public struct State: Hashable, Sendable {
    /// The words' positions on the line.
    public var h1, h2: Double
    /// ⟨b · Dv⟩.
    public var p: Double
    /// ⟨b · y*_β⟩.
    public var q1, q2: Double
    /// ⟨‖b‖²⟩.
    public var b2: Double
    /// ⟨‖Dv‖²⟩.
    public var d2: Double
    /// ⟨y*_β · Dv⟩.
    public var r1, r2: Double

    public init(
      h1: Double, h2: Double, p: Double, q1: Double, q2: Double, b2: Double, d2: Double, r1: Double,
      r2: Double
    ) {
      (self.h1, self.h2, self.p, self.q1, self.q2) = (h1, h2, p, q1, q2)
      (self.b2, self.d2, self.r1, self.r2) = (b2, d2, r1, r2)
    }

    /// A pair whose words have the same targets.
    public init(
      agreeing h1: Double, _ h2: Double, p: Double, q: Double, b2: Double, d2: Double, r: Double
    ) {
      self.init(h1: h1, h2: h2, p: p, q1: q, q2: q, b2: b2, d2: d2, r1: r, r2: r)
    }

    init(_ numbers: [Double]) {
      self.init(
        h1: numbers[0], h2: numbers[1], p: numbers[2], q1: numbers[3], q2: numbers[4],
        b2: numbers[5], d2: numbers[6], r1: numbers[7], r2: numbers[8])
    }

    var numbers: [Double] { [h1, h2, p, q1, q2, b2, d2, r1, r2] }

    /// |h1 − h2|.
    public var distance: Double { abs(h1 - h2) }
  }

  /// The right side of eq. 42.
  public func derivative(_ state: State) -> State {
    let s = state
    let (s11, s12, s22) = targets
    let h = (s.h1 + s.h2) / 2
    let hh = (s.h1 * s.h1 + s.h2 * s.h2) / 2
    let q = (s.q1 + s.q2) / 2
    let r = (s.r1 + s.r2) / 2
    let hq = (s.h1 * s.q1 + s.h2 * s.q2) / 2
    let hr = (s.h1 * s.r1 + s.h2 * s.r2) / 2
    let offsetRate = 1 / (offsetTime * continuations)
    let outputRate = 1 / (outputTime * continuations)
    return State(
      h1: -(s.p + s.h1 * s.d2 - s.r1) / (2 * hiddenTimes.0),
      h2: -(s.p + s.h2 * s.d2 - s.r2) / (2 * hiddenTimes.1),
      p: -offsetRate * (s.p + h * s.d2 - r) - outputRate * (hh * s.p + h * s.b2 - hq),
      q1: -offsetRate * (s.q1 + h * s.r1 - (s11 + s12) / 2),
      q2: -offsetRate * (s.q2 + h * s.r2 - (s12 + s22) / 2),
      b2: -2 * offsetRate * (s.b2 + h * s.p - q),
      d2: -2 * outputRate * (hh * s.d2 + h * s.p - hr),
      r1: -outputRate * (hh * s.r1 + h * s.q1 - (s.h1 * s11 + s.h2 * s12) / 2),
      r2: -outputRate * (hh * s.r2 + h * s.q2 - (s.h1 * s12 + s.h2 * s22) / 2))
  }

  /// L, of which the flow is the gradient descent, so that it never grows.
  public func loss(_ state: State) -> Double {
    let s = state
    return
      (s.b2 + (s.h1 * s.h1 + s.h2 * s.h2) / 2 * s.d2 + (targets.0 + targets.2) / 2
      + (s.h1 + s.h2) * s.p - (s.h1 * s.r1 + s.h2 * s.r2) - (s.q1 + s.q2)) / 2
  }

  /// τ_h1 h1² + τ_h2 h2² − N τ_y ⟨‖Dv‖²⟩, which never changes: the weights before and after a
  /// hidden layer grow together.
  public func conserved(_ state: State) -> Double {
    hiddenTimes.0 * state.h1 * state.h1 + hiddenTimes.1 * state.h2 * state.h2
      - continuations * outputTime * state.d2
  }

  /// The numerical solution of eq. 42.
  ///
  /// - Parameters:
  ///   - start: The state at time 0.
  ///   - times: Not negative, in increasing order.
  ///   - solver: Solves the equation, with its tolerances.
  /// - Throws: `IntegrationError`.
  public func trajectory(
    from start: State, at times: [Double], solver: DormandPrince
  ) throws(IntegrationError) -> [State] {
    try solver.solution(from: start.numbers, at: times) { _, numbers, change in
      change = derivative(State(numbers)).numbers
    }.map(State.init)
  }

  public static func == (a: FixedExpansion, b: FixedExpansion) -> Bool { a.numbers == b.numbers }

  public func hash(into hasher: inout Hasher) { hasher.combine(numbers) }

  private var numbers: [Double] {
    [
      continuations, hiddenTimes.0, hiddenTimes.1, offsetTime, outputTime, targets.0, targets.1,
      targets.2,
    ]
  }
}
