// Work that falls into pieces, on all cores.

internal import Dispatch
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

/// `count` of the numbers 0 ..< n, evenly spaced, with the first and the last; all if there are no
/// more.
package func evenly(_ count: Int, of n: Int) -> [Int] {
  guard n > count else { return Array(0..<n) }
  guard count > 1 else { return [n - 1] }
  return (0..<count).map { $0 * (n - 1) / (count - 1) }
}
