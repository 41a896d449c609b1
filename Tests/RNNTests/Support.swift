import TestSupport
// What the tests of this module share: an oracle that is too plain to be wrong, and small helpers.

import Foundation
import LinearAlgebra
import RNN
import Tasks

/// The first place where numbers disagree, or nil; the witness of a failed test.
func disagreement(
  _ found: [Float], _ expected: [Double], within bound: Double = 1e-5
) -> String? {
  guard found.count == expected.count else {
    return "\(found.count) numbers, but expected are \(expected.count)"
  }
  return found.indices.first { !agree(Double(found[$0]), expected[$0], within: bound) }
    .map { "number \($0) is \(found[$0]), but expected is \(expected[$0])" }
}

extension RecurrentNetwork {
  /// A network whose weights, biases and starting state are drawn uniformly, from so small a range
  /// that hidden states neither grow nor vanish and rounding does not add up.
  static func random(
    _ shape: NetworkShape, using generator: inout some RandomNumberGenerator
  ) -> RecurrentNetwork {
    let largest = 1.5 / Float(shape.hidden).squareRoot()
    func number() -> Float { Float.random(in: -largest...largest, using: &generator) }
    let network = RecurrentNetwork(shape: shape, start: 0)
    for tensor in [network.parameters.start] + network.parameters.tensors {
      for row in 0..<tensor.rows {
        for column in 0..<tensor.columns { tensor[row, column] = number() }
      }
    }
    return network
  }

  /// The state before the first symbol.
  var start: [Float] { parameters.start.matrix().values }
}

extension Parameters {
  /// All numbers, tensor by tensor.
  var numbers: [Float] { tensors.flatMap { $0.matrix().values } }
}

/// The Elman network by its equations, in double precision, one word after the other.
struct NaiveElman {
  var inputWeights: [[Double]]  // H × I
  var recurrentWeights: [[Double]]  // H × H
  var inputBias: [Double]
  var recurrentBias: [Double]
  var readoutWeights: [[Double]]  // O × H
  var readoutBias: [Double]
  let start: [Double]
  let activation: Activation

  init(_ network: RecurrentNetwork) {
    func rows(_ buffer: MatrixBuffer) -> [[Double]] {
      let matrix = buffer.matrix()
      return (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
    }
    let parameters = network.parameters
    inputWeights = rows(parameters.layers[0].inputWeights)
    recurrentWeights = rows(parameters.layers[0].recurrentWeights)
    inputBias = rows(parameters.layers[0].inputBias)[0]
    recurrentBias = rows(parameters.layers[0].recurrentBias)[0]
    readoutWeights = rows(parameters.readoutWeights)
    readoutBias = rows(parameters.readoutBias)[0]
    start = network.start.map(Double.init)
    activation = network.shape.activation
  }

  /// All parameters, in the order of `Parameters.tensors`.
  var numbers: [Double] {
    get {
      inputWeights.flatMap { $0 } + recurrentWeights.flatMap { $0 } + inputBias + recurrentBias
        + readoutWeights.flatMap { $0 } + readoutBias
    }
    set {
      var rest = newValue[...]
      func take(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      for unit in inputWeights.indices { inputWeights[unit] = take(inputWeights[unit].count) }
      for unit in recurrentWeights.indices { recurrentWeights[unit] = take(start.count) }
      inputBias = take(start.count)
      recurrentBias = take(start.count)
      for output in readoutWeights.indices { readoutWeights[output] = take(start.count) }
      readoutBias = take(readoutBias.count)
    }
  }

  /// The hidden states on the way through a word, that before the first symbol included.
  func hiddenStates(reading word: [Int]) -> [[Double]] {
    var states = [start]
    for symbol in word {
      let last = states[states.count - 1]
      states.append(
        start.indices.map { unit in
          var sum = inputWeights[unit][symbol] + inputBias[unit] + recurrentBias[unit]
          for other in last.indices { sum += recurrentWeights[unit][other] * last[other] }
          return activation == .relu ? (sum > 0 ? sum : 0) : Foundation.tanh(sum)
        })
    }
    return states
  }

  func outputs(_ state: [Double]) -> [Double] {
    readoutBias.indices.map { output in
      state.indices.reduce(readoutBias[output]) {
        $0 + readoutWeights[output][$1] * state[$1]
      }
    }
  }

  func loss(_ loss: Loss, words: [[Int]], targets: [Int]) -> Double {
    var total = 0.0
    for (word, target) in zip(words, targets) {
      let states = hiddenStates(reading: word)
      total += Self.loss(loss, outputs(states[word.count]), target).value
    }
    return total / Double(words.count)
  }

  /// The gradient by backpropagation through time, word by word, in the order of ``numbers``.
  func gradient(_ loss: Loss, words: [[Int]], targets: [Int]) -> [Double] {
    var total = self
    total.numbers = Array(repeating: 0, count: numbers.count)
    for (word, target) in zip(words, targets) {
      let states = hiddenStates(reading: word)
      let outputGradient = Self.loss(loss, outputs(states[word.count]), target).gradient
      var gradient = [Double](repeating: 0, count: start.count)
      for (output, value) in outputGradient.enumerated() {
        total.readoutBias[output] += value
        for unit in start.indices {
          total.readoutWeights[output][unit] += value * states[word.count][unit]
          gradient[unit] += value * readoutWeights[output][unit]
        }
      }
      for time in stride(from: word.count, to: 0, by: -1) {
        var before = [Double](repeating: 0, count: start.count)
        for unit in start.indices {
          let state = states[time][unit]
          let slope = activation == .relu ? (state > 0 ? 1 : 0) : 1 - state * state
          let value = gradient[unit] * slope
          total.inputWeights[unit][word[time - 1]] += value
          total.inputBias[unit] += value
          total.recurrentBias[unit] += value
          for other in start.indices {
            total.recurrentWeights[unit][other] += value * states[time - 1][other]
            before[other] += value * recurrentWeights[unit][other]
          }
        }
        gradient = before
      }
    }
    return total.numbers.map { $0 / Double(words.count) }
  }

  private static func loss(
    _ loss: Loss, _ outputs: [Double], _ target: Int
  ) -> (value: Double, gradient: [Double]) {
    switch loss {
    case .meanSquaredError:
      let errors = outputs.enumerated().map { $1 - ($0 == target ? 1 : 0) }
      let share = 1 / Double(outputs.count)
      return (errors.reduce(0) { $0 + $1 * $1 } * share, errors.map { 2 * $0 * share })
    case .crossEntropy:
      let exponentials = outputs.map { Foundation.exp($0) }
      let total = exponentials.reduce(0, +)
      return (
        -Foundation.log(exponentials[target] / total),
        exponentials.enumerated().map { $1 / total - ($0 == target ? 1 : 0) }
      )
    }
  }
}

/// A folder that is removed when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("extract-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The bytes of every file in a folder and the folders in it, by its path there.
func contents(of folder: String) throws -> [String: Data] {
  var contents: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    let path = "\(folder)/\(name)"
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else { continue }
    contents[name] = try Data(contentsOf: URL(fileURLWithPath: path))
  }
  return contents
}
