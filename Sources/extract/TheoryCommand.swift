// `extract theory run/`: predicted against observed mergers.

public import ArgumentParser
public import Figures
import MergerTheory
import RNN
import Studies

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
      "Look at this many pairs drawn at random. (default: all)", valueName: "count"))
  var pairs: Int?

  @Option(help: ArgumentHelp("Seed of what is drawn at random.", valueName: "number"))
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
  var precision = MeasuredRun.Precision.double

  @Flag(help: "Write what was measured of each pair as well, as pairs.csv: 100 bytes per pair.")
  var writePairs = false

  func validate() throws {
    guard !runs.isEmpty else { throw ValidationError("Which run? Name the folder of one.") }
    if let pairs, pairs < 1 {
      throw ValidationError("--pairs is \(pairs); it must be at least 1.")
    }
    if let ratio, !(ratio > 0 && ratio.isFinite) {
      throw ValidationError("--ratio is \(ratio); it must be a positive number.")
    }
    guard resamples >= 0 else {
      throw ValidationError("--resamples is \(resamples); it must be at least 0.")
    }
  }

  func run() throws {
    let bar = ProgressBar(total: runs.count)
    var thresholds: [Predictor: Double]?
    var reports: [TheoryJudgement] = []
    for (index, path) in runs.enumerated() {
      bar.update(index, path)
      let measured = try MeasuredRun(
        Subject(RunFolder(path), reading.reading), from: epoch, pairs: pairs, seed: seed,
        precision: precision, measuresRates: rates)
      let report = TheoryJudgement(
        measured, thresholds: thresholds, ratio: ratio, resamples: resamples, seed: seed)
      if thresholds == nil { thresholds = report.thresholds }
      try report.write(pairs: writePairs)
      reports.append(report)
    }
    bar.finish()
    print(TheoryReport(judgements: reports, ratioIsGiven: ratio != nil).text)
  }
}

extension MeasuredRun.Precision: ExpressibleByArgument {}
