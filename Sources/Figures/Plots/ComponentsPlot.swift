// Hidden states in the first two principal components of the run, at the epochs where it turns.

internal import Automata
internal import Files
internal import Glibc
internal import LinearAlgebra
internal import RNN
internal import Studies

extension RunFigures {
  func principalComponents() -> Figure {
    let name = "principal-components"
    guard study.spread.components.directions.count > 1 else {
      return .leftOut(name: name, because: "one hidden unit has one component")
    }
    let positions = turningPoints(6, of: entries.map(\.classes))
    let plane = PlanePanels(
      positions.map { (study.projections[$0].places, entries[$0].extraction.partition) },
      kinds: kinds)
    let rows = (positions.count + 2) / 3
    return .drawn(
      Plot(
        name: name, title: "Hidden states in two principal components", answers: nil,
        caption: componentsCaption(positions), width: Plot.doubleColumn,
        height: rows == 1 ? 62 : 100, tables: [("", table(of: plane, positions))],
        commands: commands(for: plane, positions, "\(name).csv")))
  }

  private func table(of plane: PlanePanels, _ positions: [Int]) -> CSVTable {
    let kinds = kinds
    var table = CSVTable([
      "panel", "epoch", "word", "nerode_class", "leader", "component_1", "component_2",
      "drawn",
    ])
    for (panel, dots) in plane.panels.enumerated() {
      for dot in dots {
        table.add([
          panel, entries[positions[panel]].epoch,
          source.alphabet.format(source.words.word(of: dot.word)), kinds?.class(of: dot.word),
          dot.isLeader ? 1 : 0, dot.place.x, dot.place.y, dot.isDrawn ? 1 : 0,
        ])
      }
    }
    return table
  }

  private func commands(
    for plane: PlanePanels, _ positions: [Int], _ data: String
  ) -> String {
    let columns = min(positions.count, 3)
    let rows = (positions.count + columns - 1) / columns
    let (low, high) = plane.range
    let margin = (high - low) * 0.06 + SIMD2(repeating: 1e-12)
    let dots = dots(data)
    var commands = """
      set xrange [\(low.x - margin.x):\(high.x + margin.x)]
      set yrange [\(low.y - margin.y):\(high.y + margin.y)]
      set xtics \(roundStep(high.x - low.x)) offset 0,0.2
      set ytics \(roundStep(high.y - low.y))
      unset key
      here(k) = (column("panel") == panel && column("drawn") == 1 && \
      (k < 0 || int(column("nerode_class")) % \(FigureStyle.kinds.count) == k))
      set multiplot

      """
    for (number, position) in positions.enumerated() {
      let (column, row) = (number % columns, number / columns)
      let (w, h) = (0.94 / Double(columns), (rows == 1 ? 0.84 : 0.92) / Double(rows))
      let entry = entries[position]
      commands += """
        panel = \(number)
        set lmargin at screen \(0.06 + Double(column) * w + 0.01)
        set rmargin at screen \(0.06 + Double(column + 1) * w - 0.01)
        set tmargin at screen \(0.99 - Double(row) * h - 0.06)
        set bmargin at screen \(0.99 - Double(row + 1) * h + 0.02)
        set label 1 "epoch \(entry.epoch): \(entry.classes) classes" at graph 0.02, graph 1.05 left
        set format x "\(row == rows - 1 ? "%g" : "")"
        set format y "\(column == 0 ? "%g" : "")"
        \(row == rows - 1 ? "set xlabel \"component 1\" offset 0,0.6" : "unset xlabel")
        \(column == 0 ? "set ylabel \"component 2\"" : "unset ylabel")
        plot \\
        \(dots)

        """
    }
    return commands + "unset multiplot"
  }

  /// The dots of one panel: a black dot behind that of a leader makes a rim.
  private func dots(_ data: String) -> String {
    let count = kinds.map { min($0.count, FigureStyle.kinds.count) }
    var parts = [
      "  \"\(data)\" using (column(\"panel\") == panel && column(\"drawn\") == 1 "
        + "&& column(\"leader\") == 1 ? column(\"component_1\") : NaN):(column(\"component_2\")) "
        + "with points pt 7 ps 0.42 lc rgb \"#000000\""
    ]
    for kind in 0..<(count ?? 1) {
      parts.append(
        "  \"\(data)\" using (here(\(count == nil ? -1 : kind)) ? column(\"component_1\") : NaN)"
          + ":(column(\"component_2\")) with points pt 7 ps 0.27 "
          + "lc rgb \"\(FigureStyle.kind(kind))\"")
    }
    return parts.joined(separator: ", \\\n")
  }

  private func componentsCaption(_ positions: [Int]) -> String {
    let shares = study.spread.components.shares
    let first = entries[positions[0]]
    let last = entries[positions[positions.count - 1]]
    return
      "The hidden states after \(source.words.count - 1) words in the first two principal "
      + "components of the whole run, which hold \(shares[0].percent) and \(shares[1].percent) of its variance. "
      + (kinds.map {
        "Colours are the \(counted($0.count, "state")) of \(taskName) that words lead to. "
      } ?? "")
      + "Rims mark the leaders of classes: \(first.classes) at epoch \(first.epoch), "
      + "\(last.classes) at epoch \(last.epoch)."
  }
}

/// A round number that fits into an extent about three times.
private func roundStep(_ extent: Double) -> Double {
  guard extent > 0, extent.isFinite else { return 1 }
  let power = pow(10, (log10(extent / 3)).rounded(.down))
  let ratio = extent / 3 / power
  return power * (ratio >= 5 ? 5 : ratio >= 2 ? 2 : 1)
}
