import Foundation
import RNN
import Testing

/// Two runs that learn parity on words up to length 6 from other seeds, for all tests.
private let sharedRuns = Task {
  let folder = try TemporaryFolder(isShared: true)
  for seed in ["1", "2"] {
    succeeds(
      try await extract(
        "train", "--out", folder["run-\(seed)"], "--hidden", "30", "--max-length", "6", "--gain",
        "0.3", "--learning-rate", "0.2", "--epochs", "300", "--checkpoint-every", "100", "--seed",
        seed))
  }
  return folder
}

@Suite struct TheoryCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Copies of the shared runs, to write into.
  private func copies() async throws -> [String] {
    let runs = try await sharedRuns.value
    return try ["run-1", "run-2"].map { name in
      try FileManager.default.copyItem(atPath: runs[name], toPath: folder[name])
      return folder[name]
    }
  }

  private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(Double(row[column] ?? ""), "\(column) of \(row)")
  }

  @Test func `words with commas and quotes are fields like any other`() async throws {
    let run = folder["run"]
    let alphabet = #"(\,|\")*"#
    succeeds(
      try await extract(
        "train", "--out", run, "--task", "regex:\(alphabet)", "--hidden", "8", "--max-length", "3",
        "--epochs", "4", "--checkpoint-every", "2", "--gain", "0.5"))
    succeeds(try await extract("theory", run, "--write-pairs", "--resamples", "0"))
    let lines = try String(contentsOfFile: "\(run)/theory/pairs.csv", encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 106)
    // Quoted fields hold commas of their own; a doubled quote is one of the text.
    let fields = lines.map { line -> Int in
      var (count, isQuoted) = (1, false)
      for letter in line {
        if letter == "\"" { isQuoted.toggle() }
        if letter == ",", !isQuoted { count += 1 }
      }
      #expect(!isQuoted, "\(line)")
      return count
    }
    #expect(Set(fields) == [12])
  }

  @Test func `a run's own symbols decide which words its theory is about`() async throws {
    let run = folder["run"]
    succeeds(
      try await extract(
        "train", "--out", run, "--task", "regex:a*", "--alphabet", "ab", "--hidden", "8",
        "--max-length", "4", "--epochs", "4", "--checkpoint-every", "2", "--gain", "0.5"))
    succeeds(try await extract("theory", run, "--write-pairs", "--resamples", "0"))
    let pairs = try table("\(run)/theory/pairs.csv").rows
    #expect(pairs.count == 465)
    // Of the pairs only the 16 of ε and a longest word have no continuation that was trained.
    let without = pairs.filter { $0["continuations"] == "0" }
    #expect(without.count == 16)
    #expect(without.allSatisfy { $0["first"] == "ε" && $0["m2"] == "4" })
  }

  @Test func `all tables count the same pairs, and say what the pairs' own table says`()
    async throws
  {
    let run = try await copies()[0]
    let output = succeeds(
      try await extract("theory", run, "--write-pairs", "--resamples", "20", "--rates"))
    #expect(output.contains("8001 of 8001 pairs measured"))
    let pairs = try table("\(run)/theory/pairs.csv").rows
    #expect(pairs.count == 127 * 126 / 2)
    let summary = try table("\(run)/theory/summary.csv").rows
    #expect(
      summary.map { $0["predictor"] } == [
        "theory", "theory-divided-by-lengths", "theory-without-lengths", "theory-with-own-rates",
        "theory-with-joint-rates", "scaling-law", "initial-distance", "shorter-length",
        "common-suffix", "inseparability",
      ])
    let ratio = exp(-(try number(summary[0], "threshold")))
    var counts: [String: Int] = [:]
    for pair in pairs {
      let n = try number(pair, "continuations")
      let m = try number(pair, "m1") + number(pair, "m2")
      let d = try number(pair, "D")
      let y = n == 0 ? 0 : try number(pair, "Y")
      let isNegative = ratio * m * n * y > d * d
      counts["\(pair["agreeing"] ?? ""),\(isNegative),\(pair["merged"] ?? "")", default: 0] += 1
      // Of agreeing pairs it is those that are predicted to meet.
      if pair["agreeing"] == "true" {
        #expect((try number(pair, "predicted_D") == 0) == isNegative)
      }
    }
    for row in try table("\(run)/theory/confusion.csv").rows {
      let key = ["agreeing", "margin_negative", "merged"].map { row[$0] ?? "" }
      #expect(counts[key.joined(separator: ",")] ?? 0 == Int(row["pairs"] ?? ""))
    }
    let agreeing = pairs.filter { $0["agreeing"] == "true" }
    let merged = agreeing.filter { $0["merged"] == "true" }
    #expect(merged.count > 0 && merged.count < agreeing.count)
    for row in summary {
      let (tp, fn) = try (number(row, "true_positives"), number(row, "false_negatives"))
      let (fp, tn) = try (number(row, "false_positives"), number(row, "true_negatives"))
      #expect(Int(tp + fn) == merged.count && Int(tp + fn + fp + tn) == agreeing.count)
      let area = try number(row, "area")
      #expect(try area >= number(row, "area_low") - 0.02 && area <= number(row, "area_high") + 0.02)
    }
    let lengths = try table("\(run)/theory/lengths.csv").rows
    #expect(try lengths.map { try number($0, "pairs") }.reduce(0, +) == Double(agreeing.count))
    #expect(try lengths.map { try number($0, "merged") }.reduce(0, +) == Double(merged.count))
    let distances = try table("\(run)/theory/distances.csv").rows
    #expect(try distances.map { try number($0, "pairs") }.reduce(0, +) == 8001)
    for row in distances {
      #expect(try number(row, "predicted_low") <= number(row, "predicted_high"))
      #expect(try number(row, "observed_lower_quartile") <= number(row, "observed_median"))
    }
    let rates = try table("\(run)/theory/rates.csv").rows
    #expect(try rates.map { try number($0, "pairs") }.reduce(0, +) == Double(agreeing.count))
  }

  @Test func `what is fitted on the first run is judged on the others`() async throws {
    let runs = try await copies()
    let output = succeeds(try await extract("theory", runs[0], runs[1], "--resamples", "0"))
    #expect(output.contains("at the thresholds of the first run"))
    func thresholds(_ run: String) throws -> [String?] {
      try table("\(run)/theory/summary.csv").rows.map { $0["threshold"] }
    }
    let fitted = try thresholds(runs[0])
    #expect(try thresholds(runs[1]) == fitted)
    // Alone, the second run fits its own.
    succeeds(try await extract("theory", runs[1], "--resamples", "0"))
    #expect(try thresholds(runs[1]) != fitted)
    // A constant that is given is not fitted.
    succeeds(try await extract("theory", runs[0], "--resamples", "0", "--ratio", "0.25"))
    let given = try #require(Double(try thresholds(runs[0])[0] ?? ""))
    #expect(abs(given - log(4)) <= 1e-12)
  }

  @Test func `a seed draws the same pairs again, another seed others`() async throws {
    let run = try await copies()[0]
    func draw(_ seed: String) async throws -> String {
      succeeds(
        try await extract(
          "theory", run, "--pairs", "500", "--seed", seed, "--write-pairs", "--resamples", "3"))
      return try ["pairs", "summary", "lengths", "distances"].map {
        try text("\(run)/theory/\($0).csv")
      }.joined()
    }
    let first = try await draw("1")
    #expect(try table("\(run)/theory/pairs.csv").rows.count == 500)
    let second = try await draw("2")
    #expect(try await draw("1") == first)
    #expect(second != first)
  }

  @Test func `a checkpoint is found by its epoch, and precision can be single`() async throws {
    let run = try await copies()[0]
    let output = succeeds(
      try await extract(
        "theory", run, "--epoch", "150", "--precision", "single", "--resamples", "0"))
    #expect(output.contains("predicted from epoch 100, seen at epoch 300"))
    fails(
      try await extract("theory", run, "--epoch=-1"),
      "\(run) has no checkpoint up to epoch -1 but its last; the first is of epoch 0.")
  }

  @Test func `only continuations that were trained on count`() async throws {
    let run = folder["run"]
    succeeds(
      try await extract(
        "train", "--out", run, "--hidden", "8", "--max-length", "4", "--min-length", "4",
        "--epochs", "2", "--checkpoint-every", "1", "--validation-words", "10"))
    succeeds(
      try await extract("theory", run, "--write-pairs", "--resamples", "0", "--depth", "4"))
    for pair in try table("\(run)/theory/pairs.csv").rows {
      // Both must be continued to the one length that was trained on.
      let count = try number(pair, "continuations")
      let lengths = try (number(pair, "m1"), number(pair, "m2"))
      #expect(count == (lengths.0 == lengths.1 ? pow(2, 4 - lengths.0) : 0))
    }
  }

  @Test func `a folder of checkpoints without configuration needs a task`() async throws {
    let run = try await copies()[0]
    try FileManager.default.removeItem(atPath: "\(run)/config.json")
    let output = succeeds(
      try await extract(
        "theory", run, "--task", "parity", "--depth", "4", "--pairs", "100", "--resamples", "0"))
    #expect(output.contains("100 of 465 pairs measured"))
    fails(
      try await extract("theory", run),
      "\(run): whether words agree is a matter of the task, and this run's is no machine. Try "
        + "--task with one, such as parity.")
  }

  @Test func `runs that say nothing get a sentence`() async throws {
    let run = try await copies()[0]
    for epoch in ["000100", "000200", "000300"] {
      try FileManager.default.removeItem(atPath: "\(run)/checkpoints/epoch-\(epoch).safetensors")
    }
    fails(
      try await extract("theory", run),
      "\(run) holds one checkpoint; needed are one to predict from and one to compare with.")
    // Before training everything lies together, at a merge distance of 10 scales.
    let other = folder["other"]
    succeeds(
      try await trainTiny(other, "--epochs", "1", "--checkpoint-every", "1"))
    let output = succeeds(
      try await extract("theory", other, "--merge-distance", "10", "--resamples", "2"))
    #expect(output.contains("Of the agreeing pairs each merged"))
    let none = succeeds(
      try await extract("theory", other, "--merge-distance", "0", "--resamples", "2"))
    #expect(none.contains("Of the agreeing pairs none merged"))
    fails(
      try await extract("theory", folder["nowhere"]),
      "\(folder["nowhere"]): there is no such folder.")
    misuses(
      try await extract("theory", run, "--pairs", "0"), "--pairs is 0; it must be at least 1.")
    misuses(
      try await extract("theory", run, "--ratio", "0"),
      "--ratio is 0.0; it must be a positive number.")
    #expect(try await extract("theory").status == .exited(64))
  }
}
