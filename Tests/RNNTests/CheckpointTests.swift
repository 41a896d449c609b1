import Automata
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import Testing

/// A small checkpoint: 2 symbols, 3 units, 2 outputs.
private func sample(
  _ cell: Cell = .elman, layers: Int = 1, activation: Activation = .relu
) -> Checkpoint {
  var generator = SplitMix64(seed: 1)
  let shape = NetworkShape(
    cell, layers: layers, inputs: 2, hidden: 3, outputs: 2, activation: activation)
  let network = RecurrentNetwork(
    shape: shape, gain: 1, start: 1, using: &generator)
  return Checkpoint(epoch: 25, network: network, alphabet: .digits(2))
}

/// The header of a file as text, and the bytes after it.
private func parts(of data: Data) -> (header: String, body: Data) {
  let length = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
  return (String(decoding: data[8..<8 + length], as: UTF8.self), Data(data[(8 + length)...]))
}

/// A file of a header and what follows it.
private func file(header: String, body: Data) -> Data {
  let header = Data(header.utf8)
  var data = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
  data.append(header)
  data.append(body)
  return data
}

/// The sentence with which reading `data` as a checkpoint fails.
private func complaint(_ data: Data, hints: Checkpoint.Hints = .init()) -> String {
  do {
    _ = try Checkpoint(TensorFile(data: data), epoch: 0, hints: hints)
    return "no complaint"
  } catch {
    return "\(error)"
  }
}

/// The sentence about a sample whose header has `old` replaced by `new`.
private func complaint(replacing old: String, by new: String) -> String {
  let (header, body) = parts(of: sample().file().data())
  precondition(header.contains(old), header)
  return complaint(file(header: header.replacingOccurrences(of: old, with: new), body: body))
}

/// Tensors as other programs write them, for types that this package reads but does not write.
private func file(
  _ tensors: [(key: String, type: String, shape: [Int], bytes: [UInt8])],
  metadata: String = #"{"nonlinearity":"relu","start":"0"}"#
) -> Data {
  var fields = ["\"__metadata__\":\(metadata)"]
  var body = Data()
  for tensor in tensors {
    let end = body.count + tensor.bytes.count
    fields.append(
      "\"\(tensor.key)\":{\"dtype\":\"\(tensor.type)\",\"shape\":\(tensor.shape),"
        + "\"data_offsets\":[\(body.count),\(end)]}")
    body.append(contentsOf: tensor.bytes)
  }
  return file(header: "{\(fields.joined(separator: ","))}", body: body)
}

private func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

@Suite struct CheckpointRoundTripTests {
  @Test(arguments: Activation.allCases)
  func `what is written reads back as the same bytes`(activation: Activation) throws {
    let original = sample(activation: activation)
    let data = original.file().data()
    let read = try Checkpoint(TensorFile(data: data), epoch: 0)
    #expect(read.epoch == 25)
    #expect(read.alphabet == .digits(2))
    #expect(read.network.shape == original.network.shape)
    #expect(read.network.start == [1, 1, 1])
    #expect(read.network.parameters.numbers == original.network.parameters.numbers)
    #expect(read.file().data() == data)
    #expect(parts(of: data).header.utf8.count % 8 == 0)
  }

  @Test(arguments: [
    ["a,b", "c"], [",", "a"], ["[", "]"], ["\"", "\\"], ["[\"x\"", "\"y\"]"], ["[]", "\n"],
    ["a ", " a"],
  ])
  func `a network is read whatever its symbols are called`(symbols: [String]) throws {
    let original = sample()
    let data = Checkpoint(
      epoch: 25, network: original.network, alphabet: try Alphabet(symbols)
    ).file().data()
    let read = try Checkpoint(TensorFile(data: data), epoch: 0)
    #expect(read.alphabet?.symbols == symbols)
    #expect(read.file().data() == data)
  }

  @Test func `symbols that look like a list of JSON are themselves in files of old`() throws {
    var file = sample().file()
    file.metadata["alphabet"] = "[0,1]"
    #expect(try Checkpoint(file, epoch: 0).alphabet?.symbols == ["[0", "1]"])
    file.metadata["alphabet"] = #"["a,b"]"#
    #expect(try Checkpoint(file, epoch: 0).alphabet?.symbols == [#"["a"#, #"b"]"#])
  }

  @Test func `the header is what PyTorch's safetensors reads`() {
    let (header, body) = parts(of: sample().file().data())
    #expect(
      header.trimmingCharacters(in: .whitespaces)
        == #"{"__metadata__":{"alphabet":"0,1","cell":"elman","epoch":"25","format":"pt","#
        + #""nonlinearity":"relu","start":"1.0"},"#
        + #""fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""fc.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]},"#
        + #""rnn.bias_hh_l0":{"dtype":"F32","shape":[3],"data_offsets":[32,44]},"#
        + #""rnn.bias_ih_l0":{"dtype":"F32","shape":[3],"data_offsets":[44,56]},"#
        + #""rnn.weight_hh_l0":{"dtype":"F32","shape":[3,3],"data_offsets":[56,92]},"#
        + #""rnn.weight_ih_l0":{"dtype":"F32","shape":[3,2],"data_offsets":[92,116]}}"#)
    #expect(body.count == 116)
  }

  @Test func `names and notes with quotes, controls and other scripts survive`() throws {
    var file = TensorFile()
    let odd = "a\"b\\c\n\r\t\u{1}\u{1f}/é 日本 🙂"
    file.metadata = ["format": "pt", odd: odd]
    file.tensors[odd] = Tensor(shape: [2, 0, 3], values: [Float]())
    file.tensors["scalar"] = Tensor(shape: [], values: [Float.pi])
    file.tensors["whole"] = Tensor(shape: [3], values: [Int64.min, 0, .max])
    let read = try TensorFile(data: file.data())
    #expect(read == file)
    #expect(read.tensors["whole"]?.integers == [.min, 0, .max])
    #expect(read.tensors["scalar"]?.floats == [.pi])
    #expect(read.tensors["scalar"]?.integers == nil && read.tensors["whole"]?.floats == nil)
  }

  @Test func `a file that is a slice of other data reads the same`() throws {
    let data = sample().file().data()
    let slice = (Data([1, 2, 3]) + data + Data([4])).dropFirst(3).dropLast()
    #expect(try TensorFile(data: slice) == TensorFile(data: data))
  }
}

@Suite struct CheckpointTypeTests {
  /// One unit, one symbol, one output; every tensor holds `number` of the same type.
  private func network(_ type: String, _ number: [UInt8]) throws -> RecurrentNetwork {
    let tensors = sample().network.shape.keys.map { key in
      (key: key, type: type, shape: key.contains("bias") ? [1] : [1, 1], bytes: number)
    }
    return try Checkpoint(TensorFile(data: file(tensors)), epoch: 0).network
  }

  @Test func `numbers of 64, 32 and 16 bits are read as the nearest of 32`() throws {
    for (type, number, expected) in [
      ("F64", bytes((0.1).bitPattern), Float(0.1)), ("F64", bytes((-1e-50).bitPattern), 0),
      ("F32", bytes(Float(0.1).bitPattern), 0.1),
      ("BF16", bytes(UInt16(0x3f80)), 1), ("BF16", bytes(UInt16(0xc2f7)), -123.5),
      ("BF16", bytes(UInt16(0x0001)), Float(bitPattern: 0x1_0000)),
      ("F16", bytes(UInt16(0x3c00)), 1), ("F16", bytes(UInt16(0xc000)), -2),
      ("F16", bytes(UInt16(0x7bff)), 65504), ("F16", bytes(UInt16(0x3555)), 0.333_251_95),
      ("F16", bytes(UInt16(0x0001)), 5.960_464_5e-8),
      ("F16", bytes(UInt16(0x83ff)), -6.097_555e-5), ("F16", bytes(UInt16(0x8000)), 0),
    ] {
      let parameters = try network(type, number).parameters
      #expect(parameters.numbers == Array(repeating: expected, count: 6), "\(type) \(number)")
    }
  }

  @Test func `infinite and undefined numbers of every type are refused`() {
    for (type, number) in [
      ("F64", bytes(Double.nan.bitPattern)), ("F64", bytes((1e300).bitPattern)),
      ("F32", bytes(Float.infinity.bitPattern)), ("BF16", bytes(UInt16(0xff80))),
      ("BF16", bytes(UInt16(0x7fc1))), ("F16", bytes(UInt16(0x7c00))),
      ("F16", bytes(UInt16(0xfe00))),
    ] {
      #expect(throws: CheckpointError.notFinite("rnn.weight_ih_l0")) {
        try network(type, number)
      }
    }
  }
}

@Suite struct CheckpointStrictnessTests {
  @Test func `files that are no safetensors files are told so`() {
    let good = sample().file().data()
    #expect(
      complaint(Data())
        == "the file has 0 bytes, too few for a safetensors file; was it cut off?")
    #expect(
      complaint(good.prefix(7))
        == "the file has 7 bytes, too few for a safetensors file; was it cut off?")
    #expect(
      complaint(Data("PK\u{3}\u{4}0123456789".utf8))
        == "the header says it is 3689065127065373520 bytes long, but only 6 follow; "
        + "this is no safetensors file, or it was cut off.")
    #expect(
      complaint(good.prefix(100))
        == "the header says it is 520 bytes long, but only 92 follow; "
        + "this is no safetensors file, or it was cut off.")
    #expect(
      complaint(Data(repeating: 0xff, count: 50))
        == "the header says it is 18446744073709551615 bytes long, but only 42 follow; "
        + "this is no safetensors file, or it was cut off.")
    let noHeader = "no safetensors header: after the first eight bytes '{' was expected."
    #expect(complaint(Data(repeating: 0, count: 50)) == noHeader)
    #expect(complaint(file(header: "[1, 2]", body: Data())) == noHeader)
    #expect(complaint(file(header: " {}", body: Data())) == noHeader)
  }

  @Test func `headers that are no JSON are told so`() {
    for header in [
      "{", "{]", "{\"a\":}", "{\"a\"", "{}}", "{\"\\ud800\":1}",
      "{" + String(repeating: "\"a\":{", count: 2000),
      "{\"a\":" + String(repeating: "[", count: 9999),
    ] {
      #expect(
        complaint(file(header: header, body: Data()))
          == "the safetensors header is not valid JSON.",
        "\(header.prefix(20))")
    }
    #expect(
      complaint(Data(file(header: "{\"a\u{ff}\":1}", body: Data()).map { $0 == 0xc3 ? 0xff : $0 }))
        == "the safetensors header is not valid JSON.")
  }

  @Test func `entries that make no sense are named`() {
    func bad(_ name: String) -> String {
      "the header's entry '\(name)' has no dtype, shape and data_offsets that make sense."
    }
    for entry in [
      "1", "[]", "null", "\"x\"", "{}", #"{"dtype":"F32"}"#,
      #"{"dtype":"F32","shape":[1],"data_offsets":[0]}"#,
      #"{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}"#,
      #"{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}"#,
      #"{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}"#,
      #"{"dtype":"F32","shape":[1e30],"data_offsets":[0,4]}"#,
      #"{"dtype":"F32","shape":1,"data_offsets":[0,4]}"#,
      #"{"dtype":32,"shape":[1],"data_offsets":[0,4]}"#,
      #"{"format":"pt"}"#,
    ] {
      #expect(complaint(file(header: "{\"w\":\(entry)}", body: Data(count: 4))) == bad("w"))
    }
    #expect(
      complaint(file(header: #"{"__metadata__":{"epoch":1}}"#, body: Data()))
        == bad("__metadata__"))
  }

  @Test func `tensors in the wrong place are named`() {
    #expect(
      complaint(replacing: "[92,116]", by: "[92,120]")
        == "'rnn.weight_ih_l0' lies at bytes 92 to 120, but the file holds 116; was it cut off?")
    #expect(
      complaint(replacing: "[92,116]", by: "[116,92]")
        == "'rnn.weight_ih_l0' lies at bytes 116 to 92, but the file holds 116; was it cut off?")
    #expect(
      complaint(replacing: "[44,56]", by: "[32,44]") == "'rnn.bias_ih_l0' overlaps another tensor.")
    #expect(
      complaint(replacing: "[44,56]", by: "[40,52]") == "'rnn.bias_ih_l0' overlaps another tensor.")
    #expect(
      complaint(replacing: #"[44,56]"#, by: "[48,60]")
        == "'rnn.bias_ih_l0' begins at byte 48, but the tensor before it ends at 44.")
    #expect(
      complaint(
        replacing: #","rnn.weight_ih_l0":{"dtype":"F32","shape":[3,2],"data_offsets":[92,116]}"#,
        by: "")
        == "24 bytes at the end belong to no tensor.")
    // One name for two places.
    #expect(
      complaint(replacing: "rnn.bias_ih_l0", by: "rnn.bias_hh_l0").contains("but the tensor before")
    )
    let good = sample().file().data()
    #expect(
      complaint(good.dropLast())
        == "'rnn.weight_ih_l0' lies at bytes 92 to 116, but the file holds 115; was it cut off?")
    #expect(complaint(good + [0]) == "1 byte at the end belongs to no tensor.")
  }

  @Test func `types and shapes that do not fit are named`() {
    #expect(
      complaint(replacing: "\"F32\",\"shape\":[3,3]", by: "\"F8_E4M3\",\"shape\":[3,3]")
        == "'rnn.weight_hh_l0' has type F8_E4M3; read are floating-point numbers of 64, 32 and 16 "
        + "bits (F64, F32, F16, BF16), whole numbers and BOOL.")
    #expect(
      complaint(replacing: "\"F32\",\"shape\":[3,3]", by: "\"I32\",\"shape\":[3,3]")
        == "'rnn.weight_hh_l0' has type I32, but weights are floating-point numbers.")
    #expect(
      complaint(replacing: "\"F32\",\"shape\":[3,3]", by: "\"F64\",\"shape\":[3,3]")
        == "'rnn.weight_hh_l0' has shape [3, 3], which does not fit its 36 bytes.")
    for shape in ["[3,-3]", "[4611686018427387904,4]", "[3,3,0]"] {
      #expect(
        complaint(replacing: "[3,3]", by: shape)
          == "'rnn.weight_hh_l0' has shape \(shape.replacingOccurrences(of: ",", with: ", ")), "
          + "which does not fit its 36 bytes.")
    }
    #expect(
      complaint(replacing: "[3,3]", by: "[9,1]")
        == "'rnn.weight_hh_l0' has shape [9, 1]; it must be [3, 3], to go with "
        + "rnn.weight_ih_l0 and fc.weight.")
    #expect(
      complaint(replacing: "[3,3]", by: "[9]")
        == "'rnn.weight_hh_l0' has shape [9]; it must be of 2 dimensions, none of them 0.")
    #expect(
      complaint(replacing: "[2,3]", by: "[3,2]")
        == "'fc.weight' has shape [3, 2]; it must be [3, 3], to go with rnn.weight_ih_l0 and "
        + "fc.weight.")
  }

  @Test func `missing and unknown keys are named`() {
    let keys =
      "rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, fc.weight, fc.bias"
    #expect(
      complaint(replacing: "\"fc.bias\"", by: "\"fc.offset\"")
        == "'fc.offset' is none of the tensors of an Elman network, \(keys).")
    for key in sample().network.shape.keys {
      var file = sample().file()
      file.tensors[key] = nil
      #expect(complaint(file.data()) == "'\(key)' is missing; an Elman network has \(keys).")
      file = sample().file()
      let shape = file.tensors[key]!.shape
      for bad in [Float.nan, .infinity] {
        var values = file.tensors[key]!.floats!
        values[values.count - 1] = bad
        file.tensors[key] = Tensor(shape: shape, values: values)
        #expect(
          complaint(file.data())
            == "'\(key)' holds a number that is not finite; had training diverged?")
      }
    }
    #expect(
      complaint(TensorFile().data())
        == "'rnn.weight_ih_l0' is missing; an Elman network has \(keys).")
    #expect(
      complaint(
        file(header: #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, body: Data()))
        == "'a' is none of the tensors of an Elman network, \(keys).")
  }

  @Test func `notes that make no sense are named`() {
    #expect(
      complaint(replacing: "\"elman\"", by: "\"gru\"")
        == "the metadata says the cell is 'gru', but the shapes are those of 'elman'.")
    #expect(
      complaint(replacing: "\"relu\"", by: "\"gelu\"")
        == "the metadata says the nonlinearity is 'gelu'; known are relu and tanh.")
    for start in ["nan", "inf", "", "one", "1e99"] {
      #expect(
        complaint(replacing: "\"1.0\"", by: "\"\(start)\"")
          == "the metadata says the starting state is '\(start)', which is no finite number.")
    }
    for alphabet in ["0", "0,1,2", "0,0", ",", ""] {
      #expect(
        complaint(replacing: "\"0,1\"", by: "\"\(alphabet)\"")
          == "the metadata says the alphabet is '\(alphabet)', but the network reads 2 symbols.")
    }
    for epoch in ["-1", "1.5", "", "99999999999999999999"] {
      #expect(
        complaint(replacing: "\"25\"", by: "\"\(epoch)\"")
          == "the metadata says the epoch is '\(epoch)', which is no whole number.")
    }
  }

  @Test func `what a state dict does not say comes from hints or is asked for`() throws {
    var file = sample().file()
    file.metadata = [:]
    #expect(
      complaint(file.data())
        == "nothing says which nonlinearity the network has.")
    #expect(
      complaint(file.data(), hints: .init(nonlinearity: .tanh))
        == "nothing says which hidden state the network starts from.")
    let read = try Checkpoint(file, epoch: 7, hints: .init(nonlinearity: .tanh, start: 0.5))
    #expect(read.epoch == 7 && read.alphabet == nil)
    #expect(read.network.shape.activation == .tanh && read.network.start == [0.5, 0.5, 0.5])
    // What the file says wins.
    let own = try Checkpoint(
      sample().file(), epoch: 7, hints: .init(nonlinearity: .tanh, start: 0.5))
    #expect(own.network.shape.activation == .relu && own.network.start == [1, 1, 1])
  }
}

@Suite struct CorruptionTests {
  /// Ten thousand of each cell, in pieces that can run side by side.
  @Test(arguments: UInt64(0)..<20, Cell.allCases)
  func `a corrupted file is refused with a sentence or gives a finite network`(
    seed: UInt64, cell: Cell
  ) {
    var generator = SplitMix64(seed: seed, stream: "corruption")
    let good = sample(cell, layers: cell == .elman ? 1 : 2).file().data()
    let (header, body) = parts(of: good)
    var accepted = 0
    for _ in 0..<500 {
      var data = good
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        Self.corrupt(&data, header: header, body: body, using: &generator)
      }
      do {
        let checkpoint = try Checkpoint(TensorFile(data: data), epoch: 0)
        accepted += 1
        let shape = checkpoint.network.shape
        if !checkpoint.network.parameters.isFinite
          || !checkpoint.network.start.allSatisfy(\.isFinite)
          || shape.hidden * shape.inputs > body.count || checkpoint.epoch < 0
        {
          Issue.record("accepted: \(data.base64EncodedString())")
        }
      } catch {
        let sentence = "\(error)"
        if sentence.contains("\n") || !sentence.hasSuffix(".") && !sentence.hasSuffix("?") {
          Issue.record("\(sentence) for \(data.base64EncodedString())")
        }
      }
    }
    // Flipped bits of weights are still weights.
    #expect(accepted > 0 && accepted < 500)
  }

  private static func corrupt(
    _ data: inout Data, header: String, body: Data,
    using generator: inout some RandomNumberGenerator
  ) {
    guard !data.isEmpty else { return }
    let place = Int.random(in: 0..<data.count, using: &generator)
    switch Int.random(in: 0..<7, using: &generator) {
    case 0, 1:
      data[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 2:
      data = Data(data.prefix(place))
    case 3:
      let count = Int.random(in: 1...9, using: &generator)
      data.insert(
        contentsOf: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) },
        at: place)
    case 4:
      data.removeSubrange(place..<min(data.count, place + Int.random(in: 1...9, using: &generator)))
    case 5:
      data[place] = UInt8.random(in: 0...255, using: &generator)
    default:
      // A number of the header becomes another one.
      let numbers = header.ranges(of: /[0-9]+/)
      let range = numbers[Int.random(in: 0..<numbers.count, using: &generator)]
      let odd = [
        "0", "1", "2", "3", "4", "6", "8", "12", "24", "36", "92", "116", "-1", "1e3", "0.5",
        "4294967296", "9223372036854775807", "18446744073709551616", "1e400", "true", "null", "\"",
      ]
      let other = odd[Int.random(in: 0..<odd.count, using: &generator)]
      data = file(
        header: header.replacingCharacters(in: range, with: other),
        body: Data(data.suffix(body.count)))
    }
  }
}
