// One task of a job array: some cells, one after the other.

import Files
import Foundation
import RNN

/// What a task of a cluster does. Each cell is a process of its own, so that one that crashes takes no
/// other with it; their results are added, line by line, to one file for the task.
struct SlurmTask {
  let folder: SweepFolder
  /// A file with a line for each task: its cells.
  let list: String

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let job = environment["SLURM_ARRAY_JOB_ID"],
      let task = environment["SLURM_ARRAY_TASK_ID"].flatMap({ Int($0) })
    else {
      throw CommandError(
        "--worker is for tasks of a job array; SLURM_ARRAY_JOB_ID and SLURM_ARRAY_TASK_ID are not set."
      )
    }
    let settings = try folder.settings()
    let lines = String(decoding: try WholeFile.read(list), as: UTF8.self).split(separator: "\n")
    guard lines.indices.contains(task) else {
      throw CommandError("\(list) has \(lines.count) tasks, but this is task \(task).")
    }
    let cells = lines[task].split(separator: " ").compactMap { Int($0) }
    let path = folder.taskPath(job: job, task: task)
    // A task that was begun again goes on where it was.
    let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let done = Set(before.split(separator: "\n").compactMap { CellResult(line: $0)?.cell })
    let file = try AppendedFile(path)
    try LocalEngine(process: CellProcess(folder: folder, settings: settings), jobs: 1)
      .run(cells.filter { !done.contains($0) }) { try file.append($0.line) }
  }
}
