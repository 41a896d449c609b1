import Automata
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import Testing

/// What PyTorch says; see fixtures/reference/README.md.
private struct Reference {
  let network: ElmanNetwork
  let words: [[Int]]
  let targets: [Int]
  private let file: TensorFile

  init(_ activation: Activation) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../fixtures/reference/elman-1-\(activation.rawValue).safetensors")
    file = try TensorFile(data: Data(contentsOf: path))
    let shape = NetworkShape(inputs: 3, hidden: 8, outputs: 2, activation: activation)
    network = ElmanNetwork(shape: shape, start: Array(repeating: 1, count: 8))
    for (key, buffer) in zip(Parameters.keys, network.parameters.tensors) {
      buffer.assign(
        Matrix(
          rows: buffer.rows, columns: buffer.columns,
          values: try #require(file.tensors["init.\(key)"]?.floats)))
    }
    let symbols = try #require(file.tensors["words"]?.integers)
    words = stride(from: 0, to: symbols.count, by: 6).map { Array(symbols[$0..<$0 + 6]) }
    targets = try #require(file.tensors["targets"]?.integers)
  }

  func numbers(_ key: String) throws -> [Double] {
    try #require(file.tensors[key]?.floats, "\(key)").map(Double.init)
  }

  /// Six tensors whose keys begin alike, in the order of `Parameters.tensors`.
  func parameters(_ prefix: String) throws -> [Double] {
    try Parameters.keys.flatMap { try numbers("\(prefix).\($0)") }
  }

  var wordSet: WordSet { WordSet(length: 6, words: words, targets: targets) }
}

@Suite struct ReferenceTests {
  @Test(arguments: Activation.allCases, [true, false])
  func `hidden states and outputs are those of PyTorch`(
    activation: Activation, sharing: Bool
  ) throws {
    let reference = try Reference(activation)
    let set = reference.wordSet
    var tree = PrefixTree(symbolCount: 3)
    var leaves: [Int32] = []
    tree.rebuild(
      words: set.symbols, length: 6, selection: Array(0..<16), sharing: sharing, leaves: &leaves)
    #expect(sharing == (tree.count < 1 + 16 * 6))
    let pass = TreePass(reference.network)
    pass.run(tree)
    pass.readOut(rows: 0..<tree.count)
    let hidden = try reference.numbers("hidden")
    let outputs = try reference.numbers("output")
    for (position, leaf) in leaves.enumerated() {
      // The set is sorted, the reference is not.
      let word = set.word(position).map(Int.init)
      let index = try #require(reference.words.firstIndex(of: word))
      var node = Int(leaf)
      let output = pass.outputs.matrix(rows: node..<node + 1).values
      #expect(disagreement(output, Array(outputs[index * 2..<index * 2 + 2])) == nil)
      for time in stride(from: 5, through: 0, by: -1) {
        let start = (index * 6 + time) * 8
        let state = pass.hidden.matrix(rows: node..<node + 1).values
        #expect(disagreement(state, Array(hidden[start..<start + 8])) == nil)
        node = Int(tree.parents[node])
      }
      #expect(node == 0)
    }
  }

  @Test(arguments: Activation.allCases, [true, false])
  func `losses and every gradient are those of PyTorch`(
    activation: Activation, sharing: Bool
  ) throws {
    let reference = try Reference(activation)
    for (loss, name) in [(Loss.meanSquaredError, "mse"), (.crossEntropy, "ce")] {
      let slope = BatchGradient(reference.network, loss: loss)
      let value = slope.compute(reference.wordSet, sharingPrefixes: sharing)
      #expect(agree(value, try reference.numbers("loss.\(name)")[0]))
      let expected = try reference.parameters("grad_\(name)")
      #expect(disagreement(slope.gradient.numbers, expected) == nil)
    }
  }

  @Test(arguments: Activation.allCases, [true, false])
  func `ten steps of gradient descent end at the parameters of PyTorch`(
    activation: Activation, sharing: Bool
  ) throws {
    let reference = try Reference(activation)
    let network = reference.network
    let slope = BatchGradient(network, loss: .meanSquaredError)
    for _ in 0..<10 {
      slope.compute(reference.wordSet, sharingPrefixes: sharing)
      for (parameter, gradient) in zip(network.parameters.tensors, slope.gradient.tensors) {
        parameter.add(gradient, times: -0.02)
      }
    }
    let expected = try reference.parameters("sgd_mse")
    #expect(disagreement(network.parameters.numbers, expected) == nil)
  }

  @Test(arguments: Activation.allCases)
  func `the naive oracle of the other tests agrees with PyTorch too`(
    activation: Activation
  ) throws {
    let reference = try Reference(activation)
    let oracle = NaiveElman(reference.network)
    for (loss, name) in [(Loss.meanSquaredError, "mse"), (.crossEntropy, "ce")] {
      let value = oracle.loss(loss, words: reference.words, targets: reference.targets)
      #expect(agree(value, try reference.numbers("loss.\(name)")[0]))
      let gradient = oracle.gradient(loss, words: reference.words, targets: reference.targets)
      let expected = try reference.parameters("grad_\(name)")
      #expect(disagreement(gradient.map { Float($0) }, expected) == nil)
    }
  }
}
