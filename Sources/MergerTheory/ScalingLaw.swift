// The theory without measurements: which lengths merge.

/// The law that an agreeing pair merges where C < N · G^(n − m) (eq. 9).
///
/// It follows from A < 0, which is N Y(0)/D(0)² > τ_h/τ_y, if every symbol that is read multiplies
/// squared distances by G < 1: D(0) ∝ G^m for words that differ m symbols back, and
/// Y(0) ∝ G^n · D(0) after n more.
///
/// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks", ICML 2025.
public struct ScalingLaw: Hashable, Sendable {
  /// G, what a symbol multiplies squared distances by before training.
  public let contraction: Double

  private let logContraction: Double

  /// - Parameter contraction: G.
  /// - Precondition: G is positive.
  public init(contraction: Double) {
    precondition(contraction > 0, "G = \(contraction)")
    self.contraction = contraction
    logContraction = logarithm(contraction)
  }

  /// log (N · G^(n − m)); −∞ without a continuation.
  ///
  /// - Parameters:
  ///   - continuations: N.
  ///   - shorter: m, the length of the shorter word.
  ///   - shortest: n, the length of the shortest continuation; without one it does not count.
  public func logScore(continuations: Int, shorter: Int, shortest: Int) -> Double {
    guard continuations > 0 else { return -.infinity }
    return logarithm(Double(continuations)) + Double(shortest - shorter) * logContraction
  }

  /// Whether an agreeing pair merges.
  ///
  /// - Parameters:
  ///   - continuations: N.
  ///   - shorter: m, the length of the shorter word.
  ///   - shortest: n, the length of the shortest continuation.
  ///   - threshold: C, positive.
  public func merges(continuations: Int, shorter: Int, shortest: Int, threshold: Double) -> Bool {
    logScore(continuations: continuations, shorter: shorter, shortest: shortest)
      > logarithm(threshold)
  }
}
