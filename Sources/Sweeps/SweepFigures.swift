// Phase diagrams: what the cells of a sweep came to, over its axes.

public import Figures
internal import Files
internal import Glibc
internal import MergerTheory
internal import Studies

/// The figures of a sweep: over two axes as maps, over one as curves.
public struct SweepFigures {
  let settings: SweepSettings
  public let all: [Figure]

  public init(settings: SweepSettings, results: [CellResult]) {
    self.settings = settings
    let name = "phase-diagram"
    let axes = settings.axes.indices.filter { settings.axes[$0].option != "seed" }
    let numbers = axes.map { settings.axes[$0].numbers }
    let isDrawable = numbers.allSatisfy { $0.map { $0.count > 1 } ?? false }
    let outputs = (try? settings.configuration(of: 0).assignment())?.outputAlphabet.count ?? 2
    let level = (1 + 1 / Double(max(outputs, 1))) / 2
    switch axes.count {
    case 1 where isDrawable:
      all = [SweepCurves(settings: settings, axis: axes[0], results: results).figure(name)]
    case 2 where isDrawable:
      all = [
        PhaseDiagram(settings: settings, axes: (axes[0], axes[1]), results: results, level: level)
          .figure(name)
      ]
    default:
      all = [
        .leftOut(
          name: name,
          because:
            "it is drawn over one or two axes of numbers, with at least two values each, beside "
            + "the seed")
      ]
    }
  }

  public var introduction: String {
    let axes = settings.axes.map { axis in
      axis.values.count > 1
        ? "\(axis.option) \(axis.values[0]) to \(axis.values[axis.values.count - 1]) "
          + "(\(axis.values.count))" : "\(axis.option) \(axis.values[0])"
    }
    return axes.joined(separator: ", ") + "; " + settings.options.joined(separator: " ")
  }
}

/// The results over one axis: a point for each cell.
struct SweepCurves {
  let settings: SweepSettings
  let axis: Int
  let results: [CellResult]

  func figure(_ name: String) -> Figure {
    let option = settings.axes[axis].option
    var table = CSVTable([option, "validation_accuracy", "states"])
    for result in results where result.validationAccuracy != nil {
      table.add([result.values[axis], result.validationAccuracy, result.states])
    }
    guard table.rows > 0 else {
      return .leftOut(name: name, because: "no cell came to an end")
    }
    let isLogarithmic = PhaseGrid.isLogarithmic(settings.axes[axis].numbers ?? [])
    return .drawn(
      Plot(
        name: name, title: "Validation accuracy and number of states over \(option)",
        answers: nil,
        caption: "Validation accuracy and number of states of the last automaton over --\(option); "
          + "each point is one of \(counted(table.rows, "cell")).",
        width: Plot.doubleColumn, height: 65, tables: [("", table)],
        commands: """
          set multiplot layout 1,2
          set xlabel "\(option)"
          \(isLogarithmic ? "set logscale x" : "")
          set offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05
          set ylabel "validation accuracy"
          plot "\(name).csv" using 1:2 with points ls 1 pt 7 ps 0.5
          set ylabel "number of states"
          set logscale y
          plot "\(name).csv" using 1:3 with points ls 2 pt 7 ps 0.5
          unset multiplot
          """))
  }
}

/// The results over two axes, averaged over the seeds, with the boundary of generalization.
struct PhaseDiagram {
  private let settings: SweepSettings
  private let axes: (x: Int, y: Int)
  /// The validation accuracy halfway between guessing and being right.
  private let level: Double
  private let accuracy: PhaseGrid
  private let states: PhaseGrid
  /// The validation accuracy of each seed.
  private let bySeed: [PhaseGrid]
  /// Where some seed's network did not reach the loss.
  private let unlearnt: [PhaseGrid.Point]
  private let cellCount: Int

  init(
    settings: SweepSettings, axes: (Int, Int), results: [CellResult], level: Double
  ) {
    self.settings = settings
    self.axes = axes
    self.level = level
    cellCount = results.count
    let (x, y) = (settings.axes[axes.0], settings.axes[axes.1])
    let empty = PhaseGrid(xs: x.numbers ?? [], ys: y.numbers ?? [])
    let seedAxis = settings.axes.firstIndex { $0.option == "seed" }
    let seeds = seedAxis.map { settings.axes[$0].values } ?? [""]
    var bySeed = Array(repeating: empty, count: seeds.count)
    var stateSums = empty
    var counts = empty
    var unlearnt: Set<PhaseGrid.Point> = []
    for result in results {
      let places = settings.places(of: result.cell)
      let (i, j) = (places[axes.0], places[axes.1])
      if result.status != .done { unlearnt.insert(.init(x: empty.xs[i], y: empty.ys[j])) }
      guard let accuracy = result.validationAccuracy, let count = result.states else { continue }
      bySeed[seedAxis.map { places[$0] } ?? 0].values[i][j] = accuracy
      stateSums.values[i][j] = (stateSums.values[i][j] ?? 0) + Double(count)
      counts.values[i][j] = (counts.values[i][j] ?? 0) + 1
    }
    var accuracy = empty
    for i in empty.xs.indices {
      for j in empty.ys.indices {
        guard let count = counts.values[i][j], let states = stateSums.values[i][j] else { continue }
        stateSums.values[i][j] = states / count
        accuracy.values[i][j] = bySeed.compactMap { $0.values[i][j] }.reduce(0, +) / count
      }
    }
    self.accuracy = accuracy
    self.states = stateSums
    self.bySeed = bySeed
    self.unlearnt = unlearnt.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }

  private var options: (x: String, y: String) {
    (settings.axes[axes.x].option, settings.axes[axes.y].option)
  }

  /// The theory's boundary, where the axes are those that it is about.
  private var theory: ScalingBoundary? {
    let points = zip(accuracy.xs, accuracy.crossings(level)).compactMap { x, y in
      y.map { (x: x, y: $0) }
    }
    guard points.allSatisfy({ $0.x > 0 && $0.y > 0 }) else { return nil }
    return switch options {
    case ("gain", "fraction"): ScalingBoundary(fitting: points.map { ($0.x, $0.y) })
    case ("fraction", "gain"): ScalingBoundary(fitting: points.map { ($0.y, $0.x) })
    default: nil
    }
  }

  /// The share of cells that lie on the right side of a boundary: those with more data than it asks
  /// for generalize, the others do not.
  private func share(rightOf boundary: ScalingBoundary) -> Double {
    var (right, count) = (0, 0)
    for (i, x) in accuracy.xs.enumerated() {
      for (j, y) in accuracy.ys.enumerated() {
        guard let value = accuracy.values[i][j] else { continue }
        let (gain, fraction) = options.x == "gain" ? (x, y) : (y, x)
        count += 1
        if (fraction > boundary.fraction(atGain: gain)) == (value >= level) { right += 1 }
      }
    }
    return Double(right) / Double(count)
  }

  private static func borders(_ centres: [Double]) -> [Double] {
    guard PhaseGrid.isLogarithmic(centres) else { return HeatMap.borders(centres) }
    return HeatMap.borders(centres.map { log10($0) }).map { pow(10, $0) }
  }

  func figure(_ name: String) -> Figure {
    let (xs, ys) = (Self.borders(accuracy.xs), Self.borders(accuracy.ys))
    var table = CSVTable([
      options.x, options.y, "validation_accuracy", "states", "x_from", "x_to", "y_from", "y_to",
    ])
    for (i, x) in accuracy.xs.enumerated() {
      for (j, y) in accuracy.ys.enumerated() where accuracy.values[i][j] != nil {
        table.add([
          x, y, accuracy.values[i][j], states.values[i][j], xs[i], xs[i + 1], ys[j], ys[j + 1],
        ])
      }
    }
    guard table.rows > 0 else {
      return .leftOut(name: name, because: "no cell came to an end")
    }
    // 0: of the mean over seeds; 1 and up: of each seed.
    var boundary = CSVTable(["seed_number", "x_from", "y_from", "x_step", "y_step"])
    for (number, grid) in ([accuracy] + (bySeed.count > 1 ? bySeed : [])).enumerated() {
      for (from, to) in grid.contour(level) {
        boundary.add([number, from.x, from.y, to.x - from.x, to.y - from.y])
      }
    }
    var crosses = CSVTable([options.x, options.y])
    // Where none is learnt there is nothing to tell apart.
    if unlearnt.count < table.rows { for cell in unlearnt { crosses.add([cell.x, cell.y]) } }
    let theory = theory
    var law = CSVTable([options.x, options.y])
    if let theory {
      for step in 0...200 {
        let gains = options.x == "gain" ? xs : ys
        let gain = gains[0] + (gains[gains.count - 1] - gains[0]) * Double(step) / 200
        guard gain > 0 else { continue }
        let fraction = theory.fraction(atGain: gain)
        law.add(options.x == "gain" ? [gain, fraction] : [fraction, gain])
      }
    }
    return .drawn(
      Plot(
        name: name,
        title: "Validation accuracy and number of states over \(options.x) and \(options.y)",
        answers: "Fig. 9", caption: caption(theory), width: Plot.doubleColumn, height: 78,
        tables: [
          ("", table), ("-boundary", boundary), ("-theory", law), ("-unlearnt", crosses),
        ],
        commands: commands(
          name, xs, ys, hasTheory: theory != nil, hasCrosses: crosses.rows > 0)))
  }

  /// Numbers of states to mark.
  private static let ticks = (0...5).flatMap { power in
    [1, 2, 5].map { "\($0)" + String(repeating: "0", count: power) }
  }.joined(separator: ", ")

  private func commands(
    _ name: String, _ xs: [Double], _ ys: [Double], hasTheory: Bool, hasCrosses: Bool
  ) -> String {
    let lines = """
      "\(name)-boundary.csv" using (column(1) > 0 ? column(2) : NaN):3:4:5 \
      with vectors nohead lc rgb "#555555" lw 0.7, \
      "\(name)-boundary.csv" using (column(1) == 0 ? column(2) : NaN):3:4:5 \
      with vectors nohead lc rgb "\(FigureStyle.orange)" lw 2.4 title "measured boundary"
      """
    let law =
      hasTheory
      ? ", \"\(name)-theory.csv\" using 1:2 with lines lc rgb \"\(FigureStyle.vermillion)\" lw 1.6 "
        + "dt (5,3) title \"theory, fitted\"" : ""
    let crosses =
      hasCrosses
      ? ", \"\(name)-unlearnt.csv\" using 1:2 with points pt 2 ps 0.45 lw 1.2 lc rgb \"#555555\" "
        + "title \"loss not reached\"" : ""
    return """
      set multiplot
      set xrange [\(xs[0]):\(xs[xs.count - 1])]
      set yrange [\(ys[0]):\(ys[ys.count - 1])]
      \(PhaseGrid.isLogarithmic(accuracy.xs) ? "set logscale x" : "")
      \(PhaseGrid.isLogarithmic(accuracy.ys) ? "set logscale y" : "")
      set xlabel "\(options.x)" offset 0,0.3
      set ylabel "\(options.y)" offset 1.5,0
      set tmargin at screen 0.85
      set bmargin at screen 0.185
      set colorbox user origin graph 1.03, graph 0 size graph 0.03, graph 1 noborder
      set label 1 "validation accuracy" at graph 0, graph 1.05 left
      unset key
      set lmargin at screen 0.095
      set rmargin at screen 0.425
      set cbrange [\(2 * level - 1):1]
      # Each cell reaches a little under the next one, so that no seam shows between them.
      plot "\(name).csv" using 1:2:5:(column(6) + (column(6) - column(5)) * 0.02):7:\
      (column(8) + (column(8) - column(7)) * 0.02):3 with boxxyerror fc palette, \
      \(lines)\(law)\(crosses)
      set key at screen 0.98, screen 0.985 right top maxrows 1
      set label 1 "number of states"
      set lmargin at screen 0.59
      set rmargin at screen 0.915
      set cbrange [*:*]
      set logscale cb
      set cbtics (\(Self.ticks))
      set format cb "%g"
      plot "\(name).csv" using 1:2:5:(column(6) + (column(6) - column(5)) * 0.02):7:\
      (column(8) + (column(8) - column(7)) * 0.02):4 with boxxyerror fc palette, \
      \(lines)\(law)\(crosses)
      unset multiplot
      """
  }

  private func caption(_ theory: ScalingBoundary?) -> String {
    var caption =
      "Validation accuracy and number of states of the last automaton over --\(options.x) and "
      + "--\(options.y), \(counted(cellCount, "cell"))"
    if bySeed.count > 1 { caption += ", means over \(counted(bySeed.count, "seed"))" }
    caption += "; the solid line is where the accuracy is \(level.brief), halfway from guessing"
    if bySeed.count > 1 {
      let crossings = bySeed.map { $0.crossings(level) }
      let spreads = accuracy.xs.indices.compactMap { x -> Double? in
        let known = crossings.compactMap { $0[x] }
        guard let least = known.min(), let most = known.max(), known.count > 1 else { return nil }
        return most - least
      }
      caption += ", thin lines those of single seeds"
      if !spreads.isEmpty {
        caption +=
          ", which lie \((spreads.reduce(0, +) / Double(spreads.count)).brief) apart in "
          + "\(options.y) on average"
      }
    }
    caption += "."
    if !unlearnt.isEmpty {
      let whose = bySeed.count > 1 ? "some seed's" : "the"
      caption += " Crosses: \(whose) training loss did not fall to the one asked for."
    }
    if let theory {
      caption +=
        " Dashed, the theory's boundary C = N·G^(n−m), fitted: fraction = "
        + "\(theory.coefficient.brief) · gain^\(theory.lengthDifference.brief), which "
        + "\(theory.explained.map { "explains \(($0 * 100).brief) % of the variance of the boundary's logarithm, " } ?? "")"
        + "misses it by a factor of \(exp(theory.residual).brief) on average, and has "
        + "\((share(rightOf: theory) * 100).brief) % of the cells on the right side."
    } else if Set([options.x, options.y]) == ["gain", "fraction"] {
      caption +=
        " The boundary crosses too few columns to fit the theory's to it (needed are three)."
    }
    return caption
  }
}
