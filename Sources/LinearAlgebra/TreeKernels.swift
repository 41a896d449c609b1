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
    for node in range {
      let parent = Int(parents[node]) - firstParent
      let symbol = Int(symbols[node])
      products.check(parent..<parent + 1)
      inputs.check(symbol..<symbol + 1)
      let target = unsafe base + node * columns
      let product = unsafe products.base + parent * columns
      let input = unsafe inputs.base + symbol * columns
      switch activation {
      case .relu:
        unsafe setLanes(target, product, input, count: columns) { product, input in
          let sum = product + input
          // Not max(0, sum): a NaN has to stay one, so that divergence is noticed.
          return sum.replacing(with: 0, where: sum .< 0)
        }
      case .tanh:
        unsafe setLanes(target, product, input, count: columns) { product, input in
          tanhLanes(product + input)
        }
      }
    }
  }

  /// The backward step: multiplies this[i] = ∂L/∂h of node i by f′, which gives ∂L/∂(the sum
  /// inside f); adds that to the row of the node's symbol in `inputs` and sums it over siblings
  /// into the row of their parent in `sums`.
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
    var previousParent: Int32 = -1
    for node in range {
      let parent = parents[node]
      let symbol = Int(symbols[node])
      sums.check(Int(parent)..<Int(parent) + 1)
      inputs.check(symbol..<symbol + 1)
      let isFirst = parent != previousParent
      previousParent = parent
      let gradient = unsafe base + node * columns
      let output = unsafe hidden.base + node * columns
      let sum = unsafe sums.base + Int(parent) * columns
      let input = unsafe inputs.base + symbol * columns
      switch activation {
      case .relu:
        unsafe addLanes(sum, input, isFirst, gradient, output, count: columns) {
          gradient, output in
          gradient.replacing(with: 0, where: output .<= 0)
        }
      case .tanh:
        unsafe addLanes(sum, input, isFirst, gradient, output, count: columns) {
          gradient, output in
          gradient * (1 - output * output)
        }
      }
    }
  }
}

/// target[j] = body(a[j], b[j]), eight columns at a time.
@inline(__always)
private func setLanes(
  _ target: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, count: Int, _ body: (Lanes, Lanes) -> Lanes
) {
  var column = 0
  while column + 8 <= count {
    unsafe store(body(load(a + column), load(b + column)), target + column)
    column += 8
  }
  if column < count {
    let rest = count - column
    unsafe store(body(load(a + column, rest), load(b + column, rest)), target + column, rest)
  }
}

/// value = body(a[j], b[j]); sum[j] += value, or = where `assigns`; total[j] += value.
@inline(__always)
private func addLanes(
  _ sum: UnsafeMutablePointer<Float>, _ total: UnsafeMutablePointer<Float>, _ assigns: Bool,
  _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>, count: Int,
  _ body: (Lanes, Lanes) -> Lanes
) {
  var column = 0
  while column + 8 <= count {
    let value = unsafe body(load(a + column), load(b + column))
    unsafe store(assigns ? value : load(sum + column) + value, sum + column)
    unsafe store(load(total + column) + value, total + column)
    column += 8
  }
  if column < count {
    let rest = count - column
    let value = unsafe body(load(a + column, rest), load(b + column, rest))
    unsafe store(assigns ? value : load(sum + column, rest) + value, sum + column, rest)
    unsafe store(load(total + column, rest) + value, total + column, rest)
  }
}
