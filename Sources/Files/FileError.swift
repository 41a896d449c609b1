// Why a file cannot be read, written or found.

/// What the system says of a file, or what is wrong with the files of a folder.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path, and the reason as a sentence.
  case read(String, String)
  /// The path, and the reason as a sentence.
  case write(String, String)
  case noFolder(String)
  /// A path that is there and is no folder.
  case notAFolder(String)
  /// A folder without a file whose name ends in one of `needed`.
  case noCheckpoints(String, needed: [String])
  /// A folder, and two of its files that are of different kinds.
  case mixed(String, String, String)
  /// A file without a number in its name.
  case noNumber(String)
  /// Two files, and the number that both have.
  case sameNumber(String, String, Int)

  public var description: String {
    switch self {
    case .read(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .write(let path, let reason):
      "\(path) cannot be written: \(reason)"
    case .noFolder(let path):
      "\(path): there is no such folder."
    case .notAFolder(let path):
      "\(path) is a file; it must be the folder of a run or of checkpoints."
    case .noCheckpoints(let path, let needed):
      "\(path) holds no checkpoint: no file whose name ends in \(needed.joined(separator: ", "))."
    case .mixed(let path, let a, let b):
      "\(path) holds files of different kinds, such as \(a) and \(b); keep those of one run in a "
        + "folder of their own."
    case .noNumber(let path):
      "\(path): checkpoints are taken in the order of the numbers in their names, "
        + "but this name has none. Rename the file, or move it away."
    case .sameNumber(let a, let b, let number):
      "\(a) and \(b) are both number \(number); rename or remove one of them."
    }
  }
}
