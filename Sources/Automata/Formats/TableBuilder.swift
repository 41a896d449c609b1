// From a file's list of transitions between named states to a transition table.

/// Collects states in order of appearance and transitions between them.
struct TableBuilder {
  struct Transition {
    let source, target: Int
    let symbol: String
    /// What a Mealy machine says on the way.
    var output: String?
    let offset: Int
    let symbolOffset: Int
  }

  /// What the states are called in the file.
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]
  var transitions: [Transition] = []

  var stateCount: Int { names.count }

  /// The number of the state called `name`, which is new or known.
  mutating func state(_ name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The number of the state called `name`, if it is known.
  func knownState(_ name: String) -> Int? { numbers[name] }

  /// A table whose state 0 is the first.
  struct Table {
    let alphabet: Alphabet
    let targets: [Int32]
    /// What is said on each transition of a Mealy machine.
    let outputs: [String?]

    /// The Moore machine that says after each word what the Mealy machine said last: one state
    /// per pair of a state and an output on a transition into it; the start says "ε".
    func splitByOutput() -> MooreMachine {
      struct Split: Hashable {
        let state: Int32
        let output: String
      }
      let k = alphabet.count
      var splits = [Split(state: 0, output: "ε")]
      var numbers = [splits[0]: Int32(0)]
      var successors: [Int32] = []
      var next = 0
      while next < splits.count {
        for cell in Int(splits[next].state) * k..<(Int(splits[next].state) + 1) * k {
          guard targets[cell] >= 0 else {
            successors.append(MooreMachine.open)
            continue
          }
          let split = Split(state: targets[cell], output: outputs[cell] ?? "ε")
          if let number = numbers[split] {
            successors.append(number)
          } else {
            numbers[split] = Int32(splits.count)
            successors.append(Int32(splits.count))
            splits.append(split)
          }
        }
        next += 1
      }
      let names = ["ε"] + Alphabet.naturallyOrdered(splits.map(\.output)).filter { $0 != "ε" }
      let places = Dictionary(uniqueKeysWithValues: zip(names, Int32(0)...))
      return MooreMachine(
        unchecked: alphabet, outputAlphabet: try! Alphabet(names),  // distinct, and not empty
        outputs: splits.map { places[$0.output]! }, successors: successors)
    }
  }

  /// The table of the transitions; a transition may be given twice, but not with two meanings.
  ///
  /// - Parameters:
  ///   - alphabet: The symbols; nil for those that occur, in natural order.
  ///   - error: Makes an error of a problem and its offset.
  func resolve(
    alphabet: Alphabet?, error: (FormatError.Problem, Int) -> FormatError
  ) throws(FormatError) -> Table {
    let resolved: Alphabet
    if let alphabet {
      resolved = alphabet
    } else if let inferred = try? Alphabet(Alphabet.naturallyOrdered(transitions.map(\.symbol))) {
      resolved = inferred
    } else {
      throw error(.noSymbols, 0)
    }
    let k = resolved.count
    guard stateCount <= largestTable / k else {
      throw error(.tooLarge(states: stateCount, symbols: k), 0)
    }
    let places = Dictionary(uniqueKeysWithValues: zip(resolved.symbols, 0...))
    var targets = [Int32](repeating: MooreMachine.open, count: stateCount * k)
    var outputs = [String?](
      repeating: nil, count: transitions.contains { $0.output != nil } ? targets.count : 0)
    for transition in transitions {
      guard let symbol = places[transition.symbol] else {
        throw error(
          .unknownSymbol(transition.symbol, alphabet: resolved.symbols), transition.symbolOffset)
      }
      let cell = transition.source * k + symbol
      if targets[cell] >= 0 {
        guard targets[cell] == transition.target,
          outputs.isEmpty || outputs[cell] == transition.output
        else {
          throw error(
            .nondeterministic(
              state: names[transition.source], symbol: transition.symbol,
              first: names[Int(targets[cell])], second: names[transition.target]),
            transition.offset)
        }
      }
      targets[cell] = Int32(transition.target)
      if !outputs.isEmpty { outputs[cell] = transition.output }
    }
    return Table(alphabet: resolved, targets: targets, outputs: outputs)
  }
}
