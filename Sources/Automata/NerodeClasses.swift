// Which words a machine cannot tell apart, and the words that tell its states apart.

extension MooreMachine {
  /// The classes of words that agree: two words are in one class if the machine's outputs are the
  /// same after every continuation of both.
  ///
  /// Words that meet an open transition have no output after any continuation and are one class.
  ///
  /// - Parameter words: Any words; class numbers follow their order.
  /// - Complexity: O(total length + n · k · log n).
  ///
  /// Source: A. Nerode, "Linear Automaton Transformations", Proc. AMS 9 (1958).
  public func nerodeClasses(of words: some Sequence<[Int]>) -> Partition {
    let minimal = minimized()
    return Partition(labels: words.map { minimal.state(after: $0) ?? minimal.stateCount })
  }

  /// The same for all words of a prefix tree, node by node.
  ///
  /// - Precondition: the tree's words are over as many symbols as this machine's.
  /// - Complexity: O(size of the tree + n · k · log n).
  public func nerodeClasses(of tree: PrefixTree) -> Partition {
    let minimal = minimized()
    return Partition(labels: minimal.states(of: tree).map { $0 ?? minimal.stateCount })
  }

  /// The output after each word of a prefix tree, node by node.
  ///
  /// - Precondition: the tree's words are over as many symbols as this machine's, and none of them
  ///   meets an open transition.
  /// - Complexity: O(size of the tree).
  public func outputs(of tree: PrefixTree) -> [Int] {
    states(of: tree).enumerated().map { node, state in
      guard let state else { preconditionFailure("word \(node) meets an open transition") }
      return output(of: state)
    }
  }

  /// The state that each word of a prefix tree leads to, node by node; nil where it meets an open
  /// transition.
  private func states(of tree: PrefixTree) -> [Int?] {
    precondition(
      tree.symbolCount == alphabet.count,
      "a tree over \(tree.symbolCount) symbols, a machine over \(alphabet.count)")
    var states = [Int?](repeating: 0, count: tree.count)
    for node in 1..<max(tree.count, 1) {
      states[node] = states[Int(tree.parents[node])].flatMap {
        successor(of: $0, on: Int(tree.symbols[node]))
      }
    }
    return states
  }

  /// A characterizing set (W set): words such that any two states of the minimal machine differ
  /// in the output, or the lack of one, after at least one of them.
  ///
  /// As long as two states agree on all words so far, the shortlex-least word that separates the
  /// first such two is added; so there are at most n − 1 words for n minimal states.
  ///
  /// - Returns: The words in shortlex order; none if the minimal machine has one state.
  /// - Complexity: O(w · n · (k + m)) for w words of length at most m.
  ///
  /// Source: T. S. Chow, "Testing Software Design Modeled by Finite-State Machines", IEEE TSE 4
  /// (1978).
  public func characterizingSet() -> [[Int]] {
    let machine = minimized()
    var classes = [Int](repeating: 0, count: machine.stateCount)
    var words: [[Int]] = []
    while true {
      // The first state whose class has an earlier member, and that member.
      var firsts = [Int?](repeating: nil, count: machine.stateCount)
      let pair = classes.indices.lazy.compactMap { state -> (Int, Int)? in
        if let first = firsts[classes[state]] { return (first, state) }
        firsts[classes[state]] = state
        return nil
      }.first
      guard let (first, second) = pair else { break }
      // The alphabets are the same, and states of a minimal machine can be separated.
      let word = try! machine.separatingWord(of: Int32(first), from: Int32(second), in: machine)!
      words.append(word)
      let count = machine.outputAlphabet.count
      classes =
        Partition(
          labels: classes.indices.map { state in
            let output = machine.state(after: word, from: state).map(machine.output(of:)) ?? count
            return classes[state] * (count + 1) + output
          }
        ).classes.map(Int.init)
    }
    return words.sorted {
      $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count < $1.count
    }
  }
}
