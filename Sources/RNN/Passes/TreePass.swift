// A network on a prefix tree, forward and backward: its layers, one after the other, and the
// readout.

public import Automata
public import LinearAlgebra

/// Hidden states, outputs and gradients of a network on prefix trees, in memory that is reused
/// from tree to tree. Nothing is allocated once the largest tree has been seen.
public final class TreePass {
  /// The top layer's hidden states, one row per node of the last tree; row 0 is the starting state.
  ///
  /// Valid until the next ``run(_:activeCount:keepsGates:)``; `MatrixView.matrix(rows:)` copies
  /// what is to last.
  public var hiddenStates: MatrixView { MatrixView(top.hidden, rows: nodeCount) }

  /// The memory behind ``hiddenStates``, with room for more rows than nodes.
  package var hidden: MatrixBuffer { top.hidden }

  /// Rows of outputs, as far as ``readOut(rows:)`` was asked for them since the last
  /// ``run(_:activeCount:keepsGates:)``; what others hold is left over. To go backward, they are
  /// overwritten with the loss's gradient.
  public let outputs: MatrixBuffer

  private let network: RecurrentNetwork
  private let layers: [LayerPass]
  private let top: LayerPass
  private let stepped: MatrixBuffer  // hidden states behind the discontinuity of the readout
  private let readoutGradients: MatrixBuffer  // ∂L/∂h of the top layer, before a discontinuity
  private var nodeCount = 0  // of the last tree

  /// - Parameter network: The network to run; its parameters may change between passes.
  public init(_ network: RecurrentNetwork) {
    self.network = network
    let shape = network.shape
    layers = (0..<shape.layers).map { LayerPass(network, layer: $0) }
    top = layers[shape.layers - 1]
    outputs = MatrixBuffer(rows: 1, columns: shape.outputs)
    stepped = MatrixBuffer(rows: 1, columns: shape.hidden)
    readoutGradients = MatrixBuffer(rows: 1, columns: shape.hidden)
  }

  /// Computes the hidden state of every node of `tree`.
  ///
  /// - Parameters:
  ///   - tree: The words to read.
  ///   - activeCount: For words of three symbols and more, only this many leading units are
  ///     expected to be other than zero, and products are confined to them. A unit that breaks the
  ///     expectation is noticed, and the products reach to it from there on: the result is the
  ///     same, only slower. All units by default, and always but for one layer of ReLU units:
  ///     others that are zero pass a gradient on.
  ///   - keepsGates: Whether ``backpropagate(_:fromEveryLevel:includingStart:into:)`` may follow;
  ///     without it gated cells need less memory.
  /// - Precondition: the tree's alphabet has the network's I symbols.
  /// - Complexity: O(p · G · H² + n · G · H) for n nodes, p of them above the last level, and for
  ///   each layer above the first O(n · G · H²) more.
  public func run(
    _ tree: borrowing PrefixTree, activeCount: Int? = nil, keepsGates: Bool = true
  ) {
    let shape = network.shape
    precondition(
      tree.symbolCount == shape.inputs, "\(tree.symbolCount) symbols, \(shape.inputs) inputs")
    nodeCount = tree.count
    var below: LayerPass?
    for layer in layers {
      layer.run(tree, below: below, keepsGates: keepsGates, activeCount: activeCount)
      below = layer
    }
  }

  /// Computes the outputs of some nodes into the same rows of ``outputs``.
  ///
  /// - Parameter range: The nodes.
  /// - Precondition: ``run(_:activeCount:keepsGates:)`` came before, on a tree with these nodes.
  public func readOut(rows range: Range<Int>) {
    outputs.reserveRows(range.upperBound)
    readOut(hidden, rows: range, into: outputs)
  }

  private func readOut(_ hidden: MatrixBuffer, rows range: Range<Int>, into outputs: MatrixBuffer) {
    var factor = hidden
    if network.shape.readout == .step {
      stepped.reserveRows(range.upperBound)
      stepped.setSteps(of: hidden, rows: range)
      factor = stepped
    }
    outputs.setProduct(
      rows: range, factor, rows: range, transposed: network.parameters.readoutWeights)
    outputs.addToRows(range, network.parameters.readoutBias)
  }

  /// The hidden states that one more symbol leads to from some nodes of the last tree: one more
  /// application of the whole recurrent map, to the states of all layers, cell states included.
  ///
  /// - Parameter nodes: The nodes, in any order.
  /// - Returns: For each node and each symbol a row, node by node, in memory of its own.
  /// - Complexity: O(nodes.count · I · layers · G · H²).
  public func successors(of nodes: [Int]) -> MatrixBuffer {
    let shape = network.shape
    let count = nodes.count * shape.inputs
    let symbols = (0..<count).map { Int32($0 % shape.inputs) }
    let states = states(of: (0..<count).map { nodes[$0 / shape.inputs] })
    advance(states, reading: symbols)
    return states[shape.layers - 1].hidden
  }

  /// Copies of the states of some nodes of the last tree, layer by layer.
  func states(of nodes: [Int]) -> [LayerStates] {
    layers.indices.map { index in
      let states = LayerStates(network.shape, layer: index, count: nodes.count)
      for (row, node) in nodes.enumerated() {
        states.hidden.copyRows(layers[index].hidden, node..<node + 1, to: row)
        if network.shape.cell == .lstm {
          states.cells.copyRows(layers[index].cells, node..<node + 1, to: row)
        }
      }
      return states
    }
  }

  /// Moves states on by one symbol each.
  func advance(_ states: [LayerStates], reading symbols: [Int32]) {
    var below: MatrixBuffer?
    for (layer, own) in zip(layers, states) {
      layer.apply(to: own, symbols: symbols, below: below)
      below = own.hidden
    }
  }

  /// The output class of each row of the top layer's hidden states.
  func outputClasses(of states: [LayerStates]) -> [Int32] {
    guard let top = states.last else { return [] }
    let outputs = MatrixBuffer(rows: top.count, columns: network.shape.outputs)
    readOut(top.hidden, rows: 0..<top.count, into: outputs)
    return (0..<top.count).map { Int32(argmax(outputs, row: $0)) }
  }

  /// The output class, the position of the largest output, of each of the first `count` nodes.
  ///
  /// - Parameter count: At most the number of nodes of the last tree.
  public func outputClasses(count: Int) -> [Int32] {
    readOut(rows: 0..<count)
    return (0..<count).map { Int32(argmax(outputs, row: $0)) }
  }

  /// Computes the gradient with respect to every parameter from that with respect to outputs.
  ///
  /// - Parameters:
  ///   - tree: The tree of the last ``run(_:activeCount:keepsGates:)``, where every node above the
  ///     last level has a child, as in the tree of words of one length.
  ///   - fromEveryLevel: Whether the loss depends on the outputs of all nodes but node 0, or of the
  ///     last level alone.
  ///   - includingStart: Whether the gradient with respect to the starting state is wanted; else
  ///     its rows are left alone.
  ///   - gradient: Overwritten.
  /// - Precondition: the rows of ``outputs`` that the loss depends on hold ∂L/∂outputs; row 0 is
  ///   zero where it depends on every level. The hidden states of those rows were read out.
  public func backpropagate(
    _ tree: borrowing PrefixTree, fromEveryLevel: Bool = false, includingStart: Bool = false,
    into gradient: Parameters
  ) {
    let parameters = network.parameters
    let starts = tree.levelStarts
    let depth = tree.depth
    let read = fromEveryLevel ? 0..<tree.count : starts[depth]..<starts[depth + 1]
    gradient.readoutWeights.setOuterProducts(
      outputs, rows: read, network.shape.readout == .step ? stepped : hidden, rows: read)
    gradient.readoutBias.setSum(of: outputs, rows: read)
    var source = GradientSource(
      rows: outputs, weights: parameters.readoutWeights, fromEveryLevel: fromEveryLevel)
    if network.shape.readout == .step {
      readoutGradients.reserveRows(tree.count)
      readoutGradients.setProduct(
        rows: read, outputs, rows: read, parameters.readoutWeights)
      readoutGradients.clearEntries(rows: read, whereNotPositive: hidden)
      source = GradientSource(
        rows: readoutGradients, weights: nil, fromEveryLevel: fromEveryLevel)
    }
    for layer in layers.indices.reversed() {
      layers[layer].backpropagate(
        tree, from: source, below: layer == 0 ? nil : layers[layer - 1].hidden,
        includingStart: includingStart, into: gradient)
      source = GradientSource(
        rows: layers[layer].inputGradients, weights: parameters.layers[layer].inputWeights,
        fromEveryLevel: true)
    }
  }
}
