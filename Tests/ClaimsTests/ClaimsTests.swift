import Automata
import Extraction
import RNN
import Tasks
import Testing

/// The claims of van Rossem and Saxe (2025) about mergers, on networks trained here.
///
/// Each names the quantity and its bound, with what 20 seeds of the default run gave where that was
/// measured, and fails on a control for which the claim is false. docs/claims.md has the numbers.
@Suite struct ClaimsTests {
  // MARK: 1, figures 1 and 6

  @Test func `trained on words up to length 10, a network is right on words of length 10000`()
    async throws
  {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      // 1.00 on all of 20 seeds.
      #expect(run.accuracyAtTenThousand == 1)
    }
    // Learnt by heart, right on 98 % of the training words: chance on long ones.
    let control = try await Runs.memorizer.value
    #expect((0.3...0.7).contains(control.accuracyAtTenThousand))
  }

  // MARK: 2, figure 6

  @Test func `words of all lengths become right at one moment, when the automaton is complete`()
    async throws
  {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      let complete = try #require(run.epoch { $0.isComplete })
      for length in ObservedRun.lengths {
        let right = try #require(run.firstEpochRight(length: length))
        // 2 to 8 epochs over 20 seeds, at length 50.
        #expect(abs(complete - right) <= 30)
      }
      let before = try #require(run.history.entries.last { $0.epoch < complete - 50 })
      #expect(try #require(run.losses[before.epoch]?.validationLoss) >= 0.2)
      let after = try #require(run.history.entries.first { $0.epoch >= complete + 50 })
      #expect(try #require(run.losses[after.epoch]?.validationLoss) <= 0.02)
    }
    // Large weights: right on long words, and yet not complete at this merge distance, ever. The
    // claim is about small ones.
    let control = try await Runs.largeWeights.value
    #expect(control.firstEpochRight(length: 1000) != nil)
    #expect(control.epoch { $0.isComplete } == nil)
  }

  // MARK: 3, figures 4, 11 and 12

  /// The classes at first, at most and at the end, and the mean distance at the latter two.
  private func growsThenFolds(_ run: ObservedRun) throws -> Bool {
    let peak = run.peak
    // 8 to 11 classes at first, 257 to 667 at most, 33 to 63 at the end.
    return peak.classes >= 10 * run.first.classes && run.last.classes * 3 <= peak.classes
  }

  @Test func `the number of states grows, then falls, while the mean distance does not fall`()
    async throws
  {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      #expect(try growsThenFolds(run))
      let atPeak = try #require(run.peak.pairs).meanDistance
      let atEnd = try #require(run.last.pairs).meanDistance
      // 1.25 to 1.40 at the end, 0.60 to 0.86 at the peak.
      #expect(atEnd >= atPeak)
    }
    for control in [try await Runs.largeWeights.value, try await Runs.memorizer.value] {
      #expect(try !growsThenFolds(control))
    }
  }

  // MARK: 4

  @Test func `every merged pair agrees`() async throws {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      let pairs = try #require(run.last.pairs)
      // 110,932 to 184,459 merged pairs, none of which disagrees.
      #expect(pairs.merged >= 50_000)
      #expect(pairs.disagreeingMerged == 0)
      // Before training, words are near each other whatever the task.
      #expect(try #require(run.first.pairs?.disagreeingMerged) >= 100_000)

      // And if the words stood for others: the same classes against shuffled words.
      var generator = SplitMix64(seed: 3, stream: "shuffled words")
      let shuffled = run.agreeing.classes.shuffled(using: &generator)
      let classes = run.last.extraction.partition.classes
      var disagreeing = 0
      for first in classes.indices {
        for second in 0..<first
        where classes[first] == classes[second] && shuffled[first] != shuffled[second] {
          disagreeing += 1
        }
      }
      #expect(disagreeing >= 10_000)
    }
  }

  // MARK: 5, figures 7 and 8

  @Test func `mergers start above a least length, and not every agreeing pair merges`()
    async throws
  {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      // 0 on all seeds up to length 2, 0 to 0.09 at length 3, 0.11 to 0.18 from 4 on.
      #expect(run.share(of: \.isMerged) { $0.shorter <= 2 } == 0)
      let long = try #require(run.share(of: \.isMerged) { $0.shorter >= 4 })
      #expect((0.05...0.35).contains(long))
    }
    // The control is the same network before training: half of the agreeing pairs, and as many of the
    // others, lie together.
    let untrained = try #require(try await Runs.first.value.first.pairs)
    let agreeing = untrained.merged - (untrained.disagreeingMerged ?? 0)
    #expect(agreeing * 5 >= (untrained.agreeingPairs ?? 0) * 2)
  }

  @Test func `different runs end in different automata that compute the same`() async throws {
    let first = try await Runs.first.value.last.extraction.automaton
    let second = try await Runs.second.value.last.extraction.automaton
    #expect(try !first.isIsomorphic(to: second))
    #expect(try first.isEquivalent(to: second))
    #expect(try first.isEquivalent(to: Language.parity.machine))
    // The control: what a network says before it is trained is not equivalent to it.
    let untrained = try await Runs.first.value.first.extraction.automaton
    #expect(try !first.isEquivalent(to: untrained))
  }

  // MARK: 6, figure 9

  @Test func `generalization needs small weights or much data`() async throws {
    func isRight(_ run: ObservedRun) -> Bool { run.accuracyAtTenThousand >= 0.99 }
    #expect(isRight(try await Runs.first.value))  // gain 0.1, all words
    #expect(isRight(try await Runs.littleData.value))  // gain 0.1, 0.3 of them
    #expect(isRight(try await Runs.largeWeights.value))  // gain 1, all
    #expect(!isRight(try await Runs.memorizer.value))  // gain 1, 0.3
  }

  // MARK: 7, figures 10, 14 and 15

  @Test func `merging pairs move apart first, the more so the more their lengths differ`()
    async throws
  {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      func share(_ difference: Int) -> Double? {
        run.share(of: \.movedApartFirst) {
          $0.isLinked && $0.longer - $0.shorter == difference
        }
      }
      let alike = try #require(share(0))
      let apart = try #require(share(6))
      // 0.20 to 0.88 at equal lengths and 0.94 to 0.99 at a difference of 6, over 20 seeds.
      #expect(apart >= 0.9 && apart >= alike + 0.05)
    }
    // The control: where nearly nothing merges, nothing moves apart in order to merge.
    let control = try await Runs.memorizer.value
    #expect(control.pairs.allSatisfy { !$0.movedApartFirst })
  }

  @Test func `the fall of the number of states is that of agreeing pairs`() async throws {
    for run in [try await Runs.first.value, try await Runs.second.value] {
      let peak = try #require(run.peak.pairs)
      let end = try #require(run.last.pairs)
      let agreeingAtPeak = peak.merged - (peak.disagreeingMerged ?? 0)
      // Agreeing pairs come together by ten thousands from the peak on, disagreeing ones never.
      #expect(end.merged - agreeingAtPeak >= 30_000)
      #expect((end.disagreeingMerged ?? 0) <= (peak.disagreeingMerged ?? 0))
    }
    let control = try await Runs.memorizer.value
    #expect(try #require(control.last.pairs).merged <= 1000)
  }

  // MARK: 8, figure 13

  @Test func `the first-order term of the output map dominates where pairs merge`() async throws {
    let run = try await Runs.first.value
    #expect(run.orders.count >= 10)
    // At most 0.05 at any checkpoint, and 0.0002 at most of them.
    for order in run.orders { #expect(order.merging <= 0.3) }
    let merging = run.orders.map(\.merging).sorted()
    #expect(merging[merging.count / 2] <= 0.01)
    // The control: agreeing pairs that do not merge, once the network is trained.
    let trained = try #require(run.orders.last)
    #expect(trained.others >= 1 && trained.others >= 10 * trained.merging)
  }

  // MARK: 9, figures 16 and 17

  @Test func `random machines and hyperbolic tangents fold into a finite automaton as well`()
    async throws
  {
    for run in [try await Runs.randomMachine.value, try await Runs.tanh.value] {
      #expect(run.last.isComplete && run.last.isEquivalentToTask)
      #expect(run.accuracyAtTenThousand == 1)
      #expect(
        run.peak.classes >= 10 * run.first.classes && run.last.classes * 2 <= run.peak.classes)
      #expect(run.last.pairs?.disagreeingMerged == 0)
      // The control: not before training.
      #expect(!run.first.isEquivalentToTask)
    }
  }
}
