// The cells of a sweep on this machine, several processes at a time.

internal import Foundation
internal import Synchronization

/// Runs cells as processes and hands over their results as they come.
public struct LocalEngine {
  let process: CellProcess
  /// How many run at a time.
  let jobs: Int

  /// - Parameters:
  ///   - folder: The sweep's.
  ///   - settings: The sweep.
  ///   - program: How a cell is run.
  ///   - jobs: How many run at a time; at least 1.
  public init(folder: SweepFolder, settings: SweepSettings, program: SweepProgram, jobs: Int) {
    process = CellProcess(folder: folder, settings: settings, program: program)
    self.jobs = jobs
  }

  /// Runs cells, each in a process of its own.
  ///
  /// - Parameters:
  ///   - cells: Their numbers.
  ///   - keep: Called on this thread with each result, in the order in which they come.
  /// - Throws: What `keep` throws; then no further cell is begun and those that run are ended.
  public func run(_ cells: [Int], _ keep: (CellResult) throws -> Void) throws {
    let running = CellProcess.Running()
    let queue = Queue(cells)
    let process = process
    for _ in 0..<min(jobs, cells.count) {
      Thread.detachNewThread {
        while !running.isStopped, let cell = queue.next() {
          queue.finish(process.result(of: cell, among: running))
        }
      }
    }
    do {
      for _ in cells { try keep(queue.awaitResult()) }
    } catch {
      running.stop()
      throw error
    }
  }

  /// The cells to be run, and the results that nobody has looked at yet.
  private final class Queue: Sendable {
    private let cells: [Int]
    private let state = Mutex<(next: Int, results: [CellResult])>((0, []))
    private let arrived = DispatchSemaphore(value: 0)

    init(_ cells: [Int]) { self.cells = cells }

    func next() -> Int? {
      state.withLock { state in
        guard state.next < cells.count else { return nil }
        state.next += 1
        return cells[state.next - 1]
      }
    }

    func finish(_ result: CellResult) {
      state.withLock { $0.results.append(result) }
      arrived.signal()
    }

    /// Waits for one.
    func awaitResult() -> CellResult {
      arrived.wait()
      return state.withLock { $0.results.removeFirst() }
    }
  }
}
