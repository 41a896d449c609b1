// Points and curves, in the units of a picture; y grows downwards.

/// A place in a picture.
struct Point: Equatable, Sendable {
  var x: Double
  var y: Double

  static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
  static func * (a: Double, b: Point) -> Point { Point(x: a * b.x, y: a * b.y) }

  var length: Double { (x * x + y * y).squareRoot() }
}

/// The extent of a picture.
struct Size: Equatable, Sendable {
  var width: Double
  var height: Double
}

/// One cubic Bézier curve.
struct Curve: Equatable, Sendable {
  var start: Point
  var control1: Point
  var control2: Point
  var end: Point

  /// The point at `t` in 0...1.
  func point(at t: Double) -> Point {
    let s = 1 - t
    return (s * s * s) * start + (3 * s * s * t) * control1 + (3 * s * t * t) * control2
      + (t * t * t) * end
  }

  /// As path data. Everything but the start is relative, which is a quarter shorter; all places
  /// are rounded to tenths before they are subtracted, so that ends that meet still do.
  var path: String {
    var text = "M"
    text.append(start)
    text += "c"
    for (index, point) in [control1, control2, end].enumerated() {
      let x = point.x.roundedToTenths - start.x.roundedToTenths
      let y = point.y.roundedToTenths - start.y.roundedToTenths
      text.append(x, isFirst: index == 0)
      text.append(y, isFirst: false)
    }
    return text
  }
}

extension Double {
  var roundedToTenths: Double { (10 * self).rounded() / 10 }
}
