// Why a sweep cannot be run.

/// What is wrong with a sweep's folder, or with the cluster that is to run it.
public enum SweepError: Error, Equatable, CustomStringConvertible {
  /// A folder that holds another sweep, and the file with its settings.
  case otherSweep(String, settings: String)
  /// A folder that holds something else: what is there, and what is not.
  case noSweep(String, found: String, settings: String)
  /// A file that holds no settings of a sweep.
  case settings(String)
  /// A cell that a sweep does not have, and how many it has.
  case noCell(String, cell: Int, count: Int)
  /// A program of the scheduler that is not in PATH.
  case noScheduler(String)
  /// What sbatch says against a job.
  case refused(String)
  /// What a program of the scheduler complains of.
  case failed(String, String)
  /// A job that could not be asked for.
  case lost(job: String, times: Int, String)
  /// A task of a job array was to be run outside of one.
  case noTask
  /// A list of tasks, their number, and the number of a task that is not among them.
  case taskNumber(String, count: Int, task: Int)

  public var description: String {
    switch self {
    case .otherSweep(let path, let settings):
      "\(path) holds another sweep, with other axes or options (\(settings))."
    case .noSweep(let path, let found, let settings):
      "\(path) is not empty and holds no sweep: there is \(found) but no \(settings)."
    case .settings(let path):
      "\(path) holds no settings of a sweep of version 1. Was it changed by hand?"
    case .noCell(let path, let cell, let count):
      "\(path) has cells 0 to \(count - 1), but asked for was \(cell)."
    case .noScheduler(let name):
      "\(name) is not in PATH; jobs are submitted to SLURM from a machine that has it."
    case .refused(let sentence):
      "sbatch refused the job: \(sentence) What is done is kept; give the command "
        + "again with other options to go on."
    case .failed(let name, let sentence):
      "\(name) failed: \(sentence)"
    case .lost(let job, let times, let sentence):
      "\(sentence) Asked \(times) times. Job \(job) goes on if it can; give the command again to "
        + "follow it."
    case .noTask:
      "SLURM_ARRAY_JOB_ID and SLURM_ARRAY_TASK_ID are not set, but this is for tasks of a job array."
    case .taskNumber(let list, let count, let task):
      "\(list) has \(count) tasks, but this is task \(task)."
    }
  }
}
