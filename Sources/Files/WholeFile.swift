// Files that are there whole or not at all.

public import Foundation
import Glibc

/// Reads files, and writes them beside their places to move them there whole.
///
/// A process that is killed leaves the old file or the new one. Foundation's own atomic writing waits
/// for the disk at every file, which a run of 1,500 small files cannot afford and a killed process
/// does not need; and it gives what is left behind by one a name by which it could not be found again.
public enum WholeFile {
  private static let partSuffix = ".part"

  /// The bytes of a file.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FileError.read`.
  public static func read(_ path: String) throws(FileError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .read(path, (error as NSError).reason)
    }
  }

  /// The bytes of a file, or nil where there is none.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FileError.read`.
  public static func readIfPresent(_ path: String) throws(FileError) -> Data? {
    FileManager.default.fileExists(atPath: path) ? try read(path) : nil
  }

  /// Writes a file whole or not at all, with the folders on the way to it.
  ///
  /// - Parameters:
  ///   - data: The bytes.
  ///   - path: Where the file is to be.
  /// - Throws: `FileError.write`; then an older file is still in place.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    do {
      try write(to: path) { (append: (Data) throws -> Void) in try append(data) }
    } catch let error as FileError {
      throw error
    } catch {
      preconditionFailure("nothing throws but the writing itself: \(error)")
    }
  }

  /// Writes a text whole or not at all, in UTF-8.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - path: Where the file is to be.
  /// - Throws: `FileError.write`.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Data(text.utf8), to: path)
  }

  /// Writes a text piece by piece: for what would not fit into memory.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - produce: Is handed a function that appends a text to the file.
  /// - Throws: `FileError.write`, or what `produce` throws of its own; then an older file is still in
  ///   place.
  public static func write(
    to path: String, _ produce: (_ append: @escaping (String) throws -> Void) throws -> Void
  ) throws {
    try write(to: path) { (append: @escaping (Data) throws -> Void) in
      var buffer = Data()
      try produce { text in
        buffer.append(contentsOf: text.utf8)
        guard buffer.count >= 1 << 16 else { return }
        try append(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
      try append(buffer)
    }
  }

  /// Lets `produce` make a file or a folder beside its place, and moves it there.
  ///
  /// What was there before is replaced in one step if it is a file; a folder is moved aside first,
  /// moved back if the new one cannot take its place, and removed last.
  ///
  /// - Parameters:
  ///   - path: Where the result is to be.
  ///   - produce: Is handed the path of an empty folder to work in, and returns the path, inside it, of
  ///     what is to be moved.
  /// - Throws: `FileError.write`, or what `produce` throws of its own; then what was there before is
  ///   still in place.
  public static func replace(
    _ path: String, with produce: (_ workFolder: String) throws -> String
  ) throws {
    let target = URL(fileURLWithPath: path)
    let work = target.deletingLastPathComponent().appendingPathComponent(partName(of: target)).path
    let aside = work + "/aside"
    do {
      try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    } catch {
      throw FileError.write(path, (error as NSError).reason)
    }
    defer { try? FileManager.default.removeItem(atPath: work) }
    let result = try produce(work)
    var isFolder: ObjCBool = false
    let isThere = unsafe FileManager.default.fileExists(
      atPath: target.path, isDirectory: &isFolder)
    if isThere, isFolder.boolValue { try move(target.path, to: aside, of: path) }
    do {
      try move(result, to: target.path, of: path)
    } catch {
      if isThere, isFolder.boolValue { try move(aside, to: target.path, of: path) }
      throw error
    }
  }

  private static func move(_ source: String, to target: String, of path: String) throws(FileError) {
    guard unsafe rename(source, target) == 0 else {
      throw .write(path, unsafe String(cString: strerror(errno)) + ".")
    }
  }

  /// Removes what killed processes had begun to write in a folder; no other process may be writing
  /// into it.
  ///
  /// - Parameter folder: Where to look; not in the folders inside it.
  public static func removeParts(in folder: String) {
    // A folder that is not there has no parts in it.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(partSuffix) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// What a file is called while it is being written: hidden, and by the process that writes it.
  private static func partName(of url: URL) -> String {
    ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)\(partSuffix)"
  }

  private static func write(
    to path: String, _ produce: (_ append: @escaping (Data) throws -> Void) throws -> Void
  ) throws {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let part = folder.appendingPathComponent(partName(of: url)).path
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError.write(path, (error as NSError).reason)
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
    } catch {
      _ = unsafe unlink(part)
      guard let failure = error as? Failure else { throw error }
      throw FileError.write(path, unsafe String(cString: strerror(failure.number)) + ".")
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
}

extension NSError {
  /// What went wrong, without the file's name, which our own sentence gives.
  package var reason: String {
    if let reason = localizedFailureReason { return reason }
    guard let underlying = userInfo[NSUnderlyingErrorKey] as? any Error else { return "\(self)" }
    let error = underlying as NSError
    return error.domain == NSPOSIXErrorDomain
      ? unsafe String(cString: strerror(Int32(error.code))) + "."
      : error.localizedFailureReason ?? error.localizedDescription
  }
}
