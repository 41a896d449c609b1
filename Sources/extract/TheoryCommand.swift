// `extract theory run/`: predicted against observed mergers.

import ArgumentParser
import Automata
import Foundation
import LinearAlgebra
import MergerTheory
import RNN
import Tasks

struct TheoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theory",
    abstract: "Compare the mergers that the theory predicts with those that happened.",
    discussion: """
      Measures, for every pair of words, what the two-point theory of van Rossem and Saxe (2025) \
      needs at one checkpoint; predicts a merger where the pair agrees and A < 0; and compares with \
      the last checkpoint. The one free constant, how fast the output map moves beside the \
      representations, is fitted on the first run and judged on the others. Beside it stand the \
      simple scaling law and what one would try without a theory.

      Tables go to standard output and, as summary.csv, confusion.csv, lengths.csv and \
      distances.csv, into the folder theory/ of each run.
      """)

  /// In what the network is run.
  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case single, double
  }

  @Argument(help: ArgumentHelp("The folders of runs.", valueName: "folder"))
  var runs: [String]

  @OptionGroup var reading: RunOptions

  @Option(
    help: ArgumentHelp(
      "Predict from the last checkpoint up to this epoch. (default: from the first)",
      valueName: "epoch"))
  var epoch: Int?

  @Option(
    help: ArgumentHelp(
      "Look at so many pairs drawn by chance. (default: all)", valueName: "count"))
  var pairs: Int?

  @Option(help: ArgumentHelp("Seed of what is drawn by chance.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The constant: τ_y/τ_h per symbol of both words. (default: fitted on the first run)",
      valueName: "ratio"))
  var ratio: Double?

  @Option(
    help: ArgumentHelp(
      "How often words are drawn anew to tell how certain the areas are.", valueName: "count"))
  var resamples = 200

  @Flag(
    help: """
      Measure as well how fast gradient descent moves each pair, instead of taking it for \
      proportional to the lengths; some seconds for --pairs 100000, minutes for all.
      """)
  var rates = false

  @Option(help: "Run the network in this precision to measure, single or double.")
  var precision = Precision.double

  @Flag(help: "Write what was measured of each pair as well, as pairs.csv: 100 bytes per pair.")
  var writePairs = false

  func validate() throws {
    guard !runs.isEmpty else { throw ValidationError("Which run? Name the folder of one.") }
    if let pairs, pairs < 1 {
      throw ValidationError("--pairs is \(pairs); needed is at least 1.")
    }
    if let ratio, !(ratio > 0 && ratio.isFinite) {
      throw ValidationError("--ratio is \(ratio); needed is a positive number.")
    }
    guard resamples >= 0 else {
      throw ValidationError("--resamples is \(resamples); needed is at least 0.")
    }
  }

  func run() throws {
    let bar = ProgressBar(total: runs.count)
    var thresholds: [Predictor: Double]?
    var reports: [TheoryReport] = []
    for (index, path) in runs.enumerated() {
      bar.update(index, path)
      let measured = try measure(RunFolder(path))
      let report = TheoryReport(
        measured, thresholds: thresholds, ratio: ratio, resamples: resamples, seed: seed)
      if thresholds == nil { thresholds = report.thresholds }
      try report.write(pairs: writePairs)
      reports.append(report)
    }
    bar.finish()
    print(TheoryReport.text(reports, ratioIsGiven: ratio != nil))
  }

  // MARK: Measuring a run

  private func measure(_ folder: RunFolder) throws -> MeasuredRun {
    let run = try reading.open(folder)
    let analysis = run.analysis
    guard let language = run.task else {
      throw CommandError(
        "\(folder.path): whether words agree is a matter of the task, and this run's is no machine. "
          + "Try --task with one, such as parity.")
    }
    let words = analysis.words
    guard pairs != nil || words.count <= PairHistory.mostWords else {
      throw CommandError(
        "\(folder.path): \(words.count) words make too many pairs to look at all. Try "
          + "--pairs 100000, or a smaller --depth.")
    }
    let files = analysis.files
    guard files.count >= 2 else {
      throw CommandError(
        "\(folder.path) holds one checkpoint; needed are one to predict from and one to compare with."
      )
    }
    let last = files[files.count - 1]
    let first = try startFile(files, folder)
    let scale = try run.scale(at: last)
    guard scale > 0 else {
      throw CommandError(
        "\(folder.path): all representations are the same, so that nothing can merge.")
    }

    guard !rates || (analysis.shape.cell == .elman && analysis.shape.layers == 1) else {
      throw CommandError(
        "\(folder.path): --rates is for Elman networks of one layer; this one has "
          + "\(analysis.shape.layers) of \(analysis.shape.cell.rawValue) cells. Try without --rates."
      )
    }

    // Both networks must be finite on the words; the analysis says so if they are not.
    var tangent: TangentRates?
    var tables: [(hidden: VectorTable, outputs: VectorTable)] = []
    try analysis.restricted(to: [first, last]).forEachCheckpoint { checkpoint, pass in
      let rows: (hidden: [Double], outputs: [Double])
      switch precision {
      case .double: rows = checkpoint.network.preciseRows(of: words)
      case .single:
        pass.readOut(rows: 0..<words.count)
        rows = (
          pass.hidden.matrix(rows: 0..<words.count).values.map(Double.init),
          pass.outputs.matrix(rows: 0..<words.count).values.map(Double.init)
        )
      }
      if rates && tables.isEmpty {
        tangent = TangentRates(checkpoint.network, on: words, hidden: rows.hidden)
      }
      tables.append(
        (
          VectorTable(columns: analysis.shape.hidden, values: rows.hidden),
          VectorTable(columns: analysis.shape.outputs, values: rows.outputs)
        ))
    }
    let measurement = PairMeasurement(
      words: words, start: tables[0].hidden, outputs: tables[0].outputs, end: tables[1].hidden,
      targets: (0..<words.count).map { Int32(language.target(of: words.word(of: $0))) },
      isTrained: try run.trainedWords(),
      agreement: language.machine.nerodeClasses(of: words))
    var generator = SplitMix64(seed: seed, stream: "pairs of words")
    var table =
      pairs.map { measurement.pairs($0, using: &generator) } ?? measurement.allPairs()
    if let tangent { table.measureRates(tangent.rates) }
    return MeasuredRun(
      folder: folder, task: language.name, alphabet: analysis.alphabet, words: words, pairs: table,
      pairCount: measurement.pairCount, startEpoch: first.epoch, endEpoch: last.epoch,
      mergeDistance: run.mergeDistance * scale)
  }

  private func startFile(
    _ files: [(epoch: Int, path: String)], _ folder: RunFolder
  ) throws -> (epoch: Int, path: String) {
    guard let epoch else { return files[0] }
    guard let file = files.dropLast().last(where: { $0.epoch <= epoch }) else {
      throw CommandError(
        "\(folder.path) has no checkpoint up to epoch \(epoch) but its last; the first is of epoch "
          + "\(files[0].epoch).")
    }
    return file
  }
}

/// The pairs of one run, and where they come from.
struct MeasuredRun {
  let folder: RunFolder
  let task: String
  let alphabet: Alphabet
  let words: PrefixTree
  let pairs: PairTable
  /// The number of pairs there are, of which some or all were measured.
  let pairCount: Int
  let startEpoch: Int
  let endEpoch: Int
  /// In units of the representations.
  let mergeDistance: Double
}
