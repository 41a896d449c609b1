// Whether two machines say the same about every word, and the first word where they don't.

extension MooreMachine {
  /// The shortlex-least word after which the machines' outputs differ, or nil if there is none.
  ///
  /// A word that meets an open transition has no output, and having none differs from having
  /// any; so equivalent machines leave the same words open. Symbols and outputs correspond by
  /// name, whatever their order; "least" is in this machine's order of symbols.
  ///
  /// Hopcroft and Karp's union-find over pairs of states, with the pairs in shortlex order of the
  /// words that reach them. That order makes the first difference the least: a pair is skipped
  /// when a chain of earlier pairs links its two states, and a word that separates the ends of a
  /// chain separates one of its links, which a smaller word reached. So nothing on the way to
  /// the least separating word is ever skipped.
  ///
  /// - Parameters:
  ///   - other: A machine over the same symbols, in any order.
  ///   - emptyWordCounts: Whether ε may separate; if not, the least other word is found, for machines
  ///     whose output before the first symbol nobody asks about.
  /// - Returns: Positions in this machine's alphabet.
  /// - Throws: ``AlphabetMismatch`` if the machines read different sets of symbols.
  /// - Complexity: O((n₁ + n₂) · k · α(n₁ + n₂)) time, O(n₁ + n₂) memory.
  ///
  /// Source: J. E. Hopcroft and R. M. Karp, "A Linear Algorithm for Testing Equivalence of Finite
  /// Automata", Cornell TR 71-114 (1971).
  public func separatingWord(
    from other: MooreMachine, emptyWordCounts: Bool = true
  ) throws(AlphabetMismatch) -> [Int]? {
    try separatingWord(of: 0, from: 0, in: other, emptyWordCounts: emptyWordCounts)
  }

  /// The same for any two states in the place of the starts.
  func separatingWord(
    of state: Int32, from otherState: Int32, in other: MooreMachine, emptyWordCounts: Bool = true
  ) throws(AlphabetMismatch) -> [Int]? {
    let places = try alphabet.positions(in: other.alphabet)
    let otherOutputs = other.outputAlphabet.correspondence(to: outputAlphabet)
    let k = alphabet.count
    let offset = Int32(stateCount)
    var classes = DisjointSets(count: stateCount + other.stateCount)
    var pairs = [Pair(left: state, right: otherState, parent: -1, symbol: 0)]

    func differs(_ left: Int32, _ right: Int32) -> Bool {
      outputs[Int(left)] != otherOutputs[Int(other.outputs[Int(right)])]
    }
    if emptyWordCounts {
      guard !differs(state, otherState) else { return [] }
      classes.unite(state, otherState + offset)
    }
    // Else the two are looked at only where a longer word leads to them.

    var next = 0
    while next < pairs.count {
      let pair = pairs[next]
      let leftRow = Int(pair.left) * k
      let rightRow = Int(pair.right) * k
      for symbol in 0..<k {
        let left = successors[leftRow + symbol]
        let right = other.successors[rightRow + places[symbol]]
        if left == Self.open, right == Self.open { continue }
        if left == Self.open || right == Self.open || differs(left, right) {
          var word = [symbol]
          var current = next
          while current > 0 {
            word.append(Int(pairs[current].symbol))
            current = Int(pairs[current].parent)
          }
          return word.reversed()
        }
        if classes.unite(left, right + offset) {
          pairs.append(
            Pair(left: left, right: right, parent: Int32(next), symbol: Int32(symbol)))
        }
      }
      next += 1
    }
    return nil
  }

  /// Whether the machines have the same output, or both none, after every word.
  ///
  /// Conventions, errors and cost are those of ``separatingWord(from:emptyWordCounts:)``.
  ///
  /// - Parameters:
  ///   - other: A machine over the same symbols, in any order.
  ///   - emptyWordCounts: Whether a difference on ε counts.
  public func isEquivalent(
    to other: MooreMachine, emptyWordCounts: Bool = true
  ) throws(AlphabetMismatch) -> Bool {
    try separatingWord(from: other, emptyWordCounts: emptyWordCounts) == nil
  }

  private struct Pair {
    let left, right, parent, symbol: Int32
  }
}
