// `extract train`: make a run.

import ArgumentParser
import Automata
import Files
import Foundation
import RNN
import Studies
import Tasks

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a recurrent network on a task and save it as it learns.",
    discussion: """
      Without options this is the paper's recipe for streaming parity: an Elman network of \
      \(Recipe().hidden) ReLU units with small initial weights, trained on every word of length \
      \(Recipe().minLength) to \(Recipe().maxLength) by plain stochastic gradient descent. \
      One seed gives the same bytes on every run on one machine.

      Checkpoints are safetensors files with PyTorch's keys. By default one is written whenever \
      the representations have moved, so that every epoch of the collapse is among them.
      """)

  @Option(
    help: ArgumentHelp(
      "The task; `extract tasks` lists them. (default: \(RunConfiguration.standard.task))"))
  var task: String?

  @Option(
    help: ArgumentHelp(
      "Seed of a random task. (default: \(RunConfiguration.standard.taskSeed))",
      valueName: "number"))
  var taskSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      """
      The symbols in the network's order, such as 01 or go,stop, where the task need not name all: \
      regex:R, no-substring:W, AT&T text, JFLAP and words. (default: the task's)
      """, valueName: "symbols"))
  var alphabet: String?

  @Option(help: ArgumentHelp("The folder to write the run into.", valueName: "folder"))
  var out: String

  @Flag(help: "Continue the interrupted run in the folder, with the settings it was begun with.")
  var resume = false

  @Flag(help: "Replace the run that the folder holds.")
  var overwrite = false

  @OptionGroup(title: "The network")
  var network: NetworkOptions

  @OptionGroup(title: "Training")
  var training: TrainingOptions

  @OptionGroup(title: "The optimizer")
  var optimizer: OptimizerOptions

  @OptionGroup(title: "Checkpoints and validation")
  var saving: SavingOptions

  func validate() throws {
    if resume && overwrite {
      throw ValidationError("--resume and --overwrite exclude each other.")
    }
    if saving.checkpointEvery != nil
      && (saving.checkpointShare != nil || saving.checkpointAtLeastEvery != nil)
    {
      throw ValidationError(
        "--checkpoint-every sets a plain schedule; drop --checkpoint-share and "
          + "--checkpoint-at-least-every, or --checkpoint-every.")
    }
    _ = try symbols
    do {
      if resume {
        // What is given again is compared with the run's own settings, when they have been read.
        var recipe = Recipe()
        try recipe.set(given)
      } else {
        _ = try Recipe(given)
      }
    } catch {
      throw ValidationError(error.commandLineText)
    }
  }

  func run() throws {
    let folder = RunFolder(out)
    let run = try resume ? resumed(folder) : begun(folder)
    let recipe = run.trainer.recipe
    let bar = ProgressBar(total: recipe.epochs, first: run.trainer.epoch)
    do {
      try run.run { row in
        bar.update(
          row.epoch,
          "train \(row.trainLoss.brief)  validation \(row.validationLoss.brief)")
      }
    } catch {
      bar.finish()
      throw error
    }
    bar.finish()
    // A run always has the row of epoch 0.
    let last = run.metrics[run.metrics.count - 1]
    print(
      """
      \(folder.path): \(last.epoch) epochs, \(run.checkpointCount) checkpoints
      training    loss \(last.trainLoss.brief), accuracy \(last.trainAccuracy.brief)
      validation  loss \(last.validationLoss.brief), accuracy \(last.validationAccuracy.brief) \
      on \(run.trainer.data.validationText)
      Next: extract --checkpoints \(folder.path)
      """)
  }

  private func begun(_ folder: RunFolder) throws -> TrainingRun {
    if folder.holdsRun {
      guard overwrite else {
        throw CommandError(
          "\(folder.path) already holds a run. Add --resume to continue it, --overwrite to replace "
            + "it, or choose another folder with --out.")
      }
    }
    let configuration = try self.configuration()
    let data = try typed(where: task != nil) { try configuration.data() }
    if overwrite { try folder.clear() }
    do {
      return try TrainingRun(beginning: configuration, data: data, in: folder)
    } catch let error as RecipeError {
      // There are recipes that make sense, but not for these words.
      throw CommandError(error.commandLineText)
    }
  }

  private func resumed(_ folder: RunFolder) throws -> TrainingRun {
    guard var configuration = try folder.configuration() else {
      throw CommandError(
        "\(folder.path) holds no run to continue: there is no \(folder.configurationPath). "
          + "Leave out --resume to begin one.")
    }
    // Settings given again must be the run's own; only the number of epochs may change.
    var recipe = configuration.recipe
    do {
      try recipe.set(given)
    } catch {
      throw CommandError(error.commandLineText)
    }
    let epochs = recipe.epochs
    recipe.epochs = configuration.recipe.epochs
    guard recipe == configuration.recipe, task ?? configuration.task == configuration.task,
      taskSeed ?? configuration.taskSeed == configuration.taskSeed,
      try symbols?.symbols ?? configuration.alphabet == configuration.alphabet
    else {
      throw CommandError(
        "\(folder.path) was begun with other settings (\(folder.configurationPath)); "
          + "a resumed run keeps them all, except --epochs.")
    }
    let hasOtherEpochs = epochs != configuration.recipe.epochs
    configuration.recipe.epochs = epochs
    let data = try configuration.data()
    let run: TrainingRun
    do {
      run = try TrainingRun(resuming: configuration, data: data, in: folder)
    } catch FileError.noCheckpoints {
      // Interrupted before the first checkpoint.
      return try TrainingRun(beginning: configuration, data: data, in: folder)
    }
    guard run.trainer.epoch <= epochs else {
      throw CommandError(
        "--epochs is \(epochs); it must be at least \(run.trainer.epoch), as many as "
          + "\(folder.path) has been trained for already.")
    }
    if hasOtherEpochs { try folder.save(configuration) }
    return run
  }

  /// Everything that makes the run which the command line describes.
  private func configuration() throws -> RunConfiguration {
    let standard = RunConfiguration.standard
    return RunConfiguration(
      task: task ?? standard.task, taskSeed: taskSeed ?? standard.taskSeed, alphabet: try symbols,
      recipe: try Recipe(given))
  }

  private var symbols: Alphabet? {
    get throws { try alphabet.map(alphabet(listed:)) }
  }

  /// The options of the recipe that were given, by name.
  private var given: [String: String] {
    [network.given, training.given, optimizer.given, saving.given].reduce(into: [:]) { all, part in
      for case (let name, let text?) in part { all[name] = text }
    }
  }
}

extension TrainingData {
  /// How many words validation is about, and how long they are.
  fileprivate var validationText: String {
    let count = validation.reduce(0) { $0 + $1.count }
    let lengths = validation.map(\.length)
    // There is a validation word in any data.
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    let range = shortest == longest ? "\(shortest)" : "\(shortest) to \(longest)"
    return "\(count) \(count == 1 ? "word" : "words") of length \(range)"
  }
}

struct NetworkOptions: ParsableArguments {
  @Option(recipe: "cell") var cell: String?
  @Option(recipe: "layers") var layers: String?
  @Option(recipe: "hidden") var hidden: String?
  @Option(recipe: "nonlinearity") var nonlinearity: String?
  @Option(recipe: "readout") var readout: String?
  @Option(recipe: "init") var `init`: String?
  @Option(recipe: "gain") var gain: String?
  @Option(recipe: "start") var start: String?
  @Flag(recipe: "train-start") var trainStart = false

  /// The options by name; nil for those that were not given.
  var given: [String: String?] {
    [
      "cell": cell, "layers": layers, "hidden": hidden, "nonlinearity": nonlinearity,
      "readout": readout, "init": `init`, "gain": gain, "start": start,
      "train-start": trainStart ? "true" : nil,
    ]
  }
}

struct OptimizerOptions: ParsableArguments {
  @Option(recipe: "optimizer") var optimizer: String?
  @Option(recipe: "learning-rate") var learningRate: String?
  @Option(recipe: "momentum") var momentum: String?
  @Flag(recipe: "nesterov") var nesterov = false
  @Option(recipe: "beta1") var beta1: String?
  @Option(recipe: "beta2") var beta2: String?
  @Option(recipe: "alpha") var alpha: String?
  @Option(recipe: "epsilon") var epsilon: String?
  @Option(recipe: "weight-decay") var weightDecay: String?
  @Option(recipe: "clip") var clip: String?
  @Option(recipe: "schedule") var schedule: String?
  @Option(recipe: "schedule-period") var schedulePeriod: String?
  @Option(recipe: "schedule-factor") var scheduleFactor: String?
  @Option(recipe: "warm-up") var warmUp: String?

  /// The options by name; nil for those that were not given.
  var given: [String: String?] {
    [
      "optimizer": optimizer, "learning-rate": learningRate, "momentum": momentum,
      "nesterov": nesterov ? "true" : nil, "beta1": beta1, "beta2": beta2, "alpha": alpha,
      "epsilon": epsilon, "weight-decay": weightDecay, "clip": clip, "schedule": schedule,
      "schedule-period": schedulePeriod, "schedule-factor": scheduleFactor, "warm-up": warmUp,
    ]
  }
}

struct TrainingOptions: ParsableArguments {
  @Option(recipe: "epochs") var epochs: String?
  @Option(recipe: "batch-size") var batchSize: String?
  @Option(recipe: "min-length") var minLength: String?
  @Option(recipe: "max-length") var maxLength: String?
  @Option(recipe: "fraction") var fraction: String?
  @Option(recipe: "words-per-length") var wordsPerLength: String?
  @Flag(recipe: "balance") var balance = false
  @Option(recipe: "supervise") var supervise: String?
  @Option(recipe: "loss") var loss: String?
  @Option(recipe: "stop-loss") var stopLoss: String?
  @Option(recipe: "seed") var seed: String?
  @Option(recipe: "threads") var threads: String?

  /// The options by name; nil for those that were not given.
  var given: [String: String?] {
    [
      "epochs": epochs, "batch-size": batchSize, "min-length": minLength, "max-length": maxLength,
      "fraction": fraction, "words-per-length": wordsPerLength, "balance": balance ? "true" : nil,
      "supervise": supervise, "loss": loss, "stop-loss": stopLoss, "seed": seed, "threads": threads,
    ]
  }
}

struct SavingOptions: ParsableArguments {
  @Option(recipe: "checkpoint-every") var checkpointEvery: String?
  @Option(recipe: "checkpoint-share") var checkpointShare: String?
  @Option(recipe: "checkpoint-at-least-every") var checkpointAtLeastEvery: String?
  @Option(recipe: "validation-words") var validationWords: String?
  @Option(recipe: "validation-length") var validationLength: String?

  /// The options by name; nil for those that were not given.
  var given: [String: String?] {
    [
      "checkpoint-every": checkpointEvery, "checkpoint-share": checkpointShare,
      "checkpoint-at-least-every": checkpointAtLeastEvery, "validation-words": validationWords,
      "validation-length": validationLength,
    ]
  }
}
