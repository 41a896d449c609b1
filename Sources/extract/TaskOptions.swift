// The options that say what a task's name leaves open.

import ArgumentParser
import Automata
import Tasks

/// What the commands for machines take beside their names.
struct TaskOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Seed of random tasks.", valueName: "number")) var taskSeed: UInt64 = 1

  @Option(
    name: .customLong("alphabet"),
    help: ArgumentHelp(
      """
      The symbols in their order, such as 01 or go,stop, where a task or file need not name all: \
      regex:R, no-substring:W, AT&T text, JFLAP and words.
      """, valueName: "symbols"))
  var symbols: String?

  func validate() throws { _ = try alphabet }

  var alphabet: Alphabet? {
    get throws { try symbols.map(alphabet(listed:)) }
  }
}

/// Reads the value of `--alphabet`: symbols of one character each, or with commas between them.
///
/// - Throws: `ValidationError`.
func alphabet(listed text: String) throws -> Alphabet {
  do {
    return try Alphabet(listed: text)
  } catch {
    throw ValidationError("--alphabet \(text): \(error)")
  }
}

/// Does something with the name of a task; one that no task has is wrong usage if it was typed.
///
/// A wrong name in the configuration of a run is a failure like any other wrong file.
///
/// - Parameters:
///   - isTyped: Whether the name stood on the command line.
///   - body: What is done.
func typed<Value>(where isTyped: Bool = true, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as LanguageNameError where isTyped {
    throw ValidationError("\(error)")
  }
}
