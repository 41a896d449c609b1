// Losses and numbers of states over epochs, and losses by the length of words.

internal import Extraction
internal import Files
internal import RNN
internal import Studies

extension RunFigures {
  func lossesAndStates() -> Figure {
    let name = "losses-and-states"
    if let problem = needsSeveralCheckpoints, study.metrics.count < 2 {
      return .leftOut(name: name, because: problem)
    }
    let hasLosses = study.metrics.contains { $0.trainLoss.isFinite && $0.trainLoss > 0 }
    let complete = study.history.start(ofLasting: \.isComplete).map { entries[$0].epoch }
    return .drawn(
      Plot(
        name: name, title: "Losses and number of states", answers: "Fig. 1 and 4",
        caption: lossesCaption(hasLosses: hasLosses, complete: complete), width: Plot.column,
        height: hasLosses ? 95 : 60, tables: [("", lossesTable)],
        commands: lossesCommands("\"\(name).csv\"", hasLosses: hasLosses, complete: complete)))
  }

  /// Epochs between checkpoints have losses but no automaton.
  private var lossesTable: CSVTable {
    let losses = Dictionary(study.metrics.map { ($0.epoch, $0) }) { $1 }
    let automata = Dictionary(uniqueKeysWithValues: entries.map { ($0.epoch, $0) })
    var table = CSVTable([
      "epoch", "train_loss", "validation_loss", "states", "classes", "lasting_classes",
    ])
    for epoch in Set(losses.keys).union(automata.keys).sorted() {
      let entry = automata[epoch]
      table.add([
        epoch, losses[epoch]?.trainLoss, losses[epoch]?.validationLoss, entry?.states,
        entry?.classes, entry?.pairs?.lasting.count,
      ])
    }
    return table
  }

  private func lossesCommands(_ data: String, hasLosses: Bool, complete: Int?) -> String {
    let last = max(1, entries.map(\.epoch).max() ?? 1, study.metrics.map(\.epoch).max() ?? 1)
    var commands = """
      set lmargin at screen 0.17
      set rmargin at screen 0.94
      set xrange [0:\(last)]
      set logscale y
      set format y "10^{%T}"

      """
    if hasLosses { commands += "set multiplot\n" }
    if let complete {
      commands += "set arrow 1 from first \(complete), graph 0 to first \(complete), "
      commands += "graph 1 nohead ls 8\n"
    }
    if hasLosses {
      commands += """
        set tmargin at screen 0.94
        set bmargin at screen 0.59
        set label 1 "loss" at screen 0.025, graph 0.5 center rotate
        set format x ""
        set key at graph 1, 1.02 bottom right horizontal maxrows 1
        plot \(data) using "epoch":"train_loss" with lines ls 1 title "training", \\
          \(data) using "epoch":"validation_loss" with lines ls 2 title "validation"

        """
    }
    commands += """
      set tmargin at screen \(hasLosses ? 0.54 : 0.95)
      set bmargin at screen 0.14
      set xlabel "epoch"
      set label 1 "number of states" at screen 0.025, graph 0.5 center rotate
      set format x "%g"
      set format y "%g"
      set key at graph 0.02, 0.98 top left vertical maxrows 2
      plot \(data) using "epoch":"states" with lines lc rgb "\(FigureStyle.sky)" lw 0.9 \
      title "states"
      """
    if entries.contains(where: { $0.pairs != nil }) {
      commands += ", \\\n  \(data) using \"epoch\":\"lasting_classes\" "
      commands += "with lines ls 7 title \"lasting classes\""
    }
    return commands + (hasLosses ? "\nunset multiplot" : "")
  }

  private func lossesCaption(hasLosses: Bool, complete: Int?) -> String {
    let most = entries.max { $0.states < $1.states } ?? entries[0]
    let last = entries[entries.count - 1]
    var caption =
      "The number of states of the automaton starts at \(entries[0].states), is largest at epoch "
      + "\(most.epoch) with \(most.states), and ends at \(last.states)"
    if let lasting = last.pairs?.lasting.count {
      caption += "; of lasting classes, which wavering of single pairs does not change, there are "
      caption += "\(lasting) at the end"
    }
    caption += ". "
    if let complete {
      caption += "From epoch \(complete) on (dashed) the automaton is complete. "
    }
    if let row = study.metrics.first(where: { $0.validationAccuracy == 1 }) {
      caption += "All validation words are right for the first time after epoch \(row.epoch). "
    }
    if !hasLosses { caption += "No losses are known: the run has no metrics.csv. " }
    return caption
  }

  func lossByLengthFigure() -> Figure {
    let name = "loss-by-length"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    guard let losses = lossByLength else {
      return .leftOut(
        name: name, because: "no machine is known that says what is right")
    }
    var table = CSVTable(["epoch"] + losses.lengths.map { "length_\($0)" })
    for (epoch, row) in zip(losses.epochs, losses.losses) { table.add([epoch] + row) }
    return .drawn(
      Plot(
        name: name, title: "Loss by word length", answers: "Fig. 6", caption: losses.caption,
        width: Plot.doubleColumn, height: 68, tables: [("", table)],
        commands: losses.commands("\"\(name).csv\"")))
  }
}

extension LossByLength {
  /// gnuplot's commands: short lengths on the left, long ones on the right.
  fileprivate func commands(_ data: String) -> String {
    func curves(_ lengths: [Int], from: UInt32, to: UInt32) -> String {
      zip(lengths, FigureStyle.ramp(lengths.count, from: from, to: to)).map { length, colour in
        "\(data) using \"epoch\":\"length_\(length)\" with lines lc rgb \"\(colour)\" lw 1.1 "
          + "title \"\(length.grouped)\""
      }.joined(separator: ", \\\n  ")
    }
    let finite = losses.joined().filter { $0.isFinite && $0 > 0 }
    return """
      set xlabel "epoch"
      set xrange [0:\(max(1, epochs.max() ?? 1))]
      set yrange [\((finite.min() ?? 1e-6) / 2):\((finite.max() ?? 1) * 2)]
      set logscale y
      set format y "10^{%T}"
      set key at graph 1, 1.02 bottom right horizontal maxrows 2 samplen 0.9 width -0.5
      set multiplot
      set label 2 "word length" at graph 0, graph 1.07 left
      set tmargin at screen 0.83
      set bmargin at screen 0.19
      set lmargin at screen 0.075
      set rmargin at screen 0.50
      set label 1 "mean squared error" at screen 0.015, graph 0.5 center rotate
      plot \(curves(shortLengths, from: 0x9CCBE8, to: 0x08306B))
      set lmargin at screen 0.55
      set rmargin at screen 0.97
      unset label 1
      set format y ""
      plot \(curves(longLengths, from: 0xF5C27A, to: 0x8A2D04))
      unset multiplot
      """
  }

  fileprivate var caption: String {
    var caption =
      "Mean squared error of words up to length \(shortLengths[shortLengths.count - 1]), all of "
      + "each length (left), and of \(Words.longWordCount) random words of each longer length "
      + "(right), at \(epochs.count) checkpoints. "
    let falls = firstEpoch(below: 0.1).compactMap { $0 }
    if falls.count == lengths.count, let from = falls.min(), let until = falls.max() {
      caption += "They fall below a tenth of what they were at the start "
      caption +=
        from == until
        ? "at epoch \(from), all at one checkpoint" : "between epochs \(from) and \(until)"
      caption += "; "
    } else {
      caption += "Of \(lengths.count) lengths \(falls.count) fall below a tenth of what they were; "
    }
    let last = losses[losses.count - 1]
    caption += "at the end the error on length \(lengths[lengths.count - 1].grouped) is "
    caption += "\(last[last.count - 1].brief)."
    return caption
  }
}
