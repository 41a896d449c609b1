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

  /// Where dot puts the states if only the edges of the tree count.
  ///
  /// Dot ranks the states from left to right; only the order and the distances within a rank
  /// are kept, since ranks become columns of equal width.
  ///
  /// - Parameter extents: The height that each state needs, in points.
  /// - Returns: The vertical place of each state, from 0 downwards, in points; 0 for states
  ///   that are not reached.
  func rows(extents: [Double]) -> [Double] {
    var rows = [Double](repeating: 0, count: parents.count)
    guard order.count > 1 else { return rows }
    var dot = "digraph{rankdir=LR;ordering=out;nodesep=0.06;ranksep=0.5;"
    dot += "node[shape=box,fixedsize=true,width=0.2,label=\"\"];edge[arrowhead=none];"
    for state in order {
      dot += "\(state)[height="
      dot.append(extents[state] / 72, digits: 3)
      dot += "];"
    }
    for state in order {
      guard let parent = parents[state] else { continue }
      dot += "\(parent)->\(state);"
    }
    dot += "}"
    // Numbers and fixed words only: a failure would be a fault of this function.
    guard let layout = try? GraphvizLayout(dot: dot) else { return rows }
    for state in order { rows[state] = layout.nodes[String(state)]?.y ?? 0 }
    // Dot may stack a rank from the bottom; the first symbol belongs on top.
    if let flip = firstInversion(rows) {
      for state in order { rows[state] = flip - rows[state] }
    }
    return rows
  }

  // The height to mirror at if some pair of siblings stands upside down, else nil.
  private func firstInversion(_ rows: [Double]) -> Double? {
    for (before, after) in zip(order, order.dropFirst())
    where depths[before] == depths[after] && parents[before] != nil {
      return rows[before] > rows[after] ? order.map { rows[$0] }.max() : nil
    }
    return nil
  }
}
