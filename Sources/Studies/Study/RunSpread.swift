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

/// Gathers the spread checkpoint by checkpoint.
public struct SpreadGatherer {
  private var moments: ColumnMoments
  private var covariance: Covariance

  /// - Parameter columns: H, the length of a representation.
  public init(columns: Int) {
    moments = ColumnMoments(columns: columns)
    covariance = Covariance(columns: columns)
  }

  /// Adds a checkpoint's representations: the first `count` rows, of which row 0 is ε's.
  ///
  /// - Parameters:
  ///   - vectors: One row per word.
  ///   - count: How many of its rows.
  public mutating func add(_ vectors: MatrixBuffer, count: Int) {
    moments.add(vectors, rows: 0..<count)
    covariance.add(vectors, rows: min(1, count)..<count)
  }

  /// The spread of what was added.
  ///
  /// - Complexity: O(H³).
  public var spread: RunSpread {
    RunSpread(scale: moments.scale, components: covariance.principalComponents(2))
  }
}
