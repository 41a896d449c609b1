// Initial weights.

import Glibc
internal import LinearAlgebra

/// How the weights of a network are drawn before the first step.
///
/// Each is `torch.nn.init`'s function of that name, applied to each weight matrix as PyTorch stores
/// it: the gates of a cell lie in one matrix, so its fan out is G·H. Biases are 0, except for
/// `pytorch`.
public enum Initialization: String, CaseIterable, Sendable, Codable {
  /// Normal of standard deviation gain · √(2 / (fan in + fan out)).
  ///
  /// Source: X. Glorot and Y. Bengio, "Understanding the Difficulty of Training Deep Feedforward
  /// Neural Networks", AISTATS 2010.
  case xavierNormal = "xavier-normal"
  /// Uniform with the same standard deviation.
  case xavierUniform = "xavier-uniform"
  /// Normal of standard deviation gain / √(fan in).
  ///
  /// Source: K. He et al., "Delving Deep into Rectifiers", ICCV 2015, where the gain is √2 for ReLU.
  case kaimingNormal = "kaiming-normal"
  /// Uniform with the same standard deviation.
  case kaimingUniform = "kaiming-uniform"
  /// Orthonormal columns (or rows, where there are more columns), times the gain.
  ///
  /// Source: A. M. Saxe, J. L. McClelland and S. Ganguli, "Exact Solutions to the Nonlinear Dynamics
  /// of Learning in Deep Linear Neural Networks", ICLR 2014.
  case orthogonal
  /// What `torch.nn.RNN`, `GRU`, `LSTM` and `Linear` do by themselves: weights and biases uniform
  /// from −gain/√H to gain/√H.
  case pytorch

  /// The gain that is meant where none is given: 0.1 for `xavierNormal`, as in the paper, else 1.
  public var defaultGain: Double { self == .xavierNormal ? 0.1 : 1 }

  func fill(
    _ parameters: Parameters, gain: Double, using generator: inout some RandomNumberGenerator
  ) {
    let hidden = parameters.start.columns
    let weights =
      parameters.layers.flatMap { [$0.inputWeights, $0.recurrentWeights] }
      + [parameters.readoutWeights]
    for tensor in self == .pytorch ? parameters.tensors : weights {
      let matrix =
        switch self {
        case .xavierNormal, .xavierUniform:
          draw(
            tensor, deviation: gain * (2 / Double(tensor.rows + tensor.columns)).squareRoot(),
            using: &generator)
        case .kaimingNormal, .kaimingUniform:
          draw(
            tensor, deviation: gain / Double(tensor.columns).squareRoot(), using: &generator)
        case .orthogonal:
          Self.orthogonal(
            rows: tensor.rows, columns: tensor.columns, gain: gain, using: &generator)
        case .pytorch:
          // A uniform number from −a to a has the standard deviation a / √3.
          draw(tensor, deviation: gain / Double(3 * hidden).squareRoot(), using: &generator)
        }
      tensor.assign(matrix)
    }
  }

  /// A matrix of the tensor's shape with independent entries of mean 0.
  private func draw(
    _ tensor: MatrixBuffer, deviation: Double, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    var matrix = Matrix(rows: tensor.rows, columns: tensor.columns)
    switch self {
    case .xavierNormal, .kaimingNormal, .orthogonal:
      for index in matrix.values.indices {
        matrix.values[index] = Float(deviation * standardNormal(using: &generator))
      }
    case .xavierUniform, .kaimingUniform, .pytorch:
      let largest = deviation * 3.0.squareRoot()
      for index in matrix.values.indices {
        matrix.values[index] = Float(Double.random(in: -1...1, using: &generator) * largest)
      }
    }
    return matrix
  }

  /// The orthogonal factor of a normal matrix, with the signs that make it uniformly distributed
  /// (F. Mezzadri, "How to Generate Random Matrices from the Classical Compact Groups", Notices of
  /// the AMS 54 (2007)): Gram–Schmidt, whose triangular factor has a positive diagonal, twice for
  /// accuracy.
  private static func orthogonal(
    rows: Int, columns: Int, gain: Double, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    let isTall = rows >= columns
    let (count, length) = isTall ? (columns, rows) : (rows, columns)
    var vectors: [[Double]] = []
    for _ in 0..<count {
      var vector = (0..<length).map { _ in standardNormal(using: &generator) }
      for _ in 0..<2 {
        for other in vectors {
          let product = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= product * other[index] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vectors.append(vector.map { $0 / norm })
    }
    var matrix = Matrix(rows: rows, columns: columns)
    for (index, vector) in vectors.enumerated() {
      for (place, entry) in vector.enumerated() {
        let position = isTall ? place * columns + index : index * columns + place
        matrix.values[position] = Float(gain * entry)
      }
    }
    return matrix
  }
}
