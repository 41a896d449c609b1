// The gradient of a batch, computed by several threads.

internal import Dispatch
internal import LinearAlgebra
internal import Tasks

/// The gradient of a batch whose words several threads share.
///
/// In lexicographic order the words are cut into as many pieces, each a prefix tree of its own, so
/// that little of what words share is computed twice; the pieces' gradients are added in order. One
/// number of threads always gives the same bits.
final class SharedGradient {
  /// The derivative of the last batch's loss with respect to each parameter.
  var gradient: Parameters { workers[0].gradient }
  /// See ``BatchGradient/innerNodeCount``.
  private(set) var innerNodeCount = 0

  private let workers: [BatchGradient]
  private let includesStart: Bool
  private var sorted: [Int32] = []

  /// A step with fewer words for each thread is not worth sharing.
  private static let leastWords = 16

  init(_ network: RecurrentNetwork, loss: Loss, includesStart: Bool, threads: Int) {
    self.includesStart = includesStart
    workers = (0..<threads).map { _ in
      BatchGradient(network, loss: loss, includesStart: includesStart)
    }
  }

  /// Computes ``gradient`` over some of `words`; see ``BatchGradient``.
  func compute(_ chosen: ArraySlice<Int32>, of words: WordSet, activeCount: Int) {
    let pieces = min(workers.count, max(1, chosen.count / Self.leastWords))
    guard pieces > 1 else {
      workers[0].compute(chosen, of: words, activeCount: activeCount)
      innerNodeCount = workers[0].innerNodeCount
      return
    }
    sorted.removeAll(keepingCapacity: true)
    sorted.append(contentsOf: chosen)
    sorted.sort()
    let work = Work(workers: workers, sorted: sorted, words: words, activeCount: activeCount)
    DispatchQueue.concurrentPerform(iterations: pieces) { work.perform(piece: $0, of: pieces) }
    innerNodeCount = workers.prefix(pieces).reduce(0) { $0 + $1.innerNodeCount }
    for worker in workers[1..<pieces] {
      for (sum, part) in zip(gradient.tensors, worker.gradient.tensors) {
        sum.add(part, times: 1)
      }
      if includesStart { gradient.start.add(worker.gradient.start, times: 1) }
    }
  }
}

/// What threads read together, and the workers, of which each thread has its own; the network does
/// not change meanwhile.
private struct Work: @unchecked Sendable {
  let workers: [BatchGradient]
  let sorted: [Int32]
  let words: WordSet
  let activeCount: Int

  func perform(piece: Int, of pieces: Int) {
    let (first, last) = (sorted.count * piece / pieces, sorted.count * (piece + 1) / pieces)
    workers[piece].compute(
      sorted[first..<last], of: words, activeCount: activeCount, total: sorted.count)
  }
}
