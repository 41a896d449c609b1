// PyTorch's own files, `.pt` and `.pth`, and PyTorch Lightning's, `.ckpt`: a zip file of a pickle
// and the bytes of every storage.
//
// Source: PyTorch's documentation, "Serialization semantics", section "torch.save and torch.load",
// and torch/_utils.py for what rebuilding a tensor means.

internal import Foundation

/// What may be named by a saved file.
enum TorchFunction: String {
  case orderedDict = "collections.OrderedDict"
  case tensor = "torch._utils._rebuild_tensor"
  case tensor2 = "torch._utils._rebuild_tensor_v2"
  case tensor3 = "torch._utils._rebuild_tensor_v3"
  case parameter = "torch._utils._rebuild_parameter"
  case size = "torch.Size"
  case device = "torch.device"
}

/// A rebuilt object.
enum TorchObject: Equatable {
  case storage(TorchStorage)
  case tensor(TorchView)
  case device
}

/// Numbers in a file of their own, in the archive's folder `data`.
struct TorchStorage: Equatable {
  /// Nil for bytes whose meaning each tensor says by itself.
  let type: TensorType?
  let key: String
  /// Entries, or bytes where there is no type.
  let count: Int

  /// The storages and types that may be named; nil is a storage of bytes.
  static let types: [String: TensorType?] = [
    "torch.DoubleStorage": .float64, "torch.FloatStorage": .float32, "torch.HalfStorage": .float16,
    "torch.BFloat16Storage": .bfloat16, "torch.LongStorage": .int64, "torch.IntStorage": .int32,
    "torch.ShortStorage": .int16, "torch.CharStorage": .int8, "torch.ByteStorage": .uint8,
    "torch.BoolStorage": .bool, "torch.storage.UntypedStorage": nil,
    "torch.UntypedStorage": nil,
    "torch.float64": .float64, "torch.float32": .float32, "torch.float16": .float16,
    "torch.bfloat16": .bfloat16, "torch.int64": .int64, "torch.int32": .int32,
    "torch.int16": .int16, "torch.int8": .int8, "torch.uint8": .uint8, "torch.uint16": .uint16,
    "torch.uint32": .uint32, "torch.uint64": .uint64, "torch.bool": .bool,
  ]

  /// ('storage', its type, its file's name, the device it was on, how many entries).
  init?(persistentId items: [PickleValue]) {
    guard items.count == 5, items[0] == .text("storage"), case .global(let name) = items[1],
      name.hasSuffix("Storage"), let type = Self.types[name], case .text(let key) = items[2],
      case .int(let count) = items[4], count >= 0
    else { return nil }
    self.type = type
    self.key = key
    self.count = count
  }
}

/// Which entries of a storage a tensor has, in which order.
struct TorchView: Equatable {
  let storage: TorchStorage
  let type: TensorType
  /// In entries.
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// The tensors of a dictionary, and where in the file that is.
public struct TensorGroup: Equatable, Sendable {
  /// The keys that lead to the dictionary, with dots between them; empty for the file's own.
  public let path: String
  public let tensors: [String: Tensor]

  public init(path: String, tensors: [String: Tensor]) {
    self.path = path
    self.tensors = tensors
  }
}

/// A file written by `torch.save`.
struct TorchFile {
  /// The dictionaries (and lists) that hold tensors, outer ones first.
  let groups: [TensorGroup]
  /// The numbers and short texts of the outermost dictionary.
  let notes: [String: String]

  /// Deeper than this no tensor is looked for.
  private static let greatestDepth = 16

  /// Whether the bytes begin as files of PyTorch before 1.6 do: with a pickled magic number.
  static func matchesLegacy(_ data: Data) -> Bool {
    data.count > 14
      && data.dropFirst(2).starts(with: [
        0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
      ])
  }

  /// The name of the pickle in an archive of PyTorch's, or nil if it is none.
  static func pickleName(_ archive: ZipArchive) -> String? {
    archive.entries.lazy.map(\.name).first { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
  }

  init(_ archive: ZipArchive, pickle name: String) throws {
    let root = String(name.dropLast("data.pkl".count))
    let names = archive.entries.map(\.name)
    guard !names.contains("\(root)constants.pkl") else { throw TorchFileError.script }
    // The archive has this file: its name is where `root` comes from.
    let pickle = try archive.contents(of: name) ?? Data()
    var isBigEndian = false
    if let order = try archive.contents(of: "\(root)byteorder") {
      let text = String(decoding: order, as: UTF8.self)
      guard ["little", "big"].contains(text) else { throw TorchFileError.byteOrder(text) }
      isBigEndian = text == "big"
    }
    let (value, nodes) = try PickleMachine.run(pickle)

    var storages = Storages(archive: archive, root: root, isBigEndian: isBigEndian)
    var groups: [TensorGroup] = []
    var notes: [String: String] = [:]
    var isSeen = [Bool](repeating: false, count: nodes.count)
    // Breadth first, so that outer groups come first.
    var queue: [(path: String, value: PickleValue, depth: Int)] = [("", value, 0)]
    var next = 0
    while next < queue.count {
      let (path, value, depth) = queue[next]
      next += 1
      guard case .node(let number) = value else { continue }
      let node = nodes[number]
      if case .object(.tensor(let view)) = node.kind {
        // The file is one tensor.
        let tensor = try storages.tensor(view, name: "")
        groups.append(TensorGroup(path: path, tensors: ["": tensor]))
        continue
      }
      guard !isSeen[number] else { continue }
      isSeen[number] = true
      var tensors: [String: Tensor] = [:]
      for (key, item) in Self.children(of: node) {
        let full = path.isEmpty ? key : "\(path).\(key)"
        if case .node(let child) = item {
          if case .object(.tensor(let view)) = nodes[child].kind {
            tensors[key] = try storages.tensor(view, name: full)
          } else if depth < Self.greatestDepth {
            queue.append((full, item, depth + 1))
          }
        } else if depth == 0, let text = Self.text(of: item) {
          notes[key] = text
        }
      }
      if !tensors.isEmpty { groups.append(TensorGroup(path: path, tensors: tensors)) }
    }
    self.groups = groups
    self.notes = notes
  }

  /// The items of a container under their keys or positions.
  private static func children(of node: PickleNode) -> [(key: String, value: PickleValue)] {
    switch node.kind {
    case .dictionary:
      stride(from: 0, to: node.items.count - 1, by: 2).compactMap { index in
        text(of: node.items[index]).map { ($0, node.items[index + 1]) }
      }
    case .tuple, .list: node.items.enumerated().map { ("\($0.offset)", $0.element) }
    case .set, .object: []
    }
  }

  /// A plain value as people read it.
  private static func text(of value: PickleValue) -> String? {
    switch value {
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .float(let number): "\(number)"
    case .text(let text) where text.utf8.count <= 1000: text
    default: nil
    }
  }
}

/// The storages of a file, and tensors cut out of them.
private struct Storages {
  let archive: ZipArchive
  let root: String
  let isBigEndian: Bool
  private var contents: [String: Data] = [:]
  // How many bytes may still be copied: views of one storage may be many.
  private var budget: Int

  init(archive: ZipArchive, root: String, isBigEndian: Bool) {
    self.archive = archive
    self.root = root
    self.isBigEndian = isBigEndian
    budget = 1 << 20 + 8 * archive.entries.reduce(0) { $0 + $1.compressedSize }
  }

  mutating func tensor(_ view: TorchView, name: String) throws -> Tensor {
    let bytes = try bytes(of: view.storage, entrySize: view.storage.type?.size ?? 1)
    let size = view.type.size
    guard view.storage.type == nil || view.storage.type == view.type else {
      throw TorchFileError.view(name)
    }
    let available = bytes.count / size
    let (shape, strides) = (view.shape, view.strides)
    guard shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }), view.offset >= 0,
      strides.allSatisfy({ $0 >= 0 })
    else { throw TorchFileError.view(name) }
    if shape.contains(0) { return Tensor(type: view.type, shape: shape, bytes: Data()) }
    var count = 1
    var last = view.offset
    for (extent, stride) in zip(shape, strides) {
      let (product, tooMany) = count.multipliedReportingOverflow(by: extent)
      let (reach, tooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (end, beyond) = last.addingReportingOverflow(reach)
      guard !tooMany, !tooFar, !beyond else { throw TorchFileError.view(name) }
      (count, last) = (product, end)
    }
    guard last < available else { throw TorchFileError.view(name) }
    // An expanded tensor repeats entries; it may be as large as it likes in a tiny file.
    guard count <= available else { throw TorchFileError.expanded(name) }

    let start = bytes.startIndex + view.offset * size
    if !isBigEndian && Self.isContiguous(shape, strides) {
      return Tensor(type: view.type, shape: shape, bytes: bytes[start..<start + count * size])
    }
    budget -= count * size
    guard budget >= 0 else { throw TorchFileError.tooManyViews }
    let entries = bytes.entries(
      shape: shape, strides: strides, offset: view.offset, size: size, reversingBytes: isBigEndian)
    return Tensor(type: view.type, shape: shape, bytes: entries)
  }

  private mutating func bytes(of storage: TorchStorage, entrySize: Int) throws -> Data {
    let data: Data
    if let known = contents[storage.key] {
      data = known
    } else {
      guard let read = try archive.contents(of: "\(root)data/\(storage.key)") else {
        throw TorchFileError.noStorage(storage.key)
      }
      contents[storage.key] = read
      data = read
    }
    let (needed, overflow) = storage.count.multipliedReportingOverflow(by: entrySize)
    guard !overflow, needed == data.count else {
      throw TorchFileError.storageSize(
        storage.key, entries: storage.count, size: entrySize, bytes: data.count)
    }
    return data
  }

  private static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }
}

/// Why an archive is no file of tensors.
public enum TorchFileError: Error, Equatable, CustomStringConvertible {
  case legacy
  case script
  case notTorch
  case byteOrder(String)
  case noStorage(String)
  case storageSize(String, entries: Int, size: Int, bytes: Int)
  case view(String)
  case expanded(String)
  case tooManyViews

  public var description: String {
    switch self {
    case .legacy:
      "this is a file of PyTorch before 1.6, a bare pickle, which is not read. Load it in PyTorch "
        + "and save it again: torch.save(torch.load(path), path)."
    case .script:
      "this is a TorchScript program, and programs are not run here. Save the state_dict alone: "
        + "torch.save(model.state_dict(), path)."
    case .notTorch:
      "this is a zip file, but neither one of PyTorch's (no data.pkl in it) nor one of NumPy's (no "
        + ".npy in it)."
    case .byteOrder(let text):
      "its byte order is '\(text)'; known are little and big."
    case .noStorage(let key):
      "storage '\(key)' is missing; was the file damaged?"
    case .storageSize(let key, let entries, let size, let bytes):
      "storage '\(key)' has \(bytes) bytes; it must have \(entries) entries of \(size) bytes. Was "
        + "the file damaged?"
    case .view(let name):
      "'\(name)' has a type, shape or strides that do not fit its storage; was the file damaged?"
    case .expanded(let name):
      "'\(name)' repeats the entries of its storage. Save a copy: '\(name)': tensor.clone()."
    case .tooManyViews:
      "its tensors overlap in their storages so often that reading them would take many times the "
        + "file's size. Save copies: tensor.clone()."
    }
  }
}
