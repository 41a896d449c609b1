// The curves below the automaton.

internal import Glibc

/// A rectangle in which curves are drawn against the epoch.
struct Chart {
  var frame: Rectangle
  /// The first and the last epoch.
  var epochs: ClosedRange<Int>
  /// The least and the greatest value.
  var values: ClosedRange<Double>
  /// Whether equal distances are equal ratios; then `values` are above 0.
  var isLogarithmic: Bool

  var left: Double { frame.left }
  var top: Double { frame.top }
  var width: Double { frame.width }
  var height: Double { frame.height }
  var right: Double { frame.right }
  var bottom: Double { frame.bottom }

  func x(_ epoch: Int) -> Double {
    let span = Double(max(epochs.upperBound - epochs.lowerBound, 1))
    return left + width * Double(epoch - epochs.lowerBound) / span
  }

  func y(_ value: Double) -> Double {
    let (low, high, v) =
      isLogarithmic
      ? (log10(values.lowerBound), log10(values.upperBound), log10(max(value, values.lowerBound)))
      : (values.lowerBound, values.upperBound, value)
    return bottom - height * min(max((v - low) / max(high - low, 1e-12), 0), 1)
  }

  /// The path through points, in their order. Points closer than half a unit to the one before
  /// are dropped unless they are extremes of their column, which nobody could see either way.
  func path(_ points: some Sequence<(epoch: Int, value: Double)>) -> String {
    var text = ""
    var column: (x: Double, low: Double, high: Double, last: Double)?
    func flush(_ c: (x: Double, low: Double, high: Double, last: Double)) {
      for (index, y) in [c.low, c.high, c.last].enumerated()
      where index == 2 || y != c.last {
        text += text.isEmpty ? "M" : "L"
        text.append(Point(x: c.x, y: y))
      }
    }
    for point in points where point.value.isFinite {
      let place = Point(x: x(point.epoch), y: y(point.value))
      if let c = column {
        if place.x - c.x < 0.75 {
          column = (c.x, min(c.low, place.y), max(c.high, place.y), place.y)
        } else {
          flush(c)
          column = (place.x, place.y, place.y, place.y)
        }
      } else {
        column = (place.x, place.y, place.y, place.y)
      }
    }
    if let column { flush(column) }
    return text
  }

  /// A bar from zero for each point but those at zero.
  func bars(_ points: some Sequence<(epoch: Int, value: Double)>) -> String {
    var text = ""
    for point in points where point.value != 0 {
      text += "M"
      text.append(Point(x: x(point.epoch), y: y(0)))
      text += "V"
      text.append(y(point.value))
    }
    return text
  }

  /// Round values between the least and the greatest, for lines across the chart.
  var ticks: [Double] {
    // Where values lie on both sides, zero is what matters.
    if values.lowerBound < 0 { return [] }
    if isLogarithmic {
      let low = Int(log10(values.lowerBound).rounded(.up))
      let high = Int(log10(values.upperBound).rounded(.down))
      guard low <= high else { return [] }
      let step = max(1, (high - low + 3) / 4)
      return stride(from: high, through: low, by: -step).map { pow(10, Double($0)) }
    }
    return Self.round(values.lowerBound...values.upperBound, about: 4)
  }

  /// Round epochs, for the axis.
  var epochTicks: [Int] { epochTicks(about: 6) }

  func epochTicks(about count: Double) -> [Int] {
    Self.round(Double(epochs.lowerBound)...Double(epochs.upperBound), about: count).map { Int($0) }
  }

  /// A value beside a chart: 0.001, 1, 400, 1e33.
  static func label(_ value: Double) -> String {
    // A run that diverged has losses of any size.
    if value >= 1e6 || value < 1e-6, value > 0 { return "1e\(Int(log10(value).rounded()))" }
    return value < 1 ? number(value, digits: 6) : number(value)
  }

  private static func round(_ range: ClosedRange<Double>, about count: Double) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0 else { return [range.lowerBound] }
    let power = pow(10, log10(span / count).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= count + 0.5 } ?? span
    let start = (range.lowerBound / step).rounded(.up) * step
    let end = min(range.upperBound + step * 1e-9, .greatestFiniteMagnitude)
    return stride(from: start, through: end, by: step).map { $0 }
  }
}
