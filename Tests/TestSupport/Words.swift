// Words, one after the other.

/// All words over `symbols` symbols up to length `length`, in shortlex order.
package func words(upTo length: Int, symbols: Int = 2) -> [[Int]] {
  var all: [[Int]] = [[]]
  var level: [[Int]] = [[]]
  for _ in 0..<length {
    level = level.flatMap { word in (0..<symbols).map { word + [$0] } }
    all += level
  }
  return all
}
