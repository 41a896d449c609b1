// The scaling law as a line in a phase diagram of initial gain and training fraction.

/// Where C = N · G^(n − m) lies over the gain g of the initial weights and the fraction p of words
/// trained on: p = c · g^(m − n).
///
/// A pair's N counts the continuations with which *both* words are in the training set, which is
/// proportional to p². G, what a symbol multiplies squared distances by, is proportional to g²
/// where weights are drawn with a gain of g, whatever the nonlinearity. So the law says p² g^(2(n −
/// m)) is constant on the boundary, and pairs merge where p is larger. Both c and m − n, which
/// differs from pair to pair in length of words and of their shortest continuation, are fitted.
///
/// Source: eq. 9 of L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks", ICML
/// 2025; the proportionalities are ours.
public struct ScalingBoundary: Hashable, Sendable {
  /// c, the fraction on the boundary at gain 1.
  public let coefficient: Double
  /// m − n, the shorter word's length less the shortest continuation's.
  public let lengthDifference: Double
  /// The root of the mean squared distance of the points to the line, in natural logarithms of
  /// fractions: 0.1 is about 10 %.
  public let residual: Double
  /// The share of the variance of the points' logarithmic fractions that the line explains; nil
  /// where they do not vary.
  public let explained: Double?

  /// Fits the line to points of a boundary by least squares in the logarithms.
  ///
  /// - Parameter points: Gains and fractions, all positive.
  /// - Returns: nil for fewer than three points or only one gain.
  public init?(fitting points: [(gain: Double, fraction: Double)]) {
    precondition(points.allSatisfy { $0.gain > 0 && $0.fraction > 0 }, "\(points)")
    guard points.count >= 3 else { return nil }
    let count = Double(points.count)
    let x = points.map { logarithm($0.gain) }
    let y = points.map { logarithm($0.fraction) }
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xx += (x - meanX) * (x - meanX)
      xy += (x - meanX) * (y - meanY)
      yy += (y - meanY) * (y - meanY)
    }
    guard xx > 0 else { return nil }
    let slope = xy / xx
    lengthDifference = slope
    coefficient = exponential(meanY - slope * meanX)
    let rest = max(0, yy - slope * xy)
    residual = (rest / count).squareRoot()
    explained = yy > 0 ? 1 - rest / yy : nil
  }

  /// The fraction on the boundary.
  public func fraction(atGain gain: Double) -> Double {
    coefficient * exponential(lengthDifference * logarithm(gain))
  }
}
