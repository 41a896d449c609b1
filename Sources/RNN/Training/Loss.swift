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
  ///   - targets: The position of the right output for each of the words that end here; more than
  ///     one where a batch holds a word more than once.
  func replaceByGradient(
    _ outputs: MatrixBuffer, row: Int, targets: some Collection<Int>, count: Int
  ) -> Double {
    let width = outputs.columns
    let words = targets.count
    var loss = 0.0
    for target in targets {
      precondition(0..<width ~= target, "target \(target) of \(width) outputs")
      loss += value(outputs, row: row, target: target)
    }
    switch self {
    case .meanSquaredError:
      let share = Float(2 / (Double(count) * Double(width)))
      for column in 0..<width {
        let right = targets.count { $0 == column }
        outputs[row, column] = (Float(words) * outputs[row, column] - Float(right)) * share
      }
    case .crossEntropy:
      // Subtracting the largest output keeps the exponentials within range.
      let largest = largest(outputs, row: row)
      var total = 0.0
      for column in 0..<width { total += exp(Double(outputs[row, column] - largest)) }
      for column in 0..<width {
        let probability = exp(Double(outputs[row, column] - largest)) / total
        let right = targets.count { $0 == column }
        outputs[row, column] = Float(
          (Double(words) * probability - Double(right)) / Double(count))
      }
    }
    return loss / Double(count)
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
      let largest = largest(outputs, row: row)
      var total = 0.0
      for column in 0..<width { total += exp(Double(outputs[row, column] - largest)) }
      return log(total) - Double(outputs[row, target] - largest)
    }
  }

  private func largest(_ outputs: MatrixBuffer, row: Int) -> Float {
    var largest = outputs[row, 0]
    for column in 1..<outputs.columns { largest = max(largest, outputs[row, column]) }
    return largest
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
