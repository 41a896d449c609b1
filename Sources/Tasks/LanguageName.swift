// Tasks by the names that users give them.

extension Language {
  /// The task called `name`: "parity", or "mod-k" for a k from 2 to 64.
  ///
  /// - Throws: `LanguageNameError` if there is no such task.
  public init(named name: String) throws(LanguageNameError) {
    if name == "parity" {
      self = .parity
    } else if name.hasPrefix("mod-"), let k = Int(name.dropFirst(4)), 2...64 ~= k {
      self = .modulo(k)
    } else {
      throw LanguageNameError(name: name)
    }
  }
}

/// A name that no task has.
public struct LanguageNameError: Error, Equatable, CustomStringConvertible {
  public let name: String

  public var description: String {
    "There is no task '\(name)'; known are parity and mod-2 to mod-64."
  }
}
