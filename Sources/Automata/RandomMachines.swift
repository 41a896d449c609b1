// Machines drawn at random: the paper's way, and uniformly.

extension MooreMachine {
  /// The paper's random machine, every state of which can be reached.
  ///
  /// From each state, in order of creation, each symbol leads to a new state with probability
  /// `newStateProbability` while fewer than `n` exist, else to a uniformly chosen existing one.
  /// Outputs are then drawn uniformly, state by state.
  ///
  /// - Parameters:
  ///   - n: The most states there may be; often there are fewer.
  ///   - alphabet: The input symbols, k of them.
  ///   - outputAlphabet: The outputs to draw from.
  ///   - newStateProbability: From 0 to 1.
  ///   - generator: What the machine is drawn with.
  /// - Returns: A complete machine in canonical numbering, seldom minimal.
  /// - Precondition: `n` is at least 1.
  /// - Complexity: O(n · k).
  ///
  /// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks", ICML 2025,
  /// appendix on random automata.
  public static func random(
    atMostStates n: Int, alphabet: Alphabet = .digits(2), outputAlphabet: Alphabet = .digits(2),
    newStateProbability: Double = 0.75, using generator: inout some RandomNumberGenerator
  ) -> MooreMachine {
    precondition(n >= 1, "a machine has at least one state, not \(n)")
    var count: Int32 = 1
    var successors: [Int32] = []
    while successors.count < Int(count) * alphabet.count {
      if count < n, Double.random(in: 0..<1, using: &generator) < newStateProbability {
        successors.append(count)
        count += 1
      } else {
        successors.append(Int32.random(in: 0..<count, using: &generator))
      }
    }
    let outputs = (0..<count).map { _ in
      Int32.random(in: 0..<Int32(outputAlphabet.count), using: &generator)
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs,
      successors: successors)
  }

  /// A machine drawn uniformly from all complete ones with `n` numbered states: every
  /// successor and every output is uniform. For two symbols about 0.8 n states are reached.
  ///
  /// - Parameters:
  ///   - n: The number of states.
  ///   - alphabet: The input symbols, k of them.
  ///   - outputAlphabet: The outputs to draw from.
  ///   - generator: What the machine is drawn with.
  /// - Precondition: `n` is at least 1.
  /// - Complexity: O(n · k).
  public static func uniformlyRandom(
    states n: Int, alphabet: Alphabet = .digits(2), outputAlphabet: Alphabet = .digits(2),
    using generator: inout some RandomNumberGenerator
  ) -> MooreMachine {
    precondition(n >= 1, "a machine has at least one state, not \(n)")
    let successors = (0..<n * alphabet.count).map { _ in
      Int32.random(in: 0..<Int32(n), using: &generator)
    }
    let outputs = (0..<n).map { _ in
      Int32.random(in: 0..<Int32(outputAlphabet.count), using: &generator)
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs,
      successors: successors)
  }
}
