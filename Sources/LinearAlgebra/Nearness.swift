// Which rows lie close together: one definition for everybody who asks.

/// Decides whether two rows are at most some distance apart.
///
/// Differences are multiplied by a power of two that brings the limit close to 1 before they are
/// squared. Without that, squares of numbers above 10¹⁹ overflow, so that everything is near or
/// nothing, and those of numbers below 10⁻²³ vanish, so that everything is. Where neither happens
/// the factor changes no answer, since a power of two rounds nothing.
public struct Nearness: Hashable, Sendable {
  /// The Euclidean distance up to which rows are near.
  public let limit: Double

  private let factor: Float
  private let scaledLimitSquared: Float

  /// - Precondition: `limit` is finite and not negative.
  public init(limit: Double) {
    precondition(limit.isFinite && limit >= 0, "a distance of \(limit)")
    self.limit = limit
    // At a limit of 0 even the least difference must not vanish: 2⁻¹⁴⁹ · 2¹²⁶ squares to 2⁻⁴⁶.
    let exponent = limit == 0 ? -126 : min(max(Int(limit.exponent), -126), 126)
    factor = Float(sign: .plus, exponent: -exponent, significand: 1)
    let scaledLimit = limit * Double(factor)
    scaledLimitSquared = Float(scaledLimit * scaledLimit)
  }

  /// Whether a row of `points` and one of `others` are near. O(columns).
  @inline(__always)
  public func holds(
    _ points: MatrixBuffer, _ row: Int, _ others: MatrixBuffer, _ otherRow: Int
  ) -> Bool {
    points.squaredDistance(row, others, otherRow, factor: factor) <= scaledLimitSquared
  }
}

extension MatrixBuffer {
  /// The power of two that brings the entries of some rows to about 1 at most, as far as that is
  /// within range; 1 if all are zero.
  package func normalizingFactor(rows range: Range<Int>) -> Float {
    let magnitude = largestMagnitude(rows: range)
    guard magnitude > 0, magnitude.isFinite else { return 1 }
    let exponent = min(max(Int(magnitude.exponent), -120), 120)
    return Float(sign: .plus, exponent: -exponent, significand: 1)
  }
}
