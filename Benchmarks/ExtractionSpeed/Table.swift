// Tables of representations to extract from.

import Automata
import Extraction
import LinearAlgebra
import RNN
import Studies
import Tasks

/// What a network of 100 units says of every word up to some length.
final class Table {
  enum Kind: String, CaseIterable {
    /// After 1000 epochs: few states.
    case trained = "trained"
    /// At the epoch with the most states, when the tree has grown and not yet folded.
    case peak = "at the peak"
    /// Untrained with large weights: nearly every word is a state of its own.
    case worst = "worst case"
  }

  private let words: PrefixTree
  private let pass: TreePass
  /// Shares the memory of the pass, which runs no other words.
  private var table: RepresentationTable
  private var mergeDistance = 0.0
  /// The classes that a comparison with every leader finds.
  private(set) lazy var naivePartition = findNaivePartition()

  /// The deepest table that the naive way is tried on.
  static let deepestNaive = 12

  convenience init(_ kind: Kind, depth: Int) {
    self.init(Self.network(kind), depth: depth)
  }

  private init(_ network: RecurrentNetwork, depth: Int) {
    words = .complete(symbolCount: 2, depth: depth)
    pass = TreePass(network)
    pass.run(words)
    table = RepresentationTable(of: pass, on: words)
    update()
  }

  /// Runs the network on every word.
  private func update() {
    pass.run(words)
    table = RepresentationTable(of: pass, on: words)
    // 0.01 times the spread of the words.
    mergeDistance = 0.01 * table.scale
  }

  func extraction() throws -> Extraction {
    try Extraction(
      of: pass, on: words, mergeDistance: .absolute(mergeDistance), emptyWordCounts: true)
  }

  /// Each word joins the first leader within reach, found by looking at one after the other.
  func findNaivePartition() -> Partition {
    let limit = Float(mergeDistance * mergeDistance)
    let hidden = pass.hiddenStates
    var leaders: [Int] = []
    return Partition(
      labels: (0..<words.count).map { word in
        for (number, leader) in leaders.enumerated()
        where hidden.squaredDistance(leader, word) <= limit {
          return number
        }
        leaders.append(word)
        return leaders.count - 1
      })
  }

  private static func network(_ kind: Kind) -> RecurrentNetwork {
    var recipe = Recipe()
    if kind == .worst { recipe.gain = 1 }
    // The default recipe makes sense, and so does another gain.
    let trainer = try! Trainer(recipe, language: .parity)
    switch kind {
    case .worst: break
    case .trained: for _ in 0..<recipe.epochs { trainer.trainEpoch() }
    case .peak:
      // With the default seed the states are most numerous between these epochs.
      for _ in 0..<450 { trainer.trainEpoch() }
      let tensors = trainer.network.parameters.tensors
      var most = 0
      var best = tensors.map { $0.matrix() }
      let table = Table(trainer.network, depth: recipe.maxLength)
      for _ in 0..<150 {
        trainer.trainEpoch()
        table.update()
        let count = table.findNaivePartition().count
        if count > most {
          most = count
          best = tensors.map { $0.matrix() }
        }
      }
      for (tensor, matrix) in zip(tensors, best) { tensor.assign(matrix) }
    }
    return trainer.network
  }
}
