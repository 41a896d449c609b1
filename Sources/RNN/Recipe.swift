// Everything that makes a training run, apart from the task itself.

internal import Automata
public import LinearAlgebra
public import Tasks

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
  /// Of lengths with more words than this, so many are drawn.
  public var wordsPerLength = 1 << 14
  /// Whether the training words are drawn with as many for each output.
  public var isBalanced = false
  /// Which outputs the loss is about.
  public var supervision = Supervision.last
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
  public func validate() throws(RecipeError) {
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
    try require(maxLength <= 10_000, "max-length", maxLength, "at most 10000")
    try require(
      1...(1 << 20) ~= wordsPerLength, "words-per-length", wordsPerLength, "from 1 to 1048576")
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

  /// The length up to which all words are looked at after every epoch and by default when automata
  /// are extracted: the longest training length, or less where that is more than 65,536 words.
  public func evaluationDepth(symbolCount: Int) -> Int {
    var depth = 0
    while depth < maxLength,
      let count = PrefixTree.completeCount(symbolCount: symbolCount, depth: depth + 1),
      count <= 1 << 16
    {
      depth += 1
    }
    return depth
  }

  /// How the words of a language are drawn for this recipe.
  public var dataOptions: TrainingData.Options {
    var options = TrainingData.Options()
    options.lengths = minLength...maxLength
    options.wordsPerLength = wordsPerLength
    options.isBalanced = isBalanced
    options.fraction = fraction
    options.everyOutput = supervision == .every
    options.validationWords = validationWords
    options.validationLength = validationLength
    return options
  }
}

/// Which outputs of a word the loss is about.
public enum Supervision: String, CaseIterable, Sendable, Codable {
  /// The one after the last symbol.
  case last
  /// The one after every symbol.
  case every
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
