// Many runs of one recipe side by side: their last automata, and which mergers they share.

public import Automata
internal import Extraction
internal import Files
internal import Foundation
internal import LinearAlgebra
internal import RNN
public import Studies

/// What the last checkpoints of several runs have in common.
public struct RunComparison {
  /// The last checkpoint of one run.
  public struct Member {
    /// The name of the run's folder.
    public let name: String
    public let epoch: Int
    /// The number of classes of words.
    public let classes: Int
    public let automaton: MooreMachine
    /// The number of states of the minimal equivalent; nil where the automaton is not complete.
    public let minimalStates: Int?
    /// Whether the automaton computes the task; nil where none is known.
    public let isEquivalent: Bool?
    /// The number of the first run whose automaton differs in the names of states alone.
    public let isomorphic: Int
    /// The pairs of words within the merge distance, and how many of them the task tells apart; nil
    /// where no task is known.
    public let merged: Int
    public let disagreeingMerged: Int?
  }

  /// In the order of the runs' names.
  public let members: [Member]
  let alphabet: Alphabet
  let words: PrefixTree
  let agreement: Agreement?
  /// For each pair of words, row by row, in how many runs it is merged.
  private let counts: [UInt16]
  /// The task's state for each word, if known.
  let kinds: [Int]?

  /// The last checkpoint of a run, with its pairs.
  private struct Ending: Sendable {
    let epoch: Int
    let extraction: Extraction
    let isMerged: [Bool]
  }

  /// Reads the runs in a folder.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - reading: How to look at each run.
  ///   - progress: Called before each run with how many are done, how many there are, and its name.
  /// - Throws: `FigureError` if there are fewer than two runs, or if they are of different shapes
  ///   or tasks; else as reading a run does.
  /// - Complexity: every checkpoint is read once for the scale; O(words² · H) for each run.
  public init(
    _ path: String, _ reading: Reading,
    progress: (_ done: Int, _ total: Int, String) -> Void = { _, _, _ in }
  ) throws {
    let (names, runs) = try Self.runs(path, reading)
    let words = runs[0].source.words
    guard words.count <= PairHistory.mostWords else {
      throw FigureError.tooManyWords(path, words.count)
    }
    self.words = words
    alphabet = runs[0].source.alphabet
    agreement = runs[0].agreement
    kinds = runs[0].task.map { $0.machine.nerodeClasses(of: words).classes.map(Int.init) }
    var counts = [UInt16](repeating: 0, count: words.count * (words.count - 1) / 2)
    var members: [Member] = []
    for (index, run) in runs.enumerated() {
      progress(index, runs.count, names[index])
      let ending = try Self.ending(of: run)
      for number in counts.indices where ending.isMerged[number] { counts[number] += 1 }
      members.append(try Self.member(names[index], run, ending, after: members))
    }
    self.members = members
    self.counts = counts
  }

  /// The names of the runs in a folder, and the runs, which are of one recipe.
  private static func runs(
    _ path: String, _ reading: Reading
  ) throws -> (names: [String], runs: [Subject<NetworkCheckpoints>]) {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw FileError.noFolder(path) }
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { RunFolder("\(path)/\($0)").holdsRun }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    guard names.count >= 2 else {
      throw FigureError.tooFewRuns(path, found: names.count)
    }
    let runs = try names.map { try Subject(RunFolder("\(path)/\($0)"), reading) }
    let first = runs[0]
    for (name, run) in zip(names, runs) {
      guard run.source.words == first.source.words,
        run.source.alphabet == first.source.alphabet, run.task == first.task
      else {
        throw FigureError.otherRecipe("\(path)/\(name)", than: "\(path)/\(names[0])")
      }
    }
    return (names, runs)
  }

  private static func member(
    _ name: String, _ run: Subject<NetworkCheckpoints>, _ ending: Ending, after others: [Member]
  ) throws -> Member {
    let automaton = ending.extraction.automaton
    let twin = try firstIsomorphic(to: automaton, in: others.map(\.automaton))
    var disagreeing = 0
    if let agreement = run.agreement {
      for number in ending.isMerged.indices
      where ending.isMerged[number] && !agreement.holds(pair: number) { disagreeing += 1 }
    }
    return Member(
      name: name, epoch: ending.epoch, classes: ending.extraction.partition.count,
      automaton: automaton,
      minimalStates: automaton.isComplete ? automaton.minimized().stateCount : nil,
      isEquivalent: try run.task.map {
        try automaton.isEquivalent(to: $0.machine, emptyWordCounts: run.emptyWordCounts)
      },
      isomorphic: twin ?? others.count, merged: ending.isMerged.count { $0 },
      disagreeingMerged: run.agreement.map { _ in disagreeing })
  }

  /// The first of some machines that differs from one in the names of states alone; nil of none.
  ///
  /// Symbols and outputs correspond by name, so that in whatever order machines list them counts
  /// for nothing.
  ///
  /// - Throws: `AlphabetMismatch` if a machine reads other symbols.
  static func firstIsomorphic(
    to machine: MooreMachine, in others: [MooreMachine]
  ) throws(AlphabetMismatch) -> Int? {
    for (index, other) in others.enumerated() {
      if try other.isIsomorphic(to: machine) { return index }
    }
    return nil
  }

  private static func ending(of run: Subject<NetworkCheckpoints>) throws -> Ending {
    let analysis = run.source
    let last = analysis.files[analysis.files.count - 1]
    let scale = try run.scale(at: last)
    let distance = run.mergeDistance * scale
    var ending: Ending?
    try analysis.restricted(to: [last]).forEachTable { epoch, table, system in
      var isMerged: [Bool] = []
      isMerged.reserveCapacity(analysis.words.count * (analysis.words.count - 1) / 2)
      let limit = Float(min(distance, Double(Float.greatestFiniteMagnitude)))
      table.vectors.forEachRowOfDistances(count: analysis.words.count, limit: distance) {
        for index in $1.indices { isMerged.append($1[index] <= limit) }
      }
      ending = Ending(
        epoch: epoch, extraction: try run.extraction(table, system, scale: scale),
        isMerged: isMerged)
    }
    guard let ending else { preconditionFailure("a run has a last checkpoint") }
    return ending
  }

  // MARK: Pairs

  /// In how many runs two different words are merged.
  func runsMerging(_ a: Int, _ b: Int) -> Int {
    let (low, high) = (min(a, b), max(a, b))
    return Int(counts[Agreement.start(of: low, count: words.count) + high - low - 1])
  }

  /// Goes through the agreeing pairs, or all pairs where no task is known, with the number of runs
  /// in which each is merged.
  private func forEachCandidate(_ body: (Int, Int, Int) -> Void) {
    var number = 0
    for a in 0..<words.count {
      for b in a + 1..<max(words.count, a + 1) {
        if agreement?.holds(a, b) ?? true { body(a, b, Int(counts[number])) }
        number += 1
      }
    }
  }

  /// histogram[n]: how many agreeing pairs (all pairs where no task is known) are merged in n runs.
  var histogram: [Int] {
    var histogram = [Int](repeating: 0, count: members.count + 1)
    forEachCandidate { _, _, count in histogram[count] += 1 }
    return histogram
  }

  /// The same for each length of the shorter word.
  var histogramByLength: [[Int]] {
    let lengths = (0..<words.count).map { words.length(of: $0) }
    var groups = [[Int]](
      repeating: Array(repeating: 0, count: members.count + 1), count: words.depth + 1)
    forEachCandidate { a, _, count in groups[lengths[a]][count] += 1 }
    return groups
  }

  // MARK: What is said

  /// What the runs have in common, in sentences.
  public var summary: String {
    let states = members.map(\.automaton.stateCount).sorted()
    let distinct = Set(members.map(\.isomorphic)).count
    let histogram = histogram
    let total = histogram.reduce(0, +)
    let (none, every) = (histogram[0], histogram[members.count])
    var text =
      "The last automata of \(members.count) runs have \(states[0]) to "
      + "\(states[states.count - 1]) states (median \(states.lowerMedian ?? 0)); "
      + (distinct == members.count
        ? "no two are isomorphic"
        : "up to the names of states there are \(distinct) different ones")
    let known = members.compactMap(\.isEquivalent)
    if !known.isEmpty {
      let right = known.count { $0 }
      text +=
        right == known.count
        ? ", and all compute the task" : ", and \(right) of \(known.count) compute the task"
    }
    text += ". Of \(counted(total, agreement == nil ? "pair" : "agreeing pair")) of words "
    func part(_ count: Int) -> String {
      "\(count.grouped) (\((Double(count) / Double(max(total, 1))).percent))"
    }
    text += "\(part(every)) are merged in every run, \(part(total - none - every)) in some, "
    text += "\(part(none)) in none"
    let disagreeing = members.compactMap(\.disagreeingMerged).reduce(0, +)
    if agreement != nil {
      text += "; of disagreeing pairs "
      text +=
        disagreeing == 0
        ? "none is merged in any run" : "\(disagreeing.grouped) are merged, over all runs"
    }
    return text + "."
  }
}
