// Where automata stand.

/// The rectangle that automata are drawn in, and the measures that hold in every film.
struct Stage: Equatable, Sendable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  /// That of the film.
  static let film = Stage(left: 72, top: 108, width: 1150, height: 452)

  /// The greatest distance between two columns, and between two leaves of the tree.
  static let widestColumn = 220.0
  static let widestRow = 84.0
}
