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
  ///   - activation: f.
  /// - Complexity: O(range.count × columns).
  package func setActivations(
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
      case .relu: unsafe setLanes(ReLU.self, target, product, input, count: columns)
      case .tanh: unsafe setLanes(Tanh.self, target, product, input, count: columns)
      }
    }
  }

  /// The least number of leading columns, at least `least`, beyond which all entries of some rows
  /// are zero; NaN is not. O(range.count × (columns − least)).
  package func leadingColumns(rows range: Range<Int>, least: Int) -> Int {
    check(range)
    precondition(0...columns ~= least)
    var count = least
    for row in range {
      let start = unsafe base + row * columns
      // Most rows pass this test, eight columns at a time.
      var column = count
      var rest = Lanes(repeating: 0)
      while column + 8 <= columns {
        unsafe rest.replace(with: 1, where: load(start + column) .!= 0)
        column += 8
      }
      unsafe rest.replace(with: 1, where: load(start + column, columns - column) .!= 0)
      guard rest != Lanes(repeating: 0) else { continue }
      column = columns
      while unsafe start[column - 1] == 0 { column -= 1 }
      count = column
    }
    return count
  }

  /// The backward step: multiplies this[i] = ∂L/∂h of node i by f′, which gives ∂L/∂(the sum
  /// inside f); adds that to the row of the node's symbol in `inputs` and sums it over siblings
  /// into the row of their parent in `sums`.
  ///
  /// - Parameters:
  ///   - range: The rows i. Siblings must lie in it together.
  ///   - hidden: The outputs of f, from which f′ follows: 1 where h > 0 for ReLU, 1 − h² for tanh.
  ///   - sums: One row per node; the rows of these nodes' parents are overwritten.
  ///   - parents: The parent of each node, indexed by node.
  ///   - symbols: The last symbol of each node, indexed by node.
  ///   - inputs: One row per symbol; added to.
  ///   - activation: f.
  ///   - width: The number of leading columns to work on.
  /// - Complexity: O(range.count × width).
  package func backpropagate(
    rows range: Range<Int>, hidden: MatrixBuffer, parents: [Int32], sums: MatrixBuffer,
    symbols: [Int32], inputs: MatrixBuffer, _ activation: Activation, width: Int
  ) {
    check(range)
    hidden.check(range)
    precondition(
      hidden.columns == columns && sums.columns == columns && inputs.columns == columns
        && width <= columns)
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
        unsafe addLanes(ReLU.self, sum, input, isFirst, gradient, output, count: width)
      case .tanh:
        unsafe addLanes(Tanh.self, sum, input, isFirst, gradient, output, count: width)
      }
    }
  }
}

/// A nonlinearity as a type, so that the loops below are compiled once for each.
private protocol LaneActivation {
  static func value(_ sum: Lanes) -> Lanes
  /// `gradient` times the derivative where the value is `output`.
  static func chain(_ gradient: Lanes, _ output: Lanes) -> Lanes
}

private enum ReLU: LaneActivation {
  @inline(__always) static func value(_ sum: Lanes) -> Lanes {
    // Not max(0, sum): a NaN has to stay one, so that divergence is noticed.
    sum.replacing(with: 0, where: sum .< 0)
  }
  @inline(__always) static func chain(_ gradient: Lanes, _ output: Lanes) -> Lanes {
    gradient.replacing(with: 0, where: output .<= 0)
  }
}

private enum Tanh: LaneActivation {
  @inline(__always) static func value(_ sum: Lanes) -> Lanes { tanhLanes(sum) }
  @inline(__always) static func chain(_ gradient: Lanes, _ output: Lanes) -> Lanes {
    gradient * (1 - output * output)
  }
}

/// target[j] = f(a[j] + b[j]), eight columns at a time.
@inline(__always)
private func setLanes<F: LaneActivation>(
  _: F.Type, _ target: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, count: Int
) {
  var column = 0
  while column + 8 <= count {
    unsafe store(F.value(load(a + column) + load(b + column)), target + column)
    column += 8
  }
  if column < count {
    let rest = count - column
    unsafe store(
      F.value(load(a + column, rest) + load(b + column, rest)), target + column, rest)
  }
}

/// value = gradient[j] · f′; sum[j] += value, or = where `assigns`; total[j] += value.
@inline(__always)
private func addLanes<F: LaneActivation>(
  _: F.Type, _ sum: UnsafeMutablePointer<Float>, _ total: UnsafeMutablePointer<Float>,
  _ assigns: Bool, _ gradient: UnsafeMutablePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  var column = 0
  while column + 8 <= count {
    let value = unsafe F.chain(load(gradient + column), load(output + column))
    unsafe store(assigns ? value : load(sum + column) + value, sum + column)
    unsafe store(load(total + column) + value, total + column)
    column += 8
  }
  if column < count {
    let rest = count - column
    let value = unsafe F.chain(load(gradient + column, rest), load(output + column, rest))
    unsafe store(assigns ? value : load(sum + column, rest) + value, sum + column, rest)
    unsafe store(load(total + column, rest) + value, total + column, rest)
  }
}
