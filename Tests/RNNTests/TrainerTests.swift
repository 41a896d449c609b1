import Files
import Automata
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TestSupport
import Testing

/// A recipe that takes milliseconds.
private func small(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
  var recipe = Recipe()
  recipe.hidden = 10
  recipe.maxLength = 4
  recipe.batchSize = 5
  recipe.gain = 1
  recipe.learningRate = 0.1
  recipe.validationWords = 20
  recipe.validationLength = 9
  change(&recipe)
  return recipe
}

/// The words of `data` with what is asked for after them: the last output, or all.
private func questions(_ sets: [WordSet]) -> [(word: [Int], target: Int)] {
  sets.flatMap { set in
    (0..<set.count).flatMap { index -> [(word: [Int], target: Int)] in
      let word = set.word(index).map(Int.init)
      guard let targets = set.stepTargets else { return [(word, Int(set.targets[index]))] }
      return word.indices.map { time in
        (Array(word.prefix(time + 1)), Int(targets[index * set.length + time]))
      }
    }
  }
}

@Suite struct TrainerTests {
  @Test func `initial weights are normal with Xavier's deviation, biases zero`() throws {
    var recipe = Recipe()
    recipe.hidden = 200
    recipe.gain = 0.3
    recipe.maxLength = 1
    let network = try Trainer(recipe, language: .parity).network
    let parameters = network.parameters
    #expect(network.start == Array(repeating: 1, count: 200))
    for bias in [
      parameters.layers[0].inputBias, parameters.layers[0].recurrentBias, parameters.readoutBias,
    ] {
      #expect(bias.matrix().values.allSatisfy { $0 == 0 })
    }
    for weights in [
      parameters.layers[0].inputWeights, parameters.layers[0].recurrentWeights,
      parameters.readoutWeights,
    ] {
      let numbers = weights.matrix().values.map(Double.init)
      let expected = 0.3 * (2 / Double(weights.rows + weights.columns)).squareRoot()
      let count = Double(numbers.count)
      let mean = numbers.reduce(0, +) / count
      let deviation = (numbers.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
      // Five standard errors of each estimate.
      #expect(abs(mean) <= 5 * expected / count.squareRoot())
      #expect(abs(deviation - expected) <= 5 * expected / (2 * count).squareRoot())
      // A normal number lies within one deviation with probability 0.6827.
      let within = Double(numbers.count { abs($0) <= expected }) / count
      #expect(abs(within - 0.6827) <= 5 * 0.4655 / count.squareRoot())
    }
  }

  @Test(arguments: Activation.allCases, Loss.allCases)
  func `an epoch is the steps of the plain equations`(activation: Activation, loss: Loss) throws {
    // One batch per length, so that the order of the words does not matter.
    let recipe = small {
      $0.batchSize = 100
      $0.nonlinearity = activation
      $0.loss = loss
    }
    for (supervision, shortest) in [(Supervision.last, 1), (.last, 0), (.every, 2), (.every, 0)] {
      var recipe = recipe
      recipe.supervision = supervision
      recipe.minLength = shortest
      let trainer = try Trainer(recipe, language: .modulo(3))
      var oracle = NaiveElman(trainer.network)
      for _ in 0..<3 {
        trainer.trainEpoch()
        for set in trainer.data.training {
          let asked = questions([set])
          let gradient = oracle.gradient(
            loss, words: asked.map(\.word), targets: asked.map(\.target))
          oracle.numbers = zip(oracle.numbers, gradient).map { $0 - 0.1 * $1 }
        }
      }
      #expect(disagreement(trainer.network.parameters.numbers, oracle.numbers) == nil)
      #expect(trainer.epoch == 3)
    }
  }

  @Test(arguments: Supervision.allCases)
  func `losses and accuracies are those of the plain equations`(supervision: Supervision) throws {
    for loss in Loss.allCases {
      let recipe = small {
        $0.loss = loss
        $0.supervision = supervision
        $0.fraction = 0.8
        $0.minLength = 2
      }
      let trainer = try Trainer(recipe, language: .parity)
      for _ in 0..<5 { trainer.trainEpoch() }
      let metrics = trainer.evaluate()
      let oracle = NaiveElman(trainer.network)
      func check(_ sets: [WordSet], _ foundLoss: Double, _ foundAccuracy: Double) {
        let asked = questions(sets)
        let slow = oracle.loss(loss, words: asked.map(\.word), targets: asked.map(\.target))
        #expect(agree(foundLoss, slow))
        let right = asked.count { word, target in
          let states = oracle.hiddenStates(reading: word)
          let outputs = oracle.outputs(states[word.count])
          return outputs.firstIndex(of: outputs.max()!) == target
        }
        #expect(abs(foundAccuracy - Double(right) / Double(asked.count)) <= 1e-12)
      }
      check(trainer.data.training, metrics.trainLoss, metrics.trainAccuracy)
      check(trainer.data.validation, metrics.validationLoss, metrics.validationAccuracy)
      #expect(metrics.epoch == 5)
    }
  }

  @Test func `training words longer than what is looked at are trained on and judged`() throws {
    // All words up to length 16 are too many to look at over three symbols.
    let recipe = small {
      $0.minLength = 11
      $0.maxLength = 12
      $0.wordsPerLength = 30
      $0.batchSize = 30
    }
    let trainer = try Trainer(recipe, language: .cycleNavigation(3))
    #expect(trainer.evaluationTree.depth < 11)
    var oracle = NaiveElman(trainer.network)
    trainer.trainEpoch()
    for set in trainer.data.training {
      #expect(set.count == 30)
      let asked = questions([set])
      let gradient = oracle.gradient(
        .meanSquaredError, words: asked.map(\.word), targets: asked.map(\.target))
      oracle.numbers = zip(oracle.numbers, gradient).map { $0 - 0.1 * $1 }
    }
    #expect(disagreement(trainer.network.parameters.numbers, oracle.numbers) == nil)
    let asked = questions(trainer.data.training)
    let slow = oracle.loss(
      .meanSquaredError, words: asked.map(\.word), targets: asked.map(\.target))
    #expect(agree(trainer.evaluate().trainLoss, slow))
  }

  @Test(arguments: Activation.allCases)
  func `training goes on from any epoch as if it had not stopped`(activation: Activation) throws {
    let recipe = small { $0.nonlinearity = activation }
    let whole = try Trainer(recipe, language: .parity)
    for _ in 0..<6 { whole.trainEpoch() }
    for stop in 0..<6 {
      let first = try Trainer(recipe, language: .parity)
      for _ in 0..<stop { first.trainEpoch() }
      let second = try Trainer(
        recipe, data: first.data, network: first.network.copy(), epoch: stop)
      for _ in stop..<6 { second.trainEpoch() }
      #expect(second.network.parameters.numbers == whole.network.parameters.numbers)
      #expect(second.evaluate() == whole.evaluate())
    }
  }

  @Test func `what is drawn depends on the seed alone`() throws {
    func numbers(_ change: (inout Recipe) -> Void) throws -> [Float] {
      let trainer = try Trainer(small(change), language: .parity)
      trainer.trainEpoch()
      return trainer.network.parameters.numbers
    }
    let first = try numbers { $0.seed = 1 }
    #expect(try numbers { $0.seed = 1 } == first)
    #expect(try numbers { $0.seed = 2 } != first)
    // Looking at other validation words does not change what is learnt.
    #expect(
      try numbers {
        $0.seed = 1
        $0.validationWords = 33
        $0.validationLength = 3
      } == first)
  }

  @Test func `recipes that make no sense are refused`() throws {
    for (name, change) in [
      ("hidden", { $0.hidden = 0 }), ("gain", { $0.gain = .infinity }),
      ("start", { $0.start = .nan }), ("learning-rate", { $0.learningRate = -0.1 }),
      ("epochs", { $0.epochs = -1 }), ("batch-size", { $0.batchSize = 0 }),
      ("min-length", { $0.minLength = -1 }), ("max-length", { $0.maxLength = 0 }),
      ("fraction", { $0.fraction = 0 }), ("fraction", { $0.fraction = .nan }),
      ("stop-loss", { $0.stopLoss = -.infinity }),
      ("checkpoint-every", { $0.schedule = .every(0) }),
      ("checkpoint-share", { $0.schedule = .adaptive(share: .nan, longest: 1) }),
      ("checkpoint-at-least-every", { $0.schedule = .adaptive(share: 1, longest: 0) }),
    ] as [(String, (inout Recipe) -> Void)] {
      let error = #expect(throws: RecipeError.self) {
        try Trainer(small(change), language: .parity)
      }
      #expect(error?.name == name)
    }
    #expect(throws: RecipeError.self) {
      try Trainer(small { $0.fraction = 1e-9 }, language: .parity)
    }
  }
}

@Suite struct RunFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file is written whole, and nothing is left beside it`() throws {
    let path = "\(folder.path)/a/b/file.txt"
    for text in ["first", "second, longer", ""] {
      try WholeFile.write(text, to: path)
      #expect(try contents(of: folder.path) == ["a/b/file.txt": Data(text.utf8)])
    }
    // A folder stands where the file should be.
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/a/c/x", withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try WholeFile.write("third", to: "\(folder.path)/a/c") }
    #expect(try contents(of: folder.path).count == 1)
  }

  @Test func `checkpoints are taken in the order of the numbers in their names`() throws {
    for name in [
      "net-10.safetensors", "net-9.safetensors", "v2-epoch100.safetensors", "3 of 7.safetensors",
      "8-final.safetensors", ".hidden-4.safetensors", "notes-5.txt",
    ] { try WholeFile.write("", to: "\(folder.path)/\(name)") }
    let files = try RunFolder(folder.path + "/").checkpointFiles()
    #expect(files.map(\.epoch) == [7, 8, 9, 10, 100])
    #expect(files.first?.path == "\(folder.path)/3 of 7.safetensors")
    // A folder called checkpoints comes first.
    try WholeFile.write("", to: "\(folder.path)/checkpoints/1.safetensors")
    #expect(try RunFolder(folder.path).checkpointFiles().map(\.epoch) == [1])
  }

  @Test func `metrics read back as the same numbers`() throws {
    let rows = [
      EpochMetrics(
        epoch: 0, trainLoss: 0.1 + 0.2, validationLoss: 1e-300, trainAccuracy: 1 / 3,
        validationAccuracy: 1),
      EpochMetrics(
        epoch: 1, trainLoss: 5e20, validationLoss: .leastNonzeroMagnitude, trainAccuracy: 0,
        validationAccuracy: 0.5),
    ]
    let run = RunFolder(folder.path)
    try run.save(rows)
    #expect(try run.metrics() == rows)
    #expect(try RunFolder("\(folder.path)/none").metrics() == [])
  }

  @Test func `a configuration reads back as the same, and nonsense is told so`() throws {
    var recipe = small {
      $0.stopLoss = 0.01
      $0.loss = .crossEntropy
      $0.supervision = .every
    }
    let run = RunFolder(folder.path)
    #expect(try run.configuration() == nil)
    for schedule in [CheckpointSchedule.every(3), .adaptive(share: 0.1, longest: 9)] {
      recipe.schedule = schedule
      let configuration = RunConfiguration(task: "random:7", taskSeed: 5, recipe: recipe)
      try run.save(configuration)
      #expect(try run.configuration() == configuration)
    }
    let good = String(decoding: try WholeFile.read(run.configurationPath), as: UTF8.self)
    for (old, new, complaint) in [
      ("{", "", "is no configuration of a run: it is not valid JSON."),
      (
        "\"version\" : 1", "\"version\" : 2",
        "is of version 2, but this program reads version 1. Is there a newer one?"
      ),
      ("\"task\"", "\"tusk\"", "is no configuration of a run: 'task' is missing."),
      (
        "\"hidden\" : 10", "\"hidden\" : \"ten\"",
        "is no configuration of a run: 'recipe.hidden' has a value that makes no sense there."
      ),
      (
        "\"maxLength\" : 4", "\"maxLength\" : -4",
        "is no configuration of a run: max-length is -4; it must be from 0 to 10000."
      ),
    ] {
      let range = try #require(good.range(of: old))
      try WholeFile.write(good.replacingCharacters(in: range, with: new), to: run.configurationPath)
      let separator = complaint.hasPrefix("is of") || complaint.hasPrefix("is no") ? " " : ": "
      do {
        _ = try run.configuration()
        Issue.record("accepted \(new)")
      } catch {
        #expect(error.description == run.configurationPath + separator + complaint)
      }
    }
  }
}
