// Tables for a terminal.

/// Columns of text: flush right where every field begins with a digit or there is none, else flush
/// left.
struct TextTable {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: String...) {
    self.header = header
  }

  init(_ header: [String]) {
    self.header = header
  }

  mutating func add(_ fields: String...) {
    add(fields)
  }

  mutating func add(_ fields: [String]) {
    precondition(fields.count == header.count, "\(fields.count) fields, \(header.count) columns")
    rows.append(fields)
  }

  /// One line per row, the header first, each ending in a newline.
  var text: String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let isNumeric = header.indices.map { column in
      rows.allSatisfy { $0[column].first?.isNumber ?? true }
    }
    var text = ""
    for row in [header] + rows {
      var line = ""
      for (column, field) in row.enumerated() {
        if column > 0 { line += "  " }
        let padding = String(repeating: " ", count: widths[column] - field.count)
        line += isNumeric[column] ? padding + field : field + padding
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}

extension Double {
  /// A number from 0 to 1 with a fixed number of decimals; only 1 itself reads as 1.
  func fixed(_ decimals: Int) -> String {
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let scaled = Int((self * power).rounded(self < 1 ? .down : .toNearestOrEven))
    let digits = String(scaled % Int(power))
    return "\(scaled / Int(power))." + String(repeating: "0", count: decimals - digits.count)
      + digits
  }
}
