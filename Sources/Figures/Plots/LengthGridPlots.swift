// How many agreeing pairs merge, and how many of these first move apart, by the lengths of their
// words.

internal import Extraction
internal import Files
internal import Studies

extension RunFigures {
  func mergedByLength() -> Figure {
    let name = "merged-by-length"
    if let problem = agreementProblem { return .leftOut(name: name, because: problem) }
    guard let pairs = study.pairs else { return .leftOut(name: name, because: "no pairs") }
    let grid = LengthGrid(pairs)
    let (all, merged) = (grid.sum(\.pairs), grid.sum(\.merged))
    guard all > 0 else { return .leftOut(name: name, because: "no two words agree") }
    let least = grid.cells.firstIndex { row in row.contains { $0.merged > 0 } }
    let disagreeing = entries[entries.count - 1].pairs?.disagreeingMerged ?? 0
    var caption =
      "Of \(counted(all, "agreeing pair")) of words \(merged.grouped) "
      + "(\((Double(merged) / Double(all)).percent)) are merged at the last checkpoint, of the "
      + "disagreeing ones \(disagreeing.grouped). "
    if let least {
      caption += "No pair is merged whose shorter word has fewer than \(counted(least, "symbol")). "
    }
    caption += "Numbers are percentages of the agreeing pairs of these lengths."
    let shares = LengthShares(
      grid: grid, part: ("merged", \.merged), whole: ("agreeing_pairs", \.pairs))
    return .drawn(
      Plot(
        name: name, title: "Agreeing pairs merged, by lengths", answers: "Fig. 7",
        caption: caption, width: Plot.column, height: 72, tables: [("", shares.table)],
        commands: shares.commands("\(name).csv", label: "agreeing pairs merged")))
  }

  func divergingMergers() -> Figure {
    let name = "diverging-mergers"
    if let problem = needsSeveralCheckpoints ?? agreementProblem {
      return .leftOut(name: name, because: problem)
    }
    guard let pairs = study.pairs else { return .leftOut(name: name, because: "no pairs") }
    let grid = LengthGrid(pairs)
    let (linked, apart) = (grid.sum(\.linked), grid.sum(\.movedApart))
    guard linked > 0 else { return .leftOut(name: name, because: "no agreeing pair has merged") }
    var caption =
      "Of \(counted(linked, "agreeing pair")) that have merged for good \(apart.grouped) "
      + "(\((Double(apart) / Double(linked)).percent)) had first moved apart by more than "
      + "\(Int(PairHistory.divergence)) merge distances"
    if let same = grid.movedApartShare(where: { $0 == 0 }),
      let far = grid.movedApartShare(where: { $0 >= 3 })
    {
      caption +=
        "; of pairs of equal length \(same.percent), of those whose lengths differ by 3 or more "
      caption += "\(far.percent)"
    }
    let shares = LengthShares(
      grid: grid, part: ("moved_apart_first", \.movedApart), whole: ("mergers", \.linked))
    return .drawn(
      Plot(
        name: name, title: "Mergers that first diverge, by lengths", answers: "Fig. 14",
        caption: caption + ".", width: Plot.column, height: 72, tables: [("", shares.table)],
        commands: shares.commands("\(name).csv", label: "mergers that first diverge")))
  }
}

/// The share of some pairs among others, by the lengths of their words.
private struct LengthShares {
  let grid: LengthGrid
  /// The names of the columns, and what they hold.
  let part, whole: (name: String, value: (LengthGrid.Cell) -> Int)

  /// The share of a cell; nil where there is no pair.
  private func share(_ cell: LengthGrid.Cell) -> Double? {
    whole.value(cell) > 0 ? Double(part.value(cell)) / Double(whole.value(cell)) : nil
  }

  var table: CSVTable {
    var table = CSVTable(["shorter_length", "longer_length", whole.name, part.name, "share"])
    for (shorter, row) in grid.cells.enumerated() {
      for (longer, cell) in row.enumerated() {
        guard let share = share(cell) else { continue }
        table.add([shorter, longer, whole.value(cell), part.value(cell), share])
      }
    }
    return table
  }

  /// gnuplot's commands for a heat map with numbers.
  func commands(_ data: String, label: String) -> String {
    let most = grid.cells.joined().compactMap { share($0).map { 100 * $0 } }.max() ?? 0
    let greatest = most == 0 ? 100 : most
    let last = grid.cells.count - 1
    return """
      set size ratio -1
      set xrange [-0.5:\(Double(last) + 0.5)]
      set yrange [-0.5:\(Double(last) + 0.5)]
      set xtics \(max(1, last / 10))
      set ytics \(max(1, last / 10))
      set xlabel "length of the shorter word"
      set label 1 "length of the longer word" at screen 0.03, graph 0.5 center rotate
      set label 2 "\(label)" at screen 0.975, graph 0.5 center rotate
      set cbrange [0:\(greatest)]
      set format cb "%g %%"
      set colorbox user origin graph 1.04, graph 0 size graph 0.04, graph 1 noborder
      set lmargin at screen 0.13
      set rmargin at screen 0.775
      set tmargin at screen 0.97
      set bmargin at screen 0.19
      ink(share) = share > \(0.55 * greatest) ? 0xFFFFFF : 0x000000
      plot "\(data)" using "shorter_length":"longer_length":(0.48):(0.48):\
      (100 * column("share")) with boxxyerror fc palette, \\
        "" using "shorter_length":"longer_length":(sprintf(column("share") > 0 && \
      column("share") < 0.01 ? "%.1f" : "%.0f", 100 * column("share"))):\
      (ink(100 * column("share"))) \
      with labels tc rgb variable font ",\(last > 12 ? 5 : 7.2)"
      """
  }
}
