// Zip files, as PyTorch and NumPy write them.
//
// Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", version 6.3.10, sections 4.3 to
// 4.5.

internal import Foundation

/// The files in a zip file, read with suspicion: sizes and places come from the directory at the
/// end, and nothing is believed that does not lie inside the file.
struct ZipArchive {
  /// A file in the archive.
  struct Entry {
    let name: String
    let method: Int
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    /// Where the file's own header begins.
    let offset: Int
  }

  /// In the order of the directory.
  let entries: [Entry]
  private let data: Data
  private let places: [String: Int]

  /// Whether the bytes begin as a zip file does.
  static func matches(_ data: Data) -> Bool {
    data.starts(with: [0x50, 0x4b, 0x03, 0x04]) || data.starts(with: [0x50, 0x4b, 0x05, 0x06])
  }

  /// Reads the directory.
  init(data: Data) throws(ZipError) {
    let reader = LittleEndian(data)
    let (count, size, offset) = try Self.directory(reader)
    guard offset >= 0, size >= 0, offset <= data.count, size <= data.count - offset,
      count <= size / 46
    else { throw .directory }
    var entries: [Entry] = []
    var places: [String: Int] = [:]
    var at = offset
    var total = 0
    for _ in 0..<count {
      guard reader.uint32(at) == 0x0201_4b50, let flags = reader.uint16(at + 8),
        let method = reader.uint16(at + 10), let checksum = reader.uint32(at + 16),
        let packed = reader.uint32(at + 20), let full = reader.uint32(at + 24),
        let nameLength = reader.uint16(at + 28), let extraLength = reader.uint16(at + 30),
        let commentLength = reader.uint16(at + 32), let start = reader.uint32(at + 42),
        let name = reader.bytes(at + 46, count: Int(nameLength))
      else { throw .directory }
      let text = String(decoding: name, as: UTF8.self)
      guard flags & 1 == 0 else { throw .encrypted(text) }
      var sizes = (full: Int(full), packed: Int(packed), offset: Int(start))
      let extra = at + 46 + Int(nameLength)
      try Self.widen(&sizes, reader, extra: extra..<extra + Int(extraLength))
      let (sum, overflow) = total.addingReportingOverflow(sizes.packed)
      // No two files share bytes, so that a small archive cannot unpack to a huge one.
      guard !overflow, sum <= data.count else { throw .directory }
      total = sum
      guard places.updateValue(entries.count, forKey: text) == nil else { throw .twice(text) }
      entries.append(
        Entry(
          name: text, method: Int(method), checksum: checksum, compressedSize: sizes.packed,
          size: sizes.full, offset: sizes.offset))
      at = extra + Int(extraLength) + Int(commentLength)
    }
    self.entries = entries
    self.places = places
    self.data = data
  }

  /// The bytes of a file, or nil if there is none of that name.
  func contents(of name: String) throws(ZipError) -> Data? {
    guard let place = places[name] else { return nil }
    let entry = entries[place]
    let reader = LittleEndian(data)
    guard reader.uint32(entry.offset) == 0x0403_4b50,
      let nameLength = reader.uint16(entry.offset + 26),
      let extraLength = reader.uint16(entry.offset + 28),
      let packed = reader.bytes(
        entry.offset + 30 + Int(nameLength) + Int(extraLength), count: entry.compressedSize)
    else { throw .outside(name) }
    let bytes: Data
    switch entry.method {
    case 0:
      guard entry.size == entry.compressedSize else { throw .damaged(name) }
      bytes = packed
    case 8:
      guard let unpacked = Zlib.inflated(packed, size: entry.size) else { throw .damaged(name) }
      bytes = unpacked
    default: throw .method(name, entry.method)
    }
    guard Zlib.checksum(bytes) == entry.checksum else { throw .damaged(name) }
    return bytes
  }

  /// How many files, and where their directory lies.
  private static func directory(
    _ reader: LittleEndian
  ) throws(ZipError) -> (count: Int, size: Int, offset: Int) {
    // The end record has 22 bytes and a comment of at most 65,535.
    let last = reader.count - 22
    var at = last
    while at >= max(0, last - 0xffff) {
      if reader.uint32(at) == 0x0605_4b50, reader.uint16(at + 20).map(Int.init) == last - at {
        break
      }
      at -= 1
    }
    guard at >= max(0, last - 0xffff), let count = reader.uint16(at + 10),
      let size = reader.uint32(at + 12), let offset = reader.uint32(at + 16)
    else { throw .noDirectory }
    // Before it may lie the place of a wider end record.
    guard reader.uint32(at - 20) == 0x0706_4b50 else {
      return (Int(count), Int(size), Int(offset))
    }
    guard let wide = reader.int(at - 12), reader.uint32(wide) == 0x0606_4b50,
      let count = reader.int(wide + 32), let size = reader.int(wide + 40),
      let offset = reader.int(wide + 48)
    else { throw .directory }
    return (count, size, offset)
  }

  /// Takes from the extra fields what does not fit into 32 bits.
  private static func widen(
    _ sizes: inout (full: Int, packed: Int, offset: Int), _ reader: LittleEndian,
    extra: Range<Int>
  ) throws(ZipError) {
    let none = Int(UInt32.max)
    guard sizes.full == none || sizes.packed == none || sizes.offset == none else { return }
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound {
      guard let kind = reader.uint16(at), let length = reader.uint16(at + 2) else { break }
      let end = at + 4 + Int(length)
      if kind == 1 {
        var field = at + 4
        func next() throws(ZipError) -> Int {
          guard field + 8 <= min(end, extra.upperBound), let number = reader.int(field) else {
            throw .directory
          }
          field += 8
          return number
        }
        if sizes.full == none { sizes.full = try next() }
        if sizes.packed == none { sizes.packed = try next() }
        if sizes.offset == none { sizes.offset = try next() }
        return
      }
      at = end
    }
    throw .directory
  }
}

/// Numbers in data, little endian; nil where they would lie outside.
struct LittleEndian {
  private let data: Data

  init(_ data: Data) {
    self.data = data
  }

  var count: Int { data.count }

  func uint16(_ offset: Int) -> UInt16? { number(offset) }
  func uint32(_ offset: Int) -> UInt32? { number(offset) }
  /// Eight bytes that hold a number which is not negative.
  func int(_ offset: Int) -> Int? { number(offset, as: UInt64.self).flatMap { Int(exactly: $0) } }

  func bytes(_ offset: Int, count: Int) -> Data? {
    guard offset >= 0, count >= 0, offset <= data.count, count <= data.count - offset else {
      return nil
    }
    let start = data.startIndex + offset
    return data[start..<start + count]
  }

  private func number<T: FixedWidthInteger & UnsignedInteger>(
    _ offset: Int, as _: T.Type = T.self
  ) -> T? {
    bytes(offset, count: T.bitWidth / 8)?.reversed().reduce(0) { $0 << 8 | T($1) }
  }
}

/// Why bytes are no zip file that can be read.
public enum ZipError: Error, Equatable, CustomStringConvertible {
  case noDirectory
  case directory
  case twice(String)
  case encrypted(String)
  case method(String, Int)
  case outside(String)
  case damaged(String)
  case tooLarge

  public var description: String {
    switch self {
    case .noDirectory:
      "the zip file has no directory at its end; was it cut off?"
    case .directory:
      "the zip file's directory makes no sense; was the file damaged?"
    case .twice(let name):
      "the zip file holds '\(name)' twice."
    case .encrypted(let name):
      "'\(name)' in the zip file is encrypted; save it without a password."
    case .method(let name, let method):
      "'\(name)' in the zip file is compressed by method \(method); read are stored and deflated "
        + "files."
    case .outside(let name):
      "'\(name)' in the zip file lies beyond its end; was it cut off?"
    case .damaged(let name):
      "'\(name)' in the zip file does not match its size and checksum; was the file damaged?"
    case .tooLarge:
      "a zip file of 4 GiB or more is not written; choose a file that ends in .safetensors."
    }
  }
}
