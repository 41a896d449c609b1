import Automata
import Files
import Foundation
import LinearAlgebra
import RNN
import TensorFiles
import TestSupport
import Testing

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../fixtures/foreign").path

/// The network of a fixture, read with PyTorch's defaults.
private func network(
  _ name: String, _ names: StateDictNames = .init(), threshold: Float = 0
) throws -> RecurrentNetwork {
  var hints = Checkpoint.Hints(nonlinearity: .tanh, start: 0)
  hints.names = names
  hints.threshold = threshold
  return try CheckpointFile(epoch: 0, path: "\(folder)/\(name).safetensors").read(hints).network
}

/// Where a network's hidden states and outputs on all words up to length 3 differ from PyTorch's.
private func difference(
  _ network: RecurrentNetwork, _ name: String, outputs read: (MatrixBuffer, Int) -> [Float]
) throws -> String? {
  let file = try TensorFile(data: WholeFile.read("\(folder)/\(name).expected.safetensors"))
  let hidden = try #require(file.tensors["hidden"]?.floats)
  let outputs = try #require(file.tensors["outputs"]?.floats)
  let tree = PrefixTree.complete(symbolCount: network.shape.inputs, depth: 3)
  let pass = TreePass(network)
  pass.run(tree)
  pass.readOut(rows: 0..<tree.count)
  let own = pass.hiddenStates.matrix(rows: 0..<tree.count).values
  guard own.count == hidden.count else { return "\(own.count) numbers, \(hidden.count) expected" }
  if let place = own.indices.first(where: { !agree(Double(own[$0]), Double(hidden[$0])) }) {
    return "hidden number \(place) is \(own[place]), not \(hidden[place])"
  }
  let said = (0..<tree.count).flatMap { read(pass.outputs, $0) }
  guard said.count == outputs.count else { return "\(said.count) outputs, \(outputs.count)" }
  if let place = said.indices.first(where: { !agree(Double(said[$0]), Double(outputs[$0])) }) {
    return "output \(place) is \(said[place]), not \(outputs[place])"
  }
  return nil
}

private func row(_ outputs: MatrixBuffer, _ row: Int) -> [Float] {
  (0..<outputs.columns).map { outputs[row, $0] }
}

@Suite struct ForeignNetworksTests {
  @Test func `one output is a logit, and class 1 where it is above the threshold`() throws {
    let logit = try network("gru-logit")
    #expect(logit.shape.outputs == 2)
    #expect(
      try difference(logit, "gru-logit") { outputs, row in [outputs[row, 1] - outputs[row, 0]] }
        == nil)
    let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
    for threshold: Float in [-3, 0, 3] {
      let pass = TreePass(try network("gru-logit", threshold: threshold))
      pass.run(tree)
      let classes = pass.outputClasses(count: tree.count)
      pass.readOut(rows: 0..<tree.count)
      for node in 0..<tree.count {
        #expect(classes[node] == (pass.outputs[node, 1] > threshold ? 1 : 0))
      }
      guard threshold == 0 else { continue }
      // It learnt parity; about ε it was not asked.
      for node in 1..<tree.count {
        #expect(Int(classes[node]) == tree.word(of: node).reduce(0, +) % 2)
      }
    }
  }

  @Test func `one output of a network that was trained here stays one`() throws {
    var file = TensorFile(
      tensors: [
        "fc.weight": Tensor(shape: [1, 2], values: [Float](repeating: 1, count: 2)),
        "fc.bias": Tensor(shape: [1], values: [Float](repeating: 0, count: 1)),
      ], metadata: ["cell": "elman"])
    #expect(file.readingLogit(threshold: 0).tensors["fc.weight"]?.shape == [1, 2])
    file.metadata = [:]
    let read = file.readingLogit(threshold: 0.5)
    #expect(read.tensors["fc.weight"]?.floats == [0, 0, 1, 1])
    #expect(read.tensors["fc.bias"]?.floats == [0.5, 0])
  }

  @Test func `tied weights that were saved once are read under both names`() throws {
    let archive = try TensorArchive(data: WholeFile.read("\(folder)/tied.safetensors"))
    let reading = try StateDictNames().reading(archive)
    #expect(reading.front == "embedding.weight" && reading.readout == "decoder.weight")
    #expect(try difference(network("tied"), "tied", outputs: row) == nil)
  }

  @Test func `a square matrix in front is asked about, since it could be either`() throws {
    let error = #expect(throws: RunError.self) { try network("projection-square") }
    guard case .stateDict(_, .embeddingOrProjection(let key, let shape)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(key == "input.weight" && shape == [2, 2])
    #expect(
      try difference(
        network("projection-square", .init(projection: "input")), "projection-square",
        outputs: row) == nil)
    // Taken for an embedding, it is another network.
    #expect(
      try difference(
        network("projection-square", .init(embedding: "input")), "projection-square",
        outputs: row) != nil)
  }

  @Test func `a linear layer in front is taken into weights and biases`() throws {
    #expect(throws: RunError.self) { try network("projection-bias") }
    #expect(
      try difference(
        network("projection-bias", .init(projection: "input")), "projection-bias", outputs: row)
        == nil)
    for name in ["none", "out"] {
      let error = #expect(throws: RunError.self) {
        try network("projection-bias", .init(projection: name))
      }
      #expect("\(try #require(error))".contains(name))
    }
  }
}
