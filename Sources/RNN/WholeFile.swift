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
    var failure = fill(part, with: data)
    if failure == 0 {
      guard unsafe rename(part, url.path) != 0 else { return nil }
      failure = errno
    }
    let reason = unsafe String(cString: strerror(failure)) + "."
    _ = unsafe unlink(part)
    return reason
  }

  /// Creates a file; returns 0 or the error number.
  private static func fill(_ path: String, with data: Data) -> Int32 {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { return errno }
    let failure: Int32 = unsafe data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        // A nonempty buffer has a base address.
        let count = unsafe Glibc.write(file, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        done += count
      }
      return 0
    }
    // Some file systems report a full disk only here.
    guard close(file) == 0 else { return failure == 0 ? errno : failure }
    return failure
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
