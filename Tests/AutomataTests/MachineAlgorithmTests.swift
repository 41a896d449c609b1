import TestSupport
import Testing

@testable import Automata

/// The shortlex-least difference by trying every word up to length n₁ + n₂, which is enough.
private func slowSeparatingWord(_ a: MooreMachine, _ b: MooreMachine) -> [Int]? {
  words(upTo: a.stateCount + b.stateCount, symbols: a.alphabet.count)
    .first { a.output(after: $0) != b.output(after: $0) }
}

@Suite struct MinimizationTests {
  @Test(arguments: 1...3, [false, true])
  func `minimizing every small machine keeps what it says with the fewest states`(
    states: Int, withOpenTransitions: Bool
  ) throws {
    let probes = words(upTo: 2 * states - 1)
    for machine in MooreMachine.all(states: states, withOpenTransitions: withOpenTransitions) {
      let minimal = machine.minimized()
      guard minimal.stateCount == machine.slowMinimalStateCount,
        probes.allSatisfy({ minimal.output(after: $0) == machine.output(after: $0) }),
        minimal == minimal.reachable()
      else {
        Issue.record("\(machine) became \(minimal)")
        return
      }
    }
  }

  @Test(arguments: UInt64(0)..<300)
  func `minimizing random machines agrees with Moore's rounds`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let machine = MooreMachine.varied(atMostStates: 60, using: &generator)
    let minimal = machine.minimized()
    #expect(minimal.stateCount == machine.slowMinimalStateCount)
    #expect(try minimal.separatingWord(from: machine) == nil)
    #expect(minimal.minimized() == minimal)
    #expect(machine.shuffled(using: &generator).minimized() == minimal)
  }

  @Test(arguments: UInt64(0)..<300)
  func `without the empty word the next word that separates is found`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let symbols = Int.random(in: 1...2, using: &generator)
    let machines = (0..<2).map { _ in
      MooreMachine.uniformlyRandom(
        states: Int.random(in: 1...3, using: &generator), alphabet: .digits(symbols),
        using: &generator)
    }
    // Two machines of up to 3 states that differ do so on a word of up to 5 letters; behind a first
    // symbol, of up to 6.
    let slow = words(upTo: 6, symbols: symbols).dropFirst().first {
      machines[0].output(after: $0) != machines[1].output(after: $0)
    }
    #expect(try machines[0].separatingWord(from: machines[1], emptyWordCounts: false) == slow)
    #expect(
      try machines[0].isEquivalent(to: machines[1], emptyWordCounts: false) == (slow == nil))
  }

  @Test func `a difference before the first symbol counts where a word leads back to it`() throws {
    // The starts differ; in the first pair nothing leads back to them, in the second a word does.
    func machine(_ outputs: [Int], _ successors: [Int]) throws -> MooreMachine {
      try MooreMachine(alphabet: .digits(1), outputs: outputs, successors: successors)
    }
    let left = try machine([0, 1], [1, 1])
    #expect(try left.separatingWord(from: machine([1, 1], [1, 1])) == [])
    #expect(
      try left.separatingWord(from: machine([1, 1], [1, 1]), emptyWordCounts: false) == nil)
    let turning = try machine([0, 1], [1, 0])
    #expect(
      try turning.separatingWord(from: machine([1, 1], [1, 0]), emptyWordCounts: false) == [0, 0])
  }

  @Test func `a chain folds and a counter does not`() throws {
    // A chain of n states with one output folds to a single state; one other output at its end
    // keeps all of them, and Hopcroft needs many rounds for both.
    let n = 100_000
    let next = (0..<n).map { Optional(min($0 + 1, n - 1)) }
    var outputs = [Int](repeating: 0, count: n)
    let unary = Alphabet.digits(1)
    let folded = try MooreMachine(alphabet: unary, outputs: outputs, successors: next)
    #expect(folded.minimized().stateCount == 1)
    outputs[n - 1] = 1
    let counter = try MooreMachine(alphabet: unary, outputs: outputs, successors: next)
    #expect(counter.minimized() == counter)
  }

  @Test func `a million states fold within seconds`() throws {
    var generator = SplitMix64(seed: 1)
    let machine = MooreMachine.uniformlyRandom(states: 1_000_000, using: &generator)
    let clock = ContinuousClock()
    var minimal = machine
    let duration = clock.measure { minimal = machine.minimized() }
    #expect(minimal.stateCount > 700_000)
    #expect(try minimal.isEquivalent(to: machine))
    #if !DEBUG
      // Measured at about a second; the rest is for machines under load.
      #expect(duration < .seconds(15))
    #endif
  }
}

@Suite struct EquivalenceTests {
  @Test func `separating word agrees with trying every short word`() throws {
    let machines =
      MooreMachine.all(states: 1, withOpenTransitions: true) + MooreMachine.all(states: 2)
    for a in machines {
      for b in machines {
        let fast = try a.separatingWord(from: b)
        if fast != slowSeparatingWord(a, b) {
          Issue.record("\(a) and \(b): \(String(describing: fast))")
          return
        }
      }
    }
  }

  @Test(arguments: UInt64(0)..<300)
  func `separating word of random pairs is the shortlex-least one`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let a = MooreMachine.all(states: 3, withOpenTransitions: true).randomElement(using: &generator)!
    let b = a.varied(changes: Int.random(in: 0...2, using: &generator), using: &generator)
    #expect(try a.separatingWord(from: b) == slowSeparatingWord(a, b))
  }

  @Test(arguments: UInt64(0)..<100)
  func `a machine with one changed output has a separating word exactly if Moore says so`(
    seed: UInt64
  ) throws {
    var generator = SplitMix64(seed: seed)
    let a = MooreMachine.varied(atMostStates: 200, using: &generator)
    let b = a.varied(changes: 1, using: &generator)
    let word = try a.separatingWord(from: b)
    #expect((word == nil) == (a.minimized() == b.minimized()))
    if let word {
      #expect(a.output(after: word) != b.output(after: word))
      #expect(try b.separatingWord(from: a) == word)
    }
  }

  @Test func `symbols and outputs correspond by name`() throws {
    // Parity of the b's, over {a, b} and {b, a}, with the outputs named in either order.
    let left = try MooreMachine(
      alphabet: Alphabet(["a", "b"]), outputAlphabet: Alphabet(["even", "odd"]), outputs: [0, 1],
      successors: [0, 1, 1, 0])
    let right = try MooreMachine(
      alphabet: Alphabet(["b", "a"]), outputAlphabet: Alphabet(["odd", "even"]), outputs: [1, 0],
      successors: [1, 0, 0, 1])
    #expect(try left.isEquivalent(to: right))
    #expect(try left.isIsomorphic(to: right))
    let wrong = try MooreMachine(
      alphabet: Alphabet(["b", "a"]), outputAlphabet: Alphabet(["odd", "even"]), outputs: [1, 0],
      successors: [0, 1, 1, 0])
    #expect(try left.separatingWord(from: wrong) == [0])
    #expect(try wrong.separatingWord(from: left) == [0])
    #expect(try !left.isIsomorphic(to: wrong))
  }

  @Test func `an output that the other machine cannot name differs`() throws {
    let left = try MooreMachine(
      alphabet: .digits(1), outputAlphabet: Alphabet(["x", "y"]), outputs: [0, 1],
      successors: [1, 1])
    let right = try MooreMachine(
      alphabet: .digits(1), outputAlphabet: Alphabet(["z", "x"]), outputs: [1, 0],
      successors: [1, 1])
    #expect(try left.separatingWord(from: right) == [0])
    #expect(try right.separatingWord(from: left) == [0])
  }

  @Test func `different alphabets are refused with both of them named`() throws {
    let left = try MooreMachine(alphabet: .digits(2), outputs: [0], successors: [0, 0])
    let right = try MooreMachine(
      alphabet: Alphabet(["0", "a"]), outputs: [0], successors: [0, 0])
    let error = #expect(throws: AlphabetMismatch.self) { try left.separatingWord(from: right) }
    #expect(
      error?.description == "The machines read different symbols, {0, 1} and {0, a}; only "
        + "machines over the same set can be compared.")
    #expect(throws: AlphabetMismatch.self) { try left.isIsomorphic(to: right) }
    let larger = MooreMachine.all(states: 1)[0]
    let unary = try MooreMachine(alphabet: .digits(1), outputs: [0], successors: [0])
    #expect(throws: AlphabetMismatch.self) { try larger.isEquivalent(to: unary) }
    #expect(throws: AlphabetMismatch.self) { try unary.isEquivalent(to: larger) }
  }
}

extension MooreMachine {
  /// The same machine with some outputs or transitions redrawn.
  fileprivate func varied(
    changes: Int, using generator: inout some RandomNumberGenerator
  ) -> MooreMachine {
    var outputs = outputs
    var successors = successors
    for _ in 0..<changes {
      if Bool.random(using: &generator) {
        outputs[Int.random(in: outputs.indices, using: &generator)] =
          Int32.random(in: 0..<Int32(outputAlphabet.count), using: &generator)
      } else {
        successors[Int.random(in: successors.indices, using: &generator)] =
          Int32.random(in: -1..<Int32(stateCount), using: &generator)
      }
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs,
      successors: successors)
  }
}

@Suite struct CanonicalFormTests {
  @Test(arguments: UInt64(0)..<200)
  func `canonical numbering forgets the names of states`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let machine = MooreMachine.varied(atMostStates: 40, using: &generator)
    let other = machine.shuffled(using: &generator)
    #expect(machine.reachable() == other.reachable())
    #expect(try machine.isIsomorphic(to: other))
    #expect(try machine.reachable().isEquivalent(to: machine))
  }

  @Test func `states are numbered by their shortlex-least access words`() throws {
    for machine in MooreMachine.all(states: 3, withOpenTransitions: true) {
      let canonical = machine.reachable()
      let access = canonical.accessWords().compactMap(\.self)
      let slow = (0..<canonical.stateCount).map { state in
        words(upTo: 2).first { canonical.state(after: $0) == state }
      }
      guard access.map(Optional.some) == slow,
        zip(access, access.dropFirst()).allSatisfy({
          ($0.count, $0.map(String.init).joined()) < ($1.count, $1.map(String.init).joined())
        })
      else {
        Issue.record("\(machine): \(access)")
        return
      }
    }
  }

  @Test func `isomorphic is finer than equivalent`() throws {
    let small = try MooreMachine(alphabet: .digits(1), outputs: [1], successors: [0])
    let large = try MooreMachine(alphabet: .digits(1), outputs: [1, 1], successors: [1, 0])
    #expect(try small.isEquivalent(to: large))
    #expect(try !small.isIsomorphic(to: large))
    let unreached = try MooreMachine(alphabet: .digits(1), outputs: [1, 0], successors: [0, 1])
    #expect(try small.isIsomorphic(to: unreached))
    #expect(unreached.accessWords() == [[], nil])
  }

  @Test func `completion adds one sink for all open transitions`() throws {
    let machine = try MooreMachine(alphabet: .digits(2), outputs: [1], successors: [0, nil])
    let completed = machine.completed(sinkOutput: 0)
    #expect(completed.isComplete)
    #expect(completed.output(after: [0, 0]) == 1)
    #expect(completed.output(after: [0, 1, 0]) == 0)
    #expect(completed.completed(sinkOutput: 1) == completed)
    #expect(completed.stateCount == 2)
  }
}

@Suite struct RandomMachineTests {
  @Test func `the paper's machines are complete, reached and within their size`() {
    var generator = SplitMix64(seed: 7)
    var sizes = [Int](repeating: 0, count: 8)
    for _ in 0..<2_000 {
      let machine = MooreMachine.random(atMostStates: 7, using: &generator)
      #expect(machine.isComplete && machine.reachable() == machine)
      sizes[machine.stateCount] += 1
    }
    #expect(sizes[0] == 0)
    // One state: both symbols fail to found one, 1/16 of 2,000 = 125 ± 4 standard deviations.
    #expect((125 - 43...125 + 43).contains(sizes[1]))
    #expect(sizes[7] > 1_000)
  }

  @Test func `a seed gives the same machine, and every small machine comes up equally often`() {
    var first = SplitMix64(seed: 3)
    var second = SplitMix64(seed: 3)
    #expect(
      MooreMachine.uniformlyRandom(states: 50, using: &first)
        == MooreMachine.uniformlyRandom(states: 50, using: &second))
    var counts: [MooreMachine: Int] = [:]
    for _ in 0..<64_000 {
      counts[MooreMachine.uniformlyRandom(states: 2, using: &first), default: 0] += 1
    }
    // 2² outputs × 2⁴ tables; 1,000 each, ± 5 standard deviations.
    #expect(counts.count == 64)
    #expect(counts.values.allSatisfy { abs($0 - 1_000) < 158 })
  }
}
