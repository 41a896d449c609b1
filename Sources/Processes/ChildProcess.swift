// Other programs, begun and read from.

public import Foundation

/// A program that runs beside this one, with nothing to read.
public struct ChildProcess {
  /// What is read of it; the rest is thrown away.
  public enum Output {
    case standardOutput
    case standardError
    case both
  }

  /// How it ended.
  public struct Ending {
    public let reason: Process.TerminationReason
    /// The exit code, or the signal's number.
    public let status: Int32
    public let output: Data

    public var isSuccess: Bool { reason == .exit && status == 0 }
    /// What was read, as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
  }

  private let process = Process()
  // One pipe: of two, one could fill up while the other is read.
  private let pipe = Pipe()

  /// Its number.
  public var id: Int32 { process.processIdentifier }

  /// Begins a program.
  ///
  /// - Parameters:
  ///   - executable: Its path.
  ///   - arguments: What it is given, without its own name.
  ///   - output: What is read of it.
  ///   - folder: Where it runs; here by default.
  ///   - environment: What differs from the environment of this program.
  /// - Throws: `ProcessError.cannotRun`.
  public init(
    _ executable: String, _ arguments: [String], reading output: Output,
    in folder: String? = nil,
    environment: [String: String] = [:]
  ) throws(ProcessError) {
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output == .standardError ? FileHandle.nullDevice : pipe
    process.standardError = output == .standardOutput ? FileHandle.nullDevice : pipe
    do {
      try process.run()
    } catch {
      throw .cannotRun(executable, error.localizedDescription)
    }
  }

  /// Reads until there is nothing more, so that the program never waits for room to write, and waits
  /// for its end.
  public func finish() -> Ending {
    let read = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    return Ending(
      reason: process.terminationReason, status: process.terminationStatus, output: read)
  }

  /// Where PATH has a program of this name, or nil.
  ///
  /// - Parameter name: The program's name.
  public static func path(of name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
      .map { "\($0)/\(name)" }
      .first(where: FileManager.default.isExecutableFile(atPath:))
  }
}

/// Why another program did not do what it was asked to.
public enum ProcessError: Error, Equatable, CustomStringConvertible {
  /// A program, and why it cannot be run.
  case cannotRun(String, String)
  /// A program that is not installed, what it is needed for, and the Debian package it comes in.
  case notInstalled(String, purpose: String, package: String)
  /// A program, and what it complained of.
  case failed(String, String)

  public var description: String {
    switch self {
    case .cannotRun(let program, let reason):
      "\(program) cannot be run: \(reason)"
    case .notInstalled(let program, let purpose, let package):
      "\(program) is needed to \(purpose), but it is not installed. Try: apt-get install \(package)"
    case .failed(let program, let complaint):
      "\(program) failed: \(complaint)"
    }
  }
}
