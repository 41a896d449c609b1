// Comma-separated values.

/// Fields of tables that other programs read.
public enum CSV {
  /// A field, in quotes where its text asks for them (RFC 4180).
  ///
  /// Looked at are Unicode scalars, not characters: a comma is one also before a combining mark.
  ///
  /// - Parameter text: The text of the field.
  public static func field(_ text: String) -> String {
    let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
    guard text.unicodeScalars.contains(where: special.contains) else { return text }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}

/// A table as it grows, row by row.
public struct CSVTable {
  /// The header and the rows, each ending in a newline.
  public private(set) var text: String
  private let columns: Int
  /// The number of rows below the header.
  public private(set) var rows = 0

  /// - Parameter header: The names of the columns.
  public init(_ header: [String]) {
    columns = header.count
    text = header.map(CSV.field).joined(separator: ",") + "\n"
  }

  /// Adds a row; what is unknown, or is no finite number, is left empty.
  ///
  /// - Parameter fields: One for each column.
  /// - Precondition: as many fields as columns.
  public mutating func add(_ fields: [(any CustomStringConvertible)?]) {
    precondition(fields.count == columns, "\(fields.count) fields, \(columns) columns")
    text += fields.map(Self.field).joined(separator: ",") + "\n"
    rows += 1
  }

  /// An empty line, which parts one curve from the next where gnuplot reads the table.
  public mutating func addGap() { text += "\n" }

  private static func field(_ value: (any CustomStringConvertible)?) -> String {
    switch value {
    case nil: ""
    case let number as Double: number.isFinite ? "\(number)" : ""
    case let number as Float: number.isFinite ? "\(number)" : ""
    case let value?: CSV.field(value.description)
    }
  }
}
