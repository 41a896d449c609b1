// An array of numbers as files hold it.

public import Foundation

/// The type of a tensor's entries.
public enum TensorType: String, Sendable, Codable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint64 = "U64"
  case uint32 = "U32"
  case uint16 = "U16"
  case uint8 = "U8"
  case bool = "BOOL"

  /// Bytes per entry.
  public var size: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether entries are floating-point numbers.
  public var isFloat: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    default: false
    }
  }
}

/// One tensor: its type, its shape and its entries' bytes, little endian, row by row.
public struct Tensor: Equatable, Sendable {
  public let type: TensorType
  public let shape: [Int]
  public let bytes: Data

  /// A tensor of 32-bit numbers.
  ///
  /// - Precondition: as many values as the shape asks for.
  public init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *))
    self.type = .float32
    self.shape = shape
    // A closure, not a key path: that took 6 % of a run, being followed anew for each number.
    self.bytes = unsafe values.map { $0.bitPattern.littleEndian }
      .withUnsafeBytes { unsafe Data($0) }
  }

  /// A tensor of 64-bit whole numbers.
  ///
  /// - Precondition: as many values as the shape asks for.
  public init(shape: [Int], values: [Int64]) {
    precondition(values.count == shape.reduce(1, *))
    self.type = .int64
    self.shape = shape
    self.bytes = unsafe values.map { $0.littleEndian }.withUnsafeBytes { unsafe Data($0) }
  }

  init(type: TensorType, shape: [Int], bytes: Data) {
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// The number of entries.
  public var count: Int { shape.reduce(1, *) }

  /// The entries as 32-bit numbers, or nil if they are not floating-point numbers.
  public var floats: [Float]? {
    switch type {
    case .float32: integers(UInt32.self).map { Float(bitPattern: $0) }
    case .float64: integers(UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .bfloat16: integers(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .float16: integers(UInt16.self).map(Self.float(half:))
    default: nil
    }
  }

  /// The entries as whole numbers, or nil if they are none or too large; true is 1.
  public var integers: [Int]? {
    switch type {
    case .int64: integers(UInt64.self).map { Int(Int64(bitPattern: $0)) }
    case .int32: integers(UInt32.self).map { Int(Int32(bitPattern: $0)) }
    case .int16: integers(UInt16.self).map { Int(Int16(bitPattern: $0)) }
    case .int8: integers(UInt8.self).map { Int(Int8(bitPattern: $0)) }
    case .uint64:
      integers(UInt64.self).reduce(into: [Int]?([])) { whole, entry in
        if let number = Int(exactly: entry) { whole?.append(number) } else { whole = nil }
      }
    case .uint32: integers(UInt32.self).map(Int.init)
    case .uint16: integers(UInt16.self).map(Int.init)
    case .uint8: integers(UInt8.self).map(Int.init)
    case .bool: integers(UInt8.self).map { $0 == 0 ? 0 : 1 }
    case .float16, .bfloat16, .float32, .float64: nil
    }
  }

  private func integers<T: FixedWidthInteger>(_: T.Type) -> [T] {
    let size = MemoryLayout<T>.size
    return unsafe bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / size).map { index in
        T(littleEndian: unsafe buffer.loadUnaligned(fromByteOffset: index * size, as: T.self))
      }
    }
  }

  /// IEEE 754's binary16, which Swift's Float16 is not on every processor.
  private static func float(half bits: UInt16) -> Float {
    let sign = UInt32(bits >> 15) << 31
    let exponent = UInt32(bits >> 10) & 0x1f
    let fraction = UInt32(bits) & 0x3ff
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1)
      return Float(bitPattern: sign | magnitude.bitPattern)
    case 0x1f:
      return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
