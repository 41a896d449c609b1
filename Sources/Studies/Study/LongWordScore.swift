// How a network and its automaton do on words much longer than any it was trained on.

public import Automata
public import RNN
public import Tasks

/// On which random words to try them.
public struct LongWordOptions: Hashable, Sendable, Codable {
  public var lengths: [Int]
  /// How many words of each length; at least 1.
  public var count: Int
  public var seed: UInt64

  /// - Parameters:
  ///   - lengths: The lengths of the words.
  ///   - count: How many words of each length; at least 1.
  ///   - seed: What they are drawn from.
  public init(lengths: [Int], count: Int, seed: UInt64) {
    self.lengths = lengths
    self.count = count
    self.seed = seed
  }
}

/// How a network and its automaton do on random words of one length, balanced between the outputs
/// where one of them is rare.
public struct LongWordScore: Sendable {
  public let length: Int
  public let words: Int
  /// The share of words on which both give the same output; an open transition gives none.
  public let fidelity: Double
  /// The shares of right outputs; nil where no task is known.
  public let networkAccuracy: Double?
  public let automatonAccuracy: Double?

  /// - Parameters:
  ///   - length: The length of the words.
  ///   - count: How many of them.
  ///   - seed: What they are drawn from.
  ///   - network: Reads them.
  ///   - automaton: Reads them as well.
  ///   - task: What is right; nil where that is not known.
  public init(
    length: Int, count: Int, seed: UInt64, network: RecurrentNetwork, automaton: MooreMachine,
    task: Language?
  ) {
    var generator = SplitMix64(seed: seed, stream: "long words", index: length)
    // Without a task the automaton says which outputs are rare; the targets are then not used.
    let set = WordSet.representative(
      count: count, length: length,
      of: task ?? Language(name: "", machine: automaton.completed(sinkOutput: 0)),
      using: &generator)
    let said = network.outputClasses(after: set).map(Int.init)
    let read = (0..<count).map { automaton.output(after: set.word($0).lazy.map(Int.init)) }
    func share(_ isRight: (Int) -> Bool) -> Double {
      Double((0..<count).count(where: isRight)) / Double(count)
    }
    self.length = length
    words = count
    fidelity = share { read[$0] == said[$0] }
    networkAccuracy = task.map { _ in share { said[$0] == Int(set.targets[$0]) } }
    automatonAccuracy = task.map { _ in share { read[$0] == Int(set.targets[$0]) } }
  }
}
