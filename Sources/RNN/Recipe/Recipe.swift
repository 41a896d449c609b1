// Everything that makes a training run, apart from the task itself.

internal import Automata
public import LinearAlgebra
public import Tasks

/// The numbers of a training run; the defaults are the paper's recipe for streaming parity.
///
/// Source: L. van Rossem and A. M. Saxe, "Algorithm Development in Neural Networks: Insights from
/// the Streaming Parity Task", ICML 2025, appendix C.
///
/// Each is an option, a row of ``RecipeOption/all``.
public struct Recipe: Hashable, Sendable {
  public var cell = Cell.elman
  public var layers = 1
  /// H, the number of hidden units of each layer.
  public var hidden = 100
  /// That of an Elman cell; the others have their own.
  public var nonlinearity = Activation.relu
  public var readout = Readout.linear
  public var initialization = Initialization.xavierNormal
  /// Scales the initial weights.
  public var gain: Double
  /// The entry of the state before the first symbol, the same for every unit of every layer, and of
  /// an LSTM's cell states too.
  public var start: Float = 1
  /// Whether the state before the first symbol is trained.
  public var trainsStart = false
  public var optimizer = OptimizerSettings()
  public var learningRate: Double
  public var learningRateSchedule = LearningRateSchedule()
  public var epochs = 1000
  public var batchSize = 128
  /// The length of the shortest training words.
  public var minLength = data.lengths.lowerBound
  /// The length of the longest training words.
  public var maxLength = data.lengths.upperBound
  /// Of a length with more words than this, this many are drawn.
  public var wordsPerLength = data.wordsPerLength
  /// Whether the training words are drawn with as many for each output.
  public var isBalanced = data.isBalanced
  /// Which outputs the loss is about.
  public var supervision = data.everyOutput ? Supervision.every : .last
  /// The probability with which each word is in the training set.
  public var fraction = data.fraction
  public var loss = Loss.meanSquaredError
  /// Training ends before its last epoch once the training loss is at most this.
  public var stopLoss: Double? = nil
  public var validationWords = data.validationWords
  public var validationLength = data.validationLength
  public var schedule = CheckpointSchedule.default
  public var seed: UInt64 = 1
  /// How many threads share the words of a step. The sums of the gradient depend on it in their
  /// last bits, so it is a part of the recipe.
  public var threads = 1

  /// How words are drawn by default, which is written there.
  private static let data = TrainingData.Options()

  /// The default recipe.
  public init() {
    gain = initialization.defaultGain
    learningRate = optimizer.rule.defaultLearningRate
  }

  /// The default recipe with some options set, each to what a user would write.
  ///
  /// - Parameter texts: The values by the names of their options; "true" or "false" for a flag.
  /// - Throws: `RecipeError` for the first that makes no sense, by itself or with the others.
  public init(_ texts: [String: String]) throws(RecipeError) {
    self.init()
    try set(texts)
    guard learningRateSchedule.kind != .step || texts["schedule-period"] != nil else {
      throw RecipeError(
        name: "schedule", found: "step",
        needed: "given with a schedule-period, the number of epochs from step to step")
    }
    try validate()
  }

  /// Sets an option to what a text says, and with it, if its value changes, the defaults that
  /// depend on it: another optimizer brings its own learning rate and weight decay, another
  /// initialization its gain, another schedule its period.
  ///
  /// Whether the value makes sense is a question for ``validate()``.
  ///
  /// - Parameters:
  ///   - name: The name of a row of ``RecipeOption/all``, such as "learning-rate".
  ///   - text: As a user writes it; "true" or "false" for a flag.
  /// - Throws: `RecipeError` if there is no such option, or the text is not of its kind.
  public mutating func set(_ name: String, to text: String) throws(RecipeError) {
    try set([name: text])
  }

  /// Sets several options, those first that defaults of others depend on.
  ///
  /// - Throws: As ``set(_:to:)``; then some may have been set.
  public mutating func set(_ texts: [String: String]) throws(RecipeError) {
    for name in texts.keys.sorted() where RecipeOption.named(name) == nil {
      throw RecipeError(
        name: name, found: "no option of a recipe",
        needed: "one of " + RecipeOption.all.map(\.name).joined(separator: ", "))
    }
    for option in RecipeOption.all {
      if let text = texts[option.name] { try option.set(text, in: &self) }
    }
  }

  /// The shape of a network that reads and says what `data` is about.
  public func shape(_ data: TrainingData) -> NetworkShape {
    NetworkShape(
      cell, layers: layers, inputs: data.alphabet.count, hidden: hidden,
      outputs: data.outputAlphabet.count, activation: nonlinearity, readout: readout)
  }

  /// - Throws: `RecipeError` for the first option whose value makes no sense, by itself or with the
  ///   others.
  public func validate() throws(RecipeError) {
    for option in RecipeOption.all { try option.validate(self) }
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
  /// At intervals of this many epochs.
  case every(Int)
  /// Whenever the representations of the evaluation set have moved by more than `share` of their
  /// scale since the last checkpoint, and at least every `longest` epochs.
  ///
  /// The distance moved is the root mean square over words of the Euclidean distance to the
  /// representation at the last checkpoint; the scale is that checkpoint's own: the Euclidean
  /// norm of the per-unit standard deviation over words.
  case adaptive(share: Double, longest: Int)

  public static let `default` = CheckpointSchedule.adaptive(
    share: defaultShare, longest: defaultLongest)

  static let defaultShare = 0.015
  static let defaultLongest = 25
}

/// A value of a recipe that makes no sense.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// The name of the option, a row of ``RecipeOption/all``.
  public let name: String
  /// Its value, as a user writes it.
  public let found: String
  /// What it must be, as the end of a sentence.
  public let needed: String

  /// Such as "hidden is 0; it must be from 1 to 8192."
  public var description: String { "\(name) is \(found); it must be \(needed)." }
}
