// `extract sweep`: a phase diagram, one cell of a grid at a time.

import ArgumentParser
import Automata
import Figures
import Foundation
import Processes
import RNN
import Studies
import Sweeps

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train over a grid of settings, here or on a SLURM cluster: phase diagrams.",
    discussion: """
      Every option of `extract train` may be given; up to three of them as axes: 0.1:1:20 are \
      twenty values from 0.1 to 1, 0.001:1:10:log ten in equal ratios, 0.1,0.2,0.5 those three.

        extract sweep --task parity --gain 0.1:1:20 --fraction 0.1:1:20 --seeds 1 --out sweep

      Unless told otherwise, cells are trained as the paper's for its phase diagram: \
      \(SweepSettings.defaults.map { "--\($0) \($1)" }.joined(separator: " ")). cells.csv has a \
      row for each; a sweep that was interrupted goes on when the same command is given again.
      """)

  @Option(help: ArgumentHelp("The folder of the sweep.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("Run seeds 1 to this: an axis of its own.", valueName: "count"))
  var seeds: Int?

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Options of `extract train`, up to three of them axes.", valueName: "option")
  )
  var trainOptions: [String] = []

  @Option(
    help: ArgumentHelp(
      "Representations closer than this, in units of the last checkpoint's scale, are one state.",
      valueName: "share"))
  var mergeDistance = 0.1

  @Option(help: ArgumentHelp("Length of the long words.", valueName: "length"))
  var longLength = 1000

  @Option(help: ArgumentHelp("Number of long words.", valueName: "count"))
  var longWords = 30

  @Option(
    help: ArgumentHelp(
      "Stop a cell whose training loss has not reached a new minimum for this many epochs. "
        + "(default: never)",
      valueName: "epochs"))
  var patience: Int?

  @Flag(help: "Run crashed cells again.")
  var retry = false

  @Flag(help: "Say how many cells there are and roughly how long they take, and run none to keep.")
  var dryRun = false

  @Flag(help: "Print a command line for each cell that is to be run, and run none.")
  var plan = false

  @Option(help: "Where to run: local, or slurm.")
  var engine = SweepEngine.local

  @Option(
    help: ArgumentHelp("Cells at a time, locally. (default: the cores)", valueName: "count"))
  var jobs: Int?

  @OptionGroup(title: "SLURM")
  var slurm: SlurmOptions

  // What a sweep gives to its own processes. No name of an option of `train` may be among them.
  @Option(help: .hidden) var runCell: Int?
  @Flag(help: .hidden) var report = false
  @Option(help: .hidden) var worker: String?

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); it must be at least 1.") }
    guard mergeDistance.isFinite, mergeDistance >= 0 else {
      throw ValidationError(
        "--merge-distance is \(mergeDistance); it must be a finite number of at least 0.")
    }
    if let patience, patience < 1 {
      throw ValidationError("--patience is \(patience); it must be at least 1.")
    }
    for (name, value) in [("long-length", longLength), ("long-words", longWords)] where value < 1 {
      throw ValidationError("--\(name) is \(value); it must be at least 1.")
    }
    // A cell's settings lie in the folder.
    if runCell == nil, worker == nil { _ = try settings() }
  }

  func run() throws {
    let folder = SweepFolder(out)
    if let runCell { return try run(cell: runCell, folder) }
    if let worker {
      return try SlurmTask(folder: folder, list: worker, program: Self.program).run()
    }
    let settings = try settings()
    if dryRun {
      let estimate = SweepEstimate(settings: settings, folder: folder, jobs: jobCount)
      for line in try estimate.lines() { print(line) }
      return
    }
    try folder.begin(settings)
    if retry { try folder.forgetCrashes() }
    var results = try folder.results(settings)
    let left = settings.order().filter { results[$0] == nil }
    if plan {
      for cell in left {
        let program = ShellWord.quoted(SweepProgram.path)
        print("\(program) sweep --out \(ShellWord.quoted(folder.path)) --run-cell \(cell)")
      }
      return
    }
    let bar = ProgressBar(total: settings.cellCount, first: settings.cellCount - left.count)
    defer {
      bar.finish()
    }
    do {
      switch engine {
      case .local:
        let engine = LocalEngine(
          folder: folder, settings: settings, program: Self.program, jobs: jobCount)
        var done = settings.cellCount - left.count
        bar.update(done, "")
        try engine.run(left) { result in
          try folder.save(result)
          results[result.cell] = result
          done += 1
          bar.update(
            done,
            zip(settings.axes, result.values).map { "\($0.option) \($1)" }
              .joined(separator: " ") + " \(result.status.rawValue)")
        }
      case .slurm:
        try SlurmEngine(
          folder: folder, settings: settings, options: slurm.settings, program: Self.program
        ).run { done in
          bar.update(done, "on the cluster")
        }
        results = try folder.results(settings)
      }
    } catch {
      // What is done is worth a table, if the disk still takes one.
      try? folder.collect(settings, folder.results(settings))
      throw error
    }
    try folder.collect(settings, results)
    bar.finish()
    try summarize(settings, results.compactMap(\.self), folder)
  }

  /// How this program is told to do a part of a sweep.
  private static let program = SweepProgram(
    cell: { ["sweep", "--run-cell", "\($0)", "--out", $1, "--report"] },
    task: { ["sweep", "--out", $1, "--worker", $0] })

  private var jobCount: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  private func settings() throws -> SweepSettings {
    do {
      return try typed {
        try SweepSettings(
          try trainSettings(), seeds: seeds, mergeDistance: mergeDistance, longLength: longLength,
          longWords: longWords, patience: patience)
      }
    } catch let error as RecipeError {
      throw ValidationError(error.commandLineText)
    } catch let error as SweepSettingsError {
      switch error {
      case .setting: throw ValidationError("--\(error)")
      case .axisCount:
        throw ValidationError(
          "\(error) Try --gain 0.1:1:20 --fraction 0.1:1:20 --seeds 1.")
      case .tooManyCells: throw ValidationError("\(error)")
      }
    }
  }

  /// Options of `train` that make no sense here, and why.
  private static let refused = [
    "resume": "A sweep that is begun again goes on by itself.",
    "overwrite": "Remove the folder, or choose another with --out.",
  ]

  /// The options of `train` on the command line, by name; a flag is "true".
  private func trainSettings() throws -> [(name: String, text: String)] {
    var settings: [(name: String, text: String)] = []
    var rest = trainOptions[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument.count > 2 else {
        throw ValidationError("Unexpected argument '\(argument)'.")
      }
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if let reason = Self.refused[name] {
        throw ValidationError("--\(name) is no option of a sweep. \(reason)")
      }
      guard let kind = RunConfiguration.kind(ofSetting: name) else {
        throw ValidationError(
          "Unknown option '--\(name)'; `extract sweep` takes its own options and those of "
            + "`extract train`.")
      }
      guard kind != .flag else {
        guard parts.count == 1 else {
          throw ValidationError("--\(name) is \(parts[1]); it must be without a value.")
        }
        settings.append((name, "true"))
        continue
      }
      guard let text = parts.count > 1 ? String(parts[1]) : rest.popFirst(), !text.isEmpty else {
        throw ValidationError(
          "--\(name) is empty; it must be a value, or several, such as 0.1:1:20 or 0.1,0.2.")
      }
      settings.append((name, text))
    }
    if seeds != nil, settings.contains(where: { $0.name == "seed" }) {
      throw ValidationError("--seed and --seeds exclude each other.")
    }
    return settings
  }

  /// One cell, in this process.
  private func run(cell: Int, _ folder: SweepFolder) throws {
    let settings = try folder.settings()
    guard 0..<settings.cellCount ~= cell else {
      throw SweepError.noCell(folder.path, cell: cell, count: settings.cellCount)
    }
    var training = CellTraining(settings: settings)
    if report {
      // Whoever waits for the report may be gone; then nobody needs it.
      let parent = getppid()
      training.isGivenUp = { getppid() != parent }
    }
    guard let result = try training.result(of: cell) else { throw ExitCode(1) }
    if report { print(result.line) } else { try folder.save(result) }
  }

  private func summarize(
    _ settings: SweepSettings, _ results: [CellResult], _ folder: SweepFolder
  ) throws {
    func count(_ status: CellStatus) -> Int { results.count { $0.status == status } }
    let seconds = results.compactMap(\.seconds).reduce(0, +)
    print(
      """
      \(folder.tablePath): \(counted(settings.cellCount, "cell")), \(count(.done)) trained to the \
      loss asked for, \(count(.epochs)) ran out of epochs, \(count(.stalled)) stalled, \
      \(count(.dead)) died, \(count(.diverged)) diverged, \
      \(count(.crashed)) crashed; \(seconds.brief) s of one core in all
      """)
    if results.contains(where: { $0.message != nil }) {
      print("What went wrong with which cell: \(folder.failuresPath)")
    }
    if count(.crashed) > 0 { print("Run crashed cells again with --retry.") }
    let figures = SweepFigures(settings: settings, results: results)
    let target = FigureFolder("\(folder.path)/figures", formats: [])
    try target.write(
      figures.all, title: "Sweep \(folder.path)", introduction: figures.introduction, { _ in })
    for case .leftOut(let name, let reason) in figures.all {
      print("\(name) is left out: \(reason).")
    }
    for case .drawn(let plot) in figures.all {
      print("\(target.path)/\(plot.name).svg: \(plot.caption)")
    }
    if !target.canDraw { print(FigureFolder.advice) }
  }
}

/// Where cells are run.
enum SweepEngine: String, CaseIterable, ExpressibleByArgument {
  case local, slurm
}
