// Which version of the program this is: the one place that says so.

/// The program as it is released.
public enum Release {
  /// The version, by semantic versioning.
  public static let version = "0.2.0"

  /// What a file that was written by the program says of its origin, such as "extract 0.2.0".
  public static let program = "extract \(version)"
}
