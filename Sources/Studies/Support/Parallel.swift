// Work that falls into pieces, on all cores.

internal import Dispatch
internal import Foundation
internal import Synchronization

/// The results of `body` for 0 ..< count, in order, whatever the number of threads.
///
/// - Throws: The error of the first piece that failed.
package func inParallel<Output: Sendable>(
  _ count: Int, _ body: @Sendable (Int) throws -> Output
) throws -> [Output] {
  let results = Mutex<[Result<Output, any Error>?]>(Array(repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = Result { try body(index) }
    results.withLock { $0[index] = result }
  }
  return try results.withLock { $0 }.map {
    guard let result = $0 else { preconditionFailure("a piece of work was not done") }
    return try result.get()
  }
}
