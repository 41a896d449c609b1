import Automata
import Extraction
import Foundation
import RNN
import Studies
import Tasks

/// A run that was trained for a claim, looked at as `extract --checkpoints` does.
///
/// Each is trained once for all tests, with checkpoints on disk as a user would have them.
final class ObservedRun: Sendable {
  let history: History
  /// What training wrote down after each epoch.
  let losses: [Int: EpochMetrics]
  /// Of each word of the evaluation set, the state of the task's minimal machine.
  let agreeing: Partition
  /// How often the network is right on random words, by their length, at each checkpoint.
  let accuracies: [(epoch: Int, byLength: [Int: Double])]
  /// How often the last network is right on 100 words of length 10,000.
  let accuracyAtTenThousand: Double
  /// The agreeing pairs at the last checkpoint.
  let pairs: [LinkedPair]

  /// How large the second-order term of the output map is beside the first-order one, in the mean over
  /// 60 pairs that merge and over 60 other agreeing pairs, at some checkpoints. Empty unless asked for.
  let orders: [(epoch: Int, merging: Double, others: Double)]

  /// A pair of agreeing words, with its past.
  struct LinkedPair: Sendable {
    let shorter, longer: Int
    let isMerged, isLinked, movedApartFirst: Bool
  }

  static let lengths = [25, 100, 250, 1000]

  init(
    _ recipe: Recipe, task: String = "parity", taskSeed: UInt64 = 1, measuringOrders: Bool = false
  ) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("claims-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = RunFolder(path)
    let language = try Language(named: task, seed: taskSeed)
    let configuration = RunConfiguration(task: task, taskSeed: taskSeed, recipe: recipe)
    let run = try TrainingRun(
      beginning: configuration, data: configuration.data(), in: folder)
    try run.run { _ in }
    let subject = try Subject(folder)
    let words = subject.source.words
    let agreeing = language.machine.nerodeClasses(of: words)
    var generator = SplitMix64(seed: 1, stream: "words of the claims")
    let sets = Self.lengths.map {
      WordSet.random(count: 20, length: $0, of: language, using: &generator)
    }
    let longest = WordSet.random(count: 100, length: 10_000, of: language, using: &generator)
    func accuracy(_ said: [Int32], _ set: WordSet) -> Double {
      Double(zip(said, set.targets).count { $0 == $1 }) / Double(set.count)
    }
    var accuracies: [(epoch: Int, byLength: [Int: Double])] = []
    var atTenThousand = 0.0
    let study = try Study(
      subject,
      measure: { moment in
        let network = moment.system.checkpoint.network
        var byLength: [Int: Double] = [:]
        for set in sets {
          byLength[set.length] = accuracy(network.outputClasses(after: set), set)
        }
        accuracies.append((moment.epoch, byLength))
        if accuracies.count == subject.source.files.count {
          atTenThousand = accuracy(network.outputClasses(after: longest), longest)
        }
      })
    guard let pairs = study.pairs else { preconditionFailure("few words make few pairs") }
    history = study.history
    losses = Dictionary(uniqueKeysWithValues: study.metrics.map { ($0.epoch, $0) })
    self.agreeing = agreeing
    self.accuracies = accuracies
    accuracyAtTenThousand = atTenThousand
    let lengths = (0..<words.count).map { words.length(of: $0) }
    var linked: [LinkedPair] = []
    pairs.forEachPair { pair in
      guard pair.agrees == true else { return }
      linked.append(
        LinkedPair(
          shorter: lengths[pair.first], longer: lengths[pair.second], isMerged: pair.isMerged,
          isLinked: pair.mergerEpoch != nil, movedApartFirst: pair.movedApartFirst))
    }
    self.pairs = linked
    orders = measuringOrders ? try Self.orders(subject.source, pairs) : []
  }

  private static func orders(
    _ source: NetworkCheckpoints, _ pairs: PairHistory
  ) throws -> [(epoch: Int, merging: Double, others: Double)] {
    var kinds: [[(Int, Int)]] = [[], []]
    pairs.forEachPair { pair in
      guard pair.agrees == true, pair.first > 0 else { return }
      kinds[pair.mergerEpoch != nil ? 0 : 1].append((pair.first, pair.second))
    }
    let samples = kinds.map { kind in
      stride(from: 0, to: kind.count, by: max(kind.count / 60, 1)).map { kind[$0] }
    }
    let continuations = PrefixTree.complete(symbolCount: source.words.symbolCount, depth: 3)
    return try stride(from: 0, to: source.files.count, by: 20).map { index in
      let file = source.files[index]
      let network = try file.read().network
      let hidden = network.preciseRows(of: source.words).hidden
      let units = source.shape.hidden
      func state(_ word: Int) -> [Double] { Array(hidden[word * units..<(word + 1) * units]) }
      let means = samples.map { sample in
        let ratios = network.outputMapOrders(
          between: sample.map { (state($0.0), state($0.1)) }, after: continuations
        ).compactMap { $0 }
        return ratios.reduce(0, +) / Double(max(ratios.count, 1))
      }
      return (file.epoch, means[0], means[1])
    }
  }

  var last: History.Entry { history.entries[history.entries.count - 1] }
  var first: History.Entry { history.entries[0] }
  /// The checkpoint with most classes.
  var peak: History.Entry { history.entries.max { $0.classes < $1.classes } ?? first }

  /// The epoch from which on all checkpoints satisfy a condition; nil if the last does not.
  func epoch(from condition: (History.Entry) -> Bool) -> Int? {
    let index = (history.entries.lastIndex { !condition($0) } ?? -1) + 1
    return index < history.entries.count ? history.entries[index].epoch : nil
  }

  /// The first epoch at which words of a length are all right.
  func firstEpochRight(length: Int) -> Int? {
    accuracies.first { $0.byLength[length] == 1 }?.epoch
  }

  /// The share of agreeing pairs with some property, among those that a condition picks.
  func share(
    of property: (LinkedPair) -> Bool, where condition: (LinkedPair) -> Bool = { _ in true }
  ) -> Double? {
    let chosen = pairs.filter(condition)
    return chosen.isEmpty ? nil : Double(chosen.count(where: property)) / Double(chosen.count)
  }
}

/// The runs of the claims, each trained when first asked for.
enum Runs {
  private static func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe()
    change(&recipe)
    return recipe
  }

  /// The default run.
  static let first = Task { try ObservedRun(recipe(), measuringOrders: true) }
  /// The same with another seed.
  static let second = Task { try ObservedRun(recipe { $0.seed = 2 }) }
  /// Large weights and little data: the training words are learnt by heart.
  static let memorizer = Task {
    try ObservedRun(
      recipe {
        $0.gain = 1
        $0.fraction = 0.3
        $0.schedule = .every(25)
      })
  }
  /// Little data, small weights.
  static let littleData = Task {
    try ObservedRun(
      recipe {
        $0.fraction = 0.3
        $0.epochs = 2000
        $0.schedule = .every(50)
      })
  }
  /// Large weights, all data.
  static let largeWeights = Task {
    try ObservedRun(
      recipe {
        $0.gain = 1
        $0.epochs = 500
        $0.schedule = .every(25)
      })
  }
  /// Hyperbolic tangents; at the paper's gain of 0.01 they are not learnt in 3,000 epochs.
  static let tanh = Task {
    try ObservedRun(
      recipe {
        $0.nonlinearity = .tanh
        $0.gain = 0.3
        $0.learningRate = 0.05
        $0.schedule = .every(20)
      })
  }
  /// The paper's settings for random machines; this one has six states.
  static let randomMachine = Task {
    try ObservedRun(
      recipe {
        $0.gain = 0.025
        $0.learningRate = 0.05
        $0.schedule = .every(20)
      }, task: "random:7", taskSeed: 15)
  }
}
