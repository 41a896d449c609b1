// Tasks by the names that users give them.

public import Automata

/// A kind of task, with a name that may hold a number or a text.
public struct LanguageFamily: Sendable {
  /// The name as it is written in a list, such as "mod-k".
  public let form: String
  /// A member's name.
  public let example: String
  /// What the task asks about a word.
  public let summary: String
  /// Where the definition comes from.
  public let source: String
  // The task of that name, or nil if the name is no member's.
  let member:
    @Sendable (_ name: String, _ seed: UInt64, _ alphabet: Alphabet?) throws(LanguageNameError) ->
      Language?
}

extension Language {
  /// The task called `name`.
  ///
  /// - Parameters:
  ///   - name: One of the forms of ``families``, such as `mod-3`.
  ///   - seed: What a random machine is drawn from.
  ///   - alphabet: The symbols of `regex:R` and `no-substring:W`, which need not name all of theirs.
  ///     Default: those that occur, but {0, 1} where nothing else does. Other tasks have symbols of
  ///     their own and take no notice.
  /// - Throws: `LanguageNameError` if there is no such task or its parameter makes no sense, as when
  ///   it names a symbol that `alphabet` lacks.
  public init(
    named name: String, seed: UInt64 = 1, alphabet: Alphabet? = nil
  ) throws(LanguageNameError) {
    for family in Self.families {
      if let language = try family.member(name, seed, alphabet) {
        self = language
        return
      }
    }
    throw LanguageNameError(name: name, reason: nil)
  }

  /// Every kind of task that has a name.
  public static let families: [LanguageFamily] = [
    LanguageFamily(
      form: "parity", example: "parity", summary: "whether the number of 1s is odd",
      source: "van Rossem and Saxe 2025"
    ) { name, _, _ in name == "parity" ? .parity : nil },
    LanguageFamily(
      form: "mod-k", example: "mod-3", summary: "the number of 1s modulo k",
      source: "van Rossem and Saxe 2025 for k = 2"
    ) { name, _, _ throws(LanguageNameError) in
      try number(name, after: "mod-", in: 2...64).map(Language.modulo)
    },
    LanguageFamily(
      form: "tomita-n", example: "tomita-4", summary: "whether the word is in Tomita's language n",
      source: "Tomita 1982"
    ) { name, _, _ throws(LanguageNameError) in
      try number(name, after: "tomita-", in: 1...7).map(Language.tomita)
    },
    LanguageFamily(
      form: "even-pairs", example: "even-pairs",
      summary: "whether the number of 01s and 10s is odd", source: "Delétang et al. 2023"
    ) { name, _, _ in name == "even-pairs" ? .evenPairs : nil },
    LanguageFamily(
      form: "cycle-navigation-k", example: "cycle-navigation-5",
      summary: "where steps back, rests and steps forward lead on a cycle of length k",
      source: "Delétang et al. 2023, k = 5"
    ) { name, _, _ throws(LanguageNameError) in
      try number(name, after: "cycle-navigation-", in: 2...64).map(Language.cycleNavigation)
    },
    LanguageFamily(
      form: "modular-arithmetic-k", example: "modular-arithmetic-5",
      summary: "the value modulo k of an expression with +, - and *; \"none\" if it is none",
      source: "Delétang et al. 2023, k = 5"
    ) { name, _, _ throws(LanguageNameError) in
      try number(name, after: "modular-arithmetic-", in: 2...16).map(Language.modularArithmetic)
    },
    LanguageFamily(
      form: "dyck-1-depth-d", example: "dyck-1-depth-3",
      summary: "whether brackets are balanced and nested at most d deep",
      source: "Hewitt et al. 2020"
    ) { name, _, _ throws(LanguageNameError) in
      try number(name, after: "dyck-1-depth-", in: 1...64).map { Language.dyck(depth: $0) }
    },
    LanguageFamily(
      form: "no-substring:W", example: "no-substring:0110",
      summary: "whether the word does not contain W", source: "Knuth, Morris and Pratt 1977"
    ) { name, _, alphabet throws(LanguageNameError) in
      guard let pattern = text(name, after: "no-substring:") else { return nil }
      guard 1...64 ~= pattern.count, pattern.allSatisfy({ $0.isLetter || $0.isNumber }) else {
        throw LanguageNameError(name: name, reason: "W is 1 to 64 letters or digits")
      }
      if let alphabet, let letter = pattern.first(where: { alphabet.index(of: "\($0)") == nil }) {
        let error = AlphabetError.unknownSymbol("\(letter)", alphabet: alphabet.symbols)
        throw LanguageNameError(name: name, reason: "\(error)")
      }
      return .withoutSubstring(pattern, alphabet: alphabet)
    },
    LanguageFamily(
      form: "regex:R", example: "regex:(0|10*1)*",
      summary: "whether the word matches the regular expression R", source: "Kleene 1956"
    ) { name, _, alphabet throws(LanguageNameError) in
      guard let expression = text(name, after: "regex:") else { return nil }
      do {
        // A binary language need not mention both symbols: 1* is one over {0, 1}.
        var machine = try MooreMachine(regularExpression: expression, alphabet: alphabet)
        if alphabet == nil, Set(machine.alphabet.symbols).isSubset(of: ["0", "1"]) {
          machine = try MooreMachine(regularExpression: expression, alphabet: .digits(2))
        }
        return Language(name: name, machine: machine.completed(sinkOutput: 0))
      } catch {
        throw LanguageNameError(name: name, reason: "\(error)")
      }
    },
    LanguageFamily(
      form: "random:n", example: "random:7",
      summary: "the output of a random machine of at most n states, drawn from the seed of tasks",
      source: "van Rossem and Saxe 2025, C.3"
    ) { name, seed, _ throws(LanguageNameError) in
      try number(name, after: "random:", in: 1...1000).map { random(states: $0, seed: seed) }
    },
  ]

  /// The paper's random machine of at most `states` states over {0, 1}, minimal and with both
  /// outputs.
  ///
  /// Machines that say the same after every word are no task and are drawn again, unless `states`
  /// is 1.
  public static func random(states: Int, seed: UInt64) -> Language {
    var generator = SplitMix64(seed: seed, stream: "random machine")
    while true {
      let machine = MooreMachine.random(
        atMostStates: states, alphabet: .digits(2), outputAlphabet: .digits(2),
        using: &generator
      ).minimized()
      if machine.stateCount > 1 || states == 1 {
        return Language(name: "random:\(states)", machine: machine)
      }
    }
  }

  private static func text(_ name: String, after prefix: String) -> String? {
    name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
  }

  private static func number(
    _ name: String, after prefix: String, in range: ClosedRange<Int>
  ) throws(LanguageNameError) -> Int? {
    guard let text = text(name, after: prefix) else { return nil }
    guard let number = Int(text), range ~= number else {
      throw LanguageNameError(
        name: name,
        reason: "after '\(prefix)' a number from \(range.lowerBound) to "
          + "\(range.upperBound) was expected, not '\(text)'")
    }
    return number
  }
}

/// A name that no task has.
public struct LanguageNameError: Error, Equatable, CustomStringConvertible {
  public let name: String
  /// What is wrong with its parameter, if it begins like a task's name.
  public let reason: String?

  public var description: String {
    if let reason {
      let start = name.count > 60 ? "\(name.prefix(60))…" : name
      return "'\(start)' is no task: \(reason)\(reason.hasSuffix(".") ? "" : ".")"
    }
    let forms = Language.families.map(\.form).joined(separator: ", ")
    return "There is no task '\(name)'; known are \(forms), machine:FILE and words:FILE."
  }
}
