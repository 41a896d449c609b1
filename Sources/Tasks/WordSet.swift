// Words to train on or to be judged by.

internal import Automata

/// Words of one length with the outputs that they should have, in lexicographic order.
public struct WordSet: Equatable, Sendable {
  /// The length of every word.
  public let length: Int
  /// The words one after the other: symbol t of word i is `symbols[i * length + t]`.
  public let symbols: [Int32]
  /// The right output after each word, a position in the task's output alphabet.
  public let targets: [Int32]
  /// The right output after each symbol of each word, laid out as ``symbols``; nil where only the
  /// last output is asked for.
  public let stepTargets: [Int32]?

  /// The number of words; equal words each count.
  public var count: Int { targets.count }

  /// One word.
  ///
  /// - Parameter index: Its number in the set.
  public func word(_ index: Int) -> ArraySlice<Int32> {
    symbols[index * length..<(index + 1) * length]
  }

  /// Words of length `length` and the right output after each, in any order; a word may occur more
  /// than once, also with different outputs.
  ///
  /// - Parameters:
  ///   - length: The length of every word.
  ///   - words: The words, symbol by symbol.
  ///   - targets: The right output after each.
  /// - Precondition: every word has `length` symbols, and there is one target per word.
  /// - Complexity: O(n · log n · length) for n words.
  public init(length: Int, words: [[Int]], targets: [Int]) {
    precondition(
      words.count == targets.count, "\(words.count) words and \(targets.count) targets")
    precondition(words.allSatisfy { $0.count == length }, "all words have length \(length)")
    // Equal words keep their order.
    let order = words.indices.sorted { a, b in
      words[a] == words[b] ? a < b : words[a].lexicographicallyPrecedes(words[b])
    }
    self.length = length
    symbols = order.flatMap { words[$0].map(Int32.init) }
    self.targets = order.map { Int32(targets[$0]) }
    stepTargets = nil
  }

  /// Words with the outputs that `language` asks for.
  init(length: Int, words: [[Int]], of language: Language, everyOutput: Bool) {
    self.length = length
    symbols = words.flatMap { $0.map(Int32.init) }
    targets = words.map { Int32(language.target(of: $0)) }
    // After the empty word there is one output, and it is the last.
    guard everyOutput, length > 0 else {
      stepTargets = nil
      return
    }
    let machine = language.machine
    stepTargets = words.flatMap { word in
      var state = 0
      return word.map { symbol in
        // The machine of a task is complete.
        state = machine.successor(of: state, on: symbol)!
        return Int32(machine.output(of: state))
      }
    }
  }

  /// Each word of length `length` with probability `fraction`; all of them where that is 1.
  ///
  /// - Parameters:
  ///   - length: The length of the words.
  ///   - language: What they are words over, and what their targets are from.
  ///   - fraction: The probability of each word.
  ///   - everyOutput: Whether the targets after every symbol are kept too.
  ///   - generator: What the words are drawn with.
  /// - Precondition: fewer than 2^31 words of that length.
  /// - Complexity: O(k^length · length).
  public static func all(
    length: Int, of language: Language, fraction: Double = 1, everyOutput: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) -> WordSet {
    let k = language.alphabet.count
    var words: [[Int]] = []
    var word = [Int](repeating: 0, count: length)
    while true {
      if fraction >= 1 || Double.random(in: 0..<1, using: &generator) < fraction {
        words.append(word)
      }
      // The next word in lexicographic order: count up from the last symbol.
      var position = length - 1
      while position >= 0, word[position] == k - 1 {
        word[position] = 0
        position -= 1
      }
      guard position >= 0 else { break }
      word[position] += 1
    }
    return WordSet(length: length, words: words, of: language, everyOutput: everyOutput)
  }

  /// `count` words of length `length`, each symbol drawn uniformly; a word may occur twice.
  ///
  /// - Parameters:
  ///   - count: How many words.
  ///   - length: The length of the words.
  ///   - language: What they are words over, and what their targets are from.
  ///   - everyOutput: Whether the targets after every symbol are kept too.
  ///   - generator: What the words are drawn with.
  public static func random(
    count: Int, length: Int, of language: Language, everyOutput: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) -> WordSet {
    let k = language.alphabet.count
    var words: [[Int]] = []
    for _ in 0..<count {
      words.append((0..<length).map { _ in Int.random(in: 0..<k, using: &generator) })
    }
    words.sort { $0.lexicographicallyPrecedes($1) }
    return WordSet(length: length, words: words, of: language, everyOutput: everyOutput)
  }

  /// `count` words of length `length`, as many for each output that some word of that length has;
  /// among the words with one output each is equally likely, and a word may occur twice.
  ///
  /// - Parameters:
  ///   - count: How many words.
  ///   - length: The length of the words.
  ///   - language: What they are words over, and what their targets are from.
  ///   - everyOutput: Whether the targets after every symbol are kept too.
  ///   - generator: What the words are drawn with.
  public static func balanced(
    count: Int, length: Int, of language: Language, everyOutput: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) -> WordSet {
    let samplers = (0..<language.outputAlphabet.count).map {
      WordSampler(machine: language.machine, output: $0, length: length)
    }.filter { !$0.isEmpty }
    // Every word has some output, so there is a sampler.
    var words = (0..<count).compactMap { samplers[$0 % samplers.count].sample(using: &generator) }
    words.sort { $0.lexicographicallyPrecedes($1) }
    return WordSet(length: length, words: words, of: language, everyOutput: everyOutput)
  }

  /// `count` random words, balanced between the outputs where one of those that occur is rarer than
  /// one word in ten, else drawn uniformly.
  ///
  /// In a sparse language uniform words say nothing: Tomita's first two languages accept one word
  /// of 1,024 at length 10.
  ///
  /// - Parameters:
  ///   - count: How many words.
  ///   - length: The length of the words.
  ///   - language: What they are words over, and what their targets are from.
  ///   - everyOutput: Whether the targets after every symbol are kept too.
  ///   - generator: What the words are drawn with.
  public static func representative(
    count: Int, length: Int, of language: Language, everyOutput: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) -> WordSet {
    let shares = language.machine.outputShares(ofLength: length).filter { $0 > 0 }
    let isSparse = shares.contains { $0 < 0.1 }
    return isSparse
      ? balanced(
        count: count, length: length, of: language, everyOutput: everyOutput, using: &generator)
      : random(
        count: count, length: length, of: language, everyOutput: everyOutput, using: &generator)
  }
}
