// How a source is looked at: what its files leave open, and what is asked of them.

public import Automata
internal import Extraction
internal import Files
internal import Foundation
public import RNN

/// On which words, by which rule, against which task.
public struct Reading: Sendable {
  /// All words up to this length are looked at; nil for the longest training length, or for as many as
  /// are quickly looked at, length 10 at most.
  public var depth: Int?
  /// What is one state.
  public var rule = StateRule()
  /// The task to compare with, by its name; nil for the one that the run was trained on.
  public var task: String?
  /// What a random task is drawn from; nil for the run's.
  public var taskSeed: UInt64?
  /// The symbols in the network's order; nil for the run's, or the task's.
  public var alphabet: Alphabet?
  /// What the files may leave open.
  public var hints = Checkpoint.Hints()
  /// Whether the output after the empty word counts although the network was never trained on it.
  public var emptyWordCounts = false

  public init() {}

  /// The most words that are looked at: every word costs a row of hidden units per checkpoint, and a
  /// million rows of a hundred units are 400 MB.
  private static let mostWords = 1 << 20

  /// The depth to look to.
  ///
  /// - Throws: `StudyError.tooManyWords`.
  fileprivate func depth(
    _ configuration: RunConfiguration?, symbolCount: Int
  ) throws(StudyError) -> Int {
    func count(_ depth: Int) -> Int {
      PrefixTree.completeCount(symbolCount: symbolCount, depth: depth) ?? .max
    }
    let trained = configuration?.recipe.evaluationDepth(symbolCount: symbolCount)
    if let depth = depth ?? trained {
      guard depth <= Self.mostWords, count(depth) <= Self.mostWords else {
        throw .tooManyWords(most: Self.mostWords, depth: depth, symbols: symbolCount)
      }
      return depth
    }
    return (0...10).last { count($0) <= 1 << 12 } ?? 0
  }
}

extension Subject where Source == NetworkCheckpoints {
  /// Finds out what a folder's networks read and say, and on which words to look at them.
  ///
  /// - Parameters:
  ///   - folder: A run, or a folder of checkpoints.
  ///   - reading: How to look at it.
  /// - Throws: `StudyError`, `RunError` or `FileError` for what is wrong with the folder; what
  ///   ``Assignment/init(named:seed:alphabet:)`` throws of a task.
  public init(_ folder: RunFolder, _ reading: Reading = Reading()) throws {
    let files = try folder.checkpointFiles()
    let configuration = try folder.configuration()
    var hints = reading.hints
    hints.nonlinearity = hints.nonlinearity ?? configuration?.recipe.nonlinearity
    hints.start = hints.start ?? configuration?.recipe.start
    let path = files[0].path
    let first = try files[0].read(hints)
    let shape = first.network.shape

    let known =
      try reading.alphabet ?? first.alphabet ?? configuration?.alphabet.map { try Alphabet($0) }
    let taskName = (reading.task ?? configuration?.task).map { name in
      TaskName(name, seed: reading.taskSeed ?? configuration?.taskSeed ?? 1)
    }
    let target = try taskName.map { task in
      try Assignment(named: task.name, seed: task.seed, alphabet: known)
    }
    guard let symbols = known ?? target?.alphabet else {
      throw StudyError.noAlphabet(path, inputs: shape.inputs)
    }
    guard symbols.count == shape.inputs else {
      throw StudyError.alphabetSize(path, inputs: shape.inputs, symbols)
    }
    if let target, target.outputAlphabet.count != shape.outputs {
      throw StudyError.outputCount(
        path, outputs: shape.outputs, task: taskName?.name ?? "",
        needed: target.outputAlphabet.count)
    }
    let words = try PrefixTree.complete(
      symbolCount: shape.inputs, depth: reading.depth(configuration, symbolCount: shape.inputs))
    try self.init(
      folder: folder,
      source: NetworkCheckpoints(
        files: files, shape: shape, words: words, alphabet: symbols,
        outputAlphabet: target?.outputAlphabet ?? .digits(shape.outputs), hints: hints),
      target: target, taskName: taskName,
      emptyWordCounts: reading.emptyWordCounts || configuration?.recipe.minLength == 0,
      rule: reading.rule)
  }
}

extension Subject where Source == RepresentationTables {
  /// Opens tables of representations: a file, or a folder of them in the order of their numbers.
  ///
  /// - Parameters:
  ///   - path: The file or folder. What is found of a file goes into a folder of the file's name.
  ///   - reading: How to look at it; of networks nothing is asked.
  /// - Throws: As the other way to open a subject.
  public init(tables path: String, _ reading: Reading = Reading()) throws {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw StudyError.nothingThere(path)
    }
    let folder: RunFolder
    let files: [CheckpointFile]
    if isFolder.boolValue {
      folder = RunFolder(path)
      files = try NumberedFiles.list(folder.path, kinds: RepresentationTables.kinds)
        .map(CheckpointFile.init)
    } else {
      let file = path as NSString
      folder = RunFolder(file.deletingPathExtension)
      files = [
        CheckpointFile(epoch: NumberedFiles.number(in: file.lastPathComponent) ?? 0, path: path)
      ]
    }
    let taskName = reading.task.map { TaskName($0, seed: reading.taskSeed ?? 1) }
    let target = try taskName.map { task in
      try Assignment(named: task.name, seed: task.seed, alphabet: reading.alphabet)
    }
    let tables = try RepresentationTables(
      files: files, depth: reading.depth, alphabet: reading.alphabet ?? target?.alphabet,
      outputAlphabet: target?.outputAlphabet)
    try self.init(
      folder: folder, source: tables, target: target, taskName: taskName,
      emptyWordCounts: reading.emptyWordCounts, rule: reading.rule)
  }
}
