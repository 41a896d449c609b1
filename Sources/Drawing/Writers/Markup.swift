// Writing XML: escaping, and short numbers.
//
// A film holds some hundred thousand coordinates, so their length is the film's size and their
// formatting is most of the time it takes to write.

extension String {
  /// Text as it may stand between XML tags or in a quoted attribute. Characters that XML 1.0
  /// cannot hold at all become U+FFFD.
  var escapedForMarkup: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Appends `value` with at most `digits` decimals and no superfluous zero: 12, -0.5, 3.25.
  ///
  /// - Precondition: `value` is finite and below 10^12, and `digits` lies in 0...6.
  mutating func append(_ value: Double, digits: Int = 1) {
    precondition(value.magnitude < 1e12, "\(value) is no coordinate")
    var power = 1
    for _ in 0..<digits { power *= 10 }
    let scaled = Int((value * Double(power)).rounded())
    if scaled < 0 { append("-") }
    let magnitude = scaled.magnitude
    append(String(magnitude / UInt(power)))
    var fraction = Int(magnitude % UInt(power))
    guard fraction > 0 else { return }
    append(".")
    while fraction > 0 {
      power /= 10
      append(String(fraction / power))
      fraction %= power
    }
  }

  /// Appends a number of a list in path data, with a space before it only if it needs one.
  mutating func append(_ value: Double, isFirst: Bool) {
    if !isFirst, value > -0.05 { append(" ") }
    append(value)
  }

  /// Appends "x y".
  mutating func append(_ point: Point) {
    append(point.x)
    append(point.y, isFirst: false)
  }
}

/// A number as ``Swift/String/append(_:digits:)`` writes it.
func number(_ value: Double, digits: Int = 1) -> String {
  var text = ""
  text.append(value, digits: digits)
  return text
}
