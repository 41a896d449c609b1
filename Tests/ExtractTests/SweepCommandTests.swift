// `extract sweep`, on grids of cells that take milliseconds.

import Foundation
import RNN
import Testing

/// Cells of a few milliseconds.
private let small = ["--hidden", "6", "--max-length", "4", "--epochs", "20"]

private let columns = [
  "status", "epochs", "train_loss", "validation_accuracy", "long_accuracy", "states", "complete",
  "open_transitions", "equivalent_to_task", "seconds",
]

private func sweep(_ out: String, _ options: String...) async throws -> Outcome {
  try await extract(["sweep", "--out", out] + small + options)
}

/// The table without the time that cells took.
private func rows(_ folder: String) throws -> [[String: String]] {
  try table("\(folder)/cells.csv").rows.map { $0.filter { $0.key != "seconds" } }
}

@Suite struct SweepCommandTests {
  // MARK: The table

  @Test func `a sweep has one row per cell, the axes first and the last of them fastest`()
    async throws
  {
    let folder = try TemporaryFolder()
    succeeds(
      try await sweep(
        folder["s"], "--gain", "0.1:0.5:3", "--fraction", "0.5,1", "--seeds", "2"))
    let cells = try table(folder["s/cells.csv"])
    #expect(cells.header == ["gain", "fraction", "seed"] + columns)
    let places = cells.rows.map { [$0["gain"], $0["fraction"], $0["seed"]] }
    var expected: [[String]] = []
    for gain in ["0.1", "0.3", "0.5"] {
      for fraction in ["0.5", "1"] {
        for seed in ["1", "2"] { expected.append([gain, fraction, seed]) }
      }
    }
    #expect(places == expected)
    #expect(cells.rows.allSatisfy { $0["status"] == "epochs" && $0["epochs"] == "20" })
  }

  @Test func `a cell is trained as extract train trains it and judged as its automaton is`()
    async throws
  {
    let folder = try TemporaryFolder()
    let options = [
      "--hidden", "12", "--max-length", "4", "--loss", "cross-entropy", "--stop-loss", "0.05",
      "--learning-rate", "0.5", "--validation-words", "30", "--validation-length", "100",
    ]
    succeeds(
      try await extract(
        ["sweep", "--out", folder["s"], "--gain", "0.3,0.5", "--epochs", "3000"] + options))
    let cell = try #require(try table(folder["s/cells.csv"]).rows.last)
    #expect(cell["status"] == "done")

    succeeds(
      try await extract(
        ["train", "--out", folder["run"], "--gain", "0.5", "--epochs", "3000"] + options))
    let last = try #require(try table(folder["run/metrics.csv"]).rows.last)
    #expect(cell["epochs"] == last["epoch"])
    #expect(cell["train_loss"] == last["train_loss"])
    #expect(cell["validation_accuracy"] == last["validation_accuracy"])
    succeeds(
      try await extract(
        "--checkpoints", folder["run"], "--merge-distance", "0.1", "--scale", "checkpoint",
        "--validate-lengths", ""))
    let state = try #require(try table(folder["run/automata/states.csv"]).rows.last)
    for name in ["states", "complete", "open_transitions", "equivalent_to_task"] {
      #expect(cell[name] == state[name], "\(name)")
    }
  }

  @Test func `axes are linear, logarithmic or lists, of numbers or of names`() async throws {
    let folder = try TemporaryFolder()
    succeeds(
      try await sweep(
        folder["s"], "--learning-rate=0.001:0.1:3:log", "--task", "parity,tomita-1", "--seed",
        "4:5:2"))
    let cells = try rows(folder["s"])
    #expect(
      cells.map { $0["learning-rate"] }
        == ["0.001", "0.01", "0.1"].flatMap { Array(repeating: $0, count: 4) })
    #expect(cells.prefix(4).map { $0["task"] } == ["parity", "parity", "tomita-1", "tomita-1"])
    #expect(cells.prefix(2).map { $0["seed"] } == ["4", "5"])
  }

  @Test func `cells, optimizers and other choices are axes`() async throws {
    let folder = try TemporaryFolder()
    for (option, names) in [
      ("cell", ["elman", "gru", "lstm"]), ("optimizer", ["sgd", "adam"]),
      ("nonlinearity", ["relu", "tanh"]), ("loss", ["mse", "cross-entropy"]),
      ("supervise", ["last", "every"]),
    ] {
      let out = folder[option]
      succeeds(
        try await sweep(out, "--\(option)", names.joined(separator: ","), "--gain", "0.5"))
      let cells = try rows(out)
      #expect(cells.map { $0[option] } == names)
      #expect(cells.allSatisfy { $0["status"] == "epochs" })
      #expect(Set(cells.map { $0["train_loss"] }).count == names.count, "\(option)")
      #expect(
        try text("\(out)/sweep.json").contains("\"option\" : \"\(option)\""))
    }
    // What a cell of an axis was trained as is what `train` makes of the option.
    let cell = try rows(folder["cell"])[1]
    succeeds(
      try await extract(
        [
          "train", "--out", folder["run"], "--cell", "gru", "--gain", "0.5", "--loss",
          "cross-entropy", "--stop-loss", "0.001",
        ] + small))
    #expect(try table(folder["run/metrics.csv"]).rows.last?["train_loss"] == cell["train_loss"])
  }

  @Test func `no option of the sweep itself stands before one of train's`() async throws {
    // Hidden ones too.
    let dump = succeeds(try await extract("sweep", "--experimental-dump-help"))
    let names = dump.matches(of: /"name" : "([a-z0-9-]+)"/).map { String($0.1) }
    #expect(names.contains("run-cell") && names.contains("worker"))
    let settings = RecipeOption.all.map(\.name) + ["task", "task-seed", "alphabet"]
    #expect(Set(names).intersection(settings) == [])
  }

  @Test func `flags, and whole numbers that round, are settings of cells`() async throws {
    let folder = try TemporaryFolder()
    succeeds(
      try await sweep(
        folder["s"], "--batch-size", "1:4:3", "--nesterov", "--momentum=0.5", "--init", "orthogonal"
      ))
    #expect(try rows(folder["s"]).map { $0["batch-size"] } == ["1", "3", "4"])
    #expect(try text(folder["s/sweep.json"]).contains("\"--nesterov\","))
  }

  @Test func `the settings of an earlier version's sweep are those of the same command`()
    async throws
  {
    let folder = try TemporaryFolder()
    // What that version wrote.
    try write(
      """
      {
        "axes" : [
          {
            "option" : "gain",
            "values" : [
              "0.1",
              "0.2"
            ]
          }
        ],
        "longLength" : 1000,
        "longWords" : 30,
        "mergeDistance" : 0.1,
        "options" : [
          "--hidden",
          "6",
          "--max-length",
          "4",
          "--epochs",
          "20",
          "--balance",
          "--loss",
          "cross-entropy",
          "--stop-loss",
          "0.001",
          "--validation-words",
          "30",
          "--validation-length",
          "100"
        ],
        "version" : 1
      }

      """, to: folder["s/sweep.json"])
    let before = try text(folder["s/sweep.json"])
    succeeds(try await sweep(folder["s"], "--balance", "--gain", "0.1:0.2:2"))
    #expect(try text(folder["s/sweep.json"]) == before)
    #expect(try rows(folder["s"]).count == 2)
    // One that was changed by hand to more cells than there are numbers.
    let values = (1...3000).map { "\"\($0)\"" }.joined(separator: ",")
    let axis = "{\"option\":\"seed\",\"values\":[\(values)]}"
    let axes = Array(repeating: axis, count: 6).joined(separator: ",")
    try write(
      "{\"axes\":[\(axes)],\"longLength\":1,\"longWords\":1,\"mergeDistance\":1,\"options\":[],"
        + "\"version\":1}", to: folder["t/sweep.json"])
    fails(
      try await extract("sweep", "--out", folder["t"], "--run-cell", "0"),
      "\(folder["t"])/sweep.json holds no settings of a sweep of version 1. Was it changed by hand?"
    )
  }

  // MARK: Robustness

  @Test func `a cell that diverges is recorded and does not stop the others`() async throws {
    let folder = try TemporaryFolder()
    succeeds(try await sweep(folder["s"], "--learning-rate", "0.1,1e30", "--gain", "0.1,0.2"))
    let cells = try rows(folder["s"])
    #expect(cells.map { $0["status"] } == ["epochs", "epochs", "diverged", "diverged"])
    #expect(cells[2]["states"] == "" && cells[2]["epochs"] == "1")
    #expect(
      try text(folder["s/failures.csv"]).contains(
        "2,1e30,0.1,diverged,training diverged in epoch 1: a loss or a weight is no longer a finite"
      ))
  }

  @Test func `a network whose units are all silent is not trained to the last epoch`() async throws
  {
    let folder = try TemporaryFolder()
    succeeds(
      try await extract(
        "sweep", "--out", folder["s"], "--hidden", "4", "--max-length", "3", "--gain", "0,0.5",
        "--epochs", "1500", "--start", "0"))
    let cells = try rows(folder["s"])
    // Weights and biases of 0 and a start of 0: nothing to begin with.
    #expect(cells[0]["status"] == "dead" && cells[0]["epochs"] == "1001")
    #expect(cells[0]["states"] == "1" && cells[0]["equivalent_to_task"] == "false")
    #expect(cells[1]["status"] == "epochs" && cells[1]["epochs"] == "1500")
    #expect(try text(folder["s/failures.csv"]).contains("every hidden unit is 0 after every word"))
  }

  @Test func `a cell whose loss finds no new minimum is given up only if --patience says so`()
    async throws
  {
    let folder = try TemporaryFolder()
    // Nothing is learnt without steps: the loss is least at once.
    let options = ["--learning-rate", "0", "--gain", "0.1,0.2"]
    succeeds(try await extract(["sweep", "--out", folder["all"]] + small + options))
    #expect(try rows(folder["all"]).map { $0["status"] } == ["epochs", "epochs"])
    let said = succeeds(
      try await extract(
        ["sweep", "--out", folder["some"], "--patience", "7"] + small + options))
    #expect(said.contains("0 ran out of epochs, 2 stalled"))
    let cells = try rows(folder["some"])
    #expect(cells.map { $0["status"] } == ["stalled", "stalled"])
    #expect(cells.map { $0["epochs"] } == ["7", "7"])
    #expect(cells[0]["states"] != "" && cells[0]["validation_accuracy"] != "")
    #expect(try text(folder["some/failures.csv"]).contains("after epoch 0."))
    fails(
      try await extract(["sweep", "--out", folder["some"]] + small + options),
      "\(folder["some"]) holds another sweep, with other axes or options "
        + "(\(folder["some"])/sweep.json). Give the same ones to go on with it, or choose another "
        + "folder with --out.")
  }

  @Test func `a cell whose gradient explodes but stays finite says so`() async throws {
    let folder = try TemporaryFolder()
    succeeds(
      try await sweep(
        folder["s"], "--learning-rate", "0.1,1e9", "--gain", "0.1", "--nonlinearity", "tanh"))
    let cells = try rows(folder["s"])
    #expect(cells.map { $0["status"] } == ["epochs", "epochs"])
    let failures = try text(folder["s/failures.csv"]).split(separator: "\n")
    #expect(failures.count == 3)
    #expect(!failures[1].contains("exploded"))
    #expect(
      failures[2].contains(
        "A gradient exploded in epoch 1: since then there are weights beyond 2^24, which no usual "
          + "step moves."))
  }

  @Test func `a cell whose process fails is recorded with its message, and run again with --retry`()
    async throws
  {
    let folder = try TemporaryFolder()
    let machine = folder["m.dot"]
    succeeds(try await extract("convert", "parity", machine))
    let task = ["--task", "parity,machine:\(machine)"]
    let arguments = ["sweep", "--out", folder["s"]] + small + task
    #expect(succeeds(try await extract(arguments + ["--plan"])).split(separator: "\n").count == 2)
    // What the sweep is about vanishes while it runs: here, between its check and the cell.
    let settings = folder["s/sweep.json"]
    let good = try text(settings)
    try write(good.replacing("m.dot", with: "gone.dot"), to: settings)
    let cell = try await extract("sweep", "--out", folder["s"], "--run-cell", "1", "--report")
    #expect(cell.status == .exited(1))
    #expect(cell.error.contains("gone.dot cannot be read"))
    try write(good, to: settings)

    try write(
      #"{"cell":1,"message":"it fell","status":"crashed","values":["machine:\#(machine)"]}"# + "\n",
      to: folder["s/cells/000/000001.json"])
    succeeds(try await extract(arguments))
    #expect(try rows(folder["s"]).map { $0["status"] } == ["epochs", "crashed"])
    #expect(try text(folder["s/failures.csv"]).contains("crashed,it fell"))
    succeeds(try await extract(arguments + ["--retry"]))
    #expect(try rows(folder["s"]).map { $0["status"] } == ["epochs", "epochs"])
  }

  @Test func `a killed sweep goes on where it was and ends with the same table`() async throws {
    let folder = try TemporaryFolder()
    let arguments =
      ["--hidden", "16", "--max-length", "7", "--epochs", "1000", "--gain", "0.1:1:12"]
    // Killed later and later, until some cells are done, and not all.
    var done: [String: Data] = [:]
    var milliseconds = 200
    while done.isEmpty {
      let wasKilled = try await extract(
        ["sweep", "--out", folder["killed"], "--jobs", "2"] + arguments,
        killedAfter: milliseconds)
      try #require(wasKilled, "it was done before any cell was seen")
      milliseconds += milliseconds / 4
      guard FileManager.default.fileExists(atPath: folder["killed/cells"]) else { continue }
      done = try contents(of: folder["killed"]).filter {
        $0.key.hasPrefix("cells/") && $0.key.hasSuffix(".json")
      }
    }
    #expect(done.count < 12)
    succeeds(try await extract(["sweep", "--out", folder["killed"]] + arguments))
    succeeds(try await extract(["sweep", "--out", folder["whole"]] + arguments))
    #expect(try rows(folder["killed"]) == rows(folder["whole"]))
    // What was done before was not done again.
    let now = try contents(of: folder["killed"])
    #expect(done.allSatisfy { now[$0.key] == $0.value })
  }

  @Test func `a sweep whose program is removed goes on with the one that it was begun with`()
    async throws
  {
    let folder = try TemporaryFolder()
    let arguments = ["sweep", "--out", folder["s"], "--gain", "0.1:1:40", "--jobs", "1"] + small
    succeeds(try await extractRemoved(arguments, copy: folder["program"], once: folder["s/cells"]))
    #expect(!FileManager.default.fileExists(atPath: folder["program"]))
    #expect(try rows(folder["s"]).allSatisfy { $0["status"] == "epochs" })
  }

  @Test func `half a line of a killed task counts for nothing, and a cell done twice counts once`()
    async throws
  {
    let folder = try TemporaryFolder()
    succeeds(try await sweep(folder["s"], "--gain", "0.1,0.2,0.3"))
    let whole = try rows(folder["s"])
    let line = try text(folder["s/cells/000/000001.json"])
    try FileManager.default.removeItem(atPath: folder["s/cells/000/000002.json"])
    try write(line + line.dropLast(30), to: folder["s/tasks/000/7_0.jsonl"])
    succeeds(try await sweep(folder["s"], "--gain", "0.1,0.2,0.3"))
    #expect(try rows(folder["s"]) == whole)
  }

  @Test func `the command lines of --plan make the sweep that would have been run`() async throws {
    let folder = try TemporaryFolder()
    let options = ["--gain", "0.1,0.2", "--fraction", "0.5,1"]
    let plan = succeeds(
      try await extract(["sweep", "--out", folder["planned"], "--plan"] + small + options))
    let lines = plan.split(separator: "\n")
    #expect(lines.count == 4)
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      succeeds(try await extract(Array(words.dropFirst())))
    }
    let again = try await extract(
      ["sweep", "--out", folder["planned"], "--plan"] + small + options)
    #expect(succeeds(again) == "")
    succeeds(try await extract(["sweep", "--out", folder["planned"]] + small + options))
    succeeds(try await extract(["sweep", "--out", folder["run"]] + small + options))
    #expect(try rows(folder["planned"]) == rows(folder["run"]))
  }

  @Test func `--dry-run says how many cells and how long, and leaves nothing`() async throws {
    let folder = try TemporaryFolder()
    let said = succeeds(
      try await sweep(folder["s"], "--gain", "0.1:1:20", "--fraction", "0.1:1:20", "--dry-run"))
    #expect(said.hasPrefix("400 cells (gain 20 × fraction 20), 0 of them done\n"))
    #expect(said.contains("roughly"))
    #expect(!FileManager.default.fileExists(atPath: folder["s"]))
  }

  // MARK: A full disk

  @Test func `where the table has no room the cells are kept, and the sweep goes on from them`()
    async throws
  {
    let folder = try TemporaryFolder()
    let arguments =
      ["sweep", "--out", folder["s"], "--gain", "0.1:1:5", "--fraction", "0.5:1:6"] + small
    // Room for the settings and for every cell, but not for the table of all.
    fails(
      try await extract(arguments, filesUpTo: 3),
      "\(folder["s"])/cells.csv cannot be written: File too large.")
    let before = try contents(of: folder["s"])
    #expect(before.count == 31)
    succeeds(try await extract(arguments))
    let after = try contents(of: folder["s"])
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(try rows(folder["s"]).count == 30)
  }

  @Test func `where a cell has no room the sweep stops with one sentence and goes on later`()
    async throws
  {
    let folder = try TemporaryFolder()
    let arguments = ["sweep", "--out", folder["s"], "--gain", "0.1,0.2", "--jobs", "2"] + small
    succeeds(try await extract(arguments + ["--plan"]))
    let outcome = try await extract(arguments, filesUpTo: 0)
    #expect(outcome.status == .exited(1))
    #expect(outcome.error.hasPrefix("Error: \(folder["s"])/cells/000/00000"))
    #expect(outcome.error.hasSuffix(".json cannot be written: File too large.\n"))
    #expect(outcome.error.count { $0 == "\n" } == 1)
    // Nothing half written is left behind.
    #expect(try contents(of: folder["s"]).keys.sorted() == ["sweep.json"])
    succeeds(try await extract(arguments))
    #expect(try rows(folder["s"]).count == 2)
  }

  @Test func `where a task's file has no room its whole lines count, and the task goes on later`()
    async throws
  {
    let folder = try TemporaryFolder()
    let arguments = ["sweep", "--out", folder["s"], "--gain", "0.1:1:6"] + small
    succeeds(try await extract(arguments + ["--plan"]))
    try write("0 1 2 3 4 5\n", to: folder["list"])
    let task = ["env", "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=0"]
    let worker = ["sweep", "--out", folder["s"], "--worker", folder["list"]]
    // Room for some of six lines.
    let outcome = try await extract(worker, filesUpTo: 2, through: task)
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.error
        == "Error: \(folder["s"])/tasks/000/7_0.jsonl cannot be written: it is full.\n")
    let whole = try text(folder["s/tasks/000/7_0.jsonl"]).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast()
    #expect(1...5 ~= whole.count)
    succeeds(try await extract(worker, filesUpTo: 100, through: task))
    #expect(try text(folder["s/tasks/000/7_0.jsonl"]).hasPrefix(whole.joined(separator: "\n")))
    succeeds(try await extract(arguments))
    #expect(try rows(folder["s"]).map { $0["status"] } == Array(repeating: "epochs", count: 6))
    #expect(!FileManager.default.fileExists(atPath: folder["s/cells"]))
  }

  // MARK: Figures

  @Test func `a sweep over gain and fraction is drawn with its data`() async throws {
    let folder = try TemporaryFolder()
    let said = succeeds(
      try await sweep(folder["s"], "--gain", "0.1:1:3", "--fraction", "0.2:1:3", "--seeds", "2"))
    #expect(said.contains("phase-diagram.svg: Validation accuracy and number of states"))
    let data = try table(folder["s/figures/phase-diagram.csv"])
    #expect(data.rows.count == 9)
    let cells = try rows(folder["s"])
    let states = cells.prefix(2).compactMap { $0["states"].flatMap(Double.init) }
    #expect(data.rows[0]["states"].flatMap(Double.init) == states.reduce(0, +) / 2)
    #expect(try text(folder["s/figures/phase-diagram.gp"]).contains("phase-diagram-boundary.csv"))
  }

  @Test func `the boundary and its law are found in made-up results, odd cells notwithstanding`()
    async throws
  {
    let folder = try TemporaryFolder()
    let axes = ["--gain", "0.1:1:10", "--fraction", "0.02:1:50"]
    succeeds(try await extract(["sweep", "--out", folder["s"], "--plan"] + small + axes))
    // Accuracy passes 0.75 where the fraction is 0.5 gain^0.5, but for a network that was not learnt
    // high above and one that was right by luck far below.
    var lines = ""
    for cell in 0..<500 {
      let gain = 0.1 * Double(cell / 50 + 1)
      let fraction = 0.02 * Double(cell % 50 + 1)
      var accuracy = min(1, max(0.5, 0.75 + 5 * (fraction - 0.5 * gain.squareRoot())))
      let isLost = cell == 45
      if isLost { accuracy = 0.5 }
      if cell == 452 { accuracy = 1 }
      lines += #"{"cell":\#(cell),"status":"\#(isLost ? "epochs" : "done")","states":9,"#
      lines += #""validationAccuracy":\#(accuracy),"values":["\#(short(gain))","#
      lines += #""\#(short(fraction))"]}"# + "\n"
    }
    try write(lines, to: folder["s/tasks/000/1_0.jsonl"])
    let said = succeeds(try await extract(["sweep", "--out", folder["s"]] + small + axes))
    #expect(said.contains("500 cells, 499 trained to the loss asked for, 1 ran out of epochs"))
    let law = try #require(said.firstMatch(of: /fraction = ([0-9.]+) · gain\^([0-9.]+), which/))
    #expect(abs(try #require(Double(law.1)) - 0.5) <= 0.01)
    #expect(abs(try #require(Double(law.2)) - 0.5) <= 0.01)
    #expect(
      try table(folder["s/figures/phase-diagram-unlearnt.csv"]).rows
        == [["gain": "0.1", "fraction": "0.92"]])
  }

  /// A number as an axis writes it.
  private func short(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == 1 ? "1" : "\(rounded)"
  }

  // MARK: SLURM

  /// A scheduler of shell scripts that runs tasks at once and loses the second task of its first job.
  private func scheduler(_ folder: TemporaryFolder) throws -> [String: String] {
    let scripts = [
      "sbatch": """
      for word in "$@"; do
        case $word in --array=*) range=${word#--array=} ;; esac
        script=$word
      done
      echo "$@" >> '\(folder["sbatch.log"])'
      job=$(wc -l < '\(folder["sbatch.log"])')
      last=${range#0-}
      for task in $(seq 0 "${last%%%*}"); do
        [ "$job.$task" = 1.1 ] ||
          SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$task sh "$script" >&2
      done
      echo "$job"
      """,
      "squeue": "exit 0", "scontrol": "echo 'MaxArraySize            = 3'",
      "sacct": "echo NODE_FAIL",
    ]
    for (name, script) in scripts {
      let path = folder["bin/\(name)"]
      try write("#!/bin/sh\n\(script)\n", to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return ["PATH": "\(folder["bin"]):\(path)"]
  }

  @Test
  func `lost tasks are submitted again until every cell is there, as it is without a cluster`()
    async throws
  {
    let folder = try TemporaryFolder()
    let environment = try scheduler(folder)
    let axes = ["--gain", "0.1:0.7:7"]
    let options = [
      "--engine", "slurm", "--poll", "0.01", "--cells-per-task", "2", "--time", "10", "--mem", "1G",
      "--partition", "p", "--array-limit", "5", "--sbatch-option", "--account=a",
    ]
    succeeds(
      try await extract(
        ["sweep", "--out", folder["s"]] + small + axes + options, environment: environment))
    succeeds(try await sweep(folder["local"], "--gain", "0.1:0.7:7"))
    #expect(try rows(folder["s"]) == rows(folder["local"]))
    let calls = try text(folder["sbatch.log"]).split(separator: "\n")
    // Seven cells are four tasks, of which three fit into an array; then the fourth and the lost one.
    #expect(calls.count == 2)
    #expect(calls[0].contains("--array=0-2%5 ") && calls[1].contains("--array=0-1%5 "))
    #expect(calls[0].contains("--time=10 --mem=1G --partition=p --account=a "))
  }

  @Test func `cells whose tasks are lost again and again are recorded as crashed`() async throws {
    let folder = try TemporaryFolder()
    let environment = try scheduler(folder)
    let outcome = try await extract(
      ["sweep", "--out", folder["s"], "--gain", "0.1,0.2"] + small + [
        "--engine", "slurm", "--poll", "0.01", "--resubmit", "0",
      ], environment: environment)
    succeeds(outcome)
    #expect(try rows(folder["s"]).count { $0["status"] == "crashed" } == 1)
    #expect(
      try text(folder["s/failures.csv"]).contains(
        "its tasks, 1 in all, ended without a result, the last time 1_1 (NODE_FAIL)."))
  }

  @Test func `a scheduler that refuses is quoted`() async throws {
    let folder = try TemporaryFolder()
    let environment = try scheduler(folder)
    try write(
      "#!/bin/sh\necho 'sbatch: error: invalid partition specified: x' >&2\nexit 1\n",
      to: folder["bin/sbatch"])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder["bin/sbatch"])
    fails(
      try await extract(
        ["sweep", "--out", folder["s"], "--gain", "0.1,0.2", "--engine", "slurm"] + small,
        environment: environment),
      "sbatch refused the job: invalid partition specified: x. What is done is kept; give the "
        + "command again with other options to go on.")
  }

  // MARK: Bad input

  @Test(arguments: [
    (["--gain", "0.1:1:0"], "--gain 0.1:1:0 is an empty axis; its count must be at least 1."),
    (
      ["--gain", "1:0.1:4"],
      "--gain 1:0.1:4 runs backwards; its first value must be below the last. Try 0.1:1:4."
    ),
    (["--gain", "0.1,x"], "--gain 0.1,x: 'x' is not a number."),
    (["--gain", "0.1,,1"], "--gain 0.1,,1: a value of the list is empty."),
    (
      ["--gain", "a:1:4"],
      "--gain a:1:4: 'a' is not a number; it must be first:last:count, such as 0.1:1:20, "
        + "first:last:count:log, or a list such as 0.1,0.2."
    ),
    (
      ["--gain", "0:1:4:log"], "--gain 0:1:4:log: the values of a logarithmic axis must be above 0."
    ),
    (
      ["--hidden", "1:3:9"],
      "--hidden 1:3:9: the value 1 comes up twice; every cell must be another one. Try fewer values."
    ),
    (
      ["--gain", "0.5"],
      "A sweep has one to three axes, but 0 were given. Try --gain 0.1:1:20 --fraction 0.1:1:20 "
        + "--seeds 1."
    ),
    (["--fraction", "0.5,2"], "--fraction is 2; it must be above 0 and at most 1."),
    (
      ["--bogus", "1,2"],
      "Unknown option '--bogus'; `extract sweep` takes its own options and those of `extract train`."
    ),
    (["--hidden", "1:1e30:3"], "--hidden 1:1e30:3: 5e+29 is too large for a whole number."),
    (["--hidden", "20,50.5"], "--hidden is 50.5; it must be a whole number."),
    (
      ["--gain=-1e308:1e308:3"],
      "--gain -1e308:1e308:3 is too wide; its values must be closer together."
    ),
    (
      ["--gain", "0.1:1:2000000"],
      "--gain 0.1:1:2000000 has 2000000 values; an axis must have at most 1000000."
    ),
    (["--seeds", "100000000000"], "--seeds is 100000000000; it must be from 1 to 1000000."),
    (["--seeds", "0"], "--seeds is 0; it must be from 1 to 1000000."),
    (
      ["--gain", "0.1:1:1000000", "--fraction", "0.1:1:1000000", "--seeds", "1000000"],
      "The axes make more than 10000000 cells; try coarser ones."
    ),
    (["--cell", "elman,rnn"], "--cell is rnn; it must be elman, gru or lstm."),
    (["--nesterov=1"], "--nesterov is 1; it must be without a value."),
    (["--gain"], "--gain is empty; it must be a value, or several, such as 0.1:1:20 or 0.1,0.2."),
    (["--gain", "1,2", "--gain", "3"], "--gain is given twice."),
    (
      ["--checkpoint-every", "3"],
      "--checkpoint-every is no option of a sweep. Cells keep no checkpoints."
    ),
    (
      ["--resume"],
      "--resume is no option of a sweep. A sweep that is begun again goes on by itself."
    ),
    (["--seed", "1,2", "--seeds", "2"], "--seed and --seeds exclude each other."),
  ])
  func `a bad axis is wrong usage, and nothing is begun`(
    options: [String], message: String
  ) async throws {
    let folder = try TemporaryFolder()
    misuses(try await extract(["sweep", "--out", folder["s"]] + options), message)
    #expect(!FileManager.default.fileExists(atPath: folder["s"]))
  }

  @Test func `the folder of another sweep, or of a run, is left alone`() async throws {
    let folder = try TemporaryFolder()
    succeeds(try await sweep(folder["s"], "--gain", "0.1,0.2"))
    let before = try contents(of: folder["s"])
    fails(
      try await sweep(folder["s"], "--gain", "0.1,0.3"),
      "\(folder["s"]) holds another sweep, with other axes or options (\(folder["s"])/sweep.json). "
        + "Give the same ones to go on with it, or choose another folder with --out.")
    #expect(differences(before, try contents(of: folder["s"])).isEmpty)
    succeeds(try await trainTiny(folder["run"], "--epochs", "1"))
    let outcome = try await sweep(folder["run"], "--gain", "0.1,0.2")
    #expect(outcome.error.contains("is not empty and holds no sweep"))
  }
}
