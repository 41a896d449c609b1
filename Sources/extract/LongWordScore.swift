// How a network and its automaton do on words much longer than any it was trained on.

import Automata
import RNN
import Tasks

/// On which random words to try them.
struct LongWordOptions {
  var lengths: [Int]
  /// How many words of each length.
  var count: Int
  var seed: UInt64
}

/// How a network and its automaton do on random words of one length, balanced between the outputs
/// where one of them is rare.
struct LongWordScore {
  let length: Int
  let words: Int
  /// The share of words on which both give the same output; an open transition gives none.
  let fidelity: Double
  /// The shares of right outputs; nil where no task is known.
  let networkAccuracy: Double?
  let automatonAccuracy: Double?

  init(
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
