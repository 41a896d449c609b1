import Automata
import Foundation
import Testing

/// A run that learns parity on words up to length 6, for tests that only read it.
private let sharedRun = Task {
  let folder = try TemporaryFolder(isShared: true)
  let path = folder["run"]
  try await trainSmallRun(path, checkpointEvery: 100)
  return path
}

@Suite struct ClusteringCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The automata of the shared run with some options: what was said, and the last row of states.csv.
  private func look(_ options: String...) async throws -> (output: String, last: [String: String]) {
    let output = succeeds(
      try await extract(
        ["--checkpoints", try await sharedRun.value, "--out", folder["out"]]
          + ["--validate-lengths", "50", "--validate-words", "20"] + options))
    return (output, try #require(try table(folder["out/states.csv"]).rows.last))
  }

  @Test(arguments: ["leaders", "components", "average", "complete", "k-means", "quantization"])
  func `every way to cluster ends in parity, refined with two states`(
    method: String
  ) async throws {
    let number = ["k-means", "quantization"].contains(method) ? [] : ["--merge-distance", "auto"]
    let found = succeeds(
      try await extract(
        ["--checkpoints", try await sharedRun.value, "--out", folder["out"], "--cluster", method]
          + ["--refine", "--validate-lengths", "50"] + number))
    let last = try #require(try table(folder["out/states.csv"]).rows.last)
    #expect(last["equivalent_to_task"] == "true")
    #expect(last["consistency"] == "1.0")
    #expect(found.contains("split until a congruence"))
    let trials = try table(folder["out/choice.csv"]).rows
    let chosen = trials.filter { $0["chosen"] == "true" }
    #expect(chosen.count == 1)
    #expect(chosen[0]["states"] == last["states"])
    #expect(chosen[0]["score"] == "1.0")
    // Too small a distance leaves transitions open, whatever the classes are.
    if !number.isEmpty { #expect(trials[0]["score"] != "1.0") }
    let words = try table(folder["out/long-words.csv"]).rows
    #expect(words.map { $0["length"] } == ["50"])
    #expect(words[0]["fidelity"] == "1.0")
  }

  @Test func `a number is chosen once, and the same one given gives the same`() async throws {
    _ = try await look("--merge-distance", "auto")
    let automatic = try contents(of: folder["out"])
    let chosen = try #require(
      try table(folder["out/choice.csv"]).rows.first { $0["chosen"] == "true" }?["merge_distance"])
    try FileManager.default.removeItem(atPath: folder["out"])
    _ = try await look("--merge-distance", chosen)
    var given = try contents(of: folder["out"])
    #expect(given["choice.csv"] == nil)
    given["choice.csv"] = automatic["choice.csv"]
    // What was asked for is another thing, and what is written of it.
    #expect(given["analysis.json"] != automatic["analysis.json"])
    given["analysis.json"] = automatic["analysis.json"]
    #expect(given == automatic)
    // Each checkpoint's own scale is another unit, but at the last one the same distance.
    let states = try #require(try table(folder["out/states.csv"]).rows.last?["states"])
    let own = try await look("--merge-distance", "auto", "--scale", "checkpoint")
    #expect(own.last["states"] == states)
  }

  @Test func `a number of clusters or of levels is taken at its word`() async throws {
    let three = try await look("--cluster", "k-means", "--clusters", "3")
    #expect(three.output.contains("k-means with k = 3\n"))
    #expect(three.last["classes"] == "3")
    let one = try await look("--cluster", "quantization", "--levels", "1")
    #expect(one.output.contains("quantization into 1 levels\n"))
    #expect(one.last["classes"] == "1")
  }

  @Test func `other commands on runs take the same options`() async throws {
    let run = try await sharedRun.value
    succeeds(
      try await extract(
        "states", run, "--out", folder["states.npz"], "--cluster", "average", "--merge-distance",
        "auto", "--refine"))
    succeeds(
      try await extract(
        "film", run, "--cluster", "k-means", "--out", folder["film.svg"]))
  }

  @Test func `a table of representations decides by its own words`() async throws {
    let file = folder["table.npz"]
    succeeds(try await extract("states", try await sharedRun.value, "--out", file))
    succeeds(
      try await extract(
        "--representations", file, "--task", "parity", "--merge-distance", "auto", "--out",
        folder["out"]))
    let trials = try table(folder["out/choice.csv"]).rows
    #expect(trials.allSatisfy { $0["long_fidelity"] == "" && $0["score"] == $0["fidelity"] })
    let chosen = try #require(trials.first { $0["chosen"] == "true" })
    #expect(chosen["fidelity"] == "1.0")
    // At twice the spread words of either parity are one state.
    #expect(try #require(Double(trials[trials.count - 1]["fidelity"] ?? "")) < 0.9)
  }

  @Test func `options that do not go together are refused`() async throws {
    for (options, message) in [
      (
        ["--merge-distance=-1"],
        "--merge-distance is -1.0; it must be at least 0, or auto."
      ),
      (["--merge-distance", "far"], "--merge-distance"),
      (["--clusters", "4"], "--clusters is for --cluster k-means, but that is leaders."),
      (["--cluster", "k-means", "--levels", "4"], "--levels is for --cluster quantization"),
      (["--cluster", "k-means", "--clusters", "0"], "--clusters is 0; it must be a whole number"),
      (
        ["--cluster", "k-means", "--clusters", "2.5"],
        "--clusters is 2.5; it must be a whole number"
      ),
      (
        ["--cluster", "k-means", "--merge-distance", "auto"], "--merge-distance auto is for leaders"
      ),
      (["--cluster", "spectral"], "--cluster"),
    ] {
      let outcome = try await extract(["--checkpoints", try await sharedRun.value] + options)
      #expect(outcome.status == .exited(64), "\(options)")
      #expect(outcome.error.contains(message), "\(options): \(outcome.error)")
    }
    fails(
      try await extract(
        "--checkpoints", try await sharedRun.value, "--cluster", "components", "--depth", "13"),
      "--cluster components looks at all pairs of words and can do so for 8192 words; there are "
        + "16383. Try a smaller --depth, or --cluster leaders.")
  }
}
