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
    precondition(
      tree.symbolCount == shape.inputs, "\(tree.symbolCount) symbols, \(shape.inputs) inputs")
    let count = shape.hidden
    func doubles(_ buffer: MatrixBuffer) -> [Double] { buffer.matrix().values.map(Double.init) }
    let recurrent = doubles(parameters.recurrentWeights)
    let input = doubles(parameters.inputWeights)
    let bias = zip(doubles(parameters.inputBias), doubles(parameters.recurrentBias)).map { $0 + $1 }
    let readout = doubles(parameters.readoutWeights)
    let readoutBias = doubles(parameters.readoutBias)
    var hidden = [Double](repeating: 0, count: tree.count * count)
    var outputs: [Double] = []
    outputs.reserveCapacity(tree.count * shape.outputs)
    for unit in 0..<count { hidden[unit] = Double(start[unit]) }
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
