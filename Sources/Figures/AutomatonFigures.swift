// Automata side by side: where the story turns, and the last one beside its minimal equivalent.

internal import Automata
internal import Drawing
internal import Extraction
internal import Files
internal import Studies

extension RunFigures {
  func automataAtTurns() -> Figure {
    let chosen = turningPoints(6, of: entries.map(\.states)).map { entries[$0] }
    let panels = chosen.map { entry in
      AutomatonPanel(
        title: "epoch \(entry.epoch): \(entry.states) state\(entry.states == 1 ? "" : "s")"
          + (entry.isComplete ? "" : ", \(entry.extraction.automaton.openTransitionCount) open"),
        epoch: entry.epoch, placed: PlacedAutomaton(entry.extraction),
        words: accessWords(entry.extraction), alphabet: source.alphabet)
    }
    let columns = min(panels.count, 3)
    let rows = (panels.count + columns - 1) / columns
    let story = chosen.map { "\($0.states) at epoch \($0.epoch)" }.joined(separator: ", ")
    return .drawn(
      AutomatonPanel.plot(
        panels, columns: columns, name: "automata-at-turns",
        title: "Automata where the story turns", answers: "Fig. 4",
        caption:
          "The automaton at \(panels.count == 1 ? "the only checkpoint" : "the checkpoints between which its size changes most"), "
          + "states: \(story). "
          + Self.legend(source.outputAlphabet),
        width: Plot.doubleColumn, height: rows == 1 ? 48 : 44 * Double(rows)))
  }

  func finalAndMinimal() -> Figure {
    let last = entries[entries.count - 1]
    var panels = [
      AutomatonPanel(
        title: "extracted: \(last.states) state\(last.states == 1 ? "" : "s")", epoch: last.epoch,
        placed: PlacedAutomaton(last.extraction), words: accessWords(last.extraction),
        alphabet: source.alphabet)
    ]
    var caption = "Left: the automaton at epoch \(last.epoch), \(counted(last.states, "state"))"
    if let minimal = last.minimal {
      panels.append(
        AutomatonPanel(
          title: "minimal: \(minimal.stateCount) state\(minimal.stateCount == 1 ? "" : "s")",
          epoch: last.epoch, placed: PlacedAutomaton(minimal),
          words: minimal.accessWords().map { source.alphabet.format($0 ?? []) },
          alphabet: source.alphabet))
      caption += ". Right: its minimal equivalent, \(counted(minimal.stateCount, "state"))"
    } else {
      let open = last.extraction.automaton.openTransitionCount
      caption += "; it has \(counted(open, "open transition")) and hence no minimal equivalent"
    }
    switch last.comparison {
    case .equivalent: caption += "; it computes \(taskName) on words of any length. "
    case .different(let word):
      caption += "; it differs from \(taskName) on \(source.alphabet.format(word)). "
    case nil: caption += ". "
    }
    return .drawn(
      AutomatonPanel.plot(
        panels, columns: panels.count, name: "final-and-minimal",
        title: "The last automaton and its minimal equivalent", answers: "Fig. 8",
        caption: caption + Self.legend(source.outputAlphabet), width: Plot.doubleColumn,
        height: 58))
  }

  private func accessWords(_ extraction: Extraction) -> [String] {
    extraction.classOfState.map {
      source.alphabet.format(source.words.word(of: extraction.partition.leader(of: $0)))
    }
  }

  private static func legend(_ outputs: Alphabet) -> String {
    "Words are read from left to right; a state’s area grows with its words; its colour is its output ("
      + outputs.symbols.prefix(6).enumerated().map {
        "\($1): \(["blue", "orange", "green", "purple", "vermillion", "sky blue"][$0])"
      }.joined(separator: ", ") + "). Thin curves lead back into the tree, purple stubs are open."
  }
}

/// One automaton of a figure.
struct AutomatonPanel {
  let title: String
  let epoch: Int
  let placed: PlacedAutomaton
  /// The word that leads to each state.
  let words: [String]
  let alphabet: Alphabet

  /// Automata of at most so many states have arrow heads and symbols on their transitions.
  private static func mostLabelled(inColumns columns: Int) -> Int { columns > 2 ? 3 : 8 }
  private static let mostArrows = 40

  static func plot(
    _ panels: [AutomatonPanel], columns: Int, name: String, title: String, answers: String,
    caption: String, width: Double, height: Double
  ) -> Plot {
    var states = CSVTable([
      "panel", "epoch", "state", "word", "output", "x", "y", "radius",
    ])
    var edges = CSVTable([
      "panel", "epoch", "from", "symbol", "to", "kind", "label", "step", "x", "y", "dx", "dy",
    ])
    for (number, panel) in panels.enumerated() {
      for (state, place) in panel.placed.states.enumerated() {
        states.add([
          number, panel.epoch, state, panel.words[state], place.output, place.x, place.y,
          place.radius,
        ])
      }
      for edge in panel.placed.transitions {
        let kind = edge.target == nil ? "open" : edge.isTree ? "tree" : "fold"
        // Edges between the same states are labelled together, at the first of them.
        let own = panel.placed.transitions[
          edge.source * panel.alphabet.count..<(edge.source + 1) * panel.alphabet.count]
        let parallel = own.filter { $0.target == edge.target && edge.target != nil }
        let label =
          parallel.first == edge || edge.target == nil
          ? (parallel.isEmpty ? [edge] : parallel).map { panel.alphabet.symbols[$0.symbol] }
            .joined(separator: " ") : ""
        for (step, point) in edge.points.enumerated() {
          let next = edge.points[min(step + 1, edge.points.count - 1)]
          edges.add([
            number, panel.epoch, edge.source, panel.alphabet.symbols[edge.symbol],
            edge.target, kind, label, step, point.x, point.y, next.x - point.x, next.y - point.y,
          ])
        }
        edges.addGap()
      }
    }
    let rows = (panels.count + columns - 1) / columns
    let mostLabelled = mostLabelled(inColumns: columns)
    var commands = """
      unset border
      unset tics
      unset key
      set xrange [-10:\(PlacedAutomaton.width + 10)]
      colours = "\(FigureStyle.kinds.joined(separator: " "))"
      colour(output) = int("0x" . substr(word(colours, int(output) % \(FigureStyle.kinds.count) + 1), 2, 7))
      here(kind) = (column("panel") == panel && strcol("kind") eq kind)
      set multiplot

      """
    for (number, panel) in panels.enumerated() {
      let (column, row) = (number % columns, number / columns)
      let (w, h) = (1 / Double(columns), 1 / Double(rows))
      let count = panel.placed.states.count
      let fold =
        count > 150 ? ("#D8A9B1B8", 0.3) : count > 40 ? ("#50A9B1B8", 0.4) : ("#A0A8AF", 0.6)
      // Marks are points, of which svg needs one element each; circles would be polygons.
      let markScale = (count <= mostLabelled ? 0.2 : 0.085) / Double(columns).squareRoot()
      // The stage is as wide as its automaton, so that small ones are not lost.
      let margin = 40.0
      var left = (panel.placed.transitions.flatMap(\.points).map(\.x).min() ?? 0) - margin
      var right = (panel.placed.transitions.flatMap(\.points).map(\.x).max() ?? 0) + margin
      let spare = 500 - (right - left)
      if spare > 0 { (left, right) = (left - spare / 2, right + spare / 2) }
      let start = panel.placed.states[0]
      commands += """
        panel = \(number)
        set lmargin at screen \(Double(column) * w + 0.012)
        set rmargin at screen \(Double(column + 1) * w - 0.012)
        set bmargin at screen \(1 - Double(row + 1) * h + 0.02)
        set tmargin at screen \(1 - Double(row) * h - 0.13 * h)
        set xrange [\(left):\(right)]
        set yrange [-45:\(PlacedAutomaton.height + 45)]
        set label 1 "\(panel.title)" at graph 0, graph 1.07 left noenhanced
        set arrow 1 from \(start.x - 0.045 * (right - left)), \(start.y) to \
        \(start.x - 0.016 * (right - left)), \(start.y) head filled size graph 0.012,20 lw 0.6
        plot \\

        """
      func lines(_ kind: String, _ colour: String, _ width: Double) -> String {
        "  \"\(name)-edges.csv\" using (here(\"\(kind)\") ? column(\"x\") : NaN):(column(\"y\")) "
          + "with lines lc rgb \"\(colour)\" lw \(width), \\\n"
      }
      let isPresent = Set(
        panel.placed.transitions.map { $0.target == nil ? "open" : $0.isTree ? "tree" : "fold" })
      if isPresent.contains("fold") { commands += lines("fold", fold.0, fold.1) }
      if isPresent.contains("open") { commands += lines("open", FigureStyle.purple, 0.7) }
      if isPresent.contains("tree") {
        commands += lines("tree", "#5A636B", count > 150 ? 0.5 : 0.9)
      }
      let middle = (panel.placed.pointsPerCurve - 1) / 2
      if count <= mostArrows, isPresent.contains("tree") || isPresent.contains("fold") {
        // Where there is room each curve has its head in the middle, else those that lead back have
        // one at their end.
        let rows =
          count <= mostLabelled
          ? "column(\"step\") == \(middle)"
          : "column(\"step\") == \(panel.placed.pointsPerCurve - 2) && strcol(\"kind\") eq \"fold\""
        commands +=
          "  \"\(name)-edges.csv\" using (column(\"panel\") == panel && \(rows) ? column(\"x\") : NaN)"
          + ":(column(\"y\")):(column(\"dx\")):(column(\"dy\")) with vectors filled head "
          + "size graph \(count <= mostLabelled ? 0.016 : 0.012),20 fixed lc rgb \"#5A636B\" lw 0.5, \\\n"
      }
      commands +=
        "  \"\(name).csv\" using (column(\"panel\") == panel ? column(\"x\") : NaN):(column(\"y\"))"
        + ":(column(\"radius\") * \(markScale)):(colour(column(\"output\"))) "
        + "with points pt 7 ps variable lc rgb variable"
      if count <= mostLabelled {
        commands +=
          ", \\\n  \"\(name)-edges.csv\" using (column(\"panel\") == panel && column(\"step\") == \(middle) "
          + "? column(\"x\") : NaN):(column(\"y\")):(strcol(\"label\")) with labels noenhanced "
          + "offset 0,0.7 tc rgb \"#333333\""
      }
      commands += "\n"
    }
    commands += "unset multiplot"
    return Plot(
      name: name, title: title, answers: answers, caption: caption, width: width, height: height,
      tables: [("", states), ("-edges", edges)], commands: commands)
  }
}
