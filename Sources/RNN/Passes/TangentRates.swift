// How fast gradient descent can move two representations apart.

package import Automata
internal import LinearAlgebra

/// The tangent kernel of a network's hidden states, along the line between two of them.
///
/// If a loss pulls h1 by g1 and h2 by g2, a small step of gradient descent moves h1 by
/// −(K11 g1 + K12 g2), with Kαβ = Σ ∂hα/∂θ (∂hβ/∂θ)ᵀ over the parameters θ of the recurrent layer.
/// A theory that lets both words move on their own takes K12 for 0.
///
/// Source: A. Jacot, F. Gabriel and C. Hongler, "Neural Tangent Kernel", NeurIPS 2018, for the
/// kernel; the formula for shared weights is derived in `rates(_:_:)`.
package struct TangentRates {
  private let tree: PrefixTree
  private let hidden: [Double]
  private let recurrent: [Double]
  private let units: Int
  private let activation: Activation

  /// - Parameters:
  ///   - network: The network as it is now.
  ///   - tree: The words to compare.
  ///   - hidden: The rows of ``RecurrentNetwork/preciseRows(of:)`` for `tree`.
  /// - Precondition: the network has one layer of Elman cells.
  package init(_ network: RecurrentNetwork, on tree: PrefixTree, hidden: [Double]) {
    precondition(network.shape.cell == .elman && network.shape.layers == 1)
    precondition(hidden.count == tree.count * network.shape.hidden, "\(hidden.count) numbers")
    self.tree = tree
    self.hidden = hidden
    units = network.shape.hidden
    activation = network.shape.activation
    recurrent = network.parameters.layers[0].recurrentWeights.matrix().values.map(Double.init)
  }

  /// The rates of two words along the unit vector u from one representation to the other.
  ///
  /// With v_t the gradient of u · h with respect to what goes into the units at step t, the
  /// gradient with respect to W_hh, W_ih and both biases is Σ_t v_t ⊗ φ_t, φ_t = (h_{t−1}, x_t, 1,
  /// 1). So uᵀ Kαβ u = Σ_t Σ_s (v_αt · v_βs) (φ_αt · φ_βs).
  ///
  /// - Parameters:
  ///   - first: A word, by its node.
  ///   - second: Another word.
  /// - Returns: `own`, uᵀ(K11 + K22)u, the rate at which both would part or meet if each moved on
  ///   its own, and `difference`, uᵀ(K11 + K22 − 2 K12)u, at which they do. Both are 0 where the
  ///   representations coincide.
  /// - Complexity: O(m · H² + m² · H) for words of length m.
  package func rates(_ first: Int, _ second: Int) -> (own: Double, difference: Double) {
    var direction = (0..<units).map { hidden[first * units + $0] - hidden[second * units + $0] }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return (0, 0) }
    for unit in 0..<units { direction[unit] /= length }
    // The gradient of u · (h1 − h2): the steps of both words, those of the second negative.
    let steps = steps(first, direction, sign: 1) + steps(second, direction, sign: -1)
    var (own, difference) = (0.0, 0.0)
    let firstCount = tree.length(of: first)
    for (i, a) in steps.enumerated() {
      for (j, b) in steps[...i].enumerated() {
        let value =
          Self.product(a.gradient, b.gradient)
          * (product(ofStates: a.parent, b.parent) + (a.symbol == b.symbol ? 3 : 2))
        let weighted = i == j ? value : 2 * value
        difference += weighted
        if (i < firstCount) == (j < firstCount) { own += weighted }
      }
    }
    return (own, difference)
  }

  private struct Step {
    let gradient: [Double]
    let parent: Int
    let symbol: Int32
  }

  private func steps(_ node: Int, _ direction: [Double], sign: Double) -> [Step] {
    var steps: [Step] = []
    var current = node
    var gradient = direction.map { sign * $0 }
    while current != 0 {
      for unit in 0..<units {
        let value = hidden[current * units + unit]
        gradient[unit] *= activation == .relu ? (value > 0 ? 1 : 0) : 1 - value * value
      }
      let parent = Int(tree.parents[current])
      steps.append(Step(gradient: gradient, parent: parent, symbol: tree.symbols[current]))
      current = parent
      guard current != 0 else { break }
      var earlier = [Double](repeating: 0, count: units)
      for unit in 0..<units where gradient[unit] != 0 {
        let factor = gradient[unit]
        for other in 0..<units { earlier[other] += factor * recurrent[unit * units + other] }
      }
      gradient = earlier
    }
    return steps
  }

  private func product(ofStates a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for unit in 0..<units { sum += hidden[a * units + unit] * hidden[b * units + unit] }
    return sum
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
