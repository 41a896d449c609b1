// One merging and one disagreeing pair of words over epochs, beside the theory's curves.

internal import Automata
internal import Extraction
internal import Glibc
internal import RNN
internal import Studies

/// How far apart two pairs of words are over epochs, and how far the theory has them.
struct FixedExpansionFit {
  let chosen: ChosenPairs
  let epochs: [Int]
  /// The distances of the merging and of the disagreeing pair at each epoch.
  let measured: [[Double]]
  /// The theory's; nil where it has nothing to start from.
  let theory: Theory?

  struct Theory {
    let fit: TimeConstantFit
    /// The distances of both pairs at each epoch.
    let curves: [[Double]]
    /// N of the merging pair.
    let continuations: Int
    /// By which factor the curves miss what was measured, on average.
    let miss: Double
  }

  /// - Parameters:
  ///   - chosen: The pairs.
  ///   - networks: Those of all checkpoints.
  ///   - words: The evaluation set.
  ///   - targets: Each word's right output.
  ///   - isTrained: Whether a word is trained on.
  ///   - floor: Smaller distances count as this one in the fit.
  /// - Throws: `RunError` if a network was not kept and cannot be read.
  init(
    _ chosen: ChosenPairs, networks: KeptNetworks, words: PrefixTree, targets: [Int],
    isTrained: [Bool], floor: Double
  ) throws {
    let picked = [chosen.merging, chosen.disagreeing]
    let chains = picked.flatMap { [$0.first, $0.second] }.map { words.chain(to: $0) }
    let epochs = networks.files.map(\.epoch)
    let distances = try inParallel(epochs.count) { index -> [Double] in
      let network = try networks.network(at: index)
      let ends = chains.map { network.preciseRows(of: $0).hidden.suffix(network.shape.hidden) }
      return [0, 2].map { pair in
        let squares = zip(ends[pair], ends[pair + 1]).map { ($0 - $1) * ($0 - $1) }
        return squares.reduce(0, +).squareRoot()
      }
    }
    let measured = [0, 1].map { pair in distances.map { $0[pair] } }
    let first = try networks.network(at: 0)
    let rows = first.preciseRows(of: words)
    let known = ExpansionStart.Words(
      words: words, hidden: rows.hidden, outputs: rows.outputs, units: first.shape.hidden,
      outputCount: first.shape.outputs, targets: targets, isTrained: isTrained)
    let starts = picked.compactMap { ExpansionStart($0.first, $0.second, known) }
    self.chosen = chosen
    self.epochs = epochs
    self.measured = measured
    theory =
      starts.count == 2
      ? Theory(
        starts, times: epochs.map { Double($0 - epochs[0]) }, measured: measured, floor: floor)
      : nil
  }
}

extension FixedExpansionFit.Theory {
  /// - Returns: Nil if the equations cannot be solved.
  fileprivate init?(
    _ starts: [ExpansionStart], times: [Double], measured: [[Double]], floor: Double
  ) {
    guard let fit = TimeConstantFit(starts, times: times, measured: measured, floor: floor) else {
      return nil
    }
    self.fit = fit
    curves = starts.map {
      $0.distances(at: times, hiddenTime: fit.hiddenTime, outputTime: fit.outputTime) ?? []
    }
    continuations = starts[0].continuations
    miss = exp((fit.error / Double(2 * times.count)).squareRoot())
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
