// How a run is looked at: the options that every command on runs has.

import ArgumentParser
import Automata
import Extraction
import LinearAlgebra
import RNN
import Studies

/// On which words, at which merge distance, against which task.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Look at all words up to this length. (default: the longest training length, or 10)",
      valueName: "length"))
  var depth: Int?

  @OptionGroup var clustering: ClusteringOptions

  @Option(help: "The task to compare with. (default: the one the run was trained on)")
  var task: String?

  @Option(help: ArgumentHelp("Seed of a random task. (default: the run's)", valueName: "number"))
  var taskSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The input symbols, in the network's order, such as 01 or a,b. (default: the task's)",
      valueName: "symbols"))
  var alphabet: String?

  @Option(help: "The networks' nonlinearity where the files do not say, relu or tanh.")
  var nonlinearity: Activation?

  @Option(
    help: ArgumentHelp(
      "Entry of the starting hidden state where the files do not say.", valueName: "number"))
  var start: Float?

  @Option(
    help: ArgumentHelp(
      "Of networks and tables with one output, a logit: class 1 is above this.",
      valueName: "number"))
  var threshold: Float = 0

  @OptionGroup var tensors: NameOptions

  @Flag(
    help: """
      Take the output after the empty word for learnt. Networks trained on words of length 1 and \
      more were never told what to say there; without this flag the start's output is free.
      """)
  var emptyWord = false

  @Option(
    help: ArgumentHelp(
      """
      Two words are linked once closer than the merge distance, and until further apart than this \
      many; lasting mergers are those of the connected words.
      """, valueName: "ratio"))
  var parting = PairHistory.defaultPartingRatio

  func validate() throws {
    if let depth, depth < 0 { throw ValidationError("--depth is \(depth); it must be at least 0.") }
    guard parting.isFinite, parting >= 1 else {
      throw ValidationError("--parting is \(parting); it must be at least 1.")
    }
    if let start, !start.isFinite {
      throw ValidationError("--start is \(start); it must be a finite number.")
    }
    guard threshold.isFinite else {
      throw ValidationError("--threshold is \(threshold); it must be a finite number.")
    }
    _ = try listed
  }

  /// The symbols that the user lists.
  var listed: Alphabet? {
    get throws { try alphabet.map(alphabet(listed:)) }
  }

  /// How a source is looked at.
  var reading: Reading {
    get throws {
      var reading = Reading()
      reading.depth = depth
      reading.rule = clustering.rule(partingRatio: parting)
      reading.task = task
      reading.taskSeed = taskSeed
      reading.alphabet = try listed
      reading.hints = Checkpoint.Hints(nonlinearity: nonlinearity, start: start)
      reading.hints.names = tensors.names
      reading.hints.threshold = threshold
      reading.emptyWordCounts = emptyWord
      return reading
    }
  }

  /// Opens a run, or a folder of checkpoints.
  func open(_ path: String) throws -> Subject<NetworkCheckpoints> {
    try typed(where: task != nil) { try Subject(RunFolder(path), reading) }
  }

  /// Opens tables of representations: a file, or a folder of them.
  func openTables(_ path: String) throws -> Subject<RepresentationTables> {
    try typed(where: task != nil) { try Subject(tables: path, reading) }
  }

  /// - Throws: `ValidationError` if an option is set that says something of networks.
  func validateForTables() throws {
    for (name, isSet) in [
      ("nonlinearity", nonlinearity != nil), ("start", start != nil),
      ("readout", tensors.readout != nil),
      ("prefix", tensors.prefix != nil), ("embedding", tensors.embedding != nil),
      ("projection", tensors.projection != nil),
    ] where isSet {
      throw ValidationError("--\(name) says how to read networks, but --representations are given.")
    }
  }
}
