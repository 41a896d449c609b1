// How far the hidden states of a run spread, and in which directions.

public import LinearAlgebra

/// The spread of a run's representations, over all evaluated words of all checkpoints.
public struct RunSpread: Sendable {
  /// The Euclidean norm of the per-unit standard deviation: what merge distances are measured in.
  public let scale: Double
  /// The first two principal components (one, if there is one hidden unit). ε is left out: its
  /// representation is given, and where it is far from all others, a direction towards it says
  /// nothing of them.
  public let components: PrincipalComponents
}

extension RunAnalysis {
  /// Reads each checkpoint, runs it on the evaluation set and gathers the spread.
  ///
  /// - Parameter report: Called with the epoch of each checkpoint that is done.
  /// - Throws: As ``forEachCheckpoint(_:)``.
  /// - Complexity: O(words · hidden²) for each checkpoint, beside running it.
  public func spread(_ report: (Int) -> Void = { _ in }) throws -> RunSpread {
    var moments = ColumnMoments(columns: shape.hidden)
    var covariance = Covariance(columns: shape.hidden)
    try forEachCheckpoint { checkpoint, pass in
      moments.add(pass.hidden, rows: 0..<words.count)
      covariance.add(pass.hidden, rows: min(1, words.count)..<words.count)
      report(checkpoint.epoch)
    }
    return RunSpread(scale: moments.scale, components: covariance.principalComponents(2))
  }
}
