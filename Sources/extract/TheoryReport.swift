// What `extract theory` finds: predictions judged, as text and as tables.

import Automata
import Foundation
import MergerTheory
import RNN
import Tasks

/// How one predictor did on the agreeing pairs of one run.
struct PredictorResult {
  let predictor: Predictor
  /// The area under the receiver operating characteristic, and its 95 % interval.
  let area: Double?
  let interval: ClosedRange<Double>?
  /// The area among pairs that share equally many last symbols.
  let areaWithinSuffix: Double?
  let threshold: Double?
  let confusion: Confusion?
}

/// One run's predictions and what happened.
struct TheoryReport {
  let run: MeasuredRun
  let results: [PredictorResult]
  /// The thresholds fitted on this run.
  let thresholds: [Predictor: Double]
  /// τ_y/τ_h per symbol, as given or as fitted on the first run; nil where nothing could be fitted.
  let ratio: Double?
  private let agreeing: [Int]
  private let isMerged: [Bool]
  private let rankCorrelations: (all: Double?, apart: Double?)

  /// - Parameters:
  ///   - thresholds: Those fitted on another run; fitted on this one if nil.
  ///   - ratio: If given, the theory's threshold is not fitted at all.
  init(
    _ run: MeasuredRun, thresholds: [Predictor: Double]?, ratio: Double?, resamples: Int,
    seed: UInt64
  ) {
    let pairs = run.pairs
    let limit = run.mergeDistance * run.mergeDistance
    let isMerged = pairs.finalDistance.map { $0 <= limit }
    let agreeing = (0..<pairs.count).filter { pairs.agrees[$0] }
    let merged = agreeing.map { isMerged[$0] }
    let suffixes = agreeing.map { pairs.commonSuffix[$0] }
    var generator = SplitMix64(seed: seed, stream: "resampled words")
    let draws = WordResamples(words: run.words.count, count: resamples, using: &generator)
    var fitted: [Predictor: Double] = [:]
    var results: [PredictorResult] = []
    for predictor in Predictor.available(for: pairs) {
      let scores = predictor.scores(pairs, of: agreeing)
      let ranked = RankedPairs(pairs, agreeing, scores: scores, merged: merged)
      let within = RankedPairs(pairs, agreeing, scores: scores, merged: merged, strata: suffixes)
      var threshold = thresholds.map { $0[predictor] } ?? ranked.bestThreshold
      if predictor == .theory, let ratio { threshold = -log(ratio) }
      fitted[predictor] = threshold
      results.append(
        PredictorResult(
          predictor: predictor, area: ranked.area(),
          interval: draws.interval { ranked.area(weights: $0) }, areaWithinSuffix: within.area(),
          threshold: threshold,
          confusion: threshold.map { Confusion(scores: scores, above: $0, merged: merged) }))
    }
    self.run = run
    self.results = results
    self.thresholds = fitted
    self.agreeing = agreeing
    self.isMerged = isMerged
    let constant = ratio ?? fitted[.theory].map { exp(-$0) }
    self.ratio = constant
    rankCorrelations = constant.map { Self.rankCorrelations(pairs, $0) } ?? (nil, nil)
  }

  /// Of predicted and observed final distances, over all pairs and over those predicted apart.
  private static func rankCorrelations(
    _ pairs: PairTable, _ ratio: Double
  ) -> (Double?, Double?) {
    let predicted = (0..<pairs.count).map { pairs.predictedFinalDistance($0, ratio: ratio) }
    let apart = predicted.indices.filter { predicted[$0] > 0 }
    return (
      rankCorrelation(predicted, pairs.finalDistance),
      rankCorrelation(apart.map { predicted[$0] }, apart.map { pairs.finalDistance[$0] })
    )
  }

  // MARK: Files

  func write(pairs writesPairs: Bool) throws {
    let path = "\(run.folder.path)/theory"
    try RunFolder.write(summaryTable, to: "\(path)/summary.csv")
    try RunFolder.write(confusionTable, to: "\(path)/confusion.csv")
    try RunFolder.write(lengthsTable, to: "\(path)/lengths.csv")
    try RunFolder.write(distancesTable, to: "\(path)/distances.csv")
    if !rateRows.isEmpty { try RunFolder.write(ratesTable, to: "\(path)/rates.csv") }
    if writesPairs { try RunFolder.write(pairsTable, to: "\(path)/pairs.csv") }
  }

  private var summaryTable: String {
    var text =
      "predictor,area,area_low,area_high,area_within_suffix,threshold,true_positives,"
      + "false_positives,false_negatives,true_negatives\n"
    for result in results {
      let counts = result.confusion.map {
        [$0.truePositives, $0.falsePositives, $0.falseNegatives, $0.trueNegatives]
      }
      let fields: [String] =
        [
          result.predictor.rawValue, field(result.area), field(result.interval?.lowerBound),
          field(result.interval?.upperBound), field(result.areaWithinSuffix),
          field(result.threshold),
        ] + (counts?.map { "\($0)" } ?? ["", "", "", ""])
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  /// All measured pairs, by whether they agree, whether A < 0, and whether they merged.
  private var confusionTable: String {
    var text = "agreeing,margin_negative,merged,pairs\n"
    guard let ratio else { return text }
    var counts = [Int](repeating: 0, count: 8)
    for pair in 0..<run.pairs.count {
      counts[
        (run.pairs.agrees[pair] ? 4 : 0)
          + (run.pairs.marginIsNegative(pair, ratio: ratio) ? 2 : 0) + (isMerged[pair] ? 1 : 0)] +=
        1
    }
    for (kind, count) in counts.enumerated() {
      text += "\(kind & 4 != 0),\(kind & 2 != 0),\(kind & 1 != 0),\(count)\n"
    }
    return text
  }

  /// The agreeing pairs by their lengths.
  private var lengthsTable: String {
    var text = "shorter,longer,pairs,merged,predicted,predicted_and_merged,area,area_of_distance\n"
    let depth = run.words.depth + 1
    var groups = [[Int]](repeating: [], count: depth * depth)
    for pair in agreeing {
      groups[run.pairs.shorterLength(pair) * depth + run.pairs.longerLength(pair)].append(pair)
    }
    for (group, pairs) in groups.enumerated() where !pairs.isEmpty {
      let merged = pairs.map { isMerged[$0] }
      func area(_ predictor: Predictor) -> Double? {
        RankedPairs(
          run.pairs, pairs, scores: predictor.scores(run.pairs, of: pairs), merged: merged
        ).area()
      }
      var fields = ["\(group / depth)", "\(group % depth)", "\(pairs.count)"]
      fields.append("\(merged.count { $0 })")
      if let ratio {
        let predicted = pairs.map { run.pairs.marginIsNegative($0, ratio: ratio) }
        fields.append("\(predicted.count { $0 })")
        fields.append("\(zip(predicted, merged).count { $0 && $1 })")
      } else {
        fields += ["", ""]
      }
      fields += [field(area(.theory)), field(area(.initialDistance))]
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  /// Pairs in order of their predicted final distance, in parts of equal size, those predicted to
  /// merge apart: the quartiles of what was observed.
  private var distancesTable: String {
    var text =
      "agreeing,predicted_low,predicted_high,pairs,observed_lower_quartile,observed_median,"
      + "observed_upper_quartile\n"
    for row in distanceRows {
      let fields =
        ["\(row.agreeing)", "\(row.predicted.lowerBound)", "\(row.predicted.upperBound)"]
        + ["\(row.pairs)"] + row.quartiles.map { "\($0)" }
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  private struct DistanceRow {
    let agreeing: Bool
    let predicted: ClosedRange<Double>
    let pairs: Int
    let quartiles: [Double]
  }

  private var distanceRows: [DistanceRow] {
    guard let ratio else { return [] }
    var rows: [DistanceRow] = []
    for agrees in [true, false] {
      var ranked = (0..<run.pairs.count).filter { run.pairs.agrees[$0] == agrees }.map {
        (
          predicted: run.pairs.predictedFinalDistance($0, ratio: ratio).squareRoot(),
          observed: run.pairs.finalDistance[$0].squareRoot()
        )
      }
      ranked.sort { $0.predicted < $1.predicted }
      let merging = ranked.firstIndex { $0.predicted > 0 } ?? ranked.count
      let parts = 5
      var bounds = [0, merging]
      for part in 1...parts { bounds.append(merging + (ranked.count - merging) * part / parts) }
      for (low, high) in zip(bounds, bounds.dropFirst()) where low < high {
        let observed = ranked[low..<high].map(\.observed).sorted()
        rows.append(
          DistanceRow(
            agreeing: agrees, predicted: ranked[low].predicted...ranked[high - 1].predicted,
            pairs: high - low,
            quartiles: [0.25, 0.5, 0.75].compactMap { quantile(observed, $0) }))
      }
    }
    return rows
  }

  private var pairsTable: String {
    let pairs = run.pairs
    let names = (0..<run.words.count).map { run.alphabet.format(run.words.word(of: $0)) }
    var text =
      "first,second,m1,m2,common_suffix,continuations,D,Y,agreeing,merged,final_D,predicted_D\n"
    for pair in 0..<pairs.count {
      let count = pairs.continuations[pair]
      text += names[Int(pairs.first[pair])]
      text += ",\(names[Int(pairs.second[pair])])"
      text += ",\(pairs.shorterLength(pair)),\(pairs.longerLength(pair))"
      text += ",\(pairs.commonSuffix[pair]),\(count),\(pairs.distance[pair])"
      text += ",\(field(count == 0 ? nil : pairs.outputSum[pair] / Double(count)))"
      text += ",\(pairs.agrees[pair]),\(isMerged[pair]),\(pairs.finalDistance[pair])"
      text += ",\(field(ratio.map { pairs.predictedFinalDistance(pair, ratio: $0) }))\n"
    }
    return text
  }

  private func field(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }

  // MARK: Text

  static func text(_ reports: [TheoryReport], ratioIsGiven: Bool) -> String {
    // There is at least one run.
    var text = reports[0].story(ratioIsGiven: ratioIsGiven)
    if reports.count > 1 { text += "\n" + comparison(reports) }
    text += "\nWritten to theory/ in each run: summary.csv, confusion.csv, lengths.csv and "
    text += "distances.csv"
    return text
  }

  private func story(ratioIsGiven: Bool) -> String {
    let mergedCount = agreeing.count { isMerged[$0] }
    let others = isMerged.count { $0 } - mergedCount
    var text = """
      \(run.folder.path): \(run.task), predicted from epoch \(run.startEpoch), seen at epoch \
      \(run.endEpoch); \(run.words.count) words
      \(run.pairs.count) of \(run.pairCount) pairs measured; \(agreeing.count) agree, of which \
      \(mergedCount) lie within the merge distance \(run.mergeDistance.brief) at the end; of the \
      others \(others) do

      """
    guard mergedCount > 0 && mergedCount < agreeing.count else {
      return text
        + "Of the agreeing pairs \(mergedCount == 0 ? "none" : "each") merged, so that nothing can "
        + "tell those that merge from those that don't. Try a longer run or another "
        + "--merge-distance.\n"
    }
    var table = TextTable(
      "agreeing pairs", "area", "95 %", "within suffix", "merged found", "others spared",
      "right when said")
    for result in results { table.add(Self.fields(result)) }
    text += "\n" + table.text
    text += ratesText
    if let ratio {
      text += "\nτ_y/τ_h = \(ratio.brief) · (m1 + m2), \(ratioIsGiven ? "as given" : "fitted")\n"
      text += "\n" + confusionText
    }
    var distances = TextTable(
      "", "predicted distance", "pairs", "observed: lower quartile", "median", "upper quartile")
    for row in distanceRows {
      distances.add(
        [
          row.agreeing ? "agreeing" : "other",
          row.predicted.upperBound == 0
            ? "0" : "\(row.predicted.lowerBound.brief) to \(row.predicted.upperBound.brief)",
          "\(row.pairs)",
        ] + row.quartiles.map(\.brief))
    }
    text += "\n" + distances.text
    if let all = rankCorrelations.all {
      text += "Rank correlation of predicted and observed distances: \(all.brief)"
      if let apart = rankCorrelations.apart {
        text += "; \(apart.brief) where the prediction is not 0"
      }
      text += "\n"
    }
    return text
  }

  /// How measured rates depend on what the words have in common.
  private var ratesText: String {
    guard !rateRows.isEmpty else { return "" }
    var table = TextTable(
      "common suffix", "agreeing pairs", "merged", "median own rate", "median share left jointly")
    for row in rateRows {
      table.add(
        "\(row.suffix)", "\(row.pairs)", row.merged.fixed(3), row.own.brief, row.share.brief)
    }
    return "\n" + table.text
  }

  private var rateRows: [(suffix: Int32, pairs: Int, merged: Double, own: Double, share: Double)] {
    guard !run.pairs.ownRate.isEmpty else { return [] }
    return Dictionary(grouping: agreeing) { run.pairs.commonSuffix[$0] }.sorted { $0.key < $1.key }
      .compactMap { suffix, pairs in
        let own = pairs.map { run.pairs.ownRate[$0] }.sorted()
        let shares = pairs.map { pair in
          run.pairs.ownRate[pair] == 0
            ? 0 : run.pairs.differenceRate[pair] / run.pairs.ownRate[pair]
        }.sorted()
        guard let middle = quantile(own, 0.5), let share = quantile(shares, 0.5) else { return nil }
        let merged = Double(pairs.count { isMerged[$0] }) / Double(pairs.count)
        return (suffix, pairs.count, merged, middle, share)
      }
  }

  private var ratesTable: String {
    var text = "common_suffix,pairs,merged,median_own_rate,median_joint_share\n"
    for row in rateRows {
      text += "\(row.suffix),\(row.pairs),\(row.merged),\(row.own),\(row.share)\n"
    }
    return text
  }

  private var confusionText: String {
    var table = TextTable("predicted", "merged", "not merged")
    guard let confusion = results.first(where: { $0.predictor == .theory })?.confusion else {
      return ""
    }
    let others = (0..<run.pairs.count).filter { !run.pairs.agrees[$0] }
    let merged = others.count { isMerged[$0] }
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

  /// All runs beside each other, judged by what was fitted on the first.
  private static func comparison(_ reports: [TheoryReport]) -> String {
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
