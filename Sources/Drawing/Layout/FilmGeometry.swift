// Where everything stands in the film's picture.

/// A part of a picture, in its units.
struct Rectangle: Equatable, Sendable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  var right: Double { left + width }
  var bottom: Double { top + height }
}

/// The places of all that stands around the automaton; the automaton's own is ``Stage/film``.
enum FilmGeometry {
  static let size = Size(width: 1280, height: 840)
  /// Titles, captions and the ribbon stand between these.
  static let left = 40.0
  static let right = 1240.0
  static let ribbon = Rectangle(left: left, top: 572, width: right - left, height: 34)

  static let lossChart = Rectangle(left: 72, top: 668, width: 330, height: 128)
  static let countChart = Rectangle(left: 500, top: 668, width: 330, height: 76)
  static let changeChart = Rectangle(left: 500, top: 756, width: 330, height: 40)

  /// The upper left corner of the axes of the hidden states.
  static let planeOrigin = Point(x: 918, y: 664)
  /// The room of the hidden states, in steps of half a unit.
  static let planeSize = SIMD2(616, 262)
}
