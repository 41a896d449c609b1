// The second-order beside the first-order term of the output map, over epochs.

internal import Files
internal import LinearAlgebra
internal import RNN
internal import Studies

extension RunFigures {
  func outputMapOrder() throws -> Figure {
    let name = "output-map-order"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    guard let pairs = study.pairs else {
      return .leftOut(name: name, because: "there are too many pairs of words to measure all")
    }
    let sample = OutputMapOrder.Sample(pairs, seed: seed)
    guard !sample.isEmpty else {
      return .leftOut(name: name, because: "the words form no pair")
    }
    guard source.shape.stateCount == 1 else {
      return .leftOut(
        name: name,
        because: "the hidden state alone does not say where an LSTM or several layers go from it")
    }
    let order = try OutputMapOrder(sample, networks: networks, words: source.words)
    guard !order.drawn.isEmpty else {
      return .leftOut(
        name: name,
        because: "the output map has no second-order term anywhere, or no first-order one")
    }
    return .drawn(
      Plot(
        name: name, title: "Second-order over first-order term of the output map",
        answers: "Fig. 13", caption: order.caption(seed: seed), width: Plot.column, height: 60,
        tables: [("", order.table)],
        commands: order.commands("\(name).csv", lastEpoch: entries[entries.count - 1].epoch)))
  }
}

extension OutputMapOrder {
  /// Where the output map is linear, rounding alone is left, which is not worth drawing.
  private static let leastRatioShown = 1e-6

  /// The kinds with a ratio that is worth drawing.
  fileprivate var drawn: [Int] {
    kinds.indices.filter { kind in
      ratios.contains { $0[kind].values.contains { $0 > Self.leastRatioShown } }
    }
  }

  fileprivate var table: CSVTable {
    let marks = [("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75)]
    var table = CSVTable(
      ["epoch"]
        + kinds.flatMap { kind in
          ["\(kind.rawValue)_pairs", "\(kind.rawValue)_mean"]
            + marks.map { "\(kind.rawValue)_\($0.0)" }
        })
    let means = kinds.indices.map { self.means(ofKind: $0) }
    for (index, epoch) in epochs.enumerated() {
      var row: [(any CustomStringConvertible)?] = [epoch]
      for kind in kinds.indices {
        let sorted = ratios[index][kind]
        row += [sorted.values.count, means[kind][index]]
        row += marks.map { sorted.nearestRank($0.1) }
      }
      table.add(row)
    }
    return table
  }

  fileprivate func commands(_ data: String, lastEpoch: Int) -> String {
    let colours = [FigureStyle.blue, FigureStyle.vermillion, FigureStyle.green]
    let commands = """
      set xlabel "epoch"
      set ylabel "second-order / first-order term"
      set logscale y
      set format y "10^{%T}"
      set xrange [0:\(max(1, lastEpoch))]
      set yrange [\(Self.leastRatioShown):*]
      set key outside top right horizontal maxrows 1 samplen 0.9 width -1
      set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead ls 8
      set style fill transparent solid 0.15 noborder
      plot \\

      """
    return commands
      + drawn.map { kind in
        let column = kinds[kind].rawValue
        return """
            "\(data)" using "epoch":"\(column)_lower_quartile":"\(column)_upper_quartile" \
          with filledcurves lc rgb "\(colours[kind])", \\
            "" using "epoch":"\(column)_mean" with lines ls \(kind + 1) title "\(kinds[kind].text)"
          """
      }.joined(separator: ", \\\n")
  }

  fileprivate func caption(seed: UInt64) -> String {
    let medians = drawn.map { kind -> String in
      let means = SortedNumbers(means(ofKind: kind).compactMap { $0 })
      return "for \(pairs[kind].count) \(kinds[kind].text) pairs its mean is "
        + "\((means.nearestRank(0.5) ?? 0).brief) at the median checkpoint and at most "
        + "\((means.values.last ?? 0).brief)"
    }.joined(separator: "; ")
    return
      "Second-order term 2(f(h₁) + f(h₂) − 2 f((h₁+h₂)/2)) of the output map f over its "
      + "first-order term f(h₂) − f(h₁), root mean squares over the \(continuations.count) "
      + "continuations up to length \(continuations.depth): \(medians). Lines are means, bands go "
      + "from quartile to quartile as far as they are above \(Self.leastRatioShown.brief); below the dashed line the first order "
      + "dominates. The pairs are drawn at random (seed \(seed)), in double precision."
  }
}

extension OutputMapOrder.Kind {
  /// As a reader wants it.
  fileprivate var text: String { rawValue.replacing("_", with: " ") }
}
