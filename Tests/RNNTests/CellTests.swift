import Automata
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import TestSupport
import Testing

/// Every cell, with one to three layers.
private let shapes: [NetworkShape] = (1...3).flatMap { layers in
  [
    NetworkShape(.elman, layers: layers, inputs: 2, hidden: 5, outputs: 3, activation: .relu),
    NetworkShape(.elman, layers: layers, inputs: 2, hidden: 9, outputs: 3, activation: .tanh),
    // Loops over units go by 16 on some processors: whole steps of them, and what is left over.
    NetworkShape(.gru, layers: layers, inputs: 2, hidden: layers == 1 ? 19 : 5, outputs: 3),
    NetworkShape(.lstm, layers: layers, inputs: 2, hidden: layers == 1 ? 21 : 9, outputs: 2),
  ]
}

@Suite struct CellTests {
  @Test func `what others read of a pass has a row for each word and no spare ones`() throws {
    var recipe = Recipe()
    recipe.hidden = 7
    recipe.maxLength = 4
    recipe.validationWords = 5
    let trainer = try Trainer(recipe, language: .parity)
    let words = trainer.evaluationTree
    let pass = TreePass(trainer.network)
    // A larger tree before leaves rows behind.
    pass.run(.complete(symbolCount: 2, depth: 6))
    pass.run(words)
    #expect(pass.hiddenStates.rows == words.count && pass.hidden.rows > words.count)
    #expect(pass.hiddenStates.matrix() == pass.hidden.matrix(rows: 0..<words.count))
    #expect(trainer.hiddenStates.matrix() == pass.hiddenStates.matrix())
    trainer.trainEpoch()
    #expect(trainer.hiddenStates.matrix() != pass.hiddenStates.matrix())
  }

  @Test(arguments: shapes, Loss.allCases)
  func `every gradient meets finite differences, that of the starting state too`(
    shape: NetworkShape, loss: Loss
  ) {
    var generator = SplitMix64(seed: UInt64(shape.layers), stream: shape.cell.rawValue)
    for length in [0, 1, 5] {
      let network = RecurrentNetwork.random(shape, using: &generator)
      let words = (0..<7).map { _ in
        (0..<length).map { _ in Int.random(in: 0..<2, using: &generator) }
      }
      let targets = words.map { _ in Int.random(in: 0..<shape.outputs, using: &generator) }
      let set = WordSet(length: length, words: words, targets: targets)
      let oracle = NaiveNetwork(network)
      let step = 1e-6
      let expected = oracle.numbers.indices.map { index in
        func moved(_ sign: Double) -> Double {
          var other = oracle
          other.numbers[index] += sign * step
          return other.loss(loss, words: words, targets: targets)
        }
        return (moved(1) - moved(-1)) / (2 * step)
      }
      let slope = BatchGradient(network, loss: loss, includesStart: true)
      for sharing in [true, false] {
        let value = slope.compute(set, sharingPrefixes: sharing)
        #expect(agree(value, oracle.loss(loss, words: words, targets: targets)))
        let found = slope.gradient.numbers + slope.gradient.start.matrix().values
        #expect(disagreement(found, expected) == nil, "length \(length)")
      }
    }
  }

  @Test(arguments: shapes)
  func `one more symbol beyond the tree leads where a deeper tree leads`(shape: NetworkShape) {
    // What is propagated is the whole state: all layers, and cell states.
    var generator = SplitMix64(seed: 5, stream: shape.cell.rawValue)
    let network = RecurrentNetwork.random(shape, using: &generator)
    let small = PrefixTree.complete(symbolCount: 2, depth: 4)
    let large = PrefixTree.complete(symbolCount: 2, depth: 5)
    let (pass, deeper) = (TreePass(network), TreePass(network))
    pass.run(small)
    deeper.run(large, keepsGates: false)
    let leaves = small.levelStarts[4]..<small.count
    let successors = pass.successors(of: Array(leaves))
    let rows = large.levelStarts[5]..<large.count
    #expect(
      disagreement(
        successors.matrix().values, deeper.hidden.matrix(rows: rows).values.map(Double.init))
        == nil)
    for node in [0, 1, large.count - 1] {
      let state = NaiveNetwork(network).read(large.word(of: node)).hidden
      #expect(disagreement(deeper.hidden.matrix(rows: node..<node + 1).values, state) == nil)
    }
    // And so do words read one symbol after the other.
    let words = WordSet.random(count: 30, length: 5, of: .parity, using: &generator)
    let classes = deeper.outputClasses(count: large.count)
    let expected = (0..<30).map {
      classes[large.node(of: words.word($0).map(Int.init))!]
    }
    #expect(network.outputClasses(after: words) == expected)
  }

  @Test(arguments: shapes)
  func `a trained network goes through the whole way and back`(shape: NetworkShape) throws {
    var recipe = Recipe()
    recipe.cell = shape.cell
    recipe.layers = shape.layers
    recipe.nonlinearity = shape.activation
    recipe.hidden = 6
    recipe.maxLength = 4
    recipe.trainsStart = true
    recipe.readout = .step
    recipe.optimizer.rule = .adam
    recipe.learningRate = 0.01
    recipe.initialization = .pytorch
    recipe.gain = 1
    let trainer = try Trainer(recipe, language: .parity)
    let before = trainer.evaluate().trainLoss
    for _ in 0..<30 { trainer.trainEpoch() }
    #expect(trainer.evaluate().trainLoss < before)
    #expect(Set(trainer.network.start).count > 1)
    let checkpoint = Checkpoint(epoch: 30, network: trainer.network, alphabet: .digits(2))
    let read = try Checkpoint(TensorFile(data: checkpoint.file().data()), epoch: 0)
    #expect(read.network.shape == trainer.network.shape)
    #expect(read.network.parameters.numbers == trainer.network.parameters.numbers)
    #expect(read.network.start == trainer.network.start)
  }

  @Test(arguments: shapes, Supervision.allCases)
  func `threads that share a batch find the same gradient, the same bits each time`(
    shape: NetworkShape, supervision: Supervision
  ) throws {
    var recipe = Recipe()
    recipe.cell = shape.cell
    recipe.layers = shape.layers
    recipe.nonlinearity = shape.activation
    recipe.hidden = 8
    recipe.maxLength = 7
    recipe.gain = 1
    recipe.trainsStart = true
    recipe.supervision = supervision
    func numbers(threads: Int) throws -> [Float] {
      recipe.threads = threads
      let trainer = try Trainer(recipe, language: .parity)
      for _ in 0..<2 { trainer.trainEpoch() }
      return trainer.network.parameters.numbers + trainer.network.start
    }
    let alone = try numbers(threads: 1)
    for threads in [2, 3] {
      let shared = try numbers(threads: threads)
      #expect(disagreement(shared, alone.map(Double.init)) == nil)
      #expect(try numbers(threads: threads) == shared)
    }
  }

  @Test(arguments: [UpdateRule.adam, .rmsprop, .sgd], shapes.prefix(4))
  func `training with a memory goes on from any epoch as if it had not stopped`(
    rule: UpdateRule, shape: NetworkShape
  ) throws {
    var recipe = Recipe()
    recipe.cell = shape.cell
    recipe.nonlinearity = shape.activation
    recipe.hidden = 7
    recipe.maxLength = 5
    recipe.batchSize = 9
    recipe.optimizer.rule = rule
    if rule != .adam { recipe.optimizer.momentum = 0.8 }
    recipe.optimizer.clip = 0.1
    recipe.trainsStart = true
    recipe.learningRate = 0.01
    recipe.gain = 1
    recipe.learningRateSchedule.kind = .cosine
    recipe.learningRateSchedule.period = 8
    recipe.learningRateSchedule.warmUp = 2
    let whole = try Trainer(recipe, language: .parity)
    for _ in 0..<6 { whole.trainEpoch() }
    for stop in [1, 4] {
      let first = try Trainer(recipe, language: .parity)
      for _ in 0..<stop { first.trainEpoch() }
      let data = first.memory.file().data()
      let memory = try #require(
        OptimizerMemory(TensorFile(data: data), recipe.optimizer, shape: first.network.shape))
      let second = try Trainer(
        recipe, data: first.data, network: first.network.copy(), epoch: stop, memory: memory)
      for _ in stop..<6 { second.trainEpoch() }
      #expect(second.network.parameters.numbers == whole.network.parameters.numbers)
      #expect(second.network.start == whole.network.start)
      #expect(second.memory.file() == whole.memory.file())
    }
  }
}
