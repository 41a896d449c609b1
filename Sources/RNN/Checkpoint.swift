// A network on disk, in PyTorch's own terms.

public import Automata

public import LinearAlgebra

public import TensorFiles

/// A network as it was after some epoch.
public struct Checkpoint {
  public let epoch: Int
  public let network: ElmanNetwork
  /// The names of the input symbols, if the file says.
  public let alphabet: Alphabet?

  public init(epoch: Int, network: ElmanNetwork, alphabet: Alphabet?) {
    self.epoch = epoch
    self.network = network
    self.alphabet = alphabet
  }

  /// What a state dict does not say, as far as it is known from elsewhere.
  public struct Hints: Sendable {
    public var nonlinearity: Activation?
    /// The entry of the hidden state before the first symbol.
    public var start: Float?
    /// Where in a file the network is.
    public var names = StateDictNames()

    public init(nonlinearity: Activation? = nil, start: Float? = nil) {
      self.nonlinearity = nonlinearity
      self.start = start
    }
  }

  /// The checkpoint as a file: the state dict of `torch.nn.RNN` as `rnn` and `torch.nn.Linear` as
  /// `fc`, with what a state dict does not say in the metadata.
  public func file() -> TensorFile {
    var file = TensorFile()
    for (key, buffer) in zip(Parameters.keys, network.parameters.tensors) {
      let matrix = buffer.matrix()
      // PyTorch's biases are vectors.
      let shape = key.contains("bias") ? [matrix.columns] : [matrix.rows, matrix.columns]
      file.tensors[key] = Tensor(shape: shape, values: matrix.values)
    }
    file.metadata = [
      "format": "pt", "epoch": "\(epoch)", "cell": "elman",
      "nonlinearity": network.shape.activation.rawValue,
    ]
    if let first = network.start.first { file.metadata["start"] = "\(first)" }
    if let alphabet { file.metadata["alphabet"] = alphabet.symbols.joined(separator: ",") }
    return file
  }

  /// Reads the checkpoint that `file` holds.
  ///
  /// - Parameters:
  ///   - epoch: The epoch if the metadata does not say.
  ///   - hints: What holds where the metadata is silent.
  /// - Throws: `CheckpointError` if a key is missing, unknown, or of the wrong type or shape, a
  ///   weight is not finite, or nothing says which nonlinearity or starting state it has.
  public init(_ file: TensorFile, epoch: Int, hints: Hints = Hints()) throws(CheckpointError) {
    let keys = Parameters.keys
    for key in file.tensors.keys.sorted() where !keys.contains(key) { throw .unknownKey(key) }
    var values: [String: [Float]] = [:]
    for key in keys {
      guard let tensor = file.tensors[key] else { throw .missingKey(key) }
      let dimensions = key.contains("bias") ? 1 : 2
      guard tensor.shape.count == dimensions, tensor.shape.allSatisfy({ $0 >= 1 }) else {
        throw .shape(key, tensor.shape, "\(dimensions) dimensions, none of them 0")
      }
      guard let floats = tensor.floats else { throw .type(key, tensor.type.rawValue) }
      guard floats.allSatisfy(\.isFinite) else { throw .notFinite(key) }
      values[key] = floats
    }
    // Every key is present and has been checked above.
    func shape(_ key: String) -> [Int] { file.tensors[key]!.shape }
    let hidden = shape("rnn.weight_ih_l0")[0]
    let inputs = shape("rnn.weight_ih_l0")[1]
    let outputs = shape("fc.weight")[0]
    let expected: [(String, [Int])] = [
      ("rnn.weight_hh_l0", [hidden, hidden]), ("rnn.bias_ih_l0", [hidden]),
      ("rnn.bias_hh_l0", [hidden]), ("fc.weight", [outputs, hidden]), ("fc.bias", [outputs]),
    ]
    for (key, needed) in expected where shape(key) != needed {
      throw .shape(key, shape(key), "\(needed), to go with rnn.weight_ih_l0 and fc.weight")
    }
    if let cell = file.metadata["cell"], cell != "elman" { throw .cell(cell) }

    let activation: Activation
    if let name = file.metadata["nonlinearity"] {
      guard let known = Activation(rawValue: name) else { throw .nonlinearity(name) }
      activation = known
    } else if let hint = hints.nonlinearity {
      activation = hint
    } else {
      throw .unknownNonlinearity
    }
    let start: Float
    if let text = file.metadata["start"] {
      guard let number = Float(text), number.isFinite else { throw .start(text) }
      start = number
    } else if let hint = hints.start {
      start = hint
    } else {
      throw .unknownStart
    }
    var alphabet: Alphabet?
    if let names = file.metadata["alphabet"] {
      let symbols = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard symbols.count == inputs, let known = try? Alphabet(symbols) else {
        throw .alphabet(names, inputs: inputs)
      }
      alphabet = known
    }
    if let text = file.metadata["epoch"] {
      guard let number = Int(text), number >= 0 else { throw .epoch(text) }
      self.epoch = number
    } else {
      self.epoch = epoch
    }
    self.alphabet = alphabet
    network = ElmanNetwork(
      shape: NetworkShape(
        inputs: inputs, hidden: hidden, outputs: outputs, activation: activation),
      start: Array(repeating: start, count: hidden))
    for (key, buffer) in zip(keys, network.parameters.tensors) {
      buffer.assign(Matrix(rows: buffer.rows, columns: buffer.columns, values: values[key]!))
    }
  }
}

/// Why a tensor file is no checkpoint of a network that can be read.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  case missingKey(String)
  case unknownKey(String)
  case type(String, String)
  case shape(String, [Int], String)
  case notFinite(String)
  case cell(String)
  case nonlinearity(String)
  case unknownNonlinearity
  case start(String)
  case unknownStart
  case alphabet(String, inputs: Int)
  case epoch(String)

  public var description: String {
    switch self {
    case .missingKey(let key):
      "'\(key)' is missing; an Elman network has \(Parameters.keys.joined(separator: ", "))."
    case .unknownKey(let key):
      "'\(key)' is none of an Elman network's tensors, "
        + "\(Parameters.keys.joined(separator: ", "))."
    case .type(let key, let type):
      "'\(key)' has type \(type), but weights are floating-point numbers."
    case .shape(let key, let found, let needed):
      "'\(key)' has shape \(found), but needed is \(needed)."
    case .notFinite(let key):
      "'\(key)' holds a number that is not finite; had training diverged?"
    case .cell(let name):
      "the metadata says the cell is '\(name)', but only 'elman' is read."
    case .nonlinearity(let name):
      "the metadata says the nonlinearity is '\(name)'; known are relu and tanh."
    case .unknownNonlinearity:
      "nothing says which nonlinearity the network has. Try --nonlinearity relu or tanh."
    case .start(let text):
      "the metadata says the starting state is '\(text)', which is no finite number."
    case .unknownStart:
      "nothing says which hidden state the network starts from. Try --start 0 (PyTorch's default) "
        + "or --start 1."
    case .alphabet(let names, let inputs):
      "the metadata says the alphabet is '\(names)', but the network reads \(inputs) symbols."
    case .epoch(let text):
      "the metadata says the epoch is '\(text)', which is no whole number."
    }
  }
}
