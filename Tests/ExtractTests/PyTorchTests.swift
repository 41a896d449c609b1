import Foundation
import Subprocess
import Testing

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A Python with torch and safetensors, such as `PYTORCH=$(which python3) make test`.
private let python = ProcessInfo.processInfo.environment["PYTORCH"]

@Suite struct PyTorchTests {
  @Test(
    .enabled(if: python != nil),
    arguments: [
      ["--cell", "elman", "--nonlinearity", "relu"], ["--cell", "elman", "--nonlinearity", "tanh"],
      ["--cell", "elman", "--layers", "3", "--nonlinearity", "relu"], ["--cell", "gru"],
      ["--cell", "gru", "--layers", "2"], ["--cell", "lstm"],
      ["--cell", "lstm", "--layers", "4"],
    ], ["mse", "cross-entropy"])
  func `PyTorch reads our checkpoints and says the same, and we read its own`(
    network: [String], loss: String
  ) async throws {
    let folder = try TemporaryFolder()
    succeeds(
      try await extract(
        [
          "train", "--out", folder["run"], "--hidden", "20", "--max-length", "10", "--epochs", "30",
          "--checkpoint-every", "10", "--gain", "0.5", "--learning-rate", "0.1", "--loss", loss,
        ] + network))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../pytorch/load_checkpoints.py").path
    let result = try await run(
      .path(FilePath(try #require(python))),
      arguments: [script, folder["run"], folder["theirs"]], output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    #expect(result.standardOutput.hasPrefix("4 checkpoints agree"))

    succeeds(try await extract("--checkpoints", folder["run"], "--depth", "6"))
    succeeds(
      try await extract(
        "--checkpoints", folder["theirs"], "--depth", "6", "--task", "parity", "--nonlinearity",
        network.last == "tanh" ? "tanh" : "relu", "--start", "1"))
    let ours = try contents(of: folder["run/automata"])
    let theirs = try contents(of: folder["theirs/automata"])
    #expect(Set(ours.keys) == Set(theirs.keys))
    // A trained starting state is in the metadata alone, which PyTorch's own files do not have.
    succeeds(
      try await extract(
        [
          "train", "--out", folder["trained"], "--hidden", "9", "--max-length", "6", "--epochs",
          "9",
        ]
          + ["--train-start", "--optimizer", "adam", "--loss", loss] + network))
    let trained = try await run(
      .path(FilePath(try #require(python))), arguments: [script, folder["trained"]],
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(trained.terminationStatus == .exited(0), "\(trained.standardError)")

    // They know of no losses, which are in one table and in the film.
    for name in ours.keys where !name.hasPrefix("movie") && name != "states.csv" {
      #expect(ours[name] == theirs[name], "\(name)")
    }
  }

  @Test(.enabled(if: python != nil), arguments: ["relu", "tanh"])
  func `exported states are PyTorch's, and its own files read as the networks they are`(
    nonlinearity: String
  ) async throws {
    let folder = try TemporaryFolder()
    succeeds(
      try await extract(
        "train", "--out", folder["run"], "--hidden", "20", "--max-length", "6", "--epochs", "30",
        "--checkpoint-every", "10", "--gain", "0.5", "--nonlinearity", nonlinearity))
    for end in ["safetensors", "npz"] {
      succeeds(try await extract("states", folder["run"], "--out", folder["states.\(end)"]))
    }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../pytorch/exchange_tensors.py").path
    let result = try await run(
      .path(FilePath(try #require(python))),
      arguments: [script, folder["run"], folder["states"], folder["theirs"]],
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    #expect(result.standardOutput == "127 words agree; 4 networks saved three ways\n")

    succeeds(try await extract("--checkpoints", folder["run"]))
    let ours = try contents(of: folder["run/automata"])
    for kind in ["plain", "training", "parallel"] {
      succeeds(
        try await extract(
          "--checkpoints", folder["theirs/\(kind)"], "--task", "parity", "--depth", "6",
          "--nonlinearity", nonlinearity, "--start", "1"))
      let theirs = try contents(of: folder["theirs/\(kind)/automata"])
      // They know of no losses, which are in one table and in the film.
      #expect(
        differences(ours, theirs).allSatisfy { $0.hasPrefix("movie") || $0 == "states.csv" })
    }
  }

  @Test(.enabled(if: python != nil))
  func `the README's snippets for PyTorch work`() async throws {
    let folder = try TemporaryFolder()
    succeeds(
      try await extract(
        "train", "--out", folder["run7"], "--hidden", "6", "--max-length", "3", "--epochs", "1000",
        "--gain", "0.5"))
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let result = try await run(
      .path(FilePath(try #require(python))),
      arguments: [
        tests.appendingPathComponent("../pytorch/readme.py").path,
        tests.appendingPathComponent("../../README.md").path, folder["."],
      ], output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    #expect(result.standardOutput == "2 snippets work\n")
    succeeds(try await extract("inspect", folder["mine/step-100.pt"]))
  }
}
