// Machines made of two machines: any function of their outputs, and the Boolean operations.

extension MooreMachine {
  /// The machine whose output after each word is a function of this one's and `other`'s.
  ///
  /// Only pairs of states that some word reaches are built, in canonical numbering; a
  /// transition is open where either machine's is. Symbols correspond by name.
  ///
  /// - Parameters:
  ///   - other: The machine to combine this one with.
  ///   - outputAlphabet: The names of the new outputs.
  ///   - combine: From an output of this machine and one of `other`, positions in their output
  ///     alphabets, to a position in `outputAlphabet`. Called once per pair of outputs.
  /// - Throws: ``AlphabetMismatch`` if the machines read different sets of symbols.
  /// - Precondition: `combine` stays within `outputAlphabet`.
  /// - Complexity: O(p · k) for p reached pairs, at most n₁ · n₂.
  public func product(
    with other: MooreMachine, outputAlphabet: Alphabet = .digits(2),
    combining combine: (_ own: Int, _ others: Int) -> Int
  ) throws(AlphabetMismatch) -> MooreMachine {
    struct Pair: Hashable {
      let left, right: Int32
    }
    let places = try alphabet.positions(in: other.alphabet)
    let k = alphabet.count
    let otherCount = other.outputAlphabet.count
    var combined: [Int32] = []
    for own in 0..<self.outputAlphabet.count {
      for others in 0..<otherCount {
        let output = combine(own, others)
        precondition(
          0..<outputAlphabet.count ~= output, "output \(output) of \(outputAlphabet.count)")
        combined.append(Int32(output))
      }
    }
    var pairs = [Pair(left: 0, right: 0)]
    var numbers = [pairs[0]: Int32(0)]
    var outputs: [Int32] = []
    var table: [Int32] = []
    var next = 0
    while next < pairs.count {
      let pair = pairs[next]
      next += 1
      outputs.append(
        combined[
          Int(self.outputs[Int(pair.left)]) * otherCount + Int(other.outputs[Int(pair.right)])])
      for symbol in 0..<k {
        let left = successors[Int(pair.left) * k + symbol]
        let right = other.successors[Int(pair.right) * k + places[symbol]]
        guard left != Self.open, right != Self.open else {
          table.append(Self.open)
          continue
        }
        let successor = Pair(left: left, right: right)
        if let number = numbers[successor] {
          table.append(number)
        } else {
          let number = Int32(pairs.count)
          numbers[successor] = number
          pairs.append(successor)
          table.append(number)
        }
      }
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs, successors: table)
  }

  /// Accepts what either machine accepts.
  ///
  /// Like all Boolean operations here it takes acceptors, machines with two outputs of which the
  /// second means "accepted". A word that meets an open transition counts as rejected, so the
  /// result is complete; its outputs are called as this machine's. It is reachable, not minimal.
  ///
  /// - Throws: ``AlphabetMismatch`` if the machines read different sets of symbols.
  /// - Precondition: both machines have two outputs.
  /// - Complexity: O(n₁ · n₂ · k).
  public func union(_ other: MooreMachine) throws(AlphabetMismatch) -> MooreMachine {
    try boolean(other) { $0 || $1 }
  }

  /// Accepts what both machines accept. Conventions are those of ``union(_:)``.
  public func intersection(_ other: MooreMachine) throws(AlphabetMismatch) -> MooreMachine {
    try boolean(other) { $0 && $1 }
  }

  /// Accepts what this machine accepts and `other` does not. Conventions: see ``union(_:)``.
  public func difference(_ other: MooreMachine) throws(AlphabetMismatch) -> MooreMachine {
    try boolean(other) { $0 && !$1 }
  }

  /// Accepts what exactly one of the machines accepts. Conventions: see ``union(_:)``.
  public func symmetricDifference(_ other: MooreMachine) throws(AlphabetMismatch) -> MooreMachine {
    try boolean(other) { $0 != $1 }
  }

  /// Accepts what this machine rejects, words that meet an open transition included.
  ///
  /// - Precondition: the machine has two outputs, the second meaning "accepted".
  /// - Complexity: O(n · k).
  public func complement() -> MooreMachine {
    precondition(
      outputAlphabet.count == 2, "an acceptor has 2 outputs, not \(outputAlphabet.count)")
    let machine = completed(sinkOutput: 0)
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: machine.outputs.map { 1 - $0 },
      successors: machine.successors)
  }

  private func boolean(
    _ other: MooreMachine, _ operation: (Bool, Bool) -> Bool
  ) throws(AlphabetMismatch) -> MooreMachine {
    let counts = (outputAlphabet.count, other.outputAlphabet.count)
    precondition(counts == (2, 2), "acceptors have 2 outputs, not \(counts.0) and \(counts.1)")
    return try completed(sinkOutput: 0).product(
      with: other.completed(sinkOutput: 0), outputAlphabet: outputAlphabet
    ) { operation($0 == 1, $1 == 1) ? 1 : 0 }
  }
}
