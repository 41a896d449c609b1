// From a folder on disk to a subject: what its networks or tables read and say, and on which words.

internal import Automata
internal import Extraction
internal import Files
internal import Foundation
public import RNN

extension Subject where Source == NetworkCheckpoints {
  /// Finds out what a folder's networks read and say, and on which words to look at them.
  ///
  /// - Parameters:
  ///   - folder: A run, or a folder of checkpoints.
  ///   - reading: How to look at it.
  /// - Throws: `StudyError`, `RunError` or `FileError` for what is wrong with the folder; what
  ///   ``NamedTask/init(named:seed:alphabet:)`` throws of a task.
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
      try NamedTask(named: task.name, seed: task.seed, alphabet: known)
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
      try NamedTask(named: task.name, seed: task.seed, alphabet: reading.alphabet)
    }
    let tables = try RepresentationTables(
      files: files, depth: reading.depth, alphabet: reading.alphabet ?? target?.alphabet,
      outputAlphabet: target?.outputAlphabet, threshold: reading.hints.threshold)
    try self.init(
      folder: folder, source: tables, target: target, taskName: taskName,
      emptyWordCounts: reading.emptyWordCounts, rule: reading.rule)
  }
}
