// A measurement over two axes, and the line along which it passes a level.

internal import Figures
internal import Glibc

/// Values over a grid of numbers; nil where nothing is known.
struct PhaseGrid {
  let xs, ys: [Double]
  /// values[x][y].
  var values: [[Double?]]

  struct Point: Hashable {
    let x, y: Double
  }

  init(xs: [Double], ys: [Double]) {
    self.xs = xs
    self.ys = ys
    values = Array(repeating: Array(repeating: nil, count: ys.count), count: xs.count)
  }

  /// Whether numbers lie in equal ratios rather than in equal steps.
  static func isLogarithmic(_ numbers: [Double]) -> Bool {
    guard numbers.count > 2, numbers.allSatisfy({ $0 > 0 }) else { return false }
    func spread(_ gaps: [Double]) -> Double {
      let mean = gaps.reduce(0, +) / Double(gaps.count)
      return gaps.reduce(0) { $0 + abs($1 - mean) } / abs(mean)
    }
    return spread(zip(numbers.dropFirst(), numbers).map { log($0 / $1) })
      < spread(zip(numbers.dropFirst(), numbers).map { $0 - $1 })
  }

  /// The y at which the value rises or falls through the level, for each x; between cells it is taken
  /// to change evenly. Where it does so more than once, as around a single cell that was not learnt,
  /// the y that leaves the fewest cells on the wrong side, and of these the least.
  func crossings(_ level: Double) -> [Double?] {
    xs.indices.map { x in
      var best: (wrong: Int, y: Double)?
      for y in ys.indices.dropLast() {
        guard let a = values[x][y], let b = values[x][y + 1], (a < level) != (b < level) else {
          continue
        }
        let wrong = ys.indices.count { other in
          guard let value = values[x][other] else { return false }
          return (value < level) != ((other <= y ? a : b) < level)
        }
        if wrong < best?.wrong ?? .max {
          best = (wrong, ys[y] + (ys[y + 1] - ys[y]) * (level - a) / (b - a))
        }
      }
      return best?.y
    }
  }

  /// The level line, as pieces within the squares between cells (marching squares); where a square's
  /// corners alternate, its mean says which of them belong together.
  func contour(_ level: Double) -> [(Point, Point)] {
    Contour.pieces(at: level, of: values, xs: xs, ys: ys).map {
      (Point(x: $0.from.x, y: $0.from.y), Point(x: $0.to.x, y: $0.to.y))
    }
  }
}
