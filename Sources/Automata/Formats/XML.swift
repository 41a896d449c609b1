// As much of XML as machine files need.
//
// Foundation's parser would bring libxml2 and FoundationXML into every program that links this
// module; this is a page of code, and its complaints have places.

/// An element with its attributes, its text and the elements inside of it.
struct XMLElement {
  let name: String
  let attributes: [String: String]
  /// Where its tag begins.
  let offset: Int
  /// All text directly inside of it, joined.
  var text = ""
  var children: [XMLElement] = []

  func children(named name: String) -> [XMLElement] { children.filter { $0.name == name } }

  func child(named name: String) -> XMLElement? { children.first { $0.name == name } }
}

/// Reads XML 1.0 without document type definitions: a `<!DOCTYPE …>` is skipped, and no entities
/// are known but the predefined ones and characters by number.
struct XMLReader {
  private(set) var cursor: Cursor
  private let depthLimit = 64

  init(_ text: String, format: String) { cursor = Cursor(text, format: format) }

  /// The root element.
  ///
  /// - Throws: ``FormatError`` with line and column.
  mutating func document() throws(FormatError) -> XMLElement {
    var open: [XMLElement] = []
    var root: XMLElement?
    while cursor.byte != nil {
      if cursor.byte != UInt8(ascii: "<") {
        let start = cursor.offset
        let text = try characters()
        if open.isEmpty {
          guard text.trimmed.isEmpty else {
            throw cursor.error(
              .unexpected(found: "text outside of the root element", needed: "'<'"), at: start)
          }
        } else {
          open[open.count - 1].text += text
        }
      } else if try skip("<?", through: "?>") {
        continue
      } else if try skip("<!--", through: "-->") {
        continue
      } else if starts(with: "<![CDATA[") {
        let start = cursor.offset
        _ = try skip("<![CDATA[", through: "]]>")
        guard !open.isEmpty else {
          throw cursor.error(
            .unexpected(found: "text outside of the root element", needed: "'<'"), at: start)
        }
        open[open.count - 1].text += cursor.text(start + 9..<cursor.offset - 3)
      } else if starts(with: "<!") {
        try skipDeclaration()
      } else if starts(with: "</") {
        let start = cursor.offset
        cursor.offset += 2
        let name = try name()
        skipSpace()
        try expect(">")
        guard let element = open.last, element.name == name else {
          throw cursor.error(
            .unexpected(
              found: "</\(name)>", needed: open.last.map { "</\($0.name)>" } ?? "no closing tag"),
            at: start)
        }
        open.removeLast()
        close(element, &open, &root)
      } else {
        let start = cursor.offset
        guard root == nil else {
          throw cursor.error(
            .unexpected(found: "a second root element", needed: "the end of the file"))
        }
        guard open.count < depthLimit else { throw cursor.error(.tooDeep(limit: depthLimit)) }
        cursor.offset += 1
        let name = try name()
        let attributes = try attributes()
        let element = XMLElement(name: name, attributes: attributes, offset: start)
        if cursor.skip("/") {
          try expect(">")
          close(element, &open, &root)
        } else {
          try expect(">")
          open.append(element)
        }
      }
    }
    if let element = open.last {
      throw cursor.error(
        .unexpected(found: "<\(element.name)> without its end", needed: "</\(element.name)>"),
        at: element.offset)
    }
    guard let root else {
      throw cursor.error(.unexpected(found: "no element", needed: "an XML document"), at: 0)
    }
    return root
  }

  private func close(
    _ element: XMLElement, _ open: inout [XMLElement], _ root: inout XMLElement?
  ) {
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  private func starts(with mark: StaticString) -> Bool {
    var offset = cursor.offset
    for scalar in mark.description.utf8 {
      guard offset < cursor.bytes.count, cursor.bytes[offset] == scalar else { return false }
      offset += 1
    }
    return true
  }

  private mutating func skip(
    _ mark: StaticString, through end: StaticString
  ) throws(FormatError) -> Bool {
    guard starts(with: mark) else { return false }
    let start = cursor.offset
    cursor.offset += mark.utf8CodeUnitCount
    while !starts(with: end) {
      guard cursor.byte != nil else {
        throw cursor.error(
          .unexpected(found: "'\(mark)' without its end", needed: "'\(end)'"), at: start)
      }
      cursor.offset += 1
    }
    cursor.offset += end.utf8CodeUnitCount
    return true
  }

  /// `<!DOCTYPE … [ … ] >`, whose brackets may hold further `>`.
  private mutating func skipDeclaration() throws(FormatError) {
    let start = cursor.offset
    var depth = 0
    while let byte = cursor.byte {
      cursor.offset += 1
      if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "]") { depth -= 1 }
      if depth <= 0 { return }
    }
    throw cursor.error(
      .unexpected(found: "a declaration without its end", needed: "'>'"), at: start)
  }

  private mutating func skipSpace() {
    while let byte = cursor.byte, byte.isSpace { cursor.offset += 1 }
  }

  private mutating func expect(_ mark: Unicode.Scalar) throws(FormatError) {
    guard cursor.skip(mark) else {
      throw cursor.error(.unexpected(found: cursor.found, needed: "'\(mark)'"))
    }
  }

  private mutating func name() throws(FormatError) -> String {
    let start = cursor.offset
    while let byte = cursor.byte, !byte.isSpace, !"<>/=\"'&".utf8.contains(byte) {
      cursor.offset += 1
    }
    guard cursor.offset > start else {
      throw cursor.error(.unexpected(found: cursor.found, needed: "a name"))
    }
    return cursor.text(start..<cursor.offset)
  }

  private mutating func attributes() throws(FormatError) -> [String: String] {
    var attributes: [String: String] = [:]
    while true {
      skipSpace()
      guard let byte = cursor.byte, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else {
        return attributes
      }
      let start = cursor.offset
      let key = try name()
      skipSpace()
      try expect("=")
      skipSpace()
      let quote = cursor.byte
      guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
        throw cursor.error(.unexpected(found: cursor.found, needed: "a value in quotes"))
      }
      cursor.offset += 1
      let value = try characters(until: quote)
      guard cursor.byte == quote else {
        throw cursor.error(.unexpected(found: cursor.found, needed: "the closing quote"))
      }
      cursor.offset += 1
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw cursor.error(.duplicate(key, of: "attributes"), at: start)
      }
    }
  }

  /// Text up to `<` or `end`, with the entities in it replaced and CR LF made LF.
  private mutating func characters(until end: UInt8? = nil) throws(FormatError) -> String {
    var text: [UInt8] = []
    while let byte = cursor.byte, byte != UInt8(ascii: "<"), byte != end {
      if byte == UInt8(ascii: "&") {
        text += Array(String(try entity()).utf8)
      } else {
        if byte != UInt8(ascii: "\r") {
          text.append(byte)
        } else if cursor.byte(ahead: 1) != UInt8(ascii: "\n") {
          text.append(UInt8(ascii: "\n"))
        }
        cursor.offset += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func entity() throws(FormatError) -> Unicode.Scalar {
    let start = cursor.offset
    cursor.offset += 1
    while let byte = cursor.byte, byte != UInt8(ascii: ";"), cursor.offset < start + 12 {
      cursor.offset += 1
    }
    let body = String(decoding: cursor.bytes[start + 1..<cursor.offset], as: UTF8.self)
    let scalar: Unicode.Scalar? =
      switch body {
      case "amp": "&"
      case "lt": "<"
      case "gt": ">"
      case "quot": "\""
      case "apos": "'"
      case _ where body.hasPrefix("#x"):
        UInt32(body.dropFirst(2), radix: 16).flatMap { Unicode.Scalar($0) }
      case _ where body.hasPrefix("#"):
        UInt32(body.dropFirst()).flatMap { Unicode.Scalar($0) }
      default: nil
      }
    guard let scalar, cursor.skip(";") else {
      throw cursor.error(
        .unexpected(found: "an unknown entity", needed: "one such as &amp; or &#38;"), at: start)
    }
    return scalar
  }

  /// Text as it must stand between tags or in an attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 0x20: result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
