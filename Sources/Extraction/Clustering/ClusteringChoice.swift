// Which of several ways to divide representations into classes represents the system best.

internal import Automata
public import LinearAlgebra

/// Several clusterings of one table tried out, and the one whose automaton does best what the system
/// does. What the system ought to do plays no part.
///
/// - *Fidelity* is the share of words after which automaton and system give the same output, where an
///   open transition gives none: for each output of the system by itself, and of these shares the mean,
///   so that a rare output counts as much as a common one. It is taken over the words of the set, over
///   longer words where the system can be asked, and then over both with equal weight.
/// - The longer words are drawn uniformly and, for each of the automata to be judged and each of its
///   outputs, from the words to which it gives that output. An automaton is so held against what the
///   others claim; uniform words alone say nothing of a sparse language.
/// - Chosen is, of those whose fidelity is within one standard error of the best, the one with the
///   greatest consistency; of equally consistent ones the one that is closest to the middle of all those
///   good ones, so that neither a finer nor a coarser one would say something else. Refined classes are
///   all consistent; of these the one with the fewest states.
public struct ClusteringChoice: Sendable {
  /// One clustering and what came of it.
  public struct Trial: Sendable {
    public let clustering: Clustering
    public let extraction: Extraction
    /// Over the words of the set.
    public let fidelity: Double
    /// Over longer words; nil where the system cannot be asked.
    public let longFidelity: Double?

    /// What trials are compared by.
    public var score: Double { longFidelity.map { (fidelity + $0) / 2 } ?? fidelity }
  }

  /// Where outputs of longer words come from.
  public struct Questions {
    /// The lengths of the words.
    public var lengths: [Int]
    /// How many words of each length are drawn uniformly, and about as many from automata.
    public var count: Int
    /// The system's outputs after words of one length, in lexicographic order.
    public var ask: (_ words: [[Int]]) -> [Int32]

    /// - Parameters:
    ///   - lengths: The lengths of the words.
    ///   - count: How many words of each length are drawn uniformly.
    ///   - ask: The system's outputs after words of one length, in lexicographic order.
    public init(lengths: [Int], count: Int, ask: @escaping (_ words: [[Int]]) -> [Int32]) {
      self.lengths = lengths
      self.count = count
      self.ask = ask
    }
  }

  /// In the order of the candidates, which is from fine to coarse.
  public let trials: [Trial]
  /// The chosen one's position.
  public let position: Int
  /// The standard error of the best score.
  public let standardError: Double

  /// The chosen one.
  public var chosen: Trial { trials[position] }

  /// Tries every candidate.
  ///
  /// - Parameters:
  ///   - candidates: At least one, from fine to coarse.
  ///   - extractor: How to extract, but for the clustering.
  ///   - table: What the system says of each word.
  ///   - step: As in ``Extractor/extract(_:clusterer:step:)``.
  ///   - questions: Longer words; without them the words of the set have to do.
  ///   - generator: What the longer words are drawn with.
  /// - Throws: `ExtractionError.notFinite` if a vector has an infinite or undefined entry.
  /// - Complexity: that of the extractions, and of running the system on about twice as many words of
  ///   each length as asked for.
  public init(
    of candidates: [Clustering], _ extractor: Extractor, _ table: RepresentationTable,
    step: ((_ words: [Int]) -> MatrixBuffer)?, questions: Questions? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(ExtractionError) {
    precondition(!candidates.isEmpty, "no clustering to choose")
    let clusterer = Clusterer(points: table.vectors, count: table.words.count)
    var extractions: [Extraction] = []
    for candidate in candidates {
      extractions.append(
        try Extractor(
          alphabet: extractor.alphabet, outputAlphabet: extractor.outputAlphabet,
          clustering: candidate, isRefined: extractor.isRefined,
          emptyWordCounts: extractor.emptyWordCounts
        ).extract(table, clusterer: clusterer, step: step))
    }
    let automata = extractions.map(\.automaton)
    let longWords = questions.map {
      Answers($0, automata, symbols: extractor.alphabet.count, using: &generator)
    }
    let asked = (extractor.emptyWordCounts ? 0 : 1)..<table.words.count
    let short = asked.map { table.words.word(of: $0) }
    let known = Answers(words: short, outputs: asked.map { Int(table.outputs[$0]) })
    let trials = zip(candidates, extractions).map { candidate, extraction in
      Trial(
        clustering: candidate, extraction: extraction,
        fidelity: known.fidelity(of: extraction.automaton),
        longFidelity: longWords?.fidelity(of: extraction.automaton))
    }
    let best = trials.indices.reduce(0) { trials[$1].score > trials[$0].score ? $1 : $0 }
    // Of a mean of two independent shares.
    let variance = known.variance(of: automata[best])
    standardError =
      (longWords.map { (variance + $0.variance(of: automata[best])) / 4 } ?? variance)
      .squareRoot()
    let least = trials[best].score - standardError
    let good = trials.indices.filter { trials[$0].score >= least }
    self.trials = trials
    // There is at least the best. Twice the middle is a whole number.
    let twiceMiddle = (good.first ?? best) + (good.last ?? best)
    func rank(_ trial: Int) -> (Double, Int, Int) {
      let extraction = trials[trial].extraction
      let distance =
        extractor.isRefined
        ? extraction.automaton.stateCount : abs(2 * trial - twiceMiddle)
      return (extraction.consistency, -distance, trial)
    }
    position = good.max { rank($0) < rank($1) } ?? best
  }
}

/// Words and what the system says after them.
private struct Answers {
  private var words: [[Int]] = []
  private var outputs: [Int] = []

  init(words: [[Int]], outputs: [Int]) {
    self.words = words
    self.outputs = outputs
  }

  /// Asks after uniform words and after those to which the automata give each output.
  init(
    _ questions: ClusteringChoice.Questions, _ automata: [MooreMachine], symbols: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    // Equivalent automata claim the same.
    var seen: Set<MooreMachine> = []
    let ordered = automata.map { $0.isComplete ? $0.minimized() : $0 }
      .filter { seen.insert($0).inserted }
    for length in questions.lengths {
      var drawn = Set<[Int]>()
      for _ in 0..<questions.count {
        drawn.insert((0..<length).map { _ in Int.random(in: 0..<symbols, using: &generator) })
      }
      for machine in ordered {
        let outputs = Set(machine.outputs).sorted()
        let share = max(4, questions.count / (ordered.count * outputs.count))
        for output in outputs {
          let sampler = WordSampler(machine: machine, output: Int(output), length: length)
          for _ in 0..<share {
            if let word = sampler.sample(using: &generator) { drawn.insert(word) }
          }
        }
      }
      let sorted = drawn.sorted { $0.lexicographicallyPrecedes($1) }
      words += sorted
      outputs += questions.ask(sorted).map(Int.init)
    }
  }

  /// For each output of the system: how many words have it, and of how many an automaton says so.
  private func counts(_ automaton: MooreMachine) -> [Int: (words: Int, right: Int)] {
    var counts: [Int: (words: Int, right: Int)] = [:]
    for (word, output) in zip(words, outputs) {
      counts[output, default: (0, 0)].words += 1
      if automaton.output(after: word) == output { counts[output]?.right += 1 }
    }
    return counts
  }

  /// The mean over the system's outputs; 1 without words.
  func fidelity(of automaton: MooreMachine) -> Double {
    let counts = counts(automaton)
    guard !counts.isEmpty else { return 1 }
    return counts.values.map { Double($0.right) / Double($0.words) }.sorted().reduce(0, +)
      / Double(counts.count)
  }

  /// The variance of that mean, if the words are a sample. A share is taken to be at least one half
  /// word from 0 and 1.
  func variance(of automaton: MooreMachine) -> Double {
    let counts = counts(automaton)
    guard !counts.isEmpty else { return 0 }
    return counts.values.map { words, right in
      let share = (Double(right) + 0.5) / (Double(words) + 1)
      return share * (1 - share) / Double(words)
    }.sorted().reduce(0, +) / Double(counts.count * counts.count)
  }
}
