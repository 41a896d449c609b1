// Tensors from a file of any format that is read here, told by its first bytes.

public import Foundation

/// The formats of files of tensors.
public enum TensorFormat: String, Sendable {
  case safetensors
  case torch = "PyTorch"
  case npy = "NumPy .npy"
  case npz = "NumPy .npz"
}

/// What a file of tensors holds. Reading one never executes anything.
public struct TensorArchive: Equatable, Sendable {
  public let format: TensorFormat
  /// The dictionaries that hold tensors; all but PyTorch's files have one.
  public let groups: [TensorGroup]
  /// The notes beside the tensors.
  public let metadata: [String: String]
  /// NumPy's arrays of text.
  public let texts: [String: TextArray]

  /// Reads a file's bytes.
  ///
  /// - Throws: `TensorFileError`, `ZipError`, `PickleError`, `TorchFileError`, or
  ///   `NamedArrayError`; each describes itself in a sentence that begins with a small letter.
  /// - Complexity: time and memory are proportional to the bytes, and to what those that are
  ///   compressed unpack to.
  public init(data: Data) throws {
    if TorchFile.matchesLegacy(data) { throw TorchFileError.legacy }
    if NumPyArray.matches(data) {
      self.init(.npy, arrays: ["": try NumPyArray(data: data)])
      return
    }
    guard ZipArchive.matches(data) else {
      let file = try TensorFile(data: data)
      self.init(file)
      return
    }
    let archive = try ZipArchive(data: data)
    if let pickle = TorchFile.pickleName(archive) {
      let file = try TorchFile(archive, pickle: pickle)
      self.init(format: .torch, groups: file.groups, metadata: file.notes, texts: [:])
      return
    }
    let names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }
    guard !names.isEmpty || archive.entries.isEmpty else { throw TorchFileError.notTorch }
    var arrays: [String: NumPyArray] = [:]
    for file in names {
      let name = String(file.dropLast(".npy".count))
      do {
        // The name comes from the archive's own list.
        arrays[name] = try NumPyArray(data: try archive.contents(of: file) ?? Data())
      } catch let error as NumPyError {
        throw NamedArrayError(name: name, reason: error)
      }
    }
    self.init(.npz, arrays: arrays)
  }

  /// The content of a safetensors file.
  public init(_ file: TensorFile) {
    self.init(
      format: .safetensors, groups: [TensorGroup(path: "", tensors: file.tensors)],
      metadata: file.metadata, texts: [:])
  }

  /// All tensors under their full names.
  public var tensors: [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for group in groups {
      for (key, tensor) in group.tensors {
        tensors[group.path.isEmpty ? key : "\(group.path).\(key)"] = tensor
      }
    }
    return tensors
  }

  private init(
    format: TensorFormat, groups: [TensorGroup], metadata: [String: String],
    texts: [String: TextArray]
  ) {
    self.format = format
    self.groups = groups
    self.metadata = metadata
    self.texts = texts
  }

  private init(_ format: TensorFormat, arrays: [String: NumPyArray]) {
    var tensors: [String: Tensor] = [:]
    var texts: [String: TextArray] = [:]
    for (name, array) in arrays {
      switch array {
      case .tensor(let tensor): tensors[name] = tensor
      case .text(let text): texts[name] = text
      }
    }
    self.init(
      format: format, groups: [TensorGroup(path: "", tensors: tensors)], metadata: [:],
      texts: texts)
  }
}

extension TensorFile {
  /// The same tensors as a `.npz` file, which has no place for the metadata; with arrays of text.
  ///
  /// - Throws: `ZipError.tooLarge` from 4 GiB on.
  /// - Precondition: no tensor is of bfloat16, which NumPy does not know, and no name is given
  ///   twice.
  public func npz(texts: [String: TextArray] = [:]) throws(ZipError) -> Data {
    precondition(Set(texts.keys).isDisjoint(with: tensors.keys))
    var arrays = tensors.mapValues(NumPyArray.tensor)
    for (name, text) in texts { arrays[name] = .text(text) }
    var writer = ZipWriter()
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
      try writer.add("\(name).npy", array.data())
    }
    return writer.data()
  }
}

/// Which array of a `.npz` file is not read, and why.
public struct NamedArrayError: Error, Equatable, CustomStringConvertible {
  public let name: String
  public let reason: NumPyError

  public var description: String { "'\(name)': \(reason)" }
}
