// The table of a recipe's options.
//
// A new number of a recipe is a property of `Recipe`, a row here, and an option of the command
// line, whose tests fail as long as one of them is missing.

internal import LinearAlgebra

extension RecipeOption {
  /// The options of a recipe. Whatever others depend on comes before them, so that settings that
  /// are made in this order do not undo each other.
  public static let all = network + training + optimizer + saving

  private static let network = [
    RecipeOption(
      "cell", \.cell, key: "cell", isNew: true,
      help: "The cell, elman, gru or lstm, as PyTorch has it."),
    RecipeOption(
      "layers", \.layers, key: "layers", isNew: true, .from(1, to: 4), value: "count",
      help: "Layers, from 1 to 4."),
    RecipeOption(
      "hidden", \.hidden, key: "hidden", .from(1, to: 8192), value: "count",
      help: "Hidden units of each layer."),
    RecipeOption(
      "nonlinearity", \.nonlinearity, key: "nonlinearity",
      help: "The nonlinearity of an Elman cell, relu or tanh."),
    RecipeOption(
      "readout", \.readout, key: "readout", isNew: true,
      help: """
        The readout: linear, or step, behind a discontinuity that adds 1 to what is above 0 and \
        clears the rest.
        """),
    RecipeOption(
      "init", \.initialization, key: "initialization", isNew: true,
      help: """
        How weights are drawn: xavier-normal, xavier-uniform, kaiming-normal, kaiming-uniform, \
        orthogonal, or pytorch, what its modules do by themselves.
        """),
    RecipeOption(
      "gain", \.gain, key: "gain", .finiteAtLeast0, value: "number", determiner: "init",
      preset: { $0.initialization.defaultGain },
      default: defaults(of: Recipe().initialization, \.defaultGain),
      help: "Scale of the initial weights."),
    RecipeOption(
      "start", \.start, key: "start", .finite, value: "number",
      help: "Entry of the state before the first symbol."),
    RecipeOption(
      "train-start", \.trainsStart, key: "trainsStart", isNew: true,
      help: "Train the state before the first symbol too."),
  ]

  private static let training = [
    RecipeOption(
      "epochs", \.epochs, key: "epochs", .atLeast(0), value: "count",
      help: "Passes over the training words."),
    RecipeOption(
      "batch-size", \.batchSize, key: "batchSize", .atLeast(1), value: "count",
      help: "Words in a step of gradient descent."),
    RecipeOption(
      "min-length", \.minLength, key: "minLength", .atLeast(0), value: "length",
      help: "Length of the shortest training words."),
    RecipeOption(
      "max-length", \.maxLength, key: "maxLength", .from(0, to: 10_000),
      also: {
        $0.maxLength >= $0.minLength
          ? nil : "at least \($0.minLength), the length of the shortest training words"
      }, value: "length", help: "Length of the longest training words."),
    RecipeOption(
      "fraction", \.fraction, key: "fraction", .above0AtMost1, value: "share",
      help: "Probability with which each word is a training word."),
    RecipeOption(
      "words-per-length", \.wordsPerLength, key: "wordsPerLength", .from(1, to: 1 << 20),
      value: "count", help: "Draw this many words of each length that has more."),
    RecipeOption(
      "balance", \.isBalanced, key: "isBalanced",
      help: "Draw as many training words for each output; for sparse languages."),
    RecipeOption(
      "supervise", \.supervision, key: "supervision",
      help: "Ask for the output after the last symbol or after every one."),
    RecipeOption(
      "loss", \.loss, key: "loss", help: "The loss, mse or cross-entropy."),
    RecipeOption(
      "stop-loss", \.stopLoss, key: "stopLoss", .finiteAtLeast0, value: "number",
      default: "train all epochs", help: "End once the training loss is at most this."),
    RecipeOption(
      "seed", \.seed, key: "seed", value: "number", help: "Seed of everything random."),
    RecipeOption(
      "threads", \.threads, key: "threads", isNew: true, .from(1, to: 64), value: "count",
      help: """
        Threads that share the words of a step; for large networks. The numbers depend on it in \
        their last bits.
        """),
  ]

  private static let optimizer = [
    RecipeOption(
      "optimizer", \.optimizer.rule, key: "optimizer.rule",
      help: "The optimizer, sgd, adam, adamw or rmsprop, as PyTorch has it."),
    RecipeOption(
      "learning-rate", \.learningRate, key: "learningRate", .finiteAtLeast0, value: "number",
      determiner: "optimizer", preset: { $0.optimizer.rule.defaultLearningRate },
      default: defaults(of: Recipe().optimizer.rule, \.defaultLearningRate),
      help: "Step of gradient descent."),
    RecipeOption(
      "momentum", \.optimizer.momentum, key: "optimizer.momentum", .atLeast0Below1,
      also: { recipe in
        let rule = recipe.optimizer.rule
        return recipe.optimizer.momentum == 0 || rule == .sgd || rule == .rmsprop
          ? nil : "0 where the optimizer is \(rule.rawValue)"
      }, value: "number", help: "Momentum of sgd and rmsprop."),
    RecipeOption(
      "nesterov", \.optimizer.nesterov, key: "optimizer.nesterov",
      also: { recipe in
        let optimizer = recipe.optimizer
        return !optimizer.nesterov || optimizer.rule == .sgd && optimizer.momentum > 0
          ? nil : "false unless the optimizer is sgd and momentum is above 0"
      }, help: "Nesterov's momentum."),
    RecipeOption(
      "beta1", \.optimizer.beta1, key: "optimizer.beta1", .atLeast0Below1, value: "share",
      help: "What adam and adamw keep of the mean gradient."),
    RecipeOption(
      "beta2", \.optimizer.beta2, key: "optimizer.beta2", .atLeast0Below1, value: "share",
      help: "What adam and adamw keep of the mean square."),
    RecipeOption(
      "alpha", \.optimizer.alpha, key: "optimizer.alpha", .atLeast0Below1, value: "share",
      help: "What rmsprop keeps of the mean square."),
    RecipeOption(
      "epsilon", \.optimizer.epsilon, key: "optimizer.epsilon", .finiteAtLeast0, value: "number",
      help: "Added to the denominator of adam, adamw and rmsprop."),
    RecipeOption(
      "weight-decay", \.optimizer.weightDecay, key: "optimizer.weightDecay", .finiteAtLeast0,
      value: "number", determiner: "optimizer", preset: { $0.optimizer.rule.defaultWeightDecay },
      default: defaults(of: Recipe().optimizer.rule, \.defaultWeightDecay), help: "Weight decay."),
    RecipeOption(
      "clip", \.optimizer.clip, key: "optimizer.clip", .finiteAbove0, value: "norm",
      default: "none", help: "Cut gradients to this norm, of all weights together."),
    RecipeOption(
      "warm-up", \.learningRateSchedule.warmUp, key: "learningRateSchedule.warmUp", .atLeast(0),
      value: "epochs",
      help: "Begin with a third of the learning rate and raise it over this many epochs."),
    RecipeOption(
      "schedule", \.learningRateSchedule.kind, key: "learningRateSchedule.course",
      help: """
        How the learning rate goes on from epoch to epoch: constant; step, multiplied every so \
        many epochs; cosine, down to 0.
        """),
    RecipeOption(
      "schedule-period", \.learningRateSchedule.period, key: "learningRateSchedule.period",
      .atLeast(1), value: "epochs", determiner: "schedule",
      preset: { max(1, max(0, $0.epochs) - max(0, $0.learningRateSchedule.warmUp)) },
      default: "all after the warm-up; step: none",
      help: "Epochs of a step, or of the whole cosine."),
    RecipeOption(
      "schedule-factor", \.learningRateSchedule.factor, key: "learningRateSchedule.factor",
      .finiteAtLeast0, value: "number", help: "What a step multiplies the learning rate by."),
  ]

  private static let saving = [
    RecipeOption(
      "checkpoint-every", \.schedule.period, .atLeast(1), value: "epochs",
      help: "Save at intervals of this many epochs, instead of whenever representations have moved."
    ),
    RecipeOption(
      "checkpoint-share", \.schedule.share, .finiteAbove0, value: "share",
      help: "Save when representations have moved by this share of their scale."
    ).storing(\.schedule, as: "schedule"),
    RecipeOption(
      "checkpoint-at-least-every", \.schedule.longest, .atLeast(1), value: "epochs",
      help: "Save at least once in this many epochs."),
    RecipeOption(
      "validation-words", \.validationWords, key: "validationWords", .atLeast(1), value: "count",
      help: "Number of validation words."),
    RecipeOption(
      "validation-length", \.validationLength, key: "validationLength", .atLeast(1),
      value: "length", help: "Length of the validation words."),
  ]

  /// The default that each choice brings, in words: "0.02; adam, adamw: 0.001; rmsprop: 0.01", or
  /// "0.1 for xavier-normal, else 1" where all but the usual choice bring the same.
  private static func defaults<Choice: CaseIterable & Hashable & OptionText>(
    of usual: Choice, _ preset: (Choice) -> Double
  ) -> String {
    var others: [(value: Double, choices: [String])] = []
    for choice in Choice.allCases where choice != usual {
      if let place = others.firstIndex(where: { $0.value == preset(choice) }) {
        others[place].choices.append(choice.text)
      } else {
        others.append((preset(choice), [choice.text]))
      }
    }
    let first = preset(usual)
    if others.count == 1, others[0].value != first {
      return "\(first.text) for \(usual.text), else \(others[0].value.text)"
    }
    let exceptions = others.filter { $0.value != first }.map {
      "; \($0.choices.joined(separator: ", ")): \($0.value.text)"
    }
    return first.text + exceptions.joined()
  }
}

extension CheckpointSchedule {
  /// Of a plain schedule, in epochs; else nil. What is set is a plain schedule.
  fileprivate var period: Int? {
    get { if case .every(let epochs) = self { epochs } else { nil } }
    set { if let newValue { self = .every(newValue) } }
  }

  /// Of an adaptive schedule; else nil. What is set is an adaptive schedule, with the default for
  /// the rest if it was none before.
  fileprivate var share: Double? {
    get { if case .adaptive(let share, _) = self { share } else { nil } }
    set {
      guard let newValue else { return }
      self = .adaptive(share: newValue, longest: longest ?? Self.defaultLongest)
    }
  }

  /// Likewise.
  fileprivate var longest: Int? {
    get { if case .adaptive(_, let longest) = self { longest } else { nil } }
    set {
      guard let newValue else { return }
      self = .adaptive(share: share ?? Self.defaultShare, longest: newValue)
    }
  }
}
