// Some of many, evenly spaced.

/// `count` of the numbers 0 ..< n, evenly spaced, with the first and the last; all if there are no
/// more.
package func evenly(_ count: Int, of n: Int) -> [Int] {
  guard n > count else { return Array(0..<n) }
  guard count > 1 else { return [n - 1] }
  return (0..<count).map { $0 * (n - 1) / (count - 1) }
}
