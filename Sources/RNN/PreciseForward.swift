// The network in double precision, for what single precision rounds away.

public import Automata
internal import Glibc
internal import LinearAlgebra

extension ElmanNetwork {
  /// The hidden states and the outputs after every word of a tree, in double precision.
  ///
  /// A network contracts distances by a factor per symbol; with the paper's initial weights words
  /// that differ in their first of ten symbols end 10⁻¹¹ apart, which single precision cannot tell
  /// from 0. The weights are exact in either precision.
  ///
  /// - Returns: Row by row, H numbers of hidden state and O of output per word.
  /// - Precondition: the tree's alphabet has the network's I symbols.
  /// - Complexity: O(n · H²), without vector instructions.
  public func preciseRows(of tree: PrefixTree) -> (hidden: [Double], outputs: [Double]) {
    preciseRows(of: tree, from: [start.map(Double.init)])[0]
  }

  /// The outputs after every word of a tree, read from other hidden states than the starting one.
  ///
  /// - Parameter states: H numbers each.
  /// - Returns: For each state O numbers per word, word by word; ε's are those of the state itself.
  /// - Precondition: as of ``preciseRows(of:)``.
  /// - Complexity: O(states · n · H²), without vector instructions.
  public func preciseOutputs(of tree: PrefixTree, from states: [[Double]]) -> [[Double]] {
    preciseRows(of: tree, from: states).map(\.outputs)
  }

  private func preciseRows(
    of tree: PrefixTree, from states: [[Double]]
  ) -> [(hidden: [Double], outputs: [Double])] {
    precondition(
      tree.symbolCount == shape.inputs, "\(tree.symbolCount) symbols, \(shape.inputs) inputs")
    let count = shape.hidden
    precondition(states.allSatisfy { $0.count == count }, "states that have not \(count) units")
    func doubles(_ buffer: MatrixBuffer) -> [Double] { buffer.matrix().values.map(Double.init) }
    let recurrent = doubles(parameters.recurrentWeights)
    let input = doubles(parameters.inputWeights)
    let bias = zip(doubles(parameters.inputBias), doubles(parameters.recurrentBias)).map { $0 + $1 }
    let readout = doubles(parameters.readoutWeights)
    let readoutBias = doubles(parameters.readoutBias)
    return states.map { state in
      var hidden = [Double](repeating: 0, count: tree.count * count)
      var outputs: [Double] = []
      outputs.reserveCapacity(tree.count * shape.outputs)
      for unit in 0..<count { hidden[unit] = state[unit] }
      for node in 0..<tree.count {
        let row = node * count
        if node > 0 {
          let parent = Int(tree.parents[node]) * count
          let symbol = Int(tree.symbols[node])
          for unit in 0..<count {
            var sum = bias[unit] + input[unit * shape.inputs + symbol]
            for other in 0..<count { sum += recurrent[unit * count + other] * hidden[parent + other] }
            hidden[row + unit] = shape.activation == .relu ? max(sum, 0) : tanh(sum)
          }
        }
        for output in 0..<shape.outputs {
          var sum = readoutBias[output]
          for unit in 0..<count { sum += readout[output * count + unit] * hidden[row + unit] }
          outputs.append(sum)
        }
      }
      return (hidden, outputs)
    }
  }
}
