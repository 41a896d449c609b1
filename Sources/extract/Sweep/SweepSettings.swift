// What a sweep is: its axes, the options that all cells share, and how cells are judged.

import ArgumentParser
import Automata
import Foundation
import RNN
import Studies
import Tasks

/// Everything that makes a sweep, as `sweep.json` holds it.
struct SweepSettings: Hashable, Codable, Sendable {
  var version = 1
  let axes: [Axis]
  /// The options of `extract train` that all cells share.
  let options: [String]
  /// The share of a checkpoint's own scale up to which two representations are one state.
  let mergeDistance: Double
  let longLength: Int
  let longWords: Int
  /// A cell is given up when its training loss has not reached a new minimum for so many epochs; nil:
  /// never.
  let patience: Int?

  /// What a cell is trained with unless the user says otherwise: the paper's phase diagram.
  ///
  /// Source: L. van Rossem and A. M. Saxe (2025), section 5 and appendix C.
  static let defaults = [
    ("loss", "cross-entropy"), ("stop-loss", "0.001"), ("epochs", "1000000"),
    ("validation-words", "30"), ("validation-length", "100"),
  ]

  /// Options of `train` that make no sense here, and why.
  private static let refused = [
    "resume": "A sweep that is begun again goes on by itself.",
    "overwrite": "Remove the folder, or choose another with --out.",
    "checkpoint-every": "Cells keep no checkpoints.",
    "checkpoint-share": "Cells keep no checkpoints.",
    "checkpoint-at-least-every": "Cells keep no checkpoints.",
  ]

  /// Reads the options that `extract sweep` hands on to `extract train`.
  ///
  /// - Parameter seeds: How many seeds to run, if so.
  /// - Throws: `ValidationError`.
  init(
    arguments: [String], seeds: Int?, mergeDistance: Double, longLength: Int, longWords: Int,
    patience: Int? = nil
  ) throws {
    var axes: [Axis] = []
    var options: [String] = []
    var names: Set<String> = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument.count > 2 else {
        throw ValidationError("Unexpected argument '\(argument)'.")
      }
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if let reason = Self.refused[name] {
        throw ValidationError("--\(name) is no option of a sweep. \(reason)")
      }
      guard let kind = OptionKind(option: name), name != "out" else {
        throw ValidationError(
          "Unknown option '--\(name)'; `extract sweep` takes its own options and those of "
            + "`extract train`.")
      }
      guard names.insert(name).inserted else {
        throw ValidationError("--\(name) is given twice.")
      }
      guard kind != .flag else {
        options.append("--\(name)")
        continue
      }
      guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst(), !value.isEmpty else {
        throw ValidationError("--\(name) is an empty axis; needed is a value behind it.")
      }
      if name != "alphabet", let axis = try Axis(option: name, text: value, kind: kind) {
        axes.append(axis)
      } else {
        options += ["--\(name)", value]
      }
    }
    if let seeds {
      guard !names.contains("seed") else {
        throw ValidationError("--seed and --seeds exclude each other.")
      }
      guard seeds >= 1 else {
        throw ValidationError("--seeds is \(seeds); needed is at least 1.")
      }
      axes.append(Axis(seeds: seeds))
    }
    guard 1...3 ~= axes.count else {
      throw ValidationError(
        "A sweep has one to three axes, but \(axes.count) were given. Try --gain 0.1:1:20 "
          + "--fraction 0.1:1:20 --seeds 1.")
    }
    for (name, value) in Self.defaults where !names.contains(name) {
      options += ["--\(name)", value]
    }
    self.axes = axes
    self.options = options
    self.mergeDistance = mergeDistance
    self.longLength = longLength
    self.longWords = longWords
    self.patience = patience
    guard let count = cellCountIfAny, count <= 10_000_000 else {
      throw ValidationError("The axes make more than 10000000 cells; try coarser ones.")
    }
    try checkValues()
  }

  /// Every value of every axis, with the first values of the others.
  private func checkValues() throws {
    for (number, axis) in axes.enumerated() {
      for value in axis.values.indices {
        var places = Array(repeating: 0, count: axes.count)
        places[number] = value
        let configuration = try trainCommand(at: places).configuration()
        if axis.option == "task" || value == 0 && number == 0 {
          _ = try typed("") { try configuration.assignment() }
        }
      }
    }
  }

  // MARK: Cells

  private var cellCountIfAny: Int? {
    var product = 1
    for axis in axes {
      let (next, overflow) = product.multipliedReportingOverflow(by: axis.values.count)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The number of cells; they are numbered from 0, the last axis running fastest.
  var cellCount: Int { axes.reduce(1) { $0 * $1.values.count } }

  /// Where a cell lies on each axis.
  func places(of cell: Int) -> [Int] {
    var places: [Int] = []
    var rest = cell
    for axis in axes.reversed() {
      places.append(rest % axis.values.count)
      rest /= axis.values.count
    }
    return places.reversed()
  }

  /// The cell's value on each axis.
  func values(of cell: Int) -> [String] {
    zip(axes, places(of: cell)).map { $0.values[$1] }
  }

  /// The settings of one cell's training.
  ///
  /// - Throws: What the parser of `train` throws.
  func configuration(of cell: Int) throws -> RunConfiguration {
    try trainCommand(at: places(of: cell)).configuration()
  }

  private func trainCommand(at places: [Int]) throws -> TrainCommand {
    var arguments = ["--out", "cell"] + options
    for (axis, place) in zip(axes, places) {
      arguments += ["--\(axis.option)=\(axis.values[place])"]
    }
    do {
      return try TrainCommand.parse(arguments)
    } catch {
      throw ValidationError(TrainCommand.message(for: error))
    }
  }

  /// All cells in the order in which they are run: shuffled, always in the same way, so that what
  /// is done at any time says something of the whole, and how long it took of how long the rest
  /// will take.
  func order() -> [Int] {
    var generator = SplitMix64(seed: 1, stream: "order of cells")
    return (0..<cellCount).shuffled(using: &generator)
  }
}
