// `extract compare`, `convert`, `minimize` and `show`: machines in files.

import ArgumentParser
import Automata
import Drawing
import Foundation
import RNN
import Tasks

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two machines; exit code 0 if they are equivalent, 1 if not.",
    discussion: """
      Machines are files (DOT as AALpy and LearnLib write it, JSON that extract wrote, AT&T text, \
      JFLAP) or names of tasks. Of machines that differ the shortlex-least word is printed on \
      which they do, with the states that each passes through and what it says.
      """)

  @Argument(help: "A machine: a file or a task.") var first: String
  @Argument(help: "Another.") var second: String
  @Option(help: ArgumentHelp("Seed of random tasks.", valueName: "number")) var taskSeed: UInt64 = 1

  func run() throws {
    let a = try machine(named: first, seed: taskSeed)
    let b = try machine(named: second, seed: taskSeed)
    guard let word = try a.separatingWord(from: b) else {
      print("equivalent")
      return
    }
    print("different: \(a.alphabet.format(word))")
    // The word is one over a's symbols; b may list them in another order.
    let translated = word.compactMap { b.alphabet.index(of: a.alphabet.symbols[$0]) }
    print("  \(first): \(Self.course(of: a, on: word))")
    print("  \(second): \(Self.course(of: b, on: translated))")
    throw ExitCode(1)
  }

  /// The states that a machine passes through, and its last output.
  private static func course(of machine: MooreMachine, on word: [Int]) -> String {
    var state = 0
    var text = "s0"
    for symbol in word {
      guard let next = machine.successor(of: state, on: symbol) else {
        return text + " → no transition"
      }
      state = next
      text += " → s\(state)"
    }
    return text + ", output \(machine.outputAlphabet.symbols[machine.output(of: state)])"
  }
}

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Read a machine and write it in another format.",
    discussion: """
      The formats are told by the file names: .dot or .gv (Automata Wiki's dialect), .json, .att \
      or .fst (AT&T text), .jff (JFLAP).
      """)

  @Argument(help: "The file to read, or a task.") var input: String
  @Argument(help: "The file to write.") var output: String
  @Flag(help: "Lead open transitions to a new state with the first output.") var complete = false
  @Option(help: ArgumentHelp("Seed of random tasks.", valueName: "number")) var taskSeed: UInt64 = 1

  func run() throws {
    let machine = try machine(named: input, seed: taskSeed)
    try write(complete ? machine.completed(sinkOutput: 0) : machine, to: output)
  }
}

struct MinimizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "minimize", abstract: "Write the least machine that says the same.")

  @Argument(help: "The machine: a file or a task.") var input: String
  @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var out: String
  @Option(help: ArgumentHelp("Seed of random tasks.", valueName: "number")) var taskSeed: UInt64 = 1

  func run() throws {
    let machine = try machine(named: input, seed: taskSeed)
    let minimal = machine.minimized()
    try write(minimal, to: out)
    print("\(machine.stateCount) states → \(minimal.stateCount)")
  }
}

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a machine as a table, and draw it.")

  @Argument(help: "The machine: a file or a task.") var input: String
  @Option(help: ArgumentHelp("Draw it into this file.", valueName: "file.svg")) var out: String?
  @Option(help: ArgumentHelp("Seed of random tasks.", valueName: "number")) var taskSeed: UInt64 = 1

  func run() throws {
    let machine = try machine(named: input, seed: taskSeed)
    print(machine.tableText, terminator: "")
    if let out { try RunFolder.write(drawing(of: machine), to: out) }
  }
}

extension MooreMachine {
  /// One line per state: its output and where each symbol leads.
  var tableText: String {
    var text = "\(stateCount) states over {\(alphabet.symbols.joined(separator: ", "))}, "
    let open = openTransitionCount
    text += open == 0 ? "complete\n" : "\(open) open transitions\n"
    var table = TextTable(["state", "output"] + alphabet.symbols)
    for state in 0..<stateCount {
      table.add(
        ["s\(state)", outputAlphabet.symbols[output(of: state)]]
          + (0..<alphabet.count).map { symbol in
            successor(of: state, on: symbol).map { "s\($0)" } ?? "·"
          })
    }
    return text + table.text
  }
}
