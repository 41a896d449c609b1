// Writes zip files of stored, uncompressed files: what NumPy calls `.npz`.

internal import Foundation

/// Gathers files for a zip file. The same files always give the same bytes: the time of each is the
/// earliest that the format knows, the first of January 1980.
struct ZipWriter {
  private var body = Data()
  private var directory = Data()
  private var count: UInt16 = 0

  /// Adds a file.
  ///
  /// - Throws: `ZipError.tooLarge` where the archive would need the format's wide fields.
  mutating func add(_ name: String, _ contents: Data) throws(ZipError) {
    let name = Data(name.utf8)
    guard count < UInt16.max, name.count < UInt16.max,
      body.count + directory.count + contents.count + 2 * name.count + 100 < UInt32.max
    else { throw .tooLarge }
    let offset = UInt32(body.count)
    // Version 2.0; UTF-8 names; stored; no time, the date 1980-01-01.
    var common = Data()
    common.append(20 as UInt16, 0x0800 as UInt16, 0 as UInt16, 0 as UInt16, 0x21 as UInt16)
    common.append(Zlib.checksum(contents), UInt32(contents.count), UInt32(contents.count))
    common.append(UInt16(name.count), 0 as UInt16)
    body.append(0x0403_4b50 as UInt32)
    body.append(common)
    body.append(name)
    body.append(contents)
    directory.append(0x0201_4b50 as UInt32)
    directory.append(20 as UInt16)
    directory.append(common)
    // No comment, disk 0, no attributes.
    directory.append(0 as UInt16, 0 as UInt16, 0 as UInt16)
    directory.append(0 as UInt32, offset)
    directory.append(name)
    count += 1
  }

  /// The archive.
  func data() -> Data {
    var data = body
    data.append(directory)
    data.append(0x0605_4b50 as UInt32)
    data.append(0 as UInt16, 0 as UInt16, count, count)
    data.append(UInt32(directory.count), UInt32(body.count))
    data.append(0 as UInt16)
    return data
  }
}

extension Data {
  /// Appends numbers, little endian.
  mutating func append<T: FixedWidthInteger>(_ numbers: T...) {
    for number in numbers {
      for byte in 0..<T.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }
  }
}
