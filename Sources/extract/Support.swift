// What several commands share.

import Tasks

/// A failure that one sentence explains.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The task of that name.
func language(named name: String) throws -> Language {
  try Language(named: name)
}

extension Double {
  /// Three significant digits, as a reader of a terminal wants them.
  var brief: String {
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
}
