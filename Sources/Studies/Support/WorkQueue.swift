// Work that is handed to other threads as it comes up.

internal import Dispatch
internal import Foundation
internal import Synchronization

/// Pieces of work that other threads do while the one that hands them out goes on.
///
/// Each piece has a value of its own, such as a checkpoint's table, that lives until the piece is
/// done; so that memory is bounded, handing out waits while ``limit`` pieces are not done.
package final class WorkQueue<Output: Sendable>: Sendable {
  /// How many pieces are handed out and not yet done, at most.
  package let limit: Int
  private let places: DispatchSemaphore
  private let workers = DispatchQueue(label: "work", attributes: .concurrent)
  private let group = DispatchGroup()
  private let results = Mutex<[Result<Output, any Error>?]>([])

  /// - Parameter limit: At least 1; by default one less than twice the number of cores, so that
  ///   with what the handing thread holds there are twice as many values as cores.
  package init(limit: Int = 2 * ProcessInfo.processInfo.activeProcessorCount - 1) {
    precondition(limit >= 1, "a queue for \(limit) pieces")
    self.limit = limit
    places = DispatchSemaphore(value: limit)
  }

  /// Hands out a piece of work, once there is a place for it.
  ///
  /// - Parameters:
  ///   - value: What the piece works on. Nobody else may use it, or what it refers to, until the
  ///     piece is done.
  ///   - body: The work.
  package func submit<Value>(_ value: Value, _ body: @escaping @Sendable (Value) throws -> Output) {
    places.wait()
    let index = results.withLock { results in
      results.append(nil)
      return results.count - 1
    }
    let handed = Handed(value)
    // Memory goes with the value, so it is let go of before the next one is asked for.
    workers.async(group: group) { [self] in
      let result = Result { try body(handed.taken()) }
      results.withLock { $0[index] = result }
      places.signal()
    }
  }

  /// Waits until all pieces are done.
  ///
  /// - Returns: Their results in the order in which they were handed out, whatever the number of
  ///   threads.
  /// - Throws: The error of the first piece that failed.
  package func finish() throws -> [Output] {
    group.wait()
    return try results.withLock { $0 }.map {
      guard let result = $0 else { preconditionFailure("a piece of work was not done") }
      return try result.get()
    }
  }
}

/// A value on its way from the thread that had it to the one that takes it; only one of them uses
/// it at a time.
private final class Handed<Value>: @unchecked Sendable {
  private var value: Value?

  init(_ value: Value) { self.value = value }

  func taken() -> Value {
    defer { value = nil }
    guard let value else { preconditionFailure("a value is taken once") }
    return value
  }
}
