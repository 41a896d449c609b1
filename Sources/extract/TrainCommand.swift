// `extract train`: make a run.

public import ArgumentParser
import Automata
import Files
import Foundation
public import LinearAlgebra
public import RNN
import Studies
import Tasks

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a recurrent network on a task and save it as it learns.",
    discussion: """
      Without options this is the paper's recipe for streaming parity: an Elman network of 100 \
      ReLU units with small initial weights, trained on every word of length 1 to 10 by plain \
      stochastic gradient descent. One seed gives the same bytes on every run on one machine.

      Checkpoints are safetensors files with PyTorch's keys. By default one is written whenever \
      the representations have moved, so that every epoch of the collapse is among them.
      """)

  @Option(help: ArgumentHelp("The task; `extract tasks` lists them. (default: parity)"))
  var task: String?

  @Option(help: ArgumentHelp("Seed of a random task. (default: 1)", valueName: "number"))
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
    if !resume, optimizer.schedule == .step, optimizer.schedulePeriod == nil {
      throw ValidationError(
        "--schedule step needs --schedule-period, the number of epochs from step to step.")
    }
    _ = try symbols
    // What is given again when a run is resumed is compared with the run's own settings.
    guard !resume else { return }
    let recipe = try self.recipe()
    do {
      try recipe.validate()
    } catch {
      throw ValidationError("\(error)")
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
    let data = try typed(task) { try configuration.data() }
    if overwrite { try folder.clear() }
    return try TrainingRun(beginning: configuration, data: data, in: folder)
  }

  private func resumed(_ folder: RunFolder) throws -> TrainingRun {
    guard var configuration = try folder.configuration() else {
      throw CommandError(
        "\(folder.path) holds no run to continue: there is no \(folder.configurationPath). "
          + "Leave out --resume to begin one.")
    }
    // Settings given again must be the run's own; only the number of epochs may change.
    var given = try recipe(changing: configuration.recipe)
    let epochs = given.epochs
    given.epochs = configuration.recipe.epochs
    guard given == configuration.recipe, task ?? configuration.task == configuration.task,
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
        "\(folder.path) has been trained for \(run.trainer.epoch) epochs already; needed is "
          + "--epochs of at least as many.")
    }
    if hasOtherEpochs { try folder.save(configuration) }
    return run
  }

  /// Everything that makes the run which the command line describes.
  func configuration() throws -> RunConfiguration {
    RunConfiguration(
      task: task ?? "parity", taskSeed: taskSeed ?? 1, alphabet: try symbols, recipe: try recipe())
  }

  private var symbols: Alphabet? {
    get throws { try alphabet.map(alphabet(listed:)) }
  }

  /// The default recipe, or another, with what was given on the command line.
  private func recipe(changing recipe: Recipe = Recipe()) throws -> Recipe {
    var recipe = recipe
    network.apply(to: &recipe)
    training.apply(to: &recipe)
    // After the number of epochs, which a cosine goes by.
    optimizer.apply(to: &recipe)
    saving.apply(to: &recipe)
    return recipe
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
  @Option(help: "The cell, elman, gru or lstm, as PyTorch has it. (default: elman)")
  var cell: Cell?

  @Option(help: ArgumentHelp("Layers, from 1 to 4. (default: 1)", valueName: "count"))
  var layers: Int?

  @Option(help: ArgumentHelp("Hidden units of each layer. (default: 100)", valueName: "count"))
  var hidden: Int?

  @Option(help: "The nonlinearity of an Elman cell, relu or tanh. (default: relu)")
  var nonlinearity: Activation?

  @Option(
    help: """
      The readout: linear, or step, behind a discontinuity that adds 1 to what is above 0 and clears \
      the rest. (default: linear)
      """)
  var readout: Readout?

  @Option(
    help: """
      How weights are drawn: xavier-normal, xavier-uniform, kaiming-normal, kaiming-uniform, \
      orthogonal, or pytorch, what its modules do by themselves. (default: xavier-normal)
      """)
  var `init`: Initialization?

  @Option(
    help: ArgumentHelp(
      "Scale of the initial weights. (default: 0.1 for xavier-normal, else 1)",
      valueName: "number"))
  var gain: Double?

  @Option(
    help: ArgumentHelp(
      "Entry of the state before the first symbol. (default: 1)", valueName: "number"))
  var start: Float?

  @Flag(help: "Train the state before the first symbol too.")
  var trainStart = false

  func apply(to recipe: inout Recipe) {
    if let cell { recipe.cell = cell }
    if let layers { recipe.layers = layers }
    if let hidden { recipe.hidden = hidden }
    if let nonlinearity { recipe.nonlinearity = nonlinearity }
    if let readout { recipe.readout = readout }
    // Another way of drawing weights means another gain, unless one is given.
    if let `init`, `init` != recipe.initialization {
      recipe.initialization = `init`
      recipe.gain = `init`.defaultGain
    }
    if let gain { recipe.gain = gain }
    if let start { recipe.start = start }
    if trainStart { recipe.trainsStart = true }
  }
}

struct OptimizerOptions: ParsableArguments {
  @Option(help: "The optimizer, sgd, adam, adamw or rmsprop, as PyTorch has it. (default: sgd)")
  var optimizer: UpdateRule?

  @Option(
    help: ArgumentHelp(
      "Step of gradient descent. (default: 0.02; adam, adamw: 0.001; rmsprop: 0.01)",
      valueName: "number"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp("Momentum of sgd and rmsprop. (default: 0)", valueName: "number"))
  var momentum: Double?

  @Flag(help: "Nesterov's momentum.")
  var nesterov = false

  @Option(
    help: ArgumentHelp(
      "What adam and adamw keep of the mean gradient. (default: 0.9)", valueName: "share"))
  var beta1: Double?

  @Option(
    help: ArgumentHelp(
      "What adam and adamw keep of the mean square. (default: 0.999)", valueName: "share"))
  var beta2: Double?

  @Option(
    help: ArgumentHelp(
      "What rmsprop keeps of the mean square. (default: 0.99)", valueName: "share"))
  var alpha: Double?

  @Option(
    help: ArgumentHelp(
      "Added to the denominator of adam, adamw and rmsprop. (default: 1e-8)", valueName: "number"))
  var epsilon: Double?

  @Option(
    help: ArgumentHelp("Weight decay. (default: 0; adamw: 0.01)", valueName: "number"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "Cut gradients to this norm, of all weights together. (default: none)", valueName: "norm"))
  var clip: Double?

  @Option(
    help: """
      How the learning rate goes on from epoch to epoch: constant; step, multiplied every so many \
      epochs; cosine, down to 0. (default: constant)
      """)
  var schedule: LearningRateSchedule.Course?

  @Option(
    help: ArgumentHelp(
      "Epochs of a step, or of the whole cosine. (default for cosine: all after the warm-up)",
      valueName: "epochs"))
  var schedulePeriod: Int?

  @Option(
    help: ArgumentHelp(
      "What a step multiplies the learning rate by. (default: 0.1)", valueName: "number"))
  var scheduleFactor: Double?

  @Option(
    help: ArgumentHelp(
      "Begin with a third of the learning rate and raise it over so many epochs. (default: 0)",
      valueName: "epochs"))
  var warmUp: Int?

  func apply(to recipe: inout Recipe) {
    // Another rule means another learning rate and weight decay, unless they are given.
    if let optimizer, optimizer != recipe.optimizer.rule {
      recipe.optimizer.rule = optimizer
      recipe.optimizer.weightDecay = optimizer.defaultWeightDecay
      recipe.learningRate = optimizer.defaultLearningRate
    }
    if let learningRate { recipe.learningRate = learningRate }
    if let momentum { recipe.optimizer.momentum = momentum }
    if nesterov { recipe.optimizer.nesterov = true }
    if let beta1 { recipe.optimizer.beta1 = beta1 }
    if let beta2 { recipe.optimizer.beta2 = beta2 }
    if let alpha { recipe.optimizer.alpha = alpha }
    if let epsilon { recipe.optimizer.epsilon = epsilon }
    if let weightDecay { recipe.optimizer.weightDecay = weightDecay }
    if let clip { recipe.optimizer.clip = clip }
    if let warmUp { recipe.learningRateSchedule.warmUp = warmUp }
    if let schedule, schedule != recipe.learningRateSchedule.course {
      recipe.learningRateSchedule.course = schedule
      recipe.learningRateSchedule.period = max(
        1, recipe.epochs - recipe.learningRateSchedule.warmUp)
    }
    if let schedulePeriod { recipe.learningRateSchedule.period = schedulePeriod }
    if let scheduleFactor { recipe.learningRateSchedule.factor = scheduleFactor }
  }
}

struct TrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the training words. (default: 1000)", valueName: "count"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp("Words in a step of gradient descent. (default: 128)", valueName: "count"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp("Length of the shortest training words. (default: 1)", valueName: "length"))
  var minLength: Int?

  @Option(
    help: ArgumentHelp("Length of the longest training words. (default: 10)", valueName: "length"))
  var maxLength: Int?

  @Option(
    help: ArgumentHelp(
      "Probability with which each word is a training word. (default: 1)", valueName: "share"))
  var fraction: Double?

  @Option(
    help: ArgumentHelp(
      "Draw so many words of lengths that have more. (default: 16384)", valueName: "count"))
  var wordsPerLength: Int?

  @Flag(help: "Draw as many training words for each output; for sparse languages.")
  var balance = false

  @Option(help: "Ask for the output after the last symbol or after every one. (default: last)")
  var supervise: Supervision?

  @Option(help: "The loss, mse or cross-entropy. (default: mse)")
  var loss: Loss?

  @Option(
    help: ArgumentHelp(
      "End once the training loss is at most this. (default: train all epochs)",
      valueName: "number"))
  var stopLoss: Double?

  @Option(help: ArgumentHelp("Seed of everything random. (default: 1)", valueName: "number"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      """
      Threads that share the words of a step; for large networks. The numbers depend on it in their \
      last bits. (default: 1)
      """, valueName: "count"))
  var threads: Int?

  func apply(to recipe: inout Recipe) {
    if let epochs { recipe.epochs = epochs }
    if let batchSize { recipe.batchSize = batchSize }
    if let minLength { recipe.minLength = minLength }
    if let maxLength { recipe.maxLength = maxLength }
    if let fraction { recipe.fraction = fraction }
    if let wordsPerLength { recipe.wordsPerLength = wordsPerLength }
    if balance { recipe.isBalanced = true }
    if let supervise { recipe.supervision = supervise }
    if let loss { recipe.loss = loss }
    if let stopLoss { recipe.stopLoss = stopLoss }
    if let seed { recipe.seed = seed }
    if let threads { recipe.threads = threads }
  }
}

struct SavingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Save every so many epochs, instead of whenever representations have moved.",
      valueName: "epochs"))
  var checkpointEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Save when representations have moved by this share of their scale. (default: 0.015)",
      valueName: "share"))
  var checkpointShare: Double?

  @Option(
    help: ArgumentHelp("Save at least every so many epochs. (default: 25)", valueName: "epochs"))
  var checkpointAtLeastEvery: Int?

  @Option(help: ArgumentHelp("Number of validation words. (default: 100)", valueName: "count"))
  var validationWords: Int?

  @Option(help: ArgumentHelp("Length of the validation words. (default: 50)", valueName: "length"))
  var validationLength: Int?

  func apply(to recipe: inout Recipe) {
    if let checkpointEvery {
      recipe.schedule = .every(checkpointEvery)
    } else if checkpointShare != nil || checkpointAtLeastEvery != nil {
      var share = 0.015
      var longest = 25
      if case .adaptive(let ownShare, let ownLongest) = recipe.schedule {
        (share, longest) = (ownShare, ownLongest)
      }
      recipe.schedule = .adaptive(
        share: checkpointShare ?? share, longest: checkpointAtLeastEvery ?? longest)
    }
    if let validationWords { recipe.validationWords = validationWords }
    if let validationLength { recipe.validationLength = validationLength }
  }
}

extension Activation: ExpressibleByArgument {}
extension Cell: ExpressibleByArgument {}
extension Initialization: ExpressibleByArgument {}
extension LearningRateSchedule.Course: ExpressibleByArgument {}
extension Readout: ExpressibleByArgument {}
extension UpdateRule: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
extension Supervision: ExpressibleByArgument {}
