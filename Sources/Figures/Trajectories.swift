// One merging and one disagreeing pair of words over epochs, beside the theory's curves.

internal import Automata
internal import Extraction
internal import Files
internal import Glibc
internal import MergerTheory
internal import RNN
internal import Studies
internal import Tasks

/// Two pairs of words of the same lengths: one that merges and one that disagrees.
struct ChosenPairs {
  let merging: PairHistory.Pair
  let disagreeing: PairHistory.Pair
  let lengths: (Int, Int)

  /// The pair of lengths that is taken where it has pairs of both kinds: the paper's.
  private static let preferred = (4, 7)

  /// The median merging pair by the epoch of its merger, and the disagreeing pair of the median
  /// distance at the end; equals are in order of their words.
  ///
  /// - Returns: Nil if no agreeing pair of different lengths has merged.
  init?(_ pairs: PairHistory) {
    let words = pairs.words
    let lengths = (0..<words.count).map { words.length(of: $0) }
    let size = words.depth + 1
    var mergers = [Int](repeating: 0, count: size * size)
    pairs.forEachPair { (pair: PairHistory.Pair) in
      let (a, b) = (lengths[pair.first], lengths[pair.second])
      if pair.agrees == true, pair.mergerEpoch != nil, 0 < a, a < b { mergers[a * size + b] += 1 }
    }
    var best = mergers.indices.max { mergers[$0] < mergers[$1] } ?? 0
    let wanted = Self.preferred.0 * size + Self.preferred.1
    if Self.preferred.1 < size, mergers[wanted] > 0 { best = wanted }
    guard mergers[best] > 0 else { return nil }
    let (shorter, longer) = (best / size, best % size)
    var merging: [PairHistory.Pair] = []
    var disagreeing: [PairHistory.Pair] = []
    pairs.forEachPair { (pair: PairHistory.Pair) in
      guard lengths[pair.first] == shorter, lengths[pair.second] == longer else { return }
      if pair.agrees == true, pair.mergerEpoch != nil { merging.append(pair) }
      if pair.agrees == false { disagreeing.append(pair) }
    }
    func median(_ list: [PairHistory.Pair], _ key: (PairHistory.Pair) -> Double)
      -> PairHistory.Pair?
    {
      let sorted = list.enumerated().sorted {
        (key($0.element), $0.offset) < (key($1.element), $1.offset)
      }
      return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2].element
    }
    guard let one = median(merging, { Double($0.mergerEpoch ?? 0) }),
      let other = median(disagreeing, { Double($0.lastDistance) })
    else { return nil }
    self.merging = one
    self.disagreeing = other
    self.lengths = (shorter, longer)
  }
}

/// What the fixed-expansion theory starts from, measured of a pair.
private struct ExpansionStart: Sendable {
  let state: FixedExpansion.State
  let continuations: Int
  let targets: (Double, Double, Double)
  let lengths: (Int, Int)

  /// - Parameters:
  ///   - rows: Hidden states and outputs of all words.
  ///   - isTrained: Whether a word is trained on.
  /// - Returns: Nil if the words coincide or no continuation of both is trained on.
  init?(
    _ first: Int, _ second: Int, words: PrefixTree, hidden: [Double], outputs: [Double],
    units: Int, outputCount: Int, targets right: [Int], isTrained: [Bool]
  ) {
    func row(_ table: [Double], _ word: Int, _ width: Int) -> ArraySlice<Double> {
      table[word * width..<(word + 1) * width]
    }
    func dot(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (one, other) = (row(hidden, first, units), row(hidden, second, units))
    let difference = zip(other, one).map { $0 - $1 }
    let distance = dot(difference, difference).squareRoot()
    guard distance > 0 else { return nil }
    let h1 = dot(one, difference) / distance
    let h2 = dot(other, difference) / distance
    var sums = [Double](repeating: 0, count: 7)  // p, q1, q2, b², d², r1, r2
    var products = (0.0, 0.0, 0.0)
    var count = 0
    var stack = [(first, second)]
    while let (a, b) = stack.popLast() {
      if isTrained[a] && isTrained[b] {
        let (ya, yb) = (row(outputs, a, outputCount), row(outputs, b, outputCount))
        let slope = zip(yb, ya).map { ($0 - $1) / distance }
        let offset = zip(ya, slope).map { $0 - h1 * $1 }
        let terms = [
          dot(offset, slope), offset[right[a]], offset[right[b]], dot(offset, offset),
          dot(slope, slope), slope[right[a]], slope[right[b]],
        ]
        for index in sums.indices { sums[index] += terms[index] }
        products.0 += 1
        products.1 += right[a] == right[b] ? 1 : 0
        products.2 += 1
        count += 1
      }
      for child in words.children(of: a) {
        if let twin = words.child(of: b, on: Int(words.symbols[child])) {
          stack.append((child, twin))
        }
      }
    }
    guard count > 0 else { return nil }
    let n = Double(count)
    let means = sums.map { $0 / n }
    state = FixedExpansion.State(
      h1: h1, h2: h2, p: means[0], q1: means[1], q2: means[2], b2: means[3], d2: means[4],
      r1: means[5], r2: means[6])
    continuations = count
    targets = (products.0 / n, products.1 / n, products.2 / n)
    lengths = (words.length(of: first), words.length(of: second))
  }

  /// The distance over time; nil where the equations cannot be solved.
  func distances(at times: [Double], hiddenTime: Double, outputTime: Double) -> [Double]? {
    let theory = FixedExpansion(
      continuations: Double(continuations),
      // The longer a word the faster it moves.
      hiddenTimes: (
        hiddenTime / Double(max(lengths.0, 1)), hiddenTime / Double(max(lengths.1, 1))
      ),
      offsetTime: outputTime, outputTime: outputTime, targets: targets)
    guard
      let solver = try? DormandPrince(
        relative: 1e-6, absolute: Array(repeating: 1e-10, count: 9), mostSteps: 3000)
    else { return nil }
    return try? theory.trajectory(from: state, at: times, solver: solver).map(\.distance)
  }
}

/// The two time constants with which the theory's curves are nearest to what was measured.
private struct TimeFit: Sendable {
  var hiddenTime: Double
  var outputTime: Double
  var error: Double

  /// A search on a grid of powers of ten that narrows around its best point.
  ///
  /// - Parameter measured: One list of distances per start, at `times`.
  init?(_ starts: [ExpansionStart], times: [Double], measured: [[Double]], floor: Double) throws {
    @Sendable func error(_ hidden: Double, _ output: Double) -> Double {
      var sum = 0.0
      for (start, distances) in zip(starts, measured) {
        guard
          let curve = start.distances(at: times, hiddenTime: hidden, outputTime: output)
        else { return .infinity }
        for (a, b) in zip(curve, distances) {
          let gap = log(max(a, floor) / max(b, floor))
          sum += gap * gap
        }
      }
      return sum.isFinite ? sum : .infinity
    }
    var centre = (2.0, 1.0)
    var span = 4.0
    var best: TimeFit?
    for _ in 0..<5 {
      let steps = 6
      let side = 2 * steps + 1
      let (middle, width) = (centre, span)
      let tried = try inParallel(side * side) { index -> TimeFit in
        func exponent(_ position: Int, _ middle: Double) -> Double {
          middle + width * (Double(position) / Double(steps) - 1)
        }
        let hidden = pow(10, exponent(index / side, middle.0))
        let output = pow(10, exponent(index % side, middle.1))
        return TimeFit(hidden, output, error(hidden, output))
      }
      for fit in tried where fit.error < (best?.error ?? .infinity) { best = fit }
      guard let best else { return nil }
      centre = (log10(best.hiddenTime), log10(best.outputTime))
      span /= 3.5
    }
    guard let best else { return nil }
    self = best
  }

  private init(_ hiddenTime: Double, _ outputTime: Double, _ error: Double) {
    self.hiddenTime = hiddenTime
    self.outputTime = outputTime
    self.error = error
  }
}

extension RunFigures {
  func trajectories() throws -> Figure {
    let name = "trajectories"
    if let problem = needsSeveralCheckpoints ?? agreementProblem {
      return .leftOut(name: name, because: problem)
    }
    guard let task = subject.task else {
      return .leftOut(name: name, because: "the theory needs a task that is a machine")
    }
    guard let pairs = study.pairs, let chosen = ChosenPairs(pairs) else {
      return .leftOut(
        name: name, because: "no agreeing pair of words of different lengths has merged for good")
    }
    let words = source.words
    let picked = [chosen.merging, chosen.disagreeing]
    let chains = picked.flatMap { [$0.first, $0.second] }.map { words.chain(to: $0) }
    var epochs: [Int] = []
    var measured: [[Double]] = [[], []]
    var starts: [ExpansionStart] = []
    let isTrained = try subject.trainedWords()
    let targets = (0..<words.count).map { task.target(of: words.word(of: $0)) }
    for file in source.files {
      let network = try file.read(source.hints).network
      if epochs.isEmpty {
        let rows = network.preciseRows(of: words)
        starts = picked.compactMap {
          ExpansionStart(
            $0.first, $0.second, words: words, hidden: rows.hidden, outputs: rows.outputs,
            units: source.shape.hidden, outputCount: source.shape.outputs, targets: targets,
            isTrained: isTrained)
        }
      }
      epochs.append(file.epoch)
      let ends = chains.map { chain in
        network.preciseRows(of: chain).hidden.suffix(source.shape.hidden)
      }
      for pair in 0..<2 {
        let squares = zip(ends[2 * pair], ends[2 * pair + 1]).map { ($0 - $1) * ($0 - $1) }
        measured[pair].append(squares.reduce(0, +).squareRoot())
      }
    }
    let times = epochs.map { Double($0 - epochs[0]) }
    let fit =
      starts.count == 2
      ? try TimeFit(starts, times: times, measured: measured, floor: mergeDistance / 10) : nil
    let curves = fit.map { fit in
      starts.map {
        $0.distances(at: times, hiddenTime: fit.hiddenTime, outputTime: fit.outputTime) ?? []
      }
    }
    var table = CSVTable([
      "epoch", "merging", "merging_theory", "disagreeing", "disagreeing_theory",
      "merge_distance",
    ])
    for (index, epoch) in epochs.enumerated() {
      table.add([
        epoch, measured[0][index], curves?[0][index], measured[1][index], curves?[1][index],
        mergeDistance,
      ])
    }
    let least = measured.joined().filter { $0 > 0 }.min() ?? 1e-6
    var commands = """
      set xlabel "epoch"
      set ylabel "distance"
      set logscale y
      set format y "10^{%T}"
      set xrange [0:\(max(1, epochs[epochs.count - 1]))]
      set yrange [\(max(min(least, mergeDistance) / 8, mergeDistance / 300)):*]
      set key bottom right maxrows 2 horizontal
      plot "\(name).csv" using "epoch":"merging" with lines ls 1 title "merging", \\
        "" using "epoch":"disagreeing" with lines ls 2 title "disagreeing", \\

      """
    if curves != nil {
      commands += """
          "" using "epoch":"merging_theory" with lines ls 1 dt (6,3) title "theory", \\
          "" using "epoch":"disagreeing_theory" with lines ls 2 dt (6,3) title "theory", \\

        """
    }
    commands += "  \"\" using \"epoch\":\"merge_distance\" with lines ls 8"
    func named(_ pair: PairHistory.Pair) -> String {
      let list = [pair.first, pair.second].map { source.alphabet.format(words.word(of: $0)) }
      return "\(list[0]) and \(list[1])"
    }
    let (a, b) = chosen.lengths
    var caption =
      "Among the agreeing pairs of words of lengths \(a) and \(b) that merge for good, the one whose "
      + "merger (at epoch \(chosen.merging.mergerEpoch ?? 0)) is the median: \(named(chosen.merging)). "
      + "Among the disagreeing pairs of these lengths the one of median distance at the end: "
      + "\(named(chosen.disagreeing)). "
    let (start, most, end) = (measured[0][0], measured[0].max() ?? 0, measured[0].last ?? 0)
    caption +=
      "The merging pair goes from \(start.brief) to as much as \(most.brief) and ends at \(end.brief); "
      + "the thin dashed line is the merge distance, \(mergeDistance.brief). "
    if let fit {
      caption +=
        "Dashed: the theory with a fixed expansion point (eq. 42), from the values measured at epoch "
        + "\(epochs[0]) with N = \(starts[0].continuations) continuations, rates in proportion to the "
        + "lengths, and two time constants fitted to both pairs together, τ_h = \(fit.hiddenTime.brief) "
        + "and τ_y = \(fit.outputTime.brief) epochs; it misses by a factor of "
        + "\(exp((fit.error / Double(2 * times.count)).squareRoot()).brief) on average."
    } else {
      caption += "The theory’s curve is left out: no trained words continue both words of a pair."
    }
    return .drawn(
      Plot(
        name: name, title: "A merging and a disagreeing pair beside the theory",
        answers: "Fig. 10", caption: caption, width: Plot.column, height: 68,
        tables: [("", table)], commands: commands))
  }
}

extension PrefixTree {
  /// A word and its prefixes.
  fileprivate func chain(to node: Int) -> PrefixTree {
    let word = word(of: node).map(Int32.init)
    var tree = PrefixTree(symbolCount: symbolCount)
    var leaves: [Int32] = []
    tree.rebuild(words: word, length: word.count, selection: [0], leaves: &leaves)
    return tree
  }
}
