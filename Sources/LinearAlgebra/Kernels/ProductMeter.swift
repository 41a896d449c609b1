// How much of a program is matrix products, for benchmarks.

import Synchronization

/// Counts the matrix products of the whole process and times them, while it is on.
///
/// Off, it costs one relaxed load per product. The benchmarks are a package of their own, which
/// `package` would shut out: they say `@_spi(Benchmarks) import LinearAlgebra`.
@_spi(Benchmarks) public enum ProductMeter {
  private static let isOn = Atomic(false)
  private static let rowCount = Atomic(0)
  private static let nanoseconds = Atomic<Int64>(0)

  /// Sets the counts to zero and starts counting.
  public static func start() {
    rowCount.store(0, ordering: .relaxed)
    nanoseconds.store(0, ordering: .relaxed)
    isOn.store(true, ordering: .relaxed)
  }

  /// Stops counting.
  ///
  /// - Returns: The number of rows that products were asked for since ``start()`` (an outer
  ///   product counts the rows it sums over), and the time spent inside BLAS.
  public static func stop() -> (rows: Int, time: Duration) {
    isOn.store(false, ordering: .relaxed)
    return (
      rowCount.load(ordering: .relaxed), .nanoseconds(nanoseconds.load(ordering: .relaxed))
    )
  }

  static func measure(rows: Int, _ product: () -> Void) {
    guard isOn.load(ordering: .relaxed) else { return product() }
    let clock = ContinuousClock()
    let time = clock.measure(product)
    rowCount.add(rows, ordering: .relaxed)
    let (seconds, attoseconds) = time.components
    nanoseconds.add(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
  }
}

/// Runs a product on one thread, measured if the meter is on.
@inline(__always)
func measureProduct(rows: Int, _ product: () -> Void) {
  _ = singleThreaded
  ProductMeter.measure(rows: rows, product)
}
