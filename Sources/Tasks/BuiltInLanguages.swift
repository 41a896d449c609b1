// The languages themselves, each as its source defines it.

public import Automata

extension Language {
  /// Streaming parity: whether the number of 1s so far is odd.
  public static let parity = Language(
    name: "parity",
    machine: machine(outputs: [0, 1], successors: [[0, 1], [1, 0]]))

  /// The number of 1s so far modulo `k`; k states.
  ///
  /// - Precondition: `k` is at least 1.
  public static func modulo(_ k: Int) -> Language {
    precondition(k >= 1, "counting modulo \(k)")
    return Language(
      name: "mod-\(k)",
      machine: machine(
        outputAlphabet: .digits(k), outputs: Array(0..<k),
        successors: (0..<k).map { [$0, ($0 + 1) % k] }))
  }

  /// The `number`-th of Tomita's seven languages over {0, 1}.
  ///
  /// Source: M. Tomita, "Dynamic Construction of Finite-State Automata from Examples Using
  /// Hill-Climbing", Proc. 4th Conference of the Cognitive Science Society (1982), 105–108.
  ///
  /// - Precondition: `number` is from 1 to 7.
  public static func tomita(_ number: Int) -> Language {
    // States that no longer accept anything come last.
    let table: (outputs: [Int], successors: [[Int]]) =
      switch number {
      case 1:  // 1*
        ([1, 0], [[1, 0], [1, 1]])
      case 2:  // (10)*
        ([1, 0, 0], [[2, 1], [0, 2], [2, 2]])
      case 3:  // no odd run of 1s followed, however much later, by an odd run of 0s
        ([1, 1, 0, 1, 0], [[0, 1], [2, 0], [3, 4], [2, 3], [4, 4]])
      case 4:  // no 000
        ([1, 1, 1, 0], [[1, 0], [2, 0], [3, 0], [3, 3]])
      case 5:  // an even number of 0s and an even number of 1s
        ([1, 0, 0, 0], [[1, 2], [0, 3], [3, 0], [2, 1]])
      case 6:  // the number of 0s less that of 1s is divisible by 3
        ([1, 0, 0], [[1, 2], [2, 0], [0, 1]])
      case 7:  // 0*1*0*1*
        ([1, 1, 1, 1, 0], [[0, 1], [2, 1], [2, 3], [4, 3], [4, 4]])
      default:
        preconditionFailure("Tomita's languages are numbered 1 to 7, not \(number)")
      }
    return Language(
      name: "tomita-\(number)",
      machine: machine(outputs: table.outputs, successors: table.successors))
  }

  /// Whether the number of places where 0 and 1 meet (01 or 10) is odd, which is whether the first
  /// and the last symbol differ.
  ///
  /// Source: G. Delétang et al., "Neural Networks and the Chomsky Hierarchy", ICLR 2023, task "Even
  /// Pairs": class 0 if the number is even, else 1.
  public static let evenPairs = Language(
    name: "even-pairs",
    machine: machine(
      outputs: [0, 0, 1, 0, 1], successors: [[1, 3], [1, 2], [1, 2], [4, 3], [4, 3]]))

  /// The position on a cycle of length `k` after steps back (−), rests (0) and steps forward (+).
  ///
  /// Source: Delétang et al. (2023), task "Cycle Navigation", where k is 5; the symbols are in the
  /// order of their one-hot codes.
  ///
  /// - Precondition: `k` is at least 1.
  public static func cycleNavigation(_ k: Int) -> Language {
    precondition(k >= 1, "a cycle of length \(k)")
    return Language(
      name: "cycle-navigation-\(k)",
      machine: machine(
        symbols: ["-", "0", "+"], outputAlphabet: .digits(k), outputs: Array(0..<k),
        successors: (0..<k).map { [($0 + k - 1) % k, $0, ($0 + 1) % k] }))
  }

  /// The value modulo `k` of an expression of numbers 0 … k − 1 and the operators +, − and *,
  /// where * binds stronger.
  ///
  /// Words that are no expression, such as those of even length, have the output "none"; the
  /// source has no such words in its data.
  ///
  /// Source: Delétang et al. (2023), task "Modular Arithmetic (Simple)", where k is 5; the symbols
  /// are in the order of their one-hot codes, without the blank.
  ///
  /// - Precondition: `k` is at least 1.
  public static func modularArithmetic(_ k: Int) -> Language {
    precondition(k >= 1, "arithmetic modulo \(k)")
    // After a number: the sum of the finished terms and the product so far. After an operator: that
    // sum, and what the next number is multiplied by.
    func afterNumber(_ sum: Int, _ product: Int) -> Int { sum * k + product }
    func afterOperator(_ sum: Int, _ factor: Int) -> Int { k * k + sum * k + factor }
    let wrong = 2 * k * k
    var outputs: [Int] = []
    var successors: [[Int]] = []
    for sum in 0..<k {
      for product in 0..<k {
        outputs.append((sum + product) % k)
        let next = (sum + product) % k
        successors.append(
          Array(repeating: wrong, count: k) + [
            afterOperator(next, 1 % k), afterOperator(next, k - 1), afterOperator(sum, product),
          ])
      }
    }
    for sum in 0..<k {
      for factor in 0..<k {
        outputs.append(k)
        successors.append(
          (0..<k).map { afterNumber(sum, factor * $0 % k) }
            + Array(repeating: wrong, count: 3))
      }
    }
    outputs.append(k)
    successors.append(Array(repeating: wrong, count: k + 3))
    // Before the first number the sum is 0 and the factor 1: that state comes first.
    let start = afterOperator(0, 1 % k)
    func moved(_ state: Int) -> Int { state == 0 ? start : state == start ? 0 : state }
    outputs.swapAt(0, start)
    successors.swapAt(0, start)
    return Language(
      name: "modular-arithmetic-\(k)",
      machine: machine(
        symbols: (0..<k).map(String.init) + ["+", "-", "*"],
        outputAlphabet: outputAlphabet((0..<k).map(String.init) + ["none"]), outputs: outputs,
        successors: successors.map { $0.map(moved) }
      ).minimized())
  }

  /// Balanced words of brackets that are nested at most `depth` deep; depth + 2 states.
  ///
  /// - Precondition: `depth` is at least 0.
  public static func dyck(depth: Int) -> Language {
    precondition(depth >= 0, "depth \(depth)")
    let wrong = depth + 1
    return Language(
      name: "dyck-1-depth-\(depth)",
      machine: machine(
        symbols: ["(", ")"], outputs: (0...wrong).map { $0 == 0 ? 1 : 0 },
        successors: (0...wrong).map {
          $0 == wrong ? [wrong, wrong] : [$0 + 1, $0 == 0 ? wrong : $0 - 1]
        }
      ).minimized())
  }

  /// Words that do not contain `pattern`; one state more than it has symbols.
  ///
  /// Without an `alphabet` it is {0, 1} where the pattern is over it, else that of the pattern's
  /// letters and at least {a, b}.
  ///
  /// Source: the matching automaton of D. E. Knuth, J. H. Morris and V. R. Pratt, "Fast Pattern
  /// Matching in Strings", SIAM Journal on Computing 6 (1977).
  ///
  /// - Precondition: `pattern` is not empty, and its letters are in the alphabet.
  public static func withoutSubstring(_ pattern: String, alphabet: Alphabet? = nil) -> Language {
    precondition(!pattern.isEmpty, "every word contains the empty word")
    let letters = pattern.map(String.init)
    precondition(
      alphabet.map { Set(letters).isSubset(of: $0.symbols) } ?? true, "a letter is no symbol")
    let symbols =
      alphabet?.symbols
      ?? (Set(letters).isSubset(of: ["0", "1"])
        ? ["0", "1"] : Set(letters).union(Set(letters).count < 2 ? ["a", "b"] : []).sorted())
    // State q has matched the first q letters; on a symbol it goes to the longest beginning of the
    // pattern that is an end of what was matched and the symbol.
    let found = letters.count
    let successors = (0...found).map { matched in
      symbols.map { symbol in
        guard matched < found else { return found }
        let read = Array(letters[..<matched]) + [symbol]
        return (0...min(read.count, found)).last { Array(read.suffix($0)) == Array(letters[..<$0]) }
          ?? 0
      }
    }
    return Language(
      name: "no-substring:\(pattern)",
      machine: machine(
        symbols: symbols, outputs: (0...found).map { $0 == found ? 0 : 1 },
        successors: successors))
  }

  // MARK: Tables

  /// A machine from a table that is right because it was written down here.
  private static func machine(
    symbols: [String] = ["0", "1"], outputAlphabet: Alphabet = .digits(2), outputs: [Int],
    successors: [[Int]]
  ) -> MooreMachine {
    do {
      return try MooreMachine(
        alphabet: Alphabet(symbols), outputAlphabet: outputAlphabet, outputs: outputs,
        successors: successors.flatMap { $0 })
    } catch {
      preconditionFailure("a table of this file is no machine: \(error)")
    }
  }

  private static func outputAlphabet(_ names: [String]) -> Alphabet {
    do {
      return try Alphabet(names)
    } catch {
      preconditionFailure("names of outputs of this file are no alphabet: \(error)")
    }
  }
}
