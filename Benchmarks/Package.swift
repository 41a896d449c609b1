// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that those who build `extract` do not build this. Its folder has to be
// called Benchmarks: the plugin looks for benchmarks in a folder of that name.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "extract", path: ".."),
    // Without its default traits, which count allocations through further packages.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    benchmark("Training", ["RNN", "Tasks", "LinearAlgebra"]),
    benchmark(
      "ExtractionSpeed", ["Studies", "Extraction", "Automata", "RNN", "Tasks", "LinearAlgebra"]),
    // One training run without evaluation, timed: our side of compare.py, and what to profile.
    .executableTarget(
      name: "TrainAlone", dependencies: modules(["RNN", "Tasks", "LinearAlgebra"]),
      path: "TrainAlone"),
    // Machines exchanged with other tools, and times of minimization and equivalence.
    .executableTarget(name: "Machines", dependencies: modules(["Automata"]), path: "Machines"),
  ]
)

func benchmark(_ name: String, _ names: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: modules(names) + [.product(name: "Benchmark", package: "benchmark")],
    path: name, plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}

func modules(_ names: [String]) -> [Target.Dependency] {
  names.map { .product(name: $0, package: "extract") }
}
