// Other programs, run as processes.

import Foundation

/// A program that is looked for in PATH.
struct Tool: Sendable {
  private let name: String
  private let executable: URL

  /// - Parameters:
  ///   - purpose: What it is needed for, as in "rsvg-convert is needed to draw pictures".
  ///   - package: The Debian package that it comes in.
  /// - Throws: `CommandError` where it is not installed.
  init(_ name: String, purpose: String, package: String) throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let paths = folders.map { "\($0)/\(name)" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw CommandError(
        "\(name) is needed to \(purpose), but it is not installed. Try: apt-get install \(package)")
    }
    self.name = name
    executable = URL(fileURLWithPath: path)
  }

  /// Runs the program for each of some lists of arguments, so many at a time.
  ///
  /// - Parameter report: Called with the number of runs that are over.
  /// - Throws: `CommandError` with what the program complained of, when one run fails.
  func run(
    _ argumentLists: some Sequence<[String]>, atOnce: Int = 1, report: (Int) -> Void = { _ in }
  ) throws {
    var running: [(process: Process, complaints: Pipe)] = []
    var done = 0
    func finishFirst() throws {
      let (process, complaints) = running.removeFirst()
      // To its end, so that the program never waits for room to complain.
      let text = try complaints.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        throw CommandError(
          "\(name) failed: "
            + String(decoding: text, as: UTF8.self)
            .split(separator: "\n").joined(separator: " "))
      }
      done += 1
      report(done)
    }
    defer { for (process, _) in running { process.waitUntilExit() } }
    for arguments in argumentLists {
      if running.count >= atOnce { try finishFirst() }
      let process = Process()
      let complaints = Pipe()
      process.executableURL = executable
      process.arguments = arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = complaints
      do {
        try process.run()
      } catch {
        throw CommandError("\(executable.path) cannot be run: \(error.localizedDescription)")
      }
      running.append((process, complaints))
    }
    while !running.isEmpty { try finishFirst() }
  }
}
