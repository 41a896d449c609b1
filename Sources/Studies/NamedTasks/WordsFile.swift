// Labelled words in files of the field's formats.

public import Automata
internal import Files
internal import Foundation

/// Reads and writes words with labels.
public enum WordsFile {
  /// Reads MLRegTest's lines where they have a tab and TRUE or FALSE, else Abbadingo's.
  ///
  /// - Parameter path: The file.
  /// - Throws: `StudyError` for a file that is not as it should be, `FileError` if it cannot be read.
  public static func read(_ path: String) throws -> LabelledWords {
    let data = try WholeFile.read(path)
    do {
      let source = try text(decoding: Array(data), format: "words")
      let first = source.prefix { !$0.isNewline }
      let label = first.uppercased()
      return try label.hasSuffix("\tTRUE") || label.hasSuffix("\tFALSE")
        ? LabelledWords(mlRegTest: source) : LabelledWords(abbadingo: source)
    } catch {
      throw StudyError.file(path, "\(error)")
    }
  }

  /// Writes words in the format that the file's name says, whole or not at all.
  ///
  /// - Parameters:
  ///   - words: The words with their outputs.
  ///   - path: Where they are to be.
  /// - Throws: `StudyError` for another name or what the format cannot say; `FileError` if it cannot be
  ///   written.
  public static func write(_ words: LabelledWords, to path: String) throws {
    let text: String
    do {
      switch URL(fileURLWithPath: path).pathExtension.lowercased() {
      case "dat": text = try words.abbadingo()
      case "txt": text = try words.mlRegTest()
      default:
        throw StudyError.fileName(
          path, holds: "words are written to", needed: ".dat (Abbadingo) or .txt (MLRegTest)")
      }
    } catch let error as UnwritableError {
      throw StudyError.file(path, "\(error)")
    }
    try WholeFile.write(text, to: path)
  }
}
