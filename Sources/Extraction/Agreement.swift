// Which pairs of words need not be told apart.

public import Automata

/// For every pair of words of an evaluation set, whether what is asked for after every continuation
/// is the same.
///
/// One bit per pair. Pairs are numbered row by row, (0, 1), (0, 2), …, (1, 2), …
public struct Agreement: Sendable {
  /// The number of words.
  public let count: Int
  /// The number of agreeing pairs.
  public private(set) var agreeingPairs = 0

  private var bits: [UInt64]

  /// Pairs agree that a partition puts into one class, as Nerode classes do.
  ///
  /// - Parameter classes: The classes of n words.
  /// - Complexity: O(n²) bits and time.
  public init(classes: Partition) {
    self.init(count: classes.classes.count) { first, second, _ in
      classes.classes[first] == classes.classes[second]
    }
  }

  /// Pairs agree where no continuation of both has labels that differ: the case of a task known by
  /// some words and their outputs alone. This is no equivalence relation, since two words without a
  /// labelled continuation in common agree.
  ///
  /// - Parameters:
  ///   - words: The evaluation set, n words over k symbols.
  ///   - labels: The output asked for after each word, or nil where none is.
  /// - Complexity: O(n² · k) time, n²/2 bits.
  public init(words: PrefixTree, labels: [Int?]) {
    precondition(labels.count == words.count, "\(labels.count) labels for \(words.count) words")
    self.init(count: words.count) { first, second, known in
      if let one = labels[first], let other = labels[second], one != other { return false }
      return words.children(of: first).allSatisfy { child in
        guard let twin = words.child(of: second, on: Int(words.symbols[child])) else { return true }
        // Children come after their parents, so that this pair has been decided.
        return known.holds(child, twin)
      }
    }
  }

  private init(
    count: Int, _ agree: (_ first: Int, _ second: Int, _ known: borrowing Agreement) -> Bool
  ) {
    self.count = count
    bits = [UInt64](repeating: 0, count: (count * max(count - 1, 0) / 2 + 63) / 64)
    for first in stride(from: count - 2, through: 0, by: -1) {
      let start = Self.start(of: first, count: count)
      for second in first + 1..<count where agree(first, second, self) {
        let number = start + second - first - 1
        bits[number >> 6] |= 1 << UInt64(number & 63)
        agreeingPairs += 1
      }
    }
  }

  /// The number of the first pair of a row.
  package static func start(of row: Int, count: Int) -> Int { row * (2 * count - row - 1) / 2 }

  /// Whether a pair agrees, by its number.
  package func holds(pair number: Int) -> Bool {
    bits[number >> 6] >> UInt64(number & 63) & 1 != 0
  }

  /// Whether two words agree; every word agrees with itself.
  public func holds(_ first: Int, _ second: Int) -> Bool {
    if first == second { return true }
    let (first, second) = (min(first, second), max(first, second))
    return holds(pair: Self.start(of: first, count: count) + second - first - 1)
  }
}
