// The network in double precision, for what single precision rounds away.

public import Automata
internal import Glibc
internal import LinearAlgebra

extension RecurrentNetwork {
  /// The top layer's hidden states and the outputs after every word of a tree, in double precision.
  ///
  /// A network contracts distances by a factor per symbol; with the paper's initial weights words
  /// that differ in their first of ten symbols end 10⁻¹¹ apart, which single precision cannot tell
  /// from 0. The weights are exact in either precision.
  ///
  /// - Parameter tree: The words to read.
  /// - Returns: Row by row, H numbers of hidden state and O of output per word.
  /// - Precondition: the tree's alphabet has the network's I symbols.
  /// - Complexity: O(n · layers · G · H²), without vector instructions.
  public func preciseRows(of tree: PrefixTree) -> (hidden: [Double], outputs: [Double]) {
    PreciseNetwork(self).rows(of: tree, from: parameters.start.matrix().values.map(Double.init))
  }

  /// The outputs after every word of a tree, read from other hidden states than the starting one.
  ///
  /// - Parameters:
  ///   - tree: The words to read from each state.
  ///   - states: H numbers each.
  /// - Returns: For each state O numbers per word, word by word; ε's are those of the state itself.
  /// - Precondition: as of ``preciseRows(of:)``, and the hidden state is all there is to the
  ///   network's state: one layer, no LSTM.
  /// - Complexity: O(states · n · G · H²), without vector instructions.
  package func preciseOutputs(of tree: PrefixTree, from states: [[Double]]) -> [[Double]] {
    precondition(shape.stateCount == 1, "a state of \(shape.stateCount) vectors")
    let network = PreciseNetwork(self)
    return states.map { network.rows(of: tree, from: $0).outputs }
  }
}

/// A network's weights as numbers of double precision.
private struct PreciseNetwork {
  struct Layer {
    let input, recurrent, inputBias, recurrentBias: [Double]
    let inputCount: Int
  }

  let shape: NetworkShape
  let layers: [Layer]
  let readout, readoutBias: [Double]

  init(_ network: RecurrentNetwork) {
    func doubles(_ buffer: MatrixBuffer) -> [Double] { buffer.matrix().values.map(Double.init) }
    shape = network.shape
    layers = network.parameters.layers.map {
      Layer(
        input: doubles($0.inputWeights), recurrent: doubles($0.recurrentWeights),
        inputBias: doubles($0.inputBias), recurrentBias: doubles($0.recurrentBias),
        inputCount: $0.inputWeights.columns)
    }
    readout = doubles(network.parameters.readoutWeights)
    readoutBias = doubles(network.parameters.readoutBias)
  }

  /// - Parameter start: The state before the first symbol: h of each layer, then c of each layer.
  func rows(of tree: PrefixTree, from start: [Double]) -> (hidden: [Double], outputs: [Double]) {
    precondition(
      tree.symbolCount == shape.inputs, "\(tree.symbolCount) symbols, \(shape.inputs) inputs")
    let size = shape.stateCount * shape.hidden
    precondition(start.count == size, "\(start.count) of \(size) numbers")
    var states = [Double](repeating: 0, count: tree.count * size)
    states.replaceSubrange(0..<size, with: start)
    var hidden: [Double] = []
    var outputs: [Double] = []
    hidden.reserveCapacity(tree.count * shape.hidden)
    outputs.reserveCapacity(tree.count * shape.outputs)
    for node in 0..<tree.count {
      if node > 0 {
        let parent = Int(tree.parents[node]) * size
        let next = step(Array(states[parent..<parent + size]), symbol: Int(tree.symbols[node]))
        states.replaceSubrange(node * size..<(node + 1) * size, with: next)
      }
      let top = node * size + (shape.layers - 1) * shape.hidden
      let row = states[top..<top + shape.hidden]
      hidden += row
      let read = shape.readout == .step ? row.map { $0 > 0 ? $0 + 1 : 0 } : Array(row)
      outputs += sums(readout, read, readoutBias)
    }
    return (hidden, outputs)
  }

  /// The state after one more symbol; the equations are PyTorch's.
  private func step(_ state: [Double], symbol: Int) -> [Double] {
    let count = shape.hidden
    var next = state
    var below: [Double] = []
    for (index, layer) in layers.enumerated() {
      let old = Array(state[index * count..<(index + 1) * count])
      // Of a one-hot symbol only one column counts.
      let input =
        index == 0
        ? layer.inputBias.indices.map {
          layer.inputBias[$0] + layer.input[$0 * layer.inputCount + symbol]
        } : sums(layer.input, below, layer.inputBias)
      let recurrent = sums(layer.recurrent, old, layer.recurrentBias)
      func gate(_ number: Int, _ unit: Int) -> Double {
        input[number * count + unit] + recurrent[number * count + unit]
      }
      var new = old
      for unit in 0..<count {
        switch shape.cell {
        case .elman:
          let sum = gate(0, unit)
          new[unit] = shape.activation == .relu ? max(sum, 0) : tanh(sum)
        case .gru:
          let reset = sigmoid(gate(0, unit))
          let update = sigmoid(gate(1, unit))
          let place = 2 * count + unit
          let candidate = tanh(input[place] + reset * recurrent[place])
          new[unit] = (1 - update) * candidate + update * old[unit]
        case .lstm:
          let place = (shape.layers + index) * count + unit
          let cell =
            sigmoid(gate(1, unit)) * state[place] + sigmoid(gate(0, unit)) * tanh(gate(2, unit))
          next[place] = cell
          new[unit] = sigmoid(gate(3, unit)) * tanh(cell)
        }
      }
      next.replaceSubrange(index * count..<(index + 1) * count, with: new)
      below = new
    }
    return next
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// W x + b.
  private func sums(_ weights: [Double], _ vector: [Double], _ bias: [Double]) -> [Double] {
    let count = vector.count
    return bias.indices.map { row in
      var sum = bias[row]
      for column in 0..<count { sum += weights[row * count + column] * vector[column] }
      return sum
    }
  }
}
