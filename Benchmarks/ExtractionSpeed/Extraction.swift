// How extraction grows with the number of words and of states, against the naive way.

import Automata
import Extraction
import Benchmark
import LinearAlgebra
import RNN
import Tasks

let classes = BenchmarkMetric.custom("Classes", useScalingFactor: false)

let benchmarks: @Sendable () -> Void = {
  #if DEBUG
    print("Warning: this is a debug build; its times mean nothing. Build with -c release.")
  #endif
  for kind in Table.Kind.allCases {
    for depth in [8, 10, 12, 14, 16] {
      let configuration = Benchmark.Configuration(
        metrics: [.wallClock, .peakMemoryResident, classes], warmupIterations: 1,
        maxDuration: .seconds(5), maxIterations: 100)
      Benchmark("\(kind.rawValue), depth \(depth)", configuration: configuration) {
        (benchmark: Benchmark, table: Table) in
        benchmark.startMeasurement()
        let extraction = try table.extraction()
        benchmark.stopMeasurement()
        benchmark.measurement(classes, extraction.partition.count)
        if depth <= Table.deepestNaive, extraction.partition != table.naivePartition {
          benchmark.error("the naive way finds other classes")
        }
      } setup: {
        Table(kind, depth: depth)
      }
      // Beyond, a comparison with every leader takes minutes in the worst case.
      guard depth <= Table.deepestNaive else { continue }
      Benchmark("\(kind.rawValue), depth \(depth), naive", configuration: configuration) {
        (benchmark: Benchmark, table: Table) in
        benchmark.startMeasurement()
        let partition = table.findNaivePartition()
        benchmark.stopMeasurement()
        benchmark.measurement(classes, partition.count)
      } setup: {
        Table(kind, depth: depth)
      }
    }
  }
}
