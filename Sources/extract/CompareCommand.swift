// `extract compare`: do two machines say the same after every word?

import ArgumentParser
import Automata
import RNN

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two machines; exit code 0 if they are equivalent, 1 if not.",
    discussion: """
      Machines are DOT files (as AALpy and LearnLib write them), JSON files that extract wrote, \
      or names of tasks. Of machines that differ the shortlex-least word is printed on which they \
      do, with what each says.
      """)

  @Argument(help: "A machine: a file or a task.") var first: String
  @Argument(help: "Another.") var second: String

  func run() throws {
    let a = try machine(first)
    let b = try machine(second)
    guard let word = try a.separatingWord(from: b) else {
      print("equivalent")
      return
    }
    let symbols = a.alphabet
    print("different: \(symbols.format(word))")
    // The word is one over a's symbols; b may list them in another order.
    let translated = word.map { b.alphabet.index(of: symbols.symbols[$0]) ?? $0 }
    for (name, output) in [
      (first, a.output(after: word).map { a.outputAlphabet.symbols[$0] }),
      (second, b.output(after: translated).map { b.outputAlphabet.symbols[$0] }),
    ] {
      print("  \(name): \(output ?? "no transition")")
    }
    throw ExitCode(1)
  }

  private func machine(_ name: String) throws -> MooreMachine {
    if name.hasSuffix(".dot") || name.hasSuffix(".gv") || name.hasSuffix(".json") {
      let data = try RunFolder.read(name)
      do {
        let format = name.hasSuffix(".json") ? "JSON" : "DOT"
        let source = try text(decoding: Array(data), format: format)
        return try format == "JSON" ? MooreMachine(json: source) : MooreMachine(dot: source)
      } catch {
        throw CommandError("\(name): \(error)")
      }
    }
    return try language(named: name).machine
  }
}
