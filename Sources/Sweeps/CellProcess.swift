// A cell in a process of its own, whatever becomes of it.

internal import Foundation
internal import Processes
internal import Synchronization

/// Runs cells of a sweep as processes of this program.
struct CellProcess: Sendable {
  let folder: SweepFolder
  let settings: SweepSettings
  let program: SweepProgram

  /// The processes that run now, to end them when the sweep has to stop.
  final class Running: Sendable {
    private let processes = Mutex<(ids: Set<Int32>, isStopped: Bool)>(([], false))

    var isStopped: Bool { processes.withLock { $0.isStopped } }

    func add(_ id: Int32) {
      processes.withLock {
        $0.ids.insert(id)
        // It was begun while the others were being ended.
        if $0.isStopped { kill(id, SIGTERM) }
      }
    }

    func remove(_ id: Int32) { processes.withLock { _ = $0.ids.remove(id) } }

    /// Ends all that run.
    func stop() {
      processes.withLock {
        $0.isStopped = true
        for id in $0.ids { kill(id, SIGTERM) }
      }
    }
  }

  /// Runs one cell to its end.
  ///
  /// - Returns: What it says, or a crash with what it complained of.
  func result(of cell: Int, among running: Running) -> CellResult {
    func crash(_ message: String) -> CellResult {
      CellResult(cell: cell, values: settings.values(of: cell), status: .crashed, message: message)
    }
    let process: ChildProcess
    do {
      process = try ChildProcess(
        SweepProgram.image, program.cell(cell, folder.path),
        reading: .both, environment: ["SWIFT_BACKTRACE": "enable=no"])
    } catch {
      return crash("\(error)")
    }
    running.add(process.id)
    let ending = process.finish()
    running.remove(process.id)
    let said = ending.text
    let lines = said.split(whereSeparator: \.isNewline)
    if let result = lines.lazy.compactMap({ CellResult(line: $0) }).last, result.cell == cell {
      return result
    }
    if ending.reason == .uncaughtSignal {
      let signal = ending.status
      return crash(
        "the process was ended by signal \(signal)"
          + (signal == SIGKILL ? ", as the system does where memory runs out." : ".")
          + (lines.last.map { " Its last words: \($0)" } ?? ""))
    }
    return crash(
      lines.last.map { String($0.trimmingPrefix("Error: ")) }
        ?? "the process ended with code \(ending.status) and said nothing.")
  }
}
