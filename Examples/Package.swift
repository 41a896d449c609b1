// swift-tools-version: 6.2
import PackageDescription

// First programs with the libraries. README and the documentation of Studies show these very files.
let libraries: [Target.Dependency] = ["Automata", "Extraction", "RNN", "Studies", "Tasks"].map {
  .product(name: $0, package: "extract")
}

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "extract", path: "..")],
  targets: [
    .executableTarget(name: "watch-training", dependencies: libraries),
    .executableTarget(name: "history", dependencies: libraries),
  ]
)
