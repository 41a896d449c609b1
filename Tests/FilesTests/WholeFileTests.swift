import Files
import Foundation
import Testing

@Suite struct WholeFileTests {
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("files-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try WholeFile.read("\(folder)/\(name)"), as: UTF8.self)
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
  }

  private struct Interruption: Error {}

  @Test func `a file is written with the folders on the way, and replaced`() throws {
    try WholeFile.write("first", to: "\(folder)/a/b/c")
    try WholeFile.write("second", to: "\(folder)/a/b/c")
    #expect(try text("a/b/c") == "second")
    #expect(try WholeFile.readIfPresent("\(folder)/nothing") == nil)
  }

  @Test func `a file that is given up half way leaves the older one alone`() throws {
    try WholeFile.write("first", to: "\(folder)/file")
    #expect(throws: Interruption.self) {
      try WholeFile.write(to: "\(folder)/file") { append in
        try append(String(repeating: "x", count: 1 << 17))
        throw Interruption()
      }
    }
    #expect(try text("file") == "first")
    #expect(try names == ["file"])
  }

  @Test func `until the new film is there the old one is in place`() throws {
    try WholeFile.write("old", to: "\(folder)/film.gif")
    try WholeFile.replace("\(folder)/film.gif") { work in
      #expect(try text("film.gif") == "old")
      try WholeFile.write("new", to: "\(work)/made")
      #expect(try text("film.gif") == "old")
      return "\(work)/made"
    }
    #expect(try text("film.gif") == "new")
    #expect(throws: Interruption.self) {
      try WholeFile.replace("\(folder)/film.gif") { _ in throw Interruption() }
    }
    // What says it was made but was not.
    #expect(throws: FileError.self) {
      try WholeFile.replace("\(folder)/film.gif") { "\($0)/missing" }
    }
    #expect(try text("film.gif") == "new")
    #expect(try names == ["film.gif"])
  }

  @Test func `a folder takes the place of a folder, and comes back if it cannot`() throws {
    try WholeFile.write("old", to: "\(folder)/frames/1")
    try WholeFile.write("old", to: "\(folder)/frames/2")
    #expect(throws: FileError.self) {
      try WholeFile.replace("\(folder)/frames") { "\($0)/missing" }
    }
    #expect(try text("frames/2") == "old")
    try WholeFile.replace("\(folder)/frames") { work in
      try WholeFile.write("new", to: "\(work)/pictures/1")
      return "\(work)/pictures"
    }
    #expect(try text("frames/1") == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/frames") == ["1"])
    #expect(try names == ["frames"])
  }

  @Test func `what cannot be read or written is said with its path`() {
    let path = "\(folder)/missing"
    #expect(throws: FileError.read(path, "The file doesn’t exist.")) { try WholeFile.read(path) }
    #expect(throws: FileError.self) { try WholeFile.write("x", to: "/proc/none/file") }
  }
}

@Suite struct CSVTests {
  @Test func `fields with separators, quotes or line ends are quoted, whatever follows them`() {
    #expect(CSV.field("abc") == "abc")
    #expect(CSV.field("a,b") == "\"a,b\"")
    #expect(CSV.field("a\"b") == "\"a\"\"b\"")
    #expect(CSV.field("a\r\nb") == "\"a\r\nb\"")
    // A combining mark makes one character of the comma and itself.
    for mark in ["\u{301}", "\u{600}", "\u{200D}"] {
      #expect(CSV.field("," + mark).unicodeScalars.first == "\"")
      #expect(CSV.field(mark + ",").unicodeScalars.first == "\"")
      #expect(
        Array(CSV.field("\"" + mark).unicodeScalars)
          == Array("\"\"\"\(mark)\"".unicodeScalars))
    }
  }

  @Test func `what is unknown or no number is left empty`() {
    var table = CSVTable(["a", "b", "c"])
    table.add([nil, Double.nan, Float.infinity])
    table.add([1, 0.5, "x,y"])
    #expect(table.text == "a,b,c\n,,\n1,0.5,\"x,y\"\n")
    #expect(table.rows == 2)
  }
}
