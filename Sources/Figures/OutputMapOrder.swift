// Whether the output map is linear between two words: its second-order term beside the first.

internal import Automata
internal import Extraction
internal import Files
internal import LinearAlgebra
internal import RNN
internal import Studies
internal import Tasks

extension RunFigures {
  /// How many pairs of each kind are looked at, on how many checkpoints, how far.
  private static let samplePairs = 100
  private static let sampleCheckpoints = 40
  private static let continuationLength = 3
  /// Where the output map is linear, rounding alone is left, which is not worth drawing.
  private static let leastRatioShown = 1e-6

  func outputMapOrder() throws -> Figure {
    let name = "output-map-order"
    if let problem = needsSeveralCheckpoints { return .leftOut(name: name, because: problem) }
    guard let pairs = study.pairs else {
      return .leftOut(name: name, because: "there are too many pairs of words to measure all")
    }
    let kinds = samplePairs(pairs)
    guard kinds.contains(where: { !$0.isEmpty }) else {
      return .leftOut(name: name, because: "the words form no pair")
    }
    guard source.shape.stateCount == 1 else {
      return .leftOut(
        name: name,
        because: "the hidden state alone does not say where an LSTM or several layers go from it")
    }
    let words = source.words
    let files = evenly(Self.sampleCheckpoints, of: source.files.count).map { source.files[$0] }
    let hints = source.hints
    let units = source.shape.hidden
    let continuations = PrefixTree.complete(
      symbolCount: words.symbolCount, depth: Self.continuationDepth(words.symbolCount))
    let ratios = try inParallel(files.count) { index -> [[Double]] in
      let network = try files[index].read(hints).network
      let rows = network.preciseRows(of: words).hidden
      func state(_ word: Int) -> [Double] { Array(rows[word * units..<(word + 1) * units]) }
      return kinds.map { pairs in
        network.outputMapOrders(
          between: pairs.map { (state($0.0), state($0.1)) }, after: continuations
        ).compactMap { $0 }.sorted()
      }
    }
    let titles = Self.kindNames(isAgreementKnown: subject.agreement != nil)
    let marks = [("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75)]
    var table = CSVTable(
      ["epoch"]
        + titles.flatMap { kind in
          ["\(kind)_pairs", "\(kind)_mean"] + marks.map { "\(kind)_\($0.0)" }
        })
    for (file, kinds) in zip(files, ratios) {
      table.add(
        [file.epoch]
          + kinds.flatMap { sorted -> [(any CustomStringConvertible)?] in
            let ranked = SortedNumbers(sorted)
            return [sorted.count, sorted.mean] + marks.map { ranked.nearestRank($0.1) }
          })
    }
    var commands = """
      set xlabel "epoch"
      set ylabel "second-order / first-order term"
      set logscale y
      set format y "10^{%T}"
      set xrange [0:\(max(1, files[files.count - 1].epoch))]
      set yrange [\(Self.leastRatioShown):*]
      set key outside top right horizontal maxrows 1 samplen 0.9 width -1
      set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead ls 8
      set style fill transparent solid 0.15 noborder
      plot \\

      """
    let drawn = titles.indices.filter { kind in
      ratios.contains { $0[kind].contains { $0 > Self.leastRatioShown } }
    }
    guard !drawn.isEmpty else {
      return .leftOut(
        name: name,
        because: "the output map has no second-order term anywhere, or no first-order one")
    }
    commands += drawn.map { kind in
      """
        "\(name).csv" using "epoch":"\(titles[kind])_lower_quartile":"\(titles[kind])_upper_quartile" with filledcurves \
      lc rgb "\([FigureStyle.blue, FigureStyle.vermillion, FigureStyle.green][kind])", \\
        "" using "epoch":"\(titles[kind])_mean" with lines ls \(kind + 1) \
      title "\(titles[kind].replacing("_", with: " "))"
      """
    }.joined(separator: ", \\\n")
    let medians = drawn.map { kind -> String in
      let all = SortedNumbers(ratios.compactMap { $0[kind].mean })
      return "for \(kinds[kind].count) \(titles[kind].replacing("_", with: " ")) pairs its mean is "
        + "\((all.nearestRank(0.5) ?? 0).brief) at the median checkpoint and at most "
        + "\((all.values.last ?? 0).brief)"
    }.joined(separator: "; ")
    let caption =
      "Second-order term 2(f(h₁) + f(h₂) − 2 f((h₁+h₂)/2)) of the output map f over its first-order term "
      + "f(h₂) − f(h₁), root mean squares over the \(continuations.count) continuations up to length "
      + "\(continuations.depth): \(medians). Lines are means, bands go from quartile to quartile as far as they are above \(Self.leastRatioShown.brief); below the dashed line "
      + "the first order dominates. The pairs are drawn by chance (seed \(seed)), in double precision."
    return .drawn(
      Plot(
        name: name, title: "Second-order over first-order term of the output map",
        answers: "Fig. 13", caption: caption, width: Plot.column, height: 60,
        tables: [("", table)], commands: commands))
  }

  /// As long as there are no more than a few dozen continuations.
  private static func continuationDepth(_ symbolCount: Int) -> Int {
    (0...continuationLength).last {
      (PrefixTree.completeCount(symbolCount: symbolCount, depth: $0) ?? .max) <= 40
    } ?? 0
  }

  /// The kinds of pairs.
  private static func kindNames(isAgreementKnown: Bool) -> [String] {
    isAgreementKnown ? ["merging", "disagreeing", "other_agreeing"] : ["merging", "other"]
  }

  /// Pairs that have merged for good, those that disagree, and other ones that agree; without ε.
  private func samplePairs(_ pairs: PairHistory) -> [[(Int, Int)]] {
    // Reservoir sampling: J. S. Vitter, "Random Sampling with a Reservoir", ACM TOMS 11 (1985).
    var generator = SplitMix64(seed: seed, stream: "pairs for the output map")
    var kinds = [[(Int, Int)]](
      repeating: [], count: Self.kindNames(isAgreementKnown: subject.agreement != nil).count)
    var seen = [Int](repeating: 0, count: kinds.count)
    pairs.forEachPair { (pair: PairHistory.Pair) in
      guard pair.first > 0 else { return }
      let hasMerged = pair.mergerEpoch != nil && pair.agrees != false
      let kind = hasMerged ? 0 : pair.agrees == true ? 2 : 1
      seen[kind] += 1
      if kinds[kind].count < Self.samplePairs {
        kinds[kind].append((pair.first, pair.second))
      } else {
        let place = Int.random(in: 0..<seen[kind], using: &generator)
        if place < Self.samplePairs { kinds[kind][place] = (pair.first, pair.second) }
      }
    }
    return kinds
  }
}

extension [Double] {
  fileprivate var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
