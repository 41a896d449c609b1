// swift-tools-version: 6.2
import PackageDescription

// Imports do not leak from one module to the next, and every unsafe expression is spelled `unsafe`.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
]

let package = Package(
  name: "extract",
  products: [
    .executable(name: "extract", targets: ["extract"]),
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    .library(name: "Automata", targets: ["Automata"]),
    .library(name: "Tasks", targets: ["Tasks"]),
    .library(name: "TensorFiles", targets: ["TensorFiles"]),
    .library(name: "RNN", targets: ["RNN"]),
    .library(name: "MergerTheory", targets: ["MergerTheory"]),
    .library(name: "Drawing", targets: ["Drawing"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // MARK: C libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CGraphviz", pkgConfig: "libgvc", providers: [.apt(["libgraphviz-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // Our own loops for several generations of processors.
    .target(name: "CKernels"),

    // MARK: Libraries, bottom up
    .target(
      name: "LinearAlgebra", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: settings),
    .target(name: "Automata", dependencies: ["LinearAlgebra"], swiftSettings: settings),
    .target(name: "Tasks", dependencies: ["Automata"], swiftSettings: settings),
    .target(name: "TensorFiles", dependencies: ["Automata", "CZlib"], swiftSettings: settings),
    .target(
      name: "RNN", dependencies: ["Tasks", "TensorFiles", "LinearAlgebra"], swiftSettings: settings),
    .target(
      name: "MergerTheory", dependencies: ["Automata", "LinearAlgebra"], swiftSettings: settings),
    .target(name: "Drawing", dependencies: ["Automata", "CGraphviz"], swiftSettings: settings),

    // MARK: The command line
    .executableTarget(
      name: "extract",
      dependencies: [
        "LinearAlgebra", "Automata", "Tasks", "TensorFiles", "RNN", "MergerTheory", "Drawing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // MARK: Tests, one per module
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(
      name: "AutomataTests", dependencies: ["Automata", "LinearAlgebra", "Tasks", "RNN"]),
    .testTarget(name: "TasksTests", dependencies: ["Tasks", "Automata"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles", "Tasks"]),
    .testTarget(
      name: "RNNTests", dependencies: ["RNN", "TensorFiles", "Tasks", "Automata", "LinearAlgebra"]),
    .testTarget(
      name: "MergerTheoryTests", dependencies: ["MergerTheory", "Automata", "LinearAlgebra"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Automata"]),
    .testTarget(
      name: "ClaimsTests", dependencies: ["RNN", "Tasks", "Automata", "LinearAlgebra"]),
    .testTarget(
      name: "ExtractTests",
      dependencies: [
        "extract", "LinearAlgebra", "Automata", "Tasks", "TensorFiles", "RNN",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
  ]
)
