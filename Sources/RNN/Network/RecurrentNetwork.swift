// A network: its shape and its numbers.

internal import LinearAlgebra

/// A stack of recurrent layers and a readout, output W h + b of the top layer's hidden state h.
///
/// Every layer has two biases, both trained, as in PyTorch.
public final class RecurrentNetwork {
  public let shape: NetworkShape
  public let parameters: Parameters

  /// A network whose weights are all zero.
  ///
  /// - Parameters:
  ///   - shape: Cell, layers and sizes.
  ///   - start: Every entry of the state before the first symbol.
  public init(shape: NetworkShape, start: Float) {
    self.shape = shape
    self.parameters = Parameters(shape)
    for row in 0..<shape.stateCount {
      for unit in 0..<shape.hidden { parameters.start[row, unit] = start }
    }
  }

  /// A network with random weights.
  ///
  /// - Parameters:
  ///   - shape: Cell, layers and sizes.
  ///   - initialization: How weights are drawn.
  ///   - gain: Scales the weights.
  ///   - start: Every entry of the state before the first symbol.
  ///   - generator: What weights are drawn with.
  public convenience init(
    shape: NetworkShape, initialization: Initialization = .xavierNormal, gain: Double,
    start: Float, using generator: inout some RandomNumberGenerator
  ) {
    self.init(shape: shape, start: start)
    initialization.fill(parameters, gain: gain, using: &generator)
  }

  /// The same numbers in memory of its own.
  public func copy() -> RecurrentNetwork {
    let copy = RecurrentNetwork(shape: shape, start: 0)
    copy.parameters.assign(parameters)
    return copy
  }
}
