// Any network by its equations, too plain to be wrong.

import Foundation
import LinearAlgebra
import RNN

/// A network in double precision, one word after the other, layer by layer and unit by unit.
struct NaiveNetwork {
  let shape: NetworkShape
  /// All parameters, tensor by tensor in the order of a state dict, then the starting state.
  var numbers: [Double]

  init(_ network: RecurrentNetwork) {
    shape = network.shape
    numbers =
      network.parameters.numbers.map(Double.init)
      + network.parameters.start.matrix().values.map(Double.init)
  }

  /// A reader of ``numbers``, tensor by tensor.
  private struct Tensors {
    let numbers: [Double]
    var place = 0

    mutating func matrix(_ rows: Int, _ columns: Int) -> [ArraySlice<Double>] {
      (0..<rows).map { _ in
        defer { place += columns }
        return numbers[place..<place + columns]
      }
    }
  }

  private struct Layer {
    let inputWeights: [ArraySlice<Double>]
    let recurrentWeights: [ArraySlice<Double>]
    let inputBias: ArraySlice<Double>
    let recurrentBias: ArraySlice<Double>
  }

  private static func product(
    _ matrix: [ArraySlice<Double>], _ vector: [Double], _ bias: ArraySlice<Double>
  ) -> [Double] {
    zip(matrix, bias).map { row, bias in zip(row, vector).reduce(bias) { $0 + $1.0 * $1.1 } }
  }

  /// The top layer's hidden state and the outputs after a word.
  func read(_ word: [Int]) -> (hidden: [Double], outputs: [Double]) {
    let units = shape.hidden
    let rows = shape.cell.gateCount * units
    var tensors = Tensors(numbers: numbers)
    let layers = (0..<shape.layers).map { layer in
      Layer(
        inputWeights: tensors.matrix(rows, layer == 0 ? shape.inputs : units),
        recurrentWeights: tensors.matrix(rows, units), inputBias: tensors.matrix(1, rows)[0],
        recurrentBias: tensors.matrix(1, rows)[0])
    }
    let readout = tensors.matrix(shape.outputs, units)
    let bias = tensors.matrix(1, shape.outputs)[0]
    let start = tensors.matrix(shape.stateCount, units).map(Array.init)
    var hidden = Array(start.prefix(shape.layers))
    var cells = Array(start.dropFirst(shape.layers))
    for symbol in word {
      var input = (0..<shape.inputs).map { $0 == symbol ? 1.0 : 0 }
      for (index, layer) in layers.enumerated() {
        let a = Self.product(layer.inputWeights, input, layer.inputBias)
        let b = Self.product(layer.recurrentWeights, hidden[index], layer.recurrentBias)
        func logistic(_ gate: Int, _ unit: Int) -> Double {
          1 / (1 + exp(-a[gate * units + unit] - b[gate * units + unit]))
        }
        for unit in 0..<units {
          switch shape.cell {
          case .elman:
            let sum = a[unit] + b[unit]
            hidden[index][unit] = shape.activation == .relu ? max(sum, 0) : tanh(sum)
          case .gru:
            let candidate = tanh(
              a[2 * units + unit] + logistic(0, unit) * b[2 * units + unit])
            let update = logistic(1, unit)
            hidden[index][unit] = (1 - update) * candidate + update * hidden[index][unit]
          case .lstm:
            let candidate = tanh(a[2 * units + unit] + b[2 * units + unit])
            cells[index][unit] =
              logistic(1, unit) * cells[index][unit] + logistic(0, unit) * candidate
            hidden[index][unit] = logistic(3, unit) * tanh(cells[index][unit])
          }
        }
        input = hidden[index]
      }
    }
    let top = hidden[shape.layers - 1]
    let read = shape.readout == .step ? top.map { $0 > 0 ? $0 + 1 : 0 } : top
    return (top, Self.product(readout, read, bias))
  }

  func loss(_ loss: Loss, words: [[Int]], targets: [Int]) -> Double {
    zip(words, targets).reduce(0) { total, question in
      let outputs = read(question.0).outputs
      switch loss {
      case .meanSquaredError:
        let errors = outputs.enumerated().map { $1 - ($0 == question.1 ? 1 : 0) }
        return total + errors.reduce(0) { $0 + $1 * $1 } / Double(outputs.count)
      case .crossEntropy:
        return total + log(outputs.reduce(0) { $0 + exp($1) }) - outputs[question.1]
      }
    } / Double(words.count)
  }
}
