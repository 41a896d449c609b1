// What could tell which pairs merge: the theory, its simple law, and what one would try without it.

/// A number for every pair that should be the larger the rather it merges.
public enum Predictor: String, CaseIterable, Sendable {
  /// N (m1 + m2) Y/D²: what A < 0 compares with one constant, given 1/τ_h ∝ m1 + m2.
  case theory
  /// N Y/((m1 + m2) D²): the same with the lengths on the other side.
  case dividedByLengths = "theory-divided-by-lengths"
  /// N Y/D²: the same if τ_h did not depend on the lengths.
  case withoutLengths = "theory-without-lengths"
  /// N · G^(n − m).
  case scalingLaw = "scaling-law"
  /// −D, the initial distance alone.
  case initialDistance = "initial-distance"
  /// m, the shorter length alone.
  case shorterLength = "shorter-length"
  /// How many last symbols the words share, which takes no network at all.
  case commonSuffix = "common-suffix"

  /// The scores of some pairs, as logarithms where they are ratios; monotonous is all that counts.
  ///
  /// Where there is no continuation, or none after which the outputs differ, A is D(0), so that the
  /// theory's scores are −∞; where D is 0 the pair is merged already, and they are ∞.
  public func scores(_ pairs: PairTable, of indices: [Int]) -> [Double] {
    // Without two pairs in line nothing is known of G, and lengths count as they are.
    let logContraction = logarithm(pairs.contraction ?? 1)
    return indices.map { pair in
      switch self {
      case .theory: Self.ratio(pairs, pair) + logarithm(pairs.lengthSum(pair))
      case .dividedByLengths: Self.ratio(pairs, pair) - logarithm(pairs.lengthSum(pair))
      case .withoutLengths: Self.ratio(pairs, pair)
      case .scalingLaw:
        pairs.continuations[pair] == 0
          ? -.infinity
          : logarithm(Double(pairs.continuations[pair]))
            + Double(Int(pairs.shortest[pair]) - pairs.shorterLength(pair)) * logContraction
      case .initialDistance: -pairs.distance[pair]
      case .shorterLength: Double(pairs.shorterLength(pair))
      case .commonSuffix: Double(pairs.commonSuffix[pair])
      }
    }
  }

  /// log (N Y/D²).
  private static func ratio(_ pairs: PairTable, _ pair: Int) -> Double {
    if pairs.distance[pair] == 0 { return .infinity }
    if pairs.outputSum[pair] == 0 { return -.infinity }
    return logarithm(pairs.outputSum[pair]) - 2 * logarithm(pairs.distance[pair])
  }
}

extension PairTable {
  /// The two-point theory of a pair.
  ///
  /// - Parameter ratio: τ_y/τ_h per symbol: τ_y/τ_h is this times m1 + m2.
  /// - Returns: nil where there is no continuation, so that nothing moves.
  public func dynamics(_ pair: Int, ratio: Double) -> PairDynamics? {
    guard continuations[pair] > 0 else { return nil }
    return PairDynamics(
      continuations: Double(continuations[pair]), hiddenTime: 1,
      outputTime: ratio * lengthSum(pair),
      targetDistance: targetSum[pair] / Double(continuations[pair]))
  }

  /// D(∞), squared, as the theory has it.
  public func predictedFinalDistance(_ pair: Int, ratio: Double) -> Double {
    guard distance[pair] > 0, let dynamics = dynamics(pair, ratio: ratio) else {
      return distance[pair]
    }
    return dynamics.finalDistance(from: startState(pair))
  }

  /// A < 0: whether the pair would merge if it agrees.
  public func marginIsNegative(_ pair: Int, ratio: Double) -> Bool {
    guard distance[pair] > 0 else { return true }
    return (dynamics(pair, ratio: ratio)?.margin(from: startState(pair)) ?? 0) < 0
  }

  private func startState(_ pair: Int) -> PairState {
    // W does not enter what becomes of the pair.
    PairState(
      agreeingAt: distance[pair],
      outputDistance: outputSum[pair] / Double(max(continuations[pair], 1)))
  }
}
