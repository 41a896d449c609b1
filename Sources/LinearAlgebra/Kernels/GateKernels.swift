// The steps of gated cells, GRU and LSTM, on a prefix tree, between the matrix products.
//
// CKernels' gates.c computes one state; which states, and where their numbers lie, is decided here.
//
// As in TreeKernels, a row is a node, its parent is looked up in a table, and siblings are
// consecutive rows. What a node's gates said is kept in a row of its own for the backward pass.
// Gates lie side by side in PyTorch's order, H columns each.

internal import CKernels

/// Where the steps of a tree find their rows.
package struct TreeLinks {
  /// The parent of each node, indexed by node.
  package let parents: [Int32]
  /// The row of inputs of each node, indexed by node: its symbol, or the node itself.
  package let inputRows: [Int32]

  package init(parents: [Int32], inputRows: [Int32]) {
    self.parents = parents
    self.inputRows = inputRows
  }
}

/// Columns of
/// ``MatrixBuffer/setGRUStates(rows:gates:keeping:products:firstParent:inputs:bias:_:)``'s `gates`
/// per unit: r, z, n and W_hn h + b_hn.
package let gruGateColumns = 4

/// Columns of an LSTM's `gates` per unit: i, f, g, o and tanh c.
package let lstmGateColumns = 5

extension MatrixBuffer {
  /// The forward step of a GRU: this[i] = (1 − z) n + z h with h the hidden state of i's parent,
  /// r and z = σ(inputs + products), n = tanh(inputs + r (products + b_hn)).
  ///
  /// Source: K. Cho et al., "Learning Phrase Representations Using RNN Encoder–Decoder", EMNLP
  /// 2014, with the reset gate after the product, as in PyTorch.
  ///
  /// - Parameters:
  ///   - range: The rows i to set; their parents' rows must be set.
  ///   - gates: Overwritten: rows `range`, or row 0 again and again unless `keeping`.
  ///   - keeping: Whether what the gates said is kept for the backward pass.
  ///   - products: W_hh h, 3H columns, one row per parent from `firstParent` on.
  ///   - firstParent: The node that the first row of `products` belongs to.
  ///   - inputs: W_ih x and all biases but b_hn, 3H columns.
  ///   - bias: b_hh, of which the last H numbers are used.
  ///   - links: The parent and the row of inputs of each node.
  /// - Complexity: O(range.count × H).
  package func setGRUStates(
    rows range: Range<Int>, gates: MatrixBuffer, keeping: Bool, products: MatrixBuffer,
    firstParent: Int, inputs: MatrixBuffer, bias: MatrixBuffer, _ links: TreeLinks
  ) {
    check(range)
    gates.check(keeping ? range : 0..<1)
    let units = columns
    precondition(
      products.columns == 3 * units && inputs.columns == 3 * units && bias.columns == 3 * units
        && bias.rows >= 1 && gates.columns == gruGateColumns * units)
    let candidateBias = unsafe bias.base + 2 * units
    for node in range {
      let parent = Int(links.parents[node])
      let inputRow = Int(links.inputRows[node])
      check(parent..<parent + 1)
      products.check(parent - firstParent..<parent - firstParent + 1)
      inputs.check(inputRow..<inputRow + 1)
      let target = unsafe base + node * units
      let before = unsafe base + parent * units
      let gate = unsafe gates.base + (keeping ? node : 0) * gates.columns
      let product = unsafe products.base + (parent - firstParent) * 3 * units
      let input = unsafe inputs.base + inputRow * 3 * units
      unsafe gru_step(units, input, product, candidateBias, before, target, gate)
    }
  }

  /// The backward step of a GRU. From this[i] = ∂L/∂h of node i follow the derivatives with respect
  /// to the sums inside its gates.
  ///
  /// - Parameters:
  ///   - range: The rows i. Siblings must lie in it together. The rows of their parents in this
  ///     matrix are set to what reaches them past the gates, the sum of z ∂L/∂h over children.
  ///   - hidden: The hidden states, one row per node.
  ///   - gates: What the forward step kept, one row per node.
  ///   - sums: 3H columns, one row per node; the parents' rows are set to the children's sum of the
  ///     derivatives with respect to W_hh h + b_hh.
  ///   - inputs: 3H columns: derivatives with respect to the inputs, added to the row of the node's
  ///     input, or stored in it where `assigning`.
  ///   - assigning: Whether no two nodes share a row of inputs, so that nothing is to be added up.
  ///   - links: The parent and the row of inputs of each node.
  package func backpropagateGRU(
    rows range: Range<Int>, hidden: MatrixBuffer, gates: MatrixBuffer, sums: MatrixBuffer,
    inputs: MatrixBuffer, assigning: Bool, _ links: TreeLinks
  ) {
    check(range)
    hidden.check(range)
    gates.check(range)
    let units = columns
    precondition(
      hidden.columns == units && sums.columns == 3 * units && inputs.columns == 3 * units
        && gates.columns == gruGateColumns * units)
    var previousParent = -1
    for node in range {
      let parent = Int(links.parents[node])
      let inputRow = Int(links.inputRows[node])
      check(parent..<parent + 1)
      hidden.check(parent..<parent + 1)
      sums.check(parent..<parent + 1)
      inputs.check(inputRow..<inputRow + 1)
      let isFirst = parent != previousParent
      previousParent = parent
      let gradient = unsafe base + node * units
      let past = unsafe base + parent * units
      let before = unsafe hidden.base + parent * units
      let gate = unsafe gates.base + node * gates.columns
      let sum = unsafe sums.base + parent * 3 * units
      let input = unsafe inputs.base + inputRow * 3 * units
      unsafe gru_step_back(
        units, gradient, gate, before, sum, input, past, isFirst, assigning)
    }
  }

  /// The forward step of an LSTM: c[i] = f c + i g with c the cell state of i's parent, this[i] =
  /// o tanh c[i]; i, f, o = σ(inputs + products), g = tanh(inputs + products).
  ///
  /// Source: S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", Neural Computation 9
  /// (1997), 1735–1780, with the forget gate of F. A. Gers et al. (2000), as in PyTorch.
  ///
  /// - Parameters:
  ///   - range: The rows i to set; their parents' rows must be set.
  ///   - cells: The cell states, one row per node.
  ///   - gates: Overwritten: rows `range`, or row 0 again and again unless `keeping`.
  ///   - keeping: Whether what the gates said is kept for the backward pass.
  ///   - products: W_hh h, 4H columns, one row per parent from `firstParent` on.
  ///   - firstParent: The node that the first row of `products` belongs to.
  ///   - inputs: W_ih x and both biases, 4H columns.
  ///   - links: The parent and the row of inputs of each node.
  /// - Complexity: O(range.count × H).
  package func setLSTMStates(
    rows range: Range<Int>, cells: MatrixBuffer, gates: MatrixBuffer, keeping: Bool,
    products: MatrixBuffer, firstParent: Int, inputs: MatrixBuffer, _ links: TreeLinks
  ) {
    check(range)
    cells.check(range)
    gates.check(keeping ? range : 0..<1)
    let units = columns
    precondition(
      products.columns == 4 * units && inputs.columns == 4 * units && cells.columns == units
        && gates.columns == lstmGateColumns * units)
    for node in range {
      let parent = Int(links.parents[node])
      let inputRow = Int(links.inputRows[node])
      cells.check(parent..<parent + 1)
      products.check(parent - firstParent..<parent - firstParent + 1)
      inputs.check(inputRow..<inputRow + 1)
      let target = unsafe base + node * units
      let cell = unsafe cells.base + node * units
      let before = unsafe cells.base + parent * units
      let gate = unsafe gates.base + (keeping ? node : 0) * gates.columns
      let product = unsafe products.base + (parent - firstParent) * 4 * units
      let input = unsafe inputs.base + inputRow * 4 * units
      unsafe lstm_step(units, input, product, before, cell, target, gate)
    }
  }

  /// The backward step of an LSTM. From this[i] = ∂L/∂h and `cellGradients`[i] = ∂L/∂c of node i,
  /// as far as it does not come through h, follow the derivatives with respect to the sums inside
  /// its gates.
  ///
  /// - Parameters:
  ///   - range: The rows i. Siblings must lie in it together.
  ///   - cells: The cell states, one row per node.
  ///   - cellGradients: One row per node; the parents' rows are set to what reaches their cell
  ///     states.
  ///   - gates: What the forward step kept, one row per node.
  ///   - sums: 4H columns, one row per node; the parents' rows are set to the children's sum of the
  ///     derivatives with respect to the sums inside the gates.
  ///   - inputs: 4H columns: the same derivatives, added to the row of the node's input, or stored
  ///     in it where `assigning`.
  ///   - assigning: Whether no two nodes share a row of inputs, so that nothing is to be added up.
  ///   - links: The parent and the row of inputs of each node.
  package func backpropagateLSTM(
    rows range: Range<Int>, cells: MatrixBuffer, cellGradients: MatrixBuffer, gates: MatrixBuffer,
    sums: MatrixBuffer, inputs: MatrixBuffer, assigning: Bool, _ links: TreeLinks
  ) {
    check(range)
    cells.check(range)
    cellGradients.check(range)
    gates.check(range)
    let units = columns
    precondition(
      cells.columns == units && cellGradients.columns == units && sums.columns == 4 * units
        && inputs.columns == 4 * units && gates.columns == lstmGateColumns * units)
    var previousParent = -1
    for node in range {
      let parent = Int(links.parents[node])
      let inputRow = Int(links.inputRows[node])
      cells.check(parent..<parent + 1)
      cellGradients.check(parent..<parent + 1)
      sums.check(parent..<parent + 1)
      inputs.check(inputRow..<inputRow + 1)
      let isFirst = parent != previousParent
      previousParent = parent
      let gradient = unsafe base + node * units
      let cellGradient = unsafe cellGradients.base + node * units
      let past = unsafe cellGradients.base + parent * units
      let before = unsafe cells.base + parent * units
      let gate = unsafe gates.base + node * gates.columns
      let sum = unsafe sums.base + parent * 4 * units
      let input = unsafe inputs.base + inputRow * 4 * units
      unsafe lstm_step_back(
        units, gradient, cellGradient, gate, before, sum, input, past, isFirst, assigning)
    }
  }

  /// Sets rows to the step discontinuity of the same rows of `other`: x + 1 where x > 0, else 0.
  package func setSteps(of other: MatrixBuffer, rows range: Range<Int>) {
    check(range)
    other.check(range)
    precondition(other.columns == columns)
    for index in range.lowerBound * columns..<range.upperBound * columns {
      let entry = unsafe other.base[index]
      // Not written the other way round: a NaN has to stay one.
      unsafe base[index] = entry <= 0 ? 0 : entry + 1
    }
  }

  /// Sets entries of rows to zero where the same entry of `other` is not above zero.
  package func clearEntries(rows range: Range<Int>, whereNotPositive other: MatrixBuffer) {
    check(range)
    other.check(range)
    precondition(other.columns == columns)
    for index in range.lowerBound * columns..<range.upperBound * columns
    where unsafe other.base[index] <= 0 {
      unsafe base[index] = 0
    }
  }
}
