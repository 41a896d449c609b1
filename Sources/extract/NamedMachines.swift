// Machines and words that a user names by a file or by a task.

import ArgumentParser
import Automata
import Foundation
import Studies
import Tasks

/// The machine that a user names by a file or by a task.
///
/// - Throws: `ValidationError` if it is neither, else `StudyError`, `FileError` or `CommandError`.
func machine(named name: String, options: TaskOptions) throws -> MooreMachine {
  let alphabet = try options.alphabet
  // No task has a colon in its name except before a parameter, which may look like a file's name.
  let isFile =
    FileManager.default.fileExists(atPath: name)
    || !name.contains(":") && MachineFile.format(of: name) != nil
  if isFile {
    return try MachineFile.read(name, alphabet: alphabet).ordered(listed: alphabet, name: name)
  }
  let assignment: NamedTask
  do {
    assignment = try NamedTask(named: name, seed: options.taskSeed, alphabet: alphabet)
  } catch let error as LanguageNameError {
    guard error.reason == nil else { throw ValidationError("\(error)") }
    throw ValidationError(
      "'\(name)' is neither a file nor a task. `extract tasks` lists the tasks; machines are read "
        + "from files that end in .dot, .gv, .json, .att, .fst or .jff.")
  }
  guard let language = assignment.language else {
    throw CommandError("\(name) is a file of words, but it must be a machine.")
  }
  return try language.machine.ordered(listed: alphabet, name: name)
}

/// The words that `words:FILE` names, or nil for another name.
func words(named name: String, options: TaskOptions) throws -> LabelledWords? {
  guard name.hasPrefix("words:") else { return nil }
  let alphabet = try options.alphabet
  let assignment = try NamedTask(named: name, seed: options.taskSeed, alphabet: alphabet)
  guard case .words(let words) = try assignment.ordered(by: alphabet, name: name) else {
    return nil
  }
  return words
}
