// The reachable part, numbered so that machines which differ only in their states' names
// become equal tables.

extension MooreMachine {
  /// The part reached from the start, numbered breadth first with the symbols in order.
  ///
  /// State i's shortlex-least access word is the i-th smallest among all states', so two
  /// machines over the same alphabets have equal results exactly if their reachable parts are
  /// isomorphic. Open transitions stay open.
  ///
  /// - Complexity: O(n · k) for n states and k symbols.
  public func reachable() -> MooreMachine { renumbered(from: 0) }

  /// The part reached from `start`, which becomes state 0, numbered as ``reachable()`` says.
  func renumbered(from start: Int32) -> MooreMachine {
    let k = alphabet.count
    let order = breadthFirstOrder(from: start)
    if order.count == stateCount, order.indices.allSatisfy({ order[$0] == $0 }) { return self }
    var numbers = [Int32](repeating: Self.open, count: stateCount)
    for (number, state) in order.enumerated() { numbers[Int(state)] = Int32(number) }
    var table: [Int32] = []
    table.reserveCapacity(order.count * k)
    for state in order {
      for index in Int(state) * k..<(Int(state) + 1) * k {
        let successor = successors[index]
        table.append(successor == Self.open ? Self.open : numbers[Int(successor)])
      }
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet,
      outputs: order.map { outputs[Int($0)] }, successors: table)
  }

  /// The reached states in order of their shortlex-least access words. O(n · k).
  func breadthFirstOrder(from start: Int32 = 0) -> [Int32] {
    let k = alphabet.count
    var isReached = [Bool](repeating: false, count: stateCount)
    isReached[Int(start)] = true
    var order = [start]
    order.reserveCapacity(stateCount)
    var next = 0
    while next < order.count {
      let state = Int(order[next])
      next += 1
      for index in state * k..<(state + 1) * k {
        let successor = successors[index]
        if successor != Self.open, !isReached[Int(successor)] {
          isReached[Int(successor)] = true
          order.append(successor)
        }
      }
    }
    return order
  }

  /// The shortlex-least word that leads from the start to each state, nil where none does.
  ///
  /// - Complexity: O(n · k) plus the total length of the words, which is O(n²) for a chain.
  public func accessWords() -> [[Int]?] {
    var words = [[Int]?](repeating: nil, count: stateCount)
    words[0] = []
    for state in breadthFirstOrder().map(Int.init) {
      for symbol in 0..<alphabet.count {
        if let next = successor(of: state, on: symbol), words[next] == nil {
          words[next] = words[state]! + [symbol]  // a state precedes its successors in the order
        }
      }
    }
    return words
  }

  /// The machine with every open transition led to one new state that is never left.
  ///
  /// - Parameter sinkOutput: The new state's output, a position in ``outputAlphabet``.
  /// - Returns: A complete machine; `self` if it is complete already.
  /// - Precondition: `sinkOutput` is an output.
  /// - Complexity: O(n · k).
  public func completed(sinkOutput: Int) -> MooreMachine {
    precondition(
      0..<outputAlphabet.count ~= sinkOutput, "output \(sinkOutput) of \(outputAlphabet.count)")
    guard !isComplete else { return self }
    let sink = Int32(stateCount)
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs + [Int32(sinkOutput)],
      successors: successors.map { $0 == Self.open ? sink : $0 }
        + [Int32](repeating: sink, count: alphabet.count))
  }

  /// The same machine with its symbols in another order.
  ///
  /// - Throws: ``AlphabetMismatch`` if the symbols are not the same.
  /// - Complexity: O(n · k).
  public func ordered(by alphabet: Alphabet) throws(AlphabetMismatch) -> MooreMachine {
    let places = try alphabet.positions(in: self.alphabet)
    let k = alphabet.count
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs,
      successors: successors.indices.map { successors[$0 / k * k + places[$0 % k]] })
  }

  /// Whether the reachable parts are the same up to the names of states.
  ///
  /// Symbols and outputs correspond by name, in whatever order the alphabets list them; an
  /// output that no reached state has is ignored.
  ///
  /// - Throws: ``AlphabetMismatch`` if the machines read different sets of symbols.
  /// - Complexity: O((n₁ + n₂) · k).
  public func isIsomorphic(to other: MooreMachine) throws(AlphabetMismatch) -> Bool {
    let aligned = try other.ordered(by: alphabet).reachable()
    let own = reachable()
    guard own.successors == aligned.successors else { return false }
    let correspondence = other.outputAlphabet.correspondence(to: outputAlphabet)
    return zip(own.outputs, aligned.outputs).allSatisfy { $0 == correspondence[Int($1)] }
  }
}

extension Alphabet {
  /// Where each of these symbols stands in `other`, which must have the same symbols.
  ///
  /// - Throws: ``AlphabetMismatch`` if a symbol is missing on either side.
  func positions(in other: Alphabet) throws(AlphabetMismatch) -> [Int] {
    guard self != other else { return Array(0..<count) }
    let places = Dictionary(uniqueKeysWithValues: zip(other.symbols, 0...))
    let positions = symbols.compactMap { places[$0] }
    guard positions.count == count, other.count == count else {
      throw AlphabetMismatch(left: symbols, right: other.symbols)
    }
    return positions
  }

  /// Each of these names' position in `other`, or a negative number of its own where `other`
  /// lacks the name.
  func correspondence(to other: Alphabet) -> [Int32] {
    let places = Dictionary(uniqueKeysWithValues: zip(other.symbols, Int32(0)...))
    return symbols.indices.map { places[symbols[$0]] ?? -1 - Int32($0) }
  }
}

/// Two machines that read different sets of symbols were to be compared or combined.
public struct AlphabetMismatch: Error, Equatable, CustomStringConvertible {
  /// The symbols of the first machine.
  public let left: [String]
  /// The symbols of the second machine.
  public let right: [String]

  package init(left: [String], right: [String]) {
    self.left = left
    self.right = right
  }

  public var description: String {
    "The machines read different symbols, {\(left.joined(separator: ", "))} and "
      + "{\(right.joined(separator: ", "))}; only machines over the same set can be compared."
  }
}
