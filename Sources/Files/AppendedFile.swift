// A file of lines that outlives whoever writes it.

internal import Foundation

/// A file that lines are added to, each by one call of the system.
///
/// A killed process leaves whole lines and at most one half line at the end, which is then parted from
/// what follows.
public final class AppendedFile {
  private let path: String
  private let handle: FileHandle

  /// Opens a file at its end, with the folders on the way to it.
  ///
  /// - Parameter path: The file; one that is not there is made.
  /// - Throws: `FileError.write`.
  public init(_ path: String) throws(FileError) {
    self.path = path
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw .write(path, error.localizedDescription)
    }
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .write(path, Self.reason) }
    handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    if (try? handle.seekToEnd()) ?? 0 > 0 { try append("") }
  }

  /// Adds a line and waits until the disk has it.
  ///
  /// - Parameter line: The line, without its end.
  /// - Throws: `FileError.write`.
  public func append(_ line: String) throws(FileError) {
    let bytes = Array((line + "\n").utf8)
    let written = unsafe bytes.withUnsafeBytes {
      unsafe write(handle.fileDescriptor, $0.baseAddress, $0.count)
    }
    // Networked file systems report a full disk only when the data are asked to be there.
    guard written == bytes.count, fsync(handle.fileDescriptor) == 0 else {
      throw .write(path, written < 0 || written == bytes.count ? Self.reason : "it is full.")
    }
  }

  private static var reason: String { unsafe String(cString: strerror(errno)) + "." }
}
