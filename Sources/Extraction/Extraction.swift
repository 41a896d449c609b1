// What one checkpoint's hidden states say: the classes of words and the automaton they form.

public import Automata

/// The classes of the evaluation set at one checkpoint and the automaton reached from ε's class.
public struct Extraction: Sendable {
  /// The words' classes; class c's leader speaks for it.
  public let partition: Partition
  /// Where each class's leader goes on each symbol: `successors[class * k + symbol]`, or nil
  /// where the transition is open.
  public let successors: [Int?]
  /// The output of each class, which is its leader's. Where ε is not asked about, the output of
  /// class 0 is that of its first other word; if there is none, it is free and as
  /// `MooreMachine.settingStartOutputFree()` has it.
  public let outputs: [Int]
  /// How many words of each class that are asked about have another output than the class.
  public let disagreements: [Int]
  /// The share of (word, symbol) pairs inside the evaluation set whose own successor's class is
  /// the one that its class's transition names; 1 means the classes are a congruence. 1 also
  /// where the evaluation set holds no such pair.
  public let consistency: Double
  /// The states reached from class 0, in order of their leaders.
  public let automaton: MooreMachine
  /// The class that each state of ``automaton`` is.
  public let classOfState: [Int]

  /// The state of ``automaton`` that each class is, or nil where it is not reached from state 0.
  public var stateOfClass: [Int?] {
    var states = [Int?](repeating: nil, count: partition.count)
    for (state, number) in classOfState.enumerated() { states[number] = state }
    return states
  }

  /// Reads the automaton off a table of classes.
  ///
  /// - Parameters:
  ///   - partition: The words' classes.
  ///   - successors: k entries per class; nil is an open transition.
  ///   - outputs: One position in `outputAlphabet` per class.
  ///   - disagreements: How many words of each class have another output than the class.
  ///   - consistency: As ``consistency``.
  ///   - alphabet: The input symbols, k of them.
  ///   - outputAlphabet: The outputs.
  ///   - startOutputIsFree: Whether `outputs[0]` counts for nothing.
  /// - Precondition: the tables have the sizes that `partition` and `alphabet` ask for.
  public init(
    partition: Partition, successors: [Int?], outputs: [Int], disagreements: [Int],
    consistency: Double, alphabet: Alphabet, outputAlphabet: Alphabet,
    startOutputIsFree: Bool = false
  ) {
    let k = alphabet.count
    precondition(successors.count == partition.count * k && outputs.count == partition.count)
    self.partition = partition
    self.successors = successors
    self.disagreements = disagreements
    self.consistency = consistency

    var isReached = [Bool](repeating: false, count: partition.count)
    isReached[0] = true
    var stack = [0]
    while let number = stack.popLast() {
      for case .some(let next) in successors[number * k..<(number + 1) * k] where !isReached[next] {
        isReached[next] = true
        stack.append(next)
      }
    }
    let classOfState = (0..<partition.count).filter { isReached[$0] }
    var stateOfClass = [Int32](repeating: MooreMachine.open, count: partition.count)
    for (state, number) in classOfState.enumerated() { stateOfClass[number] = Int32(state) }
    self.classOfState = classOfState
    let automaton = MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet,
      outputs: classOfState.map { Int32(outputs[$0]) },
      successors: classOfState.flatMap { number in
        successors[number * k..<(number + 1) * k].map { next in
          next.map { stateOfClass[$0] } ?? MooreMachine.open
        }
      })
    self.automaton = startOutputIsFree ? automaton.settingStartOutputFree() : automaton
    // Class 0 is state 0.
    self.outputs = [self.automaton.output(of: 0)] + outputs.dropFirst()
  }
}
