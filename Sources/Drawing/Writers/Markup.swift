// Writing markup: escaping, and short numbers.
//
// A film holds some hundred thousand coordinates, so their length is the film's size and their
// formatting is most of the time it takes to write.

extension String {
  /// The text as it may stand in SVG, XML and HTML, between tags or in a quoted attribute: &, <, >
  /// and both quotes become references. Characters that XML 1.0 cannot hold at all become U+FFFD.
  ///
  /// It goes by scalars: a combining mark after a `<` is one Character with it and must not hide it.
  package var escapedForMarkup: String {
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

/// "1 state", "2 states", "2 classes": a number with its noun.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

extension Double {
  /// A share of 1 as attributes have it: .5, 1, 0.
  var withoutZero: String {
    let text = number(self, digits: 4)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }
}
