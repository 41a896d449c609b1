// How a sweep asks a SLURM cluster for room.

/// What sbatch is asked for, and how tasks are followed.
public struct SlurmSettings: Sendable {
  /// Time limit of a task, as sbatch takes it.
  public var time: String?
  /// Memory of a task, as sbatch takes it.
  public var mem: String?
  /// The partition to run in.
  public var partition: String?
  /// The most tasks at a time; at least 1.
  public var arrayLimit: Int?
  /// How many cells a task runs one after the other, at least 1; by default so that there are at least
  /// 100 tasks of up to 10 cells, or as many tasks as the cluster takes.
  public var cellsPerTask: Int?
  /// Handed to sbatch as they are.
  public var sbatchOption: [String] = []
  /// How often tasks are looked after, in seconds; above 0.
  public var poll = 10.0
  /// How often the cells of a task that was lost are submitted again at most.
  public var resubmit = 3

  public init() {}
}
