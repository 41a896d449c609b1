// Which classes flow together when: the history of the lasting classes as an alluvial diagram.

internal import Automata
internal import Extraction
internal import Files

/// The classes of chosen checkpoints as columns of blocks, and the words that go from block to block.
struct Alluvial {
  /// A class, or all classes of one word that lead to the same state of the task.
  struct Block {
    /// The least word.
    let leader: Int
    let words: [Int]
    /// How many classes it stands for: 1, or the number of its words.
    let classes: Int
    /// The state of the task that all its words lead to; nil where they disagree.
    let kind: Int?
    /// Where it begins, in words from the bottom.
    var bottom = 0.0
  }

  struct Flow {
    let step: Int
    let from, to: Int
    let words: Int
    let kind: Int?
    var fromBottom = 0.0
    var toBottom = 0.0
  }

  private(set) var columns: [[Block]] = []
  private(set) var flows: [Flow] = []
  /// The space between two blocks, in words.
  let gap: Double

  /// - Parameters:
  ///   - partitions: Of the same words, in order of time; at least one.
  ///   - kinds: The task's state for each word, if known.
  init(_ partitions: [Partition], kinds: [Int]?) {
    let count = partitions[0].classes.count
    var blockOf: [[Int]] = []
    for partition in partitions {
      var blocks: [Block] = []
      var singles: [Int: [Int]] = [:]
      for members in partition.members {
        let first = kinds?[members[0]] ?? 0
        if members.count == 1 {
          singles[first, default: []].append(members[0])
        } else {
          let agrees = members.allSatisfy { (kinds?[$0] ?? 0) == first }
          blocks.append(
            Block(leader: members[0], words: members, classes: 1, kind: agrees ? first : nil))
        }
      }
      for (kind, words) in singles.sorted(by: { $0.key < $1.key }) {
        blocks.append(Block(leader: words[0], words: words, classes: words.count, kind: kind))
      }
      columns.append(blocks)
      blockOf.append([])
    }
    // The last column stands in order of kinds and sizes, the others where their words go.
    gap = Double(count) * 0.35 / Double(max(columns.map(\.count).max() ?? 1, 12))
    var places = [Double](repeating: 0, count: count)
    for column in columns.indices.reversed() {
      let isLast = column == columns.count - 1
      func centre(_ block: Block) -> Double {
        block.words.reduce(0) { $0 + places[$1] } / Double(block.words.count)
      }
      func key(_ block: Block) -> (Int, Double, Int) {
        // Mixed classes and those of one word have their own place among the kinds.
        let kind = block.kind ?? 0
        return isLast
          ? (2 * kind + (block.classes > 1 ? 1 : 0), -Double(block.words.count), block.leader)
          : (0, centre(block), block.leader)
      }
      let keyed = columns[column].map { (key($0), $0) }
      columns[column] = keyed.sorted { $0.0 < $1.0 }.map(\.1)
      var bottom = 0.0
      var numbers = [Int](repeating: 0, count: count)
      for index in columns[column].indices {
        columns[column][index].bottom = bottom
        // Inside a block words keep the order of where they go.
        let ordered = columns[column][index].words.sorted { (places[$0], $0) < (places[$1], $1) }
        for (position, word) in ordered.enumerated() {
          places[word] = bottom + Double(position)
          numbers[word] = index
        }
        bottom += Double(ordered.count) + gap
      }
      blockOf[column] = numbers
      // Columns are centred.
      let extent = bottom - gap
      let shift = (Double(count) * 1.35 - extent) / 2
      for index in columns[column].indices { columns[column][index].bottom += shift }
      for word in places.indices { places[word] += shift }
    }
    for step in columns.indices.dropLast() {
      var sizes: [[Int]: [Int]] = [:]
      for word in 0..<count {
        sizes[[blockOf[step][word], blockOf[step + 1][word]], default: []].append(word)
      }
      var left = columns[step].map(\.bottom)
      var right = columns[step + 1].map(\.bottom)
      var found: [Flow] = []
      for (ends, words) in sizes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        let first = kinds?[words[0]] ?? 0
        let agrees = words.allSatisfy { (kinds?[$0] ?? 0) == first }
        var flow = Flow(
          step: step, from: ends[0], to: ends[1], words: words.count, kind: agrees ? first : nil)
        flow.fromBottom = left[ends[0]]
        left[ends[0]] += Double(words.count)
        found.append(flow)
      }
      for index in found.indices.sorted(by: {
        (found[$0].to, found[$0].from) < (found[$1].to, found[$1].from)
      }) {
        found[index].toBottom = right[found[index].to]
        right[found[index].to] += Double(found[index].words)
      }
      flows += found
    }
  }
}

extension RunFigures {
  func alluvial() -> Figure {
    let name = "alluvial"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    let partitions = entries.map { $0.pairs?.lasting ?? $0.extraction.partition }
    let isLasting = entries.allSatisfy { $0.pairs != nil }
    let positions = turningPoints(10, of: partitions.map(\.count))
    let chosen = positions.map { entries[$0] }
    let kinds = subject.task.map {
      $0.machine.nerodeClasses(of: source.words).classes.map(Int.init)
    }
    let diagram = Alluvial(positions.map { partitions[$0] }, kinds: kinds)
    var blocks = CSVTable([
      "column", "epoch", "leader", "classes", "words", "task_state", "bottom", "top",
    ])
    for (column, list) in diagram.columns.enumerated() {
      for block in list {
        blocks.add([
          column, chosen[column].epoch,
          source.alphabet.format(source.words.word(of: block.leader)),
          block.classes, block.words.count, block.kind, block.bottom,
          block.bottom + Double(block.words.count),
        ])
      }
    }
    var flows = CSVTable([
      "step", "from_epoch", "to_epoch", "from_leader", "to_leader", "words", "task_state",
      "from_bottom", "to_bottom", "colour",
    ])
    func leader(_ column: Int, _ block: Int) -> String {
      source.alphabet.format(source.words.word(of: diagram.columns[column][block].leader))
    }
    func colour(_ kind: Int?) -> Int {
      kind.map { $0 % FigureStyle.kinds.count } ?? FigureStyle.kinds.count
    }
    for flow in diagram.flows {
      flows.add([
        flow.step, chosen[flow.step].epoch, chosen[flow.step + 1].epoch,
        leader(flow.step, flow.from), leader(flow.step + 1, flow.to), flow.words, flow.kind,
        flow.fromBottom, flow.toBottom, colour(flow.kind),
      ])
    }
    let labels = chosen.enumerated().map { column, entry in
      "set label \(column + 1) \"\(entry.epoch)\\n\(partitions[positions[column]].count)\" "
        + "at first \(column), graph -0.02 center"
    }.joined(separator: "\n")
    let colours = (FigureStyle.kinds + [FigureStyle.grey]).joined(separator: " ")
    let commands = """
      unset border
      unset tics
      unset key
      set xrange [-0.2:\(Double(chosen.count) - 0.8)]
      set yrange [0:\(Double(source.words.count) * 1.35)]
      set lmargin at screen 0.075
      set rmargin at screen 0.99
      set tmargin at screen 0.98
      set bmargin at screen 0.13
      \(labels)
      set label \(chosen.count + 1) "epoch\\nclasses" at screen 0.068, graph -0.02 right
      colours = "\(colours)"
      colour(kind) = int("0x" . substr(word(colours, int(kind) + 1), 2, 7))
      # A ribbon runs from the right side of a block to the left side of another in an S.
      n = \(diagram.flows.count)
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
      (X[i] + d + (1 - 2 * d) * after($1)):(at(i, after($1))):(at(i, after($1)) + W[i]) with filledcurves lc rgb colour(C[i]), \\
        "\(name).csv" using "column":(column("bottom")):(column("column") - d):(column("column") + d):\
      (column("bottom")):(column("top")):(strcol("task_state") eq "" ? 0x555555 : \
      colour(int(column("task_state")) % \(FigureStyle.kinds.count))) with boxxyerror \
      fs solid 1.0 noborder lc rgb variable
      """
    let counts = positions.map { partitions[$0].count }
    let singles = diagram.columns.map { column in
      column.filter { $0.words.count == $0.classes }.reduce(0) { $0 + $1.words.count }
    }
    let peak = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    let caption =
      "Columns are checkpoints, blocks \(isLasting ? "lasting classes" : "classes"), heights numbers of words; "
      + "classes of one word each are bundled. Of \(source.words.count) words \(singles[0]) are alone in "
      + "their class at epoch \(chosen[0].epoch), \(singles[peak]) at epoch \(chosen[peak].epoch), where there "
      + "are most classes, \(counts[peak]), and \(singles[singles.count - 1]) at the end, with "
      + "\(counts[counts.count - 1]) classes. "
      + (kinds == nil
        ? "" : "Colours are the task’s states; grey are classes of words that disagree.")
    return .drawn(
      Plot(
        name: name, title: "Which classes flow together when", answers: nil, caption: caption,
        width: Plot.doubleColumn, height: 95, tables: [("", blocks), ("-flows", flows)],
        commands: commands))
  }
}
