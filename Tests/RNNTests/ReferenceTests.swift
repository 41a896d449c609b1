import Automata
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import TestSupport
import Testing

/// The networks of fixtures/reference.
enum ReferenceCase: String, CaseIterable {
  case relu = "elman-1-relu"
  case tanh = "elman-1-tanh"
  case elman2 = "elman-2-tanh"
  case gru1 = "gru-1-default"
  case gru2 = "gru-2-default"
  case lstm1 = "lstm-1-default"
  case lstm2 = "lstm-2-default"
}

private func file(_ name: String) throws -> TensorFile {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../fixtures/\(name).safetensors")
  return try TensorFile(data: Data(contentsOf: path))
}

extension TensorFile {
  /// The shape that the metadata of a reference tells.
  fileprivate func shape(hidden: Int, outputs: Int) throws -> NetworkShape {
    NetworkShape(
      try #require(Cell(rawValue: metadata["cell"] ?? "")),
      layers: try #require(Int(metadata["layers"] ?? "")), inputs: 3, hidden: hidden,
      outputs: outputs, activation: Activation(rawValue: metadata["nonlinearity"] ?? "") ?? .tanh,
      readout: try #require(Readout(rawValue: metadata["readout"] ?? "linear")))
  }

  fileprivate func numbers(_ key: String) throws -> [Double] {
    try #require(tensors[key]?.floats, "\(key)").map(Double.init)
  }
}

/// What PyTorch says; see fixtures/reference/README.md.
private struct Reference {
  let network: RecurrentNetwork
  let words: [[Int]]
  let targets: [Int]
  private let file: TensorFile

  init(_ name: ReferenceCase) throws {
    file = try RNNTests.file("reference/\(name.rawValue)")
    network = RecurrentNetwork(shape: try file.shape(hidden: 8, outputs: 2), start: 1)
    for (key, buffer) in zip(network.shape.keys, network.parameters.tensors) {
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
    try file.numbers(key)
  }

  /// All tensors whose keys begin alike, in the order of `Parameters.tensors`.
  func parameters(_ prefix: String) throws -> [Double] {
    try network.shape.keys.flatMap { try numbers("\(prefix).\($0)") }
  }

  var wordSet: WordSet { WordSet(length: 6, words: words, targets: targets) }
}

@Suite struct ReferenceTests {
  @Test(arguments: ReferenceCase.allCases, [true, false])
  func `hidden states and outputs are those of PyTorch`(
    name: ReferenceCase, sharing: Bool
  ) throws {
    let reference = try Reference(name)
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

  @Test(arguments: ReferenceCase.allCases, [true, false])
  func `losses and every gradient are those of PyTorch`(
    name: ReferenceCase, sharing: Bool
  ) throws {
    let reference = try Reference(name)
    for (loss, name) in [(Loss.meanSquaredError, "mse"), (.crossEntropy, "ce")] {
      let slope = BatchGradient(reference.network, loss: loss)
      let value = slope.compute(reference.wordSet, sharingPrefixes: sharing)
      #expect(agree(value, try reference.numbers("loss.\(name)")[0]))
      let expected = try reference.parameters("grad_\(name)")
      #expect(disagreement(slope.gradient.numbers, expected) == nil)
    }
  }

  @Test(arguments: ReferenceCase.allCases, [true, false])
  func `ten steps of gradient descent end at the parameters of PyTorch`(
    name: ReferenceCase, sharing: Bool
  ) throws {
    let reference = try Reference(name)
    let network = reference.network
    let slope = BatchGradient(network, loss: .meanSquaredError)
    let optimizer = Optimizer(OptimizerSettings(), for: network)
    for _ in 0..<10 {
      slope.compute(reference.wordSet, sharingPrefixes: sharing)
      optimizer.step(network.parameters, along: slope.gradient, learningRate: 0.02)
    }
    let expected = try reference.parameters("sgd_mse")
    #expect(disagreement(network.parameters.numbers, expected) == nil)
  }

  @Test(arguments: ReferenceCase.allCases)
  func `the naive oracles of the other tests agree with PyTorch too`(name: ReferenceCase) throws {
    let reference = try Reference(name)
    let oracle = NaiveNetwork(reference.network)
    for (loss, key) in [(Loss.meanSquaredError, "mse"), (.crossEntropy, "ce")] {
      let value = oracle.loss(loss, words: reference.words, targets: reference.targets)
      #expect(agree(value, try reference.numbers("loss.\(key)")[0]))
      guard name == .relu || name == .tanh else { continue }
      let simple = NaiveElman(reference.network)
      let gradient = simple.gradient(loss, words: reference.words, targets: reference.targets)
      let expected = try reference.parameters("grad_\(key)")
      #expect(disagreement(gradient.map { Float($0) }, expected) == nil)
    }
  }
}

/// A network of fixtures/networks, with its words; see the README there.
private struct LargeReference {
  static let names = [
    "elman-1-relu-step-last", "elman-2-relu-linear-last", "elman-3-tanh-step-every",
    "gru-1-tanh-linear-every", "gru-3-tanh-step-last", "lstm-1-tanh-step-every",
    "lstm-4-tanh-linear-last",
  ]

  let network: RecurrentNetwork
  let words: [[Int]]
  let targets: [[Int]]
  let file: TensorFile

  init(_ name: String) throws {
    file = try RNNTests.file("networks/\(name)")
    network = RecurrentNetwork(shape: try file.shape(hidden: 64, outputs: 4), start: 0)
    var x = 1
    func next() -> Int {
      x = (1_103_515_245 * x + 12345) % (1 << 31)
      return x
    }
    for (scale, tensors) in [
      (1.0 / 8, network.parameters.tensors), (1, [network.parameters.start]),
    ] {
      for tensor in tensors {
        for row in 0..<tensor.rows {
          for column in 0..<tensor.columns {
            tensor[row, column] = Float((2 * Double(next()) / Double(1 << 31) - 1) * scale)
          }
        }
      }
    }
    func integers(below bound: Int) -> [[Int]] {
      (0..<12).map { _ in (0..<7).map { _ in next() >> 16 % bound } }
    }
    words = integers(below: 3)
    targets = integers(below: 4)
  }
}

@Suite struct LargeReferenceTests {
  @Test(arguments: LargeReference.names, [true, false])
  func `networks of 64 units are those of PyTorch, with every gradient`(
    name: String, sharing: Bool
  ) throws {
    let reference = try LargeReference(name)
    let isEvery = name.hasSuffix("every")
    let network = reference.network
    // The positions of the words in lexicographic order, in which a tree takes them.
    let order = reference.words.indices.sorted {
      reference.words[$0].lexicographicallyPrecedes(reference.words[$1])
    }
    var tree = PrefixTree(symbolCount: 3)
    var leaves: [Int32] = []
    tree.rebuild(
      words: order.flatMap { reference.words[$0].map(Int32.init) }, length: 7,
      selection: Array(0..<12), sharing: sharing, leaves: &leaves)
    let pass = TreePass(network)
    pass.run(tree)
    pass.readOut(rows: 0..<tree.count)
    let hidden = try reference.file.numbers("hidden")
    let outputs = try reference.file.numbers("output")
    var slopes = [Double](repeating: 0, count: tree.count * 4)
    var loss = 0.0
    let questions = isEvery ? 12.0 * 7 : 12
    for (leaf, word) in zip(leaves, order) {
      var node = Int(leaf)
      for time in stride(from: 6, through: 0, by: -1) {
        let place = word * 7 + time
        let state = pass.hidden.matrix(rows: node..<node + 1).values
        #expect(disagreement(state, Array(hidden[place * 64..<place * 64 + 64])) == nil)
        let output = Array(outputs[place * 4..<place * 4 + 4])
        #expect(disagreement(pass.outputs.matrix(rows: node..<node + 1).values, output) == nil)
        if isEvery || time == 6 {
          let total = output.reduce(0) { $0 + exp($1) }
          loss += log(total) - output[reference.targets[word][time]]
          for (place, number) in output.enumerated() {
            slopes[node * 4 + place] +=
              (exp(number) / total - (place == reference.targets[word][time] ? 1 : 0)) / questions
          }
        }
        node = Int(tree.parents[node])
      }
    }
    #expect(agree(loss / questions, try reference.file.numbers("loss")[0]))
    pass.outputs.assign(Matrix(rows: tree.count, columns: 4, values: slopes.map { Float($0) }))
    let gradient = Parameters(network.shape)
    pass.backpropagate(tree, fromEveryLevel: isEvery, includingStart: true, into: gradient)
    for (key, tensor) in zip(
      network.shape.keys + ["start"], gradient.tensors + [gradient.start])
    {
      let values = tensor.matrix().values
      let every = (values.count + 63) / 64
      let found = stride(from: 0, to: values.count, by: every).map { values[$0] }
      let expected = try reference.file.numbers("grad.\(key)")
      // Gradients fade through layers, so each is measured by its own largest entry.
      let largest = try #require(expected.map(abs).max())
      #expect(largest > 0)
      #expect(
        disagreement(
          found.map { $0 / Float(largest) }, expected.map { $0 / largest }, within: 5e-5) == nil,
        "\(key)")
    }
  }
}
