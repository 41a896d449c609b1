// A run on disk: where its files are, how they are written and read.

public import Automata
public import Files
internal import Foundation
internal import TensorFiles

/// Everything that made a run, as `config.json` holds it.
public struct RunConfiguration: Hashable, Sendable, Codable {
  /// The format of the folder; grows when old readers could not read it.
  public var version = 1
  /// The program that began the run, such as "extract 0.2.0"; nil for one before 0.2.0, which did not
  /// say. A run that is resumed keeps it.
  public var program: String?
  /// The task by the name a user gives it.
  public var task: String
  /// What a random task is drawn from.
  public var taskSeed: UInt64
  /// The symbols in the network's order, where the user chose them; else they are the task's.
  public var alphabet: [String]?
  public var recipe: Recipe

  public init(
    task: String, taskSeed: UInt64 = 1, alphabet: Alphabet? = nil, recipe: Recipe
  ) {
    program = Release.program
    self.task = task
    self.taskSeed = taskSeed
    self.alphabet = alphabet?.symbols
    self.recipe = recipe
  }
}

/// The folder of a run, or any folder of checkpoints.
///
/// Every file is written beside its place and moved there whole, so that a killed process leaves
/// the old file or the new one.
public struct RunFolder: Sendable {
  public let path: String

  public init(_ path: String) {
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
  }

  public var configurationPath: String { "\(path)/config.json" }
  public var metricsPath: String { "\(path)/metrics.csv" }
  public var checkpointsPath: String { "\(path)/checkpoints" }

  /// Where the optimizer's memory lies, beside the checkpoints, which hold the network alone.
  var optimizerFolder: String { "\(path)/optimizer" }

  func optimizerPath(epoch: Int) -> String {
    "\(optimizerFolder)/epoch-\(CheckpointFile.digits(epoch)).safetensors"
  }

  /// Whether something is there that a new run would mix with.
  public var holdsRun: Bool {
    [configurationPath, checkpointsPath].contains { FileManager.default.fileExists(atPath: $0) }
  }

  public func checkpointPath(epoch: Int) -> String {
    "\(checkpointsPath)/epoch-\(CheckpointFile.digits(epoch)).safetensors"
  }

  /// The folders that hold what was read off a run; a new run in its place takes them away.
  public static let derivedFolders = ["automata", "theory", "figures"]

  /// Where the automata, mergers and film of the run are written.
  public var automataPath: String { "\(path)/automata" }
  /// Where predicted and observed mergers are written.
  public var theoryPath: String { "\(path)/theory" }
  /// Where the figures are written.
  public var figuresPath: String { "\(path)/figures" }

  private var derivedPaths: [String] { Self.derivedFolders.map { "\(path)/\($0)" } }

  // MARK: Writing

  /// Removes files that a killed process had begun to write beside their places.
  ///
  /// No other process may be writing into the folder.
  public func removeParts() {
    for folder in [path, checkpointsPath, optimizerFolder] + derivedPaths {
      WholeFile.removeParts(in: folder)
    }
  }

  public func save(_ configuration: RunConfiguration) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard var data = try? encoder.encode(configuration) else {
      // Only numbers that are not finite cannot be encoded, and recipes are checked for them.
      preconditionFailure("a configuration can always be encoded")
    }
    data.append(UInt8(ascii: "\n"))
    try WholeFile.write(data, to: configurationPath)
  }

  public func save(_ checkpoint: Checkpoint) throws(FileError) {
    try WholeFile.write(checkpoint.file().data(), to: checkpointPath(epoch: checkpoint.epoch))
  }

  func save(_ memory: OptimizerMemory, epoch: Int) throws(FileError) {
    try WholeFile.write(memory.file().data(), to: optimizerPath(epoch: epoch))
  }

  /// Removes the optimizer's memory at other epochs than one.
  func removeMemories(except epoch: Int) {
    let kept = optimizerPath(epoch: epoch)
    // A folder that is not there holds no file.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: optimizerFolder)) ?? []
    for name in names where "\(optimizerFolder)/\(name)" != kept {
      try? FileManager.default.removeItem(atPath: "\(optimizerFolder)/\(name)")
    }
  }

  public func save(_ metrics: [EpochMetrics]) throws(FileError) {
    var text = EpochMetrics.header + "\n"
    for row in metrics { text += row.row + "\n" }
    try WholeFile.write(text, to: metricsPath)
  }

  /// Removes what an earlier run left: its configuration, metrics, checkpoints and what was read
  /// off them. Other files stay.
  public func clear() throws(FileError) {
    removeParts()
    for item in [configurationPath, metricsPath, checkpointsPath, optimizerFolder] + derivedPaths
    where FileManager.default.fileExists(atPath: item) {
      do {
        try FileManager.default.removeItem(atPath: item)
      } catch {
        throw .write(item, (error as NSError).reason)
      }
    }
  }

  // MARK: Reading

  /// The configuration, or nil if the folder has none.
  public func configuration() throws(RunError) -> RunConfiguration? {
    guard
      let data = try RunError.wrapping({ () throws(FileError) in
        try WholeFile.readIfPresent(configurationPath)
      })
    else { return nil }
    do {
      let configuration = try JSONDecoder().decode(RunConfiguration.self, from: data)
      guard configuration.version == 1 else {
        throw RunError.version(configurationPath, configuration.version)
      }
      try configuration.recipe.validate()
      if let symbols = configuration.alphabet { _ = try Alphabet(symbols) }
      return configuration
    } catch let error as RunError {
      throw error
    } catch let error as RecipeError {
      throw .configuration(configurationPath, "\(error)")
    } catch let error as AlphabetError {
      throw .configuration(configurationPath, "\(error)")
    } catch let error as DecodingError {
      throw .configuration(configurationPath, error.sentence)
    } catch {
      throw .configuration(configurationPath, (error as NSError).reason)
    }
  }

  /// The rows of `metrics.csv`; none if there is no such file.
  public func metrics() throws(RunError) -> [EpochMetrics] {
    guard
      let data = try RunError.wrapping({ () throws(FileError) in
        try WholeFile.readIfPresent(metricsPath)
      })
    else { return [] }
    let lines = String(decoding: data, as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    guard let header = lines.first, header == EpochMetrics.header else {
      throw .metrics(metricsPath, line: 1)
    }
    var rows: [EpochMetrics] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let row = EpochMetrics(row: line) else {
        throw .metrics(metricsPath, line: index + 1)
      }
      rows.append(row)
    }
    return rows
  }

  /// The folder's checkpoint files, by the number in their names.
  ///
  /// They are the `.safetensors` files, or the `.pt`, `.pth` and `.ckpt` files, of `checkpoints/` or,
  /// where there is no such folder, of the folder itself; see `NumberedFiles`.
  ///
  /// - Throws: `FileError` if there is no folder, no checkpoint, files of both kinds, a name without a
  ///   number, or two with the same one.
  public func checkpointFiles() throws(FileError) -> [CheckpointFile] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .noFolder(path)
    }
    guard isFolder.boolValue else { throw .notAFolder(path) }
    let folder = FileManager.default.fileExists(atPath: checkpointsPath) ? checkpointsPath : path
    return try NumberedFiles.list(folder, kinds: CheckpointFile.kinds).map(CheckpointFile.init)
  }

  /// What the optimizer remembered at a checkpoint.
  ///
  /// - Throws: `RunError`, naming the file.
  func memory(
    epoch: Int, _ settings: OptimizerSettings, shape: NetworkShape
  ) throws(RunError) -> OptimizerMemory {
    let path = optimizerPath(epoch: epoch)
    let data = try RunError.wrapping { () throws(FileError) in try WholeFile.read(path) }
    let file: TensorFile
    do {
      file = try TensorFile(data: data)
    } catch {
      throw .checkpoint(path, "\(error)")
    }
    guard let memory = OptimizerMemory(file, settings, shape: shape) else {
      throw .checkpoint(
        path, "this is not what the optimizer of \(configurationPath) would have remembered.")
    }
    return memory
  }
}

extension DecodingError {
  /// What is wrong, and with which key.
  fileprivate var sentence: String {
    let (context, key): (Context, (any CodingKey)?) =
      switch self {
      case .keyNotFound(let key, let context): (context, key)
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .dataCorrupted(let context):
        (context, nil)
      @unknown default:
        (Context(codingPath: [], debugDescription: "\(self)"), nil)
      }
    let path = (context.codingPath + [key].compactMap { $0 }).map(\.stringValue)
    switch self {
    case _ where path.isEmpty: return "it is not valid JSON."
    case .keyNotFound: return "'\(path.joined(separator: "."))' is missing."
    default: return "'\(path.joined(separator: "."))' has a value that makes no sense there."
    }
  }
}

/// Why a run cannot be read or written.
public enum RunError: Error, Equatable, CustomStringConvertible {
  /// A file that cannot be read, written or found.
  case file(FileError)
  case version(String, Int)
  case configuration(String, String)
  case metrics(String, line: Int)
  case checkpoint(String, String)
  /// A file of tensors in which no network is found.
  case stateDict(String, StateDictError)
  /// A file whose network cannot be read.
  case network(String, CheckpointError)

  public var description: String {
    switch self {
    case .file(let error):
      "\(error)"
    case .version(let path, let version):
      "\(path) is of version \(version), but this program reads version 1. Is there a newer one?"
    case .configuration(let path, let reason):
      "\(path) is no configuration of a run: \(reason)"
    case .metrics(let path, let line):
      "\(path), line \(line): expected were the columns \(EpochMetrics.header)."
    case .checkpoint(let path, let reason):
      "\(path): \(reason)"
    case .stateDict(let path, let error):
      "\(path): \(error)"
    case .network(let path, let error):
      "\(path): \(error)"
    }
  }
}

extension RunError {
  /// What `body` returns, with its error as one of a run.
  static func wrapping<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(RunError) -> Value {
    do {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}

extension EpochMetrics {
  static let header = "epoch,train_loss,validation_loss,train_accuracy,validation_accuracy"

  // A number's description is the shortest text that reads back as the same number.
  var row: String {
    "\(epoch),\(trainLoss),\(validationLoss),\(trainAccuracy),\(validationAccuracy)"
  }

  init?(row: some StringProtocol) {
    let fields = row.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == 5, let epoch = Int(fields[0]) else { return nil }
    let numbers = fields.dropFirst().map { Double($0) }
    guard let trainLoss = numbers[0], let validationLoss = numbers[1],
      let trainAccuracy = numbers[2], let validationAccuracy = numbers[3]
    else { return nil }
    self.init(
      epoch: epoch, trainLoss: trainLoss, validationLoss: validationLoss,
      trainAccuracy: trainAccuracy, validationAccuracy: validationAccuracy)
  }
}
