// How wrong an output is, and in which direction.

import Glibc
internal import LinearAlgebra

/// What training makes small.
public enum Loss: String, CaseIterable, Sendable, Codable {
  /// The squared difference to the one-hot target, averaged over words and outputs.
  case meanSquaredError = "mse"
  /// −log of the softmax probability of the target, averaged over words.
  case crossEntropy = "cross-entropy"

  /// Turns one row of outputs into its gradient and returns its loss.
  ///
  /// Both are those of a mean over `count` words, so that a batch's loss and gradient are sums.
  ///
  /// - Parameters:
  ///   - outputs: The network's outputs on entry, the gradient on return.
  ///   - row: The row to work on.
  ///   - target: The position of the right output.
  func replaceByGradient(
    _ outputs: MatrixBuffer, row: Int, target: Int, count: Int
  ) -> Double {
    let width = outputs.columns
    switch self {
    case .meanSquaredError:
      let share = 1 / (Double(count) * Double(width))
      var loss = 0.0
      for column in 0..<width {
        let error = outputs[row, column] - (column == target ? 1 : 0)
        loss += Double(error * error)
        outputs[row, column] = error * Float(2 * share)
      }
      return loss * share
    case .crossEntropy:
      // Subtracting the largest output keeps the exponentials within range.
      var largest = outputs[row, 0]
      for column in 1..<width { largest = max(largest, outputs[row, column]) }
      var total = 0.0
      for column in 0..<width { total += exp(Double(outputs[row, column] - largest)) }
      let loss = log(total) - Double(outputs[row, target] - largest)
      for column in 0..<width {
        let probability = exp(Double(outputs[row, column] - largest)) / total
        outputs[row, column] = Float(
          (probability - (column == target ? 1 : 0)) / Double(count))
      }
      return loss / Double(count)
    }
  }

  /// The loss of one row of outputs.
  func value(_ outputs: MatrixBuffer, row: Int, target: Int) -> Double {
    let width = outputs.columns
    switch self {
    case .meanSquaredError:
      var loss = 0.0
      for column in 0..<width {
        let error = outputs[row, column] - (column == target ? 1 : 0)
        loss += Double(error * error)
      }
      return loss / Double(width)
    case .crossEntropy:
      var largest = outputs[row, 0]
      for column in 1..<width { largest = max(largest, outputs[row, column]) }
      var total = 0.0
      for column in 0..<width { total += exp(Double(outputs[row, column] - largest)) }
      return log(total) - Double(outputs[row, target] - largest)
    }
  }
}

/// The position of the largest entry of a row, the first where several are largest.
func argmax(_ outputs: MatrixBuffer, row: Int) -> Int {
  var best = 0
  for column in 1..<outputs.columns where outputs[row, column] > outputs[row, best] {
    best = column
  }
  return best
}
