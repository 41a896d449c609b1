// Which checkpoints tell the story of a run in a few pictures.

internal import Glibc

/// Checkpoints between which the number of states changes by about the same factor.
///
/// The first, the last and the one with the most states are among them; the others follow the path
/// of the logarithm of the number of states, however long it stays where it is.
///
/// - Parameter sizes: The number of states at each checkpoint, at least 1.
/// - Returns: At most `count` positions, increasing; at least one.
func turningPoints(_ count: Int, of sizes: [Int]) -> [Int] {
  precondition(count >= 3 && !sizes.isEmpty, "\(count) of \(sizes.count) checkpoints")
  let last = sizes.count - 1
  guard last >= count else { return Array(0...last) }
  let peak = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
  var chosen: Set = [0, peak, last]
  /// The path from one chosen checkpoint to the next, up or down; wavering there and back is none.
  func length(_ a: Int, _ b: Int) -> Double {
    abs(log(Double(sizes[b])) - log(Double(sizes[a])))
  }
  while chosen.count < count {
    let ordered = chosen.sorted()
    // The widest gap that has a checkpoint inside is divided where the halves are most alike.
    let gaps = zip(ordered, ordered.dropFirst()).filter { $1 > $0 + 1 }
    guard let (a, b) = gaps.max(by: { length($0.0, $0.1) < length($1.0, $1.1) }) else { break }
    let middle = (a + 1..<b).min {
      abs(length(a, $0) - length($0, b)) < abs(length(a, $1) - length($1, b))
    }
    chosen.insert(middle ?? a + 1)
  }
  return chosen.sorted()
}
