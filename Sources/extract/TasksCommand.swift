// `extract tasks`: what can be trained on.

import ArgumentParser
import Automata
import Drawing
import RNN
import Tasks

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "List the tasks that can be trained on, or show one.",
    discussion: """
      The list gives an example of each kind: its symbols, the states of its minimal machine, and \
      the share of words of length 5 and 10 whose output is not the first one (for a language, the \
      accepted words).
      """)

  @Argument(help: "The task to show.") var name: String?
  @Option(help: ArgumentHelp("Seed of random tasks.", valueName: "number")) var taskSeed: UInt64 = 1
  @Option(help: ArgumentHelp("Draw the minimal machine into this file.", valueName: "file.svg"))
  var out: String?

  func run() throws {
    if let name {
      try show(name)
    } else if out != nil {
      throw ValidationError("--out draws one task; say which.")
    } else {
      try list()
    }
  }

  private func list() throws {
    var table = TextTable("task", "example", "symbols", "states", "length 5", "length 10", "")
    for family in Language.families {
      let language = try Language(named: family.example, seed: taskSeed)
      let machine = language.machine.minimized()
      table.add(
        family.form, family.example, machine.alphabet.symbols.joined(separator: " "),
        "\(machine.stateCount)", Self.share(machine, 5), Self.share(machine, 10),
        "\(family.summary) (\(family.source))")
    }
    print(table.text)
    print(
      """
      machine:FILE  the output of the machine in a file (.dot, .json, .att, .jff)
      words:FILE    labelled words in a file, of Abbadingo or MLRegTest
      """)
  }

  private func show(_ name: String) throws {
    let machine = try machine(named: name, seed: taskSeed).minimized()
    print("\(name): ", terminator: "")
    print(machine.tableText)
    var table = TextTable(["length"] + machine.outputAlphabet.symbols.map { "share of \($0)" })
    for length in [1, 2, 5, 10, 20, 50] {
      table.add(
        ["\(length)"] + machine.outputShares(ofLength: length).map { $0 == 0 ? "0" : $0.brief })
    }
    print(table.text, terminator: "")
    if let out { try RunFolder.write(drawing(of: machine), to: out) }
  }

  private static func share(_ machine: MooreMachine, _ length: Int) -> String {
    (1 - (machine.outputShares(ofLength: length).first ?? 0)).fixed(3)
  }
}
