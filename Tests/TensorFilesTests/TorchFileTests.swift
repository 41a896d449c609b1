import Automata
import Foundation
import Testing

@testable import TensorFiles

@Suite struct TorchFileTests {
  @Test(arguments: ["views.pt", "protocol-4.pt"])
  func `views of every kind read as the tensors that PyTorch itself writes plainly`(
    name: String
  ) throws {
    let archive = try TensorArchive(data: fixture(name))
    #expect(archive.format == .torch)
    let expected = try TensorFile(data: fixture("views.safetensors"))
    let own = try #require(archive.groups.first)
    #expect(own.path == "")
    #expect(Set(own.tensors.keys) == Set(expected.tensors.keys))
    for (key, tensor) in expected.tensors { #expect(own.tensors[key] == tensor, "\(key)") }
  }

  @Test(arguments: ["elman.pt", "big-endian.pt", "parameters.pt"])
  func `a state dict, its parameters and another byte order read the same`(
    name: String
  ) throws {
    let archive = try TensorArchive(data: fixture(name))
    #expect(archive.tensors == (try TensorFile(data: fixture("elman.safetensors")).tensors))
    #expect(archive.groups.count == 1)
  }

  @Test func `what is saved beside the state dict is found under its path`() throws {
    let archive = try TensorArchive(data: fixture("training.pth"))
    #expect(archive.metadata == ["epoch": "5", "loss": "0.25", "nonlinearity": "tanh"])
    #expect(
      archive.groups.map(\.path) == ["model_state_dict"]
        + (0..<6).map { "optimizer_state_dict.state.\($0)" })
    #expect(
      archive.groups[0].tensors == (try TensorFile(data: fixture("elman.safetensors")).tensors))
    #expect(Set(archive.groups[1].tensors.keys) == ["step", "exp_avg", "exp_avg_sq"])
  }

  @Test func `nothing but the rebuilding of tensors is named, let alone called`() throws {
    #expect(
      complaint(try fixture("calls.pt"))
        == "it needs `__builtin__.eval`, which this reader never calls: a file may not run code "
        + "here. Save the state_dict alone: torch.save(model.state_dict(), path).")
    for (module, name) in [
      ("os", "system"), ("builtins", "eval"), ("__main__", "Net"), ("torch._utils", "_import"),
      ("torch", "load"), ("collections", "defaultdict"), ("numpy.core.multiarray", "scalar"),
      ("collections.OrderedDict", "fromkeys"), ("", ""),
    ] {
      let pickle = "\u{2}c\(module)\n\(name)\n)R."
      #expect(
        complaint(try torchFile(pickle: [0x80] + Array(pickle.utf8)))
          .hasPrefix("it needs `\(module).\(name)`, which this reader never calls"))
    }
  }

  @Test func `files that are no tensors say what to do`() throws {
    #expect(
      complaint(try fixture("legacy.pt"))
        == "this is a file of PyTorch before 1.6, a bare pickle, which is not read. Load it in "
        + "PyTorch and save it again: torch.save(torch.load(path), path).")
    #expect(
      complaint(try fixture("script.pt"))
        == "this is a TorchScript program, and programs are not run here. Save the state_dict "
        + "alone: torch.save(model.state_dict(), path).")
    #expect(
      complaint(try fixture("expanded.pt"))
        == "'' repeats the entries of its storage. Save a copy: '': tensor.clone().")
    #expect(
      complaint(try zip(["a.txt": Data("hello".utf8)]))
        == "this is a zip file, but neither one of PyTorch's (no data.pkl in it) nor one of "
        + "NumPy's (no .npy in it).")
  }

  @Test func `storages that are missing or of another size are named`() throws {
    var files = try files(of: fixture("elman.pt"))
    let key = try #require(files.keys.first { $0.hasSuffix("/data/2") })
    let whole = try #require(files[key])
    files[key] = whole.dropLast()
    #expect(
      complaint(try zip(files))
        == "storage '2' has 11 bytes; it must have 3 entries of 4 bytes. Was the file damaged?")
    files[key] = nil
    #expect(complaint(try zip(files)) == "storage '2' is missing; was the file damaged?")
    files[key] = whole
    let order = try #require(files.keys.first { $0.hasSuffix("/byteorder") })
    files[order] = Data("middle".utf8)
    #expect(complaint(try zip(files)) == "its byte order is 'middle'; known are little and big.")
  }
}

@Suite struct PickleTests {
  private func complaint(pickle: [UInt8]) throws -> String {
    TensorFilesTests.complaint(try torchFile(pickle: pickle))
  }

  @Test func `pickles that make no sense are refused with a sentence`() throws {
    #expect(try complaint(pickle: []) == "its pickle ends too early; was the file cut off?")
    #expect(
      try complaint(pickle: Array("}".utf8)) == "its pickle ends too early; was the file cut off?")
    // A text of 2^63 and of 4·10^9 bytes.
    for pickle: [UInt8] in [
      [0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80], [0x58, 0xff, 0xff, 0xff, 0xff], [0x8b, 0xff, 0, 0, 0],
    ] {
      #expect(
        try complaint(pickle: pickle) == "its pickle ends too early; was the file cut off?")
    }
    let empty = "its pickle asks for something that is not there; was the file damaged?"
    for pickle in [".", "0", "2", "t", "a", "(a", "h\u{0}.", "q\u{0}.", "}s.", "N(s.", "u."] {
      #expect(try complaint(pickle: Array(pickle.utf8)) == empty, "\(pickle)")
    }
    #expect(
      try complaint(pickle: [0x80, 1])
        == "its pickle is of protocol 1; read are 2 to 5. Save it with torch.save and no "
        + "pickle_protocol.")
    #expect(
      try complaint(pickle: Array("}i".utf8))
        == "its pickle has opcode 105 at byte 1, which saved tensors never need. Save the "
        + "state_dict alone: torch.save(model.state_dict(), path).")
    #expect(
      try complaint(pickle: Array("]NNs.".utf8))
        == "its pickle uses opcode 115 at byte 3 on what it is not for; was the file damaged?")
    #expect(
      try complaint(pickle: Array("NQ.".utf8))
        == "its pickle names a storage in a way that PyTorch does not; was the file damaged?")
  }

  @Test func `containers that hold themselves, or one another a thousandfold, take no time`()
    throws
  {
    // A list in itself, and a dictionary under its own key.
    #expect(try complaint(pickle: Array("]q\u{0}h\u{0}a.".utf8)) == "no complaint")
    #expect(try complaint(pickle: Array("}q\u{0}K\u{1}h\u{0}s.".utf8)) == "no complaint")
    // Each of 50,000 tuples holds the one before twice: 2^50000 leaves, 50,000 deep.
    let tuples = (0..<50_000).flatMap { _ in [UInt8(ascii: "2"), 0x86] }
    #expect(
      try complaint(pickle: [UInt8(ascii: ")")] + tuples + [UInt8(ascii: ".")]) == "no complaint")
    // A list grown one by one.
    let items = (0..<200_000).flatMap { _ in Array("Na".utf8) }
    #expect(try complaint(pickle: Array("]".utf8) + items + Array(".".utf8)) == "no complaint")
  }

  /// A pickle of a list of `count` views of storage '0', which holds `entries` numbers.
  private func views(
    _ count: Int, of entries: UInt32, offset: [UInt8], shape: [UInt8], strides: [UInt8]
  ) -> [UInt8] {
    func text(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
    let size = (0..<4).map { UInt8(truncatingIfNeeded: entries >> (8 * $0)) }
    var pickle: [UInt8] = [0x80, 4]
    pickle += Array("(".utf8) + text("storage") + Array("ctorch\nFloatStorage\n".utf8)
    pickle += text("0") + text("cpu") + [UInt8(ascii: "J")] + size + Array("tQq\u{0}0](".utf8)
    for _ in 0..<count {
      pickle += Array("ctorch._utils\n_rebuild_tensor_v2\n(h\u{0}".utf8) + offset
      pickle += Array("(".utf8) + shape + Array("t(".utf8) + strides + Array("t".utf8)
      pickle += [0x89] + Array("}tR".utf8)
    }
    return pickle + Array("e.".utf8)
  }

  @Test func `views beyond their storage are refused, whatever numbers say so`() throws {
    let storage = ["0": Data(count: 4 * 6)]
    func complaint(_ offset: [UInt8], _ shape: [UInt8], _ strides: [UInt8]) throws -> String {
      TensorFilesTests.complaint(
        try torchFile(
          pickle: views(1, of: 6, offset: offset, shape: shape, strides: strides),
          storages: storage))
    }
    func small(_ numbers: UInt8...) -> [UInt8] { numbers.flatMap { [UInt8(ascii: "K"), $0] } }
    let minusOne: [UInt8] = [UInt8(ascii: "J"), 0xff, 0xff, 0xff, 0xff]
    let huge: [UInt8] = [0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x40]
    #expect(try complaint(small(0), small(2, 3), small(3, 1)) == "no complaint")
    #expect(try complaint(small(1), small(5), small(1)) == "no complaint")
    let wrong =
      "'0' has a type, shape or strides that do not fit its storage; was the file damaged?"
    for (offset, shape, strides) in [
      (small(1), small(2, 3), small(3, 1)), (small(6), small(1), small(1)),
      (small(0), small(2, 3), small(4, 1)), (small(0), small(2, 3), small(3)),
      (minusOne, small(2), small(1)), (small(0), minusOne, small(1)),
      (small(5), small(2), minusOne), (small(0), huge + huge, small(0, 0)),
      (small(0), small(3), huge), (huge, small(1), small(1)),
    ] {
      #expect(try complaint(offset, shape, strides) == wrong)
    }
    let expanded = "'0' repeats the entries of its storage. Save a copy: '0': tensor.clone()."
    #expect(try complaint(small(0), small(200, 200), small(0, 0)) == expanded)
    #expect(try complaint(small(0), huge, small(0)) == expanded)
  }

  @Test func `a small file of a great many views is refused before they fill the memory`() throws {
    // 5,000 transposed views of 40,000 numbers: 800 MB.
    let pickle = views(
      5_000, of: 40_000, offset: [UInt8(ascii: "K"), 0],
      shape: Array("K\u{64}M".utf8) + [0x90, 1], strides: Array("K\u{1}K\u{64}".utf8))
    #expect(
      TensorFilesTests.complaint(
        try torchFile(pickle: pickle, storages: ["0": Data(count: 160_000)])
      )
      .hasPrefix("its tensors overlap in their storages so often"))
  }
}

@Suite struct TorchCorruptionTests {
  /// Ten thousand damaged files of each kind, half of them damaged within the pickle and zipped
  /// anew, so that the checksums of the zip file do not stand before the pickle reader.
  @Test(
    arguments: UInt64(0)..<20,
    [["training.pth", "views.pt", "protocol-4.pt"], ["gru-training.pt"], ["lightning.ckpt"]])
  func `a damaged PyTorch file is refused with a sentence or gives sane tensors`(
    seed: UInt64, names: [String]
  ) throws {
    var generator = SplitMix64(seed: seed, stream: "torch corruption")
    let good = try names.map(fixture)
    var accepted = 0
    for round in 0..<500 {
      var data = good[round % good.count]
      if round % 2 == 0 {
        corrupt(&data, using: &generator)
      } else {
        var files = try files(of: data)
        let name = try #require(files.keys.first { $0.hasSuffix("data.pkl") })
        corrupt(&files[name]!, using: &generator)
        data = try zip(files)
      }
      if survives(data) { accepted += 1 }
    }
    #expect(accepted > 0 && accepted < 500)
  }
}
