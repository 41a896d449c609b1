// The files of a folder in the order of the numbers in their names.

internal import Foundation

/// A file, and the number in its name.
public struct NumberedFile: Hashable, Sendable {
  public let number: Int
  public let path: String

  /// - Parameters:
  ///   - number: The number in its name.
  ///   - path: Where it is.
  public init(number: Int, path: String) {
    self.number = number
    self.path = path
  }
}

/// Finds the checkpoints of a run among the files of a folder.
///
/// A file's number is what follows the word step, iteration, iter or epoch in its name, the first of
/// these that does (`epoch_3_loss_0.25.pt` is number 3, `epoch=2-step=100.pt` number 100), else the
/// last run of digits (`model-100.pth`).
public enum NumberedFiles {
  /// The files of one kind, by their numbers. Hidden files and others do not count.
  ///
  /// - Parameters:
  ///   - folder: Where to look; not in the folders inside it.
  ///   - kinds: The ends of the names of the files, by kinds that are not mixed.
  /// - Throws: `FileError` if the folder cannot be read, has no such file or files of several kinds, a
  ///   name has no number, or two have the same one.
  public static func list(
    _ folder: String, kinds: [[String]]
  ) throws(FileError) -> [NumberedFile] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw .read(folder, (error as NSError).reason)
    }
    let found = kinds.map { kind in
      names.filter { name in !name.hasPrefix(".") && kind.contains { name.hasSuffix($0) } }
    }.filter { !$0.isEmpty }
    guard let chosen = found.first else {
      throw .noCheckpoints(folder, needed: kinds.flatMap { $0 })
    }
    if found.count > 1 { throw .mixed(folder, chosen[0], found[1][0]) }
    var files: [NumberedFile] = []
    for name in chosen {
      guard let number = number(in: name) else { throw .noNumber("\(folder)/\(name)") }
      files.append(NumberedFile(number: number, path: "\(folder)/\(name)"))
    }
    files.sort { ($0.number, $0.path) < ($1.number, $1.path) }
    for (a, b) in zip(files, files.dropFirst()) where a.number == b.number {
      throw .sameNumber(a.path, b.path, a.number)
    }
    return files
  }

  /// The number in a file's name, or nil if there is none that an `Int` holds.
  ///
  /// - Parameter name: The file's name, without the folder.
  public static func number(in name: String) -> Int? {
    let stem = (name as NSString).deletingPathExtension.lowercased()
    func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
    for word in ["step", "iteration", "iter", "epoch"] {
      guard let range = stem.range(of: word) else { continue }
      let digits = stem[range.upperBound...].drop { "-_=. ".contains($0) }.prefix(while: isDigit)
      if let number = Int(digits) { return number }
    }
    let digits = stem.reversed().drop { !isDigit($0) }.prefix(while: isDigit)
    return Int(String(digits.reversed()))
  }
}
