import Studies
import Synchronization
import Testing

@Suite struct WorkQueueTests {
  private struct Failure: Error, Equatable { let piece: Int }

  /// A value that counts how many of its kind are alive.
  private final class Counted: Sendable {
    static let alive = Mutex((now: 0, most: 0))
    let number: Int

    init(_ number: Int) {
      self.number = number
      Self.alive.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
    }

    deinit { Self.alive.withLock { $0.now -= 1 } }
  }

  @Test(arguments: [1, 2, 7, 200])
  func `results come in the order in which pieces were handed out`(limit: Int) throws {
    let queue = WorkQueue<Int>(limit: limit)
    for piece in 0..<100 {
      queue.submit(piece) { piece in
        // Pieces take different times.
        (0..<(piece % 7) * 1000).reduce(piece) { $0 ^ ($1 & 0) }
      }
    }
    #expect(try queue.finish() == Array(0..<100))
  }

  @Test func `no more values are alive than there are places and one`() throws {
    let queue = WorkQueue<Int>(limit: 3)
    for piece in 0..<50 { queue.submit(Counted(piece)) { $0.number } }
    #expect(try queue.finish() == Array(0..<50))
    // Three that are waiting or worked on, and the one that is being handed out.
    #expect(Counted.alive.withLock { $0 }.most <= 4)
    #expect(Counted.alive.withLock { $0 }.now == 0)
  }

  @Test func `the first piece that fails says why`() {
    let queue = WorkQueue<Int>(limit: 2)
    for piece in 0..<20 {
      queue.submit(piece) { piece in
        if piece % 8 == 5 { throw Failure(piece: piece) }
        return piece
      }
    }
    #expect(throws: Failure(piece: 5)) { try queue.finish() }
  }
}
