// Hidden states in the first two principal components of the run, at the epochs where it turns.

internal import Automata
internal import Extraction
internal import Files
internal import Glibc
internal import LinearAlgebra
internal import RNN
internal import Studies

extension RunFigures {
  func principalComponents() throws -> Figure {
    let name = "principal-components"
    let plane = study.spread.components
    guard plane.directions.count > 1 else {
      return .leftOut(name: name, because: "one hidden unit has one component")
    }
    let positions = turningPoints(6, of: entries.map(\.classes))
    let classes = subject.task.map { $0.machine.nerodeClasses(of: source.words) }
    var table = CSVTable([
      "panel", "epoch", "word", "nerode_class", "leader", "component_1", "component_2",
      "drawn",
    ])
    let words = source.words
    let chosen = source.restricted(to: positions.map { source.files[$0] })
    var panel = 0
    var range = (SIMD2(repeating: Double.infinity), SIMD2(repeating: -Double.infinity))
    try chosen.forEachTable { epoch, tabled, _ in
      let axes = plane.coordinates(of: tabled.vectors, rows: 0..<words.count)
      // Words that fall on one another are drawn once: a dot per place, class and panel.
      var places: Set<[Int]> = []
      let resolution = Self.resolution(axes)
      let leaders = Set(entries[positions[panel]].extraction.partition.leaders)
      // ε is left out, as where the components are found: its place is given.
      for word in min(1, words.count - 1)..<words.count {
        let place = SIMD2(axes[0][word], axes[1][word])
        let isLeader = leaders.contains(Int32(word))
        let isDrawn = places.insert([
          Int((place.x / resolution).rounded()), Int((place.y / resolution).rounded()),
          classes?.class(of: word) ?? 0, isLeader ? 1 : 0,
        ]).inserted
        range = (pointwiseMin(range.0, place), pointwiseMax(range.1, place))
        table.add([
          panel, epoch, source.alphabet.format(words.word(of: word)),
          classes?.class(of: word), isLeader ? 1 : 0, Float(axes[0][word]),
          Float(axes[1][word]), isDrawn ? 1 : 0,
        ])
      }
      panel += 1
    }
    let columns = min(positions.count, 3)
    let rows = (positions.count + columns - 1) / columns
    let margin = (range.1 - range.0) * 0.06 + SIMD2(repeating: 1e-12)
    let kinds = classes.map { min($0.count, FigureStyle.kinds.count) } ?? 1
    var commands = """
      set xrange [\(range.0.x - margin.x):\(range.1.x + margin.x)]
      set yrange [\(range.0.y - margin.y):\(range.1.y + margin.y)]
      set xtics \(Self.step(range.1.x - range.0.x)) offset 0,0.2
      set ytics \(Self.step(range.1.y - range.0.y))
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

        """
      // A black dot behind that of a leader makes a rim.
      var parts = [
        "  \"\(name).csv\" using (column(\"panel\") == panel && column(\"drawn\") == 1 "
          + "&& column(\"leader\") == 1 ? column(\"component_1\") : NaN):(column(\"component_2\")) "
          + "with points pt 7 ps 0.42 lc rgb \"#000000\""
      ]
      for kind in 0..<kinds {
        parts.append(
          "  \"\(name).csv\" using (here(\(classes == nil ? -1 : kind)) ? column(\"component_1\") : NaN)"
            + ":(column(\"component_2\")) with points pt 7 ps 0.27 lc rgb \"\(FigureStyle.kind(kind))\""
        )
      }
      commands += parts.joined(separator: ", \\\n") + "\n"
    }
    commands += "unset multiplot"
    let shares = plane.shares
    let caption =
      "The hidden states after \(words.count - 1) words in the first two principal components of the "
      + "whole run, which hold \(shares[0].percent) and \(shares[1].percent) of its variance. "
      + (classes.map {
        "Colours are the \(counted($0.count, "state")) of \(taskName) that words lead to. "
      } ?? "")
      + "Rims mark the leaders of classes: \(entries[positions[0]].classes) at epoch "
      + "\(entries[positions[0]].epoch), \(entries[positions[positions.count - 1]].classes) at epoch "
      + "\(entries[positions[positions.count - 1]].epoch)."
    return .drawn(
      Plot(
        name: name, title: "Hidden states in two principal components", answers: nil,
        caption: caption, width: Plot.doubleColumn, height: rows == 1 ? 62 : 100,
        tables: [("", table)], commands: commands))
  }

  /// A three-hundredth of the extent of points.
  private static func resolution(_ axes: [[Double]]) -> Double {
    let extents = axes.map { ($0.max() ?? 0) - ($0.min() ?? 0) }
    return max((extents.max() ?? 0) / 300, .leastNormalMagnitude)
  }

  /// A round number that fits into an extent about three times.
  private static func step(_ extent: Double) -> Double {
    guard extent > 0, extent.isFinite else { return 1 }
    let power = pow(10, (log10(extent / 3)).rounded(.down))
    let ratio = extent / 3 / power
    return power * (ratio >= 5 ? 5 : ratio >= 2 ? 2 : 1)
  }
}
