// Machines as JSON, in a format of our own that scripts can read without us.
//
// The parser is our own so that every complaint has a line and a column, and so that the module
// needs no Foundation.

/// A JSON value, for what a caller adds to a machine's file.
public enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Not a number and infinities are written as null, since JSON has neither.
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// Written in order of the keys.
  case object([String: JSONValue])

  /// The value as one line of JSON.
  public var text: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? String(value) : "null"
    case .string(let value): JSONValue.quoted(value)
    case .array(let values): "[\(values.map(\.text).joined(separator: ", "))]"
    case .object(let values):
      "{"
        + values.sorted { $0.key < $1.key }
        .map { "\(JSONValue.quoted($0.key)): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension MooreMachine {
  /// The machine as JSON, one state per line.
  ///
  /// ```json
  /// {
  ///   "format": "extract-automaton",
  ///   "version": 1,
  ///   "alphabet": ["0", "1"],
  ///   "outputs": ["0", "1"],
  ///   "states": [
  ///     {"output": "0", "access": "ε", "successors": [0, 1]},
  ///     {"output": "1", "access": "1", "successors": [1, null]}
  ///   ]
  /// }
  /// ```
  ///
  /// The first state is the start. `successors` has one entry per symbol of `alphabet`: the
  /// number of a state, from 0, or null where the transition is open. `access` is the
  /// shortlex-least word that leads to the state, as ``Alphabet/format(_:)`` writes it; states that
  /// none leads to lack it. Readers ignore it, and all fields they don't know.
  ///
  /// - Parameters:
  ///   - fields: What to add to the file, in this order, before `states`.
  ///   - stateFields: What to add to each state, in this order, after its own fields.
  /// - Precondition: no added field has a name that the format uses.
  /// - Complexity: O(n · k) beside the access words.
  public func json(
    fields: [(name: String, value: JSONValue)] = [],
    stateFields: (_ state: Int) -> [(name: String, value: JSONValue)] = { _ in [] }
  ) -> String {
    precondition(
      fields.allSatisfy {
        !["format", "version", "alphabet", "outputs", "states"].contains($0.name)
      },
      "a field's name is taken")
    let k = alphabet.count
    var text = "{\n  \"format\": \"extract-automaton\",\n  \"version\": 1,\n"
    for (name, list) in [("alphabet", alphabet.symbols), ("outputs", outputAlphabet.symbols)] {
      text += "  \"\(name)\": \(JSONValue.array(list.map(JSONValue.string)).text),\n"
    }
    for (name, value) in fields { text += "  \(JSONValue.quoted(name)): \(value.text),\n" }
    text += "  \"states\": [\n"
    let outputNames = outputAlphabet.symbols.map(JSONValue.quoted)
    for (state, word) in accessWords().enumerated() {
      text += "    {\"output\": \(outputNames[Int(outputs[state])])"
      if let word { text += ", \"access\": \(JSONValue.quoted(alphabet.format(word)))" }
      let row = successors[state * k..<(state + 1) * k].map { $0 == Self.open ? "null" : "\($0)" }
      text += ", \"successors\": [\(row.joined(separator: ", "))]"
      for (name, value) in stateFields(state) {
        precondition(!["output", "access", "successors"].contains(name), "'\(name)' is taken")
        text += ", \(JSONValue.quoted(name)): \(value.text)"
      }
      text += state + 1 < stateCount ? "},\n" : "}\n"
    }
    return text + "  ]\n}\n"
  }

  /// Reads what ``json(fields:stateFields:)`` writes, strictly: all fields must be there, of the
  /// right type and range, and none twice; unknown fields are ignored.
  ///
  /// - Throws: ``FormatError`` with line and column.
  /// - Complexity: O(length of the text).
  public init(json: String) throws(FormatError) {
    var parser = JSONParser(json)
    let file = try parser.document()
    let formatNode = try parser.field("format", of: file, "the file")
    let format = try parser.string(formatNode, "'format'")
    guard format == "extract-automaton" else {
      throw parser.error(
        .wrongValue("'format'", found: "'\(format)'", needed: "'extract-automaton'"),
        at: formatNode.offset)
    }
    let version = try parser.field("version", of: file, "the file")
    guard try parser.integer(version, "'version'") == 1 else {
      throw parser.error(
        .wrongValue("'version'", found: parser.source(of: version), needed: "1"),
        at: version.offset)
    }
    let alphabet = try parser.alphabet("alphabet", of: file)
    let outputAlphabet = try parser.alphabet("outputs", of: file)
    let statesNode = try parser.field("states", of: file, "the file")
    let states = try parser.array(statesNode, "'states'")
    guard !states.isEmpty else {
      throw parser.error(.wrongCount(of: "states", found: 0, needed: 1), at: statesNode.offset)
    }
    let outputNumbers = Dictionary(uniqueKeysWithValues: zip(outputAlphabet.symbols, Int32(0)...))
    var outputs: [Int32] = []
    var successors: [Int32] = []
    for (number, node) in states.enumerated() {
      let outputNode = try parser.field("output", of: node, "state \(number)")
      let name = try parser.string(outputNode, "'output'")
      guard let output = outputNumbers[name] else {
        throw parser.error(
          .unknownOutput(name, outputs: outputAlphabet.symbols), at: outputNode.offset)
      }
      outputs.append(output)
      let rowNode = try parser.field("successors", of: node, "state \(number)")
      let row = try parser.array(rowNode, "'successors'")
      guard row.count == alphabet.count else {
        throw parser.error(
          .wrongCount(of: "successors", found: row.count, needed: alphabet.count),
          at: rowNode.offset)
      }
      for entry in row {
        if case .null = entry.content {
          successors.append(Self.open)
          continue
        }
        let successor = try parser.integer(entry, "a successor")
        guard states.indices ~= successor else {
          throw parser.error(
            .unknownState(
              String(successor), advice: "states are numbered 0 to \(states.count - 1)"),
            at: entry.offset)
        }
        successors.append(Int32(successor))
      }
    }
    self.init(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: outputs, successors: successors)
  }
}

/// A value with its place in the text.
private struct JSONNode {
  enum Content {
    case null
    case boolean
    case number(Int?)
    case string(String)
    case array([JSONNode])
    case object([String: JSONNode])
  }

  var content: Content
  var offset: Int
  var end: Int
}

/// Reads JSON (RFC 8259); its complaints have places.
private struct JSONParser {
  private var cursor: Cursor
  private let depthLimit = 64

  init(_ text: String) { cursor = Cursor(text, format: "JSON") }

  func error(_ problem: FormatError.Problem, at offset: Int) -> FormatError {
    cursor.error(problem, at: offset)
  }

  // MARK: Grammar

  mutating func document() throws(FormatError) -> JSONNode {
    let root = try value(depth: 0)
    skipSpace()
    guard cursor.byte == nil else {
      throw cursor.error(.unexpected(found: cursor.found, needed: "the end of the file"))
    }
    return root
  }

  private mutating func skipSpace() {
    while let byte = cursor.byte, " \n\r\t".utf8.contains(byte) { cursor.offset += 1 }
  }

  private mutating func value(depth: Int) throws(FormatError) -> JSONNode {
    guard depth < depthLimit else { throw cursor.error(.tooDeep(limit: depthLimit)) }
    skipSpace()
    let start = cursor.offset
    let content: JSONNode.Content
    switch cursor.byte {
    case UInt8(ascii: "{"):
      content = .object(try members(depth: depth))
    case UInt8(ascii: "["):
      cursor.offset += 1
      var elements: [JSONNode] = []
      skipSpace()
      if !cursor.skip("]") {
        repeat {
          elements.append(try value(depth: depth + 1))
          skipSpace()
        } while cursor.skip(",")
        guard cursor.skip("]") else {
          throw cursor.error(.unexpected(found: cursor.found, needed: "',' or ']'"))
        }
      }
      content = .array(elements)
    case UInt8(ascii: "\""):
      content = .string(try string())
    case .some(let byte) where byte.isDigit || byte == UInt8(ascii: "-"):
      content = try number()
    default:
      var word = cursor
      while let byte = word.byte, byte.isLetter { word.offset += 1 }
      switch cursor.text(start..<word.offset) {
      case "null": content = .null
      case "true", "false": content = .boolean
      default: throw cursor.error(.unexpected(found: cursor.found, needed: "a JSON value"))
      }
      cursor = word
    }
    return JSONNode(content: content, offset: start, end: cursor.offset)
  }

  private mutating func members(depth: Int) throws(FormatError) -> [String: JSONNode] {
    cursor.offset += 1
    var members: [String: JSONNode] = [:]
    skipSpace()
    if cursor.skip("}") { return members }
    repeat {
      skipSpace()
      let start = cursor.offset
      guard cursor.byte == UInt8(ascii: "\"") else {
        throw cursor.error(.unexpected(found: cursor.found, needed: "a field's name in quotes"))
      }
      let key = try string()
      skipSpace()
      guard cursor.skip(":") else {
        throw cursor.error(.unexpected(found: cursor.found, needed: "':'"))
      }
      let member = try value(depth: depth + 1)
      guard members.updateValue(member, forKey: key) == nil else {
        throw cursor.error(.duplicate(key, of: "fields"), at: start)
      }
      skipSpace()
    } while cursor.skip(",")
    guard cursor.skip("}") else {
      throw cursor.error(.unexpected(found: cursor.found, needed: "',' or '}'"))
    }
    return members
  }

  private mutating func number() throws(FormatError) -> JSONNode.Content {
    let start = cursor.offset
    var isInteger = true
    while let byte = cursor.byte, byte.isDigit || byte.isLetter || "+-.".utf8.contains(byte) {
      if !byte.isDigit && !(byte == UInt8(ascii: "-") && cursor.offset == start) {
        isInteger = false
      }
      cursor.offset += 1
    }
    let text = cursor.text(start..<cursor.offset)
    let digits = text.drop { $0 == "-" }
    let hasLeadingZero =
      digits.count > 1 && digits.first == "0" && digits.dropFirst().first!.isNumber
    guard !hasLeadingZero, text.last!.isNumber, digits.first?.isNumber ?? false,
      isInteger || Double(text) != nil, !text.lowercased().contains("x")
    else {
      throw cursor.error(.unexpected(found: "'\(text)'", needed: "a number"), at: start)
    }
    return .number(isInteger ? Int(text) : nil)
  }

  private mutating func string() throws(FormatError) -> String {
    let start = cursor.offset
    cursor.offset += 1
    var units: [UInt8] = []
    while let byte = cursor.byte {
      switch byte {
      case UInt8(ascii: "\""):
        cursor.offset += 1
        return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        units += Array(String(try escape()).utf8)
      case 0..<0x20:
        throw cursor.error(
          .unexpected(found: "a control character in a string", needed: "an escape such as \\n"))
      default:
        units.append(byte)
        cursor.offset += 1
      }
    }
    throw cursor.error(.unexpected(found: "a string without end", needed: "'\"'"), at: start)
  }

  private mutating func escape() throws(FormatError) -> Unicode.Scalar {
    let start = cursor.offset
    cursor.offset += 2
    switch cursor.bytes.indices ~= start + 1 ? cursor.bytes[start + 1] : 0 {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      if let unit = hexUnit() {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // A character beyond the first 65,536 is a pair of surrogates.
        if 0xD800..<0xDC00 ~= unit, cursor.skip("\\"), cursor.skip("u"), let low = hexUnit(),
          0xDC00..<0xE000 ~= low,
          let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
          return scalar
        }
      }
    default: break
    }
    throw cursor.error(
      .unexpected(found: "an invalid escape", needed: "an escape of JSON such as \\n or \\u00e9"),
      at: start)
  }

  private mutating func hexUnit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = cursor.byte,
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { return nil }
      unit = unit << 4 | UInt32(digit)
      cursor.offset += 1
    }
    return unit
  }

  // MARK: Types

  func source(of node: JSONNode) -> String {
    let text = cursor.text(node.offset..<node.end)
    return text.count <= 40 ? text : text.prefix(40) + "…"
  }

  private func wrongType(_ node: JSONNode, _ what: String, _ needed: String) -> FormatError {
    cursor.error(.wrongValue(what, found: source(of: node), needed: needed), at: node.offset)
  }

  func field(
    _ name: String, of object: JSONNode, _ owner: @autoclosure () -> String
  ) throws(FormatError) -> JSONNode {
    guard case .object(let members) = object.content else {
      throw wrongType(object, owner(), "an object {...}")
    }
    guard let node = members[name] else {
      throw cursor.error(.missingField(name, of: owner()), at: object.offset)
    }
    return node
  }

  func array(_ node: JSONNode, _ what: String) throws(FormatError) -> [JSONNode] {
    guard case .array(let value) = node.content else {
      throw wrongType(node, what, "a list [...]")
    }
    return value
  }

  func string(_ node: JSONNode, _ what: String) throws(FormatError) -> String {
    guard case .string(let value) = node.content else {
      throw wrongType(node, what, "a string")
    }
    return value
  }

  func integer(_ node: JSONNode, _ what: String) throws(FormatError) -> Int {
    guard case .number(.some(let value)) = node.content else {
      throw wrongType(node, what, "an integer")
    }
    return value
  }

  func alphabet(
    _ name: String, of file: JSONNode
  ) throws(FormatError) -> Alphabet {
    let list = try field(name, of: file, "the file")
    var names: [String] = []
    for node in try array(list, "'\(name)'") { names.append(try string(node, "a name")) }
    do {
      return try Alphabet(names)
    } catch .duplicate(let twice) {
      throw cursor.error(.duplicate(twice, of: "names in '\(name)'"), at: list.offset)
    } catch .emptyName {
      throw wrongType(list, "a name in '\(name)'", "a name that is not empty")
    } catch {
      throw wrongType(list, "'\(name)'", "a list of at least one name")
    }
  }
}
