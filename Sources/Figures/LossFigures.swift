// Losses and numbers of states over epochs, and losses by the length of words.

internal import Automata
internal import Extraction
internal import Files
internal import LinearAlgebra
internal import RNN
internal import Studies
internal import Tasks

extension RunFigures {
  func lossesAndStates() -> Figure {
    let name = "losses-and-states"
    if let problem = needsSeveralCheckpoints, study.metrics.count < 2 {
      return .leftOut(name: name, because: problem)
    }
    // Epochs between checkpoints have losses but no automaton.
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
    let hasLosses = study.metrics.contains { $0.trainLoss.isFinite && $0.trainLoss > 0 }
    let hasLasting = entries.contains { $0.pairs != nil }
    let complete = lasting { $0.isComplete }
    let data = "\"\(name).csv\""
    var commands = """
      set lmargin at screen 0.17
      set rmargin at screen 0.94
      set xrange [0:\(max(1, automata.keys.max() ?? 1, losses.keys.max() ?? 1))]
      set logscale y
      set format y "10^{%T}"

      """
    if hasLosses { commands += "set multiplot\n" }
    if let complete {
      commands += "set arrow 1 from first \(complete.epoch), graph 0 to first \(complete.epoch), "
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
    if hasLasting {
      commands += ", \\\n  \(data) using \"epoch\":\"lasting_classes\" "
      commands += "with lines ls 7 title \"lasting classes\""
    }
    if hasLosses { commands += "\nunset multiplot" }
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
      caption += "From epoch \(complete.epoch) on (dashed) the automaton is complete. "
    }
    if let row = study.metrics.first(where: { $0.validationAccuracy == 1 }) {
      caption += "All validation words are right for the first time after epoch \(row.epoch). "
    }
    if !hasLosses { caption += "No losses are known: the run has no metrics.csv. " }
    return .drawn(
      Plot(
        name: name, title: "Losses and number of states", answers: "Fig. 1 and 4",
        caption: caption, width: Plot.column, height: hasLosses ? 95 : 60,
        tables: [("", table)], commands: commands))
  }

  func lossByLength() throws -> Figure {
    let name = "loss-by-length"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    guard let task = subject.task else {
      return .leftOut(
        name: name, because: "no machine is known that says what is right; --task names one")
    }
    let losses = try LossByLength(source, task: task, seed: seed)
    let lengths = losses.lengths
    var table = CSVTable(["epoch"] + lengths.map { "length_\($0)" })
    for (epoch, row) in zip(losses.epochs, losses.losses) { table.add([epoch] + row) }
    let short = losses.shortLengths
    let long = losses.longLengths
    func curves(_ lengths: [Int], _ colours: [String]) -> String {
      zip(lengths, colours).map { length, colour in
        "\"\(name).csv\" using \"epoch\":\"length_\(length)\" with lines lc rgb \"\(colour)\" lw 1.1 "
          + "title \"\(length.grouped)\""
      }.joined(separator: ", \\\n  ")
    }
    let finite = losses.losses.joined().filter { $0.isFinite && $0 > 0 }
    let commands = """
      set xlabel "epoch"
      set xrange [0:\(max(1, losses.epochs.max() ?? 1))]
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
      plot \(curves(short, FigureStyle.ramp(short.count, from: 0x9CCBE8, to: 0x08306B)))
      set lmargin at screen 0.55
      set rmargin at screen 0.97
      unset label 1
      set format y ""
      plot \(curves(long, FigureStyle.ramp(long.count, from: 0xF5C27A, to: 0x8A2D04)))
      unset multiplot
      """
    let last = losses.losses[losses.losses.count - 1]
    var caption =
      "Mean squared error of words up to length \(short[short.count - 1]), all of each length (left), "
      + "and of \(LossByLength.longWordCount) random words of each longer length (right), at "
      + "\(losses.epochs.count) checkpoints. "
    // The first checkpoint at which an error is a tenth of what it was at the start.
    let falls = lengths.indices.compactMap { column -> Int? in
      losses.losses.firstIndex { $0[column] < losses.losses[0][column] / 10 }
    }
    if falls.count == lengths.count, let first = falls.min(), let end = falls.max() {
      let (from, until) = (losses.epochs[first], losses.epochs[end])
      caption += "They fall below a tenth of what they were at the start "
      caption +=
        from == until
        ? "at epoch \(from), all at one checkpoint" : "between epochs \(from) and \(until)"
      caption += "; "
    } else {
      caption += "Of \(lengths.count) lengths \(falls.count) fall below a tenth of what they were; "
    }
    caption += "at the end the error on length \(lengths[lengths.count - 1].grouped) is "
    caption += "\(last[last.count - 1].brief)."
    return .drawn(
      Plot(
        name: name, title: "Loss by word length", answers: "Fig. 6", caption: caption,
        width: Plot.doubleColumn, height: 68, tables: [("", table)], commands: commands))
  }
}

/// The mean squared error of words by their length, over checkpoints.
struct LossByLength {
  let shortLengths: [Int]
  let longLengths = [25, 100, 250, 1000, 2500, 10000]
  let epochs: [Int]
  /// For each epoch the loss of each length, short ones first.
  let losses: [[Double]]

  var lengths: [Int] { shortLengths + longLengths }

  /// How many words of each long length.
  static let longWordCount = 10
  /// The number of checkpoints that are looked at.
  private static let mostCheckpoints = 80

  init(_ source: NetworkCheckpoints, task: Language, seed: UInt64) throws {
    let words = source.words
    let short = Array(1..<words.depth + 1)
    shortLengths = short.isEmpty ? [0] : short
    let machine = task.machine
    var targets = [0]
    var states = [0]
    for node in 1..<max(words.count, 1) {
      let state =
        machine.successor(of: states[Int(words.parents[node])], on: Int(words.symbols[node])) ?? 0
      states.append(state)
      targets.append(machine.output(of: state))
    }
    targets[0] = machine.output(of: 0)
    let longTrees = longLengths.map { length in
      var generator = SplitMix64(seed: seed, stream: "loss by length", index: length)
      return LongWordTree(
        .random(count: Self.longWordCount, length: length, of: task, using: &generator),
        symbolCount: words.symbolCount)
    }
    let files = evenly(Self.mostCheckpoints, of: source.files.count).map { source.files[$0] }
    epochs = files.map(\.epoch)
    let hints = source.hints
    let starts = words.levelStarts
    let shortRows = shortLengths.map { starts[$0]..<starts[$0 + 1] }
    let allTargets = targets
    losses = try inParallel(files.count) { index in
      let checkpoint = try files[index].read(hints)
      let pass = TreePass(checkpoint.network)
      pass.run(words)
      pass.readOut(rows: 0..<words.count)
      var row = shortRows.map { rows in
        pass.outputs.meanSquaredError(rows.map { ($0, allTargets[$0]) })
      }
      for tree in longTrees {
        pass.run(tree.tree)
        pass.readOut(rows: tree.tree.levelStarts[tree.tree.depth]..<tree.tree.count)
        row.append(pass.outputs.meanSquaredError(tree.ends))
      }
      return row
    }
  }
}

/// Random words as a tree of which only the last outputs are asked for.
private struct LongWordTree: Sendable {
  let tree: PrefixTree
  /// For each word its node and its target.
  let ends: [(node: Int, target: Int)]

  init(_ set: WordSet, symbolCount: Int) {
    var tree = PrefixTree(symbolCount: symbolCount)
    var leaves: [Int32] = []
    tree.rebuild(
      words: set.symbols, length: set.length, selection: Array(0..<Int32(set.count)),
      leaves: &leaves)
    self.tree = tree
    ends = zip(leaves, set.targets).map { (Int($0), Int($1)) }
  }
}

extension MatrixBuffer {
  /// The squared difference to one-hot targets, averaged over rows and outputs.
  fileprivate func meanSquaredError(_ entries: [(node: Int, target: Int)]) -> Double {
    var sum = 0.0
    for (node, target) in entries {
      for column in 0..<columns {
        let error = Double(self[node, column]) - (column == target ? 1 : 0)
        sum += error * error
      }
    }
    return sum / Double(max(entries.count, 1) * columns)
  }
}
