// What the tests of several modules share: every small machine, naive oracles.

package import Automata

extension MooreMachine {
  /// Every machine with `states` states over 2 symbols and 2 outputs: 2^n · n^2n of them, or
  /// 2^n · (n + 1)^2n with open transitions.
  package static func all(states n: Int, withOpenTransitions: Bool = false) -> [MooreMachine] {
    let choices = withOpenTransitions ? n + 1 : n
    var tables: [[Int32]] = [[]]
    for _ in 0..<2 * n {
      tables = tables.flatMap { table in
        (0..<choices).map { table + [$0 == n ? MooreMachine.open : Int32($0)] }
      }
    }
    return (0..<1 << n).flatMap { bits in
      tables.map {
        MooreMachine(
          unchecked: .digits(2), outputAlphabet: .digits(2),
          outputs: (0..<n).map { Int32(bits >> $0 & 1) }, successors: $0)
      }
    }
  }

  /// A random machine of 1 to `n` states, with random alphabets and some open transitions.
  package static func varied(
    atMostStates n: Int, using generator: inout some RandomNumberGenerator
  ) -> MooreMachine {
    let symbols = Int.random(in: 1...4, using: &generator)
    let outputs = Int.random(in: 1...3, using: &generator)
    let states = Int.random(in: 1...n, using: &generator)
    let machine = uniformlyRandom(
      states: states, alphabet: .digits(symbols), outputAlphabet: .digits(outputs),
      using: &generator)
    guard Bool.random(using: &generator) else { return machine }
    return MooreMachine(
      unchecked: machine.alphabet, outputAlphabet: machine.outputAlphabet,
      outputs: machine.outputs,
      successors: machine.successors.map {
        Int.random(in: 0..<5, using: &generator) == 0 ? open : $0
      })
  }

  /// The same machine with its states shuffled behind the start.
  package func shuffled(using generator: inout some RandomNumberGenerator) -> MooreMachine {
    let names = [0] + Array(1..<max(stateCount, 1)).shuffled(using: &generator)
    var outputs = [Int](repeating: 0, count: stateCount)
    var successors = [Int?](repeating: nil, count: self.successors.count)
    for state in 0..<stateCount {
      outputs[names[state]] = output(of: state)
      for symbol in 0..<alphabet.count {
        successors[names[state] * alphabet.count + symbol] = successor(of: state, on: symbol).map {
          names[$0]
        }
      }
    }
    // The table is a permutation of one that was accepted.
    return try! MooreMachine(
      alphabet: alphabet, outputAlphabet: outputAlphabet, outputs: outputs, successors: successors)
  }

  /// The number of states of the minimal machine by Moore's rounds, one signature per state.
  package var slowMinimalStateCount: Int {
    let machine = reachable()
    var classes = machine.outputs.map { Int($0) }
    while true {
      var numbers: [[Int]: Int] = [:]
      let next = (0..<machine.stateCount).map { state in
        let signature =
          [classes[state]]
          + (0..<alphabet.count).map { symbol in
            machine.successor(of: state, on: symbol).map { classes[$0] } ?? -1
          }
        return numbers[signature, default: numbers.count].also { numbers[signature] = $0 }
      }
      if Set(next).count == Set(classes).count { return Set(next).count }
      classes = next
    }
  }
}

extension Int {
  /// Hands the value to `body` and returns it.
  fileprivate func also(_ body: (Int) -> Void) -> Int {
    body(self)
    return self
  }
}
