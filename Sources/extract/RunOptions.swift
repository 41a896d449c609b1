// How a run is looked at: the options that every command on runs has.

public import ArgumentParser
import Automata
import LinearAlgebra
public import RNN
import Tasks

/// On which words, at which merge distance, against which task.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Look at all words up to this length. (default: the longest training length, or 10)",
      valueName: "length"))
  var depth: Int?

  @OptionGroup var clustering: ClusteringOptions

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

  @OptionGroup var tensors: NameOptions

  @Flag(
    help: """
      Take the output after the empty word for learnt. Networks trained on words of length 1 and \
      more were never told what to say there; without this flag the start's output is free.
      """)
  var emptyWord = false

  @Option(
    help: ArgumentHelp(
      """
      Two words are linked once closer than the merge distance, and until further apart than this \
      many; lasting mergers are those of the connected words.
      """, valueName: "ratio"))
  var parting = PairHistory.defaultPartingRatio

  func validate() throws {
    if let depth, depth < 0 { throw ValidationError("--depth is \(depth); needed is at least 0.") }
    guard parting.isFinite, parting >= 1 else {
      throw ValidationError("--parting is \(parting); needed is a number of at least 1.")
    }
    if let start, !start.isFinite {
      throw ValidationError("--start is \(start); needed is a finite number.")
    }
    _ = try listed
  }

  /// The symbols that the user lists.
  var listed: Alphabet? {
    get throws { try alphabet.map(alphabet(listed:)) }
  }

  /// Finds out what the folder's networks read and say, and on which words to look at them.
  func open(_ folder: RunFolder) throws -> OpenRun {
    let files = try folder.checkpointFiles()
    let configuration = try folder.configuration()
    var hints = Checkpoint.Hints(
      nonlinearity: nonlinearity ?? configuration?.recipe.nonlinearity,
      start: start ?? configuration?.recipe.start)
    hints.names = tensors.names
    let first = try RunFolder.checkpoint(at: files[0].path, epoch: files[0].epoch, hints: hints)
    let shape = first.network.shape

    let known = try listed ?? first.alphabet ?? configuration?.alphabet.map { try Alphabet($0) }
    let seed = taskSeed ?? configuration?.taskSeed ?? 1
    var target: Assignment?
    if let task {
      target = try typed { try Assignment(named: task, seed: seed, alphabet: known) }
    } else if let configuration {
      target = try Assignment(named: configuration.task, seed: seed, alphabet: known)
    }
    let symbols: Alphabet
    if let known = known ?? target?.alphabet {
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
    let language = try target?.language.map { try Self.read($0, symbols, files[0].path) }
    return try OpenRun(
      folder: folder, analysis: analysis, task: language,
      agreement: Self.agreement(language, target, symbols, words),
      emptyWordCounts: emptyWord || configuration?.recipe.minLength == 0,
      plan: clustering.plan, scale: clustering.scale, partingRatio: parting)
  }

  /// A task over the network's symbols in the network's order.
  static func read(
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

  /// Which words of the evaluation set the task tells apart; nil where none is known or where there
  /// are too many pairs.
  static func agreement(
    _ language: Language?, _ target: Assignment?, _ symbols: Alphabet, _ words: PrefixTree
  ) throws -> Agreement? {
    guard words.count <= PairHistory.mostWords else { return nil }
    if let language { return Agreement(classes: language.machine.nerodeClasses(of: words)) }
    guard case .words(let data) = try target?.ordered(by: symbols, name: "the task") else {
      return nil
    }
    var labels = [Int?](repeating: nil, count: words.count)
    for (word, output) in zip(data.words, data.outputs) {
      if let node = words.node(of: word) { labels[node] = output }
    }
    return Agreement(words: words, labels: labels)
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
}

extension Scale: ExpressibleByArgument {}
