// How this program is told to do a part of a sweep.

internal import Foundation

/// The command lines by which a sweep starts its own program again: each cell is a process of its own,
/// so that one that crashes takes no other with it.
public struct SweepProgram: Sendable {
  /// The arguments for one cell of the sweep in a folder, whose result goes to standard output as a
  /// line; see ``CellResult/line``.
  let cell: @Sendable (_ cell: Int, _ folder: String) -> [String]
  /// The arguments for a task of a job array; see ``SlurmTask``.
  let task: @Sendable (_ list: String, _ folder: String) -> [String]

  /// - Parameters:
  ///   - cell: The arguments for one cell of the sweep in a folder.
  ///   - task: The arguments for a task of a job array: the file that lists the tasks, and the folder.
  public init(
    cell: @escaping @Sendable (_ cell: Int, _ folder: String) -> [String],
    task: @escaping @Sendable (_ list: String, _ folder: String) -> [String]
  ) {
    self.cell = cell
    self.task = task
  }

  /// Where this program is, also where it was found in PATH.
  public static let path: String = {
    let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: path ?? CommandLine.arguments[0]).path
  }()

  /// What runs here, also where its file has since been removed or replaced by another build: cells of
  /// one sweep are of one program.
  static let image: String = {
    let link = "/proc/\(getpid())/exe"
    return FileManager.default.isExecutableFile(atPath: link) ? link : path
  }()
}
