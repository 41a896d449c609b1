// Exchange with other tools and measurements, both only when asked for by an environment variable.

import Foundation
import TestSupport
import Testing

@testable import Automata

private func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

@Suite struct PeerTests {
  /// Our half of Benchmarks/peers/aalpy_dot.py, which sets the variable to a folder: reads each
  /// `theirs-*.dot` there and writes its minimal machine, and writes machines of our own beside
  /// their minimal ones.
  @Test(.enabled(if: environment("DOT_EXCHANGE") != nil))
  func `machines are exchanged with another tool as DOT files`() throws {
    let folder = URL(fileURLWithPath: environment("DOT_EXCHANGE")!)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    for file in files where file.hasPrefix("theirs-") {
      let bytes = try Data(contentsOf: folder.appendingPathComponent(file))
      let machine = try MooreMachine(dot: text(decoding: Array(bytes), format: file))
      let style: DOTStyle = file.contains("dfa") ? .acceptor : .moore
      try Data(machine.minimized().dot(style: style).utf8)
        .write(to: folder.appendingPathComponent("minimal-" + file))
    }
    var generator = SplitMix64(seed: 2025)
    for number in 0..<200 {
      let isAcceptor = number.isMultiple(of: 2)
      let machine = MooreMachine.uniformlyRandom(
        states: Int.random(in: 1...30, using: &generator),
        alphabet: .digits(Int.random(in: 1...4, using: &generator)),
        outputAlphabet: isAcceptor ? .digits(2) : .digits(3), using: &generator)
      let name = "ours-\(isAcceptor ? "dfa" : "moore")-\(number).dot"
      try Data(machine.dot().utf8).write(to: folder.appendingPathComponent(name))
      try Data(machine.minimized().dot(style: isAcceptor ? .acceptor : .moore).utf8)
        .write(to: folder.appendingPathComponent("minimal-" + name))
    }
  }

  /// Prints a table; `MEASURE_MACHINES=1 swift test -c release --filter PeerTests`.
  @Test(.enabled(if: environment("MEASURE_MACHINES") != nil))
  func `minimization and equivalence grow as their bounds say`() throws {
    let clock = ContinuousClock()
    print("kind,states,symbols,minimal_states,minimize_s,equivalent_s,peak_MB")
    func measure(_ kind: String, _ machine: MooreMachine) throws {
      var minimal = machine
      let minimizing = clock.measure { minimal = machine.minimized() }
      var isEquivalent = false
      let comparing = try clock.measure { isEquivalent = try minimal.isEquivalent(to: machine) }
      #expect(isEquivalent)
      print(
        "\(kind),\(machine.stateCount),\(machine.alphabet.count),\(minimal.stateCount),"
          + "\(minimizing.seconds),\(comparing.seconds),\(peakMemory() / 1_000_000)")
    }
    for symbols in [2, 26] {
      for states in [1_000, 10_000, 100_000, 1_000_000] {
        var generator = SplitMix64(seed: UInt64(states))
        // Every state twice, so that half of them merge and equivalence visits all.
        let half = MooreMachine.uniformlyRandom(
          states: states / 2, alphabet: .digits(symbols), using: &generator)
        try measure("doubled", half.doubled(using: &generator))
      }
    }
    // Counters to n: Moore's rounds alone would take n²/2 steps each.
    for states in [1_000, 10_000, 100_000, 1_000_000] {
      let machine = try MooreMachine(
        alphabet: .digits(2), outputs: (0..<states).map { $0 == states - 1 ? 1 : 0 },
        successors: (0..<states).flatMap { [$0, min($0 + 1, states - 1)] })
      try measure("counter", machine)
    }
  }
}

extension MooreMachine {
  /// An equivalent machine with two copies of each state; each transition leads to either copy.
  fileprivate func doubled(using generator: inout some RandomNumberGenerator) -> MooreMachine {
    let n = Int32(stateCount)
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs + outputs,
      successors: (successors + successors).map {
        Bool.random(using: &generator) ? $0 : $0 + n
      })
  }
}

extension Duration {
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

/// The most bytes that this process has held, as Linux reports it; 0 elsewhere.
private func peakMemory() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
}
