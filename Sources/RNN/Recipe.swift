// Everything that makes a training run, apart from the task itself.

internal import Automata
public import LinearAlgebra
public import Tasks

/// The numbers of a training run; the defaults are the paper's recipe for streaming parity.
///
/// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks: Insights from
/// the Streaming Parity Task", ICML 2025, appendix C.
public struct Recipe: Hashable, Sendable, Codable {
  public var cell = Cell.elman
  public var layers = 1
  /// H, the number of hidden units of each layer.
  public var hidden = 100
  /// That of an Elman cell; the others have their own.
  public var nonlinearity = Activation.relu
  public var readout = Readout.linear
  public var initialization = Initialization.xavierNormal
  /// Scales the initial weights.
  public var gain = 0.1
  /// The entry of the state before the first symbol, the same for every unit of every layer, and of
  /// an LSTM's cell states too.
  public var start: Float = 1
  /// Whether the state before the first symbol is trained.
  public var trainsStart = false
  public var optimizer = OptimizerSettings()
  public var learningRate = 0.02
  public var learningRateSchedule = LearningRateSchedule()
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
  /// How many threads share the words of a step. The sums of the gradient depend on it in their last
  /// bits, so it is a part of the recipe.
  public var threads = 1

  public init() {}

  /// The shape of a network that reads and says what `data` is about.
  public func shape(_ data: TrainingData) -> NetworkShape {
    NetworkShape(
      cell, layers: layers, inputs: data.alphabet.count, hidden: hidden,
      outputs: data.outputAlphabet.count, activation: nonlinearity, readout: readout)
  }

  /// - Throws: `RecipeError` for the first number that makes no sense.
  public func validate() throws(RecipeError) {
    try require(1...4 ~= layers, "layers", layers, "from 1 to 4")
    try require(1...8192 ~= hidden, "hidden", hidden, "from 1 to 8192 units")
    try require(gain.isFinite && gain >= 0, "gain", gain, "a number of at least 0")
    try require(start.isFinite, "start", start, "a finite number")
    try require(
      learningRate.isFinite && learningRate >= 0, "learning-rate", learningRate,
      "a number of at least 0")
    try optimizer.validate()
    try learningRateSchedule.validate()
    try require(epochs >= 0, "epochs", epochs, "at least 0")
    try require(batchSize >= 1, "batch-size", batchSize, "at least 1")
    try require(minLength >= 0, "min-length", minLength, "at least 0")
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
    try require(1...64 ~= threads, "threads", threads, "from 1 to 64")
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

extension OptimizerSettings {
  fileprivate func validate() throws(RecipeError) {
    try require(
      momentum >= 0 && momentum < 1, "momentum", momentum, "at least 0 and less than 1")
    try require(
      momentum == 0 || rule == .sgd || rule == .rmsprop, "momentum", momentum,
      "--optimizer sgd or rmsprop with it")
    try require(
      !nesterov || rule == .sgd && momentum > 0, "nesterov", "given",
      "--optimizer sgd and --momentum with it")
    for (name, share) in [("beta1", beta1), ("beta2", beta2), ("alpha", alpha)] {
      try require(share >= 0 && share < 1, name, share, "at least 0 and less than 1")
    }
    try require(epsilon.isFinite && epsilon >= 0, "epsilon", epsilon, "a number of at least 0")
    try require(
      weightDecay.isFinite && weightDecay >= 0, "weight-decay", weightDecay,
      "a number of at least 0")
    try require(
      clip.map { $0.isFinite && $0 > 0 } ?? true, "clip", clip ?? 0, "a number of more than 0")
  }
}

extension LearningRateSchedule {
  fileprivate func validate() throws(RecipeError) {
    try require(period >= 1, "schedule-period", period, "at least 1")
    try require(
      factor.isFinite && factor >= 0, "schedule-factor", factor, "a number of at least 0")
    try require(warmUp >= 0, "warm-up", warmUp, "at least 0")
  }
}

private func require(
  _ holds: Bool, _ name: String, _ found: Any, _ needed: String
) throws(RecipeError) {
  if !holds { throw RecipeError(name: name, found: "\(found)", needed: needed) }
}

extension Recipe {
  /// Reads a recipe; what older versions did not know has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<T: Decodable>(_ key: CodingKeys) throws -> T {
      try values.decode(T.self, forKey: key)
    }
    func value<T: Decodable>(_ key: CodingKeys, else preset: T) throws -> T {
      try values.decodeIfPresent(T.self, forKey: key) ?? preset
    }
    self.init()
    cell = try value(.cell, else: cell)
    layers = try value(.layers, else: layers)
    hidden = try value(.hidden)
    nonlinearity = try value(.nonlinearity)
    readout = try value(.readout, else: readout)
    initialization = try value(.initialization, else: initialization)
    gain = try value(.gain)
    start = try value(.start)
    trainsStart = try value(.trainsStart, else: trainsStart)
    optimizer = try value(.optimizer, else: optimizer)
    learningRate = try value(.learningRate)
    learningRateSchedule = try value(.learningRateSchedule, else: learningRateSchedule)
    epochs = try value(.epochs)
    batchSize = try value(.batchSize)
    minLength = try value(.minLength)
    maxLength = try value(.maxLength)
    wordsPerLength = try value(.wordsPerLength)
    isBalanced = try value(.isBalanced)
    supervision = try value(.supervision)
    fraction = try value(.fraction)
    loss = try value(.loss)
    stopLoss = try values.decodeIfPresent(Double.self, forKey: .stopLoss)
    validationWords = try value(.validationWords)
    validationLength = try value(.validationLength)
    schedule = try value(.schedule)
    seed = try value(.seed)
    threads = try value(.threads, else: threads)
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
