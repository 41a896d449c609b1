// A task as a user names it.

public import Automata
public import RNN
public import Tasks

/// What a network is to learn: a language, or nothing but labelled words.
public enum NamedTask {
  case language(Language)
  case words(LabelledWords)

  /// The task of a name: one that the module Tasks knows, `machine:FILE`, or `words:FILE`.
  ///
  /// - Parameters:
  ///   - name: As on a command line or in `config.json`.
  ///   - seed: What a random machine is drawn from.
  ///   - alphabet: The symbols where the name or the file leaves them open; others keep theirs.
  /// - Throws: `LanguageNameError` for a name that no task has; `StudyError` or `FileError` for what
  ///   is wrong with a file.
  public init(named name: String, seed: UInt64, alphabet: Alphabet? = nil) throws {
    if name.hasPrefix("machine:") {
      let path = String(name.dropFirst("machine:".count))
      let machine = try MachineFile.read(path, alphabet: alphabet)
      guard machine.isComplete else {
        throw StudyError.openTransitions(path, count: machine.openTransitionCount)
      }
      self = .language(Language(name: name, machine: machine))
    } else if name.hasPrefix("words:") {
      self = try .words(WordsFile.read(String(name.dropFirst("words:".count))))
    } else {
      self = try .language(Language(named: name, seed: seed, alphabet: alphabet))
    }
  }

  /// The same with its symbols in a given order.
  ///
  /// - Parameters:
  ///   - alphabet: The task's symbols; words may do without some of them. Nil changes nothing.
  ///   - name: What the task is called if it has other symbols.
  /// - Throws: `StudyError` if they are not the task's.
  public func ordered(by alphabet: Alphabet?, name: String) throws(StudyError) -> NamedTask {
    guard let alphabet else { return self }
    switch self {
    case .language(let language):
      let machine = try language.machine.ordered(listed: alphabet, name: name)
      return .language(Language(name: language.name, machine: machine))
    case .words(let words):
      do {
        return .words(try words.over(alphabet))
      } catch {
        throw .file(name, "\(error)")
      }
    }
  }

  public var alphabet: Alphabet {
    switch self {
    case .language(let language): language.alphabet
    case .words(let words): words.alphabet
    }
  }

  public var outputAlphabet: Alphabet {
    switch self {
    case .language(let language): language.outputAlphabet
    case .words(let words): words.outputAlphabet
    }
  }

  /// The language; nil where there are only words.
  public var language: Language? {
    if case .language(let language) = self { language } else { nil }
  }

  /// The words that a recipe trains on and validates with.
  ///
  /// - Parameter recipe: Says which words, how many, and the seed.
  /// - Throws: `StudyError` if labelled words cannot do what the recipe asks for.
  public func data(for recipe: Recipe) throws(StudyError) -> TrainingData {
    switch self {
    case .language(let language):
      return TrainingData(language, options: recipe.dataOptions, seed: recipe.seed)
    case .words(let words):
      guard recipe.supervision == .last else { throw .labelsOfPrefixes }
      guard let data = TrainingData(words, seed: recipe.seed) else { throw .tooFewWords }
      return data
    }
  }
}

extension RunConfiguration {
  /// The task, over the symbols that the run was given.
  ///
  /// - Throws: As ``NamedTask/init(named:seed:alphabet:)`` and ``NamedTask/ordered(by:name:)``.
  public func assignment() throws -> NamedTask {
    let symbols = try alphabet.map { try Alphabet($0) }
    return try NamedTask(named: task, seed: taskSeed, alphabet: symbols)
      .ordered(by: symbols, name: task)
  }

  /// The words that the run trains on and validates with.
  ///
  /// - Throws: As ``assignment()`` and ``NamedTask/data(for:)``.
  public func data() throws -> TrainingData { try assignment().data(for: recipe) }
}

extension MooreMachine {
  /// The machine with its symbols in a given order, which for nil is its own.
  ///
  /// - Parameters:
  ///   - alphabet: The machine's symbols.
  ///   - name: What the machine is called if it has other symbols.
  /// - Throws: `StudyError.listedSymbols` if they are not the machine's.
  package func ordered(
    listed alphabet: Alphabet?, name: String
  ) throws(StudyError) -> MooreMachine {
    guard let alphabet else { return self }
    do {
      return try ordered(by: alphabet)
    } catch {
      throw .listedSymbols(alphabet.symbols, name: name, symbols: self.alphabet.symbols)
    }
  }
}
