// The steps of a recurrent network on a prefix tree, between the matrix products.
//
// A row is a node. A node's parent and last symbol are looked up in tables; the children of a
// node are consecutive rows. Each kernel passes over its rows once.

extension MatrixBuffer {
  /// The forward step: this[i] = f(products[parents[i] − firstParent] + inputs[symbols[i]]).
  ///
  /// - Parameters:
  ///   - range: The rows i to set.
  ///   - products: One row per parent, starting with the parent numbered `firstParent`.
  ///   - parents: The parent of each node, indexed by node.
  ///   - inputs: One row per symbol.
  ///   - symbols: The last symbol of each node, indexed by node.
  /// - Complexity: O(range.count × columns).
  public func setActivations(
    rows range: Range<Int>, products: MatrixBuffer, firstParent: Int, parents: [Int32],
    inputs: MatrixBuffer, symbols: [Int32], _ activation: Activation
  ) {
    check(range)
    precondition(products.columns == columns && inputs.columns == columns)
    let width = columns
    for node in range {
      let parent = Int(parents[node]) - firstParent
      let symbol = Int(symbols[node])
      products.check(parent..<parent + 1)
      inputs.check(symbol..<symbol + 1)
      let target = unsafe base + node * width
      let product = unsafe products.base + parent * width
      let input = unsafe inputs.base + symbol * width
      switch activation {
      case .relu:
        for column in 0..<width {
          let sum = unsafe product[column] + input[column]
          // Not max(0, sum): a NaN has to stay one, so that divergence is noticed.
          unsafe target[column] = sum < 0 ? 0 : sum
        }
      case .tanh:
        for column in 0..<width {
          unsafe target[column] = product[column] + input[column]
        }
        unsafe mapLanes(target, count: width, tanhLanes)
      }
    }
  }

  /// The backward step: this[i] holds ∂L/∂h of node i on entry and, multiplied by f′, ∂L/∂(the
  /// sum inside f) on return, which is also added to the row of its symbol in `inputs` and summed
  /// over siblings into the row of its parent in `sums`.
  ///
  /// - Parameters:
  ///   - range: The rows i. Siblings must lie in it together.
  ///   - hidden: The outputs of f, from which f′ follows: 1 where h > 0 for ReLU, 1 − h² for tanh.
  ///   - sums: One row per node; the rows of these nodes' parents are overwritten.
  ///   - inputs: One row per symbol; added to.
  /// - Complexity: O(range.count × columns).
  public func backpropagate(
    rows range: Range<Int>, hidden: MatrixBuffer, parents: [Int32], sums: MatrixBuffer,
    symbols: [Int32], inputs: MatrixBuffer, _ activation: Activation
  ) {
    check(range)
    hidden.check(range)
    precondition(
      hidden.columns == columns && sums.columns == columns && inputs.columns == columns)
    let width = columns
    var previousParent: Int32 = -1
    for node in range {
      let parent = parents[node]
      let symbol = Int(symbols[node])
      sums.check(Int(parent)..<Int(parent) + 1)
      inputs.check(symbol..<symbol + 1)
      let gradient = unsafe base + node * width
      let output = unsafe hidden.base + node * width
      let sum = unsafe sums.base + Int(parent) * width
      let input = unsafe inputs.base + symbol * width
      switch activation {
      case .relu:
        for column in 0..<width {
          unsafe gradient[column] = output[column] > 0 ? gradient[column] : 0
        }
      case .tanh:
        for column in 0..<width {
          unsafe gradient[column] *= 1 - output[column] * output[column]
        }
      }
      if parent == previousParent {
        for column in 0..<width { unsafe sum[column] += gradient[column] }
      } else {
        for column in 0..<width { unsafe sum[column] = gradient[column] }
        previousParent = parent
      }
      for column in 0..<width { unsafe input[column] += gradient[column] }
    }
  }
}
