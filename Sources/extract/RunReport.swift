// What `extract --checkpoints` finds in a run: the history, its files, and the story in a table.

import Automata
import Drawing
import Foundation
import LinearAlgebra
import RNN
import Tasks

/// The history of a run, and how its last network does on long words.
struct RunReport {
  private let analysis: RunAnalysis
  private let folder: RunFolder
  private let task: Language?
  private let metrics: [EpochMetrics]
  private let scale: Double
  private let mergeShare: Double
  private let scaleIsOfRun: Bool
  private let history: History
  private let longWords: [LongWordScore]

  /// Reads every checkpoint twice: once for the scale, once to extract its automaton.
  init(
    analysis: RunAnalysis, folder: RunFolder, task: Language?, options: AutomataCommand
  ) throws {
    self.analysis = analysis
    self.folder = folder
    self.task = task
    metrics = try folder.metrics()
    mergeShare = options.mergeDistance
    let scaleIsOfRun = options.scale == .run
    self.scaleIsOfRun = scaleIsOfRun

    let words = analysis.words
    let checkpointCount = analysis.files.count
    let bar = ProgressBar(total: checkpointCount * (scaleIsOfRun ? 2 : 1))
    defer { bar.finish() }
    var done = 0
    func advance(_ epoch: Int) {
      done += 1
      bar.update(done, "epoch \(epoch)")
    }

    let runScale = try scaleIsOfRun ? analysis.scale(advance) : 0
    // Words agree where they lead to one state of the task's minimal machine.
    let classes = task.map { task in
      let machine = task.machine.minimized()
      return (0..<words.count).map { Int32(machine.state(after: words.word(of: $0)) ?? 0) }
    }
    let losses = Dictionary(metrics.map { ($0.epoch, $0) }) { $1 }
    var history = try History(
      words: words, alphabet: analysis.alphabet, task: task?.machine)
    var lastScale = runScale
    var longWords: [LongWordScore] = []
    let emptyWordCounts = try options.emptyWord || folder.configuration()?.recipe.minLength == 0
    try analysis.forEachCheckpoint { checkpoint, pass in
      if !scaleIsOfRun {
        var moments = ColumnMoments(columns: analysis.shape.hidden)
        moments.add(pass.hidden, rows: 0..<words.count)
        lastScale = moments.scale
      }
      let distance = options.mergeDistance * lastScale
      let extraction = try analysis.extraction(
        pass, mergeDistance: distance, emptyWordCounts: emptyWordCounts)
      let pairs =
        words.count <= RunAnalysis.mostWordsForPairs
        ? PairDistances(
          pass.hidden, count: words.count, limit: distance,
          labels: classes ?? [Int32](repeating: 0, count: words.count)) : nil
      history.append(
        epoch: checkpoint.epoch, extraction: extraction, pairs: pairs,
        trainLoss: losses[checkpoint.epoch]?.trainLoss,
        validationLoss: losses[checkpoint.epoch]?.validationLoss)
      advance(checkpoint.epoch)
      if checkpoint.epoch == analysis.files[checkpointCount - 1].epoch {
        longWords = try options.lengths().map { length in
          LongWordScore(
            length: length, count: options.validateWords, seed: options.seed,
            network: checkpoint.network, automaton: extraction.automaton, task: task)
        }
      }
    }
    self.scale = lastScale
    self.history = history
    self.longWords = longWords
  }

  /// Writes every file and prints the story.
  func write(to path: String) throws {
    try RunFolder.write(history.statesTable, to: "\(path)/states.csv")
    try RunFolder.write(history.mergersTable, to: "\(path)/mergers.csv")
    for entry in history.entries {
      let digits = RunFolder.digits(entry.epoch)
      let automaton = entry.extraction.automaton
      try RunFolder.write(automaton.dot(), to: "\(path)/epoch-\(digits).dot")
      try RunFolder.write(json(entry), to: "\(path)/epoch-\(digits).json")
      if let minimal = entry.minimal {
        try RunFolder.write(minimal.dot(), to: "\(path)/minimal-\(digits).dot")
        try RunFolder.write(minimal.json(), to: "\(path)/minimal-\(digits).json")
      }
    }
    let frames = history.entries.map { FilmFrame(epoch: $0.epoch, extraction: $0.extraction) }
    for (entry, frame) in zip(history.entries, frames) {
      let digits = RunFolder.digits(entry.epoch)
      try RunFolder.write(drawing(of: frame), to: "\(path)/epoch-\(digits).svg")
      if let minimal = entry.minimal {
        try RunFolder.write(drawing(of: minimal), to: "\(path)/minimal-\(digits).svg")
      }
    }
    let film = Film(
      tree: analysis.words, alphabet: analysis.alphabet, outputAlphabet: analysis.outputAlphabet,
      frames: frames,
      losses: metrics.map {
        LossPoint(epoch: $0.epoch, train: $0.trainLoss, validation: $0.validationLoss)
      },
      title: task?.name ?? folder.path)
    try RunFolder.write(film.svg(), to: "\(path)/movie.svg")
    try RunFolder.write(film.html(), to: "\(path)/movie.html")

    print(summary)
    print("\nWritten to \(path): states.csv, mergers.csv, the automata, movie.svg and movie.html")
  }

  /// The automaton with what the extraction knows of its states.
  private func json(_ entry: History.Entry) -> String {
    let extraction = entry.extraction
    let sizes = extraction.partition.sizes
    return extraction.automaton.json(
      fields: [
        ("epoch", .integer(entry.epoch)), ("classes", .integer(entry.classes)),
        ("consistency", .number(extraction.consistency)),
      ],
      stateFields: { state in
        let number = extraction.classOfState[state]
        let leader = analysis.words.word(of: extraction.partition.leader(of: number))
        return [
          ("leader", .string(analysis.alphabet.format(leader))),
          ("words", .integer(sizes[number])),
          ("disagreeing_outputs", .integer(extraction.disagreements[number])),
        ]
      })
  }

  // MARK: The story

  private var summary: String {
    let entries = history.entries
    // A run has at least one checkpoint.
    let first = entries[0]
    let last = entries[entries.count - 1]
    let words = analysis.words
    var text = """
      \(folder.path): \(task.map { "\($0.name), " } ?? "")\(entries.count) checkpoints, epochs \
      \(first.epoch) to \(last.epoch); \(words.count) words up to length \(words.depth)
      merge distance \((mergeShare * scale).brief) = \(mergeShare.brief) × \(scale.brief), the \
      scale of the \(scaleIsOfRun ? "run" : "last checkpoint")


      """
    var table = TextTable(
      "epoch", "states", "classes", "open", "consistency", "train loss", "validation loss", "")
    for (entry, notes) in turningPoints {
      table.add(
        "\(entry.epoch)", "\(entry.states)", "\(entry.classes)",
        "\(entry.extraction.automaton.openTransitionCount)",
        entry.extraction.consistency.fixed(3), entry.trainLoss?.brief ?? "",
        entry.validationLoss?.brief ?? "", notes.joined(separator: ", "))
    }
    text += table.text
    text += "\n" + verdict(last) + "\n"
    if !longWords.isEmpty {
      var table = TextTable(
        "length", "words", "network right", "automaton right", "both agree")
      for score in longWords {
        table.add(
          "\(score.length)", "\(score.words)", score.networkAccuracy?.fixed(3) ?? "",
          score.automatonAccuracy?.fixed(3) ?? "", score.fidelity.fixed(3))
      }
      text += "\nThe last network and its automaton on random words:\n" + table.text
    }
    return text.trimmingCharacters(in: .newlines)
  }

  /// The checkpoints at which the story turns, in order, each with what happens there.
  private var turningPoints: [(History.Entry, [String])] {
    let entries = history.entries
    var notes: [Int: [String]] = [:]
    func note(_ index: Int?, _ text: String) {
      if let index { notes[index, default: []].append(text) }
    }
    note(0, "first checkpoint")
    let largest = entries.indices.max { entries[$0].states < entries[$1].states }
    note(largest, "most states")
    note(Self.lastStretch(entries) { $0.isComplete }, "complete from here on")
    if task != nil {
      note(
        Self.lastStretch(entries) { $0.isEquivalentToTask }, "equivalent to the task from here on")
    }
    let accurate = metrics.first { $0.validationAccuracy == 1 }
    note(
      accurate.flatMap { row in entries.firstIndex { $0.epoch >= row.epoch } },
      "validation accuracy 1 at epoch \(accurate?.epoch ?? 0)")
    note(entries.count - 1, "last checkpoint")
    // Between the turning points a few more rows show the way.
    for share in 1..<8 { notes[share * (entries.count - 1) / 8, default: []] += [] }
    return notes.keys.sorted().map { (entries[$0], notes[$0] ?? []) }
  }

  /// The first entry from which on all satisfy `condition`, or nil if the last does not.
  private static func lastStretch(
    _ entries: [History.Entry], _ condition: (History.Entry) -> Bool
  ) -> Int? {
    let start = (entries.lastIndex { !condition($0) } ?? -1) + 1
    return start < entries.count ? start : nil
  }

  private func verdict(_ last: History.Entry) -> String {
    var text = "The last automaton has \(last.states) states"
    if let minimal = last.minimal {
      text += ", is complete, and its minimal equivalent has \(minimal.stateCount)"
    } else {
      let open = last.extraction.automaton.openTransitionCount
      text += " and \(open) open transition\(open == 1 ? "" : "s")"
    }
    switch last.comparison {
    case .equivalent:
      text += ": it computes \(task?.name ?? "the task") on words of any length."
    case .different(let word):
      text += "; it differs from \(task?.name ?? "the task") on \(analysis.alphabet.format(word))."
    case nil:
      text += "."
    }
    if task != nil, let pairs = last.pairs {
      text +=
        "\nOf \(pairs.pairs) pairs of words \(pairs.close) are merged, "
        + "\(pairs.closeAndDifferent) of them although the task tells them apart."
    }
    return text
  }
}

/// How a network and its automaton do on random words of one length.
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
    // Without a task the automaton's own alphabet will do; the targets are then not used.
    let set = WordSet.random(
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
