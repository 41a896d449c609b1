// Which representations are one state: the options for it, and what follows from them.

import ArgumentParser
import Automata
import RNN

/// How representations are divided into states.
struct ClusteringOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Representations closer than this, in units of the scale, are one state; or auto: the distance at \
      which the last checkpoint's automaton does best what the network does.
      """, valueName: "share"))
  var mergeDistance = Choosable.number(0.01)

  @Option(
    help: "The scale: spread of the representations over the whole run, or of each checkpoint.")
  var scale = Scale.run

  @Option(
    help: """
      What states are: words near the first word of a state, in shortlex order (leaders); words joined \
      by chains of near words (components); hierarchical clustering by the mean or the largest distance \
      (average, complete), cut at the merge distance; k-means; or words whose units lie in the same \
      intervals (quantization).
      """)
  var cluster = ClusteringMethod.leaders

  @Option(
    help: ArgumentHelp(
      "For k-means, how many; or auto, chosen as for the merge distance. (default: auto)",
      valueName: "number"))
  var clusters: Choosable?

  @Option(
    help: ArgumentHelp(
      "For quantization, into how many intervals; or auto. (default: auto)", valueName: "number"))
  var levels: Choosable?

  @Flag(
    help: """
      Then split states until the words of each have the same output and go on alike, so that the \
      automaton is right about every word looked at.
      """)
  var refine = false

  func validate() throws {
    if case .number(let share) = mergeDistance {
      guard share.isFinite, share >= 0 else {
        throw ValidationError(
          "--merge-distance is \(share); needed is a number of at least 0, or auto.")
      }
    }
    for (name, value, method) in [
      ("clusters", clusters, ClusteringMethod.kMeans), ("levels", levels, .quantization),
    ] {
      if value != nil, cluster != method {
        throw ValidationError(
          "--\(name) is for --cluster \(method.rawValue), but that is \(cluster.rawValue).")
      }
      if case .number(let number) = value {
        guard number == number.rounded(), 1...1_000_000 ~= number else {
          throw ValidationError(
            "--\(name) is \(number.brief); needed is a whole number from 1 to 1000000, or auto.")
        }
      }
    }
    if case .auto = mergeDistance, !cluster.hasDistance {
      throw ValidationError(
        "--merge-distance auto is for leaders, components, average and complete, but --cluster is "
          + "\(cluster.rawValue).")
    }
  }

  /// What is asked for, with nil for what is to be chosen.
  var plan: ClusteringPlan {
    var plan = ClusteringPlan(method: cluster, isRefined: refine)
    if case .number(let share) = mergeDistance { plan.mergeDistance = share }
    let value = cluster == .kMeans ? clusters : levels
    switch (cluster.hasDistance, mergeDistance, value) {
    case (true, .number(let share), _): plan.number = share
    case (false, _, .number(let count)): plan.number = count
    default: plan.number = nil
    }
    return plan
  }
}

/// A number, or the wish that one be chosen.
enum Choosable: Hashable, ExpressibleByArgument {
  case number(Double)
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let number = Double(argument) {
      self = .number(number)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .number(let number): number.brief
    case .auto: "auto"
    }
  }
}

/// The ways to divide representations into states, without their numbers.
enum ClusteringMethod: String, CaseIterable, ExpressibleByArgument {
  case leaders
  case components
  case average
  case complete
  case kMeans = "k-means"
  case quantization

  /// Whether its number is a distance, in units of the scale.
  var hasDistance: Bool {
    switch self {
    case .leaders, .components, .average, .complete: true
    case .kMeans, .quantization: false
    }
  }

  /// - Parameter number: In units of the representations, if it is a distance.
  func clustering(_ number: Double) -> Clustering {
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
  var candidates: [Double] {
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

  /// What the number is called.
  var numberName: String {
    switch self {
    case .leaders, .components, .average, .complete: "merge_distance"
    case .kMeans: "clusters"
    case .quantization: "levels"
    }
  }
}

/// How the words of a checkpoint fall into states.
struct ClusteringPlan {
  var method: ClusteringMethod
  /// The method's number, a distance in units of the scale; nil if it is to be chosen.
  var number: Double?
  /// Up to which distance, in units of the scale, a pair of words is called merged.
  var mergeDistance = 0.01
  var isRefined: Bool

  /// - Precondition: the number has been chosen.
  func clustering(scale: Double) -> Clustering {
    guard let number else { preconditionFailure("no number for \(method)") }
    return method.clustering(method.hasDistance ? number * scale : number)
  }

  /// The same with a number.
  func with(_ number: Double) -> ClusteringPlan {
    var plan = self
    plan.number = number
    if method.hasDistance { plan.mergeDistance = number }
    return plan
  }
}
