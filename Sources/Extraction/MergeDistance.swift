// How far apart two representations of one state may lie.

/// A distance between representations: absolute, or in units of a spread.
public enum MergeDistance: Hashable, Sendable {
  /// In units of the representations.
  case absolute(Double)
  /// In units of the scale: the spread of all representations.
  case share(Double)

  /// The distance in units of the representations.
  ///
  /// - Parameter scale: The spread that shares are measured in.
  /// - Returns: A finite number, at most the greatest there is.
  public func value(scale: Double) -> Double {
    switch self {
    case .absolute(let distance): min(distance, .greatestFiniteMagnitude)
    case .share(let share): min(share * scale, .greatestFiniteMagnitude)
    }
  }
}
