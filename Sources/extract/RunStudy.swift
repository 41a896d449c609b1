// A run read from its first checkpoint to its last: the automata, the pairs, the long words.

import Automata
import Drawing
import LinearAlgebra
import RNN
import Tasks

/// What there is to say of a run.
struct RunStudy {
  let run: OpenRun
  let metrics: [EpochMetrics]
  /// The spread over all words of all checkpoints.
  let spread: RunSpread
  /// The scale that the last merge distance was measured in.
  let scale: Double
  let history: History
  /// Every pair of words; nil where there are more than ``PairHistory/mostWords`` words.
  let pairs: PairHistory?
  /// What the film shows of each checkpoint's hidden states.
  let hidden: [HiddenStates]
  /// How the last network and automaton do on long words.
  let longWords: [LongWordScore]

  /// A checkpoint as it passes by.
  struct Moment {
    let checkpoint: Checkpoint
    /// The hidden states after every word; not kept.
    let pass: TreePass
    let extraction: Extraction
    let mergeDistance: Double
    /// The spread of this checkpoint or of the run, as the options say.
    let scale: Double
    let spread: RunSpread
  }

  /// Reads every checkpoint twice: once for the spread, once to extract its automaton.
  ///
  /// - Parameters:
  ///   - longWords: On which words to try the last network; none without.
  ///   - measure: Called for each checkpoint, in order, for what else is to be measured.
  init(
    _ run: OpenRun, longWords options: LongWordOptions? = nil,
    measure: (Moment) throws -> Void = { _ in }
  ) throws {
    self.run = run
    metrics = try run.folder.metrics()
    let analysis = run.analysis
    let words = analysis.words
    let bar = ProgressBar(total: analysis.files.count * 2)
    defer { bar.finish() }
    var done = 0
    func advance(_ epoch: Int) {
      done += 1
      bar.update(done, "epoch \(epoch)")
    }

    let spread = try analysis.spread(advance)
    let losses = Dictionary(metrics.map { ($0.epoch, $0) }) { $1 }
    var history = try History(
      words: words, alphabet: analysis.alphabet, task: run.task?.machine)
    var pairs =
      words.count <= PairHistory.mostWords
      ? PairHistory(words: words, agreement: run.agreement, partingRatio: run.partingRatio) : nil
    var lastScale = spread.scale
    var hidden: [HiddenStates] = []
    var longWords: [LongWordScore] = []
    try analysis.forEachCheckpoint { checkpoint, pass in
      if run.scale == .checkpoint {
        var moments = ColumnMoments(columns: analysis.shape.hidden)
        moments.add(pass.hidden, rows: 0..<words.count)
        lastScale = moments.scale
      }
      let distance = run.mergeDistance * lastScale
      let extraction = try analysis.extraction(
        pass, mergeDistance: distance, emptyWordCounts: run.emptyWordCounts)
      hidden.append(HiddenStates(pass, on: words, in: spread.components))
      history.append(
        epoch: checkpoint.epoch, extraction: extraction,
        pairs: pairs?.append(epoch: checkpoint.epoch, pass.hidden, mergeDistance: distance),
        trainLoss: losses[checkpoint.epoch]?.trainLoss,
        validationLoss: losses[checkpoint.epoch]?.validationLoss)
      try measure(
        Moment(
          checkpoint: checkpoint, pass: pass, extraction: extraction, mergeDistance: distance,
          scale: lastScale, spread: spread))
      advance(checkpoint.epoch)
      if history.entries.count == analysis.files.count, let options {
        longWords = options.lengths.map { length in
          LongWordScore(
            length: length, count: options.count, seed: options.seed,
            network: checkpoint.network, automaton: extraction.automaton, task: run.task)
        }
      }
    }
    self.spread = spread
    scale = lastScale
    self.history = history
    self.pairs = pairs
    self.hidden = hidden
    self.longWords = longWords
  }
}

extension HiddenStates {
  /// What a network says after every word, and where its hidden states lie in a plane.
  fileprivate init(_ pass: TreePass, on words: PrefixTree, in plane: PrincipalComponents) {
    let count = min(words.count, Self.mostWords)
    let axes = plane.coordinates(of: pass.hidden, rows: 0..<count)
    self.init(
      places: (0..<count).map { word in
        // A network of one hidden unit has one axis.
        SIMD2(Float(axes[0][word]), axes.count > 1 ? Float(axes[1][word]) : 0)
      },
      outputs: pass.outputClasses(count: words.count))
  }
}
