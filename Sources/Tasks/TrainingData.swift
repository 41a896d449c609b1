// What a network is trained on and judged by.

public import Automata

/// Words with their outputs, for training and for validation.
public struct TrainingData: Sendable {
  public let alphabet: Alphabet
  public let outputAlphabet: Alphabet
  /// One set per length, by increasing length; none is empty.
  public let training: [WordSet]
  /// Likewise.
  public let validation: [WordSet]

  /// How to draw words of a language.
  public struct Options: Hashable, Sendable {
    /// The lengths of the training words.
    public var lengths = 1...10
    /// Of lengths with more words than this, this many are drawn; of others all are taken.
    public var wordsPerLength = 1 << 14
    /// Whether each length's words are drawn with as many for each output.
    public var isBalanced = false
    /// The probability with which each word is taken.
    public var fraction = 1.0
    /// Whether the output after every symbol is asked for, or the last alone.
    public var everyOutput = false
    public var validationWords = 100
    public var validationLength = 50

    public init() {}
  }

  /// Draws words of a language; what is drawn depends on `seed` alone.
  ///
  /// - Parameters:
  ///   - language: What is to be learnt.
  ///   - options: Which words, and how many.
  ///   - seed: What they are drawn from.
  public init(_ language: Language, options: Options, seed: UInt64) {
    alphabet = language.alphabet
    outputAlphabet = language.outputAlphabet
    var generator = SplitMix64(seed: seed, stream: "training words")
    training = options.lengths.map { length in
      let total = Self.count(symbols: language.alphabet.count, length: length)
      let taken = min(total, options.wordsPerLength)
      if options.isBalanced {
        let share = Int((Double(taken) * options.fraction).rounded(.up))
        return WordSet.balanced(
          count: share, length: length, of: language, everyOutput: options.everyOutput,
          using: &generator)
      }
      if total <= options.wordsPerLength {
        return WordSet.all(
          length: length, of: language, fraction: options.fraction,
          everyOutput: options.everyOutput, using: &generator)
      }
      return WordSet.representative(
        count: Int((Double(taken) * options.fraction).rounded(.up)), length: length,
        of: language, everyOutput: options.everyOutput, using: &generator)
    }.filter { $0.count > 0 }

    var validationGenerator = SplitMix64(seed: seed, stream: "validation words")
    validation = [
      WordSet.representative(
        count: options.validationWords, length: options.validationLength, of: language,
        using: &validationGenerator)
    ]
  }

  /// Takes labelled words as they are, a tenth of them, drawn at random, for validation; words
  /// without a label are left out.
  ///
  /// - Parameters:
  ///   - words: The words with their outputs.
  ///   - seed: What the words for validation are drawn from.
  /// - Returns: nil if fewer than two words have labels.
  public init?(_ words: LabelledWords, seed: UInt64) {
    alphabet = words.alphabet
    outputAlphabet = words.outputAlphabet
    var labelled = zip(words.words, words.outputs).compactMap { word, output in
      output.map { (word: word, target: $0) }
    }
    guard labelled.count >= 2 else { return nil }
    var generator = SplitMix64(seed: seed, stream: "held-out words")
    labelled.shuffle(using: &generator)
    let heldOut = max(1, labelled.count / 10)
    validation = Self.byLength(labelled.prefix(heldOut))
    training = Self.byLength(labelled.dropFirst(heldOut))
  }

  private static func byLength(_ words: ArraySlice<(word: [Int], target: Int)>) -> [WordSet] {
    Dictionary(grouping: words) { $0.word.count }.sorted { $0.key < $1.key }.map { length, words in
      let sorted = words.sorted {
        $0.word == $1.word
          ? $0.target < $1.target : $0.word.lexicographicallyPrecedes($1.word)
      }
      return WordSet(length: length, words: sorted.map(\.word), targets: sorted.map(\.target))
    }
  }

  /// The number of words of a length, saturating.
  static func count(symbols: Int, length: Int) -> Int {
    var total = 1
    for _ in 0..<min(length, 64) {
      let (product, overflow) = total.multipliedReportingOverflow(by: symbols)
      if overflow { return .max }
      total = product
    }
    return total
  }
}
