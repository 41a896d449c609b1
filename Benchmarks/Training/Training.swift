// How long an epoch of the default recipe takes, and what it is spent on.

import Benchmark
@_spi(Benchmarks) import LinearAlgebra
import RNN
import Tasks

/// Rows that were multiplied by W_hh on the way forward, per epoch of training. Without shared
/// prefixes they would be Σ L · 2^L = 18,434 for the words of length 1 to 10.
let forwardRows = BenchmarkMetric.custom("Forward rows / epoch", useScalingFactor: false)
/// Rows of every matrix product, per epoch: forward, backward, read-out, and the look at all words
/// between epochs.
let allRows = BenchmarkMetric.custom("Product rows / epoch", useScalingFactor: false)
/// The time inside BLAS, in thousandths of all.
let blasShare = BenchmarkMetric.custom(
  "BLAS share (‰)", polarity: .prefersLarger, useScalingFactor: false)

let benchmarks: @Sendable () -> Void = {
  #if DEBUG
    print("Warning: this is a debug build; its times mean nothing. Build with -c release.")
  #endif
  print("OpenBLAS kernels: \(OpenBLAS.kernelName)")

  // One iteration is the whole run: the first epochs are cheaper than those after the collapse,
  // when more units are at work. The scaling factor is its 1000 epochs, so times are per epoch.
  for evaluates in [false, true] {
    Benchmark(
      evaluates ? "default recipe, each epoch evaluated" : "default recipe, training alone",
      configuration: .init(
        metrics: [.wallClock, .cpuTotal, .peakMemoryResident, forwardRows, allRows, blasShare],
        timeUnits: .microseconds, units: [allRows: .count], warmupIterations: 0,
        scalingFactor: .kilo,
        maxDuration: .seconds(120), maxIterations: 5)
    ) { benchmark in
      let trainer = try Trainer(Recipe(), language: .parity)
      let epochs = benchmark.scaledIterations.count
      let clock = ContinuousClock()
      ProductMeter.start()
      benchmark.startMeasurement()
      let time = clock.measure {
        for _ in 0..<epochs {
          trainer.trainEpoch()
          if evaluates { blackHole(trainer.evaluate()) }
        }
      }
      benchmark.stopMeasurement()
      let products = ProductMeter.stop()
      benchmark.measurement(forwardRows, trainer.forwardRows / epochs)
      benchmark.measurement(allRows, products.rows / epochs)
      benchmark.measurement(blasShare, Int((products.time / time * 1000).rounded()))
      check(trainer.evaluate(), benchmark)
    }
  }
}

/// The losses of the first repetition: whatever was measured, one seed gives one answer.
nonisolated(unsafe) private var firstAnswer: EpochMetrics?

private func check(_ answer: EpochMetrics, _ benchmark: Benchmark) {
  guard answer.isFinite, answer.validationAccuracy == 1 else {
    return benchmark.error("parity was not learnt: \(answer)")
  }
  if let firstAnswer, firstAnswer != answer {
    return benchmark.error("one seed, two answers: \(firstAnswer) and \(answer)")
  }
  firstAnswer = answer
}
