// Other programs, begun and listened to.

import Foundation

/// A program that runs beside this one, with nothing to read.
struct ChildProcess {
  /// What of it is heard; the rest is thrown away.
  enum Listening {
    case output
    case errors
    case both
  }

  /// How it ended.
  struct Ending {
    let reason: Process.TerminationReason
    /// The exit code, or the signal's number.
    let status: Int32
    let said: Data

    var isFine: Bool { reason == .exit && status == 0 }
    /// What was said, as text.
    var text: String { String(decoding: said, as: UTF8.self) }
  }

  private let process = Process()
  // One pipe: of two, one could fill up while the other is read.
  private let pipe = Pipe()

  /// Its number.
  var id: Int32 { process.processIdentifier }

  /// Begins a program.
  ///
  /// - Parameters:
  ///   - folder: Where it runs; here by default.
  ///   - environment: What differs from the environment of this program.
  /// - Throws: `CommandError` if it cannot be run.
  init(
    _ executable: String, _ arguments: [String], listeningTo heard: Listening,
    in folder: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = heard == .errors ? FileHandle.nullDevice : pipe
    process.standardError = heard == .output ? FileHandle.nullDevice : pipe
    do {
      try process.run()
    } catch {
      throw CommandError("\(executable) cannot be run: \(error.localizedDescription)")
    }
  }

  /// Listens until there is nothing more to hear, so that the program never waits for room to speak, and
  /// waits for its end.
  func finish() -> Ending {
    let said = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    return Ending(reason: process.terminationReason, status: process.terminationStatus, said: said)
  }

  /// Where PATH has a program of this name, or nil.
  static func path(of name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
      .map { "\($0)/\(name)" }
      .first(where: FileManager.default.isExecutableFile(atPath:))
  }
}
