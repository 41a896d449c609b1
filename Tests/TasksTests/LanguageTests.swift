import Automata
import Tasks
import TestSupport
import Testing

extension Language {
  /// The first word up to `length` on which the task and a plain definition differ.
  fileprivate func difference(upTo length: Int, _ definition: (String) -> String) -> String? {
    words(upTo: length, symbols: alphabet.count).map { word in
      (word, word.map { alphabet.symbols[$0] }.joined())
    }.first { word, text in
      outputAlphabet.symbols[target(of: word)] != definition(text)
    }?.1
  }

  fileprivate func difference(upTo length: Int, accepts: (String) -> Bool) -> String? {
    difference(upTo: length) { accepts($0) ? "1" : "0" }
  }
}

@Suite struct LanguageTests {
  @Test func `parity says whether the number of ones is odd`() {
    #expect(Language.parity.difference(upTo: 10) { "\($0.count { $0 == "1" } % 2)" } == nil)
    #expect(Language.parity.machine.minimized().stateCount == 2)
  }

  @Test(arguments: 1...7)
  func `mod-k counts the ones modulo k`(k: Int) {
    let language = Language.modulo(k)
    #expect(language.difference(upTo: 10) { "\($0.count { $0 == "1" } % k)" } == nil)
    #expect(language.machine.minimized().stateCount == k)
  }

  @Test func `Tomita's languages are what their definitions say`() {
    func runs(_ word: String) -> [(symbol: Character, count: Int)] {
      word.reduce(into: []) { runs, symbol in
        if runs.last?.symbol == symbol {
          runs[runs.count - 1].count += 1
        } else {
          runs.append((symbol, 1))
        }
      }
    }
    func count(_ symbol: Character, _ word: String) -> Int { word.count { $0 == symbol } }
    let definitions: [(String) -> Bool] = [
      { !$0.contains("0") },
      { $0 == String(repeating: "10", count: $0.count / 2) },
      { word in
        // Somewhere an odd run of 1s, and later an odd run of 0s.
        let odd = runs(word).filter { $0.count % 2 == 1 }.map(\.symbol)
        guard let first = odd.firstIndex(of: "1") else { return true }
        return !odd[first...].contains("0")
      },
      { !$0.contains("000") },
      { count("0", $0) % 2 == 0 && count("1", $0) % 2 == 0 },
      { (count("0", $0) - count("1", $0)) % 3 == 0 },
      { $0.wholeMatch(of: /0*1*0*1*/) != nil },
    ]
    // The sizes of the minimal complete machines as published.
    for (index, (definition, states)) in zip(definitions, [2, 3, 5, 4, 4, 3, 5]).enumerated() {
      let language = Language.tomita(index + 1)
      #expect(language.difference(upTo: 10, accepts: definition) == nil, "Tomita \(index + 1)")
      #expect(language.machine.minimized().stateCount == states)
    }
  }

  @Test func `even pairs counts the places where symbols differ`() {
    let difference = Language.evenPairs.difference(upTo: 10) { word in
      zip(word, word.dropFirst()).count { $0 != $1 } % 2 == 1
    }
    #expect(difference == nil)
  }

  @Test(arguments: 1...6)
  func `cycle navigation adds up its steps`(k: Int) {
    let difference = Language.cycleNavigation(k).difference(upTo: 7) { word in
      let place = word.reduce(0) { $0 + ($1 == "+" ? 1 : $1 == "-" ? -1 : 0) }
      return "\((place % k + k) % k)"
    }
    #expect(difference == nil)
  }

  @Test(arguments: 2...3)
  func `modular arithmetic has the value of the expression`(k: Int) {
    func value(_ word: String) -> String {
      let symbols = Array(word)
      guard symbols.count % 2 == 1 else { return "none" }
      // Terms are products; minus makes the next number's first factor negative.
      var terms: [Int] = []
      var sign = 1
      for (place, symbol) in symbols.enumerated() {
        if place % 2 == 0 {
          guard let number = symbol.wholeNumberValue else { return "none" }
          if place > 0, symbols[place - 1] == "*" {
            terms[terms.count - 1] *= number
          } else {
            terms.append(sign * number)
          }
        } else {
          guard "+-*".contains(symbol) else { return "none" }
          if symbol != "*" { sign = symbol == "-" ? -1 : 1 }
        }
      }
      return "\((terms.reduce(0, +) % k + k) % k)"
    }
    #expect(Language.modularArithmetic(k).difference(upTo: 5, value) == nil)
  }

  @Test(arguments: 0...4)
  func `bounded brackets balance and nest no deeper`(depth: Int) {
    let difference = Language.dyck(depth: depth).difference(
      upTo: 10,
      accepts: { word in
        var level = 0
        for bracket in word {
          level += bracket == "(" ? 1 : -1
          if level < 0 || level > depth { return false }
        }
        return level == 0
      })
    #expect(difference == nil)
    #expect(Language.dyck(depth: depth).machine.stateCount == depth + 2)
  }

  @Test(arguments: ["0", "01", "0110", "00100", "1111", "aa", "abab", "aab", "abc"])
  func `words without a pattern do not contain it`(pattern: String) {
    let language = Language.withoutSubstring(pattern)
    let length = language.alphabet.count == 2 ? 10 : 7
    #expect(language.difference(upTo: length, accepts: { !$0.contains(pattern) }) == nil)
    #expect(language.machine.minimized().stateCount == pattern.count + 1)
  }

  @Test func `random machines are minimal, small enough, and drawn from their seed`() throws {
    var machines: Set<MooreMachine> = []
    for seed in UInt64(0)..<50 {
      let language = Language.random(states: 7, seed: seed)
      #expect((2...7).contains(language.machine.stateCount))
      #expect(language.machine.minimized() == language.machine)
      #expect(Language.random(states: 7, seed: seed) == language)
      #expect(try Language(named: "random:7", seed: seed) == language)
      machines.insert(language.machine)
    }
    #expect(machines.count > 40)
    #expect(Language.random(states: 1, seed: 3).machine.stateCount == 1)
  }
}

@Suite struct LanguageNameTests {
  @Test func `every family's example has its own name`() throws {
    for family in Language.families {
      #expect(try Language(named: family.example).name == family.example)
    }
  }

  @Test func `names lead to the tasks they name`() throws {
    #expect(try Language(named: "parity") == .parity)
    for k in [2, 3, 17, 64] { #expect(try Language(named: "mod-\(k)") == .modulo(k)) }
    for n in 1...7 { #expect(try Language(named: "tomita-\(n)") == .tomita(n)) }
    #expect(try Language(named: "dyck-1-depth-3") == .dyck(depth: 3))
    #expect(try Language(named: "no-substring:0110") == .withoutSubstring("0110"))
    let regex = try Language(named: "regex:(0|10*1)*")
    // An even number of 1s.
    #expect(regex.difference(upTo: 9, accepts: { $0.count { $0 == "1" } % 2 == 0 }) == nil)
  }

  @Test func `names that no task has are told so`() {
    func complaint(_ name: String) -> String? {
      do {
        _ = try Language(named: name)
        return nil
      } catch {
        return error.description
      }
    }
    let known =
      "known are parity, mod-k, tomita-n, even-pairs, cycle-navigation-k, modular-arithmetic-k, "
      + "dyck-1-depth-d, no-substring:W, regex:R, random:n, machine:FILE and words:FILE."
    for name in ["", "Parity", "mod", "party", " parity"] {
      #expect(complaint(name) == "There is no task '\(name)'; \(known)")
    }
    for text in ["", "1", "65", "-3", "3 ", "0x3", "99999999999999999999"] {
      #expect(
        complaint("mod-\(text)")
          == "'mod-\(text)' is no task: after 'mod-' a number from 2 to 64 was expected, not "
          + "'\(text)'.")
    }
    #expect(
      complaint("tomita-8")
        == "'tomita-8' is no task: after 'tomita-' a number from 1 to 7 was expected, not '8'.")
    #expect(
      complaint("no-substring:")
        == "'no-substring:' is no task: W is 1 to 64 letters or digits.")
    #expect(complaint("regex:(")?.hasPrefix("'regex:(' is no task: ") == true)
  }
}
