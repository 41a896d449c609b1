// JSON for the page.

import Automata

/// Writes JSON without spaces, safe inside a script element.
struct JSONWriter {
  private(set) var text = ""

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    text += "{"
    body(&self)
    text += "}"
  }

  mutating func objectElement(_ body: (inout JSONWriter) -> Void) {
    separate()
    object(body)
  }

  mutating func objectField(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  mutating func field(_ name: String, _ value: String) {
    key(name)
    text += value.json
  }

  mutating func field(_ name: String, _ value: Double, digits: Int) {
    key(name)
    text.append(value, digits: digits)
  }

  mutating func field(_ name: String, _ values: [String]) {
    key(name)
    text += "[" + values.map(\.json).joined(separator: ",") + "]"
  }

  /// A value that is JSON already.
  mutating func value(_ name: String, literal: String) {
    key(name)
    text += literal
  }

  /// A list whose elements are JSON already.
  mutating func list(_ name: String, _ values: [String]) {
    key(name)
    text += "[" + values.joined(separator: ",") + "]"
  }

  mutating func array<Value>(
    _ name: String, _ values: [Value], _ body: (inout JSONWriter, Value) -> Void
  ) {
    key(name)
    text += "["
    for value in values { body(&self, value) }
    text += "]"
  }

  mutating func element(_ values: [String]) {
    separate()
    text += "[" + values.joined(separator: ",") + "]"
  }

  private mutating func key(_ name: String) {
    separate()
    text += "\"\(name)\":"
  }

  private mutating func separate() {
    guard let last = text.utf8.last else { return }
    if last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":") {
      text += ","
    }
  }
}

extension String {
  /// A JSON string that no HTML parser takes for the end of a script, and no JavaScript for that of
  /// a line.
  var json: String {
    var result = ""
    for scalar in JSONValue.string(self).text.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Int {
  var json: String { String(self) }
}

extension Int? {
  var json: String { map(String.init) ?? "null" }
}

extension Double? {
  /// Null for what JSON cannot say.
  var json: String {
    guard let self, self.isFinite else { return "null" }
    if self == 0 || 1e-3..<1e12 ~= self.magnitude { return number(self, digits: 6) }
    // Losses fall below 10^-6, and rise beyond all bounds where a run diverges: they need
    // significant digits rather than decimals.
    let short = Float(self)
    return short.isNormal ? "\(short)" : "\(self)"
  }
}
