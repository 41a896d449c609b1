// The cells of a sweep on a SLURM cluster: job arrays, followed until every cell has a result.

internal import Files
internal import Processes
internal import Foundation
internal import RNN
internal import Tasks

/// Submits cells in rounds: a round is one job array, and what it leaves undone is the next one's.
///
///     submissions/001.txt   the cells of each task, a line per task
///     submissions/001.sh    what was submitted
///     submissions/001.job   the number of the job
///     submissions/001/      what the tasks complained of
public struct SlurmEngine {
  let folder: SweepFolder
  let settings: SweepSettings
  let options: SlurmSettings
  let program: SweepProgram
  private let scheduler = Scheduler()

  /// - Parameters:
  ///   - folder: The sweep's, which all machines of the cluster see.
  ///   - settings: The sweep.
  ///   - options: How the cluster is asked for room.
  ///   - program: How a task is run.
  public init(
    folder: SweepFolder, settings: SweepSettings, options: SlurmSettings, program: SweepProgram
  ) {
    self.folder = folder
    self.settings = settings
    self.options = options
    self.program = program
  }

  /// Returns when every cell has a result.
  ///
  /// If an earlier call was killed, its job goes on and is followed.
  ///
  /// - Parameter report: Called now and then with the number of cells done.
  /// - Throws: `SweepError` if the scheduler refuses the job or cannot be asked; `FileError` if a
  ///   file cannot be written. Running tasks go on.
  public func run(_ report: (Int) -> Void) throws {
    var counter = ResultCounter(folder: folder)
    var attempts: [Int: Int] = [:]
    var round = lastRound
    if round > 0 {
      if let job = try recordedJob(round) {
        try follow(job, &counter, report)
      }
    }
    while true {
      let results = try folder.results(settings)
      let left = settings.order().filter { results[$0] == nil }
      guard !left.isEmpty else { return }
      let (lost, waiting) = (
        left.filter { attempts[$0, default: 0] > options.resubmit },
        left.filter { attempts[$0, default: 0] <= options.resubmit }
      )
      try giveUp(lost, round: round)
      guard !waiting.isEmpty else { return }
      round += 1
      let tasks = divided(waiting)
      for cell in tasks.joined() { attempts[cell, default: 0] += 1 }
      let job = try submit(tasks, round: round)
      try follow(job, &counter, report)
    }
  }

  // MARK: Rounds

  private var submissions: String { "\(folder.path)/submissions" }

  private func stem(_ round: Int) -> String {
    "\(submissions)/\(String(CheckpointFile.digits(round).suffix(max(3, String(round).count))))"
  }

  /// The number of the last round that was prepared; 0 before the first.
  private var lastRound: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: submissions)) ?? []
    return names.filter { $0.hasSuffix(".txt") }.compactMap { Int($0.dropLast(4)) }.max() ?? 0
  }

  /// A name by which the round's job is found even if its number was not written down.
  private func name(_ round: Int) -> String {
    let path = URL(fileURLWithPath: folder.path).standardizedFileURL.path
    return "extract-sweep-\(String(path.fnv1a, radix: 36))-\(round)"
  }

  private func recordedJob(_ round: Int) throws -> String? {
    if let text = try? String(contentsOfFile: stem(round) + ".job", encoding: .utf8) {
      return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return try scheduler.job(named: name(round))
  }

  /// Cells shared out among tasks; those that no array has room for are left for the next round.
  private func divided(_ cells: [Int]) -> [[Int]] {
    let most = scheduler.mostTasks
    let size =
      options.cellsPerTask
      ?? max(1, min(10, cells.count / 100), (cells.count + most - 1) / most)
    return stride(from: 0, to: cells.count, by: size).prefix(most).map {
      Array(cells[$0..<min($0 + size, cells.count)])
    }
  }

  private func submit(_ tasks: [[Int]], round: Int) throws -> String {
    let stem = URL(fileURLWithPath: stem(round)).path
    let out = URL(fileURLWithPath: folder.path).path
    // What tasks complain of goes into a folder that has to be there before they begin.
    try WholeFile.write(
      "The outputs of the tasks of round \(round), by job and task.\n", to: "\(stem)/README")
    let command = [SweepProgram.path] + program.task(stem + ".txt", out)
    let script = """
      #!/bin/sh
      exec \(command.map(ShellWord.quoted).joined(separator: " "))

      """
    try WholeFile.write(script, to: stem + ".sh")
    let lists = tasks.map { $0.map(String.init).joined(separator: " ") + "\n" }.joined()
    try WholeFile.write(lists, to: stem + ".txt")
    let limit = options.arrayLimit.map { "%\($0)" } ?? ""
    var arguments = [
      "--array=0-\(tasks.count - 1)\(limit)", "--job-name=\(name(round))",
      "--output=\(stem)/%A_%a.out", "--requeue", "--open-mode=append",
    ]
    arguments += options.time.map { ["--time=\($0)"] } ?? []
    arguments += options.mem.map { ["--mem=\($0)"] } ?? []
    arguments += options.partition.map { ["--partition=\($0)"] } ?? []
    let job: String
    do {
      job = try scheduler.submit(stem + ".sh", arguments + options.sbatchOption)
    } catch {
      // A round that was never begun is none.
      try? FileManager.default.removeItem(atPath: stem + ".txt")
      throw error
    }
    try WholeFile.write(job + "\n", to: stem + ".job")
    return job
  }

  /// Waits until no task of the job waits or runs.
  private func follow(
    _ job: String, _ counter: inout ResultCounter, _ report: (Int) -> Void
  ) throws {
    var failures = 0
    while true {
      do {
        let tasks = try scheduler.tasks(of: job)
        report(counter.count())
        if tasks.isEmpty { return }
        failures = 0
      } catch {
        // A controller that restarts is back within minutes.
        failures += 1
        guard failures < 30 else {
          throw SweepError.lost(job: job, times: failures, "\(error)")
        }
      }
      Thread.sleep(forTimeInterval: options.poll)
    }
  }

  /// Records cells whose tasks were lost too often as crashed.
  private func giveUp(_ cells: [Int], round: Int) throws {
    guard !cells.isEmpty else { return }
    let lists = (try? String(contentsOfFile: stem(round) + ".txt", encoding: .utf8)) ?? ""
    let job = try recordedJob(round) ?? ""
    var taskOfCell: [Int: Int] = [:]
    for (task, line) in lists.split(separator: "\n").enumerated() {
      for cell in line.split(separator: " ").compactMap({ Int($0) }) { taskOfCell[cell] = task }
    }
    var ends: [Int: String] = [:]
    for cell in cells {
      var message = "its tasks, \(options.resubmit + 1) in all, ended without a result"
      if let task = taskOfCell[cell] {
        let end = ends[task] ?? self.end(of: task, job: job, round: round)
        ends[task] = end
        message += end
      }
      try folder.save(
        CellResult(
          cell: cell, values: settings.values(of: cell), status: .crashed, message: message + "."))
    }
  }

  /// What is known of a task's end, as the end of a sentence.
  private func end(of task: Int, job: String, round: Int) -> String {
    let log = "\(stem(round))/\(job)_\(task).out"
    let said = (try? String(contentsOfFile: log, encoding: .utf8))?
      .split(whereSeparator: \.isNewline).last.map { "; its last words: \($0)" }
    return ", the last time \(job)_\(task)"
      + (scheduler.end(of: task, in: job).map { " (\($0))" } ?? "") + (said ?? "")
  }
}

/// Counts results without reading again what has not changed.
struct ResultCounter {
  let folder: SweepFolder
  private var counts: [String: (size: Int, lines: Int)] = [:]

  init(folder: SweepFolder) {
    self.folder = folder
  }

  /// The number of cells that tasks and processes have finished.
  mutating func count() -> Int {
    for path in folder.files(in: folder.tasksPath, suffix: ".jsonl") {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
      if counts[path]?.size == size { continue }
      let data = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
      counts[path] = (size, data.split(separator: UInt8(ascii: "\n")).count)
    }
    return counts.values.reduce(0) { $0 + $1.lines }
  }
}
