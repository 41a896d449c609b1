// Files that are there whole or not at all.

internal import Foundation
import Glibc

/// Writes files beside their places and moves them there.
///
/// Foundation's own atomic writing waits for the disk at every file, which a run of 1,500 small
/// files cannot afford and a killed process does not need; and it gives what is left behind by one
/// a name by which it could not be found again.
enum WholeFile {
  private static let partSuffix = ".part"

  /// Writes `data` to `path`, with the folders on the way to it.
  ///
  /// - Returns: nil, or why it could not be done; then an older file is still in place.
  static func write(_ data: Data, to path: String) -> String? {
    // Nothing throws but the writing itself.
    try! write(to: path) { append in try append(data) }
  }

  /// Writes a file piece by piece, for those that do not fit into memory.
  ///
  /// - Parameter produce: Is handed a function that appends to the file.
  /// - Throws: What `produce` throws of its own; then an older file is still in place.
  static func write(
    to path: String, _ produce: (_ append: @escaping (Data) throws -> Void) throws -> Void
  ) throws -> String? {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let part = folder.appendingPathComponent(
      ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)\(partSuffix)"
    ).path
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      return (error as NSError).reason
    }
    do {
      let file = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard file >= 0 else { throw Failure(number: errno) }
      do {
        try produce { data in try append(data, to: file) }
      } catch {
        close(file)
        throw error
      }
      // Some file systems report a full disk only here.
      guard close(file) == 0 else { throw Failure(number: errno) }
      guard unsafe rename(part, url.path) == 0 else { throw Failure(number: errno) }
      return nil
    } catch {
      _ = unsafe unlink(part)
      guard let failure = error as? Failure else { throw error }
      return unsafe String(cString: strerror(failure.number)) + "."
    }
  }

  /// What the system says cannot be done.
  private struct Failure: Error {
    let number: Int32
  }

  private static func append(_ data: Data, to file: Int32) throws(Failure) {
    var rest = data[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Glibc.write(file, bytes.baseAddress, bytes.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(number: errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Removes what killed processes had begun to write in a folder; no other process may be writing
  /// into it.
  static func removeParts(in folder: String) {
    // A folder that is not there has no parts in it.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(partSuffix) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}

extension NSError {
  /// What went wrong, without the file's name, which our own sentence gives.
  var reason: String {
    if let reason = localizedFailureReason { return reason }
    guard let underlying = userInfo[NSUnderlyingErrorKey] as? any Error else { return "\(self)" }
    let error = underlying as NSError
    return error.domain == NSPOSIXErrorDomain
      ? unsafe String(cString: strerror(Int32(error.code))) + "."
      : error.localizedFailureReason ?? error.localizedDescription
  }
}
