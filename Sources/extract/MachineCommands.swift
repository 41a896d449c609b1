// `extract compare`, `convert`, `minimize` and `show`: machines in files.

import ArgumentParser
import Automata
import Drawing
import Files
import Studies

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two machines; exit code 0 if they are equivalent, 1 if not.",
    discussion: """
      Machines are files (DOT as AALpy and LearnLib write it, JSON that extract wrote, AT&T text, \
      JFLAP) or names of tasks; one of the two may be words:FILE. Of machines that differ the \
      shortlex-least word is printed on which they do, with the states that each passes through \
      and what it says.
      """)

  @Argument(help: "A machine: a file or a task.") var first: String
  @Argument(help: "Another.") var second: String
  @Flag(
    help: """
      Leave the empty word out: what a machine says before the first symbol is no difference, as for \
      networks that were trained on words of length 1 and more.
      """)
  var withoutEmptyWord = false
  @OptionGroup var options: TaskOptions

  func run() throws {
    if let words = try words(named: first, options: options) {
      let machine = try machine(named: second, options: options)
      return try compare((second, machine), (first, words))
    }
    if let words = try words(named: second, options: options) {
      let machine = try machine(named: first, options: options)
      return try compare((first, machine), (second, words))
    }
    let a = try machine(named: first, options: options)
    let b = try machine(named: second, options: options)
    guard let word = try a.separatingWord(from: b, emptyWordCounts: !withoutEmptyWord) else {
      print(withoutEmptyWord ? "equivalent but for ε, which was left out" : "equivalent")
      return
    }
    print("different: \(a.alphabet.format(word))")
    // The word is one over a's symbols; b may list them in another order.
    let translated = word.compactMap { b.alphabet.index(of: a.alphabet.symbols[$0]) }
    print("  \(first): \(Self.course(of: a, on: word))")
    print("  \(second): \(Self.course(of: b, on: translated))")
    throw ExitCode(1)
  }

  /// Compares a machine with what the words of a file should be answered.
  private func compare(
    _ machine: (name: String, value: MooreMachine), _ words: (name: String, value: LabelledWords)
  ) throws {
    let symbols = machine.value.alphabet
    let outputs = machine.value.outputAlphabet.symbols
    let translated: LabelledWords
    do {
      translated = try words.value.over(symbols)
    } catch {
      throw CommandError("\(words.name): \(error)")
    }
    let labels = words.value.outputAlphabet.symbols
    let wrong = zip(translated.words, translated.outputs).filter { word, label in
      guard !word.isEmpty || !withoutEmptyWord else { return false }
      return label.map { label in
        machine.value.output(after: word).map { outputs[$0] } != labels[label]
      } ?? false
    }
    // In the order of length, then of the alphabet.
    let least = wrong.min { a, b in
      a.0.count == b.0.count ? a.0.lexicographicallyPrecedes(b.0) : a.0.count < b.0.count
    }
    let count = translated.outputs.count { $0 != nil }
    guard let (word, label) = least, let label else {
      print("equivalent on the \(count) labelled word\(count == 1 ? "" : "s")")
      return
    }
    print("different: \(symbols.format(word))")
    print("  \(machine.name): \(Self.course(of: machine.value, on: word))")
    print("  \(words.name): \(labels[label]); \(wrong.count) of \(count) words differ")
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
      or .fst (AT&T text), .jff (JFLAP). Labelled words, words:FILE, are written as Abbadingo data \
      into .dat and as MLRegTest's lines into .txt.
      """)

  @Argument(help: "The file to read, or a task.") var input: String
  @Argument(help: "The file to write.") var output: String
  @Flag(help: "Lead open transitions to a new state with the first output.") var complete = false
  @OptionGroup var options: TaskOptions

  func run() throws {
    if let words = try words(named: input, options: options) {
      guard !complete else {
        throw ValidationError("--complete is about machines, but \(input) are words.")
      }
      return try WordsFile.write(words, to: output)
    }
    let machine = try machine(named: input, options: options)
    try MachineFile.write(
      complete ? machine.completed(sinkOutput: 0) : machine, to: output)
  }
}

struct MinimizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "minimize", abstract: "Write the least machine that says the same.")

  @Argument(help: "The machine: a file or a task.") var input: String
  @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var out: String
  @OptionGroup var options: TaskOptions

  func run() throws {
    let machine = try machine(named: input, options: options)
    let minimal = machine.minimized()
    try MachineFile.write(minimal, to: out)
    print(
      "\(machine.stateCount) state\(machine.stateCount == 1 ? "" : "s") → \(minimal.stateCount)")
  }
}

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a machine as a table, and draw it.")

  @Argument(help: "The machine: a file or a task.") var input: String
  @Option(help: ArgumentHelp("Draw it into this file.", valueName: "file.svg")) var out: String?
  @OptionGroup var options: TaskOptions

  func run() throws {
    let machine = try machine(named: input, options: options)
    if let out { try WholeFile.write(drawing(of: machine), to: out) }
    print(machine.tableText, terminator: "")
  }
}

extension MooreMachine {
  /// One line per state: its output and where each symbol leads.
  var tableText: String {
    var text = "\(stateCount) state\(stateCount == 1 ? "" : "s") over "
    text += "{\(alphabet.symbols.joined(separator: ", "))}, "
    text += isComplete ? "complete\n" : "\(counted(openTransitionCount, "open transition"))\n"
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
