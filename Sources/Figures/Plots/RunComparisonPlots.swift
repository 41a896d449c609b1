// Many runs of one recipe side by side: their last automata, and which mergers they share.

internal import Automata
internal import Extraction
internal import Files
internal import Studies

extension RunComparison {
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
    let wrong =
      ", \"\" using \"number\":(wrong(column(\"states\"))) with boxes "
      + "lc rgb \"\(FigureStyle.vermillion)\" title \"does not\""
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
      plot "\(name).csv" using "number":(right(column("states"))) with boxes \
      lc rgb "\(FigureStyle.sky)"\
      \(members.contains { $0.isEquivalent == true } ? " title \"computes the task\"" : "")\
      \(members.contains { $0.isEquivalent == false } ? wrong : ""), \\
        "" using "number":"minimal_states" with points pt 7 ps 0.4 lc rgb "#000000" title "minimal"
      """
    return .drawn(
      Plot(
        name: name, title: "The last automaton of each run", answers: "Fig. 8", caption: summary,
        width: Plot.column, height: 58, tables: [("", table)], commands: commands))
  }

  // MARK: Pair by pair

  /// The words that are shown one by one: all up to the greatest length at which there are at most 127.
  private var shownWords: [Int] {
    let length = (0...words.depth).last { words.levelStarts[$0 + 1] <= 127 } ?? 0
    let shown = Array(0..<words.levelStarts[length + 1])
    guard let kinds else { return shown }
    return shown.sorted { (kinds[$0], $0) < (kinds[$1], $1) }
  }

  private var sharedMergers: Figure {
    let name = "shared-mergers"
    let shown = shownWords
    let length = words.length(of: shown.max() ?? 0)
    var (every, some, none) = (0, 0, 0)
    for (index, a) in shown.enumerated() {
      for b in shown[(index + 1)...] where agreement?.holds(a, b) ?? true {
        switch runsMerging(a, b) {
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
          + ". Of those pairs that \(agreement == nil ? "there are" : "agree") \(every.grouped) "
          + "are merged in all \(members.count) runs, \(some.grouped) in some, \(none.grouped) in "
          + "none.",
        width: Plot.column, height: 72, tables: [("", sharedTable(shown))],
        commands: sharedCommands("\(name).csv", shown, length: length)))
  }

  private func sharedTable(_ shown: [Int]) -> CSVTable {
    var table = CSVTable(["row", "column", "first", "second", "agreeing", "runs", "share"])
    let names = shown.map { alphabet.format(words.word(of: $0)) }
    for (row, a) in shown.enumerated() {
      for (column, b) in shown.enumerated() {
        let count = a == b ? members.count : runsMerging(a, b)
        table.add([
          row, column, names[row], names[column],
          agreement.map { $0.holds(a, b) ? "true" : "false" }, count,
          Double(count) / Double(members.count),
        ])
      }
    }
    return table
  }

  private func sharedCommands(_ data: String, _ shown: [Int], length: Int) -> String {
    // Lines between the task's states.
    var lines = ""
    let end = Double(shown.count) - 0.5
    if let kinds {
      for position in shown.indices.dropFirst()
      where kinds[shown[position]] != kinds[shown[position - 1]] {
        let place = Double(position) - 0.5
        let style = "nohead front lc rgb \"#777777\" lw 0.5\n"
        lines += "set arrow from \(place), -0.5 to \(place), \(end) \(style)"
        lines += "set arrow from -0.5, \(place) to \(end), \(place) \(style)"
      }
    }
    return """
      set size ratio -1
      set xrange [-0.5:\(Double(shown.count) - 0.5)]
      set yrange [\(Double(shown.count) - 0.5):-0.5]
      unset xtics
      unset ytics
      set xlabel "words up to length \(length)\(kinds == nil ? "" : ", by the task's states")" \
      offset 0,0.4
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
      plot "\(data)" using (column("share") > 0 && column("column") <= column("row") ? \
      column("column") : NaN):(column("row")):(0.5):(0.5):(100 * column("share")) \
      with boxxyerror fc palette
      """
  }

  // MARK: By lengths

  private var mergerShares: Figure {
    let name = "merger-shares"
    let half = members.count / 2
    var table = CSVTable(["shorter_length", "runs", "pairs", "share_of_pairs"])
    var bands = CSVTable([
      "shorter_length", "pairs", "every_run", "most_runs", "some_runs", "no_run",
    ])
    for (length, row) in histogramByLength.enumerated() {
      let total = row.reduce(0, +)
      guard total > 0 else { continue }
      for (count, pairs) in row.enumerated() {
        table.add([length, count, pairs, Double(pairs) / Double(total)])
      }
      let most = half + 1 < members.count ? row[(half + 1)..<members.count].reduce(0, +) : 0
      let every = row[members.count]
      func share(_ count: Int) -> Double { Double(count) / Double(total) }
      bands.add([
        length, total, share(every), share(most), share(total - row[0] - every - most),
        share(row[0]),
      ])
    }
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
          + "\(members.count) runs, \((Double(every) / Double(total)).percent) in all: of the "
          + "mergers that happen somewhere \((Double(every) / Double(max(ever, 1))).percent) happen "
          + "everywhere. The full distribution over numbers of runs is in \(name).csv.",
        width: Plot.column, height: 60, tables: [("", table), ("-bands", bands)],
        commands: sharesCommands("\(name)-bands.csv")))
  }

  private func sharesCommands(_ data: String) -> String {
    """
    set boxwidth 0.75
    set xrange [-0.6:\(Double(words.depth) + 0.6)]
    set yrange [0:*]
    set format y "%g %%"
    set xtics 1
    set xlabel "length of the shorter word"
    set ylabel "\(agreement == nil ? "pairs" : "agreeing pairs")"
    set key outside top center horizontal maxrows 1 samplen 1
    plot "\(data)" using "shorter_length":(100 * (column("every_run") + \
    column("most_runs") + column("some_runs"))) with boxes lc rgb "#C9DDEC" title "in some runs", \\
      "" using "shorter_length":(100 * (column("every_run") + column("most_runs"))) with boxes \
    lc rgb "#5BA3CF" title "in most", \\
      "" using "shorter_length":(100 * column("every_run")) with boxes lc rgb "#08306B" \
    title "in all"
    """
  }
}
