// Where representations come from: networks that are run on words, or files that hold them.

import Automata
import LinearAlgebra
import RNN
import Tasks

/// The representations of the same words at successive checkpoints of some system.
protocol RepresentationSource {
  /// What there is of a checkpoint beside its table.
  associatedtype System

  /// The checkpoints in order; at least one.
  var files: [(epoch: Int, path: String)] { get }
  var words: PrefixTree { get }
  var alphabet: Alphabet { get }
  var outputAlphabet: Alphabet { get }
  /// H, the length of a representation.
  var columns: Int { get }
  /// Which words there are, for a reader, such as "all 2047 words up to length 10".
  var wordsText: String { get }

  /// Goes through the checkpoints in order.
  ///
  /// - Parameter body: Is handed the epoch and the table, which is not kept.
  /// - Throws: `RunError` for a file that is not as it should be, and in place of an
  ///   `ExtractionError` of `body`.
  func forEachTable(_ body: (Int, RepresentationTable, System) throws -> Void) throws

  /// The vectors that one more symbol leads to, for words of the last table; nil where that is not
  /// known.
  func step(_ system: System) -> ((_ words: [Int]) -> MatrixBuffer)?

  /// How to ask the system about longer words; nil where it cannot be asked.
  func questions(_ system: System) -> ClusteringChoice.Questions?

  /// The same with some of its checkpoints.
  func restricted(to files: [(epoch: Int, path: String)]) -> Self

  /// How the system and its automaton do on random words; none where it cannot be asked.
  func longWordScores(
    _ options: LongWordOptions, _ system: System, automaton: MooreMachine, task: Language?
  ) -> [LongWordScore]
}

extension RepresentationSource {
  /// The spread over all words of all checkpoints.
  ///
  /// - Parameter report: Called with the epoch of each checkpoint that is done.
  func gatherSpread(_ report: (Int) -> Void) throws -> RunSpread {
    var gatherer = SpreadGatherer(columns: columns)
    try forEachTable { epoch, table, _ in
      gatherer.add(table.vectors, count: table.words.count)
      report(epoch)
    }
    return gatherer.spread
  }
}

/// A network of a run and its pass over the words.
struct RunningNetwork {
  let checkpoint: Checkpoint
  /// The hidden states after every word; not kept.
  let pass: TreePass
}

extension RunAnalysis: RepresentationSource {
  var columns: Int { shape.hidden }

  var wordsText: String { "\(words.count) words up to length \(words.depth)" }

  func forEachTable(
    _ body: (Int, RepresentationTable, RunningNetwork) throws -> Void
  ) throws {
    try forEachCheckpoint { checkpoint, pass in
      try body(
        checkpoint.epoch, pass.table(of: words),
        RunningNetwork(checkpoint: checkpoint, pass: pass))
    }
  }

  func step(_ system: RunningNetwork) -> ((_ words: [Int]) -> MatrixBuffer)? {
    system.pass.successors(of:)
  }

  func questions(_ system: RunningNetwork) -> ClusteringChoice.Questions? {
    ClusteringChoice.Questions(lengths: [25, 50, 100], count: 300) { words in
      system.checkpoint.network.outputClasses(
        after: WordSet(
          length: words.first?.count ?? 0, words: words,
          targets: Array(repeating: 0, count: words.count)))
    }
  }

  func longWordScores(
    _ options: LongWordOptions, _ system: RunningNetwork, automaton: MooreMachine, task: Language?
  ) -> [LongWordScore] {
    options.lengths.map { length in
      LongWordScore(
        length: length, count: options.count, seed: options.seed,
        network: system.checkpoint.network, automaton: automaton, task: task)
    }
  }
}
