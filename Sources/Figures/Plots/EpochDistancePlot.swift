// The number of states over epoch and merge distance, and where the automaton is as it should be.

internal import Files
internal import Glibc
internal import Studies

extension RunFigures {
  func statesByEpochAndDistance() -> Figure {
    let name = "states-by-epoch-and-distance"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    guard let map = epochDistanceMap else { return .leftOut(name: name, because: "no map") }
    let plot = EpochDistancePlot(map, task: subject.task == nil ? nil : taskName)
    return .drawn(
      Plot(
        name: name, title: "Number of states over epoch and merge distance", answers: nil,
        caption: plot.caption, width: Plot.doubleColumn, height: 80,
        tables: [("", plot.cells), ("-regions", plot.areas)], commands: plot.commands(name)))
  }
}

/// The map as gnuplot draws it: a panel for the number of states, and one beside it for each
/// region.
private struct EpochDistancePlot {
  /// Where something holds.
  struct Region {
    let title: String
    let colour: String
    let holds: (EpochDistanceMap.Cell) -> Bool
  }

  let map: EpochDistanceMap
  /// The name of the task; nil where none is known.
  let task: String?
  /// Where columns and rows of cells begin and end.
  let xs, ys: [Double]

  init(_ map: EpochDistanceMap, task: String?) {
    self.map = map
    self.task = task
    // From the first epoch to the last, so that the cells at both ends are half as wide.
    var xs = HeatMap.borders(map.epochs.map(Double.init))
    xs[0] = Double(map.epochs[0])
    xs[xs.count - 1] = Double(map.epochs[map.epochs.count - 1])
    self.xs = xs
    ys = HeatMap.borders(map.distances.map { log10($0) }).map { pow(10, $0) }
  }

  /// The position of the distance in use, and that distance.
  private var middle: Int { map.distances.count / 2 }
  private var centre: Double { map.distances[middle] }

  private var regions: [Region] {
    var regions = [
      Region(title: "complete", colour: FigureStyle.blue, holds: \.isComplete),
      Region(
        title: "consistency ≥ \(EpochDistanceMap.leastConsistency)", colour: FigureStyle.orange,
        holds: \.isConsistent),
    ]
    if task != nil {
      regions.append(
        Region(title: "computes the task", colour: FigureStyle.green) { $0.isEquivalent == true })
    }
    return regions
  }

  var cells: CSVTable {
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
    return table
  }

  var areas: CSVTable {
    var table = CSVTable([
      "region", "epoch_from", "epoch_to", "distance_from", "distance_to",
    ])
    for (number, region) in regions.enumerated() {
      for area in map.rectangles(where: region.holds) {
        table.add([
          number, xs[area.epochs.lowerBound], xs[area.epochs.upperBound],
          ys[area.distances.lowerBound], ys[area.distances.upperBound],
        ])
      }
    }
    return table
  }

  func commands(_ name: String) -> String {
    let commands = """
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
    return commands + regionCommands("\(name)-regions.csv") + "unset multiplot"
  }

  /// From 0.94 down to 0.18, with a line of text above each.
  private func regionCommands(_ data: String) -> String {
    let panels = regions.count
    let pitch = 0.84 / Double(panels)
    return regions.enumerated().map { number, region in
      let top = 0.94 - Double(number) * pitch
      return """
        set tmargin at screen \(top)
        set bmargin at screen \(top - pitch + 0.08)
        set format x "\(number == panels - 1 ? "%g" : "")"
        \(number == panels - 1 ? "set xlabel \"epoch\"" : "unset xlabel")
        set label 1 "\(region.title)" at graph 0, graph 1.09 left
        plot "\(data)" using (column("region") == \(number) ? column("epoch_from") : NaN):\
        (column("distance_from")):(column("epoch_from")):(column("epoch_to")):\
        (column("distance_from")):(column("distance_to")) with boxxyerror fc rgb "\(region.colour)"

        """
    }.joined()
  }

  var caption: String {
    let last = map.cells[map.cells.count - 1]
    let end = map.distances.count - 1
    var caption =
      "The number of states of the automaton at \(map.epochs.count) checkpoints and "
      + "\(map.distances.count) merge distances in units of the scale; the dashed line is the "
      + "merge distance in use, \(centre.brief). "
      + "At the last checkpoint there are \(last[middle].states) states there, "
      + "\(last[0].states) at \(map.distances[0].brief) and \(last[end].states) at "
      + "\(map.distances[end].brief); the automaton is complete "
      + range(last, where: \.isComplete) + ", its consistency is at least "
      + "\(EpochDistanceMap.leastConsistency) " + range(last, where: \.isConsistent)
    if let task {
      caption += ", and it computes \(task) " + range(last) { $0.isEquivalent == true }
    }
    return caption + ". On the right, where each holds over the run."
  }

  /// At which distances something holds, in words.
  private func range(
    _ cells: [EpochDistanceMap.Cell], where holds: (EpochDistanceMap.Cell) -> Bool
  ) -> String {
    let row = cells.indices.filter { holds(cells[$0]) }
    guard let first = row.first, let end = row.last else { return "at no distance" }
    return row.count == end - first + 1
      ? "from \(map.distances[first].brief) to \(map.distances[end].brief)"
      : "at \(row.count) of \(map.distances.count) distances"
  }
}
