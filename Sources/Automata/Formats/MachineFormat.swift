// The machine formats by name, for programs that take any of them.

/// A file format for machines.
public enum MachineFormat: String, CaseIterable, Sendable {
  case dot, json, att, jflap

  /// The format that files with this extension (`dot`, `gv`, `json`, `att`, `fst`, `jff`, in upper
  /// or lower case) usually have, or nil for others.
  public init?(pathExtension: String) {
    switch pathExtension.lowercased() {
    case "dot", "gv": self = .dot
    case "json": self = .json
    case "att", "fst": self = .att
    case "jff": self = .jflap
    default: return nil
    }
  }
}

extension MooreMachine {
  /// Reads a machine in any of the formats, as their own initializers describe.
  ///
  /// - Parameters:
  ///   - text: The file.
  ///   - format: The format that it is in.
  ///   - alphabet: The symbols, for AT&T and JFLAP files, which leave out those that occur on no
  ///     transition. DOT and JSON files say all of theirs.
  /// - Throws: ``FormatError`` with line and column.
  public init(
    text: String, format: MachineFormat, alphabet: Alphabet? = nil
  ) throws(FormatError) {
    switch format {
    case .dot: try self.init(dot: text)
    case .json: try self.init(json: text)
    case .att: try self.init(att: text, alphabet: alphabet)
    case .jflap: try self.init(jflap: text, alphabet: alphabet)
    }
  }

  /// The machine in any of the formats, as their own methods describe.
  ///
  /// - Throws: ``UnwritableError`` if the format has no words for this machine.
  public func text(format: MachineFormat) throws(UnwritableError) -> String {
    switch format {
    case .dot: dot()
    case .json: json()
    case .att: try att()
    case .jflap: jflap()
    }
  }
}
