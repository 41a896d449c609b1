import Automata
import Extraction
import LinearAlgebra
import RNN
import Studies
import Tasks
import Testing

/// How the automaton of a network at one epoch stands.
private struct Snapshot {
  let epoch: Int
  let states: Int
  let isComplete: Bool
  let isParity: Bool
  let extraction: Extraction
}

@Suite struct DefaultRunTests {
  /// The automaton of a network on all words up to length 10 by the definitions of the design; the
  /// scale is the checkpoint's own, as the run's needs all checkpoints.
  private func snapshot(_ trainer: Trainer, scale: Double) throws -> Snapshot {
    let extraction = try Extraction(
      of: trainer.network, on: trainer.evaluationTree, mergeDistance: .absolute(0.01 * scale),
      emptyWordCounts: false)
    let task = Language.parity.machine
    return Snapshot(
      epoch: trainer.epoch, states: extraction.partition.count,
      isComplete: extraction.automaton.isComplete,
      isParity: try extraction.automaton.isEquivalent(to: task), extraction: extraction)
  }

  private func scale(_ trainer: Trainer) -> Double {
    var moments = ColumnMoments(columns: trainer.recipe.hidden)
    moments.add(trainer.representations, rows: 0..<trainer.evaluationTree.count)
    return moments.scale
  }

  @Test func `the default run becomes the two-state parity machine, for words of any length`()
    throws
  {
    let trainer = try Trainer(Recipe(), language: .parity)
    let untrained = try snapshot(trainer, scale: scale(trainer))
    // The control: before training the same extraction finds nothing of the kind.
    #expect(!untrained.isParity)

    // The scale of a trained network; that of the run, over all checkpoints, is close to it.
    let expected = 0.8
    var story = [try snapshot(trainer, scale: expected)]
    for epoch in 1...trainer.recipe.epochs {
      trainer.trainEpoch()
      if epoch % 5 == 0 { story.append(try snapshot(trainer, scale: expected)) }
    }
    #expect(abs(scale(trainer) / expected - 1) <= 0.5)
    let last = story[story.count - 1]
    #expect(last.isComplete && last.isParity)
    #expect(last.extraction.automaton.minimized() == Language.parity.machine)

    // The tree grows, then folds.
    let peak = try #require(story.indices.max { story[$0].states < story[$1].states })
    #expect(story[peak].states >= 100)
    #expect(story[0].states * 4 <= story[peak].states)
    #expect(last.states * 2 <= story[peak].states)
    #expect((200...900).contains(story[peak].epoch))
    // Never parity before the peak, and always from soon after it on.
    #expect(story[..<peak].allSatisfy { !$0.isParity })
    let late = story.filter { $0.epoch >= story[peak].epoch + 200 }
    #expect(!late.isEmpty && late.allSatisfy { $0.isComplete && $0.isParity })

    // No merged pair is told apart by the task.
    let tree = trainer.evaluationTree
    let agreement = Agreement(classes: Language.parity.machine.nerodeClasses(of: tree))
    var history = PairHistory(words: tree, agreement: agreement)
    let pairs = history.append(
      epoch: 0, trainer.representations, mergeDistance: 0.01 * expected)
    #expect(pairs.merged > 50_000)
    #expect(pairs.disagreeingMerged == 0)

    let metrics = trainer.evaluate()
    #expect(metrics.trainAccuracy == 1 && metrics.validationAccuracy == 1)
    #expect(metrics.trainLoss <= 0.01)
    // Right, both network and automaton, on words a thousand times as long as any trained on.
    var generator = SplitMix64(seed: 1, stream: "long words")
    for length in [25, 100, 250, 1000, 2500, 10_000] {
      let words = WordSet.random(count: 100, length: length, of: .parity, using: &generator)
      #expect(trainer.network.outputClasses(after: words) == words.targets)
      for index in 0..<words.count {
        let word = words.word(index).lazy.map(Int.init)
        #expect(last.extraction.automaton.output(after: word) == Int(words.targets[index]))
      }
    }
  }
}
