import Automata
import LinearAlgebra
import RNN
import Tasks
import Testing

@Suite struct PreciseForwardTests {
  @Test(arguments: [Activation.relu, .tanh])
  func `double precision gives what single precision rounds`(activation: Activation) {
    var generator = SplitMix64(seed: 3)
    let shape = NetworkShape(inputs: 2, hidden: 20, outputs: 3, activation: activation)
    let network = RecurrentNetwork(
      shape: shape, gain: 0.8, start: 1, using: &generator)
    for unit in 0..<20 {
      network.parameters.layers[0].inputBias[0, unit] = Float(unit) / 100
      network.parameters.layers[0].recurrentBias[0, unit] = 0.05
    }
    network.parameters.readoutBias[0, 1] = 0.25
    let words = PrefixTree.complete(symbolCount: 2, depth: 6)
    let pass = TreePass(network)
    pass.run(words)
    pass.readOut(rows: 0..<words.count)
    let rows = network.preciseRows(of: words)
    #expect(rows.hidden.count == words.count * 20 && rows.outputs.count == words.count * 3)
    for node in 0..<words.count {
      for unit in 0..<20 {
        #expect(abs(rows.hidden[node * 20 + unit] - Double(pass.hidden[node, unit])) <= 1e-6)
      }
      for output in 0..<3 {
        #expect(abs(rows.outputs[node * 3 + output] - Double(pass.outputs[node, output])) <= 1e-6)
      }
    }
  }

  @Test(arguments: Cell.allCases, 1...3)
  func `every cell and every layer in double precision is what it is in single`(
    cell: Cell, layers: Int
  ) {
    var generator = SplitMix64(seed: 5)
    let shape = NetworkShape(
      cell, layers: layers, inputs: 3, hidden: 9, outputs: 2, activation: .tanh,
      readout: layers == 2 ? .step : .linear)
    let network = RecurrentNetwork(shape: shape, gain: 1.5, start: 0.5, using: &generator)
    for layer in network.parameters.layers {
      for row in 0..<layer.inputBias.columns {
        layer.inputBias[0, row] = Float(row % 5) / 10 - 0.2
        layer.recurrentBias[0, row] = Float(row % 7) / 10 - 0.3
      }
    }
    let words = PrefixTree.complete(symbolCount: 3, depth: 4)
    let pass = TreePass(network)
    pass.run(words)
    pass.readOut(rows: 0..<words.count)
    let rows = network.preciseRows(of: words)
    var error = 0.0
    for node in 0..<words.count {
      for unit in 0..<9 {
        error = max(error, abs(rows.hidden[node * 9 + unit] - Double(pass.hidden[node, unit])))
      }
      for output in 0..<2 {
        error = max(
          error, abs(rows.outputs[node * 2 + output] - Double(pass.outputs[node, output])))
      }
    }
    #expect(error <= 3e-6)
  }

  @Test func `words that differ ten symbols back are told apart`() throws {
    var generator = SplitMix64(seed: 1)
    let shape = NetworkShape(inputs: 2, hidden: 100, outputs: 2, activation: .relu)
    let network = RecurrentNetwork(
      shape: shape, gain: 0.1, start: 1, using: &generator)
    let words = PrefixTree.complete(symbolCount: 2, depth: 10)
    let tail = [0, 1, 1, 0, 1, 0, 0, 1, 0]
    let rows = network.preciseRows(of: words).hidden
    let pass = TreePass(network)
    pass.run(words)
    func distance(_ length: Int, _ value: (Int, Int) -> Double) throws -> Double {
      let a = try #require(words.node(of: [0] + tail.prefix(length)))
      let b = try #require(words.node(of: [1] + tail.prefix(length)))
      return (0..<100).map { value(a, $0) - value(b, $0) }.map { $0 * $0 }.reduce(0, +)
        .squareRoot()
    }
    var last = try distance(0) { rows[$0 * 100 + $1] }
    for length in 1...9 {
      let next = try distance(length) { rows[$0 * 100 + $1] }
      // Each symbol contracts by about 0.07, to the last.
      #expect(next > 0.03 * last && next < 0.15 * last)
      last = next
    }
    // The control: single precision is off by more than half.
    let single = try distance(9) { Double(pass.hidden[$0, $1]) }
    #expect(abs(single - last) > last / 2)
  }
}
