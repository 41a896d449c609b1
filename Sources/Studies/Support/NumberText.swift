// Numbers as a reader of captions and tables wants them.

extension Double {
  /// Three significant digits.
  package var brief: String {
    guard isFinite else { return "\(self)" }
    if self == 0 { return "0" }
    let magnitude = abs(self)
    if magnitude >= 1e-3 && magnitude < 1e6 {
      var scale = 1.0
      var size = magnitude
      while size < 100 {
        size *= 10
        scale *= 10
      }
      let rounded = (self * scale).rounded() / scale
      return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
    var exponent = 0
    var size = magnitude
    while size < 1 {
      size *= 10
      exponent -= 1
    }
    while size >= 10 {
      size /= 10
      exponent += 1
    }
    let digits = (size * 100).rounded() / 100
    return "\(self < 0 ? "-" : "")\(digits)e\(exponent)"
  }

  /// A number from 0 to 1 with a fixed number of decimals; only 1 itself reads as 1.
  package func fixed(_ decimals: Int) -> String {
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let scaled = Int((self * power).rounded(self < 1 ? .down : .toNearestOrEven))
    let digits = String(scaled % Int(power))
    return "\(scaled / Int(power))." + String(repeating: "0", count: decimals - digits.count)
      + digits
  }

  /// A share as a percentage with one decimal; only 0 reads as 0 and only 1 as 100.
  package var percent: String {
    if self == 0 { return "0 %" }
    if self == 1 { return "100 %" }
    let tenths = Swift.min(Swift.max((self * 1000).rounded(), 1), 999)
    return "\(tenths / 10) %"
  }
}

extension Int {
  /// With commas between thousands.
  package var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0 && index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "−" : "") + String(text.reversed())
  }
}

/// "1 pair", "2 pairs".
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
}
