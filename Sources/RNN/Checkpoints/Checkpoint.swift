// A network on disk, in PyTorch's own terms.

public import Automata

public import LinearAlgebra

public import TensorFiles

/// A network as it was after some epoch.
public struct Checkpoint {
  public let epoch: Int
  public let network: RecurrentNetwork
  /// The names of the input symbols, if the file says.
  public let alphabet: Alphabet?

  public init(epoch: Int, network: RecurrentNetwork, alphabet: Alphabet?) {
    self.epoch = epoch
    self.network = network
    self.alphabet = alphabet
  }

  /// What a state dict does not say, as far as it is known from elsewhere.
  public struct Hints: Sendable {
    public var nonlinearity: Activation?
    /// The entry of the hidden state before the first symbol.
    public var start: Float?
    /// What the logit of a network with one output has to be above for class 1.
    public var threshold: Float = 0
    /// Where in a file the network is.
    public var names = StateDictNames()

    public init(nonlinearity: Activation? = nil, start: Float? = nil) {
      self.nonlinearity = nonlinearity
      self.start = start
    }
  }

  /// The checkpoint as a file: the state dict of `torch.nn.RNN`, `GRU` or `LSTM` as `rnn` and
  /// `torch.nn.Linear` as `fc`, with what a state dict does not say in the metadata.
  public func file() -> TensorFile {
    var file = TensorFile()
    for (key, buffer) in zip(network.shape.keys, network.parameters.tensors) {
      let matrix = buffer.matrix()
      // PyTorch's biases are vectors.
      let shape = key.contains("bias") ? [matrix.columns] : [matrix.rows, matrix.columns]
      file.tensors[key] = Tensor(shape: shape, values: matrix.values)
    }
    file.metadata = [
      "format": "pt", "epoch": "\(epoch)", "cell": network.shape.cell.rawValue,
      "nonlinearity": network.shape.activation.rawValue, "start": startText,
    ]
    if network.shape.readout != .linear {
      file.metadata["readout"] = network.shape.readout.rawValue
    }
    if let alphabet { file.metadata["alphabet"] = SymbolList.text(alphabet.symbols) }
    return file
  }

  /// The starting state: one number where all are the same, else all, row by row.
  private var startText: String {
    let numbers = network.parameters.start.matrix().values
    let isUniform = numbers.allSatisfy { $0 == numbers[0] }
    return (isUniform ? [numbers[0]] : numbers).map { "\($0)" }.joined(separator: ",")
  }

  /// Reads the checkpoint that `file` holds: cell, layers and sizes follow from keys and shapes.
  ///
  /// - Parameters:
  ///   - file: Tensors under PyTorch's keys, and metadata.
  ///   - epoch: The epoch if the metadata does not say.
  ///   - hints: What holds where the metadata is silent.
  /// - Throws: `CheckpointError` if a key is missing, unknown, or of the wrong type or shape, a
  ///   weight is not finite, or nothing says which nonlinearity or starting state it has.
  public init(_ file: TensorFile, epoch: Int, hints: Hints = Hints()) throws(CheckpointError) {
    let kind = NetworkKind(file)
    let values = try Self.values(file, kind)
    // Every key is present, and has one or two dimensions as it should.
    func shape(_ key: String) -> [Int] { file.tensors[key]!.shape }
    let inputs = shape("rnn.weight_ih_l0")[1]
    let outputs = shape("fc.weight")[0]
    guard let hidden = kind.hidden else {
      throw .noCell(rows: shape("rnn.weight_ih_l0")[0], hidden: shape("fc.weight")[1])
    }
    let rows = kind.cell.gateCount * hidden
    for (key, needed) in kind.keys.map({ key -> (String, [Int]) in
      switch key {
      case "fc.weight": (key, [outputs, hidden])
      case "fc.bias": (key, [outputs])
      case "rnn.weight_ih_l0": (key, [rows, inputs])
      case _ where key.contains("bias"): (key, [rows])
      default: (key, [rows, hidden])
      }
    }) where shape(key) != needed {
      throw .shape(key, shape(key), "\(needed), to go with rnn.weight_ih_l0 and fc.weight")
    }
    if let cell = file.metadata["cell"], cell != kind.cell.rawValue {
      throw .cell(cell, found: kind.cell)
    }

    var activation = Activation.tanh
    if kind.cell == .elman {
      if let name = file.metadata["nonlinearity"] {
        guard let known = Activation(rawValue: name) else { throw .nonlinearity(name) }
        activation = known
      } else if let hint = hints.nonlinearity {
        activation = hint
      } else {
        throw .unknownNonlinearity
      }
    }
    var readout = Readout.linear
    if let name = file.metadata["readout"] {
      guard let known = Readout(rawValue: name) else { throw .readout(name) }
      readout = known
    }
    let networkShape = NetworkShape(
      kind.cell, layers: kind.layers, inputs: inputs, hidden: hidden, outputs: outputs,
      activation: activation, readout: readout)
    var start: [Float]
    if let text = file.metadata["start"] {
      start = try Self.start(text, count: networkShape.stateCount * hidden)
    } else if let hint = hints.start {
      start = [hint]
    } else {
      throw .unknownStart
    }
    var alphabet: Alphabet?
    if let names = file.metadata["alphabet"] {
      let symbols = SymbolList.symbols(names, count: inputs)
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
    network = RecurrentNetwork(shape: networkShape, start: start[0])
    if start.count > 1 {
      network.parameters.start.assign(
        Matrix(rows: networkShape.stateCount, columns: hidden, values: start))
    }
    for (key, buffer) in zip(kind.keys, network.parameters.tensors) {
      buffer.assign(Matrix(rows: buffer.rows, columns: buffer.columns, values: values[key]!))
    }
  }

  /// The numbers of every tensor that a network of a kind has; there are no others.
  private static func values(
    _ file: TensorFile, _ kind: NetworkKind
  ) throws(CheckpointError) -> [String: [Float]] {
    for key in file.tensors.keys.sorted() where !kind.keys.contains(key) {
      throw .unknownKey(key, kind)
    }
    var values: [String: [Float]] = [:]
    for key in kind.keys {
      guard let tensor = file.tensors[key] else { throw .missingKey(key, kind) }
      let dimensions = key.contains("bias") ? 1 : 2
      guard tensor.shape.count == dimensions, tensor.shape.allSatisfy({ $0 >= 1 }) else {
        throw .shape(
          key, tensor.shape,
          dimensions == 1 ? "of 1 dimension, which is not 0" : "of 2 dimensions, none of them 0")
      }
      guard let floats = tensor.floats else { throw .type(key, tensor.type.rawValue) }
      guard floats.allSatisfy(\.isFinite) else { throw .notFinite(key) }
      values[key] = floats
    }
    return values
  }

  /// One number, or `count` of them.
  private static func start(_ text: String, count: Int) throws(CheckpointError) -> [Float] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Float($0) }
    guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite) else {
      throw .start(text.count > 40 ? "\(text.prefix(40))…" : text)
    }
    guard numbers.count == 1 || numbers.count == count else {
      throw .startCount(numbers.count, needed: count)
    }
    return numbers
  }
}

/// Which network a file of tensors is of, as far as keys and shapes tell.
public struct NetworkKind: Hashable, Sendable {
  public let cell: Cell
  public let layers: Int
  /// H, or nil where no cell has such shapes.
  let hidden: Int?

  /// Looks at keys and shapes without believing them: the layers are those with input weights; H
  /// and the number of gates follow from the first layer's recurrent weights or, where these do not
  /// go with its input weights, from the readout's.
  init(_ file: TensorFile) {
    layers = (1...).first { file.tensors["rnn.weight_ih_l\($0)"] == nil } ?? 1
    func shape(_ key: String) -> (rows: Int, columns: Int)? {
      guard let shape = file.tensors[key]?.shape, shape.count == 2, shape.allSatisfy({ $0 >= 1 })
      else { return nil }
      return (shape[0], shape[1])
    }
    let rows = shape("rnn.weight_ih_l0")?.rows
    func cell(hidden: Int) -> Cell? {
      Cell.allCases.first {
        let (product, overflow) = $0.gateCount.multipliedReportingOverflow(by: hidden)
        return !overflow && product == rows
      }
    }
    if let recurrent = shape("rnn.weight_hh_l0"), recurrent.rows == rows,
      let cell = cell(hidden: recurrent.columns)
    {
      (self.cell, hidden) = (cell, recurrent.columns)
    } else if let readout = shape("fc.weight"), let cell = cell(hidden: readout.columns) {
      (self.cell, hidden) = (cell, readout.columns)
    } else {
      (self.cell, hidden) = (.elman, nil)
    }
  }

  var keys: [String] {
    NetworkShape(cell, layers: layers, inputs: 1, hidden: 1, outputs: 1).keys
  }

  /// Such as "a GRU network of 2 layers".
  var name: String {
    let name =
      switch cell {
      case .elman: "an Elman network"
      case .gru: "a GRU network"
      case .lstm: "an LSTM network"
      }
    return layers == 1 ? name : "\(name) of \(layers) layers"
  }
}

/// Why a tensor file is no checkpoint of a network that can be read.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  case missingKey(String, NetworkKind)
  case unknownKey(String, NetworkKind)
  case type(String, String)
  case shape(String, [Int], String)
  case notFinite(String)
  case noCell(rows: Int, hidden: Int)
  case cell(String, found: Cell)
  case readout(String)
  case startCount(Int, needed: Int)
  case nonlinearity(String)
  case unknownNonlinearity
  case start(String)
  case unknownStart
  case alphabet(String, inputs: Int)
  case epoch(String)

  public var description: String {
    switch self {
    case .missingKey(let key, let kind):
      "'\(key)' is missing; \(kind.name) has \(kind.keys.joined(separator: ", "))."
    case .unknownKey(let key, let kind):
      "'\(key)' is none of the tensors of \(kind.name), \(kind.keys.joined(separator: ", "))."
    case .type(let key, let type):
      "'\(key)' has type \(type), but weights are floating-point numbers."
    case .shape(let key, let found, let needed):
      "'\(key)' has shape \(found); it must be \(needed)."
    case .notFinite(let key):
      "'\(key)' holds a number that is not finite; had training diverged?"
    case .noCell(let rows, let hidden):
      "'rnn.weight_ih_l0' has \(rows) rows, but fc.weight reads \(hidden) hidden units; there "
        + "must be \(hidden) rows (Elman), \(3 * hidden) (GRU) or \(4 * hidden) (LSTM)."
    case .cell(let name, let found):
      "the metadata says the cell is '\(name)', but the shapes are those of '\(found.rawValue)'."
    case .readout(let name):
      "the metadata says the readout is '\(name)'; known are linear and step."
    case .startCount(let count, let needed):
      "the metadata gives \(count) numbers for the starting state; there must be 1 or \(needed)."
    case .nonlinearity(let name):
      "the metadata says the nonlinearity is '\(name)'; known are relu and tanh."
    case .unknownNonlinearity:
      "nothing says which nonlinearity the network has."
    case .start(let text):
      "the metadata says the starting state is '\(text)', which is no finite number."
    case .unknownStart:
      "nothing says which hidden state the network starts from."
    case .alphabet(let names, let inputs):
      "the metadata says the alphabet is '\(names)', but the network reads \(inputs) symbols."
    case .epoch(let text):
      "the metadata says the epoch is '\(text)', which is no whole number."
    }
  }
}
