// Words to train on or to be judged by.

internal import Automata

/// Words of one length with the output that each should end in, in lexicographic order.
public struct WordSet: Equatable, Sendable {
  /// The length of every word.
  public let length: Int
  /// The words one after the other: symbol t of word i is `symbols[i * length + t]`.
  public let symbols: [Int32]
  /// The right output after each word, a position in the task's output alphabet.
  public let targets: [Int32]

  /// The number of words.
  public var count: Int { targets.count }

  /// One word.
  public func word(_ index: Int) -> ArraySlice<Int32> {
    symbols[index * length..<(index + 1) * length]
  }

  /// Words of length `length` and the right output after each, in any order; a word may occur more
  /// than once, also with different outputs.
  ///
  /// - Precondition: every word has `length` symbols, and there is one target per word.
  /// - Complexity: O(n · log n · length) for n words.
  public init(length: Int, words: [[Int]], targets: [Int]) {
    precondition(
      words.count == targets.count, "\(words.count) words and \(targets.count) targets")
    precondition(words.allSatisfy { $0.count == length }, "all words have length \(length)")
    let order = words.indices.sorted { a, b in
      words[a] == words[b] ? a < b : words[a].lexicographicallyPrecedes(words[b])
    }
    self.init(
      length: length, symbols: order.flatMap { words[$0].map(Int32.init) },
      targets: order.map { Int32(targets[$0]) })
  }

  /// Words of the given length with their outputs, in lexicographic order.
  ///
  /// - Precondition: `symbols` has `length` entries per target.
  init(length: Int, symbols: [Int32], targets: [Int32]) {
    precondition(symbols.count == length * targets.count)
    self.length = length
    self.symbols = symbols
    self.targets = targets
  }

  /// Each word of length `length` with probability `fraction`; all of them where that is 1.
  ///
  /// - Precondition: fewer than 2^31 words of that length.
  /// - Complexity: O(k^length · length).
  public static func all(
    length: Int, of language: Language, fraction: Double = 1,
    using generator: inout some RandomNumberGenerator
  ) -> WordSet {
    let k = language.alphabet.count
    var symbols: [Int32] = []
    var targets: [Int32] = []
    var word = [Int](repeating: 0, count: length)
    while true {
      if fraction >= 1 || Double.random(in: 0..<1, using: &generator) < fraction {
        symbols.append(contentsOf: word.map(Int32.init))
        targets.append(Int32(language.target(of: word)))
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
    return WordSet(length: length, symbols: symbols, targets: targets)
  }

  /// `count` words of length `length`, each symbol drawn uniformly; a word may occur twice.
  public static func random(
    count: Int, length: Int, of language: Language,
    using generator: inout some RandomNumberGenerator
  ) -> WordSet {
    let k = language.alphabet.count
    var words: [[Int]] = []
    for _ in 0..<count {
      words.append((0..<length).map { _ in Int.random(in: 0..<k, using: &generator) })
    }
    words.sort { $0.lexicographicallyPrecedes($1) }
    return WordSet(
      length: length, symbols: words.flatMap { $0.map(Int32.init) },
      targets: words.map { Int32(language.target(of: $0)) })
  }
}
