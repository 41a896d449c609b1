import Automata
import LinearAlgebra
import RNN
import Tasks
import TestSupport
import Testing

/// A small network, some words of one length, not all different, and their targets.
private struct Case {
  let network: RecurrentNetwork
  let words: [[Int]]
  let targets: [Int]

  init(seed: UInt64, length: Int, symbols: Int, activation: Activation) {
    var generator = SplitMix64(
      seed: seed, stream: activation.rawValue, index: length * 10 + symbols)
    let shape = NetworkShape(
      inputs: symbols, hidden: Int.random(in: 1...13, using: &generator),
      outputs: Int.random(in: 1...3, using: &generator), activation: activation)
    network = .random(shape, using: &generator)
    var words: [[Int]] = []
    var targets: [Int] = []
    for _ in 0..<Int.random(in: 1...12, using: &generator) {
      words.append((0..<length).map { _ in Int.random(in: 0..<symbols, using: &generator) })
      targets.append(Int.random(in: 0..<shape.outputs, using: &generator))
    }
    self.words = words
    self.targets = targets
  }

  var wordSet: WordSet {
    WordSet(length: words[0].count, words: words, targets: targets)
  }
}

@Suite struct GradientTests {
  @Test(arguments: 0...7, 1...4)
  func `hidden states, losses and gradients agree with the plain equations`(
    length: Int, symbols: Int
  ) {
    for activation in Activation.allCases {
      for seed in UInt64(0)..<4 {
        let example = Case(seed: seed, length: length, symbols: symbols, activation: activation)
        let oracle = NaiveElman(example.network)
        for loss in Loss.allCases {
          let slope = BatchGradient(example.network, loss: loss)
          let expected = oracle.gradient(loss, words: example.words, targets: example.targets)
          let value = oracle.loss(loss, words: example.words, targets: example.targets)
          for sharing in [true, false] {
            #expect(agree(slope.compute(example.wordSet, sharingPrefixes: sharing), value))
            #expect(disagreement(slope.gradient.numbers, expected) == nil)
          }
        }
      }
    }
  }

  @Test(arguments: 0...6, 1...4)
  func `every word of a complete tree has the hidden state of the plain equations`(
    depth: Int, symbols: Int
  ) {
    for activation in Activation.allCases {
      let example = Case(seed: 7, length: 1, symbols: symbols, activation: activation)
      let oracle = NaiveElman(example.network)
      let tree = PrefixTree.complete(symbolCount: symbols, depth: min(depth, 8 - symbols))
      let pass = TreePass(example.network)
      pass.run(tree)
      pass.readOut(rows: 0..<tree.count)
      let classes = pass.outputClasses(count: tree.count)
      let nodes = [0, tree.count / 2, tree.count - 1]
      let successors = pass.successors(of: nodes)
      for node in 0..<tree.count {
        let states = oracle.hiddenStates(reading: tree.word(of: node))
        let state = states[states.count - 1]
        let outputs = oracle.outputs(state)
        #expect(disagreement(pass.hidden.matrix(rows: node..<node + 1).values, state) == nil)
        #expect(disagreement(pass.outputs.matrix(rows: node..<node + 1).values, outputs) == nil)
        // Outputs that nearly tie may fall either way in single precision.
        let largest = outputs.max() ?? 0
        #expect(largest - outputs[Int(classes[node])] <= 1e-5 * (1 + abs(largest)))
      }
      for (position, node) in nodes.enumerated() {
        for symbol in 0..<symbols {
          let row = position * symbols + symbol
          let states = oracle.hiddenStates(reading: tree.word(of: node) + [symbol])
          #expect(
            disagreement(
              successors.matrix(rows: row..<row + 1).values, states[states.count - 1]) == nil)
        }
      }
    }
  }

  @Test(arguments: Activation.allCases, Loss.allCases)
  func `gradients meet finite differences`(activation: Activation, loss: Loss) {
    for seed in UInt64(0)..<6 {
      let example = Case(seed: seed, length: 5, symbols: 2, activation: activation)
      let slope = BatchGradient(example.network, loss: loss)
      slope.compute(example.wordSet)
      let gradient = slope.gradient.numbers
      let oracle = NaiveElman(example.network)
      let numbers = oracle.numbers
      // Small enough that no ReLU of these seeds changes sides on the way.
      let step = 1e-6
      for index in numbers.indices {
        var losses: [Double] = []
        for sign in [1.0, -1] {
          var moved = oracle
          var values = numbers
          values[index] += sign * step
          moved.numbers = values
          losses.append(moved.loss(loss, words: example.words, targets: example.targets))
        }
        #expect(agree(Double(gradient[index]), (losses[0] - losses[1]) / (2 * step)))
      }
    }
  }

  @Test(arguments: Activation.allCases)
  func `a word given five times weighs five times`(activation: Activation) {
    // Equal words share a leaf; the gradient of the last used to overwrite those before it.
    let network = Case(seed: 3, length: 1, symbols: 2, activation: activation).network
    let words = Array(repeating: [0, 1, 1], count: 5) + [[0, 1, 0]]
    let targets = [0, 0, 0, 0, 0, 0]
    let slope = BatchGradient(network, loss: .meanSquaredError)
    let loss = slope.compute(WordSet(length: 3, words: words, targets: targets))
    let oracle = NaiveElman(network)
    #expect(agree(loss, oracle.loss(.meanSquaredError, words: words, targets: targets)))
    let expected = oracle.gradient(.meanSquaredError, words: words, targets: targets)
    #expect(disagreement(slope.gradient.numbers, expected) == nil)
  }

  @Test(arguments: 1...16)
  func `confining products to the units at work changes nothing, nor does a wrong expectation`(
    expected: Int
  ) {
    for activation in Activation.allCases {
      for silent in [0, 7] {
        var generator = SplitMix64(seed: UInt64(expected * 10 + silent))
        let network = RecurrentNetwork.random(
          NetworkShape(inputs: 2, hidden: 16, outputs: 2, activation: activation),
          using: &generator)
        // The last units are never above zero; with tanh they are just like any other.
        for unit in 16 - silent..<16 { network.parameters.layers[0].inputBias[0, unit] = -100 }
        let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
        func results(_ activeCount: Int?) -> [Float] {
          let pass = TreePass(network)
          pass.run(tree, activeCount: activeCount)
          let leaves = tree.levelStarts[6]..<tree.count
          pass.readOut(rows: leaves)
          let gradient = Parameters(network.shape)
          pass.backpropagate(tree, into: gradient)
          return pass.hidden.matrix(rows: 0..<tree.count).values + gradient.numbers
        }
        let plain = results(nil).map { Double($0) }
        #expect(disagreement(results(expected), plain) == nil)
        #expect(plain.suffix(20).contains { $0 != 0 })
      }
    }
  }

  @Test func `a tanh unit that is always zero learns all the same`() {
    // ReLU units that are zero pass no gradient on and are left out of products; tanh units do.
    var generator = SplitMix64(seed: 4)
    let network = RecurrentNetwork.random(
      NetworkShape(inputs: 2, hidden: 16, outputs: 2, activation: .tanh), using: &generator)
    for unit in 4..<16 {
      for tensor in [
        network.parameters.layers[0].inputWeights, network.parameters.layers[0].recurrentWeights,
      ] {
        for column in 0..<tensor.columns { tensor[unit, column] = 0 }
      }
      network.parameters.layers[0].inputBias[0, unit] = 0
      network.parameters.layers[0].recurrentBias[0, unit] = 0
    }
    let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
    func gradient(_ activeCount: Int?) -> [Float] {
      let pass = TreePass(network)
      pass.run(tree, activeCount: activeCount)
      pass.readOut(rows: tree.levelStarts[5]..<tree.count)
      let gradient = Parameters(network.shape)
      pass.backpropagate(tree, into: gradient)
      return gradient.numbers
    }
    #expect(gradient(4) == gradient(nil))
  }

  @Test(arguments: Activation.allCases)
  func `long words have the outputs of the plain equations`(activation: Activation) {
    var generator = SplitMix64(seed: 11)
    let network = RecurrentNetwork.random(
      NetworkShape(inputs: 2, hidden: 6, outputs: 3, activation: activation), using: &generator)
    // Contracting, so that rounding does not grow with the length.
    for row in 0..<6 {
      for column in 0..<6 { network.parameters.layers[0].recurrentWeights[row, column] *= 0.15 }
    }
    let words = WordSet.random(count: 20, length: 300, of: .modulo(3), using: &generator)
    let oracle = NaiveElman(network)
    for (index, output) in network.outputClasses(after: words).enumerated() {
      let states = oracle.hiddenStates(reading: words.word(index).map(Int.init))
      let outputs = oracle.outputs(states[300])
      #expect(outputs.max()! - outputs[Int(output)] <= 1e-5)
    }
  }
}
