// The machine that everything here is about: deterministic, one output per state.

/// A deterministic Moore machine; a DFA is the case of two outputs.
///
/// States are `0 ..< stateCount` and state 0 is the start. A transition may be *open*: the
/// machine does not say where it leads. A machine without open transitions is *complete*.
///
/// Source: E. F. Moore, "Gedanken-Experiments on Sequential Machines", Automata Studies (1956).
public struct MooreMachine: Hashable, Sendable {
  /// What the machine reads.
  public let alphabet: Alphabet
  /// What the machine says. The DFA convention is rejecting first, accepting second.
  public let outputAlphabet: Alphabet

  // One entry per state: a position in the output alphabet.
  package let outputs: [Int32]
  // successors[state * alphabet.count + symbol], or `open`.
  package let successors: [Int32]

  package static let open: Int32 = -1

  /// Creates a machine from its table.
  ///
  /// - Parameters:
  ///   - alphabet: The input symbols, k of them.
  ///   - outputAlphabet: The names of the outputs.
  ///   - outputs: One position in `outputAlphabet` per state; state 0 is the start.
  ///   - successors: k entries per state, state by state; nil is an open transition.
  /// - Throws: `MachineError`, naming the first state or transition that is wrong.
  public init(
    alphabet: Alphabet, outputAlphabet: Alphabet = .digits(2), outputs: [Int], successors: [Int?]
  ) throws(MachineError) {
    guard !outputs.isEmpty else { throw .noStates }
    guard successors.count == outputs.count * alphabet.count else {
      throw .tableSize(
        found: successors.count, states: outputs.count, symbols: alphabet.count)
    }
    for (state, output) in outputs.enumerated() where !(0..<outputAlphabet.count ~= output) {
      throw .outputOutOfRange(state: state, output: output, count: outputAlphabet.count)
    }
    for (index, successor) in successors.enumerated() {
      if let successor, !(0..<outputs.count ~= successor) {
        throw .successorOutOfRange(
          state: index / alphabet.count, symbol: alphabet.symbols[index % alphabet.count],
          successor: successor, count: outputs.count)
      }
    }
    self.init(
      unchecked: alphabet, outputAlphabet: outputAlphabet,
      outputs: outputs.map(Int32.init),
      successors: successors.map { $0.map(Int32.init) ?? Self.open })
  }

  /// For algorithms of this package whose tables are right by construction.
  package init(
    unchecked alphabet: Alphabet, outputAlphabet: Alphabet, outputs: [Int32], successors: [Int32]
  ) {
    assert(successors.count == outputs.count * alphabet.count)
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.outputs = outputs
    self.successors = successors
  }

  /// The number of states, at least 1.
  public var stateCount: Int { outputs.count }

  /// The output of a state, a position in ``outputAlphabet``.
  public func output(of state: Int) -> Int { Int(outputs[state]) }

  /// Where `symbol` leads from `state`, or nil if that transition is open.
  public func successor(of state: Int, on symbol: Int) -> Int? {
    precondition(0..<alphabet.count ~= symbol, "symbol \(symbol) of \(alphabet.count)")
    let successor = successors[state * alphabet.count + symbol]
    return successor == Self.open ? nil : Int(successor)
  }

  /// The number of transitions that lead nowhere.
  public var openTransitionCount: Int { successors.count { $0 == Self.open } }

  /// Whether every transition leads somewhere.
  public var isComplete: Bool { !successors.contains(Self.open) }

  /// The state after reading `word` from `state`, or nil if an open transition is met.
  /// O(length of the word).
  public func state(after word: some Sequence<Int>, from state: Int = 0) -> Int? {
    var current = state
    for symbol in word {
      guard let next = successor(of: current, on: symbol) else { return nil }
      current = next
    }
    return current
  }

  /// The output after reading `word`, or nil if an open transition is met.
  public func output(after word: some Sequence<Int>) -> Int? {
    state(after: word).map(output(of:))
  }
}

/// Why a table is no machine.
public enum MachineError: Error, Equatable, CustomStringConvertible {
  case noStates
  case tableSize(found: Int, states: Int, symbols: Int)
  case outputOutOfRange(state: Int, output: Int, count: Int)
  case successorOutOfRange(state: Int, symbol: String, successor: Int, count: Int)

  public var description: String {
    switch self {
    case .noStates:
      "The machine has no state; at least the start is needed."
    case .tableSize(let found, let states, let symbols):
      "The transition table has \(found) entries; \(states) states and \(symbols) symbols "
        + "need \(states * symbols)."
    case .outputOutOfRange(let state, let output, let count):
      "State \(state) has output number \(output), but there are only \(count) outputs."
    case .successorOutOfRange(let state, let symbol, let successor, let count):
      "State \(state) goes to state \(successor) on '\(symbol)', but there are only "
        + "\(count) states."
    }
  }
}
