// `extract --checkpoints run/`: the main job.

public import ArgumentParser
import Automata
import Foundation
import LinearAlgebra
public import RNN
import Tasks

struct AutomataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "automata",
    abstract: "Read off the automaton at every checkpoint of a run (the default command).",
    discussion: """
      Runs every checkpoint on all words up to a length, takes words whose hidden states lie \
      closer than the merge distance for one state, and writes the automata that result, the \
      mergers and splits between them, and the film into the folder automata/ of the run.

      A folder of safetensors files saved from PyTorch (rnn = nn.RNN, fc = nn.Linear) is a run \
      too, in the order of the numbers in the file names; say then which --task or --alphabet, \
      --nonlinearity and --start it has.
      """)

  @Option(help: ArgumentHelp("The folder of a run, or of checkpoints.", valueName: "folder"))
  var checkpoints: String

  @Option(
    help: ArgumentHelp(
      "Where to write. (default: automata/ in the run's folder)", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Look at all words up to this length. (default: the longest training length, or 10)",
      valueName: "length"))
  var depth: Int?

  @Option(
    help: ArgumentHelp(
      "Representations closer than this, in units of the scale, are one state.",
      valueName: "share"))
  var mergeDistance = 0.01

  @Option(
    help: "The scale: spread of the representations over the whole run, or of each checkpoint.")
  var scale = Scale.run

  @Option(help: "The task to compare with. (default: the one the run was trained on)")
  var task: String?

  @Option(help: ArgumentHelp("Seed of a random task. (default: the run's)", valueName: "number"))
  var taskSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The input symbols, in the network's order, such as 01 or a,b. (default: the task's)",
      valueName: "symbols"))
  var alphabet: String?

  @Option(help: "The networks' nonlinearity where the files do not say, relu or tanh.")
  var nonlinearity: Activation?

  @Option(
    help: ArgumentHelp(
      "Entry of the starting hidden state where the files do not say.", valueName: "number"))
  var start: Float?

  @Flag(
    help: """
      Take the output after the empty word for learnt. Networks trained on words of length 1 and \
      more were never told what to say there; without this flag the start's output is free.
      """)
  var emptyWord = false

  @Option(
    help: ArgumentHelp(
      "Lengths of the words on which the last network and automaton are tried.",
      valueName: "lengths"))
  var validateLengths = "25,100,250,1000,2500,10000"

  @Option(help: ArgumentHelp("How many words of each of these lengths.", valueName: "count"))
  var validateWords = 100

  @Option(help: ArgumentHelp("Seed of these words.", valueName: "number"))
  var seed: UInt64 = 1

  func validate() throws {
    if let depth, depth < 0 { throw ValidationError("--depth is \(depth); needed is at least 0.") }
    guard mergeDistance.isFinite, mergeDistance >= 0 else {
      throw ValidationError(
        "--merge-distance is \(mergeDistance); needed is a number of at least 0.")
    }
    guard validateWords >= 1 else {
      throw ValidationError("--validate-words is \(validateWords); needed is at least 1.")
    }
    if let start, !start.isFinite {
      throw ValidationError("--start is \(start); needed is a finite number.")
    }
    _ = try lengths()
  }

  func run() throws {
    let folder = RunFolder(checkpoints)
    let (analysis, target) = try open(folder)
    let report = try RunReport(analysis: analysis, folder: folder, task: target, options: self)
    try report.write(to: out ?? "\(folder.path)/automata")
  }

  /// Finds out what the folder's networks read and say, and on which words to look at them.
  func open(_ folder: RunFolder) throws -> (RunAnalysis, Language?) {
    let files = try folder.checkpointFiles()
    let configuration = try folder.configuration()
    let hints = Checkpoint.Hints(
      nonlinearity: nonlinearity ?? configuration?.recipe.nonlinearity,
      start: start ?? configuration?.recipe.start)
    let first = try RunFolder.checkpoint(at: files[0].path, epoch: files[0].epoch, hints: hints)
    let shape = first.network.shape

    let target = try (task ?? configuration?.task).map {
      try Assignment(named: $0, seed: taskSeed ?? configuration?.taskSeed ?? 1)
    }
    let symbols: Alphabet
    if let alphabet {
      symbols = try Self.alphabet(alphabet)
    } else if let known = first.alphabet ?? target?.alphabet {
      symbols = known
    } else {
      throw CommandError(
        "\(files[0].path): nothing says which \(shape.inputs) symbols the network reads. "
          + "Try --task parity, or --alphabet with the symbols in the network's order.")
    }
    guard symbols.count == shape.inputs else {
      throw CommandError(
        "\(files[0].path): the network reads \(shape.inputs) symbols, but the alphabet "
          + "{\(symbols.symbols.joined(separator: ", "))} has \(symbols.count).")
    }
    if let target, target.outputAlphabet.count != shape.outputs {
      throw CommandError(
        "\(files[0].path): the network has \(shape.outputs) outputs, but the task "
          + "\(task ?? configuration?.task ?? "") has \(target.outputAlphabet.count).")
    }
    let words = try PrefixTree.complete(
      symbolCount: shape.inputs,
      depth: depth(configuration: configuration, symbolCount: shape.inputs))
    let analysis = RunAnalysis(
      files: files, shape: shape, words: words, alphabet: symbols,
      outputAlphabet: target?.outputAlphabet ?? .digits(shape.outputs), hints: hints)
    return (analysis, try target?.language.map { try Self.read($0, symbols, files[0].path) })
  }

  /// A task over the network's symbols in the network's order.
  private static func read(
    _ task: Language, _ symbols: Alphabet, _ path: String
  ) throws -> Language {
    do {
      return Language(name: task.name, machine: try task.machine.ordered(by: symbols))
    } catch {
      throw CommandError(
        "\(path): the network reads {\(error.left.joined(separator: ", "))}, but the task "
          + "\(task.name) is over {\(error.right.joined(separator: ", "))}. Try --alphabet with the "
          + "task's symbols, or another --task.")
    }
  }

  private func depth(configuration: RunConfiguration?, symbolCount: Int) throws -> Int {
    // Every word costs a row of hidden units per checkpoint; a million rows of a hundred units
    // are 400 MB.
    let most = 1 << 20
    func count(_ depth: Int) -> Int {
      PrefixTree.completeCount(symbolCount: symbolCount, depth: depth) ?? .max
    }
    let trained = configuration?.recipe.evaluationDepth(symbolCount: symbolCount)
    if let depth = depth ?? trained {
      guard depth <= most, count(depth) <= most else {
        throw CommandError(
          "There are more than \(most) words up to length \(depth) over \(symbolCount) symbols, "
            + "too many to look at. Try a smaller --depth.")
      }
      return depth
    }
    return (0...10).last { count($0) <= 1 << 12 } ?? 0
  }

  private static func alphabet(_ text: String) throws -> Alphabet {
    let names =
      text.contains(",")
      ? text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      : text.map(String.init)
    do {
      return try Alphabet(names)
    } catch {
      throw CommandError("--alphabet \(text): \(error)")
    }
  }

  /// The lengths to try words of; none for an empty list.
  func lengths() throws -> [Int] {
    try validateLengths.split(separator: ",").map { part in
      guard let length = Int(part), 0...1_000_000 ~= length else {
        throw ValidationError(
          "--validate-lengths has '\(part)'; needed are numbers from 0 to 1000000 with commas "
            + "between them.")
      }
      return length
    }
  }
}

extension Scale: ExpressibleByArgument {}
