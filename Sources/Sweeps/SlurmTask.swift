// One task of a job array: some cells, one after the other.

internal import Files
internal import Foundation
internal import RNN

/// What a task of a cluster does. Each cell is a process of its own, so that one that crashes takes no
/// other with it; their results are added, line by line, to one file for the task.
public struct SlurmTask {
  let folder: SweepFolder
  /// A file with a line for each task: its cells.
  let list: String
  let program: SweepProgram

  /// - Parameters:
  ///   - folder: The sweep.
  ///   - list: A file with a line for each task: its cells.
  ///   - program: How a cell is run.
  public init(folder: SweepFolder, list: String, program: SweepProgram) {
    self.folder = folder
    self.list = list
    self.program = program
  }

  /// Runs the cells of the task that the environment names and adds their results to its file.
  ///
  /// - Throws: `SweepError` outside of a job array, `FileError` if a file cannot be read or written.
  public func run() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let job = environment["SLURM_ARRAY_JOB_ID"],
      let task = environment["SLURM_ARRAY_TASK_ID"].flatMap({ Int($0) })
    else {
      throw SweepError.noTask
    }
    let settings = try folder.settings()
    let lines = String(decoding: try WholeFile.read(list), as: UTF8.self).split(separator: "\n")
    guard lines.indices.contains(task) else {
      throw SweepError.taskNumber(list, count: lines.count, task: task)
    }
    let cells = lines[task].split(separator: " ").compactMap { Int($0) }
    let path = folder.taskPath(job: job, task: task)
    // A task that was begun again goes on where it was.
    let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let done = Set(before.split(separator: "\n").compactMap { CellResult(line: $0)?.cell })
    let file = try AppendedFile(path)
    try LocalEngine(folder: folder, settings: settings, program: program, jobs: 1)
      .run(cells.filter { !done.contains($0) }) { try file.append($0.line) }
  }
}
