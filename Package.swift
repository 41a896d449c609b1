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
    .library(name: "Files", targets: ["Files"]),
    .library(name: "Processes", targets: ["Processes"]),
    .library(name: "Extraction", targets: ["Extraction"]),
    .library(name: "Tasks", targets: ["Tasks"]),
    .library(name: "TensorFiles", targets: ["TensorFiles"]),
    .library(name: "RNN", targets: ["RNN"]),
    .library(name: "MergerTheory", targets: ["MergerTheory"]),
    .library(name: "Studies", targets: ["Studies"]),
    .library(name: "Drawing", targets: ["Drawing"]),
    .library(name: "Figures", targets: ["Figures"]),
    .library(name: "Sweeps", targets: ["Sweeps"]),
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
    .target(name: "Automata", swiftSettings: settings),
    .target(name: "Files", swiftSettings: settings),
    .target(name: "Processes", swiftSettings: settings),
    .target(
      name: "Extraction", dependencies: ["Automata", "LinearAlgebra"], swiftSettings: settings),
    .target(name: "Tasks", dependencies: ["Automata"], swiftSettings: settings),
    .target(name: "TensorFiles", dependencies: ["CZlib"], swiftSettings: settings),
    .target(
      name: "RNN", dependencies: ["Tasks", "TensorFiles", "LinearAlgebra", "Files"],
      swiftSettings: settings),
    .target(
      name: "MergerTheory", dependencies: ["Extraction", "LinearAlgebra"], swiftSettings: settings),
    .target(name: "Studies", dependencies: ["RNN", "Extraction"], swiftSettings: settings),
    .target(
      name: "Drawing", dependencies: ["Extraction", "Files", "Processes", "CGraphviz"],
      resources: [
        .embedInCode("Page/film.html"), .embedInCode("Page/film.css"),
        .embedInCode("Page/film.js"),
      ],
      swiftSettings: settings),
    .target(
      name: "Figures", dependencies: ["Studies", "MergerTheory", "Drawing", "Processes"],
      resources: [.embedInCode("style.gp")], swiftSettings: settings),

    .target(name: "Sweeps", dependencies: ["Figures", "Processes"], swiftSettings: settings),

    // MARK: The command line
    .executableTarget(
      name: "extract",
      dependencies: [
        "Studies", "Figures", "Sweeps", "Drawing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // MARK: Tests, one target per module
    .target(name: "TestSupport", dependencies: ["Automata"], path: "Tests/TestSupport"),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Automata", "TestSupport"]),
    .testTarget(name: "AutomataTests", dependencies: ["Automata", "TestSupport"]),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(
      name: "ExtractionTests",
      dependencies: ["Extraction", "LinearAlgebra", "RNN", "Tasks", "TestSupport"]),
    .testTarget(name: "TasksTests", dependencies: ["Tasks", "Automata", "TestSupport"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles", "Automata"]),
    .testTarget(name: "RNNTests", dependencies: ["RNN", "TestSupport"]),
    .testTarget(name: "MergerTheoryTests", dependencies: ["MergerTheory", "Automata"]),
    .testTarget(name: "StudiesTests", dependencies: ["Studies"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Automata"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "TestSupport"]),
    .testTarget(name: "ClaimsTests", dependencies: ["Studies"]),
    .testTarget(
      name: "ExtractTests",
      dependencies: [
        "extract", "Studies", .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
  ]
)
