import Automata
import Tasks
import TestSupport
import Testing

/// The lengths of the runs of equal symbols, with the symbol.
private func runs(_ word: [Int]) -> [(symbol: Int, length: Int)] {
  var runs: [(symbol: Int, length: Int)] = []
  for symbol in word {
    if let last = runs.last, last.symbol == symbol {
      runs[runs.count - 1].length += 1
    } else {
      runs.append((symbol, 1))
    }
  }
  return runs
}

@Suite struct CatalogueTests {
  @Test func `Tomita's languages are what their descriptions say, word by word`() {
    let descriptions: [([Int]) -> Bool] = [
      { !$0.contains(0) },
      { $0.count % 2 == 0 && $0.enumerated().allSatisfy { $1 == 1 - $0 % 2 } },
      { word in
        let runs = runs(word)
        return !runs.indices.contains { first in
          runs[first].symbol == 1 && runs[first].length % 2 == 1
            && runs[first...].contains { $0.symbol == 0 && $0.length % 2 == 1 }
        }
      },
      { !runs($0).contains { $0.symbol == 0 && $0.length >= 3 } },
      { word in (0...1).allSatisfy { symbol in word.count { $0 == symbol } % 2 == 0 } },
      { word in (word.count { $0 == 0 } - word.count { $0 == 1 }) % 3 == 0 },
      { runs($0).count <= ($0.first == 1 ? 3 : 4) },
    ]
    for (index, description) in descriptions.enumerated() {
      let language = Language.tomita(index + 1)
      for word in words(upTo: 11, symbols: 2) {
        #expect((language.target(of: word) == 1) == description(word), "\(language.name): \(word)")
      }
    }
  }

  /// The words are those of Tomita's table as later studies of grammatical inference print it.
  @Test func `Tomita's third language accepts and rejects the published words`() throws {
    let language = Language.tomita(3)
    let accepted = [
      "1", "0", "01", "11", "00", "100", "110", "111", "000", "100100", "110000011100001",
      "111101100010011100",
    ]
    let rejected = [
      "10", "101", "010", "1010", "1110", "1011", "10001", "111010", "1001000", "11111000",
      "0111001101", "11011100110",
    ]
    for text in accepted {
      #expect(try language.target(of: language.alphabet.parse(text)) == 1, "\(text)")
    }
    for text in rejected {
      #expect(try language.target(of: language.alphabet.parse(text)) == 0, "\(text)")
    }
  }

  @Test func `Tomita's languages and the regular expressions of the literature are the same`()
    throws
  {
    let expressions = [
      1: "1*", 2: "(10)*", 4: "!((0|1)*000(0|1)*)", 5: "(00|11|(01|10)(00|11)*(01|10))*",
      6: "((0(01)*(1|00))|(1(10)*(0|11)))*", 7: "0*1*0*1*",
    ]
    for (number, expression) in expressions {
      let machine = try MooreMachine(regularExpression: expression, alphabet: .digits(2))
      #expect(
        try machine.separatingWord(from: Language.tomita(number).machine) == nil, "\(number)")
    }
  }

  @Test(arguments: [
    ("parity", 2), ("mod-5", 5), ("tomita-1", 2), ("tomita-2", 3), ("tomita-3", 5),
    ("tomita-4", 4), ("tomita-5", 4), ("tomita-6", 3), ("tomita-7", 5), ("even-pairs", 5),
    ("cycle-navigation-5", 5), ("dyck-1-depth-3", 5), ("no-substring:0110", 5),
    ("regex:(0|10*1)*", 2),
  ])
  func `tasks have the least machines that are known for them`(name: String, states: Int) throws {
    let machine = try Language(named: name).machine
    #expect(machine.minimized().stateCount == states)
    #expect(machine.stateCount == states)
  }

  @Test func `even pairs follows the examples of its source, and its definition`() {
    let language = Language.evenPairs
    #expect(language.target(of: [0, 0, 1, 1, 1, 0]) == 0)
    #expect(language.target(of: [0, 1, 0, 1, 0, 0, 1]) == 1)
    for word in words(upTo: 10, symbols: 2) {
      let meetings = zip(word, word.dropFirst()).count { $0 != $1 }
      #expect(language.target(of: word) == meetings % 2)
    }
  }

  @Test func `cycle navigation follows the examples of its source, and its definition`() {
    let language = Language.cycleNavigation(5)
    #expect(language.target(of: [1, -1, 0, -1, -1].map { $0 + 1 }) == 3)
    #expect(language.target(of: [1, 1, 1, -1].map { $0 + 1 }) == 2)
    for word in words(upTo: 7, symbols: 3) {
      let sum = word.reduce(0) { $0 + $1 - 1 }
      #expect(language.target(of: word) == (sum % 5 + 5) % 5)
    }
  }

  @Test func `modular arithmetic follows the examples of its source`() throws {
    let language = Language.modularArithmetic(5)
    for (text, value) in [
      ("1+2*3", 2), ("1-1-1", 4), ("0*1+4*3-2", 0), ("4", 4), ("2-3*4", 0), ("1+", 5), ("12", 5),
      ("*1", 5), ("", 5), ("3*3*3-4", 3),
    ] {
      #expect(try language.target(of: language.alphabet.parse(text)) == value, "\(text)")
    }
  }

  @Test func `modular arithmetic agrees with adding up terms`() {
    let k = 3
    let language = Language.modularArithmetic(k)
    for word in words(upTo: 5, symbols: k + 3) {
      var value = k
      if word.count % 2 == 1,
        word.enumerated().allSatisfy({ $0 % 2 == 0 ? $1 < k : $1 >= k })
      {
        var terms = [word[0]]
        for position in stride(from: 1, to: word.count, by: 2) {
          let number = word[position + 1]
          switch word[position] - k {
          case 0: terms.append(number)
          case 1: terms.append(-number)
          default: terms[terms.count - 1] *= number
          }
        }
        value = (terms.reduce(0, +) % k + k) % k
      }
      #expect(language.target(of: word) == value, "\(word)")
    }
  }

  @Test(arguments: 1...4)
  func `Dyck words are balanced and not too deep`(depth: Int) {
    let language = Language.dyck(depth: depth)
    for word in words(upTo: 10, symbols: 2) {
      var open = 0
      var isGood = true
      for symbol in word {
        open += symbol == 0 ? 1 : -1
        isGood = isGood && 0...depth ~= open
      }
      #expect((language.target(of: word) == 1) == (isGood && open == 0))
    }
  }

  @Test(arguments: ["0", "11", "0110", "10101", "00100"])
  func `words without a substring do not hold it`(pattern: String) throws {
    let language = try Language(named: "no-substring:\(pattern)")
    for word in words(upTo: 9, symbols: 2) {
      let text = word.map(String.init).joined()
      let holds = text.indices.contains { text[$0...].hasPrefix(pattern) }
      #expect((language.target(of: word) == 1) == !holds)
    }
  }

  @Test func `a random task is the seed's, has both outputs and no more states than asked`() throws
  {
    for seed in UInt64(0)..<50 {
      let language = try Language(named: "random:7", seed: seed)
      #expect(try language == Language(named: "random:7", seed: seed))
      #expect(2...7 ~= language.machine.stateCount)
      #expect(language.machine.minimized() == language.machine)
    }
    #expect(
      try Language(named: "random:7", seed: 1) != Language(named: "random:7", seed: 2))
  }

  @Test func `names that are no task are told what is`() {
    func sentence(_ name: String) -> String? {
      do {
        _ = try Language(named: name)
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(
      sentence("tomita-8")
        == "'tomita-8' is no task: after 'tomita-' a number from 1 to 7 was expected, not '8'.")
    #expect(
      sentence("no-substring:")
        == "'no-substring:' is no task: W is 1 to 64 letters or digits.")
    #expect(sentence("regex:(0")?.contains("column 1") == true)
    #expect(sentence("chess")?.hasPrefix("There is no task 'chess'; known are parity, ") == true)
  }

  @Test func `balanced words hold each output equally often, uniform ones do not`() {
    var generator = SplitMix64(seed: 3)
    let sparse = Language.tomita(1)
    let balanced = WordSet.balanced(count: 200, length: 12, of: sparse, using: &generator)
    #expect(balanced.targets.count { $0 == 1 } == 100)
    let uniform = WordSet.random(count: 200, length: 12, of: sparse, using: &generator)
    #expect(uniform.targets.count { $0 == 1 } < 10)
    let chosen = WordSet.representative(count: 200, length: 12, of: sparse, using: &generator)
    #expect(chosen.targets.count { $0 == 1 } == 100)
    let parity = WordSet.representative(count: 200, length: 12, of: .parity, using: &generator)
    #expect(parity.targets.count { $0 == 1 } != 0)
    for set in [balanced, uniform, chosen] {
      for index in 0..<set.count {
        #expect(sparse.target(of: set.word(index).map(Int.init)) == Int(set.targets[index]))
      }
    }
  }

  @Test func `labelled words are trained on and held out, each once`() throws {
    let tree = words(upTo: 5, symbols: 2)
    let labelled = LabelledWords(
      alphabet: .digits(2), words: tree, outputs: tree.map { Language.parity.target(of: $0) })
    let data = try #require(TrainingData(labelled, seed: 4))
    let held = data.validation.reduce(0) { $0 + $1.count }
    #expect(held == tree.count / 10)
    var seen: Set<[Int32]> = []
    for set in data.training + data.validation {
      for index in 0..<set.count {
        #expect(seen.insert(Array(set.word(index))).inserted)
        #expect(Language.parity.target(of: set.word(index).map(Int.init)) == set.targets[index])
      }
    }
    #expect(seen.count == tree.count)
    #expect(
      TrainingData(LabelledWords(alphabet: .digits(2), words: [[]], outputs: [1]), seed: 1) == nil)
  }
}
