// How a state moves from one key frame to the next: off gently, and to rest.

/// A cubic Bézier curve from (0, 0) to (1, 1), as CSS and SMIL have it: what share of a way has been
/// gone after a share of its time.
struct Easing: Equatable, Sendable {
  let x1, y1, x2, y2: Double

  /// That of everything in the film.
  static let glide = Easing(x1: 0.5, y1: 0, x2: 0.4, y2: 1)

  /// The share of the way at a share of the time, both in 0...1.
  func eased(_ share: Double) -> Double {
    // Find the curve's parameter for x by Newton's method.
    var t = share
    for _ in 0..<8 {
      let s = 1 - t
      let x = 3 * s * s * t * x1 + 3 * s * t * t * x2 + t * t * t - share
      let slope = 3 * s * s * x1 + 6 * s * t * (x2 - x1) + 3 * t * t * (1 - x2)
      if slope.magnitude < 1e-6 { break }
      t = min(max(t - x / slope, 0), 1)
    }
    return 3 * (1 - t) * (1 - t) * t * y1 + 3 * (1 - t) * t * t * y2 + t * t * t
  }
}
