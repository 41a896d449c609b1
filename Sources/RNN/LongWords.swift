// What a network says of words too long to keep every hidden state of.

internal import LinearAlgebra
public import Tasks

extension ElmanNetwork {
  /// The output class, the position of the largest output, after each word of `words`.
  ///
  /// The words are read side by side, one symbol at a time, without sharing prefixes; memory is
  /// two hidden states per word whatever the length.
  ///
  /// - Precondition: the words' symbols are among the network's I.
  /// - Complexity: O(count · length · H²).
  public func outputClasses(after words: WordSet) -> [Int32] {
    let count = words.count
    var hidden = MatrixBuffer(rows: count, columns: shape.hidden)
    var next = MatrixBuffer(rows: count, columns: shape.hidden)
    let products = MatrixBuffer(rows: count, columns: shape.hidden)
    let inputs = MatrixBuffer(rows: shape.inputs, columns: shape.hidden)
    parameters.gatherInputs(into: inputs)
    for unit in 0..<shape.hidden {
      for row in 0..<count { hidden[row, unit] = start[unit] }
    }
    let identity = (0..<Int32(count)).map { $0 }
    var symbols = [Int32](repeating: 0, count: count)
    for time in 0..<words.length {
      for row in 0..<count { symbols[row] = words.symbols[row * words.length + time] }
      products.setProduct(
        rows: 0..<count, hidden, rows: 0..<count, transposed: parameters.recurrentWeights)
      next.setActivations(
        rows: 0..<count, products: products, firstParent: 0, parents: identity, inputs: inputs,
        symbols: symbols, shape.activation)
      swap(&hidden, &next)
    }
    let outputs = MatrixBuffer(rows: count, columns: shape.outputs)
    outputs.setProduct(
      rows: 0..<count, hidden, rows: 0..<count, transposed: parameters.readoutWeights)
    outputs.addToRows(0..<count, parameters.readoutBias)
    return (0..<count).map { Int32(argmax(outputs, row: $0)) }
  }
}
