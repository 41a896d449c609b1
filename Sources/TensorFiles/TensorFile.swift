// Files of named tensors, in the safetensors format.
//
// A file is eight bytes that hold the header's length (little endian), the header (JSON: for each
// tensor its type, shape and place), and the tensors' bytes. The reader is strict: it believes
// nothing that it has not checked, since checkpoints come from anywhere.
//
// Source: https://github.com/huggingface/safetensors, section "Format".

public import Foundation

/// Named tensors and the notes that go with them.
public struct TensorFile: Equatable, Sendable {
  public var tensors: [String: Tensor]
  public var metadata: [String: String]

  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The file's bytes. The same content always gives the same bytes: tensors are laid out in the
  /// order of their names, wider types first, as the format's own library does.
  public func data() -> Data {
    let order = tensors.sorted {
      $0.value.type.size != $1.value.type.size
        ? $0.value.type.size > $1.value.type.size : $0.key < $1.key
    }
    var fields: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key < $1.key }
        .map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
      fields.append("\"__metadata__\":{\(notes.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in order {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      fields.append(
        "\(JSONText.quoted(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    // Tensors start at a multiple of eight bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var data = Data(capacity: 8 + header.count + offset)
    unsafe withUnsafeBytes(of: UInt64(header.count).littleEndian) {
      unsafe data.append(contentsOf: $0)
    }
    data.append(header)
    for (_, tensor) in order { data.append(tensor.bytes) }
    return data
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `TensorFileError` for whatever the format does not allow: a header that is too
  ///   long or no JSON, a type that is not read here, a shape that does not fit the bytes,
  ///   tensors that overlap, leave a gap or reach beyond the file.
  public init(data: Data) throws(TensorFileError) {
    guard data.count >= 8 else { throw .tooShort(bytes: data.count) }
    let bytes = [UInt8](data.prefix(8))
    let length = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let available = data.count - 8
    guard length <= available else {
      throw .headerBeyondFile(length: length, available: available)
    }
    let start = data.startIndex + 8
    let header = data[start..<start + Int(length)]
    guard header.first == UInt8(ascii: "{") else { throw .noHeader }
    let content: [String: HeaderEntry]
    do {
      content = try JSONDecoder().decode([String: HeaderEntry].self, from: header)
    } catch {
      // Entries of any form decode, so all that can be wrong is the JSON itself.
      throw .badHeader
    }

    var metadata: [String: String] = [:]
    var places: [(name: String, entry: TensorEntry)] = []
    for (name, entry) in content {
      switch entry {
      case .metadata(let notes):
        guard name == "__metadata__" else { throw .badEntry(name) }
        metadata = notes
      case .nothing: guard name == "__metadata__" else { throw .badEntry(name) }
      case .tensor(let entry): places.append((name, entry))
      case .other: throw .badEntry(name)
      }
    }
    places.sort {
      ($0.entry.begin, $0.entry.end, $0.name) < ($1.entry.begin, $1.entry.end, $1.name)
    }
    var tensors: [String: Tensor] = [:]
    let body = data[(start + Int(length))...]
    var offset = 0
    for (name, entry) in places {
      guard let type = TensorType(rawValue: entry.type) else {
        throw .unknownType(name: name, type: entry.type)
      }
      guard entry.begin <= entry.end, entry.end <= body.count else {
        throw .outOfRange(
          name: name, begin: entry.begin, end: entry.end, available: body.count)
      }
      guard entry.begin >= offset else { throw .overlap(name: name) }
      guard entry.begin == offset else {
        throw .gap(name: name, begin: entry.begin, expected: offset)
      }
      var size = type.size
      for dimension in entry.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else {
          throw .wrongSize(name: name, shape: entry.shape, bytes: entry.end - entry.begin)
        }
        size = product
      }
      guard size == entry.end - entry.begin else {
        throw .wrongSize(name: name, shape: entry.shape, bytes: entry.end - entry.begin)
      }
      tensors[name] = Tensor(
        type: type, shape: entry.shape,
        bytes: body[body.startIndex + entry.begin..<body.startIndex + entry.end])
      offset = entry.end
    }
    guard offset == body.count else { throw .trailingBytes(body.count - offset) }
    // Tied weights are saved once; the metadata say under which name.
    let aliases = metadata.filter { tensors[$0.key] == nil && tensors[$0.value] != nil }
    for (alias, name) in aliases { tensors[alias] = tensors[name] }
    self.init(
      tensors: tensors, metadata: metadata.filter { aliases[$0.key] == nil })
  }
}

private struct TensorEntry: Decodable {
  let type: String
  let shape: [Int]
  let begin: Int
  let end: Int

  private enum CodingKeys: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decode(String.self, forKey: .type)
    shape = try container.decode([Int].self, forKey: .shape)
    let offsets = try container.decode([Int].self, forKey: .offsets)
    guard offsets.count == 2, offsets[0] >= 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .offsets, in: container, debugDescription: "data_offsets are no two numbers")
    }
    (begin, end) = (offsets[0], offsets[1])
  }
}

private enum HeaderEntry: Decodable {
  case tensor(TensorEntry)
  case metadata([String: String])
  case nothing
  case other

  init(from decoder: any Decoder) throws {
    if let entry = try? TensorEntry(from: decoder) {
      self = .tensor(entry)
    } else if let notes = try? [String: String](from: decoder) {
      self = .metadata(notes)
    } else if let value = try? decoder.singleValueContainer(), value.decodeNil() {
      self = .nothing
    } else {
      self = .other
    }
  }
}

/// Why bytes are no safetensors file.
public enum TensorFileError: Error, Equatable, CustomStringConvertible {
  case tooShort(bytes: Int)
  case headerBeyondFile(length: UInt64, available: Int)
  case noHeader
  case badHeader
  case badEntry(String)
  case unknownType(name: String, type: String)
  case outOfRange(name: String, begin: Int, end: Int, available: Int)
  case overlap(name: String)
  case gap(name: String, begin: Int, expected: Int)
  case wrongSize(name: String, shape: [Int], bytes: Int)
  case trailingBytes(Int)

  public var description: String {
    switch self {
    case .tooShort(let bytes):
      "the file has \(bytes) bytes, too few for a safetensors file; was it cut off?"
    case .headerBeyondFile(let length, let available):
      "the header says it is \(length) bytes long, but only \(available) follow; "
        + "this is no safetensors file, or it was cut off."
    case .noHeader:
      "no safetensors header: after the first eight bytes '{' was expected."
    case .badHeader:
      "the safetensors header is not valid JSON."
    case .badEntry(let name):
      "the header's entry '\(name)' has no dtype, shape and data_offsets that make sense."
    case .unknownType(let name, let type):
      "'\(name)' has type \(type); read are floating-point numbers of 64, 32 and 16 bits (F64, "
        + "F32, F16, BF16), whole numbers and BOOL."
    case .outOfRange(let name, let begin, let end, let available):
      "'\(name)' lies at bytes \(begin) to \(end), but the file holds \(available); "
        + "was it cut off?"
    case .overlap(let name):
      "'\(name)' overlaps another tensor."
    case .gap(let name, let begin, let expected):
      "'\(name)' begins at byte \(begin), but the tensor before it ends at \(expected)."
    case .wrongSize(let name, let shape, let bytes):
      "'\(name)' has shape \(shape), which does not fit its \(bytes) bytes."
    case .trailingBytes(let count):
      count == 1
        ? "1 byte at the end belongs to no tensor."
        : "\(count) bytes at the end belong to no tensor."
    }
  }
}
