// From hidden states to an automaton.

public import Automata
public import LinearAlgebra

/// What a system says of each word of an evaluation set, whatever the system is.
public struct RepresentationTable {
  /// The words, n of them.
  public let words: PrefixTree
  /// One vector per word, n × H; further rows are ignored.
  public let vectors: MatrixBuffer
  /// The output after each word, a position in the output alphabet.
  public let outputs: [Int32]

  /// - Parameters:
  ///   - words: The words, n of them.
  ///   - vectors: One vector per word, at least n × H.
  ///   - outputs: The output after each word, a position in the output alphabet.
  /// - Precondition: there are n outputs and at least n vectors.
  public init(words: PrefixTree, vectors: MatrixBuffer, outputs: [Int32]) {
    precondition(
      vectors.rows >= words.count && outputs.count == words.count,
      "\(vectors.rows) vectors and \(outputs.count) outputs for \(words.count) words")
    self.words = words
    self.vectors = vectors
    self.outputs = outputs
  }

  /// The spread of the vectors: the Euclidean norm of the standard deviations of their entries.
  public var scale: Double {
    var moments = ColumnMoments(columns: vectors.columns)
    moments.add(vectors, rows: 0..<words.count)
    return moments.scale
  }
}

/// Extracts the automaton of a table: the definitions are those of the design, section 2, unless
/// another way to divide the words into classes is asked for.
///
/// A class's leader is its first word in shortlex order. Classes move as their leaders do.
public struct Extractor: Sendable {
  public let alphabet: Alphabet
  public let outputAlphabet: Alphabet
  /// How words fall into classes.
  public let clustering: Clustering
  /// Whether these classes are then split until they are a congruence: until the words of each have
  /// the same output and go on alike. A class then moves as its first word whose successor on the
  /// symbol is in the set.
  public let isRefined: Bool
  /// Whether the output after ε means something: false for a network that was never trained on it.
  public let emptyWordCounts: Bool

  /// - Parameters:
  ///   - alphabet: The symbols of the words.
  ///   - outputAlphabet: What the system may say of a word.
  ///   - clustering: How words fall into classes.
  ///   - isRefined: Whether classes are then split until they are a congruence.
  ///   - emptyWordCounts: Whether the output after ε means something: false for a network that was
  ///     never trained on it.
  /// - Precondition: `clustering` is valid.
  public init(
    alphabet: Alphabet, outputAlphabet: Alphabet, clustering: Clustering, isRefined: Bool = false,
    emptyWordCounts: Bool
  ) {
    precondition(clustering.isValid, "\(clustering)")
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.clustering = clustering
    self.isRefined = isRefined
    self.emptyWordCounts = emptyWordCounts
  }

  /// Words are taken in shortlex order; a word joins the first class whose leader lies at most
  /// `mergeDistance` away, else it founds a class.
  ///
  /// - Parameters:
  ///   - alphabet: The symbols of the words.
  ///   - outputAlphabet: What the system may say of a word.
  ///   - mergeDistance: The Euclidean distance up to which two representations are one state.
  ///   - emptyWordCounts: Whether the output after ε means something: false for a network that was
  ///     never trained on it.
  /// - Precondition: `mergeDistance` is finite and not negative.
  public init(
    alphabet: Alphabet, outputAlphabet: Alphabet, mergeDistance: Double, emptyWordCounts: Bool
  ) {
    self.init(
      alphabet: alphabet, outputAlphabet: outputAlphabet,
      clustering: .leaders(distance: mergeDistance), emptyWordCounts: emptyWordCounts)
  }

  /// Reads the automaton off `table`.
  ///
  /// - Parameters:
  ///   - table: What the system says of each word.
  ///   - clusterer: Holds the table's vectors, and what was found of them at earlier extractions; one
  ///     of its own by default.
  ///   - step: Given words of the set, the vectors that one more symbol leads to, for each word
  ///     and each symbol a row, word by word. It is asked for leaders some of whose successors
  ///     are not in the set. Nil where that is not known; such transitions are then open.
  /// - Throws: `ExtractionError.notFinite` if a vector has an infinite or undefined entry.
  /// - Precondition: at most ``Clustering/mostWordsInPairs`` words where the clustering looks at pairs.
  /// - Complexity: with leaders about O(n · H) where the classes lie apart, at worst
  ///   O(n · classes · H); for the other ways see ``Clustering``.
  public func extract(
    _ table: RepresentationTable, clusterer: Clusterer? = nil,
    step: ((_ words: [Int]) -> MatrixBuffer)?
  ) throws(ExtractionError) -> Extraction {
    let words = table.words
    let count = words.count
    guard table.vectors.isFinite(rows: 0..<count) else {
      let bad = (0..<count).first { !table.vectors.isFinite(rows: $0..<$0 + 1) } ?? 0
      throw .notFinite(word: alphabet.format(words.word(of: bad)))
    }
    let clusterer = clusterer ?? Clusterer(points: table.vectors, count: count)
    precondition(clusterer.points === table.vectors && clusterer.count == count)
    var clusters = clusterer.clusters(clustering)
    if isRefined {
      let outputs = table.outputs.enumerated().map { word, output in
        word > 0 || emptyWordCounts ? Int(output) : nil
      }
      let finer = clusters.partition.refinedToCongruence(words, outputs: outputs, clusterer)
      clusters = clusters.refined(to: finer, clusterer)
    }
    let partition = clusters.partition
    let classes = partition.classes

    let k = alphabet.count
    var successors = [Int?](repeating: nil, count: partition.count * k)
    var frontier: [Int] = []
    for (number, leader) in partition.leaders.enumerated() {
      for child in words.children(of: Int(leader)) {
        successors[number * k + Int(words.symbols[child])] = Int(classes[child])
      }
    }
    if isRefined {
      for word in 0..<count {
        for child in words.children(of: word) {
          let index = Int(classes[word]) * k + Int(words.symbols[child])
          successors[index] = successors[index] ?? Int(classes[child])
        }
      }
    }
    for number in 0..<partition.count where successors[number * k..<(number + 1) * k].contains(nil)
    {
      frontier.append(number)
    }
    if let step, !frontier.isEmpty {
      let vectors = step(frontier.map { Int(partition.leaders[$0]) })
      precondition(
        vectors.rows >= frontier.count * k && vectors.columns == table.vectors.columns,
        "\(vectors.rows) × \(vectors.columns) vectors for \(frontier.count * k) successors")
      guard vectors.isFinite(rows: 0..<frontier.count * k) else {
        throw .notFinite(word: alphabet.format(words.word(of: partition.leader(of: frontier[0]))))
      }
      let found = clusters.classes(ofRowsOf: vectors, count: frontier.count * k)
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
