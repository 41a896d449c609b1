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
  public struct Member {
    public let name: String
    public let epoch: Int
    public let classes: Int
    public let automaton: MooreMachine
    public let minimalStates: Int?
    public let isEquivalent: Bool?
    /// The number of the first run whose automaton differs in the names of states alone.
    public fileprivate(set) var isomorphic = 0
    public let merged: Int
    public let disagreeingMerged: Int?
  }

  public let members: [Member]
  let alphabet: Alphabet
  let words: PrefixTree
  let agreement: Agreement?
  /// For each pair of words, row by row, in how many runs it is merged.
  private let counts: [UInt16]
  private let kinds: [Int]?

  /// The last checkpoint of a run, with its pairs.
  private struct Ending: Sendable {
    let epoch: Int
    let extraction: Extraction
    let isMerged: [Bool]
  }

  /// Reads the runs in a folder.
  ///
  /// - Throws: `FigureError` if there are fewer than two runs, or if they are of different shapes
  ///   or tasks; else as reading a run does.
  public init(
    _ path: String, _ reading: Reading,
    progress: (_ done: Int, _ total: Int, String) -> Void = { _, _, _ in }
  ) throws {
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
    let words = first.source.words
    guard words.count <= PairHistory.mostWords else {
      throw FigureError.tooManyWords(path, words.count)
    }
    self.words = words
    alphabet = first.source.alphabet
    agreement = first.agreement
    kinds = first.task.map { $0.machine.nerodeClasses(of: words).classes.map(Int.init) }
    let pairCount = words.count * (words.count - 1) / 2
    var counts = [UInt16](repeating: 0, count: pairCount)
    var members: [Member] = []
    for (index, run) in runs.enumerated() {
      progress(index, runs.count, names[index])
      let ending = try Self.ending(of: run)
      let automaton = ending.extraction.automaton
      var number = 0
      var (merged, disagreeing) = (0, 0)
      for a in 0..<words.count {
        for b in a + 1..<max(words.count, a + 1) {
          if ending.isMerged[number] {
            counts[number] += 1
            merged += 1
            if run.agreement?.holds(a, b) == false { disagreeing += 1 }
          }
          number += 1
        }
      }
      let form = automaton.reachable()
      let twin = members.firstIndex { $0.automaton.reachable() == form }
      members.append(
        Member(
          name: names[index], epoch: ending.epoch, classes: ending.extraction.partition.count,
          automaton: automaton,
          minimalStates: automaton.isComplete ? automaton.minimized().stateCount : nil,
          isEquivalent: try run.task.map { try automaton.separatingWord(from: $0.machine) == nil },
          isomorphic: twin ?? index, merged: merged,
          disagreeingMerged: run.agreement.map { _ in disagreeing }))
    }
    self.members = members
    self.counts = counts
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

  // MARK: What is said

  /// How many agreeing pairs (all pairs where no task is known) are merged in so many runs.
  private var histogram: [Int] {
    var histogram = [Int](repeating: 0, count: members.count + 1)
    forEachCandidate { _, _, count in histogram[count] += 1 }
    return histogram
  }

  private func forEachCandidate(_ body: (Int, Int, Int) -> Void) {
    var number = 0
    for a in 0..<words.count {
      for b in a + 1..<max(words.count, a + 1) {
        if agreement?.holds(a, b) ?? true { body(a, b, Int(counts[number])) }
        number += 1
      }
    }
  }

  /// What the runs have in common, in sentences.
  public var summary: String {
    let states = members.map(\.automaton.stateCount).sorted()
    let distinct = Set(members.map(\.isomorphic)).count
    let histogram = histogram
    let total = histogram.reduce(0, +)
    let (none, every) = (histogram[0], histogram[members.count])
    var text =
      "The last automata of \(members.count) runs have \(states[0]) to \(states[states.count - 1]) states "
      + "(median \(states[(states.count - 1) / 2])); "
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
      text +=
        "; of disagreeing pairs \(disagreeing == 0 ? "none is merged in any run" : "\(disagreeing.grouped) are merged, over all runs")"
    }
    return text + "."
  }

  // MARK: Figures

  /// Every figure of the comparison.
  public var figures: [Figure] { [automata, sharedMergers, mergerShares] }

  private var automata: Figure {
    let name = "final-automata"
    var table = CSVTable([
      "number", "run", "epoch", "states", "classes", "minimal_states", "equivalent_to_task",
      "isomorphic_to", "merged_pairs", "disagreeing_merged_pairs",
    ])
    for (index, member) in members.enumerated() {
      table.add([
        index + 1, member.name, member.epoch, member.automaton.stateCount, member.classes,
        member.minimalStates, member.isEquivalent.map { $0 ? "true" : "false" },
        members[member.isomorphic].name, member.merged, member.disagreeingMerged,
      ])
    }
    let commands = """
      set boxwidth 0.7
      set xrange [0.3:\(Double(members.count) + 0.7)]
      set yrange [0:*]
      set xlabel "run"
      set ylabel "states of the last automaton"
      set xtics \(max(1, members.count / 5))
      set key outside top center horizontal
      right(x) = strcol("equivalent_to_task") ne "false" ? x : NaN
      wrong(x) = strcol("equivalent_to_task") eq "false" ? x : NaN
      plot "\(name).csv" using "number":(right(column("states"))) with boxes lc rgb "\(FigureStyle.sky)"\
      \(members.contains { $0.isEquivalent == true } ? " title \"computes the task\"" : "")\
      \(members.contains { $0.isEquivalent == false } ? ", \"\" using \"number\":(wrong(column(\"states\"))) with boxes lc rgb \"\(FigureStyle.vermillion)\" title \"does not\"" : ""), \\
        "" using "number":"minimal_states" with points pt 7 ps 0.4 lc rgb "#000000" title "minimal"
      """
    return .drawn(
      Plot(
        name: name, title: "The last automaton of each run", answers: "Fig. 8", caption: summary,
        width: Plot.column, height: 58, tables: [("", table)], commands: commands))
  }

  /// Words up to so many symbols are shown one by one.
  private var shownWords: [Int] {
    let length = (0...words.depth).last { words.levelStarts[$0 + 1] <= 127 } ?? 0
    let shown = Array(0..<words.levelStarts[length + 1])
    guard let kinds else { return shown }
    return shown.sorted { (kinds[$0], $0) < (kinds[$1], $1) }
  }

  private var sharedMergers: Figure {
    let name = "shared-mergers"
    let shown = shownWords
    var table = CSVTable(["row", "column", "first", "second", "agreeing", "runs", "share"])
    let names = shown.map { alphabet.format(words.word(of: $0)) }
    for (row, a) in shown.enumerated() {
      for (column, b) in shown.enumerated() {
        let (low, high) = (min(a, b), max(a, b))
        let count =
          a == b
          ? members.count
          : Int(counts[low * (2 * words.count - low - 1) / 2 + high - low - 1])
        table.add([
          row, column, names[row], names[column],
          agreement.map { $0.holds(a, b) ? "true" : "false" }, count,
          Double(count) / Double(members.count),
        ])
      }
    }
    let length = words.length(of: shown.max() ?? 0)
    // Lines between the task's states.
    var lines = ""
    if let kinds {
      for position in shown.indices.dropFirst()
      where kinds[shown[position]] != kinds[shown[position - 1]] {
        let place = Double(position) - 0.5
        lines +=
          "set arrow from \(place), -0.5 to \(place), \(Double(shown.count) - 0.5) nohead front lc rgb \"#777777\" lw 0.5\n"
        lines +=
          "set arrow from -0.5, \(place) to \(Double(shown.count) - 0.5), \(place) nohead front lc rgb \"#777777\" lw 0.5\n"
      }
    }
    let commands = """
      set size ratio -1
      set xrange [-0.5:\(Double(shown.count) - 0.5)]
      set yrange [\(Double(shown.count) - 0.5):-0.5]
      unset xtics
      unset ytics
      set xlabel "words up to length \(length)\(kinds == nil ? "" : ", by the task's states")" offset 0,0.4
      set label 1 "the same words" at screen 0.03, graph 0.5 center rotate
      set cbrange [0:100]
      set format cb "%g %%"
      set label 2 "runs in which the pair is merged" at screen 0.975, graph 0.5 center rotate
      set colorbox user origin graph 1.04, graph 0 size graph 0.04, graph 1 noborder
      set lmargin at screen 0.07
      set rmargin at screen 0.775
      set tmargin at screen 0.98
      set bmargin at screen 0.10
      \(lines)
      set object 1 rectangle from graph 0, graph 0 to graph 1, graph 1 behind fc rgb "#F4F7FA" \
      fs solid noborder
      # The lower half says it all.
      plot "\(name).csv" using (column("share") > 0 && column("column") <= column("row") ? \
      column("column") : NaN):(column("row")):(0.5):(0.5):(100 * column("share")) \
      with boxxyerror fc palette
      """
    var (every, some, none) = (0, 0, 0)
    for (index, a) in shown.enumerated() {
      for b in shown[(index + 1)...] where agreement?.holds(a, b) ?? true {
        let (low, high) = (min(a, b), max(a, b))
        switch Int(counts[low * (2 * words.count - low - 1) / 2 + high - low - 1]) {
        case members.count: every += 1
        case 0: none += 1
        default: some += 1
        }
      }
    }
    return .drawn(
      Plot(
        name: name, title: "In which share of runs each pair of words is merged", answers: nil,
        caption: "Every pair of the \(shown.count) words up to length \(length)"
          + (kinds == nil
            ? "" : ", sorted by the state of the task they lead to and then in shortlex order")
          + ". Of those pairs that \(agreement == nil ? "there are" : "agree") \(every.grouped) are merged in all \(members.count) runs, "
          + "\(some.grouped) in some, \(none.grouped) in none.",
        width: Plot.column, height: 72, tables: [("", table)], commands: commands))
  }

  private var mergerShares: Figure {
    let name = "merger-shares"
    let lengths = (0..<words.count).map { words.length(of: $0) }
    var groups = [[Int]](
      repeating: Array(repeating: 0, count: members.count + 1), count: words.depth + 1)
    forEachCandidate { a, _, count in groups[lengths[a]][count] += 1 }
    var table = CSVTable(["shorter_length", "runs", "pairs", "share_of_pairs"])
    var bands = CSVTable([
      "shorter_length", "pairs", "every_run", "most_runs", "some_runs", "no_run",
    ])
    for (length, row) in groups.enumerated() {
      let total = row.reduce(0, +)
      guard total > 0 else { continue }
      for (count, pairs) in row.enumerated() {
        table.add([length, count, pairs, Double(pairs) / Double(total)])
      }
      let half = members.count / 2
      let most = half + 1 < members.count ? row[(half + 1)..<members.count].reduce(0, +) : 0
      let every = row[members.count]
      func share(_ count: Int) -> Double { Double(count) / Double(total) }
      bands.add([
        length, total, share(every), share(most), share(total - row[0] - every - most),
        share(row[0]),
      ])
    }
    let commands = """
      set boxwidth 0.75
      set xrange [-0.6:\(Double(words.depth) + 0.6)]
      set yrange [0:*]
      set format y "%g %%"
      set xtics 1
      set xlabel "length of the shorter word"
      set ylabel "\(agreement == nil ? "pairs" : "agreeing pairs")"
      set key outside top center horizontal maxrows 1 samplen 1
      plot "\(name)-bands.csv" using "shorter_length":(100 * (column("every_run") + \
      column("most_runs") + column("some_runs"))) with boxes lc rgb "#C9DDEC" title "in some runs", \\
        "" using "shorter_length":(100 * (column("every_run") + column("most_runs"))) with boxes \
      lc rgb "#5BA3CF" title "in most", \\
        "" using "shorter_length":(100 * column("every_run")) with boxes lc rgb "#08306B" title "in all"
      """
    let histogram = histogram
    let total = max(histogram.reduce(0, +), 1)
    let ever = total - histogram[0]
    let every = histogram[members.count]
    return .drawn(
      Plot(
        name: name, title: "Mergers in all, most, some runs, by the length of the shorter word",
        answers: nil,
        caption:
          "\((Double(ever) / Double(total)).percent) of the pairs are merged in at least one of "
          + "\(members.count) runs, \((Double(every) / Double(total)).percent) in all: of the mergers that happen "
          + "somewhere \((Double(every) / Double(max(ever, 1))).percent) happen everywhere. The full "
          + "distribution over numbers of runs is in \(name).csv.",
        width: Plot.column, height: 60, tables: [("", table), ("-bands", bands)],
        commands: commands))
  }
}
