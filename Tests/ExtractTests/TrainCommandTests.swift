import Foundation
import RNN
import Tasks
import Testing

@Suite struct TrainCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `one seed gives the same bytes twice, another seed gives others`() async throws {
    for (name, seed) in [("a", "3"), ("b", "3"), ("c", "4")] {
      succeeds(try await trainTiny(folder[name], "--epochs", "12", "--seed", seed))
    }
    let a = try contents(of: folder["a"])
    #expect(differences(a, try contents(of: folder["b"])) == [])
    let other = try contents(of: folder["c"])
    let checkpoints = a.keys.filter { $0.hasPrefix("checkpoints/") }
    #expect(!checkpoints.isEmpty)
    #expect(differences(a, other).count >= checkpoints.count + 2)
  }

  @Test func `the default recipe is the paper's`() async throws {
    succeeds(try await extract("train", "--out", folder["run"], "--epochs", "0"))
    let configuration = try #require(try RunFolder(folder["run"]).configuration())
    #expect(configuration.task == "parity")
    let recipe = configuration.recipe
    #expect(recipe.hidden == 100 && recipe.nonlinearity == .relu)
    #expect(recipe.gain == 0.1 && recipe.start == 1)
    #expect(recipe.learningRate == 0.02 && recipe.batchSize == 128)
    #expect(recipe.minLength == 1 && recipe.maxLength == 10 && recipe.fraction == 1)
    #expect(recipe.loss == .meanSquaredError && recipe.supervision == .last)
    #expect(recipe.stopLoss == nil && !recipe.isBalanced)
    #expect(recipe.validationWords == 100 && recipe.validationLength == 50)
    #expect(recipe.seed == 1)
    #expect(recipe.schedule == .adaptive(share: 0.015, longest: 25))
    var whole = recipe
    whole.epochs = 1000
    #expect(whole == Recipe())
    #expect(try checkpointEpochs(folder["run"]) == [0])
    let metrics = try table(folder["run/metrics.csv"])
    #expect(
      metrics.header == [
        "epoch", "train_loss", "validation_loss", "train_accuracy", "validation_accuracy",
      ])
    // Small initial weights answer about 0 for targets of which one in two is 1.
    let loss = try #require(Double(metrics.rows[0]["train_loss"] ?? ""))
    #expect(abs(loss - 0.5) <= 0.05)
  }

  @Test func `every option reaches the recipe`() async throws {
    succeeds(
      try await extract(
        "train", "--out", folder["run"], "--task", "mod-3", "--hidden", "5", "--nonlinearity",
        "tanh", "--gain", "0.5", "--start", "0.25", "--learning-rate", "0.01", "--epochs", "2",
        "--batch-size", "3", "--min-length", "2", "--max-length", "5", "--fraction", "0.75",
        "--loss", "cross-entropy", "--stop-loss", "0.001", "--seed", "9", "--checkpoint-share",
        "0.5", "--checkpoint-at-least-every", "7", "--validation-words", "11",
        "--validation-length", "12"))
    let text = try text(folder["run/config.json"])
    for line in [
      "\"batchSize\" : 3", "\"epochs\" : 2", "\"fraction\" : 0.75", "\"gain\" : 0.5",
      "\"hidden\" : 5", "\"learningRate\" : 0.01", "\"loss\" : \"cross-entropy\"",
      "\"maxLength\" : 5", "\"minLength\" : 2", "\"nonlinearity\" : \"tanh\"", "\"longest\" : 7",
      "\"share\" : 0.5", "\"seed\" : 9", "\"start\" : 0.25", "\"stopLoss\" : 0.001",
      "\"validationLength\" : 12", "\"validationWords\" : 11", "\"task\" : \"mod-3\"",
    ] { #expect(text.contains(line), "\(line)") }
  }

  @Test func `a plain schedule saves every so many epochs and the last`() async throws {
    let output = succeeds(
      try await trainTiny(folder["run"], "--epochs", "7", "--checkpoint-every", "3"))
    #expect(try checkpointEpochs(folder["run"]) == [0, 3, 6, 7])
    let metrics = try table(folder["run/metrics.csv"])
    #expect(metrics.rows.map { $0["epoch"] } == (0...7).map { "\($0)" })
    #expect(output.hasPrefix("\(folder["run"]): 7 epochs, 4 checkpoints\n"))
    #expect(output.hasSuffix("\nNext: extract --checkpoints \(folder["run"])\n"))
    // Nothing of a progress bar where nobody watches.
    #expect(!output.contains("\r") && !output.contains("\u{1b}"))
  }

  @Test func `an adaptive schedule saves when representations move, and at least so often`()
    async throws
  {
    succeeds(
      try await trainTiny(
        folder["rare"], "--epochs", "10", "--checkpoint-share", "1e9",
        "--checkpoint-at-least-every", "4"))
    #expect(try checkpointEpochs(folder["rare"]) == [0, 4, 8, 10])
    succeeds(try await trainTiny(folder["all"], "--epochs", "10", "--checkpoint-share", "1e-9"))
    #expect(try checkpointEpochs(folder["all"]) == Array(0...10))
    succeeds(
      try await trainTiny(
        folder["some"], "--epochs", "400", "--learning-rate", "0.1", "--gain", "1",
        "--checkpoint-share", "0.1", "--checkpoint-at-least-every", "100"))
    let epochs = try checkpointEpochs(folder["some"])
    #expect(epochs.count > 5 && epochs.count < 400)
    #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $1 - $0 <= 100 })
  }

  @Test func `training ends at the first epoch whose loss is low enough, and saves it`()
    async throws
  {
    succeeds(
      try await trainTiny(
        folder["run"], "--epochs", "300", "--learning-rate", "0.2", "--gain", "1", "--stop-loss",
        "0.2", "--checkpoint-every", "1000"))
    let losses = try table(folder["run/metrics.csv"]).rows.map { Double($0["train_loss"] ?? "") }
    let last = try #require(losses.last ?? nil)
    #expect(last <= 0.2)
    #expect(losses.dropLast().allSatisfy { ($0 ?? 0) > 0.2 })
    #expect(losses.count > 2 && losses.count < 301)
    #expect(try checkpointEpochs(folder["run"]) == [0, losses.count - 1])
  }

  @Test func `divergence names the epoch and what to try, and keeps what was saved`() async throws {
    let outcome = try await extract(
      "train", "--out", folder["run"], "--hidden", "20", "--max-length", "6", "--epochs", "200",
      "--checkpoint-every", "1", "--learning-rate", "50")
    let epochs = try checkpointEpochs(folder["run"])
    let last = try #require(epochs.last)
    fails(
      outcome,
      "training diverged in epoch \(last + 1): a loss or a weight is no longer a finite number. "
        + "The checkpoints up to epoch \(last) are kept. Try a smaller --learning-rate than 50.0 "
        + "or a smaller --gain than 0.1.")
    #expect(epochs == Array(0...last))
    let metrics = try table(folder["run/metrics.csv"])
    #expect(metrics.rows.map { $0["epoch"] } == epochs.map { "\($0)" })
    #expect(!(try text(folder["run/metrics.csv"])).contains("nan"))
  }

  @Test func `a folder that holds a run is not trained into, unless it is to be replaced`()
    async throws
  {
    succeeds(try await trainTiny(folder["run"], "--epochs", "9", "--checkpoint-every", "1"))
    let before = try contents(of: folder["run"])
    fails(
      try await trainTiny(folder["run"], "--epochs", "2"),
      "\(folder["run"]) already holds a run. Add --resume to continue it, --overwrite to replace "
        + "it, or choose another folder with --out.")
    #expect(differences(before, try contents(of: folder["run"])) == [])
    try write("mine", to: folder["run/notes.txt"])
    try write("old", to: folder["run/automata/states.csv"])
    try write("old", to: folder["run/theory/summary.csv"])
    succeeds(
      try await trainTiny(
        folder["run"], "--epochs", "2", "--checkpoint-every", "1", "--overwrite"))
    succeeds(try await trainTiny(folder["other"], "--epochs", "2", "--checkpoint-every", "1"))
    var replaced = try contents(of: folder["run"])
    #expect(replaced.removeValue(forKey: "notes.txt") == Data("mine".utf8))
    #expect(differences(replaced, try contents(of: folder["other"])) == [])
  }

  @Test func `a run is resumed with its own settings only`() async throws {
    fails(
      try await extract("train", "--out", folder["run"], "--resume"),
      "\(folder["run"]) holds no run to continue: there is no \(folder["run"])/config.json. "
        + "Leave out --resume to begin one.")
    succeeds(try await trainTiny(folder["run"], "--epochs", "4", "--checkpoint-every", "2"))
    let before = try contents(of: folder["run"])
    for options in [
      ["--seed", "2"], ["--hidden", "9"], ["--task", "mod-3"], ["--learning-rate", "0.03"],
      ["--checkpoint-every", "3"], ["--stop-loss", "0.1"],
    ] {
      fails(
        try await extract(["train", "--out", folder["run"], "--resume"] + options),
        "\(folder["run"]) was begun with other settings (\(folder["run"])/config.json); "
          + "a resumed run keeps them all, except --epochs.")
    }
    fails(
      try await extract("train", "--out", folder["run"], "--resume", "--epochs", "3"),
      "\(folder["run"]) has been trained for 4 epochs already; needed is --epochs of at least as "
        + "many.")
    #expect(differences(before, try contents(of: folder["run"])) == [])
    // A run that is over stays as it is; given more epochs, it goes on as if it had had them.
    succeeds(try await trainTiny(folder["run"], "--resume", "--epochs", "4"))
    #expect(differences(before, try contents(of: folder["run"])) == [])
    succeeds(try await extract("train", "--out", folder["run"], "--resume", "--epochs", "8"))
    succeeds(try await trainTiny(folder["whole"], "--epochs", "8", "--checkpoint-every", "2"))
    #expect(
      differences(try contents(of: folder["run"]), try contents(of: folder["whole"])) == [])
  }

  @Test func `wrong options get a sentence and exit code 64`() async throws {
    for (options, message) in [
      (["--hidden", "0"], "--hidden is 0; needed is from 1 to 8192 units."),
      (["--gain", "nan"], "--gain is nan; needed is a number of at least 0."),
      (["--start", "inf"], "--start is inf; needed is a finite number."),
      (["--learning-rate=-1"], "--learning-rate is -1.0; needed is a number of at least 0."),
      (["--epochs=-1"], "--epochs is -1; needed is at least 0."),
      (["--batch-size", "0"], "--batch-size is 0; needed is at least 1."),
      (["--min-length=-1"], "--min-length is -1; needed is at least 0."),
      (
        ["--min-length", "5", "--max-length", "4"],
        "--max-length is 4; needed is at least --min-length, 5."
      ),
      (["--max-length", "10001"], "--max-length is 10001; needed is at most 10000."),
      (["--words-per-length", "0"], "--words-per-length is 0; needed is from 1 to 1048576."),
      (["--fraction", "0"], "--fraction is 0.0; needed is more than 0 and at most 1."),
      (["--fraction", "1.1"], "--fraction is 1.1; needed is more than 0 and at most 1."),
      (["--stop-loss=-1"], "--stop-loss is -1.0; needed is a number of at least 0."),
      (["--validation-words", "0"], "--validation-words is 0; needed is at least 1."),
      (["--validation-length", "0"], "--validation-length is 0; needed is at least 1."),
      (["--checkpoint-every", "0"], "--checkpoint-every is 0; needed is at least 1."),
      (["--checkpoint-share", "0"], "--checkpoint-share is 0.0; needed is more than 0."),
      (
        ["--checkpoint-at-least-every", "0"],
        "--checkpoint-at-least-every is 0; needed is at least 1."
      ),
      (["--resume", "--overwrite"], "--resume and --overwrite exclude each other."),
      (
        ["--checkpoint-every", "2", "--checkpoint-share", "1"],
        "--checkpoint-every sets a plain schedule; drop --checkpoint-share and "
          + "--checkpoint-at-least-every, or --checkpoint-every."
      ),
    ] {
      misuses(try await extract(["train", "--out", folder["run"]] + options), message)
    }
    #expect(!FileManager.default.fileExists(atPath: folder["run"]))
    for options in [
      ["--nonlinearity", "gelu"], ["--loss", "hinge"], ["--hidden", "many"],
      ["--colour"], ["--supervise", "some"],
    ] {
      let outcome = try await extract(["train", "--out", folder["run"]] + options)
      #expect(outcome.status == .exited(64))
      #expect(outcome.error.hasPrefix("Error: ") && outcome.output == "")
    }
    misuses(try await extract("train"), "Missing expected argument '--out <folder>'")
  }

  @Test func `a folder that cannot be written is named`() async throws {
    try write("a file", to: folder["file"])
    let outcome = try await trainTiny(folder["file/run"], "--epochs", "1")
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.error.hasPrefix("Error: \(folder["file/run"])/config.json cannot be written: "))
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}

@Suite struct InterruptionTests {
  @Test(arguments: UInt64(1)...5)
  func `a run that was killed ends with the same bytes as one that was not`(round: UInt64)
    async throws
  {
    let folder = try TemporaryFolder()
    let whole = try await uninterruptedRun.value
    var generator = SplitMix64(seed: round)
    var begin = Self.arguments(folder["run"])
    var kills = 0
    for _ in 0..<4 {
      let time = Int.random(in: 1...250, using: &generator)
      guard try await extract(begin, killedAfter: time) else { break }
      kills += 1
      // Without a configuration nothing has begun.
      if FileManager.default.fileExists(atPath: folder["run/config.json"]) {
        begin = ["train", "--out", folder["run"], "--resume"]
      }
    }
    #expect(kills > 0)
    succeeds(try await extract(begin))
    let found = try contents(of: folder["run"])
    #expect(differences(found, try contents(of: whole["run"])) == [], "after \(kills) kills")
  }

  @Test func `what a killed process left beside its place is taken away`() async throws {
    let folder = try TemporaryFolder()
    succeeds(try await trainTiny(folder["run"], "--epochs", "3", "--checkpoint-every", "1"))
    let before = try contents(of: folder["run"])
    for name in [".metrics.csv.123.part", "checkpoints/.epoch-000004.safetensors.77.part"] {
      try write("half", to: folder["run/\(name)"])
    }
    succeeds(try await extract("train", "--out", folder["run"], "--resume"))
    #expect(differences(before, try contents(of: folder["run"])) == [])
  }

  @Test func `a run killed before its first checkpoint is begun by resuming it`() async throws {
    let folder = try TemporaryFolder()
    succeeds(try await trainTiny(folder["run"], "--epochs", "3", "--checkpoint-every", "1"))
    let before = try contents(of: folder["run"])
    try FileManager.default.removeItem(atPath: folder["run/checkpoints"])
    succeeds(try await extract("train", "--out", folder["run"], "--resume"))
    #expect(differences(before, try contents(of: folder["run"])) == [])
    try FileManager.default.removeItem(atPath: folder["run/checkpoints"])
    try FileManager.default.removeItem(atPath: folder["run/metrics.csv"])
    succeeds(try await extract("train", "--out", folder["run"], "--resume"))
    #expect(differences(before, try contents(of: folder["run"])) == [])
  }

  @Test func `a run whose metrics or checkpoint are not its own is not resumed`() async throws {
    let folder = try TemporaryFolder()
    succeeds(try await trainTiny(folder["run"], "--epochs", "3", "--checkpoint-every", "1"))
    let resume = ["train", "--out", folder["run"], "--resume"]
    let metrics = try text(folder["run/metrics.csv"])
    let header = "epoch,train_loss,validation_loss,train_accuracy,validation_accuracy"
    for (bad, line) in [
      ("", 1), ("epoch,loss\n", 1), (metrics.replacingOccurrences(of: "\n2,", with: "\n2;"), 4),
      (metrics.split(separator: "\n").dropLast().joined(separator: "\n"), 5),
    ] {
      try write(bad, to: folder["run/metrics.csv"])
      fails(
        try await extract(resume),
        "\(folder["run"])/metrics.csv, line \(line): expected were the columns \(header).")
    }
    try write(metrics, to: folder["run/metrics.csv"])
    let last = folder["run/checkpoints/epoch-000003.safetensors"]
    try FileManager.default.removeItem(atPath: last)
    try FileManager.default.copyItem(
      atPath: folder["run/checkpoints/epoch-000001.safetensors"], toPath: last)
    fails(
      try await extract(resume),
      "\(last): this is not the network that \(folder["run"])/config.json describes.")
  }

  static func arguments(_ folder: String) -> [String] {
    [
      "train", "--out", folder, "--hidden", "40", "--max-length", "8", "--epochs", "1000",
      "--checkpoint-every", "2", "--learning-rate", "0.05",
    ]
  }
}

/// Trained once and compared with by all rounds.
private let uninterruptedRun = Task {
  let folder = try TemporaryFolder(isShared: true)
  let outcome = try await extract(InterruptionTests.arguments(folder["run"]))
  try #require(outcome.status == .exited(0), "\(outcome.error)")
  return folder
}
