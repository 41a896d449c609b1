// Why a source cannot be studied.

public import Automata
internal import Extraction

/// What is wrong with a source of representations, or with what it is to be compared with.
///
/// The facts only: which option would help is for the program to say.
public enum StudyError: Error, Equatable, CustomStringConvertible {
  /// A path at which there is neither a file nor a folder.
  case nothingThere(String)
  /// A file of a machine or of words whose name ends in something else than one of these.
  case fileName(String, holds: String, needed: String)
  /// A file that says something else than it should; the reason is a sentence.
  case file(String, String)
  /// A machine that is to be a task, with some open transitions.
  case openTransitions(String, count: Int)
  /// Nothing says which symbols a network reads; the path is that of its file.
  case noAlphabet(String, inputs: Int)
  /// An alphabet of another size than the number of symbols that a network reads.
  case alphabetSize(String, inputs: Int, Alphabet)
  /// Another number of outputs than a task has.
  case outputCount(String, outputs: Int, task: String, needed: Int)
  /// The symbols of a network and those of a task that it is to be compared with.
  case otherSymbols(String, symbols: [String], task: String, taskSymbols: [String])
  /// Listed symbols that are not those of a named machine.
  case listedSymbols([String], name: String, symbols: [String])
  /// More words up to a length than can be looked at.
  case tooManyWords(most: Int, depth: Int, symbols: Int)
  /// A way to find states that looks at all pairs of words, and the number of words.
  case tooManyPairs(StateRule.Method, words: Int)
  /// A table without a row for the empty word.
  case noEmptyWord(String)
  /// A network trained on labelled words was to be asked after every symbol.
  case labelsOfPrefixes
  /// Fewer than two labelled words.
  case tooFewWords
  /// A checkpoint that the folder does not have, and those that it has, in order.
  case noCheckpoint(String, epoch: Int, known: [Int])

  public var description: String {
    switch self {
    case .nothingThere(let path):
      "\(path): there is no such file or folder."
    case .fileName(let path, let holds, let needed):
      "\(path): \(holds) files that end in \(needed)."
    case .file(let path, let reason):
      "\(path): \(reason)"
    case .openTransitions(let path, let count):
      "\(path): the machine has \(counted(count, "open transition")), but a task says something after "
        + "every word."
    case .noAlphabet(let path, let inputs):
      "\(path): nothing says which \(inputs) symbols the network reads."
    case .alphabetSize(let path, let inputs, let alphabet):
      "\(path): the network reads \(inputs) symbols, but the alphabet "
        + "{\(alphabet.symbols.joined(separator: ", "))} has \(alphabet.count)."
    case .outputCount(let path, let outputs, let task, let needed):
      "\(path): the network has \(outputs) outputs, but the task \(task) has \(needed)."
    case .otherSymbols(let path, let symbols, let task, let taskSymbols):
      "\(path): the network reads {\(symbols.joined(separator: ", "))}, but the task "
        + "\(task) is over {\(taskSymbols.joined(separator: ", "))}."
    case .listedSymbols(let listed, let name, let symbols):
      "listed are the symbols {\(listed.joined(separator: ", "))}, but \(name) is over "
        + "{\(symbols.joined(separator: ", "))}."
    case .tooManyWords(let most, let depth, let symbols):
      "There are more than \(most) words up to length \(depth) over \(symbols) symbols, too many to "
        + "look at."
    case .tooManyPairs(let method, let words):
      "Clustering by \(method.rawValue) looks at all pairs of words and can do so for "
        + "\(Clustering.mostWordsInPairs) words; there are \(words)."
    case .noEmptyWord(let path):
      "\(path): the empty word is missing, and that is where the automaton starts. Add a row for it: "
        + "what the system has before the first symbol, such as a transformer's state at its start "
        + "token, or zeros."
    case .labelsOfPrefixes:
      "supervision after every symbol asks for the output after each, but a file of words says "
        + "only that after the last one."
    case .tooFewWords:
      "The file holds fewer than two words with labels; one is needed to train on and one to "
        + "validate with."
    case .noCheckpoint(let path, let epoch, let known):
      "\(path) has no checkpoint \(epoch)"
        + (Self.nearest(to: epoch, among: known).map { nearest in
          "; the nearest is \(nearest), of \(known.count) from \(known[0]) to \(known[known.count - 1])."
        } ?? ".")
    }
  }

  private static func nearest(to epoch: Int, among known: [Int]) -> Int? {
    // Of equally near ones the first; differences of any two numbers fit into UInt.
    known.min { distance($0, epoch) < distance($1, epoch) }
  }

  private static func distance(_ a: Int, _ b: Int) -> UInt {
    let (low, high) = a < b ? (a, b) : (b, a)
    return UInt(bitPattern: high) &- UInt(bitPattern: low)
  }
}
