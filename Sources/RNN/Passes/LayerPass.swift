// One layer on a prefix tree, forward and backward: what makes training fast.
//
// Words that begin alike have the same states, so each node of the tree is computed once; and the
// children of a node differ only in their inputs, so W_hh is multiplied once per *parent*. In the
// backward pass the gradients of a node's children are added before the one product with W_hh. The
// gradient is the same sum, with its terms in another order.

internal import Automata
internal import LinearAlgebra

/// Where the gradient with respect to a layer's hidden states comes from, apart from the layer
/// itself.
struct GradientSource {
  /// One row per node.
  let rows: MatrixBuffer
  /// What those rows are to be multiplied by: the readout's weights, or W_ih of the layer above;
  /// nil if the rows are the gradient already.
  let weights: MatrixBuffer?
  /// Whether every node has such a gradient, or those of the last level alone.
  let fromEveryLevel: Bool
}

/// The states and gradients of one layer on prefix trees, in memory that is reused from tree to
/// tree. Nothing is allocated once the largest tree has been seen.
final class LayerPass {
  /// One row per node of the last tree: its hidden state. Row 0 is the starting state.
  let hidden: MatrixBuffer
  /// One row per node: its cell state, if it is an LSTM's.
  let cells: MatrixBuffer
  /// One row per node but the first: the gradient with respect to what the layer below adds to the
  /// sums inside the gates. Row 0 is zero. Empty for the first layer, which reads symbols.
  let inputGradients: MatrixBuffer

  private let shape: NetworkShape
  private let layer: Int
  private let parameters: LayerParameters
  private let start: MatrixBuffer
  private let products: MatrixBuffer  // W_hh h, one row per parent of a level
  // W_hh transposed. OpenBLAS multiplies by it faster than by the transpose of W_hh, which it would
  // pack anew for each level: 4 % of training with AVX2 kernels, 9 % with those for AVX-512.
  // Elman cells alone.
  private let transposedWeights: MatrixBuffer
  // The same, and W_hh, for gated cells: OpenBLAS packs the larger matrices of these at each level,
  // which took an eighth of training.
  private let forwardWeights: PackedFactor?
  private let backwardWeights: PackedFactor?
  private let outerProducts = OuterProductMemory()
  // What is added to the products: W_ih's columns plus biases, one row per symbol; or W_ih times
  // the states below plus biases, one row per node.
  private let inputs: MatrixBuffer
  private let biases: MatrixBuffer
  private let gates: MatrixBuffer  // what the gates said, one row per node
  private let gradients: MatrixBuffer  // ∂L/∂h, one row per node
  private let cellGradients: MatrixBuffer  // ∂L/∂c, one row per node
  private let sums: MatrixBuffer  // of the children's gradients, one row per inner node
  private let symbolGradients: MatrixBuffer  // like inputGradients, but one row per symbol
  private let gradientSum: MatrixBuffer  // of the latter's rows
  private var identity: [Int32] = []
  // From level `UnitOrder.firstLevel` on, units from this one on are zero in the last tree.
  private var activeCount: Int

  init(_ network: RecurrentNetwork, layer: Int) {
    let shape = network.shape
    let units = shape.hidden
    let width = shape.cell.gateCount * units
    self.shape = shape
    self.layer = layer
    parameters = network.parameters.layers[layer]
    start = network.parameters.start
    func rows(_ count: Int, _ columns: Int) -> MatrixBuffer {
      MatrixBuffer(rows: count, columns: columns)
    }
    hidden = rows(1, units)
    cells = rows(shape.cell == .lstm ? 1 : 0, units)
    products = rows(1, width)
    let isGated = shape.cell != .elman
    transposedWeights = rows(isGated ? 0 : units, width)
    forwardWeights = isGated ? PackedFactor(inner: units, columns: width) : nil
    backwardWeights = isGated ? PackedFactor(inner: width, columns: units) : nil
    inputs = rows(layer == 0 ? shape.inputs : 1, width)
    biases = rows(1, width)
    let gateColumns =
      switch shape.cell {
      case .elman: 0
      case .gru: gruGateColumns
      case .lstm: lstmGateColumns
      }
    gates = rows(1, gateColumns * units)
    gradients = rows(1, units)
    cellGradients = rows(shape.cell == .lstm ? 1 : 0, units)
    sums = rows(1, width)
    inputGradients = rows(layer == 0 ? 0 : 1, width)
    symbolGradients = rows(layer == 0 ? shape.inputs : 0, width)
    gradientSum = rows(1, width)
    activeCount = units
  }

  // MARK: Forward

  /// Computes the state of every node of `tree`.
  ///
  /// - Parameters:
  ///   - below: The layer below, which has run on the tree; nil for the first.
  ///   - keepsGates: Whether ``backpropagate(_:from:includingStart:into:)`` will follow.
  ///   - activeCount: See ``TreePass/run(_:activeCount:keepsGates:)``.
  func run(
    _ tree: borrowing PrefixTree, below: LayerPass?, keepsGates: Bool, activeCount expected: Int?
  ) {
    let units = shape.hidden
    // Only a ReLU unit that is zero passes no gradient on.
    activeCount = shape.hasSilentUnits ? expected ?? units : units
    hidden.reserveRows(tree.count + Self.spareRows)
    hidden.copyRows(start, layer..<layer + 1, to: 0)
    if shape.cell == .lstm {
      cells.reserveRows(tree.count)
      cells.copyRows(start, shape.layers + layer..<shape.layers + layer + 1, to: 0)
    }
    if keepsGates, shape.cell != .elman { gates.reserveRows(tree.count) }
    if let below {
      inputs.reserveRows(tree.count)
      inputs.setProduct(
        rows: 1..<tree.count, below.hidden, rows: 1..<tree.count,
        transposed: parameters.inputWeights)
      parameters.gatherBiases(into: biases)
      inputs.addToRows(1..<tree.count, biases)
      growIdentity(tree.count)
    } else {
      parameters.gatherInputs(into: inputs)
    }
    let links = TreeLinks(
      parents: tree.parents, inputRows: below == nil ? tree.symbols : identity)
    if let forwardWeights {
      forwardWeights.packTranspose(of: parameters.recurrentWeights)
    } else {
      transposedWeights.setTranspose(of: parameters.recurrentWeights)
    }
    let starts = tree.levelStarts
    for level in 0..<tree.depth {
      let parents = starts[level]..<starts[level + 1]
      let children = starts[level + 1]..<starts[level + 2]
      if let forwardWeights {
        products.reserveRows(parents.count)
        products.setProduct(rows: 0..<parents.count, hidden, rows: parents, forwardWeights)
      } else {
        let factors = Self.productRows(parents)
        products.reserveRows(factors.count)
        products.setProduct(
          rows: 0..<factors.count, hidden, rows: factors, transposedWeights,
          inner: width(atLevel: level))
      }
      step(
        children, products: products, firstParent: parents.lowerBound, inputs: inputs, links,
        hidden: hidden, cells: cells, keepsGates: keepsGates)
      if shape.hasSilentUnits, level + 1 >= UnitOrder.firstLevel {
        let count = hidden.leadingColumns(rows: children, least: activeCount)
        activeCount = min(MatrixBuffer.kernelMultiple(count), units)
      }
    }
  }

  /// Sets rows of states from those of their parents and their inputs.
  private func step(
    _ children: Range<Int>, products: MatrixBuffer, firstParent: Int, inputs: MatrixBuffer,
    _ links: TreeLinks, hidden: MatrixBuffer, cells: MatrixBuffer, keepsGates: Bool
  ) {
    switch shape.cell {
    case .elman:
      hidden.setActivations(
        rows: children, products: products, firstParent: firstParent, parents: links.parents,
        inputs: inputs, symbols: links.inputRows, shape.activation)
    case .gru:
      hidden.setGRUStates(
        rows: children, gates: gates, keeping: keepsGates, products: products,
        firstParent: firstParent, inputs: inputs, bias: parameters.recurrentBias, links)
    case .lstm:
      hidden.setLSTMStates(
        rows: children, cells: cells, gates: gates, keeping: keepsGates, products: products,
        firstParent: firstParent, inputs: inputs, links)
    }
  }

  /// One application of the layer to states outside any tree, each of which is replaced.
  ///
  /// - Parameters:
  ///   - symbols: For the first layer, the symbol that each state reads.
  ///   - below: For the others, what the hidden states of the layer below have become.
  func apply(to states: LayerStates, symbols: [Int32], below: MatrixBuffer?) {
    let all = 0..<states.count
    states.products.setProduct(
      rows: all, states.hidden, rows: all, transposed: parameters.recurrentWeights)
    if let below {
      states.inputs.setProduct(rows: all, below, rows: all, transposed: parameters.inputWeights)
      parameters.gatherBiases(into: biases)
      states.inputs.addToRows(all, biases)
    } else {
      parameters.gatherInputs(into: states.inputs)
    }
    growIdentity(states.count)
    // A state is its own parent: what is read of a row is read before it is written.
    step(
      all, products: states.products, firstParent: 0, inputs: states.inputs,
      TreeLinks(parents: identity, inputRows: below == nil ? symbols : identity),
      hidden: states.hidden, cells: states.cells, keepsGates: false)
  }

  private func growIdentity(_ count: Int) {
    if identity.count < count { identity.append(contentsOf: Int32(identity.count)..<Int32(count)) }
  }

  /// The rows to multiply for those of a level: up to three more where that is faster, which belong
  /// to the next level. What becomes of them is ignored or overwritten. Together with whole fours
  /// of units it saves 5 % of training with AVX2 kernels, 9 % with those for AVX-512.
  private static func productRows(_ level: Range<Int>) -> Range<Int> {
    guard level.count > 4 else { return level }
    return level.lowerBound..<level.lowerBound + MatrixBuffer.kernelMultiple(level.count)
  }

  /// How many rows beyond the last ``productRows(_:)`` can reach.
  private static let spareRows = 3

  /// How many leading units can be other than zero at a level.
  private func width(atLevel level: Int) -> Int {
    level >= UnitOrder.firstLevel ? activeCount : shape.hidden
  }

  // MARK: Backward

  /// Computes the gradient with respect to the layer's parameters, and ``inputGradients``.
  ///
  /// - Parameters:
  ///   - tree: The tree of the last run, which kept its gates.
  ///   - below: The hidden states of the layer below; nil for the first.
  ///   - includingStart: Whether the gradient with respect to the starting state is wanted.
  ///   - gradient: The layer's own part is overwritten, and that of the starting state if wanted.
  func backpropagate(
    _ tree: borrowing PrefixTree, from source: GradientSource, below: MatrixBuffer?,
    includingStart: Bool, into gradient: Parameters
  ) {
    let starts = tree.levelStarts
    let depth = tree.depth
    let leaves = starts[depth]..<starts[depth + 1]
    gradients.reserveRows(tree.count + Self.spareRows)
    sums.reserveRows(tree.count + Self.spareRows)
    if shape.cell == .lstm {
      cellGradients.reserveRows(tree.count)
      cellGradients.clear(rows: leaves)
    }
    let target = below == nil ? symbolGradients : inputGradients
    if below == nil {
      symbolGradients.clear()
    } else {
      inputGradients.reserveRows(tree.count)
      // The Elman kernel adds; the others store what they find in rows of their own.
      inputGradients.clear(rows: shape.cell == .elman ? 0..<tree.count : 0..<1)
    }
    let links = TreeLinks(
      parents: tree.parents, inputRows: below == nil ? tree.symbols : identity)

    if let weights = source.weights {
      gradients.setProduct(
        rows: leaves, source.rows, rows: leaves, weights, width: width(atLevel: depth))
    } else {
      gradients.copyRows(source.rows, leaves, to: leaves.lowerBound)
    }
    backwardWeights?.pack(parameters.recurrentWeights)
    for level in stride(from: depth, through: 1, by: -1) {
      let width = width(atLevel: level)
      let parents = starts[level - 1]..<starts[level]
      stepBack(starts[level]..<starts[level + 1], width: width, into: target, links)
      guard level > 1 || includingStart else { break }
      if let backwardWeights {
        // A GRU's rows hold what reached them past the gates.
        gradients.setProduct(
          rows: parents, sums, rows: parents, backwardWeights, adding: shape.cell == .gru)
      } else {
        // The rows of this level may be overwritten: they have been summed.
        let factors = Self.productRows(parents)
        gradients.setProduct(
          rows: factors, sums, rows: factors, parameters.recurrentWeights, inner: width,
          width: self.width(atLevel: level - 1))
      }
      if source.fromEveryLevel, level > 1 {
        if let weights = source.weights {
          gradients.addProduct(rows: parents, source.rows, rows: parents, weights)
        } else {
          gradients.addRows(parents, source.rows, from: parents.lowerBound)
        }
      }
    }
    if includingStart {
      gradient.start.copyRows(gradients, 0..<1, to: layer)
      if shape.cell == .lstm {
        gradient.start.copyRows(cellGradients, 0..<1, to: shape.layers + layer)
      }
    }
    sumUp(starts, depth: depth, count: tree.count, below: below, into: gradient.layers[layer])
  }

  /// From the gradients with respect to a level's states to those with respect to the sums inside
  /// their gates.
  ///
  /// - Parameter target: Takes the latter, one row per node, or per symbol in the first layer.
  private func stepBack(
    _ children: Range<Int>, width: Int, into target: MatrixBuffer, _ links: TreeLinks
  ) {
    switch shape.cell {
    case .elman:
      gradients.backpropagate(
        rows: children, hidden: hidden, parents: links.parents, sums: sums,
        symbols: links.inputRows, inputs: target, shape.activation, width: width)
    case .gru:
      gradients.backpropagateGRU(
        rows: children, hidden: hidden, gates: gates, sums: sums, inputs: target,
        assigning: layer > 0, links)
    case .lstm:
      gradients.backpropagateLSTM(
        rows: children, cells: cells, cellGradients: cellGradients, gates: gates, sums: sums,
        inputs: target, assigning: layer > 0, links)
    }
  }

  /// From the gradients with respect to the sums inside gates to those with respect to weights and
  /// biases.
  private func sumUp(
    _ starts: [Int], depth: Int, count: Int, below: MatrixBuffer?, into gradient: LayerParameters
  ) {
    let inner = 0..<starts[depth]
    if shape.cell == .elman {
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
    } else {
      gradient.recurrentWeights.setOuterProducts(
        sums, rows: inner, hidden, rows: inner, in: outerProducts)
    }
    if let below {
      gradient.inputWeights.setOuterProducts(
        inputGradients, rows: 1..<count, below, rows: 1..<count)
      gradientSum.setSum(of: inputGradients, rows: 1..<count)
    } else {
      gradient.inputWeights.setTranspose(of: symbolGradients)
      gradientSum.setSum(of: symbolGradients, rows: 0..<symbolGradients.rows)
    }
    gradient.inputBias.copyRows(gradientSum, 0..<1, to: 0)
    if shape.cell == .gru { gradientSum.setSum(of: sums, rows: inner) }
    gradient.recurrentBias.copyRows(gradientSum, 0..<1, to: 0)
  }
}

/// States of one layer outside any tree, side by side, and the memory to move them on.
struct LayerStates {
  let count: Int
  let hidden: MatrixBuffer
  let cells: MatrixBuffer
  fileprivate let products: MatrixBuffer
  fileprivate let inputs: MatrixBuffer

  init(_ shape: NetworkShape, layer: Int, count: Int) {
    let width = shape.cell.gateCount * shape.hidden
    self.count = count
    hidden = MatrixBuffer(rows: count, columns: shape.hidden)
    cells = MatrixBuffer(rows: shape.cell == .lstm ? count : 0, columns: shape.hidden)
    products = MatrixBuffer(rows: count, columns: width)
    inputs = MatrixBuffer(rows: layer == 0 ? shape.inputs : count, columns: width)
  }
}
