// Whether two numbers rise together, whatever their scales.

/// Correlations of ranks.
public enum RankCorrelation {
  /// Spearman's rank correlation, equal numbers sharing their mean rank.
  ///
  /// Source: C. Spearman, "The Proof and Measurement of Association between Two Things", American
  /// Journal of Psychology 15 (1904), 72–101.
  ///
  /// - Returns: From −1 to 1; nil where one side is constant or empty.
  /// - Precondition: as many numbers on both sides, none NaN.
  /// - Complexity: O(n log n).
  public static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "\(a.count) and \(b.count) numbers")
    let (ranksA, ranksB) = (ranks(a), ranks(b))
    let mean = Double(a.count + 1) / 2
    var (both, alone, other) = (0.0, 0.0, 0.0)
    for (x, y) in zip(ranksA, ranksB) {
      both += (x - mean) * (y - mean)
      alone += (x - mean) * (x - mean)
      other += (y - mean) * (y - mean)
    }
    return alone > 0 && other > 0 ? both / (alone * other).squareRoot() : nil
  }

  private static func ranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = [Double](repeating: 0, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, numbers[order[end]] == numbers[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
