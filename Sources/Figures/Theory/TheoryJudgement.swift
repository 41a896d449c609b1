// What the theory says of a run, judged by what happened, with its tables.

internal import Automata
public import Files
internal import Foundation
internal import LinearAlgebra
public import MergerTheory
internal import Studies

/// How one predictor did on the agreeing pairs of one run.
public struct PredictorResult: Sendable {
  public let predictor: Predictor
  /// The area under the receiver operating characteristic, and its 95 % interval.
  public let area: Double?
  public let interval: ClosedRange<Double>?
  /// The area among pairs that share equally many last symbols.
  public let areaWithinSuffix: Double?
  public let threshold: Double?
  public let confusion: Confusion?
}

/// One run's predictions and what happened.
public struct TheoryJudgement {
  public let run: MeasuredRun
  public let results: [PredictorResult]
  /// The thresholds fitted on this run.
  public let thresholds: [Predictor: Double]
  /// τ_y/τ_h per symbol, as given or as fitted on the first run; nil where nothing could be fitted.
  public let ratio: Double?
  /// The pairs that agree.
  public let agreeing: [Int]
  /// For each pair, whether it lies within the merge distance at the end.
  public let isMerged: [Bool]
  /// Of predicted and observed final distances, over all pairs and over those predicted apart.
  public let rankCorrelations: (all: Double?, apart: Double?)

  /// - Parameters:
  ///   - run: The pairs, and where they come from.
  ///   - thresholds: Those fitted on another run; fitted on this one if nil.
  ///   - ratio: If given, the theory's threshold is not fitted at all.
  ///   - resamples: How often words are drawn anew to tell how certain the areas are.
  ///   - seed: What they are drawn from.
  public init(
    _ run: MeasuredRun, thresholds: [Predictor: Double]?, ratio: Double?, resamples: Int,
    seed: UInt64
  ) {
    let pairs = run.pairs
    let limit = run.mergeDistance * run.mergeDistance
    let isMerged = pairs.finalSquaredDistance.map { $0 <= limit }
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
    let predicted = (0..<pairs.count).map { pairs.predictedFinalSquaredDistance($0, ratio: ratio) }
    let apart = predicted.indices.filter { predicted[$0] > 0 }
    return (
      RankCorrelation.spearman(predicted, pairs.finalSquaredDistance),
      RankCorrelation.spearman(
        apart.map { predicted[$0] }, apart.map { pairs.finalSquaredDistance[$0] })
    )
  }

  // MARK: Files

  /// Writes the tables into the folder theory/ of the run.
  ///
  /// - Parameter writesPairs: Whether to list every pair as well.
  /// - Throws: `FileError.write`.
  public func write(pairs writesPairs: Bool) throws(FileError) {
    let path = run.folder.theoryPath
    try WholeFile.write(summaryTable, to: "\(path)/summary.csv")
    try WholeFile.write(confusionTable, to: "\(path)/confusion.csv")
    try WholeFile.write(lengthsTable, to: "\(path)/lengths.csv")
    try WholeFile.write(distancesTable, to: "\(path)/distances.csv")
    if !rateRows.isEmpty { try WholeFile.write(ratesTable, to: "\(path)/rates.csv") }
    if writesPairs { try WholeFile.write(pairsTable, to: "\(path)/pairs.csv") }
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

  /// Pairs of about the same predicted distance.
  public struct DistanceRow: Sendable {
    public let agreeing: Bool
    public let predicted: ClosedRange<Double>
    public let pairs: Int
    /// Of the distances observed.
    public let quartiles: [Double]
  }

  /// The rows of distances.csv.
  public var distanceRows: [DistanceRow] {
    guard let ratio else { return [] }
    var rows: [DistanceRow] = []
    for agrees in [true, false] {
      var ranked = (0..<run.pairs.count).filter { run.pairs.agrees[$0] == agrees }.map {
        (
          predicted: run.pairs.predictedFinalSquaredDistance($0, ratio: ratio).squareRoot(),
          observed: run.pairs.finalSquaredDistance[$0].squareRoot()
        )
      }
      ranked.sort { $0.predicted < $1.predicted }
      let merging = ranked.firstIndex { $0.predicted > 0 } ?? ranked.count
      let parts = 5
      var bounds = [0, merging]
      for part in 1...parts { bounds.append(merging + (ranked.count - merging) * part / parts) }
      for (low, high) in zip(bounds, bounds.dropFirst()) where low < high {
        let observed = SortedNumbers(ranked[low..<high].map(\.observed))
        rows.append(
          DistanceRow(
            agreeing: agrees, predicted: ranked[low].predicted...ranked[high - 1].predicted,
            pairs: high - low,
            quartiles: [0.25, 0.5, 0.75].compactMap { observed.quantile($0) }))
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
      text += CSV.field(names[Int(pairs.first[pair])])
      text += ",\(CSV.field(names[Int(pairs.second[pair])]))"
      text += ",\(pairs.shorterLength(pair)),\(pairs.longerLength(pair))"
      text += ",\(pairs.commonSuffix[pair]),\(count),\(pairs.squaredDistance[pair])"
      text += ",\(field(count == 0 ? nil : pairs.outputSum[pair] / Double(count)))"
      text += ",\(pairs.agrees[pair]),\(isMerged[pair]),\(pairs.finalSquaredDistance[pair])"
      text += ",\(field(ratio.map { pairs.predictedFinalSquaredDistance(pair, ratio: $0) }))\n"
    }
    return text
  }

  private func field(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }

  /// How measured rates depend on the number of last symbols that words have in common: the median of
  /// pairs' own rates and of the share that is left when words move jointly; none where rates were not
  /// measured.
  public var rateRows: [(suffix: Int32, pairs: Int, merged: Double, own: Double, share: Double)] {
    guard !run.pairs.ownRate.isEmpty else { return [] }
    return Dictionary(grouping: agreeing) { run.pairs.commonSuffix[$0] }.sorted { $0.key < $1.key }
      .compactMap { suffix, pairs in
        let own = SortedNumbers(pairs.map { run.pairs.ownRate[$0] })
        let shares = SortedNumbers(
          pairs.map { pair in
            run.pairs.ownRate[pair] == 0
              ? 0 : run.pairs.differenceRate[pair] / run.pairs.ownRate[pair]
          })
        guard let middle = own.quantile(0.5), let share = shares.quantile(0.5) else { return nil }
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
}
