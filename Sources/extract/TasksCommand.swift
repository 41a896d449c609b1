// `extract tasks`: what can be trained on.

import ArgumentParser
import Automata
import Drawing
import Files
import Studies
import Tasks

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "List the tasks that can be trained on, or show one.",
    discussion: """
      The list gives an example of each kind: its symbols, the states of its minimal machine, and \
      the share of words of length 5 and 10 whose output is not the first one (for a language, the \
      accepted words). Of labelled words, words:FILE, their numbers by length are shown.
      """)

  @Argument(help: "The task to show.") var name: String?
  @OptionGroup var options: TaskOptions
  @Option(help: ArgumentHelp("Draw the minimal machine into this file.", valueName: "file.svg"))
  var out: String?

  func validate() throws {
    guard name == nil else { return }
    if out != nil { throw ValidationError("--out draws one task; say which.") }
    if options.symbols != nil {
      throw ValidationError("--alphabet is about one task; say which.")
    }
  }

  func run() throws {
    guard let name else { return try list() }
    if let words = try words(named: name, options: options) {
      guard out == nil else {
        throw CommandError("\(name) is a file of words, but only machines can be drawn.")
      }
      print("\(name): ", terminator: "")
      print(words.tableText, terminator: "")
    } else {
      try show(name)
    }
  }

  private func list() throws {
    var table = TextTable("task", "example", "symbols", "states", "length 5", "length 10", "")
    for family in Language.families {
      let language = try Language(named: family.example, seed: options.taskSeed)
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
    let machine = try machine(named: name, options: options).minimized()
    if let out { try WholeFile.write(drawing(of: machine), to: out) }
    print("\(name): ", terminator: "")
    print(machine.tableText)
    var table = TextTable(["length"] + machine.outputAlphabet.symbols.map { "share of \($0)" })
    for length in [1, 2, 5, 10, 20, 50] {
      table.add(
        ["\(length)"] + machine.outputShares(ofLength: length).map { $0 == 0 ? "0" : $0.brief })
    }
    print(table.text, terminator: "")
  }

  private static func share(_ machine: MooreMachine, _ length: Int) -> String {
    (1 - (machine.outputShares(ofLength: length).first ?? 0)).fixed(3)
  }
}

extension LabelledWords {
  /// How many words of each length have which output.
  fileprivate var tableText: String {
    var table = TextTable(
      ["length"] + outputAlphabet.symbols.map { "labelled \($0)" } + ["without"])
    for (length, places) in Dictionary(grouping: words.indices, by: { words[$0].count })
      .sorted(by: { $0.key < $1.key })
    {
      let counts = (outputAlphabet.symbols.indices.map(Optional.some) + [nil]).map { output in
        places.count { outputs[$0] == output }
      }
      table.add(["\(length)"] + counts.map(String.init))
    }
    return "\(words.count) word\(words.count == 1 ? "" : "s") over "
      + "{\(alphabet.symbols.joined(separator: ", "))}\n" + table.text
  }
}
