// What could tell which pairs merge: the theory, its simple law, and what one would try without it.

/// A number for every pair that should be larger for pairs that merge.
public enum Predictor: String, CaseIterable, Sendable {
  /// N (m1 + m2) Y/D²: what A < 0 compares with one constant, given 1/τ_h ∝ m1 + m2.
  case theory
  /// N Y/((m1 + m2) D²): the same with the lengths on the other side.
  case dividedByLengths = "theory-divided-by-lengths"
  /// N Y/D²: the same if τ_h did not depend on the lengths.
  case withoutLengths = "theory-without-lengths"
  /// N Y/(τ_h D²) with 1/τ_h measured as the rate of each word on its own.
  case ownRates = "theory-with-own-rates"
  /// N Y/(τ_h D²) with 1/τ_h measured as the rate at which the words' difference does change.
  case differenceRates = "theory-with-joint-rates"
  /// N · G^(n − m).
  case scalingLaw = "scaling-law"
  /// −D, the initial squared distance alone.
  case initialDistance = "initial-distance"
  /// m, the shorter length alone.
  case shorterLength = "shorter-length"
  /// How many last symbols the words share, which takes no network at all.
  case commonSuffix = "common-suffix"
  /// How slowly gradient descent can change the words' difference.
  case inseparability

  /// Those for which everything was measured.
  public static func available(for pairs: PairTable) -> [Predictor] {
    allCases.filter { !$0.needsRates || (pairs.count > 0 && !pairs.ownRate.isEmpty) }
  }

  /// Whether it takes ``PairTable/measureRates(_:)``.
  public var needsRates: Bool {
    self == .ownRates || self == .differenceRates || self == .inseparability
  }

  /// The scores of some pairs, as logarithms where they are ratios; monotonous is all that counts.
  ///
  /// Where there is no continuation, or none after which the outputs differ, A is D(0), so that the
  /// theory's scores are −∞; where D is 0 the pair is merged already, and they are ∞.
  ///
  /// - Precondition: the predictor is among those ``available(for:)`` the pairs.
  public func scores(_ pairs: PairTable, of indices: [Int]) -> [Double] {
    precondition(!needsRates || pairs.ownRate.count == pairs.count, "rates were not measured")
    // Without two pairs in line nothing is known of G, and lengths count as they are.
    let law = ScalingLaw(contraction: pairs.contraction ?? 1)
    return indices.map { pair in
      switch self {
      case .theory: Self.ratio(pairs, pair) + logarithm(pairs.lengthSum(pair))
      case .dividedByLengths: Self.ratio(pairs, pair) - logarithm(pairs.lengthSum(pair))
      case .withoutLengths: Self.ratio(pairs, pair)
      case .ownRates: Self.ratio(pairs, pair, rate: pairs.ownRate[pair])
      case .differenceRates: Self.ratio(pairs, pair, rate: pairs.differenceRate[pair])
      case .inseparability: -pairs.differenceRate[pair]
      case .scalingLaw:
        law.logScore(
          continuations: Int(pairs.continuations[pair]), shorter: pairs.shorterLength(pair),
          shortest: Int(pairs.shortest[pair]))
      case .initialDistance: -pairs.squaredDistance[pair]
      case .shorterLength: Double(pairs.shorterLength(pair))
      case .commonSuffix: Double(pairs.commonSuffix[pair])
      }
    }
  }

  /// log (N Y/D²).
  private static func ratio(_ pairs: PairTable, _ pair: Int) -> Double {
    if pairs.squaredDistance[pair] == 0 { return .infinity }
    if pairs.outputSum[pair] == 0 { return -.infinity }
    return logarithm(pairs.outputSum[pair]) - 2 * logarithm(pairs.squaredDistance[pair])
  }

  /// log (N Y · rate/D²).
  private static func ratio(_ pairs: PairTable, _ pair: Int, rate: Double) -> Double {
    let ratio = ratio(pairs, pair)
    return ratio.isFinite ? ratio + logarithm(rate) : ratio
  }
}

extension PairTable {
  /// The two-point theory of a pair.
  ///
  /// - Parameters:
  ///   - pair: Its number in this table.
  ///   - ratio: τ_y/τ_h per symbol: τ_y/τ_h is this times m1 + m2.
  /// - Returns: nil where there is no continuation, so that nothing moves.
  public func dynamics(_ pair: Int, ratio: Double) -> PairDynamics? {
    guard continuations[pair] > 0 else { return nil }
    return PairDynamics(
      continuations: Double(continuations[pair]), hiddenTime: 1,
      outputTime: ratio * lengthSum(pair),
      squaredTargetDistance: targetSum[pair] / Double(continuations[pair]))
  }

  /// D(∞), the squared distance at the end, as the theory has it.
  ///
  /// - Parameters:
  ///   - pair: Its number in this table.
  ///   - ratio: That of ``dynamics(_:ratio:)``.
  public func predictedFinalSquaredDistance(_ pair: Int, ratio: Double) -> Double {
    guard squaredDistance[pair] > 0, let dynamics = dynamics(pair, ratio: ratio) else {
      return squaredDistance[pair]
    }
    return dynamics.finalSquaredDistance(from: startState(pair))
  }

  /// A < 0: whether the pair would merge if it agrees.
  ///
  /// - Parameters:
  ///   - pair: Its number in this table.
  ///   - ratio: That of ``dynamics(_:ratio:)``.
  public func marginIsNegative(_ pair: Int, ratio: Double) -> Bool {
    guard squaredDistance[pair] > 0 else { return true }
    return (dynamics(pair, ratio: ratio)?.margin(from: startState(pair)) ?? 0) < 0
  }

  private func startState(_ pair: Int) -> PairState {
    // W does not enter what becomes of the pair.
    PairState(
      agreeingAt: squaredDistance[pair],
      squaredOutputDistance: outputSum[pair] / Double(max(continuations[pair], 1)))
  }
}
