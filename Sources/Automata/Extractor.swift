// From hidden states to an automaton.

public import LinearAlgebra

/// What a system says of each word of an evaluation set, whatever the system is.
public struct RepresentationTable {
  /// The words, n of them.
  public let words: PrefixTree
  /// One vector per word, n × H; further rows are ignored.
  public let vectors: MatrixBuffer
  /// The output after each word, a position in the output alphabet.
  public let outputs: [Int32]

  public init(words: PrefixTree, vectors: MatrixBuffer, outputs: [Int32]) {
    precondition(
      vectors.rows >= words.count && outputs.count == words.count,
      "\(vectors.rows) vectors and \(outputs.count) outputs for \(words.count) words")
    self.words = words
    self.vectors = vectors
    self.outputs = outputs
  }
}

/// Extracts the automaton of a table: the definitions are those of the design, section 2.
///
/// Words are taken in shortlex order. A word joins the first class whose leader, its first word,
/// lies at most the merge distance away, else it founds a class. Classes move as their leaders do.
public struct Extractor: Sendable {
  public let alphabet: Alphabet
  public let outputAlphabet: Alphabet
  /// The Euclidean distance up to which two representations are one state.
  public let mergeDistance: Double
  /// Whether the output after ε means something: false for a network that was never trained on it.
  public let emptyWordCounts: Bool

  /// - Precondition: `mergeDistance` is finite and not negative.
  public init(
    alphabet: Alphabet, outputAlphabet: Alphabet, mergeDistance: Double,
    emptyWordCounts: Bool = true
  ) {
    precondition(mergeDistance.isFinite && mergeDistance >= 0, "merge distance \(mergeDistance)")
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.mergeDistance = mergeDistance
    self.emptyWordCounts = emptyWordCounts
  }

  /// Reads the automaton off `table`.
  ///
  /// - Parameters:
  ///   - step: Given words of the set, the vectors that one more symbol leads to, for each word
  ///     and each symbol a row, word by word. It is asked for leaders some of whose successors
  ///     are not in the set. Without it, such transitions are open.
  /// - Throws: `ExtractionError.notFinite` if a vector has an infinite or undefined entry.
  /// - Complexity: about O(n · H) where the classes lie apart; at worst O(n · classes · H).
  public func extract(
    _ table: RepresentationTable, step: ((_ words: [Int]) -> MatrixBuffer)? = nil
  ) throws(ExtractionError) -> Extraction {
    let words = table.words
    let count = words.count
    guard table.vectors.isFinite(rows: 0..<count) else {
      let bad = (0..<count).first { !table.vectors.isFinite(rows: $0..<$0 + 1) } ?? 0
      throw .notFinite(word: alphabet.format(words.word(of: bad)))
    }
    var index = LeaderIndex(points: table.vectors, count: count, distance: mergeDistance)
    var classes = [Int32](repeating: 0, count: count)
    for word in 0..<count {
      if let number = index.first(near: word) {
        classes[word] = Int32(number)
      } else {
        classes[word] = Int32(index.leaders.count)
        index.insert(word)
      }
    }
    let partition = Partition(classes: classes, leaders: index.leaders)

    let k = alphabet.count
    var successors = [Int?](repeating: nil, count: partition.count * k)
    var frontier: [Int] = []
    for (number, leader) in partition.leaders.enumerated() {
      let children = words.children(of: Int(leader))
      for child in children {
        successors[number * k + Int(words.symbols[child])] = Int(classes[child])
      }
      if children.count < k { frontier.append(number) }
    }
    if let step, !frontier.isEmpty {
      let vectors = step(frontier.map { Int(partition.leaders[$0]) })
      precondition(
        vectors.rows >= frontier.count * k && vectors.columns == table.vectors.columns,
        "\(vectors.rows) × \(vectors.columns) vectors for \(frontier.count * k) successors")
      guard vectors.isFinite(rows: 0..<frontier.count * k) else {
        throw .notFinite(word: alphabet.format(words.word(of: partition.leader(of: frontier[0]))))
      }
      let found = index.first(nearRowsOf: vectors, count: frontier.count * k)
      for (position, number) in frontier.enumerated() {
        for symbol in 0..<k where successors[number * k + symbol] == nil {
          successors[number * k + symbol] = found[position * k + symbol]
        }
      }
    }

    var outputs = partition.leaders.map { Int(table.outputs[Int($0)]) }
    let firstAsked = emptyWordCounts ? 0 : (1..<max(count, 1)).first { classes[$0] == 0 }
    if let firstAsked { outputs[0] = Int(table.outputs[firstAsked]) }
    var disagreements = [Int](repeating: 0, count: partition.count)
    var consistent = 0
    for word in 0..<count {
      let number = Int(classes[word])
      if Int(table.outputs[word]) != outputs[number], word != 0 || emptyWordCounts {
        disagreements[number] += 1
      }
      for child in words.children(of: word)
      where successors[number * k + Int(words.symbols[child])] == Int(classes[child]) {
        consistent += 1
      }
    }
    return Extraction(
      partition: partition, successors: successors, outputs: outputs,
      disagreements: disagreements,
      consistency: count > 1 ? Double(consistent) / Double(count - 1) : 1,
      alphabet: alphabet, outputAlphabet: outputAlphabet, startOutputIsFree: firstAsked == nil)
  }
}

/// Why no automaton can be read off a table.
public enum ExtractionError: Error, Equatable, CustomStringConvertible {
  case notFinite(word: String)

  public var description: String {
    switch self {
    case .notFinite(let word):
      "the hidden state after '\(word)' is not finite; had training diverged?"
    }
  }
}
