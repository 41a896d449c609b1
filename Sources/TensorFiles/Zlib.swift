// The one file that imports zlib: checksums of zip files and what is compressed in them.

internal import CZlib
internal import Foundation

enum Zlib {
  /// The CRC-32 of zip files.
  static func checksum(_ data: Data) -> UInt32 {
    let sum = unsafe data.withUnsafeBytes { bytes in
      unsafe crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }
    return UInt32(truncatingIfNeeded: sum)
  }

  /// Unpacks deflate data.
  ///
  /// - Parameter size: How many bytes it must give; no more are ever made.
  /// - Returns: Nil if the data are damaged or give another number of bytes.
  static func inflated(_ data: Data, size: Int) -> Data? {
    var stream = unsafe z_stream()
    guard unsafe zlib_begin_raw_inflate(&stream) == Z_OK else { return nil }
    defer { _ = unsafe inflateEnd(&stream) }
    var input = [UInt8](data)
    var result = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // One byte too many has room, so that data that go on are noticed.
    let status = unsafe input.withUnsafeMutableBufferPointer { source -> Int32 in
      unsafe stream.next_in = source.baseAddress
      var left = source.count
      while true {
        if unsafe stream.avail_in == 0, left > 0 {
          let piece = min(left, 1 << 30)
          unsafe stream.avail_in = UInt32(piece)
          left -= piece
        }
        let (status, made) = unsafe chunk.withUnsafeMutableBufferPointer { room -> (Int32, Int) in
          unsafe stream.next_out = room.baseAddress
          unsafe stream.avail_out = UInt32(room.count)
          let status = unsafe inflate(&stream, Z_NO_FLUSH)
          return (status, room.count - Int(unsafe stream.avail_out))
        }
        guard result.count + made <= size else { return Z_DATA_ERROR }
        result.append(contentsOf: chunk[..<made])
        // Without any progress zlib says so by an error of its own.
        if status != Z_OK { return status }
      }
    }
    return status == Z_STREAM_END && result.count == size ? result : nil
  }
}
