// A file of lines that outlives whoever writes it.

import Foundation
import RNN

/// A file that lines are added to, each by one call of the system.
///
/// A killed process leaves whole lines and at most one half line at the end, which is then parted from
/// what follows.
final class AppendedFile {
  private let path: String
  private let handle: FileHandle

  /// - Throws: `RunError.write`.
  init(_ path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw RunError.write(path, error.localizedDescription)
    }
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw RunError.write(path, Self.reason) }
    handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    if (try? handle.seekToEnd()) ?? 0 > 0 { try append("") }
  }

  /// - Throws: `RunError.write`.
  func append(_ line: String) throws {
    let bytes = Array((line + "\n").utf8)
    let written = unsafe bytes.withUnsafeBytes {
      unsafe write(handle.fileDescriptor, $0.baseAddress, $0.count)
    }
    // Networked file systems report a full disk only when the data are asked to be there.
    guard written == bytes.count, fsync(handle.fileDescriptor) == 0 else {
      throw RunError.write(
        path, written < 0 || written == bytes.count ? Self.reason : "it is full.")
    }
  }

  private static var reason: String { unsafe String(cString: strerror(errno)) + "." }
}
