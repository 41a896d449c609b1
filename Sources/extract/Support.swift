// What several commands share: tasks and machines by name or file, failures, numbers.

import ArgumentParser
import Automata
import Foundation
import RNN
import Tasks

/// A failure that one sentence explains.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A task as a user names it: a language, or nothing but labelled words.
enum Assignment {
  case language(Language)
  case words(LabelledWords)

  /// - Parameters:
  ///   - seed: What a random machine is drawn from.
  ///   - alphabet: The symbols where the name or the file leaves them open; others keep theirs.
  /// - Throws: `LanguageNameError`, or `CommandError` for what is wrong with a file.
  init(named name: String, seed: UInt64, alphabet: Alphabet? = nil) throws {
    if name.hasPrefix("machine:") {
      let path = String(name.dropFirst("machine:".count))
      let machine = try machine(file: path, alphabet: alphabet)
      guard machine.isComplete else {
        throw CommandError(
          "\(path): the machine has \(machine.openTransitionText), but a task says something after "
            + "every word. Complete it with: extract convert \(path) OUT --complete")
      }
      self = .language(Language(name: name, machine: machine))
    } else if name.hasPrefix("words:") {
      self = try .words(labelledWords(file: String(name.dropFirst("words:".count))))
    } else {
      self = try .language(Language(named: name, seed: seed, alphabet: alphabet))
    }
  }

  /// The same with its symbols as the user listed them, if so.
  ///
  /// - Throws: `CommandError` if they are not the task's; words may do without some of them.
  func ordered(by alphabet: Alphabet?, name: String) throws -> Assignment {
    guard let alphabet else { return self }
    switch self {
    case .language(let language):
      let machine = try language.machine.ordered(by: alphabet, name: name)
      return .language(Language(name: language.name, machine: machine))
    case .words(let words):
      do {
        return .words(try words.over(alphabet))
      } catch {
        throw CommandError("\(name): \(error)")
      }
    }
  }

  var alphabet: Alphabet {
    switch self {
    case .language(let language): language.alphabet
    case .words(let words): words.alphabet
    }
  }

  var outputAlphabet: Alphabet {
    switch self {
    case .language(let language): language.outputAlphabet
    case .words(let words): words.outputAlphabet
    }
  }

  var language: Language? {
    if case .language(let language) = self { language } else { nil }
  }

  /// The words that `recipe` trains on.
  func data(for recipe: Recipe) throws -> TrainingData {
    switch self {
    case .language(let language):
      return TrainingData(language, options: recipe.dataOptions, seed: recipe.seed)
    case .words(let words):
      guard recipe.supervision == .last else {
        throw CommandError(
          "--supervise every asks for the output after every symbol, but a file of words says "
            + "only that after the last one.")
      }
      guard let data = TrainingData(words, seed: recipe.seed) else {
        throw CommandError(
          "The file holds fewer than two words with labels; one is needed to train on and one to "
            + "validate with.")
      }
      return data
    }
  }
}

/// Reads a machine from a file whose extension says its format.
func machine(file path: String, alphabet: Alphabet? = nil) throws -> MooreMachine {
  let name = URL(fileURLWithPath: path).pathExtension
  guard let format = MachineFormat(pathExtension: name) else {
    throw CommandError(
      "\(path): machines are read from files that end in .dot, .gv, .json, .att, .fst or .jff.")
  }
  let data = try RunFolder.read(path)
  do {
    let formatName = format == .att ? "AT&T text" : format.rawValue.uppercased()
    let source = try text(decoding: Array(data), format: formatName)
    return try MooreMachine(text: source, format: format, alphabet: alphabet)
  } catch {
    throw CommandError("\(path): \(error)")
  }
}

/// The machine that a user names by a file or by a task.
///
/// - Throws: `ValidationError` if it is neither, else `CommandError`.
func machine(named name: String, options: TaskOptions) throws -> MooreMachine {
  let alphabet = try options.alphabet
  // No task has a colon in its name except before a parameter, which may look like a file's name.
  let isFile =
    FileManager.default.fileExists(atPath: name)
    || !name.contains(":")
      && MachineFormat(pathExtension: URL(fileURLWithPath: name).pathExtension) != nil
  if isFile {
    return try machine(file: name, alphabet: alphabet).ordered(by: alphabet, name: name)
  }
  let assignment: Assignment
  do {
    assignment = try Assignment(named: name, seed: options.taskSeed, alphabet: alphabet)
  } catch let error as LanguageNameError {
    guard error.reason == nil else { throw ValidationError("\(error)") }
    throw ValidationError(
      "'\(name)' is neither a file nor a task. `extract tasks` lists the tasks; machines are read "
        + "from files that end in .dot, .gv, .json, .att, .fst or .jff.")
  }
  guard let language = assignment.language else {
    throw CommandError("\(name) is a file of words, but needed is a machine.")
  }
  return try language.machine.ordered(by: alphabet, name: name)
}

extension MooreMachine {
  /// The machine with its symbols as the user listed them, if so.
  ///
  /// - Throws: `CommandError` if they are not the machine's.
  fileprivate func ordered(by alphabet: Alphabet?, name: String) throws -> MooreMachine {
    guard let alphabet else { return self }
    do {
      return try ordered(by: alphabet)
    } catch {
      throw CommandError(
        "--alphabet lists {\(alphabet.symbols.joined(separator: ", "))}, but \(name) is over "
          + "{\(self.alphabet.symbols.joined(separator: ", "))}; leave it out or list the same.")
    }
  }

  /// Such as "2 open transitions".
  var openTransitionText: String {
    "\(openTransitionCount) open transition\(openTransitionCount == 1 ? "" : "s")"
  }
}

/// Writes a machine into a file whose extension says the format.
func write(_ machine: MooreMachine, to path: String) throws {
  let name = URL(fileURLWithPath: path).pathExtension
  guard let format = MachineFormat(pathExtension: name) else {
    throw CommandError(
      "\(path): machines are written to files that end in .dot, .gv, .json, .att, .fst or .jff.")
  }
  do {
    try RunFolder.write(machine.text(format: format), to: path)
  } catch let error as UnwritableError {
    throw CommandError("\(path): \(error)")
  }
}

/// The words that `words:FILE` names, or nil for another name.
func words(named name: String, options: TaskOptions) throws -> LabelledWords? {
  guard name.hasPrefix("words:") else { return nil }
  let alphabet = try options.alphabet
  let assignment = try Assignment(named: name, seed: options.taskSeed, alphabet: alphabet)
  guard case .words(let words) = try assignment.ordered(by: alphabet, name: name) else {
    return nil
  }
  return words
}

/// Writes words with labels into a file whose extension says the format.
func write(_ words: LabelledWords, to path: String) throws {
  let text: String
  do {
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "dat": text = try words.abbadingo()
    case "txt": text = try words.mlRegTest()
    default:
      throw CommandError(
        "\(path): words are written to files that end in .dat (Abbadingo) or .txt (MLRegTest).")
    }
  } catch let error as UnwritableError {
    throw CommandError("\(path): \(error)")
  }
  try RunFolder.write(text, to: path)
}

/// Reads words with labels: MLRegTest's where the lines have a tab and TRUE or FALSE, else
/// Abbadingo's.
func labelledWords(file path: String) throws -> LabelledWords {
  let data = try RunFolder.read(path)
  do {
    let source = try text(decoding: Array(data), format: "words")
    let first = source.prefix { !$0.isNewline }
    let label = first.uppercased()
    return try label.hasSuffix("\tTRUE") || label.hasSuffix("\tFALSE")
      ? LabelledWords(mlRegTest: source) : LabelledWords(abbadingo: source)
  } catch {
    throw CommandError("\(path): \(error)")
  }
}

extension Double {
  /// Three significant digits, as a reader of a terminal wants them.
  var brief: String {
    guard isFinite else { return "\(self)" }
    if self == 0 { return "0" }
    let magnitude = abs(self)
    if magnitude >= 1e-3 && magnitude < 1e6 {
      var scale = 1.0
      var size = magnitude
      while size < 100 {
        size *= 10
        scale *= 10
      }
      let rounded = (self * scale).rounded() / scale
      return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
    var exponent = 0
    var size = magnitude
    while size < 1 {
      size *= 10
      exponent -= 1
    }
    while size >= 10 {
      size /= 10
      exponent += 1
    }
    let digits = (size * 100).rounded() / 100
    return "\(self < 0 ? "-" : "")\(digits)e\(exponent)"
  }
}
