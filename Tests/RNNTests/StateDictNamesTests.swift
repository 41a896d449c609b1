import Files
import Automata
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import Testing

private func archive(_ name: String) throws -> TensorArchive {
  try TensorArchive(
    data: Data(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../fixtures/tensors/\(name)")))
}

/// A file of 32-bit zeros of some shapes.
private func archive(_ shapes: [String: [Int]]) -> TensorArchive {
  TensorArchive(
    TensorFile(
      tensors: shapes.mapValues { shape in
        Tensor(shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
      }))
}

/// The shapes of an Elman network of 2 symbols and 3 units whose recurrent layer has some name.
private func elman(_ prefix: String = "rnn.", inputs: Int = 2) -> [String: [Int]] {
  [
    "\(prefix)weight_ih_l0": [3, inputs], "\(prefix)weight_hh_l0": [3, 3],
    "\(prefix)bias_ih_l0": [3], "\(prefix)bias_hh_l0": [3],
  ]
}

private func complaint(_ archive: TensorArchive, _ names: StateDictNames = .init()) -> String {
  do {
    _ = try names.canonical(archive)
    return "no complaint"
  } catch {
    return "\(error)"
  }
}

@Suite struct StateDictNamesTests {
  @Test(arguments: ["elman.pt", "training.pth", "prefixed.pt", "parameters.pt", "big-endian.pt"])
  func `one network under many names is one network`(name: String) throws {
    let file = try StateDictNames().canonical(archive(name))
    let expected = try StateDictNames().canonical(archive("elman.safetensors"))
    #expect(file.tensors == expected.tensors)
    let network = try Checkpoint(file, epoch: 0, hints: .init(nonlinearity: .tanh, start: 0))
      .network
    #expect(network.shape.hidden == 3)
  }

  @Test func `an embedding in front is taken into the input weights, to the last bit but one`()
    throws
  {
    let reading = try StateDictNames().reading(archive("embedding.pt"))
    #expect(reading.front == "embedding.weight" && reading.readout == "out.weight")
    #expect(reading.inputs == 3 && reading.hidden == 3 && reading.outputs == 2)
    #expect(!reading.hasBiases && reading.unread == [])
    let expected = try TensorFile(
      data: TensorFile(
        tensors: archive("embedding.safetensors").tensors
      ).data())
    #expect(Set(reading.file.tensors.keys) == Set(expected.tensors.keys))
    for (key, tensor) in expected.tensors {
      let ours = try #require(reading.file.tensors[key])
      #expect(ours.shape == tensor.shape)
      let numbers = try #require(ours.floats)
      for (a, b) in zip(numbers, try #require(tensor.floats)) { #expect(abs(a - b) <= b.ulp) }
    }
  }

  /// GRU and LSTM of two layers with an embedding in front, the one in a dictionary with an
  /// optimizer and from within DataParallel, the other in a file of PyTorch Lightning's.
  @Test(arguments: [
    ("gru-training.pt", "gru", "model_state_dict", "module.encoder."),
    ("lightning.ckpt", "lstm", "state_dict", "model.encoder."),
  ])
  func `gated networks in files of training say what PyTorch says`(
    name: String, key: String, group: String, prefix: String
  ) throws {
    let reading = try StateDictNames().reading(archive(name))
    #expect(reading.group == group && reading.prefix == prefix && reading.unread == [])
    #expect(reading.layers == 2 && reading.inputs == 3 && reading.hidden == 5)
    let network = try Checkpoint(reading.file, epoch: 3, hints: .init(start: 0)).network
    let expected = try TensorFile(
      data: TensorFile(tensors: archive("gated-outputs.safetensors").tensors).data())
    let words = try #require(expected.tensors["words"]?.integers)
    let outputs = try #require(expected.tensors[key]?.floats)
    let tree = PrefixTree.complete(symbolCount: 3, depth: 4)
    let pass = TreePass(network)
    pass.run(tree)
    let leaves = tree.levelStarts[4]..<tree.levelStarts[5]
    pass.readOut(rows: leaves)
    #expect(words.count == 4 * leaves.count)
    for (row, node) in leaves.enumerated() {
      #expect(tree.word(of: node) == Array(words[4 * row..<4 * row + 4]))
      for column in 0..<2 {
        #expect(abs(pass.outputs[node, column] - outputs[2 * row + column]) <= 1e-5, "\(node)")
      }
    }
  }

  @Test func `cells and layers are told from keys and shapes`() throws {
    let gru = try StateDictNames().reading(archive("gru.pt"))
    #expect(gru.gates == 3 && gru.layers == 2 && gru.hidden == 3 && gru.inputs == 2)
    #expect(gru.cellName == "GRU (nn.GRU)")
    #expect(gru.file.tensors["rnn.weight_ih_l1"]?.shape == [9, 3])
    let lstm = try StateDictNames().reading(archive("lstm.pt"))
    #expect(lstm.gates == 4 && lstm.layers == 1 && lstm.cellName == "LSTM (nn.LSTM)")
    let training = try StateDictNames().reading(archive("training.pth"))
    #expect(training.group == "model_state_dict" && training.gates == 1)
    #expect(training.file.metadata == ["nonlinearity": "tanh"])
    let cell = try StateDictNames().reading(
      archive([
        "cell.weight_ih": [9, 2], "cell.weight_hh": [9, 3], "cell.bias_ih": [9],
        "cell.bias_hh": [9], "decoder.weight": [2, 3],
      ]))
    #expect(cell.gates == 3 && cell.layers == 1 && cell.prefix == "cell.")
  }

  @Test func `networks that are not read are refused by what shows it`() throws {
    #expect(
      complaint(try archive("bidirectional.pt"))
        == "'rnn.bias_hh_l0_reverse' belongs to a bidirectional network, which has no state after "
        + "a word's beginning; it must read from left to right.")
    #expect(
      complaint(try archive("projected.pt"))
        == "'rnn.weight_hr_l0' belongs to an LSTM with projections (proj_size), which is not read; "
        + "it must be one without.")
    #expect(
      complaint(try archive("array.npy"))
        == "a network is read from safetensors or PyTorch's files, but this is NumPy .npy.")
    #expect(
      complaint(archive(["a.weight": [2, 2], "b": [1]]))
        == "no recurrent layer is in it: no key ends in weight_hh_l0; it has 'a.weight', 'b'.")
    #expect(
      complaint(
        archive(elman("lstm.").merging(["lstm.weight_hh_l0": [6, 3], "o.weight": [2, 3]]) { $1 }))
        == "'lstm.weight_hh_l0' has shape [6, 3]; an Elman network has as many rows as columns, a "
        + "GRU 3 and an LSTM 4 times as many.")
    var layers = elman("r.")
    layers["r.weight_ih_l2"] = [3, 3]
    layers["fc.weight"] = [2, 3]
    #expect(
      complaint(archive(layers))
        == "'r.weight_ih_l1' is missing, though other layers or biases are there.")
    var biases = elman("r.")
    biases["r.bias_hh_l0"] = nil
    #expect(
      complaint(archive(biases))
        == "'r.bias_hh_l0' is missing, though other layers or biases are there.")
  }

  @Test func `of several recurrent layers one is named`() throws {
    let shapes = elman("encoder.lstm.").merging(elman("decoder.lstm.")) { $1 }
      .merging(["fc.weight": [2, 3]]) { $1 }
    #expect(
      complaint(archive(shapes))
        == "it has several recurrent layers, 'decoder.lstm', 'encoder.lstm'.")
    #expect(
      complaint(archive(shapes), .init(prefix: "lstm"))
        == "no recurrent layer is called 'lstm'; there is 'decoder.lstm', 'encoder.lstm'.")
    let reading = try StateDictNames(prefix: "encoder.lstm", readout: "fc").reading(archive(shapes))
    #expect(reading.prefix == "encoder.lstm." && reading.readout == "fc.weight")
    #expect(reading.unread.count == 4 && reading.unread[0] == "decoder.lstm.bias_hh_l0")
    // Without --readout the rest is asked about.
    #expect(
      complaint(archive(shapes), .init(prefix: "encoder.lstm."))
        .hasPrefix("'decoder.lstm.bias_hh_l0' with shape [3] is no part of a recurrent layer"))
  }

  @Test func `the readout is the one matrix that fits, or is named`() throws {
    let shapes = elman("r.").merging(["a.weight": [2, 3], "a.bias": [2], "b.weight": [5, 3]]) { $1 }
    #expect(
      complaint(archive(shapes), .init(readout: "c"))
        == "'c' is no linear layer in it; one could be 'a', 'b'.")
    let second = try StateDictNames(readout: "b").reading(archive(shapes))
    #expect(second.outputs == 5 && second.unread == ["a.bias", "a.weight"])
    #expect(second.file.tensors["fc.bias"]?.shape == [5])
    let first = try StateDictNames(readout: "a.weight").reading(archive(shapes))
    #expect(first.outputs == 2 && first.front == nil)

    #expect(
      complaint(archive(elman("r.")))
        == "no matrix has 3 columns, so that nothing reads outputs off the 3 hidden units.")
    #expect(
      complaint(archive(elman("r.").merging(["fc.weight": [2, 4]]) { $1 }))
        == "no matrix has 3 columns, so that nothing reads outputs off the 3 hidden units; there "
        + "is 'fc.weight'.")
    let two = elman("r.").merging([
      "a.weight": [2, 3], "a.bias": [2], "b.weight": [2, 3], "b.bias": [2],
    ]) { $1 }
    #expect(
      complaint(archive(two))
        == "several matrices could read the outputs off the hidden state, 'a.weight', 'b.weight'.")
    #expect(
      complaint(archive(two), .init(readout: "r"))
        == "'r' is no linear layer in it; one could be 'a', 'b'.")
    // A layer between hidden state and readout would change what the network says.
    #expect(
      complaint(archive(elman("r.").merging(["fc.weight": [2, 3], "norm.weight": [3]]) { $1 }))
        == "'norm.weight' with shape [3] is no part of a recurrent layer, an embedding or a "
        + "readout, and the network may compute something else with it.")
  }

  @Test func `an embedding as wide as the hidden state is told by its name or missing bias`() throws
  {
    let named = elman("r.", inputs: 3).merging(["embed.weight": [4, 3], "out.weight": [2, 3]]) {
      $1
    }
    let reading = try StateDictNames().reading(archive(named))
    #expect(reading.front == "embed.weight" && reading.readout == "out.weight")
    let bare = elman("r.", inputs: 3).merging([
      "a.weight": [4, 3], "b.weight": [2, 3], "b.bias": [2],
    ]) { $1 }
    let second = try StateDictNames().reading(archive(bare))
    #expect(second.front == "a.weight" && second.readout == "b.weight")
    let unclear = elman("r.", inputs: 3).merging(["a.weight": [4, 3], "b.weight": [2, 3]]) { $1 }
    #expect(complaint(archive(unclear)).hasPrefix("several matrices could read the outputs off"))
    let large = elman("r.").merging(["emb.weight": [5000, 2], "fc.weight": [2, 3]]) { $1 }
    #expect(
      complaint(archive(large))
        == "'emb.weight' embeds 5000 symbols; read are up to 4096, for automata are read off on "
        + "all words over them.")
  }

  @Test func `whole numbers beside the weights are no part of the network`() throws {
    var file = TensorFile(
      tensors: archive(elman("r.").merging(["fc.weight": [2, 3]]) { $1 }).tensors)
    file.tensors["steps"] = Tensor(shape: [], values: [Int64(7)])
    #expect(try StateDictNames().reading(TensorArchive(file)).unread == [])
  }
}

@Suite struct StateDictCorruptionTests {
  /// Ten thousand networks of each kind with a tensor renamed, cut to another shape, removed or
  /// doubled.
  @Test(
    arguments: UInt64(0)..<20,
    [
      ["training.pth", "prefixed.pt", "embedding.pt", "elman.pt"], ["gru-training.pt"],
      ["lightning.ckpt"],
    ])
  func `a state dict with wrong names and shapes is refused with a sentence or is a network`(
    seed: UInt64, names: [String]
  ) throws {
    var generator = SplitMix64(seed: seed, stream: "state dicts")
    let good = try names.map {
      TensorArchive(TensorFile(tensors: try #require(try archive($0).groups.first).tensors))
    }
    var accepted = 0
    for round in 0..<500 {
      var tensors = good[round % good.count].tensors
      for _ in 0..<Int.random(in: 1...2, using: &generator) {
        Self.damage(&tensors, using: &generator)
      }
      let damaged = TensorArchive(TensorFile(tensors: tensors))
      do {
        let file = try StateDictNames().canonical(damaged)
        let checkpoint = try Checkpoint(
          file, epoch: 0, hints: .init(nonlinearity: .tanh, start: 0))
        accepted += 1
        #expect(checkpoint.network.parameters.isFinite)
      } catch {
        let sentence = "\(error)"
        #expect(!sentence.contains("\n") && (sentence.hasSuffix(".") || sentence.hasSuffix("?")))
      }
    }
    #expect(accepted > 0 && accepted < 500)
  }

  private static func damage(
    _ tensors: inout [String: Tensor], using generator: inout some RandomNumberGenerator
  ) {
    guard let key = tensors.keys.sorted().randomElement(using: &generator),
      let tensor = tensors[key]
    else { return }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: tensors[key] = nil
    case 1:
      // Another order of the same dimensions, or one more.
      let shape = Bool.random(using: &generator) ? tensor.shape.reversed() : tensor.shape + [1]
      tensors[key] = Tensor(
        shape: shape, values: tensor.floats ?? [Float](repeating: 1, count: tensor.count))
    case 2:
      let shape = tensor.shape.map { _ in Int.random(in: 0...9, using: &generator) }
      tensors[key] = Tensor(
        shape: shape, values: [Float](repeating: 0.5, count: shape.reduce(1, *)))
    case 3:
      tensors[key] = nil
      let suffixes = ["_reverse", "_l1", "_l99999999999999999999", "", ".weight", "_raw"]
      tensors[key + suffixes[Int.random(in: 0..<suffixes.count, using: &generator)]] = tensor
    case 4: tensors["copy.\(key)"] = tensor
    default:
      tensors[key] = Tensor(
        shape: tensor.shape, values: [Int64](repeating: 1, count: tensor.count))
    }
  }
}

@Suite struct NumberedFilesTests {
  @Test func `the number in a file's name is that of its step or epoch, else the last`() {
    for (name, number) in [
      ("epoch-000560.safetensors", 560), ("epoch_3.pt", 3), ("model-step-100.pth", 100),
      ("checkpoint.10.pt", 10), ("epoch_3_loss_0.25.pt", 3), ("epoch=2-step=100.pt", 100),
      ("lstm2-17.pt", 17), ("7", 7), ("Epoch 12 of run 3.pth", 12), ("iter00040_best.pt", 40),
      ("epochs.pt", nil), ("best.pt", nil), ("99999999999999999999.pt", nil),
    ] {
      #expect(NumberedFiles.number(in: name) == number, "\(name)")
    }
  }
}
