import Automata
import Files
import Foundation
import RNN
import Tasks
import TensorFiles
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

  @Test func `a task with a comma among its symbols trains, is read and goes on`() async throws {
    let run = folder["run"]
    succeeds(try await trainTiny(run, "--task", #"regex:(\,|a)*"#, "--epochs", "3"))
    succeeds(try await extract("--checkpoints", run))
    succeeds(try await extract("train", "--out", run, "--resume", "--epochs", "6"))
    #expect(try checkpointEpochs(run).last == 6)
    let last = try CheckpointFile(
      epoch: 6, path: RunFolder(run).checkpointPath(epoch: 6)
    ).read()
    #expect(last.alphabet?.symbols == [",", "a"])
    succeeds(try await extract("--checkpoints", run))
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

  @Test func `the program says its version, and a run which version began it`() async throws {
    #expect(succeeds(try await extract("--version")) == "\(Release.version)\n")
    succeeds(try await trainTiny(folder["run"], "--epochs", "1"))
    #expect(
      try RunFolder(folder["run"]).configuration()?.program == "extract \(Release.version)")
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

  @Test func `every option of network and optimizer reaches the recipe`() async throws {
    succeeds(
      try await trainTiny(
        folder["run"], "--epochs", "3", "--cell", "lstm", "--layers", "2", "--readout", "step",
        "--init", "orthogonal", "--gain", "0.9", "--start", "0", "--train-start", "--optimizer",
        "rmsprop", "--learning-rate", "0.004", "--momentum", "0.5", "--beta1", "0.8", "--beta2",
        "0.9", "--alpha", "0.95", "--epsilon", "1e-6", "--weight-decay", "0.01", "--clip", "2",
        "--schedule", "step", "--schedule-period", "2", "--schedule-factor", "0.5", "--warm-up",
        "1", "--threads", "2"))
    var expected = Recipe()
    expected.hidden = 8
    expected.maxLength = 4
    expected.validationWords = 10
    expected.epochs = 3
    expected.cell = .lstm
    expected.layers = 2
    expected.readout = .step
    expected.initialization = .orthogonal
    expected.gain = 0.9
    expected.start = 0
    expected.trainsStart = true
    expected.learningRate = 0.004
    expected.optimizer.rule = .rmsprop
    expected.optimizer.momentum = 0.5
    expected.optimizer.beta1 = 0.8
    expected.optimizer.beta2 = 0.9
    expected.optimizer.alpha = 0.95
    expected.optimizer.epsilon = 1e-6
    expected.optimizer.weightDecay = 0.01
    expected.optimizer.clip = 2
    expected.learningRateSchedule.kind = .step
    expected.learningRateSchedule.period = 2
    expected.learningRateSchedule.factor = 0.5
    expected.learningRateSchedule.warmUp = 1
    expected.threads = 2
    #expect(try RunFolder(folder["run"]).configuration()?.recipe == expected)
    // Given again, they are those of the run.
    succeeds(
      try await extract(
        "train", "--out", folder["run"], "--resume", "--optimizer", "rmsprop", "--schedule", "step",
        "--init", "orthogonal", "--cell", "lstm"))
    succeeds(try await extract("--checkpoints", folder["run"], "--validate-lengths", "9"))
  }

  @Test func `a rule, a way to draw weights and a cosine bring their own defaults`() async throws {
    for (options, rate, decay, gain) in [
      (["--optimizer", "adam"], 0.001, 0.0, 0.1), (["--optimizer", "adamw"], 0.001, 0.01, 0.1),
      (["--optimizer", "rmsprop", "--init", "pytorch"], 0.01, 0, 1),
      (["--optimizer", "adamw", "--learning-rate", "0.5", "--weight-decay", "0"], 0.5, 0, 0.1),
      (["--optimizer", "sgd", "--init", "xavier-normal"], 0.02, 0, 0.1),
    ] {
      succeeds(
        try await extract(
          ["train", "--out", folder["run"], "--epochs", "0", "--overwrite"] + tiny + options))
      let recipe = try #require(try RunFolder(folder["run"]).configuration()).recipe
      #expect(recipe.learningRate == rate && recipe.optimizer.weightDecay == decay)
      #expect(recipe.gain == gain)
    }
    succeeds(
      try await trainTiny(
        folder["cosine"], "--epochs", "9", "--warm-up", "2", "--schedule", "cosine"))
    let schedule = try #require(try RunFolder(folder["cosine"]).configuration()).recipe
      .learningRateSchedule
    #expect(schedule.kind == .cosine && schedule.period == 7 && schedule.warmUp == 2)
  }

  @Test func `train has an option for each row of the recipe's table, and no other`() async throws {
    let help = succeeds(try await extract("train", "--help"))
    // One line for each option, however long it is.
    var entries: [String: String] = [:]
    var name = ""
    for line in help.split(separator: "\n") {
      if let match = line.prefixMatch(of: #/  (-h, )?--([a-z0-9-]+)/#) { name = String(match.2) }
      entries[name, default: ""] += " " + line.trimmingCharacters(in: .whitespaces)
    }
    let ownOptions: Set = [
      "task", "task-seed", "alphabet", "out", "resume", "overwrite", "version", "help", "",
    ]
    #expect(Set(entries.keys) == ownOptions.union(RecipeOption.all.map(\.name)))
    for option in RecipeOption.all {
      let entry = try #require(entries[option.name])
      #expect(entry.contains(option.help), "\(entry)")
      if let text = option.defaultText {
        #expect(entry.contains("(default: \(text))"), "\(entry)")
      } else {
        #expect(!entry.contains("(default"), "\(entry)")
      }
      if case .choice(let names) = option.kind {
        #expect(entry.hasSuffix("(values: \(names.joined(separator: ", ")))"), "\(entry)")
      }
    }
    let standard = RunConfiguration.standard
    #expect(entries["task"]?.contains("(default: \(standard.task))") == true)
    #expect(entries["task-seed"]?.contains("(default: \(standard.taskSeed))") == true)
  }

  @Test func `the option of each row of the recipe's table reaches the recipe`() async throws {
    for option in RecipeOption.all {
      let (value, others): (String, [String]) =
        switch option.kind {
        case .flag: ("true", option.name == "nesterov" ? ["--momentum", "0.5"] : [])
        case .whole, .text: ("3", option.name == "max-length" ? [] : ["--max-length", "4"])
        case .number: ("0.5", [])
        case .choice(let names): (names[names.count - 1], [])
        }
      #expect(option.text(in: Recipe()) != value)
      let arguments = option.kind == .flag ? ["--\(option.name)"] : ["--\(option.name)", value]
      let short = option.name == "epochs" ? [] : ["--epochs", "0"]
      succeeds(
        try await extract(
          ["train", "--out", folder["run"], "--overwrite"] + short + others + arguments))
      let recipe = try #require(try RunFolder(folder["run"]).configuration()).recipe
      #expect(option.text(in: recipe) == value, "\(option.name)")
    }
  }

  @Test func `a run of the first version is read and resumed`() async throws {
    succeeds(try await trainTiny(folder["run"], "--epochs", "4", "--checkpoint-every", "2"))
    let checkpoints = try contents(of: folder["run/checkpoints"])
    // What that version wrote.
    try write(
      """
      {
        "recipe" : {
          "batchSize" : 128,
          "epochs" : 4,
          "fraction" : 1,
          "gain" : 0.1,
          "hidden" : 8,
          "isBalanced" : false,
          "learningRate" : 0.02,
          "loss" : "mse",
          "maxLength" : 4,
          "minLength" : 1,
          "nonlinearity" : "relu",
          "schedule" : {
            "every" : {
              "_0" : 2
            }
          },
          "seed" : 1,
          "start" : 1,
          "supervision" : "last",
          "validationLength" : 50,
          "validationWords" : 10,
          "wordsPerLength" : 16384
        },
        "task" : "parity",
        "taskSeed" : 1,
        "version" : 1
      }

      """, to: folder["old/config.json"])
    succeeds(try await extract("train", "--out", folder["old"], "--resume"))
    #expect(differences(try contents(of: folder["old/checkpoints"]), checkpoints) == [])
    // It is not said to be of a version that it is not of.
    #expect(try RunFolder(folder["old"]).configuration()?.program == nil)
    succeeds(try await extract("--checkpoints", folder["old"], "--validate-lengths", "9"))
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
      "--epochs is 3; it must be at least 4, as many as \(folder["run"]) has been trained for "
        + "already."
    )
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
      (["--hidden", "0"], "--hidden is 0; it must be from 1 to 8192."),
      (["--threads", "0"], "--threads is 0; it must be from 1 to 64."),
      (["--layers", "5"], "--layers is 5; it must be from 1 to 4."),
      (["--momentum", "1"], "--momentum is 1; it must be at least 0 and below 1."),
      (
        ["--momentum", "0.9", "--optimizer", "adam"],
        "--momentum is 0.9; it must be 0 where the optimizer is adam."
      ),
      (
        ["--nesterov"],
        "--nesterov is true; it must be false unless the optimizer is sgd and momentum is above 0."
      ),
      (["--beta1", "1"], "--beta1 is 1; it must be at least 0 and below 1."),
      (["--epsilon=-1"], "--epsilon is -1; it must be a finite number of at least 0."),
      (
        ["--weight-decay", "nan"],
        "--weight-decay is nan; it must be a finite number of at least 0."
      ),
      (["--clip", "0"], "--clip is 0; it must be a finite number above 0."),
      (["--warm-up=-1"], "--warm-up is -1; it must be at least 0."),
      (
        ["--schedule", "step"],
        "--schedule is step; it must be given with a schedule-period, the number of epochs from "
          + "step to step."
      ),
      (["--schedule-period", "0"], "--schedule-period is 0; it must be at least 1."),
      (["--gain", "nan"], "--gain is nan; it must be a finite number of at least 0."),
      (["--start", "inf"], "--start is inf; it must be a finite number."),
      (["--learning-rate=-1"], "--learning-rate is -1; it must be a finite number of at least 0."),
      (["--epochs=-1"], "--epochs is -1; it must be at least 0."),
      (["--batch-size", "0"], "--batch-size is 0; it must be at least 1."),
      (["--min-length=-1"], "--min-length is -1; it must be at least 0."),
      (
        ["--min-length", "5", "--max-length", "4"],
        "--max-length is 4; it must be at least 5, the length of the shortest training words."
      ),
      (["--max-length", "10001"], "--max-length is 10001; it must be from 0 to 10000."),
      (["--words-per-length", "0"], "--words-per-length is 0; it must be from 1 to 1048576."),
      (["--fraction", "0"], "--fraction is 0; it must be above 0 and at most 1."),
      (["--fraction", "1.1"], "--fraction is 1.1; it must be above 0 and at most 1."),
      (["--stop-loss=-1"], "--stop-loss is -1; it must be a finite number of at least 0."),
      (["--validation-words", "0"], "--validation-words is 0; it must be at least 1."),
      (["--validation-length", "0"], "--validation-length is 0; it must be at least 1."),
      (["--checkpoint-every", "0"], "--checkpoint-every is 0; it must be at least 1."),
      (
        ["--checkpoint-share", "0"], "--checkpoint-share is 0; it must be a finite number above 0."
      ),
      (
        ["--checkpoint-at-least-every", "0"],
        "--checkpoint-at-least-every is 0; it must be at least 1."
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
    for (options, message) in [
      (["--nonlinearity", "gelu"], "--nonlinearity is gelu; it must be relu or tanh."),
      (["--cell", "rnn"], "--cell is rnn; it must be elman, gru or lstm."),
      (["--hidden", "many"], "--hidden is many; it must be a whole number."),
      (["--hidden", "1e30"], "--hidden is 1e30; it must be a whole number."),
      (["--seed=-1"], "--seed is -1; it must be a whole number of at least 0."),
      (["--gain", "some"], "--gain is some; it must be a number."),
      (["--resume", "--loss", "hinge"], "--loss is hinge; it must be mse or cross-entropy."),
    ] {
      misuses(try await extract(["train", "--out", folder["run"]] + options), message)
    }
    for options in [["--init", "zeros"], ["--colour"], ["--supervise", "some"]] {
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
  @Test func `a run that the disk had no room for goes on and ends with the same bytes`()
    async throws
  {
    let folder = try TemporaryFolder()
    let arguments =
      ["train", "--epochs", "60", "--checkpoint-every", "20", "--hidden", "3", "--max-length", "3"]
    succeeds(try await extract(arguments + ["--out", folder["whole"]]))
    // Room for the settings and the checkpoints, but not for the numbers of so many epochs.
    let outcome = try await extract(arguments + ["--out", folder["run"]], filesUpTo: 4)
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.error
        == "Error: \(folder["run"])/metrics.csv cannot be written: File too large.\n")
    succeeds(try await extract("train", "--out", folder["run"], "--resume"))
    #expect(
      differences(try contents(of: folder["run"]), try contents(of: folder["whole"])).isEmpty)
  }

  @Test(arguments: UInt64(1)...5)
  func `a run that was killed ends with the same bytes as one that was not`(round: UInt64)
    async throws
  {
    let whole = try await uninterruptedRun.value
    try await killAndResume(round, Self.arguments, whole)
  }

  @Test(arguments: UInt64(6)...10)
  func `so does one whose optimizer remembers, and nothing of its memory is left over`(
    round: UInt64
  ) async throws {
    let whole = try await uninterruptedAdam.value
    let memory = try FileManager.default.contentsOfDirectory(atPath: whole["run/optimizer"])
    #expect(memory == ["epoch-000120.safetensors"])
    try await killAndResume(round, Self.adam, whole)
  }

  private func killAndResume(
    _ round: UInt64, _ arguments: (String) -> [String], _ whole: TemporaryFolder
  ) async throws {
    let folder = try TemporaryFolder()
    var generator = SplitMix64(seed: round)
    var begin = arguments(folder["run"])
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

  @Test func `an optimizer's memory that is missing, cut off or of another is named`() async throws
  {
    let folder = try TemporaryFolder()
    succeeds(
      try await trainTiny(folder["run"], "--optimizer", "adam", "--epochs", "3"))
    let path = folder["run/optimizer/epoch-000003.safetensors"]
    let good = try #require(try contents(of: folder["run"])["optimizer/epoch-000003.safetensors"])
    let resume = ["train", "--out", folder["run"], "--resume", "--epochs", "4"]
    try good.dropLast(8).write(to: URL(fileURLWithPath: path))
    let cut = try await extract(resume)
    #expect(cut.status == .exited(1) && cut.error.hasPrefix("Error: \(path): 'exp_avg"))
    var file = try TensorFile(data: good)
    file.tensors["exp_avg.fc.bias"] = nil
    try file.data().write(to: URL(fileURLWithPath: path))
    fails(
      try await extract(resume),
      "\(path): this is not what the optimizer of \(folder["run"])/config.json would have "
        + "remembered.")
    try FileManager.default.removeItem(atPath: path)
    let missing = try await extract(resume)
    #expect(missing.status == .exited(1))
    #expect(missing.error.hasPrefix("Error: \(path) cannot be read: "))
    try good.write(to: URL(fileURLWithPath: path))
    succeeds(try await extract(resume))
  }

  static func adam(_ folder: String) -> [String] {
    [
      "train", "--out", folder, "--hidden", "40", "--cell", "gru", "--layers", "2", "--train-start",
      "--max-length", "6", "--epochs", "120", "--checkpoint-every", "2", "--optimizer", "adam",
      "--clip", "1", "--schedule", "cosine", "--warm-up", "5",
    ]
  }

  static func arguments(_ folder: String) -> [String] {
    [
      "train", "--out", folder, "--hidden", "40", "--max-length", "8", "--epochs", "1000",
      "--checkpoint-every", "2", "--learning-rate", "0.05",
    ]
  }
}

/// Trained once and compared with by all rounds.
private let uninterruptedRun = Task { try await train(InterruptionTests.arguments) }
private let uninterruptedAdam = Task { try await train(InterruptionTests.adam) }

private func train(_ arguments: (String) -> [String]) async throws -> TemporaryFolder {
  let folder = try TemporaryFolder(isShared: true)
  let outcome = try await extract(arguments(folder["run"]))
  try #require(outcome.status == .exited(0), "\(outcome.error)")
  return folder
}
