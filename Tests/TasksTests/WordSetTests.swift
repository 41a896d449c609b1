import Automata
import Tasks
import Testing

/// All words of a length by counting.
private func allWords(length: Int, symbols: Int) -> [[Int]] {
  (0..<length).reduce([[]]) { words, _ in
    words.flatMap { word in (0..<symbols).map { word + [$0] } }
  }
}

extension WordSet {
  fileprivate var words: [[Int]] { (0..<count).map { word($0).map(Int.init) } }
}

@Suite struct WordSetTests {
  @Test(arguments: 0...6, 1...3)
  func `all words of a length come in lexicographic order with their targets`(
    length: Int, symbols: Int
  ) throws {
    let machine = try MooreMachine(
      alphabet: .digits(symbols), outputAlphabet: .digits(3), outputs: [0, 1, 2],
      successors: (0..<3).flatMap { state in (0..<symbols).map { (state + $0) % 3 } })
    let language = Language(name: "sum modulo 3", machine: machine)
    var generator = SplitMix64(seed: 1)
    let set = WordSet.all(length: length, of: language, using: &generator)
    #expect(set.words == allWords(length: length, symbols: symbols))
    #expect(set.targets.map(Int.init) == set.words.map { $0.reduce(0, +) % 3 })
    #expect(set.length == length)
  }

  @Test func `a fraction takes each word with that probability`() {
    var generator = SplitMix64(seed: 2)
    let whole = Set(allWords(length: 10, symbols: 2))
    var total = 0
    for _ in 0..<40 {
      let set = WordSet.all(length: 10, of: .parity, fraction: 0.3, using: &generator)
      #expect(Set(set.words).count == set.count && Set(set.words).isSubset(of: whole))
      #expect(set.words == set.words.sorted { $0.lexicographicallyPrecedes($1) })
      #expect(set.targets.map(Int.init) == set.words.map { $0.reduce(0, +) % 2 })
      total += set.count
    }
    // 40 · 1024 draws: five standard deviations are 464.
    #expect(abs(Double(total) - 0.3 * 40 * 1024) <= 464)
  }

  @Test func `random words are uniform, sorted, and have the right targets`() {
    var generator = SplitMix64(seed: 3)
    let set = WordSet.random(count: 2000, length: 7, of: .parity, using: &generator)
    #expect(set.count == 2000)
    #expect(set.words == set.words.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(set.targets.map(Int.init) == set.words.map { $0.reduce(0, +) % 2 })
    for position in 0..<7 {
      // Five standard deviations of 2000 tosses.
      #expect(abs(set.words.count { $0[position] == 1 } - 1000) <= 112)
    }
  }

  @Test func `given words are sorted with their targets, equal ones in the order given`() {
    let set = WordSet(
      length: 2, words: [[1, 0], [0, 1], [1, 0], [0, 0], [1, 0]], targets: [2, 0, 1, 3, 0])
    #expect(set.words == [[0, 0], [0, 1], [1, 0], [1, 0], [1, 0]])
    #expect(set.targets == [3, 0, 2, 1, 0])
    #expect(WordSet(length: 0, words: [[], []], targets: [1, 0]).targets == [1, 0])
  }
}

@Suite struct SplitMix64Tests {
  @Test func `the generator is the published one`() {
    // The first outputs of splitmix64.c for the state 1234567.
    var generator = SplitMix64(seed: 1_234_567)
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func `streams differ by seed, name and index, and nothing else`() {
    func first(_ seed: UInt64, _ stream: String, _ index: Int) -> UInt64 {
      var generator = SplitMix64(seed: seed, stream: stream, index: index)
      return generator.next()
    }
    var seen: Set<UInt64> = []
    for seed in UInt64(0)..<10 {
      for name in ["a", "b", "ab", ""] {
        for index in -2..<20 {
          #expect(seen.insert(first(seed, name, index)).inserted)
          #expect(first(seed, name, index) == first(seed, name, index))
        }
      }
    }
  }
}
