// One checkpoint of a run on disk.

public import Files
internal import Foundation
internal import TensorFiles

/// A file that holds a network, and the epoch that its name says.
public struct CheckpointFile: Hashable, Sendable {
  public let epoch: Int
  public let path: String

  public init(epoch: Int, path: String) {
    self.epoch = epoch
    self.path = path
  }

  /// A file of a folder; its number is the epoch.
  public init(_ file: NumberedFile) {
    self.init(epoch: file.number, path: file.path)
  }

  /// The ends of the names of networks' files, by kinds that are not mixed.
  public static let kinds = [[".safetensors"], [".pt", ".pth", ".ckpt"]]

  /// An epoch as file names have it: six digits or more.
  public static func digits(_ epoch: Int) -> String {
    let digits = String(epoch)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// Reads the file.
  ///
  /// - Parameter hints: What the file may leave open.
  /// - Throws: `RunError`, naming the file.
  public func read(_ hints: Checkpoint.Hints = .init()) throws(RunError) -> Checkpoint {
    let data = try RunError.wrapping { () throws(FileError) in try WholeFile.read(path) }
    do {
      let file = try hints.names.canonical(TensorArchive(data: data))
        .readingLogit(threshold: hints.threshold)
      return try Checkpoint(file, epoch: epoch, hints: hints)
    } catch let error as StateDictError {
      throw .stateDict(path, error)
    } catch let error as CheckpointError {
      throw .network(path, error)
    } catch {
      throw .checkpoint(path, "\(error)")
    }
  }
}
