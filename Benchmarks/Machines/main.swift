// Machines exchanged with other tools, and how long minimization and equivalence take.
//
//   Machines exchange FOLDER   our half of peers/aalpy_dot.py, which calls it
//   Machines measure           prints a table

import Automata
import Foundation

/// Reads each `theirs-*.dot` of a folder and writes its minimal machine, and writes machines of our
/// own beside their minimal ones.
func exchange(_ folder: URL) throws {
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  for file in files where file.hasPrefix("theirs-") {
    let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    let style: DOTStyle = file.contains("dfa") ? .acceptor : .moore
    try Data(MooreMachine(dot: text).minimized().dot(style: style).utf8)
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

/// How minimization and equivalence grow with the number of states.
func measure() throws {
  #if DEBUG
    print("Warning: this is a debug build; its times mean nothing. Build with -c release.")
  #endif
  let clock = ContinuousClock()
  print("kind,states,symbols,minimal_states,minimize_s,equivalent_s,peak_MB")
  func measure(_ kind: String, _ machine: MooreMachine) throws {
    var minimal = machine
    let minimizing = clock.measure { minimal = machine.minimized() }
    var isEquivalent = false
    let comparing = try clock.measure { isEquivalent = try minimal.isEquivalent(to: machine) }
    guard isEquivalent else { fatalError("a machine differs from its minimal one") }
    print(
      "\(kind),\(machine.stateCount),\(machine.alphabet.count),\(minimal.stateCount),"
        + "\(minimizing / .seconds(1)),\(comparing / .seconds(1)),\(peakMemory() / 1_000_000)")
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

extension MooreMachine {
  /// An equivalent machine with two copies of each state; each transition leads to either copy.
  func doubled(using generator: inout some RandomNumberGenerator) throws -> MooreMachine {
    let n = stateCount
    let successors = (0..<2 * n).flatMap { state in
      (0..<alphabet.count).map { symbol in
        successor(of: state % n, on: symbol).map {
          Bool.random(using: &generator) ? $0 : $0 + n
        }
      }
    }
    return try MooreMachine(
      alphabet: alphabet, outputAlphabet: outputAlphabet,
      outputs: (0..<2 * n).map { output(of: $0 % n) }, successors: successors)
  }
}

/// The most bytes that this process has held, as Linux reports it; 0 elsewhere.
func peakMemory() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
}

switch CommandLine.arguments.dropFirst().map({ $0 }) {
case ["measure"]: try measure()
case let words where words.count == 2 && words[0] == "exchange":
  try exchange(URL(fileURLWithPath: words[1]))
default:
  print("usage: Machines measure | Machines exchange FOLDER")
  exit(64)
}
