// Whether the output map is linear between two hidden states.

public import Automata

extension RecurrentNetwork {
  /// How large the second-order term of the output map is beside its first-order one, between pairs of
  /// hidden states, in double precision.
  ///
  /// With f the outputs after all words of a tree, one after the other, and m the middle of a pair a, b: the
  /// first-order term is f(b) − f(a), the second-order one 2·(f(a) + f(b) − 2·f(m)). Source: L. van
  /// Rossem and A. M. Saxe (ICML 2025), Figure 13.
  ///
  /// - Parameters:
  ///   - pairs: H numbers each.
  ///   - continuations: The words that are read from there.
  /// - Returns: The ratio of the Euclidean norms for each pair; nil where the outputs are the same.
  /// - Precondition and complexity: those of `preciseOutputs(of:from:)` for three states per pair.
  public func outputMapOrders(
    between pairs: [([Double], [Double])], after continuations: PrefixTree
  ) -> [Double?] {
    let states = pairs.flatMap { one, other in
      [one, other, zip(one, other).map { ($0 + $1) / 2 }]
    }
    let outputs = preciseOutputs(of: continuations, from: states)
    return pairs.indices.map { index in
      var (first, second) = (0.0, 0.0)
      for (a, (b, middle)) in zip(
        outputs[3 * index], zip(outputs[3 * index + 1], outputs[3 * index + 2]))
      {
        first += (b - a) * (b - a)
        let bend = 2 * (a + b - 2 * middle)
        second += bend * bend
      }
      return first > 0 ? (second / first).squareRoot() : nil
    }
  }
}
