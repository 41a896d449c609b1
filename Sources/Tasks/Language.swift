// What there is to learn: a name and the machine that answers for every word.

public import Automata

/// A task: after each word, the output of a Moore machine.
public struct Language: Hashable, Sendable {
  /// The name by which a user asks for it, such as "parity".
  public let name: String
  /// A complete machine that gives the right output after any word.
  public let machine: MooreMachine

  /// - Parameters:
  ///   - name: What the language is called.
  ///   - machine: Says the right output after every word.
  /// - Precondition: `machine` is complete.
  public init(name: String, machine: MooreMachine) {
    precondition(machine.isComplete, "the machine of a task has no open transitions")
    self.name = name
    self.machine = machine
  }

  public var alphabet: Alphabet { machine.alphabet }
  public var outputAlphabet: Alphabet { machine.outputAlphabet }

  /// The right output after `word`. O(length).
  public func target(of word: some Sequence<Int>) -> Int {
    // The machine is complete, so every word has an output.
    machine.output(after: word)!
  }
}
