// What a network is made of, without its numbers.
//
// Shape letters in this module: I input symbols, H hidden units, O outputs, G gates of a cell.

public import LinearAlgebra

/// What a recurrent layer computes at each step.
public enum Cell: String, CaseIterable, Sendable, Codable {
  /// h' = f(W_ih x + b_ih + W_hh h + b_hh), `torch.nn.RNN`.
  ///
  /// Source: J. L. Elman, "Finding Structure in Time", Cognitive Science 14 (1990), 179–211.
  case elman
  /// The gated recurrent unit, `torch.nn.GRU`; gates in the order r, z, n.
  case gru
  /// Long short-term memory, `torch.nn.LSTM`; gates in the order i, f, g, o.
  case lstm

  /// G, how many times H rows its weights have.
  public var gateCount: Int {
    switch self {
    case .elman: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  /// How many vectors of length H its state is: h, and for an LSTM the cell state c too.
  public var statePartCount: Int { self == .lstm ? 2 : 1 }
}

/// What lies between the top layer's hidden state and the linear readout.
public enum Readout: String, CaseIterable, Sendable, Codable {
  /// Nothing.
  case linear
  /// A discontinuity: h + 1 where h > 0, else 0. Its derivative is taken to be the slope of the
  /// branch, 1 where h > 0, else 0.
  ///
  /// Source: L. van Rossem and A. M. Saxe, ICML 2025, appendix D.9.
  case step
}

/// A stack of recurrent layers of one cell and a linear readout.
public struct NetworkShape: Hashable, Sendable {
  public let cell: Cell
  /// The number of layers; each reads the hidden states of the one below.
  public let layers: Int
  /// I, the number of input symbols; symbols are one-hot.
  public let inputs: Int
  /// H, the number of hidden units of each layer.
  public let hidden: Int
  /// O, the number of outputs.
  public let outputs: Int
  /// The nonlinearity f of an Elman cell; tanh for the others, whose equations fix it.
  public let activation: Activation
  public let readout: Readout

  /// - Precondition: at least one of each.
  public init(
    _ cell: Cell = .elman, layers: Int = 1, inputs: Int, hidden: Int, outputs: Int,
    activation: Activation = .tanh, readout: Readout = .linear
  ) {
    precondition(layers >= 1 && inputs >= 1 && hidden >= 1 && outputs >= 1)
    self.cell = cell
    self.layers = layers
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.activation = cell == .elman ? activation : .tanh
    self.readout = readout
  }

  /// The number of inputs of a layer: symbols, or the hidden units of the layer below.
  func inputs(ofLayer layer: Int) -> Int { layer == 0 ? inputs : hidden }

  /// The number of vectors of length H that the network's state consists of: h of each layer, then
  /// for an LSTM c of each layer.
  public var stateCount: Int { layers * cell.statePartCount }

  /// PyTorch's names of the parameters: those of `torch.nn.RNN`, `GRU` or `LSTM` as `rnn` and
  /// `torch.nn.Linear` as `fc`, in the order of a state dict.
  public var keys: [String] {
    (0..<layers).flatMap { layer in
      ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { "rnn.\($0)_l\(layer)" }
    } + ["fc.weight", "fc.bias"]
  }

  /// Whether a hidden unit that is zero takes no part in training, so that it can be left out of
  /// products: one layer of ReLU units.
  var hasSilentUnits: Bool { cell == .elman && layers == 1 && activation == .relu }
}
