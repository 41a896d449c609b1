// The tree inside every automaton: each state hangs from the state before it on the shortest
// way from the start.

import Automata

/// The breadth-first tree of a machine from its start state, symbols taken in order.
///
/// The way from the start to a state spells the state's *access word*, the shortlex-least word
/// that reaches it; so siblings stand in the order of their symbols, and the tree, with one
/// order per level, says all that a layout needs.
struct AccessTree: Equatable, Sendable {
  /// The states that are reached, by access word in shortlex order; the start comes first.
  let order: [Int]
  /// The state before each state, or nil for the start and for states that are not reached.
  let parents: [Int?]
  /// The symbol on which each state is reached first; 0 where there is no parent.
  let symbols: [Int]
  /// The length of each state's access word; 0 where there is no parent.
  let depths: [Int]

  /// O(states × symbols).
  init(of machine: MooreMachine) {
    let n = machine.stateCount
    var order = [0]
    var parents = [Int?](repeating: nil, count: n)
    var symbols = [Int](repeating: 0, count: n)
    var depths = [Int](repeating: 0, count: n)
    var next = 0
    while next < order.count {
      let state = order[next]
      next += 1
      for symbol in 0..<machine.alphabet.count {
        guard let child = machine.successor(of: state, on: symbol), child != 0,
          parents[child] == nil
        else { continue }
        parents[child] = state
        symbols[child] = symbol
        depths[child] = depths[state] + 1
        order.append(child)
      }
    }
    self.order = order
    self.parents = parents
    self.symbols = symbols
    self.depths = depths
  }

  /// The greatest length of an access word.
  var depth: Int { depths.max() ?? 0 }

  /// The access word of a state that is reached. O(its length).
  func word(of state: Int) -> [Int] {
    var word: [Int] = []
    var current = state
    while let parent = parents[current] {
      word.append(symbols[current])
      current = parent
    }
    return word.reversed()
  }
}
