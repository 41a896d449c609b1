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
      AutomatonPlot(name: "automata-at-turns", panels: panels, columns: columns).plot(
        title: "Automata where the story turns", answers: "Fig. 4",
        caption:
          "The automaton at "
          + (panels.count == 1
            ? "the only checkpoint" : "the checkpoints between which its size changes most")
          + ", states: \(story). "
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
      AutomatonPlot(name: "final-and-minimal", panels: panels, columns: panels.count).plot(
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
    "Words are read from left to right; a state’s area grows with its words; its colour is its "
      + "output ("
      + outputs.symbols.prefix(6).enumerated().map {
        "\($1): \(["blue", "orange", "green", "purple", "vermillion", "sky blue"][$0])"
      }.joined(separator: ", ") + "). Thin curves lead back into the tree, purple stubs are open."
  }
}

/// One automaton of a figure.
private struct AutomatonPanel {
  let title: String
  let epoch: Int
  let placed: PlacedAutomaton
  /// The word that leads to each state.
  let words: [String]
  let alphabet: Alphabet

  /// What a transition is drawn as.
  enum Kind: String {
    case open, tree, fold

    init(_ transition: PlacedAutomaton.Transition) {
      self = transition.target == nil ? .open : transition.isTree ? .tree : .fold
    }
  }

  /// The kinds of transitions that there are.
  var kinds: Set<Kind> { Set(placed.transitions.map(Kind.init)) }

  /// The symbols that stand at a transition; those of transitions between the same states stand
  /// together, at the first of them.
  func label(_ edge: PlacedAutomaton.Transition) -> String {
    guard edge.target != nil else { return alphabet.symbols[edge.symbol] }
    let own = placed.transitions[
      edge.source * alphabet.count..<(edge.source + 1) * alphabet.count]
    let parallel = own.filter { $0.target == edge.target }
    return parallel.first == edge
      ? parallel.map { alphabet.symbols[$0.symbol] }.joined(separator: " ") : ""
  }

  /// From where to where the stage reaches: it is as wide as its automaton, so that small ones are
  /// not lost, and at least 500.
  var stage: (left: Double, right: Double) {
    let xs = placed.transitions.flatMap(\.points).map(\.x)
    let margin = 40.0
    let (left, right) = ((xs.min() ?? 0) - margin, (xs.max() ?? 0) + margin)
    let spare = max(500 - (right - left), 0)
    return (left - spare / 2, right + spare / 2)
  }
}

/// Automata side by side.
private struct AutomatonPlot {
  let name: String
  let panels: [AutomatonPanel]
  /// How many panels there are in a row.
  let columns: Int

  /// Automata of at most this many states have symbols on their transitions, and arrow heads.
  private var mostLabelled: Int { columns > 2 ? 3 : 8 }
  private static let mostArrows = 40

  func plot(
    title: String, answers: String, caption: String, width: Double, height: Double
  ) -> Plot {
    let rows = (panels.count + columns - 1) / columns
    let drawn = panels.indices.map { number in
      stage(number, rows: rows) + layers(panels[number]).joined(separator: ", \\\n") + "\n"
    }
    return Plot(
      name: name, title: title, answers: answers, caption: caption, width: width, height: height,
      tables: [("", states), ("-edges", edges)],
      commands: opening + drawn.joined() + "unset multiplot")
  }

  private var states: CSVTable {
    var table = CSVTable([
      "panel", "epoch", "state", "word", "output", "x", "y", "radius",
    ])
    for (number, panel) in panels.enumerated() {
      for (state, place) in panel.placed.states.enumerated() {
        table.add([
          number, panel.epoch, state, panel.words[state], place.output, place.x, place.y,
          place.radius,
        ])
      }
    }
    return table
  }

  private var edges: CSVTable {
    var table = CSVTable([
      "panel", "epoch", "from", "symbol", "to", "kind", "label", "step", "x", "y", "dx", "dy",
    ])
    for (number, panel) in panels.enumerated() {
      for edge in panel.placed.transitions {
        let label = panel.label(edge)
        for (step, point) in edge.points.enumerated() {
          let next = edge.points[min(step + 1, edge.points.count - 1)]
          table.add([
            number, panel.epoch, edge.source, panel.alphabet.symbols[edge.symbol], edge.target,
            AutomatonPanel.Kind(edge).rawValue, label, step, point.x, point.y, next.x - point.x,
            next.y - point.y,
          ])
        }
        table.addGap()
      }
    }
    return table
  }

  // MARK: gnuplot

  private var opening: String {
    """
    unset border
    unset tics
    unset key
    set xrange [-10:\(PlacedAutomaton.width + 10)]
    colours = "\(FigureStyle.kinds.joined(separator: " "))"
    colour(output) = int("0x" . \
    substr(word(colours, int(output) % \(FigureStyle.kinds.count) + 1), 2, 7))
    here(kind) = (column("panel") == panel && strcol("kind") eq kind)
    set multiplot

    """
  }

  /// The place of a panel on the page, its title, and the arrow at its first state.
  private func stage(_ number: Int, rows: Int) -> String {
    let panel = panels[number]
    let (column, row) = (number % columns, number / columns)
    let (w, h) = (1 / Double(columns), 1 / Double(rows))
    let (left, right) = panel.stage
    let start = panel.placed.states[0]
    return """
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
  }

  /// What is drawn of a panel, from the bottom up: transitions, arrow heads, states, symbols.
  private func layers(_ panel: AutomatonPanel) -> [String] {
    let count = panel.placed.states.count
    let (kinds, isLabelled) = (panel.kinds, count <= mostLabelled)
    let middle = (panel.placed.pointsPerCurve - 1) / 2
    var layers: [String] = []
    if kinds.contains(.fold) {
      let (colour, width) =
        count > 150 ? ("#D8A9B1B8", 0.3) : count > 40 ? ("#50A9B1B8", 0.4) : ("#A0A8AF", 0.6)
      layers.append(lines(.fold, colour, width))
    }
    if kinds.contains(.open) { layers.append(lines(.open, FigureStyle.purple, 0.7)) }
    if kinds.contains(.tree) { layers.append(lines(.tree, "#5A636B", count > 150 ? 0.5 : 0.9)) }
    if count <= Self.mostArrows, kinds.contains(.tree) || kinds.contains(.fold) {
      layers.append(arrows(panel, middle: isLabelled ? middle : nil))
    }
    // Marks are points, of which svg needs one element each; circles would be polygons.
    let scale = (isLabelled ? 0.2 : 0.085) / Double(columns).squareRoot()
    layers.append(
      "  \"\(name).csv\" using (column(\"panel\") == panel ? column(\"x\") : NaN):(column(\"y\"))"
        + ":(column(\"radius\") * \(scale)):(colour(column(\"output\"))) "
        + "with points pt 7 ps variable lc rgb variable")
    if isLabelled {
      layers.append(
        "  \"\(name)-edges.csv\" using (column(\"panel\") == panel "
          + "&& column(\"step\") == \(middle) ? column(\"x\") : NaN):(column(\"y\")):(strcol(\"label\")) with labels noenhanced "
          + "offset 0,0.7 tc rgb \"#333333\"")
    }
    return layers
  }

  private func lines(_ kind: AutomatonPanel.Kind, _ colour: String, _ width: Double) -> String {
    "  \"\(name)-edges.csv\" using (here(\"\(kind.rawValue)\") ? column(\"x\") : NaN)"
      + ":(column(\"y\")) with lines lc rgb \"\(colour)\" lw \(width)"
  }

  /// Arrow heads.
  ///
  /// - Parameter middle: Where there is room each curve has its head at this step in its middle,
  ///   else those that lead back have one at their end.
  private func arrows(_ panel: AutomatonPanel, middle: Int?) -> String {
    let rows =
      middle.map { "column(\"step\") == \($0)" }
      ?? "column(\"step\") == \(panel.placed.pointsPerCurve - 2) && strcol(\"kind\") eq \"fold\""
    return
      "  \"\(name)-edges.csv\" using (column(\"panel\") == panel && \(rows) ? column(\"x\") : NaN)"
      + ":(column(\"y\")):(column(\"dx\")):(column(\"dy\")) with vectors filled head "
      + "size graph \(middle == nil ? 0.012 : 0.016),20 fixed lc rgb \"#5A636B\" lw 0.5"
  }
}
