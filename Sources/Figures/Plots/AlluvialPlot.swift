// Which classes flow together when: the history of the lasting classes as an alluvial diagram.

internal import Automata
internal import Extraction
internal import Files
internal import Studies

extension RunFigures {
  func alluvial() -> Figure {
    let name = "alluvial"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    let partitions = entries.map { $0.pairs?.lasting ?? $0.extraction.partition }
    let positions = turningPoints(10, of: partitions.map(\.count))
    let diagram = AlluvialDiagram(
      layout: AlluvialLayout(
        positions.map { partitions[$0] }, kinds: kinds.map { $0.classes.map(Int.init) }),
      epochs: positions.map { entries[$0].epoch }, counts: positions.map { partitions[$0].count },
      names: (0..<source.words.count).map { source.alphabet.format(source.words.word(of: $0)) })
    let isLasting = entries.allSatisfy { $0.pairs != nil }
    return .drawn(
      Plot(
        name: name, title: "Which classes flow together when", answers: nil,
        caption: diagram.caption(
          blocks: isLasting ? "lasting classes" : "classes", hasKinds: subject.task != nil),
        width: Plot.doubleColumn, height: 95,
        tables: [("", diagram.blocks), ("-flows", diagram.flows)],
        commands: diagram.commands(name)))
  }
}

/// An alluvial diagram as gnuplot draws it.
private struct AlluvialDiagram {
  let layout: AlluvialLayout
  /// Of each column.
  let epochs: [Int]
  /// The number of classes of each column.
  let counts: [Int]
  /// Of each word.
  let names: [String]

  var blocks: CSVTable {
    var table = CSVTable([
      "column", "epoch", "leader", "classes", "words", "task_state", "bottom", "top",
    ])
    for (column, list) in layout.columns.enumerated() {
      for block in list {
        table.add([
          column, epochs[column], names[block.leader], block.classes, block.words.count,
          block.kind, block.bottom, block.top,
        ])
      }
    }
    return table
  }

  var flows: CSVTable {
    var table = CSVTable([
      "step", "from_epoch", "to_epoch", "from_leader", "to_leader", "words", "task_state",
      "from_bottom", "to_bottom", "colour",
    ])
    for flow in layout.flows {
      let ends = (layout.columns[flow.step][flow.from], layout.columns[flow.step + 1][flow.to])
      let colour = flow.kind.map { $0 % FigureStyle.kinds.count } ?? FigureStyle.kinds.count
      table.add([
        flow.step, epochs[flow.step], epochs[flow.step + 1], names[ends.0.leader],
        names[ends.1.leader], flow.words, flow.kind, flow.fromBottom, flow.toBottom, colour,
      ])
    }
    return table
  }

  func commands(_ name: String) -> String {
    let labels = epochs.indices.map { column in
      "set label \(column + 1) \"\(epochs[column])\\n\(counts[column])\" "
        + "at first \(column), graph -0.02 center"
    }.joined(separator: "\n")
    let colours = (FigureStyle.kinds + [FigureStyle.grey]).joined(separator: " ")
    return """
      unset border
      unset tics
      unset key
      set xrange [-0.2:\(Double(epochs.count) - 0.8)]
      set yrange [0:\(layout.height)]
      set lmargin at screen 0.075
      set rmargin at screen 0.99
      set tmargin at screen 0.98
      set bmargin at screen 0.13
      \(labels)
      set label \(epochs.count + 1) "epoch\\nclasses" at screen 0.068, graph -0.02 right
      colours = "\(colours)"
      colour(kind) = int("0x" . substr(word(colours, int(kind) + 1), 2, 7))
      # A ribbon runs from the right side of a block to the left side of another in an S.
      n = \(layout.flows.count)
      array X[n]
      array A[n]
      array B[n]
      array W[n]
      array C[n]
      stats "\(name)-flows.csv" using (i = int(column(0)) + 1, X[i] = column("step"), \
      A[i] = column("from_bottom"), B[i] = column("to_bottom"), W[i] = column("words"), \
      C[i] = column("colour")) nooutput
      # Some versions take the first sample for a header: it lies before the block.
      after(t) = t < 0 ? 0 : t
      smooth(t) = t * t * (3 - 2 * t)
      at(i, t) = A[i] + (B[i] - A[i]) * smooth(t)
      set samples 14
      set style fill transparent solid 0.38 noborder
      # Of the block's width half lies on either side of its column.
      d = 0.045
      plot for [i = 1:n] [t = -1.0/12:1] "+" using \
      (X[i] + d + (1 - 2 * d) * after($1)):(at(i, after($1))):(at(i, after($1)) + W[i]) \
      with filledcurves lc rgb colour(C[i]), \\
        "\(name).csv" using "column":(column("bottom")):(column("column") - d):\
      (column("column") + d):\
      (column("bottom")):(column("top")):(strcol("task_state") eq "" ? 0x555555 : \
      colour(int(column("task_state")) % \(FigureStyle.kinds.count))) with boxxyerror \
      fs solid 1.0 noborder lc rgb variable
      """
  }

  func caption(blocks: String, hasKinds: Bool) -> String {
    let singles = layout.columns.map { column in
      column.filter { $0.words.count == $0.classes }.reduce(0) { $0 + $1.words.count }
    }
    let peak = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    let last = counts.count - 1
    return
      "Columns are checkpoints, blocks \(blocks), heights numbers of words; classes of one word "
      + "each are bundled. Of \(names.count) words \(singles[0]) are alone in their class at epoch "
      + "\(epochs[0]), \(singles[peak]) at epoch \(epochs[peak]), where there are most classes, "
      + "\(counts[peak]), and \(singles[last]) at the end, with \(counts[last]) classes. "
      + (hasKinds ? "Colours are the task’s states; grey are classes of words that disagree." : "")
  }
}
