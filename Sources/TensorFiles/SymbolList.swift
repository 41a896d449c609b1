// Lists of symbols as one text, for the metadata of files, where every value is a text.

internal import Foundation

/// Lists of symbols' names as text: with commas between them, or as a JSON array of strings.
public enum SymbolList {
  /// The names as one text.
  ///
  /// That is the names with commas between them wherever such a text reads back as the same names,
  /// such as `0,1`. Otherwise, as for a name that has a comma in it, it is a JSON array of strings,
  /// such as `["a,b","c"]`.
  ///
  /// - Parameter symbols: At least one name.
  /// - Returns: A text that ``symbols(_:count:)`` makes the same names of, whether their number is
  ///   known or not.
  public static func text(_ symbols: [String]) -> String {
    precondition(!symbols.isEmpty, "a list of no symbols")
    let plain = symbols.joined(separator: ",")
    if self.symbols(plain) == symbols { return plain }
    return "[\(symbols.map(JSONText.quoted).joined(separator: ","))]"
  }

  /// The names that a text lists.
  ///
  /// - Parameters:
  ///   - text: A JSON array of at least one string, or else names with commas between them.
  ///   - count: How many names there are, if that is known: an array of another length is none, but
  ///     names that look like one.
  /// - Returns: At least one name; some may be empty or alike.
  public static func symbols(_ text: String, count: Int? = nil) -> [String] {
    if text.hasPrefix("["),
      let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
      !names.isEmpty, names.count == count ?? names.count
    {
      return names
    }
    return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

/// Text as JSON has it.
enum JSONText {
  /// A string literal (RFC 8259): quotes, backslashes and control characters are escaped, nothing
  /// else.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
