// The number of states over epoch and merge distance: one merge distance is one arbitrary cut.

internal import Automata
internal import Extraction
internal import Files
internal import Glibc
internal import RNN
internal import Studies

/// The automata of checkpoints at merge distances over four decades.
struct EpochDistanceMap {
  struct Cell: Sendable {
    let states: Int
    let classes: Int
    let isComplete: Bool
    let consistency: Double
    /// Nil where no task is known.
    let isEquivalent: Bool?
  }

  let epochs: [Int]
  /// In units of the scale.
  let distances: [Double]
  /// cells[epoch][distance].
  let cells: [[Cell]]

  /// A class's words must agree on where a symbol leads in at least this share of cases.
  static let consistent = 0.99
  private static let mostCheckpoints = 80
  private static let distanceCount = 25

  init(_ figures: RunFigures) throws {
    let (subject, source) = (figures.subject, figures.source)
    let files = evenly(Self.mostCheckpoints, of: source.files.count).map { source.files[$0] }
    epochs = files.map(\.epoch)
    let centre = subject.mergeDistance > 0 ? subject.mergeDistance : 0.01
    let distances = (0..<Self.distanceCount).map {
      centre * pow(10, 4 * Double($0) / Double(Self.distanceCount - 1) - 2)
    }
    self.distances = distances
    let (hints, words) = (source.hints, source.words)
    let (alphabet, outputAlphabet) = (source.alphabet, source.outputAlphabet)
    let (emptyWordCounts, task) = (subject.emptyWordCounts, subject.task?.machine)
    // Where states are not made by a distance, the definition of a state is.
    let method = subject.rule.method.hasDistance ? subject.rule.method : .leaders
    let isRefined = subject.rule.isRefined
    let runScale = subject.rule.scale == .run ? figures.study.scale : nil
    cells = try inParallel(files.count) { index in
      let checkpoint = try files[index].read(hints)
      let pass = TreePass(checkpoint.network)
      pass.run(words)
      let table = RepresentationTable(of: pass, on: words)
      let scale = runScale ?? table.scale
      let clusterer = Clusterer(points: table.vectors, count: words.count)
      return try distances.map { distance in
        let extraction = try Extractor(
          alphabet: alphabet, outputAlphabet: outputAlphabet,
          clustering: method.clustering(distance * scale), isRefined: isRefined,
          emptyWordCounts: emptyWordCounts
        ).extract(table, clusterer: clusterer, step: pass.successors(of:))
        let automaton = extraction.automaton
        return Cell(
          states: automaton.stateCount, classes: extraction.partition.count,
          isComplete: automaton.isComplete, consistency: extraction.consistency,
          // The study has compared both alphabets.
          isEquivalent: try task.map { try automaton.separatingWord(from: $0) == nil })
      }
    }
  }

  /// Rectangles of cells that cover those that satisfy a condition, and no others.
  func rectangles(where holds: (Cell) -> Bool) -> [(epochs: Range<Int>, distances: Range<Int>)] {
    var done: [(epochs: Range<Int>, distances: Range<Int>)] = []
    // Those that reach to the column before, by where they are.
    var open: [Range<Int>: Int] = [:]
    for (column, cells) in cells.enumerated() {
      var next: [Range<Int>: Int] = [:]
      var start = 0
      while start < cells.count {
        guard holds(cells[start]) else {
          start += 1
          continue
        }
        let end = cells[start...].firstIndex { !holds($0) } ?? cells.count
        next[start..<end] = open[start..<end] ?? column
        start = end
      }
      done += open.filter { next[$0.key] != $0.value }.map { ($0.value..<column, $0.key) }
      open = next
    }
    done += open.map { ($0.value..<cells.count, $0.key) }
    return done.sorted {
      ($0.epochs.lowerBound, $0.distances.lowerBound)
        < ($1.epochs.lowerBound, $1.distances.lowerBound)
    }
  }

}

extension RunFigures {
  func statesByEpochAndDistance() throws -> Figure {
    let name = "states-by-epoch-and-distance"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    let map = try EpochDistanceMap(self)
    // From the first epoch to the last, so that the cells at both ends are half as wide.
    var xs = HeatMap.borders(map.epochs.map(Double.init))
    xs[0] = Double(map.epochs[0])
    xs[xs.count - 1] = Double(map.epochs[map.epochs.count - 1])
    let ys = HeatMap.borders(map.distances.map { log10($0) }).map { pow(10, $0) }
    var table = CSVTable([
      "epoch", "merge_distance", "states", "classes", "complete", "consistency",
      "equivalent_to_task", "epoch_from", "epoch_to", "distance_from", "distance_to",
    ])
    for (i, row) in map.cells.enumerated() {
      for (j, cell) in row.enumerated() {
        table.add([
          map.epochs[i], map.distances[j], cell.states, cell.classes, cell.isComplete ? 1 : 0,
          cell.consistency, cell.isEquivalent.map { $0 ? 1 : 0 }, xs[i], xs[i + 1], ys[j],
          ys[j + 1],
        ])
      }
    }
    func isConsistent(_ cell: EpochDistanceMap.Cell) -> Bool {
      cell.consistency >= EpochDistanceMap.consistent
    }
    var regions: [(title: String, colour: String, holds: (EpochDistanceMap.Cell) -> Bool)] = [
      ("complete", FigureStyle.blue, \.isComplete),
      ("consistency ≥ \(EpochDistanceMap.consistent)", FigureStyle.orange, isConsistent),
    ]
    if subject.task != nil {
      regions.append(("computes the task", FigureStyle.green, { $0.isEquivalent == true }))
    }
    var areas = CSVTable([
      "region", "epoch_from", "epoch_to", "distance_from", "distance_to",
    ])
    for (number, region) in regions.enumerated() {
      for area in map.rectangles(where: region.holds) {
        areas.add([
          number, xs[area.epochs.lowerBound], xs[area.epochs.upperBound],
          ys[area.distances.lowerBound], ys[area.distances.upperBound],
        ])
      }
    }
    let centre = map.distances[map.distances.count / 2]
    // One panel for the number of states, one below it for each region.
    let panels = regions.count
    var commands = """
      set logscale y
      set format y "10^{%T}"
      set xrange [\(xs[0]):\(xs[xs.count - 1])]
      set yrange [\(ys[0]):\(ys[ys.count - 1])]
      set ytics scale 0.5
      unset mytics
      unset key
      set multiplot
      set lmargin at screen 0.075
      set rmargin at screen 0.615
      set tmargin at screen 0.94
      set bmargin at screen 0.18
      set xlabel "epoch"
      set label 2 "merge distance / scale" at screen 0.015, graph 0.5 center rotate
      set logscale cb
      set label 3 "number of states" at screen 0.71, graph 0.5 center rotate
      set format cb "%g"
      set colorbox user origin graph 1.02, graph 0 size graph 0.025, graph 1 noborder
      set arrow 1 from \(xs[0]), \(centre) to \(xs[xs.count - 1]), \(centre) nohead front \
      lc rgb "#ffffff" lw 0.7 dt (4,3)
      # Each cell reaches a little under the next one, so that no seam shows between them.
      plot "\(name).csv" using "epoch":"merge_distance":"epoch_from":\
      (column("epoch_to") + \((xs[xs.count - 1] - xs[0]) / 500)):"distance_from":\
      (column("distance_to") * 1.03):"states" with boxxyerror fc palette
      unset colorbox
      set arrow 1 from \(xs[0]), \(centre) to \(xs[xs.count - 1]), \(centre) nohead front \
      lc rgb "#444444" lw 0.7 dt (4,3)
      set lmargin at screen 0.765
      set rmargin at screen 0.975
      unset label 2
      unset label 3
      set format y ""
      set xtics \(max(1, Int((xs[xs.count - 1] - xs[0]) / 2)))

      """
    for (number, region) in regions.enumerated() {
      // From 0.94 down to 0.18, with a line of text above each.
      let pitch = 0.84 / Double(panels)
      let top = 0.94 - Double(number) * pitch
      commands += """
        set tmargin at screen \(top)
        set bmargin at screen \(top - pitch + 0.08)
        set format x "\(number == panels - 1 ? "%g" : "")"
        \(number == panels - 1 ? "set xlabel \"epoch\"" : "unset xlabel")
        set label 1 "\(region.title)" at graph 0, graph 1.09 left
        plot "\(name)-regions.csv" using (column("region") == \(number) ? column("epoch_from") : NaN):\
        (column("distance_from")):(column("epoch_from")):(column("epoch_to")):(column("distance_from")):\
        (column("distance_to")) with boxxyerror fc rgb "\(region.colour)"

        """
    }
    commands += "unset multiplot"
    let middle = map.distances.count / 2
    let last = map.cells.count - 1
    func count(_ holds: (EpochDistanceMap.Cell) -> Bool) -> String {
      let row = map.cells[last].indices.filter { holds(map.cells[last][$0]) }
      guard let first = row.first, let end = row.last else { return "at no distance" }
      if row.count == end - first + 1 {
        return "from \(map.distances[first].brief) to \(map.distances[end].brief)"
      }
      return "at \(row.count) of \(map.distances.count) distances"
    }
    var caption =
      "The number of states of the automaton at \(map.epochs.count) checkpoints and "
      + "\(map.distances.count) merge distances in units of the scale; the dashed line is the merge "
      + "distance in use, \(centre.brief). "
      + "At the last checkpoint there are \(map.cells[last][middle].states) states there, "
      + "\(map.cells[last][0].states) at \(map.distances[0].brief) and "
      + "\(map.cells[last][map.distances.count - 1].states) at "
      + "\(map.distances[map.distances.count - 1].brief); the automaton is complete "
      + count(\.isComplete) + ", its consistency is at least \(EpochDistanceMap.consistent) "
      + count(isConsistent)
    if subject.task != nil {
      caption += ", and it computes \(taskName) " + count { $0.isEquivalent == true }
    }
    caption += ". On the right, where each holds over the run."
    return .drawn(
      Plot(
        name: name, title: "Number of states over epoch and merge distance", answers: nil,
        caption: caption, width: Plot.doubleColumn, height: 80,
        tables: [("", table), ("-regions", areas)], commands: commands))
  }
}
