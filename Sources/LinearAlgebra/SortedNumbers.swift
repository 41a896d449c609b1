// Quantiles of numbers.

/// Numbers in increasing order, and what lies below which share of them.
public struct SortedNumbers: Equatable, Sendable {
  /// The numbers, increasing.
  public let values: [Double]

  /// - Parameter numbers: In any order; none is NaN.
  /// - Complexity: O(n log n).
  public init(_ numbers: some Sequence<Double>) {
    values = numbers.sorted()
  }

  /// The quantile below which a share of the numbers lies, linear between two of them; the median
  /// for a share of 1/2.
  ///
  /// This is NumPy's default and definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in
  /// Statistical Packages", The American Statistician 50 (1996).
  ///
  /// - Parameter share: From 0, the least number, to 1, the largest.
  /// - Returns: nil of no numbers.
  public func quantile(_ share: Double) -> Double? {
    guard let last = values.last else { return nil }
    let place = share * Double(values.count - 1)
    let index = Int(place)
    guard index + 1 < values.count else { return last }
    let (low, high) = (values[index], values[index + 1])
    return low == high ? low : low + (place - Double(index)) * (high - low)
  }

  /// The number whose rank is nearest to that of the quantile: always one of the numbers.
  ///
  /// - Parameter share: From 0, the least number, to 1, the largest.
  /// - Returns: nil of no numbers.
  public func nearestRank(_ share: Double) -> Double? {
    values.isEmpty ? nil : values[Int((share * Double(values.count - 1)).rounded())]
  }
}
