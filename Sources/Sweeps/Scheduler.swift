// SLURM's own commands.

internal import Foundation
internal import Processes

/// Calls sbatch, squeue, sacct and scontrol.
struct Scheduler {
  /// What a command said and how it ended.
  private struct Reply {
    let isSuccess: Bool
    let text: String

    var lines: [Substring] { text.split(whereSeparator: \.isNewline) }
    /// The complaint as one sentence.
    var sentence: String {
      let parts = lines.map { line in
        line.replacing("sbatch: error: ", with: "").replacing("slurm_load_jobs error: ", with: "")
      }
      guard !parts.isEmpty else { return "it said nothing." }
      let text = parts.joined(separator: "; ")
      return text.hasSuffix(".") ? text : text + "."
    }
  }

  /// A task that waits or runs.
  struct Task {
    let state: String
    /// Why it waits.
    let reason: String
  }

  /// - Returns: The number of the job array.
  /// - Throws: `SweepError` with what sbatch says against it.
  func submit(_ script: String, _ options: [String]) throws -> String {
    let reply = try run("sbatch", ["--parsable"] + options + [script])
    // With several clusters the name of one follows: 1234;cluster.
    let job = reply.lines.last?.split(separator: ";").first.map(String.init)
    guard reply.isSuccess, let job, Int(job) != nil else {
      throw SweepError.refused(reply.sentence)
    }
    return job
  }

  /// The tasks of a job that wait or run; none when it is over.
  ///
  /// - Throws: `SweepError` if squeue fails otherwise than by not knowing the job any more.
  func tasks(of job: String) throws -> [Task] {
    let reply = try run("squeue", ["--noheader", "--array", "--jobs=\(job)", "--format=%T|%r"])
    guard reply.isSuccess else {
      if reply.text.contains("Invalid job id") { return [] }
      throw SweepError.failed("squeue", reply.sentence)
    }
    return reply.lines.compactMap { line in
      let fields = line.split(separator: "|").map(String.init)
      return fields.count == 2 ? Task(state: fields[0], reason: fields[1]) : nil
    }
  }

  /// The job of that name that waits or runs, if there is one.
  ///
  /// - Throws: `SweepError` if squeue fails.
  func job(named name: String) throws -> String? {
    let reply = try run("squeue", ["--noheader", "--name=\(name)", "--format=%F"])
    guard reply.isSuccess else { throw SweepError.failed("squeue", reply.sentence) }
    return reply.lines.first.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// How a task ended, such as TIMEOUT; nil where no accounts are kept.
  func end(of task: Int, in job: String) -> String? {
    guard
      let reply = try? run(
        "sacct",
        ["--allocations", "--noheader", "--parsable2", "--format=State", "--jobs=\(job)_\(task)"]
      ), reply.isSuccess
    else { return nil }
    return reply.lines.last.map(String.init)
  }

  /// How many tasks an array may have.
  var mostTasks: Int {
    // SLURM's own default is 1001, the number that a task's number must stay below.
    let preset = 1001
    guard let reply = try? run("scontrol", ["show", "config"]), reply.isSuccess else {
      return preset
    }
    for line in reply.lines where line.hasPrefix("MaxArraySize") {
      if let text = line.split(separator: "=").last, let size = Int(text.filter(\.isNumber)) {
        return max(1, size)
      }
    }
    return preset
  }

  private func run(_ name: String, _ arguments: [String]) throws -> Reply {
    guard let path = ChildProcess.path(of: name) else {
      throw SweepError.noScheduler(name)
    }
    let ending = try ChildProcess(path, arguments, reading: .both).finish()
    return Reply(isSuccess: ending.isSuccess, text: ending.text)
  }
}
