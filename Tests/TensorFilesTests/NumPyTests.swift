import Automata
import Foundation
import Testing

@testable import TensorFiles

@Suite struct NumPyTests {
  private static let sixNumbers = Tensor(
    shape: [2, 3], values: [Float](arrayLiteral: 0, 1, 2, 3, 4, 5))

  @Test(arguments: ["arrays.npz", "compressed.npz"])
  func `arrays of every type, order and endianness read as what they are`(name: String) throws {
    let archive = try TensorArchive(data: fixture(name))
    #expect(archive.format == .npz)
    let tensors = archive.tensors
    #expect(tensors["c"] == Self.sixNumbers)
    #expect(tensors["fortran"]?.shape == [2, 3] && tensors["fortran"]?.type == .float64)
    #expect(tensors["fortran"]?.floats == [0, 1, 2, 3, 4, 5])
    #expect(tensors["big"]?.integers == [0, 1, 2, 3, 4, 5])
    #expect(tensors["half"]?.floats == [0, 0.125, 0.25, 0.375, 0.5, 0.625])
    #expect(tensors["scalar"]?.shape == [] && tensors["scalar"]?.floats == [2.5])
    #expect(tensors["empty"]?.shape == [0, 3] && tensors["empty"]?.floats == [])
    #expect(tensors["bools"]?.integers == [1, 0])
    // 2^63 is no Int.
    #expect(tensors["unsigned"]?.type == .uint64 && tensors["unsigned"]?.integers == nil)
    #expect(
      archive.texts == [
        "words": TextArray(shape: [4], values: ["", "0", "0110", "日本"]),
        "ascii": TextArray(shape: [2], values: ["a", "bcd"]),
      ])
  }

  @Test func `a file of one array reads as a tensor without a name`() throws {
    #expect(try TensorArchive(data: fixture("array.npy")).tensors == ["": Self.sixNumbers])
    let second = try TensorArchive(data: fixture("array-2.npy"))
    #expect(second.format == .npy && second.tensors[""]?.floats == [0, 1, 2, 3, 4, 5])
  }

  @Test func `what is written reads back`() throws {
    var file = TensorFile()
    file.tensors["a b/c"] = Self.sixNumbers
    file.tensors["scalar"] = Tensor(shape: [], values: [Float.pi])
    file.tensors["whole"] = Tensor(shape: [3], values: [Int64.min, 0, .max])
    file.tensors["empty"] = Tensor(shape: [2, 0], values: [Float]())
    let texts = ["words": TextArray(shape: [3], values: ["", "a\0b", "🙂é"])]
    let data = try file.npz(texts: texts)
    let archive = try TensorArchive(data: data)
    #expect(archive.tensors == file.tensors && archive.texts == texts)
    #expect(try file.npz(texts: texts) == data)
  }

  /// A file with some header.
  private func file(_ header: String, _ body: Data = Data(), version: UInt8 = 1) -> Data {
    var data = Data([0x93] + Array("NUMPY".utf8) + [version, 0])
    if version == 1 {
      data.append(UInt16(header.utf8.count))
    } else {
      data.append(UInt32(header.utf8.count))
    }
    return data + Data(header.utf8) + body
  }

  @Test func `arrays that are not read say why`() throws {
    #expect(
      complaint(try fixture("objects.npy"))
        == "a NumPy array of Python objects would have to be unpickled, which may run code, and is "
        + "not read. Save numbers, or text of dtype=str.")
    func header(_ type: String, _ shape: String = "(1,)") -> String {
      "{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }\n"
    }
    #expect(
      complaint(file(header("[('a', '<f4')]")))
        == "a NumPy array of records is not read; save each field as an array of its own.")
    #expect(
      complaint(file(header("'<c8'")))
        == "a NumPy array of type '<c8' is not read; read are floating-point and whole numbers, "
        + "bool and text.")
    for shape in ["(2,)", "(4611686018427387904, 4)", "(2, 3, 4294967296, 4294967296)", "(0,)"] {
      #expect(
        complaint(file(header("'<f4'", shape), Data(count: 4))).hasSuffix(
          "with 4 bytes per entry does not fit its 4 bytes; was the file cut off?"), "\(shape)")
    }
    // A thousand million words of no letters.
    #expect(
      complaint(file(header("'<U0'", "(1000000000,)")))
        == "a NumPy array of shape [1000000000] with 0 bytes per entry does not fit its 0 bytes; "
        + "was the file cut off?")
    #expect(
      complaint(file(header("'<U1'"), Data([0, 0xd8, 0, 0])))
        == "a NumPy array of text holds a character that does not exist.")
    let nonsense = "the NumPy header makes no sense; was the file damaged?"
    for header in [
      "", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}",
      header("'<f4'", "(-1,)"), header("'<f4'", "(1"), header("'<f4'", "1"), header("'<f4'") + "x",
      header("'<f4'", "(99999999999999999999,)"), header("__import__('os')"),
      "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}",
    ] {
      #expect(complaint(file(header, Data(count: 4))) == nonsense, "\(header)")
    }
    #expect(
      complaint(file(header("'<f4'"), version: 4))
        == "the NumPy file is of version 4; read are 1 to 3.")
    let cut = "the NumPy file ends within its header; was it cut off?"
    #expect(complaint(file(header("'<f4'")).prefix(40)) == cut)
    #expect(complaint(Data([0x93] + Array("NUMPY".utf8) + [1, 0])) == cut)
    var long = Data([0x93] + Array("NUMPY".utf8) + [2, 0])
    long.append(UInt32.max)
    #expect(complaint(long) == nonsense)
  }

  @Test func `an array inside an archive is named when it is wrong`() throws {
    #expect(
      complaint(try zip(["vectors.npy": Data("no".utf8)]))
        == "'vectors': no NumPy header: the file should begin with \\x93NUMPY.")
  }
}

@Suite struct ZipTests {
  @Test func `damage of every kind is told`() throws {
    let good = try fixture("arrays.npz")
    #expect(
      complaint(good.dropLast()) == "the zip file has no directory at its end; was it cut off?")
    #expect(
      complaint(good.prefix(1000)) == "the zip file has no directory at its end; was it cut off?")
    // Each bit of stored numbers counts.
    var data = good
    let place = try #require(data.firstRange(of: Data("NUMPY".utf8))).upperBound
    data[place + 124] ^= 1
    #expect(
      complaint(data).hasSuffix("does not match its size and checksum; was the file damaged?"))
    var packed = try fixture("compressed.npz")
    packed[60] ^= 0x10
    #expect(
      complaint(packed).hasSuffix("does not match its size and checksum; was the file damaged?"))
  }

  @Test func `an archive may begin within other data and end with a comment`() throws {
    var data = try fixture("arrays.npz")
    data[data.count - 2] = 3
    data += Data("end".utf8)
    let slice = (Data([1, 2]) + data).dropFirst(2)
    #expect(try TensorArchive(data: slice) == TensorArchive(data: fixture("arrays.npz")))
  }

  @Test func `what is compressed to a thousandth unpacks to no more than it says`() throws {
    // 100,000 zeros as deflate data: zlib.compressobj(9, wbits=-15) in Python.
    let bomb = Data(
      base64Encoded:
        "7cExAQAAAMKg9U9tDQ+gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgFcD"
    )
    let data = try #require(bomb)
    for size in [0, 10, 99_999, 100_001] { #expect(Zlib.inflated(data, size: size) == nil) }
    #expect(Zlib.inflated(data, size: 100_000) == Data(count: 100_000))
    #expect(Zlib.inflated(Data(), size: 0) == nil)
  }

  @Test(arguments: UInt64(0)..<20)
  func `a damaged NumPy file is refused with a sentence or gives sane arrays`(
    seed: UInt64
  ) throws {
    var generator = SplitMix64(seed: seed, stream: "numpy corruption")
    let good = try ["arrays.npz", "compressed.npz", "array.npy", "array-2.npy"].map(fixture)
    var accepted = 0
    for round in 0..<500 {
      var data = good[round % good.count]
      if round % 8 == 0 {
        // Damage behind the checksums.
        var files = try files(of: data)
        let name = try #require(files.keys.sorted().randomElement(using: &generator))
        corrupt(&files[name]!, using: &generator)
        data = try zip(files)
      } else {
        corrupt(&data, using: &generator)
      }
      if survives(data) { accepted += 1 }
    }
    #expect(accepted > 0 && accepted < 500)
  }
}
