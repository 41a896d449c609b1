// Training with its traces on disk.

internal import Automata
internal import Files
internal import LinearAlgebra
public import Tasks

/// A training run that writes its folder as it goes.
///
/// At every checkpoint `metrics.csv` is written first and the checkpoint after it, so that
/// whatever checkpoint is on disk, the metrics up to its epoch are too, and what the optimizer
/// remembered then: that of the checkpoint before is removed only afterwards. Since an epoch's
/// chances depend on the seed and its number alone, training that goes on from the last checkpoint
/// writes the bytes that it would have written without the interruption.
public final class TrainingRun {
  public let folder: RunFolder
  public let trainer: Trainer
  /// Losses and accuracies of every epoch so far, epoch 0 first.
  public private(set) var metrics: [EpochMetrics]
  /// The number of checkpoints written or found.
  public private(set) var checkpointCount: Int

  // The representations at the last checkpoint, and their scale.
  private let lastRepresentations: MatrixBuffer
  private var lastScale = 0.0
  private var lastCheckpoint = 0

  /// Begins a run: writes the configuration and the checkpoint of epoch 0.
  ///
  /// - Throws: `RecipeError`, or `FileError` if the folder cannot be written.
  public init(
    beginning configuration: RunConfiguration, data: TrainingData, in folder: RunFolder
  ) throws {
    self.folder = folder
    // Of a run that was killed before it had a configuration.
    folder.removeParts()
    trainer = try Trainer(configuration.recipe, data: data)
    metrics = [trainer.evaluate()]
    checkpointCount = 0
    lastRepresentations = MatrixBuffer(
      rows: trainer.evaluationTree.count, columns: configuration.recipe.hidden)
    try folder.save(configuration)
    try save()
  }

  /// Takes up a run after its last checkpoint; what was written beyond is written anew.
  ///
  /// - Throws: `RunError` if the folder is not as a run leaves it, `FileError.noCheckpoints` where it
  ///   was interrupted before the first one, `RecipeError` if its configuration makes no sense.
  public init(
    resuming configuration: RunConfiguration, data: TrainingData, in folder: RunFolder
  ) throws {
    self.folder = folder
    folder.removeParts()
    let recipe = configuration.recipe
    let files = try folder.checkpointFiles()
    // checkpointFiles never returns an empty list.
    let last = files[files.count - 1]
    let checkpoint = try last.read()
    let shape = recipe.shape(data)
    guard checkpoint.network.shape == shape, checkpoint.epoch == last.epoch else {
      throw RunError.checkpoint(
        last.path, "this is not the network that \(folder.configurationPath) describes.")
    }
    let saved = try folder.metrics().prefix { $0.epoch <= last.epoch }
    guard saved.map(\.epoch) == Array(0...last.epoch) else {
      throw RunError.metrics(folder.metricsPath, line: saved.count + 2)
    }
    metrics = Array(saved)
    checkpointCount = files.count
    // Before the first step there is nothing to remember.
    let memory: OptimizerMemory? =
      if last.epoch == 0 || OptimizerMemory(recipe.optimizer, shape: shape).isEmpty {
        nil
      } else {
        try folder.memory(epoch: last.epoch, recipe.optimizer, shape: shape)
      }
    trainer = try Trainer(
      recipe, data: data, network: checkpoint.network, epoch: last.epoch, memory: memory)
    folder.removeMemories(except: last.epoch)
    lastRepresentations = MatrixBuffer(rows: trainer.evaluationTree.count, columns: recipe.hidden)
    remember()
  }

  /// Whether all epochs are done or the training loss is low enough.
  public var isDone: Bool {
    guard let last = metrics.last else { return false }
    if let stop = trainer.recipe.stopLoss, last.trainLoss <= stop { return true }
    return last.epoch >= trainer.recipe.epochs
  }

  /// Trains to the end.
  ///
  /// - Parameter report: Called after each epoch.
  /// - Throws: `TrainingError.diverged` when a loss is no longer a finite number, after saving
  ///   the metrics up to the epoch before; `FileError` if the folder cannot be written.
  public func run(_ report: (EpochMetrics) -> Void) throws {
    while !isDone {
      trainer.trainEpoch()
      let row = trainer.evaluate()
      guard row.isFinite, trainer.network.parameters.isFinite else {
        try folder.save(metrics)
        throw TrainingError.diverged(epoch: row.epoch, recipe: trainer.recipe, kept: lastCheckpoint)
      }
      metrics.append(row)
      if isDone || isCheckpointDue { try save() }
      report(row)
    }
    // A run that was resumed when it was already complete has its metrics cut to the last epoch.
    try folder.save(metrics)
  }

  private var isCheckpointDue: Bool {
    switch trainer.recipe.schedule {
    case .every(let epochs):
      return trainer.epoch % epochs == 0
    case .adaptive(let share, let longest):
      if trainer.epoch - lastCheckpoint >= longest { return true }
      let count = trainer.evaluationTree.count
      let moved = trainer.representations.squaredDifference(rows: 0..<count, lastRepresentations)
      return (moved / Double(count)).squareRoot() > share * lastScale
    }
  }

  private func save() throws(FileError) {
    try folder.save(metrics)
    let remembers = !trainer.memory.isEmpty && trainer.epoch > 0
    if remembers { try folder.save(trainer.memory, epoch: trainer.epoch) }
    try folder.save(
      Checkpoint(
        epoch: trainer.epoch, network: trainer.network, alphabet: trainer.data.alphabet))
    if remembers { folder.removeMemories(except: trainer.epoch) }
    checkpointCount += 1
    remember()
  }

  private func remember() {
    lastCheckpoint = trainer.epoch
    let count = trainer.evaluationTree.count
    lastRepresentations.copyRows(trainer.representations, 0..<count, to: 0)
    var moments = ColumnMoments(columns: lastRepresentations.columns)
    moments.add(lastRepresentations, rows: 0..<count)
    lastScale = moments.scale
  }
}

/// Why training stopped before its end.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  case diverged(epoch: Int, recipe: Recipe, kept: Int)

  public var description: String {
    switch self {
    case .diverged(let epoch, _, let kept):
      "training diverged in epoch \(epoch): a loss or a weight is no longer a finite number. "
        + "The checkpoints up to epoch \(kept) are kept."
    }
  }
}
