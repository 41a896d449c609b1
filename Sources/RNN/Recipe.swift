// Everything that makes a training run, apart from the task itself.

public import LinearAlgebra

/// The numbers of a training run; the defaults are the paper's recipe for streaming parity.
///
/// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks: Insights from
/// the Streaming Parity Task", ICML 2025, appendix C.
public struct Recipe: Hashable, Sendable, Codable {
  /// H, the number of hidden units.
  public var hidden = 100
  public var nonlinearity = Activation.relu
  /// Scales the Xavier-normal initial weights.
  public var gain = 0.1
  /// The entry of the hidden state before the first symbol, the same for every unit.
  public var start: Float = 1
  public var learningRate = 0.02
  public var epochs = 1000
  public var batchSize = 128
  /// The length of the shortest training words.
  public var minLength = 1
  /// The length of the longest training words.
  public var maxLength = 10
  /// The probability with which each word is in the training set.
  public var fraction = 1.0
  public var loss = Loss.meanSquaredError
  /// Training ends before its last epoch once the training loss is at most this.
  public var stopLoss: Double? = nil
  public var validationWords = 100
  public var validationLength = 50
  public var schedule = CheckpointSchedule.default
  public var seed: UInt64 = 1

  public init() {}

  /// - Throws: `RecipeError` for the first number that makes no sense.
  public func validate(symbolCount: Int) throws(RecipeError) {
    func require(_ holds: Bool, _ name: String, _ found: Any, _ needed: String) throws(RecipeError)
    {
      if !holds { throw RecipeError(name: name, found: "\(found)", needed: needed) }
    }
    try require(1...8192 ~= hidden, "hidden", hidden, "from 1 to 8192 units")
    try require(gain.isFinite && gain >= 0, "gain", gain, "a number of at least 0")
    try require(start.isFinite, "start", start, "a finite number")
    try require(
      learningRate.isFinite && learningRate >= 0, "learning-rate", learningRate,
      "a number of at least 0")
    try require(epochs >= 0, "epochs", epochs, "at least 0")
    try require(batchSize >= 1, "batch-size", batchSize, "at least 1")
    try require(minLength >= 1, "min-length", minLength, "at least 1")
    try require(
      maxLength >= minLength, "max-length", maxLength, "at least --min-length, \(minLength)")
    let words = PrefixTreeSize.words(symbolCount: symbolCount, depth: maxLength)
    try require(
      words <= Self.mostWords, "max-length", maxLength,
      "a length with at most \(Self.mostWords) words up to it over \(symbolCount) symbols")
    try require(fraction > 0 && fraction <= 1, "fraction", fraction, "more than 0 and at most 1")
    try require(
      stopLoss.map { $0.isFinite && $0 >= 0 } ?? true, "stop-loss", stopLoss ?? 0,
      "a number of at least 0")
    try require(validationWords >= 1, "validation-words", validationWords, "at least 1")
    try require(validationLength >= 1, "validation-length", validationLength, "at least 1")
    switch schedule {
    case .every(let epochs):
      try require(epochs >= 1, "checkpoint-every", epochs, "at least 1")
    case .adaptive(let share, let longest):
      try require(share.isFinite && share > 0, "checkpoint-share", share, "more than 0")
      try require(longest >= 1, "checkpoint-at-least-every", longest, "at least 1")
    }
  }

  /// The most training words; beyond, each epoch would take minutes.
  static let mostWords = 1 << 21
}

private enum PrefixTreeSize {
  /// The number of words up to a length, saturating.
  static func words(symbolCount: Int, depth: Int) -> Int {
    var total = 1
    var width = 1
    for _ in 0..<min(depth, 64) {
      let (product, overflow) = width.multipliedReportingOverflow(by: symbolCount)
      if overflow || product > 1 << 40 { return .max }
      width = product
      total += width
    }
    return symbolCount == 1 ? depth + 1 : total
  }
}

/// When the network is saved.
public enum CheckpointSchedule: Hashable, Sendable, Codable {
  /// After every so many epochs.
  case every(Int)
  /// Whenever the representations of the evaluation set have moved by more than `share` of their
  /// scale since the last checkpoint, and at least every `longest` epochs.
  ///
  /// The distance moved is the root mean square over words of the Euclidean distance to the
  /// representation at the last checkpoint; the scale is that checkpoint's own: the Euclidean
  /// norm of the per-unit standard deviation over words.
  case adaptive(share: Double, longest: Int)

  public static let `default` = CheckpointSchedule.adaptive(share: 0.015, longest: 25)
}

/// A number of a recipe that makes no sense.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  public let name: String
  public let found: String
  public let needed: String

  public var description: String { "--\(name) is \(found); needed is \(needed)." }
}
