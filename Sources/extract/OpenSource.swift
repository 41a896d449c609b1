// Representations with the eyes they are looked at with.

import Automata
import LinearAlgebra
import RNN
import Tasks

/// A run with the eyes it is looked at with.
typealias OpenRun = OpenSource<RunAnalysis>

/// A source of representations, and what is taken for a state of it.
struct OpenSource<Source: RepresentationSource> {
  let folder: RunFolder
  let analysis: Source
  /// The task as a machine over the system's symbols, if there is one.
  let task: Language?
  /// Which pairs of words the task does not tell apart.
  let agreement: Agreement?
  let emptyWordCounts: Bool
  /// How words fall into states; its number has been chosen.
  let plan: ClusteringPlan
  let scale: Scale
  let partingRatio: Double
  /// How the plan's number was chosen, if it was, and the numbers it was chosen among, in units of
  /// the scale if they are distances.
  let choice: (trials: ClusteringChoice, numbers: [Double])?

  /// In units of the scale.
  var mergeDistance: Double { plan.mergeDistance }

  /// - Parameter plan: Where it has no number, one is chosen at the last checkpoint.
  /// - Throws: `CommandError` if there are too many words to look at in pairs; `RunError` if a
  ///   checkpoint is not as it should be.
  init(
    folder: RunFolder, analysis: Source, task: Language?, agreement: Agreement?,
    emptyWordCounts: Bool, plan: ClusteringPlan, scale: Scale, partingRatio: Double
  ) throws {
    self.folder = folder
    self.analysis = analysis
    self.task = task
    self.agreement = agreement
    self.emptyWordCounts = emptyWordCounts
    self.scale = scale
    self.partingRatio = partingRatio
    if plan.method.clustering(1).looksAtPairs, analysis.words.count > Clustering.mostWordsInPairs {
      throw CommandError(
        "--cluster \(plan.method.rawValue) looks at all pairs of words and can do so for "
          + "\(Clustering.mostWordsInPairs) words; there are \(analysis.words.count). Try a smaller "
          + "--depth, or --cluster leaders.")
    }
    guard plan.number == nil else {
      self.plan = plan
      choice = nil
      return
    }
    let last = analysis.restricted(to: [analysis.files[analysis.files.count - 1]])
    var numbers = plan.method.candidates
    var found: (choice: ClusteringChoice, scale: Double)?
    try last.forEachTable { _, table, system in
      let scale = table.scale
      var generator = SplitMix64(seed: 1, stream: "words to choose a clustering by")
      let choice = try ClusteringChoice(
        of: numbers.map { plan.with($0).clustering(scale: scale) },
        Extractor(
          alphabet: analysis.alphabet, outputAlphabet: analysis.outputAlphabet,
          clustering: plan.method.clustering(1), isRefined: plan.isRefined,
          emptyWordCounts: emptyWordCounts),
        table, step: last.step(system), questions: last.questions(system), using: &generator)
      found = (choice, scale)
    }
    guard let found else { preconditionFailure("a source has a checkpoint") }
    if plan.method.hasDistance, scale == .run {
      let runScale = try Self.scale(of: analysis)
      if runScale > 0 { numbers = numbers.map { $0 * found.scale / runScale } }
    }
    self.plan = plan.with(numbers[found.choice.position])
    choice = (found.choice, numbers)
  }

  /// Extracts the automaton of one checkpoint.
  ///
  /// - Parameter scale: The unit of distances at this checkpoint.
  func extraction(
    _ table: RepresentationTable, _ system: Source.System, scale: Double
  ) throws(ExtractionError) -> Extraction {
    let extractor = Extractor(
      alphabet: analysis.alphabet, outputAlphabet: analysis.outputAlphabet,
      clustering: plan.clustering(scale: scale), isRefined: plan.isRefined,
      emptyWordCounts: emptyWordCounts)
    return try extractor.extract(table, step: analysis.step(system))
  }

  /// The unit of distances at one checkpoint: the spread of the run, or of that checkpoint.
  func scale(at file: (epoch: Int, path: String)) throws -> Double {
    try Self.scale(of: scale == .run ? analysis : analysis.restricted(to: [file]))
  }

  private static func scale(of source: Source) throws -> Double {
    var moments = ColumnMoments(columns: source.columns)
    try source.forEachTable { _, table, _ in
      moments.add(table.vectors, rows: 0..<table.words.count)
    }
    return moments.scale
  }
}
