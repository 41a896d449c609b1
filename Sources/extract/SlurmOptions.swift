// How a sweep asks a SLURM cluster for room.

import ArgumentParser
import Sweeps

struct SlurmOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Time limit of a task, as sbatch takes it.", valueName: "time"))
  var time: String?

  @Option(help: ArgumentHelp("Memory of a task, as sbatch takes it.", valueName: "size"))
  var mem: String?

  @Option(help: ArgumentHelp("The partition to run in.", valueName: "name"))
  var partition: String?

  @Option(help: ArgumentHelp("At most this many tasks at a time.", valueName: "count"))
  var arrayLimit: Int?

  @Option(
    help: ArgumentHelp(
      "Cells that a task runs one after the other. (default: so that there are at least 100 tasks of "
        + "up to 10 cells, or as many tasks as the cluster takes)", valueName: "count"))
  var cellsPerTask: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Handed to sbatch as it is, such as --account=theory; may be repeated.", valueName: "option"))
  var sbatchOption: [String] = []

  @Option(help: ArgumentHelp("Look after the tasks this often.", valueName: "seconds"))
  var poll = SlurmSettings().poll

  @Option(
    help: ArgumentHelp(
      "Submit the cells of a task that was lost again, at most this often.", valueName: "count"))
  var resubmit = SlurmSettings().resubmit

  var settings: SlurmSettings {
    var settings = SlurmSettings()
    settings.time = time
    settings.mem = mem
    settings.partition = partition
    settings.arrayLimit = arrayLimit
    settings.cellsPerTask = cellsPerTask
    settings.sbatchOption = sbatchOption
    settings.poll = poll
    settings.resubmit = resubmit
    return settings
  }

  func validate() throws {
    for (name, value) in [("array-limit", arrayLimit), ("cells-per-task", cellsPerTask)] {
      if let value, value < 1 {
        throw ValidationError("--\(name) is \(value); it must be at least 1.")
      }
    }
    guard poll.isFinite, poll > 0 else {
      throw ValidationError("--poll is \(poll); it must be a finite number above 0.")
    }
    guard resubmit >= 0 else {
      throw ValidationError("--resubmit is \(resubmit); it must be at least 0.")
    }
  }
}
