// What is taken for one state of a system.

public import Extraction
internal import LinearAlgebra

/// What merge distances are measured in.
public enum Scale: String, CaseIterable, Sendable {
  /// The spread of all evaluated words of all checkpoints together.
  case run
  /// Each checkpoint's own spread.
  case checkpoint
}

/// How the words of a checkpoint fall into states.
public struct StateRule: Sendable {
  public var method: Method
  /// The method's number, a distance in units of the scale where it is one; nil if it is to be chosen.
  public var number: Double?
  /// Up to which distance, in units of the scale, a pair of words is called merged.
  public var mergeDistance: Double
  /// Whether classes are then split until they are a congruence.
  public var isRefined: Bool
  public var scale: Scale
  /// Two words are linked once at most the merge distance apart, and until further apart than this
  /// many merge distances.
  public var partingRatio: Double

  /// - Parameters:
  ///   - method: The way to divide representations.
  ///   - number: Its number; nil if it is to be chosen at the last checkpoint.
  ///   - mergeDistance: In units of the scale.
  ///   - isRefined: Whether classes are then split until they are a congruence.
  ///   - scale: The unit of distances.
  ///   - partingRatio: At least 1.
  public init(
    _ method: Method = .leaders, number: Double? = Self.defaultMergeDistance,
    mergeDistance: Double = Self.defaultMergeDistance, isRefined: Bool = false,
    scale: Scale = .run, partingRatio: Double = PairHistory.defaultPartingRatio
  ) {
    self.method = method
    self.number = number
    self.mergeDistance = mergeDistance
    self.isRefined = isRefined
    self.scale = scale
    self.partingRatio = partingRatio
  }

  /// The paper's: a hundredth of the run's scale.
  public static let defaultMergeDistance = 0.01

  /// The way to divide one checkpoint's representations.
  ///
  /// - Parameter scale: The unit of distances at this checkpoint.
  /// - Precondition: the number has been chosen.
  public func clustering(scale: Double) -> Clustering {
    guard let number else { preconditionFailure("no number for \(method)") }
    return method.clustering(method.hasDistance ? number * scale : number)
  }

  /// The same with a number.
  ///
  /// - Parameter number: A distance in units of the scale, or how many clusters or levels.
  public func with(_ number: Double) -> StateRule {
    var rule = self
    rule.number = number
    if method.hasDistance { rule.mergeDistance = number }
    return rule
  }

  /// The ways to divide representations into states, without their numbers.
  public enum Method: String, CaseIterable, Sendable {
    case leaders
    case components
    case average
    case complete
    case kMeans = "k-means"
    case quantization

    /// Whether its number is a distance, in units of the scale.
    public var hasDistance: Bool {
      switch self {
      case .leaders, .components, .average, .complete: true
      case .kMeans, .quantization: false
      }
    }

    /// The clustering with a number, which is in units of the representations if it is a distance.
    ///
    /// - Parameter number: A distance in units of the representations, or how many clusters or
    ///   levels.
    public func clustering(_ number: Double) -> Clustering {
      let distance = min(number, .greatestFiniteMagnitude)
      return switch self {
      case .leaders: .leaders(distance: distance)
      case .components: .components(distance: distance)
      case .average: .hierarchical(.average, distance: distance)
      case .complete: .hierarchical(.complete, distance: distance)
      case .kMeans: .kMeans(count: Int(number))
      case .quantization: .quantization(levels: Int(number))
      }
    }

    /// The numbers to choose among, from fine to coarse; distances in units of a checkpoint's scale.
    public var candidates: [Double] {
      switch self {
      case .leaders, .components, .average, .complete:
        // From 0.001 to 2, by the root of 2.
        (0...22).map {
          0.001 * Double(sign: .plus, exponent: $0 / 2, significand: 1)
            * ($0 % 2 == 0 ? 1 : 2.0.squareRoot())
        }
      case .kMeans: [256, 192, 128, 96, 64, 48, 32, 24, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1]
      case .quantization: [16, 12, 8, 6, 5, 4, 3, 2, 1]
      }
    }

    /// What the number is called in tables.
    public var numberName: String {
      switch self {
      case .leaders, .components, .average, .complete: "merge_distance"
      case .kMeans: "clusters"
      case .quantization: "levels"
      }
    }
  }
}
