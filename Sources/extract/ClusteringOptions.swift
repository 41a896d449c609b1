// Which representations are one state: the options for it, and what follows from them.

public import ArgumentParser
public import Studies

/// How representations are divided into states.
struct ClusteringOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Representations closer than this, in units of the scale, are one state; or auto: the distance at \
      which the last checkpoint's automaton does best what the network does.
      """, valueName: "share"))
  var mergeDistance = Choosable.number(StateRule.defaultMergeDistance)

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
  var cluster = StateRule.Method.leaders

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
          "--merge-distance is \(share); it must be at least 0, or auto.")
      }
    }
    for (name, value, method) in [
      ("clusters", clusters, StateRule.Method.kMeans), ("levels", levels, .quantization),
    ] {
      if value != nil, cluster != method {
        throw ValidationError(
          "--\(name) is for --cluster \(method.rawValue), but that is \(cluster.rawValue).")
      }
      if case .number(let number) = value {
        guard number == number.rounded(), 1...1_000_000 ~= number else {
          throw ValidationError(
            "--\(name) is \(number.brief); it must be a whole number from 1 to 1000000, or auto.")
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
  ///
  /// - Parameter partingRatio: How many merge distances apart a link ends.
  func rule(partingRatio: Double) -> StateRule {
    var rule = StateRule(
      cluster, number: nil, isRefined: refine, scale: scale, partingRatio: partingRatio)
    if case .number(let share) = mergeDistance { rule.mergeDistance = share }
    let value = cluster == .kMeans ? clusters : levels
    switch (cluster.hasDistance, mergeDistance, value) {
    case (true, .number(let share), _): rule.number = share
    case (false, _, .number(let count)): rule.number = count
    default: break
    }
    return rule
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

extension StateRule.Method: ExpressibleByArgument {}
extension Scale: ExpressibleByArgument {}
