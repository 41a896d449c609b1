// How far apart words are over epochs: their mean distance, and how many pairs are not merged.

internal import Extraction
internal import Files
internal import Studies

extension RunFigures {
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
    var commands = """
      set xlabel "epoch"
      set ylabel "mean distance between words"
      set yrange [0:*]
      set xrange [0:\(max(1, entries[entries.count - 1].epoch))]
      set key outside top right horizontal maxrows 1
      plot "\(name).csv" using "epoch":"all" with lines ls 7 lw 1.6 title "all pairs"
      """
    if subject.agreement != nil {
      for (column, style) in [("agreeing", 1), ("disagreeing", 2)] {
        commands +=
          ", \\\n  \"\" using \"epoch\":\"\(column)\" with lines ls \(style) title \"\(column)\""
      }
    }
    return .drawn(
      Plot(
        name: name, title: "Mean distance between words", answers: "Fig. 12",
        caption: meanDistanceCaption, width: Plot.column, height: 58, tables: [("", table)],
        commands: commands))
  }

  private var meanDistanceCaption: String {
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
    return caption
  }

  func pairsApart() -> Figure {
    let name = "pairs-apart"
    if let problem = needsSeveralCheckpoints ?? agreementProblem {
      return .leftOut(name: name, because: problem)
    }
    let apart = PairsApart(entries).rows
    var table = CSVTable(["epoch", "agreeing", "disagreeing"])
    for row in apart { table.add([row.epoch, row.agreeing, row.disagreeing]) }
    let most = apart.map { max($0.agreeing, $0.disagreeing) }.max() ?? 0
    let unit: (size: Double, name: String) =
      most >= 500_000 ? (1e6, " (millions)") : most >= 5000 ? (1e3, " (thousands)") : (1, "")
    let commands = """
      set xlabel "epoch"
      set ylabel "pairs of words not merged\(unit.name)"
      set yrange [0:*]
      set xrange [0:\(max(1, entries[entries.count - 1].epoch))]
      set key outside top right horizontal maxrows 1
      plot "\(name).csv" using "epoch":(column("agreeing") / \(unit.size)) with lines ls 1 \
      title "agreeing", \\
        "" using "epoch":(column("disagreeing") / \(unit.size)) with lines ls 2 title "disagreeing"
      """
    let (first, last) = (apart[0], apart[apart.count - 1])
    let mostAgreeing = apart.max { $0.agreeing < $1.agreeing } ?? last
    let mostOthers = apart.max { $0.disagreeing < $1.disagreeing } ?? last
    let caption =
      "Agreeing pairs apart rise from \(first.agreeing.grouped) to "
      + "\(mostAgreeing.agreeing.grouped) at epoch \(mostAgreeing.epoch) and end at "
      + "\(last.agreeing.grouped); disagreeing ones rise from \(first.disagreeing.grouped) to "
      + "\(mostOthers.disagreeing.grouped) at epoch \(mostOthers.epoch) and end at \(last.disagreeing.grouped)."
    return .drawn(
      Plot(
        name: name, title: "Pairs of words not merged", answers: "Fig. 15", caption: caption,
        width: Plot.column, height: 58, tables: [("", table)], commands: commands))
  }
}
