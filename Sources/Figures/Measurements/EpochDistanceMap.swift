// The number of states over epoch and merge distance: one merge distance is one arbitrary cut.

internal import Automata
public import Extraction
internal import Glibc
internal import LinearAlgebra
public import RNN
public import Studies

/// The automata of checkpoints at merge distances over four decades.
public struct EpochDistanceMap: Sendable {
  /// The automaton of one checkpoint at one merge distance.
  public struct Cell: Hashable, Sendable {
    /// The number of states reached from state 0.
    public let states: Int
    /// The number of classes of words.
    public let classes: Int
    /// Whether the automaton has no open transition.
    public let isComplete: Bool
    /// The extraction's consistency, from 0 to 1.
    public let consistency: Double
    /// Whether the automaton computes the task; nil where no task is known.
    public let isEquivalent: Bool?

    /// Whether a class's words agree on where a symbol leads in at least
    /// ``EpochDistanceMap/leastConsistency`` of the cases.
    public var isConsistent: Bool { consistency >= EpochDistanceMap.leastConsistency }
  }

  /// The checkpoints that were looked at.
  public let epochs: [Int]
  /// In units of the scale, increasing; the one in use is in the middle.
  public let distances: [Double]
  /// cells[epoch][distance].
  public let cells: [[Cell]]

  /// The consistency from which on a cell counts as consistent.
  public static let leastConsistency = 0.99
  /// How many distances there are.
  public static let distanceCount = 25

  /// - Parameters:
  ///   - epochs: The checkpoints in order.
  ///   - distances: In units of the scale, increasing.
  ///   - cells: For each epoch a cell for each distance.
  public init(epochs: [Int], distances: [Double], cells: [[Cell]]) {
    precondition(
      cells.count == epochs.count && cells.allSatisfy { $0.count == distances.count },
      "\(cells.count) rows of cells for \(epochs.count) epochs")
    self.epochs = epochs
    self.distances = distances
    self.cells = cells
  }

  /// How the automata of a run's checkpoints are made at each distance.
  public struct Probe: Sendable {
    /// In units of the scale, increasing: in equal ratios from a hundredth of the merge distance in
    /// use, or of 0.01 where that is 0, to a hundred times it.
    public let distances: [Double]

    private let alphabet: Alphabet
    private let outputAlphabet: Alphabet
    private let emptyWordCounts: Bool
    private let method: StateRule.Method
    private let isRefined: Bool
    private let task: MooreMachine?

    /// - Parameter subject: Words fall into states in its way where that goes by a distance, else
    ///   by the definition of a state.
    public init(_ subject: Subject<NetworkCheckpoints>) {
      let centre = subject.mergeDistance > 0 ? subject.mergeDistance : 0.01
      let count = EpochDistanceMap.distanceCount
      distances = (0..<count).map { centre * pow(10, 4 * Double($0) / Double(count - 1) - 2) }
      alphabet = subject.source.alphabet
      outputAlphabet = subject.source.outputAlphabet
      emptyWordCounts = subject.emptyWordCounts
      method = subject.rule.method.hasDistance ? subject.rule.method : .leaders
      isRefined = subject.rule.isRefined
      task = subject.task?.machine
    }

    /// The automata of one checkpoint, one for each distance.
    ///
    /// - Parameters:
    ///   - table: Its representations.
    ///   - pass: The pass that they are of.
    ///   - scale: The unit of distances, in units of the representations.
    /// - Throws: `ExtractionError` if a representation is not finite.
    /// - Complexity: an extraction for each distance.
    public func cells(
      _ table: RepresentationTable, _ pass: TreePass, scale: Double
    ) throws -> [Cell] {
      let clusterer = Clusterer(points: table.vectors, count: table.words.count)
      return try distances.map { distance in
        let extraction = try Extractor(
          alphabet: alphabet, outputAlphabet: outputAlphabet,
          clustering: method.clustering(distance * scale), isRefined: isRefined,
          emptyWordCounts: emptyWordCounts
        ).extract(table, clusterer: clusterer, step: pass.successors(of:))
        let automaton = extraction.automaton
        return Cell(
          states: automaton.stateCount, classes: extraction.partition.count,
          isComplete: automaton.isComplete, consistency: extraction.consistency,
          // A subject has compared both alphabets.
          isEquivalent: try task.map {
            try automaton.isEquivalent(to: $0, emptyWordCounts: emptyWordCounts)
          })
      }
    }
  }

  /// Rectangles of cells that cover those that satisfy a condition, and no others; no two overlap.
  ///
  /// - Parameter holds: The condition.
  /// - Returns: Ranges of positions in ``epochs`` and ``distances``, in order of their first cells.
  /// - Complexity: O(cells).
  public func rectangles(
    where holds: (Cell) -> Bool
  ) -> [(epochs: Range<Int>, distances: Range<Int>)] {
    var done: [(epochs: Range<Int>, distances: Range<Int>)] = []
    // Those that reach to the column before, by where they are.
    var open: [Range<Int>: Int] = [:]
    for (column, cells) in cells.enumerated() {
      var next: [Range<Int>: Int] = [:]
      var start = 0
      while start < cells.count {
        guard holds(cells[start]) else {
          start += 1
          continue
        }
        let end = cells[start...].firstIndex { !holds($0) } ?? cells.count
        next[start..<end] = open[start..<end] ?? column
        start = end
      }
      done += open.filter { next[$0.key] != $0.value }.map { ($0.value..<column, $0.key) }
      open = next
    }
    done += open.map { ($0.value..<cells.count, $0.key) }
    return done.sorted {
      ($0.epochs.lowerBound, $0.distances.lowerBound)
        < ($1.epochs.lowerBound, $1.distances.lowerBound)
    }
  }
}
