// What becomes of pairs of words: how many merge, by their lengths; how far apart they are.

internal import Automata
internal import Extraction
internal import Files
internal import Studies

/// Agreeing pairs by the lengths of their words.
struct LengthGrid {
  struct Cell {
    var pairs = 0
    var merged = 0
    var linked = 0
    var movedApart = 0
  }

  /// cells[shorter][longer].
  private(set) var cells: [[Cell]]

  init(_ pairs: PairHistory) {
    let words = pairs.words
    let lengths = (0..<words.count).map { words.length(of: $0) }
    var cells = [[Cell]](
      repeating: Array(repeating: Cell(), count: words.depth + 1), count: words.depth + 1)
    pairs.forEachPair { (pair: PairHistory.Pair) in
      guard pair.agrees == true else { return }
      let (a, b) = (lengths[pair.first], lengths[pair.second])
      cells[a][b].pairs += 1
      if pair.isMerged { cells[a][b].merged += 1 }
      if pair.mergerEpoch != nil { cells[a][b].linked += 1 }
      if pair.movedApartFirst { cells[a][b].movedApart += 1 }
    }
    self.cells = cells
  }

  func sum(_ value: (Cell) -> Int) -> Int { cells.joined().reduce(0) { $0 + value($1) } }

  /// A table of shares by lengths, and a heat map of it.
  func plot(
    name: String, title: String, answers: String, caption: String, label: String,
    part: (Cell) -> Int, whole: (Cell) -> Int, wholeName: String, partName: String
  ) -> Plot {
    var table = CSVTable(["shorter_length", "longer_length", wholeName, partName, "share"])
    var greatest = 0.0
    for (shorter, row) in cells.enumerated() {
      for (longer, cell) in row.enumerated() where whole(cell) > 0 {
        let share = Double(part(cell)) / Double(whole(cell))
        greatest = max(greatest, 100 * share)
        table.add([shorter, longer, whole(cell), part(cell), share])
      }
    }
    if greatest == 0 { greatest = 100 }
    let last = cells.count - 1
    let commands = """
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
      plot "\(name).csv" using "shorter_length":"longer_length":(0.48):(0.48):\
      (100 * column("share")) with boxxyerror fc palette, \\
        "" using "shorter_length":"longer_length":(sprintf(column("share") > 0 && \
      column("share") < 0.01 ? "%.1f" : "%.0f", 100 * column("share"))):(ink(100 * column("share"))) \
      with labels tc rgb variable font ",\(last > 12 ? 5 : 7.2)"
      """
    return Plot(
      name: name, title: title, answers: answers, caption: caption, width: Plot.column, height: 72,
      tables: [("", table)], commands: commands)
  }
}

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
    return .drawn(
      grid.plot(
        name: name, title: "Agreeing pairs merged, by lengths", answers: "Fig. 7",
        caption: caption, label: "agreeing pairs merged", part: \.merged, whole: \.pairs,
        wholeName: "agreeing_pairs", partName: "merged"))
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
    func share(_ isSuch: (Int) -> Bool) -> Double? {
      var (part, whole) = (0, 0)
      for (a, row) in grid.cells.enumerated() {
        for (b, cell) in row.enumerated() where isSuch(b - a) {
          part += cell.movedApart
          whole += cell.linked
        }
      }
      return whole > 0 ? Double(part) / Double(whole) : nil
    }
    var caption =
      "Of \(counted(linked, "agreeing pair")) that have merged for good \(apart.grouped) "
      + "(\((Double(apart) / Double(linked)).percent)) had first moved apart by more than "
      + "\(Int(PairHistory.divergence)) merge distances"
    if let same = share({ $0 == 0 }), let far = share({ $0 >= 3 }) {
      caption +=
        "; of pairs of equal length \(same.percent), of those whose lengths differ by 3 or more "
      caption += "\(far.percent)"
    }
    return .drawn(
      grid.plot(
        name: name, title: "Mergers that first diverge, by lengths", answers: "Fig. 14",
        caption: caption + ".", label: "mergers that first diverge", part: \.movedApart,
        whole: \.linked, wholeName: "mergers", partName: "moved_apart_first"))
  }

  func meanDistance() -> Figure {
    let name = "mean-distance"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    guard study.pairs != nil else {
      return .leftOut(name: name, because: "there are too many pairs of words to measure all")
    }
    var table = CSVTable(["epoch", "all", "agreeing", "disagreeing"])
    for entry in entries {
      guard let pairs = entry.pairs else { continue }
      table.add([
        entry.epoch, pairs.meanDistance, pairs.meanAgreeingDistance,
        pairs.meanDisagreeingDistance,
      ])
    }
    let isKnown = subject.agreement != nil
    var commands = """
      set xlabel "epoch"
      set ylabel "mean distance between words"
      set yrange [0:*]
      set xrange [0:\(max(1, entries[entries.count - 1].epoch))]
      set key outside top right horizontal maxrows 1
      plot "\(name).csv" using "epoch":"all" with lines ls 7 lw 1.6 title "all pairs"
      """
    if isKnown {
      for (column, style) in [("agreeing", 1), ("disagreeing", 2)] {
        commands +=
          ", \\\n  \"\" using \"epoch\":\"\(column)\" with lines ls \(style) title \"\(column)\""
      }
    }
    let first = entries[0]
    let last = entries[entries.count - 1]
    let peak = entries.max { ($0.pairs?.meanDistance ?? 0) < ($1.pairs?.meanDistance ?? 0) }
    var caption =
      "The mean distance of all pairs goes from \((first.pairs?.meanDistance ?? 0).brief) to "
      + "\((last.pairs?.meanDistance ?? 0).brief); it is largest at epoch \(peak?.epoch ?? 0), "
      + "\((peak?.pairs?.meanDistance ?? 0).brief). "
    if let agreeing = last.pairs?.meanAgreeingDistance,
      let others = last.pairs?.meanDisagreeingDistance
    {
      caption +=
        "At the end agreeing pairs are \(agreeing.brief) apart, disagreeing ones \(others.brief); "
      caption += "the merge distance is \(mergeDistance.brief)."
    }
    return .drawn(
      Plot(
        name: name, title: "Mean distance between words", answers: "Fig. 12", caption: caption,
        width: Plot.column, height: 58, tables: [("", table)], commands: commands))
  }

  func pairsApart() -> Figure {
    let name = "pairs-apart"
    if let problem = needsSeveralCheckpoints ?? agreementProblem {
      return .leftOut(name: name, because: problem)
    }
    var table = CSVTable(["epoch", "agreeing", "disagreeing"])
    var apart: [(epoch: Int, agreeing: Int, disagreeing: Int)] = []
    for entry in entries {
      guard let pairs = entry.pairs, let agreeing = pairs.agreeingPairs,
        let disagreeingMerged = pairs.disagreeingMerged
      else { continue }
      apart.append(
        (
          entry.epoch, agreeing - (pairs.merged - disagreeingMerged),
          pairs.pairs - agreeing - disagreeingMerged
        ))
      table.add([entry.epoch, apart[apart.count - 1].agreeing, apart[apart.count - 1].disagreeing])
    }
    let most = apart.map { max($0.agreeing, $0.disagreeing) }.max() ?? 0
    let unit: (size: Double, name: String) =
      most >= 500_000 ? (1e6, " (millions)") : most >= 5000 ? (1e3, " (thousands)") : (1, "")
    let commands = """
      set xlabel "epoch"
      set ylabel "pairs of words not merged\(unit.name)"
      set yrange [0:*]
      set xrange [0:\(max(1, entries[entries.count - 1].epoch))]
      set key outside top right horizontal maxrows 1
      plot "\(name).csv" using "epoch":(column("agreeing") / \(unit.size)) with lines ls 1 title "agreeing", \\
        "" using "epoch":(column("disagreeing") / \(unit.size)) with lines ls 2 title "disagreeing"
      """
    let (first, last) = (apart[0], apart[apart.count - 1])
    let mostAgreeing = apart.max { $0.agreeing < $1.agreeing } ?? last
    let mostOthers = apart.max { $0.disagreeing < $1.disagreeing } ?? last
    let caption =
      "Agreeing pairs apart rise from \(first.agreeing.grouped) to \(mostAgreeing.agreeing.grouped) at "
      + "epoch \(mostAgreeing.epoch) and end at \(last.agreeing.grouped); disagreeing ones rise from "
      + "\(first.disagreeing.grouped) to \(mostOthers.disagreeing.grouped) at epoch \(mostOthers.epoch) "
      + "and end at \(last.disagreeing.grouped)."
    return .drawn(
      Plot(
        name: name, title: "Pairs of words not merged", answers: "Fig. 15", caption: caption,
        width: Plot.column, height: 58, tables: [("", table)], commands: commands))
  }
}
