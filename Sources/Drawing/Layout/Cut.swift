// Automata too large to draw.
//
// A tree of 131,071 states is 131,071 dots on 500 points of height, and Graphviz would need hours
// for it. The first states, those of the shortest words, say what there is to see: a tree that goes
// on.

import Automata
import Extraction

/// The most states that are drawn: those of a full tree of depth 10 over two symbols.
let mostStatesDrawn = 2047

extension Extraction {
  /// The extraction with its automaton confined to its first `count` states; transitions to others
  /// become open.
  func confined(to count: Int, alphabet: Alphabet, outputAlphabet: Alphabet) -> Extraction {
    guard automaton.stateCount > count else { return self }
    // States are in the order of their classes.
    let limit = classOfState[count]
    return Extraction(
      partition: partition,
      successors: successors.map { $0.flatMap { $0 < limit ? $0 : nil } }, outputs: outputs,
      disagreements: disagreements, consistency: consistency, alphabet: alphabet,
      outputAlphabet: outputAlphabet)
  }
}

extension MooreMachine {
  /// The machine confined to the first `count` states in breadth-first order; transitions to
  /// others become open.
  func confined(to count: Int) -> MooreMachine {
    guard stateCount > count else { return self }
    let machine = reachable()
    guard machine.stateCount > count else { return machine }
    do {
      return try MooreMachine(
        alphabet: alphabet, outputAlphabet: outputAlphabet,
        outputs: (0..<count).map(machine.output(of:)),
        successors: (0..<count).flatMap { state in
          (0..<alphabet.count).map { symbol in
            machine.successor(of: state, on: symbol).flatMap { $0 < count ? $0 : nil }
          }
        })
    } catch {
      preconditionFailure("part of a machine is a machine: \(error)")
    }
  }
}
