// NumPy's own files of one array, `.npy`.
//
// Source: NumPy's documentation, numpy.lib.format, versions 1.0 to 3.0.

internal import Foundation

/// An array of text, such as words.
public struct TextArray: Equatable, Sendable {
  public let shape: [Int]
  /// Row by row.
  public let values: [String]

  /// - Precondition: as many values as the shape asks for.
  public init(shape: [Int], values: [String]) {
    precondition(values.count == shape.reduce(1, *))
    self.shape = shape
    self.values = values
  }
}

/// What a `.npy` file holds.
enum NumPyArray: Equatable {
  case tensor(Tensor)
  case text(TextArray)

  private static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  static func matches(_ data: Data) -> Bool { data.starts(with: magic) }

  // MARK: Reading

  init(data: Data) throws(NumPyError) {
    let reader = LittleEndian(data)
    guard Self.matches(data), let version = reader.bytes(6, count: 2)?.map(Int.init) else {
      throw .noHeader
    }
    let start: Int
    let length: Int
    switch version[0] {
    case 1:
      guard let size = reader.uint16(8) else { throw .cutOff }
      (start, length) = (10, Int(size))
    case 2, 3:
      guard let size = reader.uint32(8) else { throw .cutOff }
      (start, length) = (12, Int(size))
    default: throw .version(version[0])
    }
    // NumPy itself refuses longer ones; a structured type, which is not read, may need more than
    // this.
    guard length <= 1 << 16 else { throw .header }
    guard let header = reader.bytes(start, count: length) else { throw .cutOff }
    let fields = try HeaderFields(header)
    let body = data.dropFirst(start + length)
    let type = try EntryType(fields.type)

    var count = 1
    var isTooLarge = false
    for extent in fields.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      isTooLarge = isTooLarge || overflow
      count = product
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.size)
    // An entry takes at least one byte, but text of no characters: its count must be bounded as
    // well.
    guard !isTooLarge, !overflow, size == body.count, type.size > 0 || count <= 1 << 20 else {
      throw .size(shape: fields.shape, entry: type.size, bytes: body.count)
    }
    var bytes = body
    if fields.isFortran, fields.shape.count > 1, size > 0 {
      bytes = body.entries(
        shape: fields.shape, strides: Self.columnStrides(fields.shape), size: type.size)
    }
    switch type.kind {
    case .number(let number):
      if type.isBigEndian, type.size > 1 {
        bytes = bytes.entries(
          shape: [count], strides: [1], size: type.size, reversingBytes: true)
      }
      self = .tensor(Tensor(type: number, shape: fields.shape, bytes: bytes))
    case .unicode:
      self = .text(
        TextArray(shape: fields.shape, values: try Self.text(bytes, count: count, type)))
    case .ascii:
      self = .text(
        TextArray(
          shape: fields.shape,
          values: (0..<count).map { index in
            let start = bytes.startIndex + index * type.size
            let entry = bytes[start..<start + type.size]
            let end = (entry.lastIndex { $0 != 0 }).map { $0 + 1 } ?? start
            return String(decoding: entry[start..<end], as: UTF8.self)
          }))
    }
  }

  /// Text of four bytes per character, filled up with zeros.
  private static func text(
    _ bytes: Data, count: Int, _ type: EntryType
  ) throws(NumPyError) -> [String] {
    var values: [String] = []
    for index in 0..<count {
      var scalars = String.UnicodeScalarView()
      var zeros = 0
      for place in 0..<type.size / 4 {
        let start = bytes.startIndex + index * type.size + 4 * place
        let digits = bytes[start..<start + 4]
        let number =
          type.isBigEndian
          ? digits.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
          : digits.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let scalar = Unicode.Scalar(number) else { throw .text }
        if number == 0 {
          zeros += 1
        } else {
          for _ in 0..<zeros { scalars.append("\0") }
          zeros = 0
          scalars.append(scalar)
        }
      }
      values.append(String(scalars))
    }
    return values
  }

  /// How far apart entries lie along each axis where the first index changes fastest.
  private static func columnStrides(_ shape: [Int]) -> [Int] {
    shape.indices.map { shape[..<$0].reduce(1, *) }
  }

  // MARK: Writing

  /// The file's bytes, version 1.0.
  ///
  /// - Precondition: the tensor is not of bfloat16, which NumPy does not know.
  func data() -> Data {
    let type: String
    let shape: [Int]
    var body: Data
    switch self {
    case .tensor(let tensor):
      guard let name = EntryType.names.first(where: { $0.value == tensor.type })?.key else {
        preconditionFailure("NumPy knows no \(tensor.type)")
      }
      type = (tensor.type.size == 1 ? "|" : "<") + name
      (shape, body) = (tensor.shape, tensor.bytes)
    case .text(let text):
      let width = max(text.values.lazy.map(\.unicodeScalars.count).max() ?? 0, 1)
      type = "<U\(width)"
      shape = text.shape
      body = Data(capacity: text.values.count * width * 4)
      for value in text.values {
        var left = width
        for scalar in value.unicodeScalars {
          body.append(scalar.value)
          left -= 1
        }
        body.append(Data(count: 4 * left))
      }
    }
    let tuple = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(tuple)), }"
    // The array begins at a multiple of 64 bytes.
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var data = Data(Self.magic)
    data.append(contentsOf: [1, 0])
    data.append(UInt16(header.utf8.count))
    data.append(Data(header.utf8))
    data.append(body)
    return data
  }
}

/// The type of a NumPy array's entries, such as `<f4` or `|U7`.
private struct EntryType {
  enum Kind {
    case number(TensorType)
    case unicode
    case ascii
  }

  static let names: [String: TensorType] = [
    "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
    "i1": .int8, "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .bool,
  ]

  let kind: Kind
  let size: Int
  let isBigEndian: Bool

  init(_ text: String) throws(NumPyError) {
    let order = text.first ?? " "
    let name = text.dropFirst()
    guard "<>|=".contains(order) else { throw .type(text) }
    isBigEndian = order == ">"
    if let type = Self.names[String(name)] {
      kind = .number(type)
      size = type.size
    } else if let letter = name.first, letter == "U" || letter == "S",
      let width = Int(name.dropFirst()), 0...1_000_000 ~= width
    {
      kind = letter == "U" ? .unicode : .ascii
      size = letter == "U" ? 4 * width : width
    } else if name.first == "O" {
      throw .objects
    } else {
      throw .type(text)
    }
  }
}

/// The three entries of a header, which is a Python dictionary.
private struct HeaderFields {
  let type: String
  let isFortran: Bool
  let shape: [Int]

  init(_ header: Data) throws(NumPyError) {
    var scanner = Scanner(text: Array(String(decoding: header, as: UTF8.self).unicodeScalars))
    var type: String?
    var isFortran: Bool?
    var shape: [Int]?
    guard scanner.skip("{") else { throw .header }
    while !scanner.skip("}") {
      guard let key = scanner.quoted(), scanner.skip(":") else { throw .header }
      switch key {
      case "descr":
        // A list of fields has names of its own.
        guard !scanner.looksAt("[") else { throw .structured }
        type = scanner.quoted()
      case "fortran_order":
        isFortran = scanner.skip("True") ? true : scanner.skip("False") ? false : nil
      case "shape": shape = scanner.tuple()
      default: throw .header
      }
      guard scanner.skip(",") || scanner.looksAt("}") else { throw .header }
    }
    guard let type, let isFortran, let shape, scanner.isAtEnd else { throw .header }
    self.type = type
    self.isFortran = isFortran
    self.shape = shape
  }

  /// Just as much Python as headers are made of.
  private struct Scanner {
    let text: [Unicode.Scalar]
    var place = 0

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return place == text.count
      }
    }

    mutating func looksAt(_ word: String) -> Bool {
      skipSpace()
      return text[place...].starts(with: word.unicodeScalars)
    }

    mutating func skip(_ word: String) -> Bool {
      guard looksAt(word) else { return false }
      place += word.unicodeScalars.count
      return true
    }

    mutating func quoted() -> String? {
      skipSpace()
      guard place < text.count, text[place] == "'" || text[place] == "\"",
        let end = text[(place + 1)...].firstIndex(of: text[place])
      else { return nil }
      defer { place = end + 1 }
      return text[(place + 1)..<end].reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    /// A tuple of numbers that are not negative.
    mutating func tuple() -> [Int]? {
      guard skip("(") else { return nil }
      var numbers: [Int] = []
      while !skip(")") {
        let digits = text[place...].prefix { "0"..."9" ~= $0 }
        guard numbers.count < 64,
          let number = Int(digits.reduce(into: "") { $0.unicodeScalars.append($1) })
        else { return nil }
        numbers.append(number)
        place += digits.count
        // Python 2 marks long numbers.
        _ = skip("L")
        guard skip(",") || looksAt(")") else { return nil }
        skipSpace()
      }
      return numbers
    }

    private mutating func skipSpace() {
      while place < text.count, text[place].properties.isWhitespace { place += 1 }
    }
  }
}

/// Why bytes are no NumPy array that can be read.
public enum NumPyError: Error, Equatable, CustomStringConvertible {
  case noHeader
  case cutOff
  case version(Int)
  case header
  case structured
  case objects
  case type(String)
  case size(shape: [Int], entry: Int, bytes: Int)
  case text

  public var description: String {
    switch self {
    case .noHeader:
      "no NumPy header: the file should begin with \\x93NUMPY."
    case .cutOff:
      "the NumPy file ends within its header; was it cut off?"
    case .version(let version):
      "the NumPy file is of version \(version); read are 1 to 3."
    case .header:
      "the NumPy header makes no sense; was the file damaged?"
    case .structured:
      "a NumPy array of records is not read; save each field as an array of its own."
    case .objects:
      "a NumPy array of Python objects would have to be unpickled, which may run code, and is not "
        + "read. Save numbers, or text of dtype=str."
    case .type(let text):
      "a NumPy array of type '\(text)' is not read; read are floating-point and whole numbers, "
        + "bool and text."
    case .size(let shape, let entry, let bytes):
      "a NumPy array of shape \(shape) with \(entry) bytes per entry does not fit its \(bytes) "
        + "bytes; was the file cut off?"
    case .text:
      "a NumPy array of text holds a character that does not exist."
    }
  }
}
