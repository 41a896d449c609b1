// What the tests of file formats share: the files to read, and how they are damaged.

import Foundation
import Testing

@testable import TensorFiles

/// The bytes of a file in `fixtures/tensors`.
func fixture(_ name: String) throws -> Data {
  try Data(
    contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../fixtures/tensors/\(name)"))
}

/// The sentence with which reading fails.
func complaint(_ data: Data) -> String {
  do {
    _ = try TensorArchive(data: data)
    return "no complaint"
  } catch {
    return "\(error)"
  }
}

/// The files of a zip file by their names.
func files(of zip: Data) throws -> [String: Data] {
  let archive = try ZipArchive(data: zip)
  var files: [String: Data] = [:]
  for entry in archive.entries {
    // Not a slice: corruption counts from the beginning.
    files[entry.name] = try archive.contents(of: entry.name).map { Data([UInt8]($0)) }
  }
  return files
}

/// A zip file of files.
func zip(_ files: [String: Data]) throws -> Data {
  var writer = ZipWriter()
  for (name, data) in files.sorted(by: { $0.key < $1.key }) { try writer.add(name, data) }
  return writer.data()
}

/// A file of PyTorch's with another pickle in it.
func torchFile(pickle: [UInt8], storages: [String: Data] = [:]) throws -> Data {
  var files = ["archive/data.pkl": Data(pickle)]
  for (key, data) in storages { files["archive/data/\(key)"] = data }
  return try zip(files)
}

/// Changes a few bytes: flips, cuts, insertions, deletions, numbers that are large or copied.
func corrupt(_ data: inout Data, using generator: inout some RandomNumberGenerator) {
  for _ in 0..<Int.random(in: 1...3, using: &generator) {
    guard !data.isEmpty else { return }
    let place = Int.random(in: 0..<data.count, using: &generator)
    func some(_ most: Int) -> Range<Int> {
      place..<min(data.count, place + Int.random(in: 1...most, using: &generator))
    }
    switch Int.random(in: 0..<8, using: &generator) {
    case 0, 1: data[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 2: data = Data(data.prefix(place))
    case 3:
      let count = Int.random(in: 1...9, using: &generator)
      data.insert(
        contentsOf: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) },
        at: place)
    case 4: data.removeSubrange(some(9))
    case 5: data[place] = UInt8.random(in: 0...255, using: &generator)
    case 6: data.replaceSubrange(some(8), with: [0xff, 0xff, 0xff, 0x7f])
    default:
      // Another part of the file comes in place of this one.
      let from = Int.random(in: 0..<data.count, using: &generator)
      data.replaceSubrange(some(20), with: data[from..<min(data.count, from + 20)])
    }
  }
}

/// Reads a damaged file, which must give sane tensors or one sentence.
///
/// - Returns: Whether it was read.
func survives(_ data: Data) -> Bool {
  do {
    let archive = try TensorArchive(data: data)
    var bytes = 0
    for (name, tensor) in archive.tensors {
      bytes += tensor.bytes.count
      if tensor.count * tensor.type.size != tensor.bytes.count {
        Issue.record("\(name) has no \(tensor.count) entries: \(data.base64EncodedString())")
      }
      if let floats = tensor.floats, floats.count != tensor.count {
        Issue.record("\(name) has \(floats.count) numbers: \(data.base64EncodedString())")
      }
    }
    if bytes > 100 * data.count {
      Issue.record("\(bytes) bytes from \(data.count): \(data.base64EncodedString())")
    }
    return true
  } catch {
    let sentence = "\(error)"
    if sentence.contains("\n") || !".?".contains(sentence.last ?? " ") {
      // Names out of the file may hold any character.
      let isName = sentence.unicodeScalars.filter { !$0.properties.isWhitespace }.isEmpty
      if isName || !sentence.hasSuffix(".") && !sentence.hasSuffix("?") {
        Issue.record("\(sentence) for \(data.base64EncodedString())")
      }
    }
    return false
  }
}
