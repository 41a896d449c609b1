// From where on something holds for good.

extension BidirectionalCollection {
  /// The index from which on all elements satisfy a condition: the end if the last does not, the
  /// start if all do.
  ///
  /// - Complexity: O(n).
  package func startOfSuffix(
    where condition: (Element) throws -> Bool
  ) rethrows -> Index {
    try lastIndex { try !condition($0) }.map { index(after: $0) } ?? startIndex
  }
}
