// Choosing some of a sequence of checkpoints: what both the film and the contact sheet ask.

import Automata
import Extraction

/// The automata that any telling of a run has to show.
struct TurningPoints {
  let first = 0
  let last: Int
  /// The first with most states.
  let largest: Int
  /// The first from which on all are complete; nil if the last is not.
  let complete: Int?

  private let sizes: [Int]

  /// - Parameters:
  ///   - automata: At least one, in the order of their epochs.
  init(of automata: [MooreMachine]) {
    precondition(!automata.isEmpty, "no automaton, no turning points")
    sizes = automata.map(\.stateCount)
    last = sizes.count - 1
    largest = Self.largest(of: sizes)
    let start = automata.startOfSuffix(where: \.isComplete)
    complete = start < automata.count ? start : nil
  }

  /// The position of the greatest of some numbers, the first if there are several; 0 if none.
  static func largest(of sizes: [Int]) -> Int {
    sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
  }

  /// The first after the largest with at most this many quarters of its states, if there is one.
  func fold(toQuarters quarters: Int) -> Int? {
    sizes[largest...].firstIndex { 4 * $0 <= quarters * sizes[largest] }
  }
}

/// The cheapest way from the first of some positions to the last, which only ever goes on.
enum CheapestPath {
  /// - Parameters:
  ///   - count: The number of positions, at least 1.
  ///   - stops: How many positions the way has, both ends included: 1 where `count` is 1, else
  ///     2 ... `count`. Nil is as many as are cheapest.
  ///   - extended: What a way costs that goes on from one position to another, given what it costs
  ///     up to the former. Costs never fall.
  /// - Returns: The positions of the way, increasing. Of ways that cost the same, that whose last
  ///   step begins earliest, and so on backwards.
  /// - Complexity: O(count²) calls of `extended`, or that for each stop.
  static func positions(
    count: Int, stops: Int? = nil, extended: (_ cost: Double, _ from: Int, _ to: Int) -> Double
  ) -> [Int] {
    guard count > 1 else { return [0] }
    var cost = [Double](repeating: .infinity, count: count)
    cost[0] = 0
    // For each step, or once for all, the position before each one on the cheapest way to it.
    var previous: [[Int]] = []
    for _ in 1..<(stops ?? 2) {
      var next = [Double](repeating: .infinity, count: count)
      var from = [Int](repeating: 0, count: count)
      if stops == nil { next[0] = 0 }
      for j in 1..<count {
        for i in 0..<j {
          let sum = extended(stops == nil ? next[i] : cost[i], i, j)
          guard sum < next[j] else { continue }
          next[j] = sum
          from[j] = i
        }
      }
      cost = next
      previous.append(from)
    }
    var path = [count - 1]
    if stops == nil {
      while let position = path.last, position != 0 { path.append(previous[0][position]) }
    } else {
      for from in previous.reversed() { path.append(from[path[path.count - 1]]) }
    }
    return path.reversed()
  }
}
