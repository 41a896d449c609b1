// What the tests of the command line share: running the real program, and folders to run it in.

import Foundation
import Subprocess
import Synchronization
import Testing

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// What became of a run of the program.
struct Outcome {
  let status: TerminationStatus
  /// What was written to standard output and to standard error.
  let output: String
  let error: String
}

/// The program lies beside the tests.
private let program: FilePath = {
  var directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  if !FileManager.default.fileExists(atPath: directory.appendingPathComponent("extract").path) {
    directory = Bundle.main.bundleURL
  }
  return FilePath(directory.appendingPathComponent("extract").path)
}()

/// Runs `extract` with arguments and collects what it says.
func extract(_ arguments: String...) async throws -> Outcome {
  try await extract(arguments)
}

/// - Parameter environment: What differs from the environment of the tests.
func extract(
  _ arguments: [String], environment: [String: String] = [:]
) async throws -> Outcome {
  let changes = Dictionary(
    uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1 as String?) })
  let result = try await run(
    .path(program), arguments: Arguments(arguments), environment: .inherit.updating(changes),
    output: .string(limit: 1 << 24),
    error: .string(limit: 1 << 24))
  return Outcome(
    status: result.terminationStatus, output: result.standardOutput,
    error: result.standardError)
}

/// Runs `extract` and kills it (SIGKILL) after some time, unless it has ended by itself.
///
/// The watch is kept by a process of its own: in this one, busy tests could hold it up.
///
/// - Returns: Whether it was killed.
func extract(_ arguments: [String], killedAfter milliseconds: Int) async throws -> Bool {
  let watch = ["--foreground", "--signal=KILL", "\(Double(milliseconds) / 1000)", program.string]
  let result = try await run(
    .name("timeout"), arguments: Arguments(watch + arguments), output: .discarded,
    error: .discarded)
  // What `timeout` says of a program that it killed.
  return result.terminationStatus == .exited(128 + 9)
}

/// Runs `extract` where no file can become larger than `blocks` of 512 bytes: writing beyond fails, as
/// it does on a full disk, with another reason.
///
/// - Parameter command: A command that runs the program, such as `env A=1`.
func extract(
  _ arguments: [String], filesUpTo blocks: Int, through command: [String] = []
) async throws -> Outcome {
  // A process that ignores the signal is told of the limit by the call instead of being killed.
  try await shell(
    #"trap "" XFSZ; ulimit -f "$0"; exec "$@""#,
    ["\(blocks)"] + command + [program.string] + arguments)
}

/// Runs a copy of `extract`, which is removed as soon as `path` exists.
func extractRemoved(
  _ arguments: [String], copy: String, once path: String
) async throws -> Outcome {
  try await shell(
    #"""
    copy=$0 path=$1 program=$2; shift 2
    cp "$program" "$copy"
    "$copy" "$@" &
    while ! [ -e "$path" ]; do sleep 0.01; done
    rm "$copy"; wait $!
    """#, [copy, path, program.string] + arguments)
}

/// Runs `extract` with its standard output on a device that is always full.
func extractIntoFullDevice(_ arguments: String...) async throws -> Outcome {
  try await shell(#"exec "$0" "$@" > /dev/full"#, [program.string] + arguments)
}

private func shell(_ script: String, _ words: [String]) async throws -> Outcome {
  let result = try await run(
    .name("sh"), arguments: Arguments(["-c", script] + words), output: .string(limit: 1 << 24),
    error: .string(limit: 1 << 24))
  return Outcome(
    status: result.terminationStatus, output: result.standardOutput, error: result.standardError)
}

/// Trains a run that learns parity on words up to length 6 in 300 epochs.
func trainSmallRun(_ path: String, checkpointEvery epochs: Int = 25) async throws {
  succeeds(
    try await extract(
      "train", "--out", path, "--hidden", "30", "--max-length", "6", "--gain", "0.3",
      "--learning-rate", "0.2", "--epochs", "300", "--checkpoint-every", "\(epochs)"))
}

/// Expects a run that did what it was asked to; returns its output.
@discardableResult
func succeeds(
  _ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation
) -> String {
  #expect(outcome.status == .exited(0), "\(outcome.error)", sourceLocation: sourceLocation)
  #expect(outcome.error == "", sourceLocation: sourceLocation)
  return outcome.output
}

/// Expects a failure that the sentence `message` explains, and no other output.
func fails(
  _ outcome: Outcome, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == .exited(1), sourceLocation: sourceLocation)
  #expect(outcome.error == "Error: \(message)\n", sourceLocation: sourceLocation)
  #expect(outcome.output == "", sourceLocation: sourceLocation)
}

/// Expects wrong usage, explained by `message` and followed by how to do it right.
func misuses(
  _ outcome: Outcome, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == .exited(64), sourceLocation: sourceLocation)
  let lines = outcome.error.split(separator: "\n")
  #expect(lines.first == "Error: \(message)", sourceLocation: sourceLocation)
  #expect(lines.dropFirst().contains { $0.hasPrefix("Usage: ") }, sourceLocation: sourceLocation)
  #expect(outcome.output == "", sourceLocation: sourceLocation)
}

private let sharedPaths = Mutex<[String]>([])

/// A folder that is removed when the test is over.
final class TemporaryFolder: Sendable {
  let path: String
  private let isShared: Bool

  /// - Parameter isShared: Whether tests share it to the end; nothing would take it away then.
  init(isShared: Bool = false) throws {
    self.isShared = isShared
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("extract-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard isShared else { return }
    let path = path
    sharedPaths.withLock { paths in
      if paths.isEmpty {
        atexit {
          for path in sharedPaths.withLock({ $0 }) {
            try? FileManager.default.removeItem(atPath: path)
          }
        }
      }
      paths.append(path)
    }
  }

  deinit {
    if !isShared { try? FileManager.default.removeItem(atPath: path) }
  }

  /// A path inside.
  subscript(_ name: String) -> String { "\(path)/\(name)" }
}

/// The bytes of every file in a folder and the folders in it, by its path there.
func contents(of folder: String) throws -> [String: Data] {
  var contents: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    let path = "\(folder)/\(name)"
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else { continue }
    contents[name] = try Data(contentsOf: URL(fileURLWithPath: path))
  }
  return contents
}

/// The names in `contents` whose bytes differ, or that are in one only.
func differences(_ a: [String: Data], _ b: [String: Data]) -> [String] {
  Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
}

func text(_ path: String) throws -> String {
  try String(contentsOfFile: path, encoding: .utf8)
}

func write(_ text: String, to path: String) throws {
  try FileManager.default.createDirectory(
    at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

/// A table of comma-separated values, none of them quoted: a dictionary per row.
func table(_ path: String) throws -> (header: [String], rows: [[String: String]]) {
  let lines = try text(path).split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  let header = try #require(lines.first)
  let rows = try lines.dropFirst().map { fields in
    try #require(fields.count == header.count, "\(fields)")
    return Dictionary(uniqueKeysWithValues: zip(header, fields))
  }
  return (header, rows)
}

/// Options of runs that take a few milliseconds.
let tiny = ["--hidden", "8", "--max-length", "4", "--validation-words", "10"]

/// Runs `extract train` with the options of ``tiny`` and others.
func trainTiny(_ folder: String, _ options: String...) async throws -> Outcome {
  try await extract(["train", "--out", folder] + tiny + options)
}

/// The numbers of a run's checkpoints.
func checkpointEpochs(_ run: String) throws -> [Int] {
  try FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints").sorted().map {
    try #require(Int($0.dropFirst("epoch-".count).dropLast(".safetensors".count)), "\($0)")
  }
}
