// The network: an Elman cell and a linear readout, with PyTorch's parameters.
//
// Shape letters in this module: I input symbols, H hidden units, O outputs.

public import LinearAlgebra

/// What a network is made of, without its numbers.
public struct NetworkShape: Hashable, Sendable {
  /// I, the number of input symbols; symbols are one-hot.
  public let inputs: Int
  /// H, the number of hidden units.
  public let hidden: Int
  /// O, the number of outputs.
  public let outputs: Int
  public let activation: Activation

  /// - Precondition: at least one of each.
  public init(inputs: Int, hidden: Int, outputs: Int, activation: Activation) {
    precondition(inputs >= 1 && hidden >= 1 && outputs >= 1)
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.activation = activation
  }
}

/// One number per weight of a network: its parameters, or a gradient with respect to them.
///
/// The tensors are those of `torch.nn.RNN` and `torch.nn.Linear`.
public final class Parameters {
  public let inputWeights: MatrixBuffer  // H × I
  public let recurrentWeights: MatrixBuffer  // H × H
  public let inputBias: MatrixBuffer  // 1 × H
  public let recurrentBias: MatrixBuffer  // 1 × H
  public let readoutWeights: MatrixBuffer  // O × H
  public let readoutBias: MatrixBuffer  // 1 × O

  /// All tensors, in the order of PyTorch's state dict.
  public let tensors: [MatrixBuffer]

  /// All zeros.
  public init(_ shape: NetworkShape) {
    inputWeights = MatrixBuffer(rows: shape.hidden, columns: shape.inputs)
    recurrentWeights = MatrixBuffer(rows: shape.hidden, columns: shape.hidden)
    inputBias = MatrixBuffer(rows: 1, columns: shape.hidden)
    recurrentBias = MatrixBuffer(rows: 1, columns: shape.hidden)
    readoutWeights = MatrixBuffer(rows: shape.outputs, columns: shape.hidden)
    readoutBias = MatrixBuffer(rows: 1, columns: shape.outputs)
    tensors = [
      inputWeights, recurrentWeights, inputBias, recurrentBias, readoutWeights, readoutBias,
    ]
  }

  /// PyTorch's names of ``tensors``, in the same order.
  public static let keys = [
    "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "fc.weight",
    "fc.bias",
  ]

  /// Gathers what each symbol adds to a hidden unit's sum: W_ih's column and both biases.
  ///
  /// - Parameter inputs: I × H, overwritten.
  func gatherInputs(into inputs: MatrixBuffer) {
    for symbol in 0..<inputs.rows {
      for unit in 0..<inputs.columns {
        inputs[symbol, unit] =
          inputWeights[unit, symbol] + inputBias[0, unit] + recurrentBias[0, unit]
      }
    }
  }

  /// Whether every number is finite.
  public var isFinite: Bool { tensors.allSatisfy { $0.isFinite() } }
}

/// An Elman network: h[t] = f(W_ih x[t] + b_ih + W_hh h[t−1] + b_hh), output W h + b.
///
/// Source: J. L. Elman, "Finding Structure in Time", Cognitive Science 14 (1990), 179–211; two
/// biases, both trained, as in PyTorch.
public final class ElmanNetwork {
  public let shape: NetworkShape
  public let parameters: Parameters
  /// The hidden state before the first symbol; length H.
  public let start: [Float]

  /// A network whose weights are all zero.
  ///
  /// - Precondition: `start` has H entries.
  public init(shape: NetworkShape, start: [Float]) {
    precondition(start.count == shape.hidden, "\(start.count) of \(shape.hidden) units")
    self.shape = shape
    self.parameters = Parameters(shape)
    self.start = start
  }

  /// A network with Xavier-normal weights, of standard deviation
  /// gain · √(2 / (fan in + fan out)), and biases 0.
  ///
  /// Source: X. Glorot and Y. Bengio, "Understanding the Difficulty of Training Deep Feedforward
  /// Neural Networks", AISTATS 2010.
  public convenience init(
    shape: NetworkShape, gain: Double, start: [Float],
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(shape: shape, start: start)
    for weights in [
      parameters.inputWeights, parameters.recurrentWeights, parameters.readoutWeights,
    ] {
      let deviation = gain * (2 / Double(weights.rows + weights.columns)).squareRoot()
      var matrix = Matrix(rows: weights.rows, columns: weights.columns)
      for index in matrix.values.indices {
        matrix.values[index] = Float(deviation * standardNormal(using: &generator))
      }
      weights.assign(matrix)
    }
  }
}
