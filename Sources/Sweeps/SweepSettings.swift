// What a sweep is: its axes, the settings that all cells share, and how cells are judged.

internal import Automata
internal import Foundation
public import RNN
internal import Studies
internal import Tasks

/// Everything that makes a sweep, as `sweep.json` holds it.
public struct SweepSettings: Hashable, Codable, Sendable {
  var version = 1
  public let axes: [Axis]
  /// The settings that all cells share, as `extract train` takes them: "--loss", "mse",
  /// "--nesterov".
  let options: [String]
  /// The share of a checkpoint's own scale up to which two representations are one state.
  public let mergeDistance: Double
  public let longLength: Int
  public let longWords: Int
  /// A cell is given up when its training loss has not reached a new minimum for this many epochs;
  /// nil: never.
  public let patience: Int?

  /// What a cell is trained with unless the user says otherwise: the paper's phase diagram.
  ///
  /// Source: L. van Rossem and A. M. Saxe (2025), section 5 and appendix C.
  public static let defaults = [
    ("loss", "cross-entropy"), ("stop-loss", "0.001"), ("epochs", "1000000"),
    ("validation-words", "30"), ("validation-length", "100"),
  ]

  /// No sweep has more cells.
  static let largestCellCount = 10_000_000

  /// A sweep over the settings of a run that are written as an axis, with the others as they are.
  ///
  /// - Parameters:
  ///   - settings: The settings by name in the user's order, a flag as "true"; none twice.
  ///   - seeds: How many seeds to run, if so.
  ///   - mergeDistance: The share of a checkpoint's own scale up to which two representations are
  ///     one state.
  ///   - longLength: The length of the long words that a trained cell is tried on.
  ///   - longWords: How many of them.
  ///   - patience: For how many epochs without a new minimum of the loss a cell goes on; nil for ever.
  /// - Throws: `SweepSettingsError` for what makes no sweep, `RecipeError` for a value that makes
  ///   no sense in any cell, or what is wrong with a task.
  public init(
    _ settings: [(name: String, text: String)], seeds: Int?, mergeDistance: Double,
    longLength: Int, longWords: Int, patience: Int? = nil
  ) throws {
    var axes: [Axis] = []
    var options: [String] = []
    var names: Set<String> = []
    for (name, text) in settings {
      guard !name.hasPrefix("checkpoint-") else {
        throw SweepSettingsError(name, "is no option of a sweep. Cells keep no checkpoints.")
      }
      guard let kind = RunConfiguration.kind(ofSetting: name) else {
        throw SweepSettingsError(name, "is no setting of a run.")
      }
      guard names.insert(name).inserted else {
        throw SweepSettingsError(name, "is given twice.")
      }
      if kind == .flag {
        // Its name alone says that it is on.
        if text == "true" { options.append("--\(name)") }
      } else if name != "alphabet", let axis = try Axis(option: name, text: text, kind: kind) {
        axes.append(axis)
      } else {
        options += ["--\(name)", text]
      }
    }
    if let seeds {
      guard !names.contains("seed") else {
        throw SweepSettingsError("seed", "must be left out where several seeds are an axis.")
      }
      axes.append(try Axis(seeds: seeds))
    }
    guard 1...3 ~= axes.count else {
      throw SweepSettingsError.axisCount(axes.count)
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
    guard hasCountableCells else { throw SweepSettingsError.tooManyCells }
    try checkValues()
  }

  /// Every value of every axis, with the first values of the others.
  private func checkValues() throws {
    for (number, axis) in axes.enumerated() {
      for value in axis.values.indices {
        var places = Array(repeating: 0, count: axes.count)
        places[number] = value
        let configuration = try configuration(at: places)
        if axis.option == "task" || value == 0 && number == 0 {
          _ = try configuration.assignment()
        }
      }
    }
  }

  // MARK: Cells

  /// Whether there are no more cells than a sweep can have; `sweep.json` may say anything.
  var hasCountableCells: Bool {
    var product = 1
    for axis in axes {
      let (next, overflow) = product.multipliedReportingOverflow(by: axis.values.count)
      if overflow || next > Self.largestCellCount { return false }
      product = next
    }
    return true
  }

  /// The number of cells; they are numbered from 0, the last axis running fastest.
  public var cellCount: Int { axes.reduce(1) { $0 * $1.values.count } }

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
  public func values(of cell: Int) -> [String] {
    zip(axes, places(of: cell)).map { $0.values[$1] }
  }

  /// The settings of one cell's training.
  ///
  /// - Throws: `RecipeError` for a value that makes no sense.
  public func configuration(of cell: Int) throws(RecipeError) -> RunConfiguration {
    try configuration(at: places(of: cell))
  }

  private func configuration(at places: [Int]) throws(RecipeError) -> RunConfiguration {
    var texts = sharedTexts
    for (axis, place) in zip(axes, places) { texts[axis.option] = axis.values[place] }
    return try RunConfiguration(texts)
  }

  /// The settings that all cells share, by name.
  private var sharedTexts: [String: String] {
    var texts: [String: String] = [:]
    var rest = options[...]
    while let name = rest.popFirst()?.trimmingPrefix("--") {
      let name = String(name)
      texts[name] =
        RunConfiguration.kind(ofSetting: name) == .flag ? "true" : rest.popFirst() ?? ""
    }
    return texts
  }

  /// All cells in the order in which they are run: shuffled, always in the same way, so that what
  /// is done at any time says something of the whole, and how long it took of how long the rest
  /// will take.
  public func order() -> [Int] {
    var generator = SplitMix64(seed: 1, stream: "order of cells")
    return (0..<cellCount).shuffled(using: &generator)
  }
}

/// Why settings make no sweep.
public enum SweepSettingsError: Error, Equatable, CustomStringConvertible {
  /// Something is wrong with one of them; the sentence begins with its name and goes on like this.
  case setting(String, String)
  case axisCount(Int)
  case tooManyCells

  init(_ name: String, _ problem: String) { self = .setting(name, problem) }

  public var description: String {
    switch self {
    case .setting(let name, let problem): "\(name) \(problem)"
    case .axisCount(let count): "A sweep has one to three axes, but \(count) were given."
    case .tooManyCells:
      "The axes make more than \(SweepSettings.largestCellCount) cells; try coarser ones."
    }
  }
}
