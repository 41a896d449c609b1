// The numbers of a network.

public import LinearAlgebra

/// One number per weight of a recurrent layer; the tensors of `torch.nn.RNN`, `GRU` and `LSTM`.
public final class LayerParameters {
  public let inputWeights: MatrixBuffer  // G·H × I, or G·H × H above the first layer
  public let recurrentWeights: MatrixBuffer  // G·H × H
  public let inputBias: MatrixBuffer  // 1 × G·H
  public let recurrentBias: MatrixBuffer  // 1 × G·H
  let cell: Cell

  init(_ cell: Cell, inputs: Int, hidden: Int) {
    self.cell = cell
    let rows = cell.gateCount * hidden
    inputWeights = MatrixBuffer(rows: rows, columns: inputs)
    recurrentWeights = MatrixBuffer(rows: rows, columns: hidden)
    inputBias = MatrixBuffer(rows: 1, columns: rows)
    recurrentBias = MatrixBuffer(rows: 1, columns: rows)
  }

  /// In the order of PyTorch's state dict.
  var tensors: [MatrixBuffer] { [inputWeights, recurrentWeights, inputBias, recurrentBias] }

  /// Gathers what each symbol adds to the sums inside the gates: W_ih's column and both biases.
  ///
  /// - Parameter inputs: I × G·H, overwritten.
  func gatherInputs(into inputs: MatrixBuffer) {
    let biasedCount = biasedCount(inputs.columns)
    for symbol in 0..<inputs.rows {
      for unit in 0..<biasedCount {
        inputs[symbol, unit] =
          inputWeights[unit, symbol] + inputBias[0, unit] + recurrentBias[0, unit]
      }
      for unit in biasedCount..<inputs.columns {
        inputs[symbol, unit] = inputWeights[unit, symbol] + inputBias[0, unit]
      }
    }
  }

  /// Gathers the sum of both biases, as far as it is a sum.
  func gatherBiases(into row: MatrixBuffer) {
    let biasedCount = biasedCount(row.columns)
    for unit in 0..<row.columns {
      row[0, unit] = inputBias[0, unit] + (unit < biasedCount ? recurrentBias[0, unit] : 0)
    }
  }

  /// How many leading sums the recurrent bias is simply added to: not a GRU's last gate, where it
  /// is multiplied by the reset gate.
  private func biasedCount(_ rows: Int) -> Int { cell == .gru ? rows / 3 * 2 : rows }
}

/// One number per weight of a network: its parameters, or a gradient with respect to them.
public final class Parameters {
  /// Bottom up.
  public let layers: [LayerParameters]
  public let readoutWeights: MatrixBuffer  // O × H
  public let readoutBias: MatrixBuffer  // 1 × O
  /// The state before the first symbol, one row of length H for h of each layer, bottom up, then
  /// for an LSTM one for c of each layer.
  public let start: MatrixBuffer

  /// All tensors of PyTorch's state dict, in its order; ``NetworkShape/keys`` names them. The
  /// starting state is none of them.
  public let tensors: [MatrixBuffer]

  /// All zeros.
  public init(_ shape: NetworkShape) {
    layers = (0..<shape.layers).map {
      LayerParameters(shape.cell, inputs: shape.inputs(ofLayer: $0), hidden: shape.hidden)
    }
    readoutWeights = MatrixBuffer(rows: shape.outputs, columns: shape.hidden)
    readoutBias = MatrixBuffer(rows: 1, columns: shape.outputs)
    start = MatrixBuffer(rows: shape.stateCount, columns: shape.hidden)
    tensors = layers.flatMap(\.tensors) + [readoutWeights, readoutBias]
  }

  /// Takes over all numbers of `other`, which has the same shape, the starting state included.
  ///
  /// - Parameter other: Parameters of the same shape.
  public func assign(_ other: Parameters) {
    for (mine, theirs) in zip(tensors + [start], other.tensors + [other.start]) {
      mine.copyRows(theirs, 0..<theirs.rows, to: 0)
    }
  }

  /// Whether every number is finite.
  public var isFinite: Bool { tensors.allSatisfy { $0.isFinite() } && start.isFinite() }

  /// The largest absolute value of a number; those that are not defined (NaN) are passed over.
  public var largestMagnitude: Float {
    (tensors + [start]).reduce(0) { max($0, $1.largestMagnitude()) }
  }
}
