// What `extract theory` prints: predictions beside what happened.

import Extraction
import Figures
import MergerTheory
import Studies

/// The judgements of some runs as text.
struct TheoryReport {
  /// At least one.
  let judgements: [TheoryJudgement]
  let ratioIsGiven: Bool

  var text: String {
    // There is at least one run.
    var text = Story(of: judgements[0], ratioIsGiven: ratioIsGiven).text
    if judgements.count > 1 { text += "\n" + Self.comparison(judgements) }
    text += "\nWritten to theory/ in each run: summary.csv, confusion.csv, lengths.csv and "
    text += "distances.csv"
    return text
  }

  /// All runs beside each other, judged by what was fitted on the first.
  private static func comparison(_ reports: [TheoryJudgement]) -> String {
    var text = "Areas, run by run:\n"
    var areas = TextTable(["run"] + reports[0].results.map(\.predictor.rawValue))
    for report in reports {
      areas.add([report.run.folder.path] + report.results.map { $0.area?.fixed(4) ?? "" })
    }
    text += areas.text + "\nAreas among pairs that share equally many last symbols:\n"
    var within = TextTable(["run"] + reports[0].results.map(\.predictor.rawValue))
    for report in reports {
      within.add(
        [report.run.folder.path] + report.results.map { $0.areaWithinSuffix?.fixed(3) ?? "" })
    }
    text += within.text
    text +=
      "\nBalanced accuracy, (merged found + others spared)/2, at the thresholds of the first run:\n"
    var judged = TextTable(["run"] + reports[0].results.map(\.predictor.rawValue))
    for report in reports {
      judged.add([report.run.folder.path] + report.results.map { balanced($0)?.fixed(3) ?? "" })
    }
    text += judged.text + "\n"
    var summary = TextTable(
      "the other runs", "area", "lowest", "within suffix", "balanced accuracy")
    for (index, predictor) in reports[0].results.map(\.predictor).enumerated() {
      let rest = reports.dropFirst().map { $0.results[index] }
      summary.add(
        predictor.rawValue, mean(rest.map(\.area)), rest.compactMap(\.area).min()?.fixed(4) ?? "",
        mean(rest.map(\.areaWithinSuffix)), mean(rest.map(balanced)))
    }
    return text + summary.text
  }

  private static func balanced(_ result: PredictorResult) -> Double? {
    guard let sensitivity = result.confusion?.sensitivity,
      let specificity = result.confusion?.specificity
    else { return nil }
    return (sensitivity + specificity) / 2
  }

  /// "mean ± standard deviation" of what there is.
  private static func mean(_ numbers: [Double?]) -> String {
    let known = numbers.compactMap { $0 }
    guard !known.isEmpty else { return "" }
    let mean = known.reduce(0, +) / Double(known.count)
    guard known.count > 1 else { return mean.fixed(4) }
    let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return "\(mean.fixed(4)) ± \((squares / Double(known.count - 1)).squareRoot().fixed(4))"
  }
}

/// What is said of one run.
private struct Story {
  private let judgement: TheoryJudgement
  private let ratioIsGiven: Bool
  private var run: MeasuredRun { judgement.run }

  init(of judgement: TheoryJudgement, ratioIsGiven: Bool) {
    self.judgement = judgement
    self.ratioIsGiven = ratioIsGiven
  }

  var text: String {
    let mergedCount = judgement.agreeing.count { judgement.isMerged[$0] }
    let others = judgement.isMerged.count { $0 } - mergedCount
    var text = """
      \(run.folder.path): \(run.task), predicted from epoch \(run.startEpoch), seen at epoch \
      \(run.endEpoch); \(run.words.count) words
      \(run.pairs.count) of \(run.pairCount) pairs measured; \(judgement.agreeing.count) agree, of which \
      \(mergedCount) lie within the merge distance \(run.mergeDistance.brief) at the end; of the \
      others \(others) do

      """
    guard mergedCount > 0 && mergedCount < judgement.agreeing.count else {
      return text
        + "Of the agreeing pairs \(mergedCount == 0 ? "none" : "each") merged, so that nothing can "
        + "tell those that merge from those that don't. Try a longer run or another "
        + "--merge-distance.\n"
    }
    var table = TextTable(
      "agreeing pairs", "area", "95 %", "within suffix", "merged found", "others spared",
      "right when said")
    for result in judgement.results { table.add(Self.fields(result)) }
    text += "\n" + table.text
    text += ratesText
    if let ratio = judgement.ratio {
      text += "\nτ_y/τ_h = \(ratio.brief) · (m1 + m2), \(ratioIsGiven ? "as given" : "fitted")\n"
      text += "\n" + confusionText
    }
    var distances = TextTable(
      "", "predicted distance", "pairs", "observed: lower quartile", "median", "upper quartile")
    for row in judgement.distanceRows {
      distances.add(
        [
          row.agreeing ? "agreeing" : "other",
          row.predicted.upperBound == 0
            ? "0" : "\(row.predicted.lowerBound.brief) to \(row.predicted.upperBound.brief)",
          "\(row.pairs)",
        ] + row.quartiles.map(\.brief))
    }
    text += "\n" + distances.text
    if let all = judgement.rankCorrelations.all {
      text += "Rank correlation of predicted and observed distances: \(all.brief)"
      if let apart = judgement.rankCorrelations.apart {
        text += "; \(apart.brief) where the prediction is not 0"
      }
      text += "\n"
    }
    return text
  }

  /// How measured rates depend on what the words have in common.
  private var ratesText: String {
    guard !judgement.rateRows.isEmpty else { return "" }
    var table = TextTable(
      "common suffix", "agreeing pairs", "merged", "median own rate", "median share left jointly")
    for row in judgement.rateRows {
      table.add(
        "\(row.suffix)", "\(row.pairs)", row.merged.fixed(3), row.own.brief, row.share.brief)
    }
    return "\n" + table.text
  }

  private var confusionText: String {
    var table = TextTable("predicted", "merged", "not merged")
    guard let confusion = judgement.results.first(where: { $0.predictor == .theory })?.confusion
    else {
      return ""
    }
    let others = (0..<run.pairs.count).filter { !run.pairs.agrees[$0] }
    let merged = others.count { judgement.isMerged[$0] }
    table.add(
      "agreeing, A < 0: merger", "\(confusion.truePositives)", "\(confusion.falsePositives)")
    table.add("agreeing, A ≥ 0: none", "\(confusion.falseNegatives)", "\(confusion.trueNegatives)")
    table.add("disagreeing: none", "\(merged)", "\(others.count - merged)")
    return table.text
  }

  private static func fields(_ result: PredictorResult) -> [String] {
    [
      result.predictor.rawValue, result.area?.fixed(4) ?? "",
      result.interval.map { "\($0.lowerBound.fixed(4))–\($0.upperBound.fixed(4))" } ?? "",
      result.areaWithinSuffix?.fixed(3) ?? "",
      result.confusion?.sensitivity?.fixed(3) ?? "",
      result.confusion?.specificity?.fixed(3) ?? "",
      result.confusion?.precision?.fixed(3) ?? "",
    ]
  }
}
