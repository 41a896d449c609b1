// A sweep on disk: its settings, the results of its cells, and the table of them all.

internal import Figures
internal import Files
internal import Foundation
internal import RNN

/// The folder of a sweep.
///
///     sweep.json               the settings
///     cells/000/000123.json    one cell's result, written whole
///     tasks/000/JOB_TASK.jsonl the results of one task of a job array, a line per cell, appended
///     cells.csv                one row per cell, collected from these
///     failures.csv             what went wrong with which cell
public struct SweepFolder: Sendable {
  public let path: String

  public init(_ path: String) {
    self.path = RunFolder(path).path
  }

  var settingsPath: String { "\(path)/sweep.json" }
  public var tablePath: String { "\(path)/cells.csv" }
  public var failuresPath: String { "\(path)/failures.csv" }
  private var cellsPath: String { "\(path)/cells" }
  var tasksPath: String { "\(path)/tasks" }

  /// A thousand to a folder, so that no folder has more than a thousand entries up to 10⁶ cells.
  private static func sharded(_ number: Int) -> String {
    let thousands = String(number / 1000)
    return String(repeating: "0", count: max(0, 3 - thousands.count)) + thousands
  }

  func cellPath(_ cell: Int) -> String {
    "\(cellsPath)/\(Self.sharded(cell))/\(CheckpointFile.digits(cell)).json"
  }

  func taskPath(job: String, task: Int) -> String {
    "\(tasksPath)/\(Self.sharded(task))/\(job)_\(task).jsonl"
  }

  // MARK: Settings

  /// Makes the folder that of a sweep, or finds that it already is.
  ///
  /// - Throws: `SweepError` if the folder holds something else, `FileError` if it cannot be written.
  public func begin(_ settings: SweepSettings) throws {
    if FileManager.default.fileExists(atPath: settingsPath) {
      guard try self.settings() == settings else {
        throw SweepError.otherSweep(path, settings: settingsPath)
      }
      return
    }
    for item in [cellsPath, tasksPath, tablePath, RunFolder(path).configurationPath]
    where FileManager.default.fileExists(atPath: item) {
      throw SweepError.noSweep(path, found: item, settings: settingsPath)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try WholeFile.write(encoder.encode(settings) + Data("\n".utf8), to: settingsPath)
  }

  /// The settings that the folder holds.
  ///
  /// - Throws: `FileError` or `SweepError` if there are none.
  public func settings() throws -> SweepSettings {
    let data = try WholeFile.read(settingsPath)
    guard let settings = try? JSONDecoder().decode(SweepSettings.self, from: data),
      settings.version == 1, settings.hasCountableCells
    else {
      throw SweepError.settings(settingsPath)
    }
    return settings
  }

  // MARK: Results

  public func save(_ result: CellResult) throws {
    try WholeFile.write(result.line + "\n", to: cellPath(result.cell))
  }

  /// Every cell's result, or nil for a cell that has none yet.
  ///
  /// A cell that two tasks computed counts once: the first that did not crash.
  public func results(_ settings: SweepSettings) throws -> [CellResult?] {
    var results = [CellResult?](repeating: nil, count: settings.cellCount)
    for path in files(in: tasksPath, suffix: ".jsonl") + files(in: cellsPath, suffix: ".json") {
      let text = String(decoding: try WholeFile.read(path), as: UTF8.self)
      for line in text.split(separator: "\n") {
        guard let result = CellResult(line: line), results.indices.contains(result.cell),
          result.values == settings.values(of: result.cell)
        else { continue }
        if let other = results[result.cell], other.status != .crashed { continue }
        results[result.cell] = result
      }
    }
    return results
  }

  /// Forgets the results of crashed cells that lie in files of their own or among others.
  public func forgetCrashes() throws {
    for path in files(in: cellsPath, suffix: ".json") + files(in: tasksPath, suffix: ".jsonl") {
      let text = String(decoding: try WholeFile.read(path), as: UTF8.self)
      let lines = text.split(separator: "\n").filter { CellResult(line: $0)?.status != .crashed }
      if lines.isEmpty {
        try? FileManager.default.removeItem(atPath: path)
      } else if lines.count < text.split(separator: "\n").count {
        try WholeFile.write(lines.joined(separator: "\n") + "\n", to: path)
      }
    }
  }

  /// Writes `cells.csv`, the rows of the cells that have results, and `failures.csv`.
  public func collect(_ settings: SweepSettings, _ results: [CellResult?]) throws {
    let axes = settings.axes.map(\.option)
    var table = CSVTable(axes + CellResult.columns)
    var failures = CSVTable(["cell"] + axes + ["status", "message"])
    for case let result? in results {
      table.add(result.fields)
      if let message = result.message {
        failures.add(
          [result.cell] + result.values as [(any CustomStringConvertible)?]
            + [result.status.rawValue, message])
      }
    }
    try WholeFile.write(table.text, to: tablePath)
    if failures.rows > 0 {
      try WholeFile.write(failures.text, to: failuresPath)
    } else {
      try? FileManager.default.removeItem(atPath: failuresPath)
    }
  }

  /// The files in the folders of a folder, in order of their names.
  func files(in folder: String, suffix: String) -> [String] {
    // A folder that is not there holds no results.
    func names(_ path: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
    return names(folder).flatMap { shard in
      names("\(folder)/\(shard)").filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
        .map { "\(folder)/\(shard)/\($0)" }
    }
  }
}
