// Which row lies closest.

internal import LinearAlgebra

extension MatrixBuffer {
  /// The first of some rows that no other is closer to a row of another matrix than.
  ///
  /// - Parameters:
  ///   - candidates: Rows of this matrix; at least one.
  ///   - factor: What differences are multiplied by before they are squared; see
  ///     ``normalizingFactor(rows:)``.
  /// - Complexity: O(candidates · columns).
  func nearestRow(
    to others: MatrixBuffer, _ row: Int, among candidates: some Collection<Int>, factor: Float
  ) -> Int {
    var best = candidates[candidates.startIndex]
    var least = Float.infinity
    for candidate in candidates {
      let distance = squaredDistance(candidate, others, row, factor: factor)
      if distance < least { (best, least) = (candidate, distance) }
    }
    return best
  }
}
