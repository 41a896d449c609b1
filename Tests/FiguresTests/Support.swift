import Automata
import Foundation
import LinearAlgebra
import RNN
import Studies

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "figures-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// An Elman network with tanh, run as the equations say, in double precision.
struct PlainNetwork {
  let weights, recurrent, readout: [[Double]]
  let bias, readoutBias, start: [Double]

  init(_ network: RecurrentNetwork) {
    precondition(network.shape.cell == .elman && network.shape.layers == 1)
    func rows(_ buffer: MatrixBuffer) -> [[Double]] {
      (0..<buffer.rows).map { row in (0..<buffer.columns).map { Double(buffer[row, $0]) } }
    }
    func vector(_ buffer: MatrixBuffer) -> [Double] { rows(buffer).flatMap { $0 } }
    // In the order of PyTorch's state dict.
    let tensors = network.parameters.tensors
    weights = rows(tensors[0])
    recurrent = rows(tensors[1])
    bias = zip(vector(tensors[2]), vector(tensors[3])).map { $0 + $1 }
    readout = rows(tensors[4])
    readoutBias = vector(tensors[5])
    start = vector(network.parameters.start)
  }

  func state(after word: [Int], from state: [Double]) -> [Double] {
    word.reduce(state) { state, symbol in
      bias.indices.map { unit in
        tanh(
          bias[unit] + weights[unit][symbol]
            + zip(recurrent[unit], state).reduce(0) { $0 + $1.0 * $1.1 })
      }
    }
  }

  func outputs(_ state: [Double]) -> [Double] {
    readout.indices.map { row in
      readoutBias[row] + zip(readout[row], state).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}

/// A random network of two symbols.
func network(hidden: Int, gain: Double = 1, seed: UInt64) -> RecurrentNetwork {
  var generator = SplitMix64(seed: seed)
  return RecurrentNetwork(
    shape: NetworkShape(
      .elman, layers: 1, inputs: 2, hidden: hidden, outputs: 2, activation: .tanh,
      readout: .linear),
    gain: gain, start: 0.5, using: &generator)
}

extension PrefixTree {
  /// All words in order.
  var allWords: [[Int]] { (0..<count).map { word(of: $0) } }
}
