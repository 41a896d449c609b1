// Words as a shell takes them.

/// Quoting for POSIX shells.
public enum ShellWord {
  /// A word as a shell takes it: as it is where that is safe, else in single quotes.
  ///
  /// Looked at are Unicode scalars, not characters: a quote is one also before a combining mark.
  ///
  /// - Parameter word: The word as it is meant.
  public static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", "+", "=", ":", ",", "@", "%": true
      default: false
      }
    }
    guard !isPlain || word.isEmpty else { return word }
    var quoted = String.UnicodeScalarView("'".unicodeScalars)
    for scalar in word.unicodeScalars {
      if scalar == "'" {
        quoted.append(contentsOf: "'\\''".unicodeScalars)
      } else {
        quoted.append(scalar)
      }
    }
    quoted.append("'")
    return String(quoted)
  }
}
