// The network on a prefix tree, forward and backward: what makes training fast.
//
// Words that begin alike have the same hidden states, so each node of the tree is computed once;
// and the children of a node differ only in the input's column and the bias, so W_hh is
// multiplied once per *parent*. In the backward pass the gradients of a node's children are
// added before the one product with W_hh. The gradient is the same sum, with its terms in another
// order.

public import Automata
public import LinearAlgebra

/// Hidden states, outputs and gradients of a network on prefix trees, in memory that is reused
/// from tree to tree. Nothing is allocated once the largest tree has been seen.
public final class TreePass {
  /// One row per node of the last tree: its hidden state. Row 0 is the starting state.
  public let hidden: MatrixBuffer
  /// Rows of outputs, as far as ``readOut(_:rows:)`` was asked for them.
  public let outputs: MatrixBuffer

  private let network: ElmanNetwork
  private let products: MatrixBuffer  // W_hh h, one row per parent of a level
  // W_hh transposed. OpenBLAS multiplies by it faster than by the transpose of W_hh, which it would
  // pack anew for each level: 4 % of training with AVX2 kernels, 9 % with those for AVX-512.
  private let transposedWeights: MatrixBuffer
  private let inputs: MatrixBuffer  // W_ih's columns plus both biases, one row per symbol
  private let gradients: MatrixBuffer  // ∂L/∂h, then ∂L/∂(sum inside f), one row per node
  private let sums: MatrixBuffer  // of the children's gradients, one row per inner node
  private let inputGradients: MatrixBuffer  // of `inputs`
  private let gradientSum: MatrixBuffer  // of the latter's rows
  // From level `UnitOrder.firstLevel` on, units from this one on are zero in the last tree.
  private var activeCount: Int

  /// - Parameter network: The network to run; its parameters may change between passes.
  public init(_ network: ElmanNetwork) {
    self.network = network
    let shape = network.shape
    hidden = MatrixBuffer(rows: 1, columns: shape.hidden)
    outputs = MatrixBuffer(rows: 1, columns: shape.outputs)
    products = MatrixBuffer(rows: 1, columns: shape.hidden)
    transposedWeights = MatrixBuffer(rows: shape.hidden, columns: shape.hidden)
    inputs = MatrixBuffer(rows: shape.inputs, columns: shape.hidden)
    gradients = MatrixBuffer(rows: 1, columns: shape.hidden)
    sums = MatrixBuffer(rows: 1, columns: shape.hidden)
    inputGradients = MatrixBuffer(rows: shape.inputs, columns: shape.hidden)
    gradientSum = MatrixBuffer(rows: 1, columns: shape.hidden)
    activeCount = shape.hidden
  }

  /// Computes the hidden state of every node of `tree`.
  ///
  /// - Parameters:
  ///   - tree: The words to read.
  ///   - activeCount: From level ``UnitOrder/firstLevel`` on, only the first so many units are
  ///     expected to be other than zero, and products are confined to them. A unit that breaks the
  ///     expectation is noticed, and the products reach to it from there on: the result is the
  ///     same, only slower. All units by default, and always with tanh, whose slope at zero is 1.
  /// - Precondition: the tree's alphabet has the network's I symbols.
  /// - Complexity: O(p · H² + n · H) for n nodes, p of them above the last level.
  public func run(_ tree: borrowing PrefixTree, activeCount: Int? = nil) {
    let shape = network.shape
    precondition(
      tree.symbolCount == shape.inputs, "\(tree.symbolCount) symbols, \(shape.inputs) inputs")
    // A tanh unit that is zero still passes a gradient on; a ReLU unit does not.
    let expected = shape.activation == .relu ? activeCount : nil
    self.activeCount = expected ?? shape.hidden
    hidden.reserveRows(tree.count + Self.spareRows)
    for unit in 0..<shape.hidden { hidden[0, unit] = network.start[unit] }
    network.parameters.gatherInputs(into: inputs)
    transposedWeights.setTranspose(of: network.parameters.recurrentWeights)
    let starts = tree.levelStarts
    for level in 0..<tree.depth {
      let parents = starts[level]..<starts[level + 1]
      let children = starts[level + 1]..<starts[level + 2]
      let factors = Self.productRows(parents)
      products.reserveRows(factors.count)
      products.setProduct(
        rows: 0..<factors.count, hidden, rows: factors, transposedWeights,
        inner: width(atLevel: level))
      hidden.setActivations(
        rows: children, products: products, firstParent: parents.lowerBound,
        parents: tree.parents, inputs: inputs, symbols: tree.symbols, shape.activation)
      if level + 1 >= UnitOrder.firstLevel {
        let count = hidden.leadingColumns(rows: children, least: self.activeCount)
        self.activeCount = min(MatrixBuffer.kernelMultiple(count), shape.hidden)
      }
    }
  }

  /// The rows to multiply for those of a level: up to three more where that is faster, which belong
  /// to the next level. What becomes of them is ignored or overwritten. Together with whole fours of
  /// units it saves 5 % of training with AVX2 kernels, 9 % with those for AVX-512.
  private static func productRows(_ level: Range<Int>) -> Range<Int> {
    guard level.count > 4 else { return level }
    return level.lowerBound..<level.lowerBound + MatrixBuffer.kernelMultiple(level.count)
  }

  /// How many rows beyond the last ``productRows(_:)`` can reach.
  private static let spareRows = 3

  /// How many leading units can be other than zero at a level.
  private func width(atLevel level: Int) -> Int {
    level >= UnitOrder.firstLevel ? activeCount : network.shape.hidden
  }

  /// Computes the outputs of some nodes into the same rows of ``outputs``.
  ///
  /// - Precondition: ``run(_:)`` came before, on a tree with these nodes.
  public func readOut(rows range: Range<Int>) {
    outputs.reserveRows(range.upperBound)
    outputs.setProduct(
      rows: range, hidden, rows: range, transposed: network.parameters.readoutWeights)
    outputs.addToRows(range, network.parameters.readoutBias)
  }

  /// The hidden states that one more symbol leads to from some nodes of the last tree.
  ///
  /// - Returns: For each node and each symbol a row, node by node.
  /// - Complexity: O(nodes.count · (H² + I · H)).
  public func successors(of nodes: [Int]) -> MatrixBuffer {
    let shape = network.shape
    let sources = MatrixBuffer(rows: nodes.count, columns: shape.hidden)
    for (row, node) in nodes.enumerated() { sources.copyRows(hidden, node..<node + 1, to: row) }
    let sourceProducts = MatrixBuffer(rows: nodes.count, columns: shape.hidden)
    sourceProducts.setProduct(
      rows: 0..<nodes.count, sources, rows: 0..<nodes.count,
      transposed: network.parameters.recurrentWeights)
    let count = nodes.count * shape.inputs
    let result = MatrixBuffer(rows: count, columns: shape.hidden)
    network.parameters.gatherInputs(into: inputs)
    result.setActivations(
      rows: 0..<count, products: sourceProducts, firstParent: 0,
      parents: (0..<count).map { Int32($0 / shape.inputs) }, inputs: inputs,
      symbols: (0..<count).map { Int32($0 % shape.inputs) }, shape.activation)
    return result
  }

  /// The output class, the position of the largest output, of each of the first `count` nodes.
  public func outputClasses(count: Int) -> [Int32] {
    readOut(rows: 0..<count)
    return (0..<count).map { Int32(argmax(outputs, row: $0)) }
  }

  /// Computes the gradient with respect to every parameter from that with respect to outputs.
  ///
  /// - Parameters:
  ///   - tree: The tree of the last ``run(_:activeCount:)``, where every node above the last level
  ///     has a child, as in the tree of words of one length.
  ///   - fromEveryLevel: Whether the loss depends on the outputs of all nodes but node 0, or of the
  ///     last level alone.
  ///   - gradient: Overwritten.
  /// - Precondition: the rows of ``outputs`` that the loss depends on hold ∂L/∂outputs; row 0 is
  ///   zero where it depends on every level.
  public func backpropagate(
    _ tree: borrowing PrefixTree, fromEveryLevel: Bool = false, into gradient: Parameters
  ) {
    let parameters = network.parameters
    let starts = tree.levelStarts
    let depth = tree.depth
    let leaves = starts[depth]..<starts[depth + 1]
    let read = fromEveryLevel ? 0..<tree.count : leaves
    gradients.reserveRows(tree.count + Self.spareRows)
    sums.reserveRows(tree.count + Self.spareRows)
    inputGradients.clear()

    gradient.readoutWeights.setOuterProducts(outputs, rows: read, hidden, rows: read)
    gradient.readoutBias.setSum(of: outputs, rows: read)
    gradients.setProduct(
      rows: leaves, outputs, rows: leaves, parameters.readoutWeights, width: width(atLevel: depth))
    for level in stride(from: depth, through: 1, by: -1) {
      let width = width(atLevel: level)
      let parents = starts[level - 1]..<starts[level]
      gradients.backpropagate(
        rows: starts[level]..<starts[level + 1], hidden: hidden, parents: tree.parents,
        sums: sums, symbols: tree.symbols, inputs: inputGradients, network.shape.activation,
        width: width)
      // The starting state is not trained, so its gradient is not needed.
      guard level > 1 else { break }
      // The rows of this level may be overwritten: they have been summed.
      let factors = Self.productRows(parents)
      gradients.setProduct(
        rows: factors, sums, rows: factors, parameters.recurrentWeights, inner: width,
        width: self.width(atLevel: level - 1))
      if fromEveryLevel {
        gradients.addProduct(rows: parents, outputs, rows: parents, parameters.readoutWeights)
      }
    }
    // Levels whose children and own units are confined, and those above.
    let deep = starts[min(UnitOrder.firstLevel, depth)]..<starts[depth]
    let shallow = 0..<deep.lowerBound
    if depth >= UnitOrder.firstLevel {
      sums.clear(
        rows: starts[UnitOrder.firstLevel - 1]..<starts[UnitOrder.firstLevel],
        fromColumn: activeCount)
    }
    gradient.recurrentWeights.setOuterProducts(sums, rows: shallow, hidden, rows: shallow)
    gradient.recurrentWeights.addOuterProducts(
      sums, rows: deep, hidden, rows: deep, width: activeCount)
    for symbol in 0..<inputGradients.rows {
      for unit in 0..<inputGradients.columns {
        gradient.inputWeights[unit, symbol] = inputGradients[symbol, unit]
      }
    }
    gradientSum.setSum(of: inputGradients, rows: 0..<inputGradients.rows)
    gradient.inputBias.copyRows(gradientSum, 0..<1, to: 0)
    gradient.recurrentBias.copyRows(gradientSum, 0..<1, to: 0)
  }
}
