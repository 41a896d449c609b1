// Machines in files whose names say the format.

public import Automata
internal import Files
internal import Foundation

/// Reads and writes machines.
public enum MachineFile {
  /// How the names of such files end.
  private static let endings = ".dot, .gv, .json, .att, .fst or .jff"

  /// Reads a machine.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - alphabet: The symbols, where the format does not name all of them.
  /// - Throws: `StudyError` for a name that says no format or a file that is not as it should be;
  ///   `FileError` if it cannot be read.
  public static func read(_ path: String, alphabet: Alphabet? = nil) throws -> MooreMachine {
    guard let format = format(of: path) else {
      throw StudyError.fileName(path, holds: "machines are read from", needed: endings)
    }
    let data = try WholeFile.read(path)
    do {
      let formatName = format == .att ? "AT&T text" : format.rawValue.uppercased()
      let source = try text(decoding: Array(data), format: formatName)
      return try MooreMachine(text: source, format: format, alphabet: alphabet)
    } catch {
      throw StudyError.file(path, "\(error)")
    }
  }

  /// Writes a machine, whole or not at all.
  ///
  /// - Parameters:
  ///   - machine: The machine.
  ///   - path: Where it is to be; the end of the name says in which format.
  /// - Throws: `StudyError` for a name that says no format or what the format cannot say; `FileError`
  ///   if it cannot be written.
  public static func write(_ machine: MooreMachine, to path: String) throws {
    guard let format = format(of: path) else {
      throw StudyError.fileName(path, holds: "machines are written to", needed: endings)
    }
    do {
      try WholeFile.write(machine.text(format: format), to: path)
    } catch let error as UnwritableError {
      throw StudyError.file(path, "\(error)")
    }
  }

  /// The format that a file's name says, or nil.
  package static func format(of path: String) -> MachineFormat? {
    MachineFormat(pathExtension: URL(fileURLWithPath: path).pathExtension)
  }
}
