// A run read from its first checkpoint to its last: the automata, the pairs, the long words.

import Automata
import Drawing
import LinearAlgebra
import RNN
import Tasks

/// A study of networks.
typealias RunStudy = Study<RunAnalysis>

/// What there is to say of a run, or of any other system whose representations are known.
struct Study<Source: RepresentationSource> {
  let run: OpenSource<Source>
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
    let epoch: Int
    /// The representations of every word; not kept.
    let table: RepresentationTable
    let system: Source.System
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
    _ run: OpenSource<Source>, longWords options: LongWordOptions? = nil,
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

    let spread = try analysis.gatherSpread(advance)
    let losses = Dictionary(metrics.map { ($0.epoch, $0) }) { $1 }
    var history = try History(
      words: words, alphabet: analysis.alphabet, task: run.task?.machine)
    var pairs =
      words.count <= PairHistory.mostWords
      ? PairHistory(words: words, agreement: run.agreement, partingRatio: run.partingRatio) : nil
    var lastScale = spread.scale
    var hidden: [HiddenStates] = []
    var longWords: [LongWordScore] = []
    try analysis.forEachTable { epoch, table, system in
      if run.scale == .checkpoint { lastScale = table.scale }
      let distance = run.mergeDistance * lastScale
      let extraction = try run.extraction(table, system, scale: lastScale)
      hidden.append(HiddenStates(table, in: spread.components))
      history.append(
        epoch: epoch, extraction: extraction,
        pairs: pairs?.append(epoch: epoch, table.vectors, mergeDistance: distance),
        trainLoss: losses[epoch]?.trainLoss, validationLoss: losses[epoch]?.validationLoss)
      try measure(
        Moment(
          epoch: epoch, table: table, system: system, extraction: extraction,
          mergeDistance: distance, scale: lastScale, spread: spread))
      advance(epoch)
      if history.entries.count == analysis.files.count, let options {
        longWords = analysis.longWordScores(
          options, system, automaton: extraction.automaton, task: run.task)
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

extension Study.Moment where Source == RunAnalysis {
  var checkpoint: Checkpoint { system.checkpoint }
  /// The hidden states after every word; not kept.
  var pass: TreePass { system.pass }
}

extension HiddenStates {
  /// What a system says after every word, and where its representations lie in a plane.
  fileprivate init(_ table: RepresentationTable, in plane: PrincipalComponents) {
    let count = min(table.words.count, Self.mostWords)
    let axes = plane.coordinates(of: table.vectors, rows: 0..<count)
    self.init(
      places: (0..<count).map { word in
        // Representations of one number have one axis.
        SIMD2(Float(axes[0][word]), axes.count > 1 ? Float(axes[1][word]) : 0)
      },
      outputs: table.outputs)
  }
}
