import TestSupport
import Testing

@testable import Automata

@Suite struct ProductTests {
  @Test func `Boolean operations of all small acceptors agree with words`() throws {
    let machines =
      MooreMachine.all(states: 1, withOpenTransitions: true)
      + MooreMachine.all(states: 2, withOpenTransitions: true).enumerated()
      .filter { $0.offset % 11 == 0 }.map(\.element)
    let probes = words(upTo: 5)
    func accepts(_ machine: MooreMachine, _ word: [Int]) -> Bool {
      machine.output(after: word) == 1
    }
    for a in machines {
      let complement = a.complement()
      #expect(probes.allSatisfy { accepts(a, $0) != accepts(complement, $0) })
      for b in machines {
        let results = try [
          a.union(b), a.intersection(b), a.difference(b), a.symmetricDifference(b),
        ]
        for word in probes {
          let (x, y) = (accepts(a, word), accepts(b, word))
          guard results.map({ accepts($0, word) }) == [x || y, x && y, x && !y, x != y],
            results.allSatisfy(\.isComplete)
          else {
            Issue.record("\(a), \(b), \(word)")
            return
          }
        }
      }
    }
  }

  @Test(arguments: UInt64(0)..<50)
  func `a product says what its parts say`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let names = ["a", "b", "c"]
    let a = MooreMachine.uniformlyRandom(
      states: 5, alphabet: try Alphabet(names), outputAlphabet: .digits(3), using: &generator)
    let b = MooreMachine.uniformlyRandom(
      states: 4, alphabet: try Alphabet(names.reversed()), outputAlphabet: .digits(2),
      using: &generator)
    let product = try a.product(with: b, outputAlphabet: .digits(6)) { 2 * $0 + $1 }
    #expect(product.reachable() == product)
    for word in words(upTo: 5, symbols: 3) {
      let expected = 2 * a.output(after: word)! + b.output(after: word.map { 2 - $0 })!
      #expect(product.output(after: word) == expected)
    }
  }

  @Test func `the symmetric difference is empty exactly for equivalent machines`() throws {
    var generator = SplitMix64(seed: 9)
    for _ in 0..<300 {
      let a = MooreMachine.random(atMostStates: 4, using: &generator)
      let b = MooreMachine.random(atMostStates: 4, using: &generator)
      let difference = try a.symmetricDifference(b)
      #expect(try difference.leastWord() == a.separatingWord(from: b))
      #expect(try difference.isEmpty() == a.isEquivalent(to: b))
    }
  }
}

@Suite struct WordTests {
  @Test func `counts, shares and least words agree with listing the words`() throws {
    var generator = SplitMix64(seed: 10)
    for _ in 0..<100 {
      let machine = MooreMachine.varied(atMostStates: 6, using: &generator)
      let k = machine.alphabet.count
      for length in 0...5 {
        let listed = words(upTo: length, symbols: k).filter { $0.count == length }
        let counts = (0..<machine.outputAlphabet.count).map { output in
          listed.count { machine.output(after: $0) == output }
        }
        #expect(machine.wordCounts(ofLength: length) == counts.map { UInt128($0) })
        for (share, count) in zip(machine.outputShares(ofLength: length), counts) {
          #expect(abs(share - Double(count) / Double(listed.count)) <= 1e-12)
        }
        for output in 0..<machine.outputAlphabet.count {
          let sampler = WordSampler(machine: machine, output: output, length: length)
          #expect(sampler.isEmpty == (counts[output] == 0))
          let word = sampler.sample(using: &generator)
          #expect(word.map { listed.contains($0) } ?? (counts[output] == 0))
          #expect(word.map { machine.output(after: $0) == output } ?? true)
        }
      }
      for output in 0..<machine.outputAlphabet.count {
        #expect(
          machine.leastWord(withOutput: output)
            == words(upTo: 6, symbols: k).first { machine.output(after: $0) == output })
      }
    }
  }

  /// Accepts the words without 11.
  private static let goldenMean = try! MooreMachine(
    alphabet: .digits(2), outputs: [1, 1, 0], successors: [0, 1, 0, 2, 2, 2])

  @Test func `large counts are exact until they overflow`() throws {
    // Words of length n without 11: the Fibonacci number F(n + 2).
    var fibonacci: [UInt128] = [0, 1]
    for index in 2...186 { fibonacci.append(fibonacci[index - 1] + fibonacci[index - 2]) }
    #expect(Self.goldenMean.wordCounts(ofLength: 127)?[1] == fibonacci[129])
    #expect(Self.goldenMean.wordCounts(ofLength: 129) == nil)
    let unary = try MooreMachine(alphabet: .digits(1), outputs: [0, 1], successors: [1, 0])
    #expect(unary.wordCounts(ofLength: 10_001)! == [0, 1])
  }

  @Test(arguments: [10, 130])
  func `draws are uniform, with integers and beyond them`(length: Int) throws {
    // At length 130 a prefix of the counts no longer fits 128 bits. The first ten symbols then
    // follow the golden mean's known law; at length 10 all 144 words are equally likely.
    var generator = SplitMix64(seed: 13)
    let sampler = WordSampler(machine: Self.goldenMean, length: length)
    var counts: [[Int]: Int] = [:]
    let draws = 36_000
    for _ in 0..<draws {
      counts[Array(sampler.sample(using: &generator)!.prefix(10)), default: 0] += 1
    }
    #expect(counts.count == 144)
    func continuations(_ last: Int) -> Double {
      let rest = length - 10
      let share = { Self.goldenMean.outputShares(ofLength: $0)[1] }
      // After a 1 comes a 0, and then anything without 11.
      return last == 0 ? share(rest) : rest == 0 ? 1 : share(rest - 1) / 2
    }
    let weights = Dictionary(
      uniqueKeysWithValues: counts.keys.map { ($0, continuations($0.last!)) })
    let total = weights.values.reduce(0, +)
    var chiSquare = 0.0
    for (word, count) in counts {
      let expected = Double(draws) * weights[word]! / total
      chiSquare += (Double(count) - expected) * (Double(count) - expected) / expected
    }
    // 143 degrees of freedom: mean 143, standard deviation 17.
    #expect((80...230).contains(chiSquare))
  }

  @Test func `sparse languages can be drawn from at any length`() throws {
    var generator = SplitMix64(seed: 14)
    // 1*, one word in 2^10000, beside a dense part that a first 0 reaches but never leaves.
    let machine = try MooreMachine(
      alphabet: .digits(2), outputs: [1, 0], successors: [1, 0, 1, 1])
    let word = try #require(
      WordSampler(machine: machine, length: 10_000).sample(using: &generator))
    #expect(word == [Int](repeating: 1, count: 10_000))
    let rejected = try #require(
      WordSampler(machine: machine, output: 0, length: 10_000).sample(using: &generator))
    #expect(abs(rejected.reduce(0, +) - 5_000) < 500)
    let none = try MooreMachine(alphabet: .digits(2), outputs: [0], successors: [0, 0])
    #expect(WordSampler(machine: none, length: 10_000).sample(using: &generator) == nil)
  }
}

@Suite struct NerodeClassTests {
  @Test func `words are in one class exactly if all continuations agree`() throws {
    var generator = SplitMix64(seed: 15)
    for _ in 0..<100 {
      let machine = MooreMachine.varied(atMostStates: 4, using: &generator)
      let k = machine.alphabet.count
      let listed = words(upTo: 3, symbols: k)
      let continuations = words(upTo: 4, symbols: k)
      var numbers: [[Int?]: Int] = [:]
      let slow = listed.map { word in
        let signature = continuations.map { machine.output(after: word + $0) }
        if numbers[signature] == nil { numbers[signature] = numbers.count }
        return numbers[signature]!
      }
      #expect(machine.nerodeClasses(of: listed) == Partition(labels: slow))
      #expect(
        machine.nerodeClasses(of: PrefixTree.complete(symbolCount: k, depth: 3))
          == Partition(labels: slow))
    }
  }

  @Test func `the characterizing set separates all states and no word is superfluous in number`()
    throws
  {
    var generator = SplitMix64(seed: 16)
    let machines =
      MooreMachine.all(states: 2, withOpenTransitions: true)
      + (0..<200).map { _ in MooreMachine.varied(atMostStates: 30, using: &generator) }
    for machine in machines {
      let minimal = machine.minimized()
      let set = machine.characterizingSet()
      let signatures = Set(
        (0..<minimal.stateCount).map { state in
          set.map { minimal.state(after: $0, from: state).map(minimal.output(of:)) ?? -1 }
        })
      #expect(signatures.count == minimal.stateCount)
      #expect(set.count < max(minimal.stateCount, 1))
    }
  }
}
