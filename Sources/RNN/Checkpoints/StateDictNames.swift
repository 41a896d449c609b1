// Whose tensor is whose: from the names that people give their modules to the ones read here.
//
// A state dict names tensors after the attributes of somebody's class: `encoder.lstm.weight_ih_l0`,
// `module.head.weight`. What PyTorch itself fixes is the last part of a recurrent layer's names,
// and from these the rest is found.

internal import Foundation
public import TensorFiles

/// How to find a network's parts in a file of tensors, as far as a user says.
public struct StateDictNames: Hashable, Sendable {
  /// What the recurrent layer's keys begin with, such as `encoder.lstm`; needed where a file has
  /// several.
  public var prefix: String?
  /// The linear layer that reads outputs off the top layer's hidden state, such as `fc`; needed
  /// where several could.
  public var readout: String?
  /// The embedding in front, such as `embed`: a matrix [V, E] whose rows are the symbols' vectors.
  public var embedding: String?
  /// The linear layer in front, such as `input`: a matrix [E, V] that one-hot symbols go through,
  /// perhaps with a bias.
  public var projection: String?

  /// - Parameters:
  ///   - prefix: What the recurrent layer's keys begin with.
  ///   - readout: The linear layer that reads outputs.
  ///   - embedding: The embedding in front.
  ///   - projection: The linear layer in front; not together with an embedding.
  public init(
    prefix: String? = nil, readout: String? = nil, embedding: String? = nil,
    projection: String? = nil
  ) {
    self.prefix = prefix
    self.readout = readout
    self.embedding = embedding
    self.projection = projection
  }

  /// The largest number of symbols of an embedding.
  public static let mostSymbols = 4096

  /// The same network under the names that ``Checkpoint`` reads: `rnn.weight_ih_l0` and so on, and
  /// `fc.weight`, `fc.bias`.
  ///
  /// A file that has these names already is passed on as it is, so that whatever else is wrong with
  /// it is told by the checkpoint; only biases that are absent become zeros. Nothing at all is done
  /// to a file that `extract train` wrote.
  public func canonical(_ archive: TensorArchive) throws(StateDictError) -> TensorFile {
    guard self == StateDictNames(), archive.groups.count == 1, let group = archive.groups.first
    else { return try reading(archive).file }
    if archive.format == .safetensors, archive.metadata["cell"] != nil {
      return TensorFile(tensors: group.tensors, metadata: archive.metadata)
    }
    if group.tensors.keys.allSatisfy({ $0.hasPrefix("rnn.") || $0.hasPrefix("fc.") }),
      !group.tensors.keys.contains(where: { $0.contains("_reverse") || $0.contains("weight_hr") })
    {
      var tensors = group.tensors
      let layers = RecurrentKeys(group, prefix: "rnn.")
      if layers.hasNoBiases { tensors.merge(layers.zeroBiases) { own, _ in own } }
      if let weight = tensors["fc.weight"], weight.shape.count == 2, tensors["fc.bias"] == nil {
        tensors["fc.bias"] = .zeros(weight.shape[0])
      }
      return TensorFile(tensors: tensors, metadata: Self.metadata(of: archive))
    }
    return try reading(archive).file
  }

  /// Finds the network's parts.
  public func reading(_ archive: TensorArchive) throws(StateDictError) -> StateDictReading {
    guard archive.format == .safetensors || archive.format == .torch else {
      throw .format(archive.format)
    }
    let (group, recurrent) = try recurrentLayer(archive)
    let parts = try otherParts(group, recurrent)
    var file = TensorFile(metadata: Self.metadata(of: archive))
    file.tensors = recurrent.canonical
    if recurrent.hasNoBiases { file.tensors.merge(recurrent.zeroBiases) { own, _ in own } }
    // Found as a tensor of the group.
    let weight = group.tensors[parts.readout.weight]!
    file.tensors["fc.weight"] = weight
    file.tensors["fc.bias"] =
      parts.readout.bias.flatMap { group.tensors[$0] } ?? .zeros(weight.shape[0])
    if let front = parts.front, let matrix = group.tensors[front.weight] {
      // An embedding has the symbols' vectors as rows, a linear layer as columns.
      let symbols = matrix.shape[front.isProjection ? 1 : 0]
      guard symbols <= Self.mostSymbols else { throw .symbols(front.weight, symbols) }
      let vectors = front.isProjection ? matrix.transposed : matrix
      guard let vectors, let folded = Tensor.product(recurrent.inputWeights, vectors) else {
        throw .type(front.weight, matrix.type.rawValue)
      }
      file.tensors["rnn.weight_ih_l0"] = folded
      if let key = front.bias, let bias = group.tensors[key] {
        guard bias.shape == [recurrent.inputWeights.shape[1]], let offset = bias.asRow,
          let moved = Tensor.product(recurrent.inputWeights, offset)?.floats,
          let own = file.tensors["rnn.bias_ih_l0"]?.floats, own.count == moved.count
        else { throw .frontShape(key, bias.shape, inputs: recurrent.inputWeights.shape[1]) }
        file.tensors["rnn.bias_ih_l0"] = Tensor(
          shape: [own.count], values: zip(own, moved).map { $0 + $1 })
      }
    }
    let inputWeights = file.tensors["rnn.weight_ih_l0"] ?? recurrent.inputWeights
    return StateDictReading(
      file: file, group: group.path, prefix: recurrent.prefix, gates: recurrent.gates,
      layers: recurrent.layerCount, inputs: inputWeights.shape[1], hidden: recurrent.hidden,
      outputs: weight.shape[0], hasBiases: !recurrent.hasNoBiases, front: parts.front?.weight,
      frontIsProjection: parts.front?.isProjection ?? false,
      readout: parts.readout.weight, unread: parts.unread)
  }

  /// What the file says beside its tensors. Of PyTorch's files that is whatever somebody put beside
  /// the state dict, of which only a nonlinearity can be meant for us.
  private static func metadata(of archive: TensorArchive) -> [String: String] {
    guard archive.format == .torch else { return archive.metadata }
    return archive.metadata.filter {
      $0.key == "nonlinearity" && ["relu", "tanh"].contains($0.value)
    }
  }

  // MARK: The recurrent layer

  private func recurrentLayer(
    _ archive: TensorArchive
  ) throws(StateDictError) -> (TensorGroup, RecurrentKeys) {
    var found: [(group: TensorGroup, keys: RecurrentKeys)] = []
    for group in archive.groups {
      let prefixes = Set(group.tensors.keys.compactMap { RecurrentKey($0)?.prefix }).sorted()
      for prefix in prefixes { found.append((group, RecurrentKeys(group, prefix: prefix))) }
    }
    if let wanted = prefix.map({ $0.hasSuffix(".") ? String($0.dropLast()) : $0 }) {
      let matching = found.filter { group, keys in
        [keys.module, Self.path(group, keys.module)].contains(wanted)
      }
      guard !matching.isEmpty else {
        throw .noPrefix(wanted, found: found.map { Self.path($0.group, $0.keys.module) })
      }
      found = matching
    }
    guard let (group, keys) = found.first else {
      throw .noRecurrentLayer(keys: archive.tensors.keys.sorted())
    }
    guard found.count == 1 else {
      throw .severalRecurrentLayers(found.map { Self.path($0.group, $0.keys.module) })
    }
    try keys.check()
    return (group, keys)
  }

  private static func path(_ group: TensorGroup, _ name: String) -> String {
    [group.path, name].filter { !$0.isEmpty }.joined(separator: ".")
  }

  // MARK: What lies around it

  private typealias Parts = (
    readout: (weight: String, bias: String?), front: Front?, unread: [String]
  )

  /// What stands between the symbols and the recurrent layer.
  private struct Front {
    let weight: String
    var bias: String?
    var isProjection = false
  }

  private func otherParts(
    _ group: TensorGroup, _ recurrent: RecurrentKeys
  ) throws(StateDictError) -> Parts {
    // Whole numbers, such as how many batches were seen, are no part of what a network computes.
    let others = group.tensors.filter {
      RecurrentKey($0.key)?.prefix != recurrent.prefix && $0.value.type.isFloat
    }
    func bias(_ weight: String) -> String? {
      let key = weight.dropLast("weight".count) + "bias"
      return others[String(key)].map { _ in String(key) }
    }
    let matrices = others.filter {
      $0.value.shape.count == 2 && $0.key.hasSuffix("weight") && RecurrentKey($0.key) == nil
    }.keys.sorted()
    func couldReadOut(_ key: String) -> Bool { others[key]?.shape[1] == recurrent.hidden }
    func couldEmbed(_ key: String) -> Bool {
      others[key]?.shape[1] == recurrent.inputWeights.shape[1] && bias(key) == nil
    }

    let weight: String
    if let readout {
      let name = readout.hasSuffix(".weight") ? readout : "\(readout).weight"
      let exact = matrices.filter { $0 == name || Self.path(group, $0) == name }
      let named = exact.isEmpty ? matrices.filter { $0.hasSuffix(".\(name)") } : exact
      guard named.count == 1 else {
        throw .noReadout(readout, candidates: matrices.filter(couldReadOut))
      }
      guard couldReadOut(named[0]) else {
        throw .readoutShape(named[0], others[named[0]]?.shape ?? [], hidden: recurrent.hidden)
      }
      weight = named[0]
    } else {
      let candidates = matrices.filter(couldReadOut)
      // Where embeddings are as wide as the hidden state, a matrix without bias could be either.
      let embeddings = candidates.filter { couldEmbed($0) && $0.lowercased().contains("emb") }
      let left = candidates.filter { !embeddings.contains($0) }
      let certain = left.filter { !couldEmbed($0) }
      if left.count == 1 {
        weight = left[0]
      } else if left.isEmpty, candidates.count == 1 {
        weight = candidates[0]
      } else if left.count == 2, certain.count == 1, embeddings.isEmpty {
        weight = certain[0]
      } else if candidates.isEmpty {
        throw .nothingReadsOut(hidden: recurrent.hidden, keys: matrices)
      } else {
        throw .severalReadouts(candidates)
      }
    }

    let front = try front(
      group, recurrent, others, matrices.filter { $0 != weight }, bias: bias)
    let used = Set([weight, bias(weight), front?.weight, front?.bias].compactMap { $0 })
    let unread = others.keys.filter { !used.contains($0) }.sorted()
    // With the readout named, the rest is not asked about.
    if readout == nil, let key = unread.first {
      throw .unread(key, others[key]?.shape ?? [], readout: weight)
    }
    return ((weight, bias(weight)), front, unread)
  }

  /// The embedding or linear layer that symbols go through first, if there is one.
  private func front(
    _ group: TensorGroup, _ recurrent: RecurrentKeys, _ others: [String: Tensor],
    _ matrices: [String], bias: (String) -> String?
  ) throws(StateDictError) -> Front? {
    let inputs = recurrent.inputWeights.shape[1]
    if let name = embedding ?? projection {
      let axis = embedding == nil ? 0 : 1
      let key = name.hasSuffix(".weight") ? name : "\(name).weight"
      let exact = matrices.filter { $0 == key || Self.path(group, $0) == key }
      let named = exact.isEmpty ? matrices.filter { $0.hasSuffix(".\(key)") } : exact
      guard named.count == 1 else {
        throw .noFront(name, candidates: matrices.filter { others[$0]?.shape[axis] == inputs })
      }
      guard let shape = others[named[0]]?.shape, shape[axis] == inputs else {
        throw .frontShape(named[0], others[named[0]]?.shape ?? [], inputs: inputs)
      }
      return embedding == nil
        ? Front(weight: named[0], bias: bias(named[0]), isProjection: true)
        : Front(weight: named[0])
    }
    var embeddings = matrices.filter { others[$0]?.shape[1] == inputs && bias($0) == nil }
    let named = embeddings.filter { Self.isCalledEmbedding($0) }
    if embeddings.count > 1 {
      guard named.count == 1 else { throw .severalEmbeddings(embeddings) }
      embeddings = named
    }
    guard let key = embeddings.first else { return nil }
    // Of a square matrix only its name can tell whether its rows or its columns are the vectors.
    guard others[key]?.shape[0] != inputs || Self.isCalledEmbedding(key) else {
      throw .embeddingOrProjection(key, others[key]?.shape ?? [])
    }
    return Front(weight: key)
  }

  private static func isCalledEmbedding(_ key: String) -> Bool {
    let name = key.lowercased()
    return ["emb", "wte", "token", "vocab"].contains { name.contains($0) }
  }
}

/// What a file of tensors is as a network.
public struct StateDictReading: Sendable {
  /// The network under the names that ``Checkpoint`` reads.
  public let file: TensorFile
  /// The dictionary in the file; empty where it is the file's own.
  public let group: String
  /// What the recurrent layer's keys begin with.
  public let prefix: String
  /// How many times H rows the recurrent weights have: 1 for Elman, 3 for a GRU, 4 for an LSTM.
  public let gates: Int
  public let layers: Int
  public let inputs: Int
  public let hidden: Int
  public let outputs: Int
  /// Whether the recurrent layers have biases; if not, they are zeros.
  public let hasBiases: Bool
  /// The key of the embedding or linear layer in front, which the input weights of ``file`` have taken
  /// in.
  public let front: String?
  /// Whether it is a linear layer, with the symbols' vectors as columns.
  public let frontIsProjection: Bool
  /// The key of the readout's weights.
  public let readout: String
  /// The keys of tensors that are left out.
  public let unread: [String]

  /// The cell as PyTorch calls it.
  public var cellName: String {
    switch gates {
    case 1: "Elman (nn.RNN)"
    case 3: "GRU (nn.GRU)"
    default: "LSTM (nn.LSTM)"
    }
  }
}

/// A key of one of a recurrent layer's tensors, taken apart.
private struct RecurrentKey {
  enum Part: String, CaseIterable {
    case weight_ih, weight_hh, bias_ih, bias_hh, weight_hr
  }

  /// With the dot at its end.
  let prefix: String
  let part: Part
  let layer: Int
  let isReversed: Bool

  init?(_ key: String) {
    let start = key.lastIndex(of: ".").map { key.index(after: $0) } ?? key.startIndex
    prefix = String(key[..<start])
    var name = key[start...]
    isReversed = name.hasSuffix("_reverse")
    if isReversed { name = name.dropLast("_reverse".count) }
    guard let part = Part.allCases.first(where: { name.hasPrefix($0.rawValue) }) else { return nil }
    self.part = part
    name = name.dropFirst(part.rawValue.count)
    // Without a number it is a cell, such as `nn.GRUCell`.
    if name.isEmpty {
      layer = 0
    } else if name.hasPrefix("_l"), let number = Int(name.dropFirst(2)), 0...99 ~= number {
      layer = number
    } else {
      return nil
    }
  }
}

/// The tensors of one recurrent module.
private struct RecurrentKeys {
  let prefix: String
  /// By the names that are read here.
  let canonical: [String: Tensor]
  private let names: [String: String]
  private let reversed: String?
  private let projected: String?
  let layerCount: Int

  init(_ group: TensorGroup, prefix: String) {
    self.prefix = prefix
    var canonical: [String: Tensor] = [:]
    var names: [String: String] = [:]
    var reversed: [String] = []
    var projected: [String] = []
    var layers = 0
    for (name, tensor) in group.tensors {
      guard let key = RecurrentKey(name), key.prefix == prefix else { continue }
      layers = max(layers, key.layer + 1)
      if key.isReversed {
        reversed.append(name)
      } else if key.part == .weight_hr {
        projected.append(name)
      } else {
        let own = "rnn.\(key.part.rawValue)_l\(key.layer)"
        canonical[own] = tensor
        names[own] = name
      }
    }
    self.canonical = canonical
    self.names = names
    self.reversed = reversed.min()
    self.projected = projected.min()
    layerCount = layers
  }

  /// The name of the module.
  var module: String { prefix.hasSuffix(".") ? String(prefix.dropLast()) : prefix }

  /// Only after ``check()``.
  var inputWeights: Tensor { canonical["rnn.weight_ih_l0"]! }
  var hidden: Int { canonical["rnn.weight_hh_l0"]!.shape[1] }
  var gates: Int { canonical["rnn.weight_hh_l0"]!.shape[0] / hidden }

  var hasNoBiases: Bool { !canonical.keys.contains { $0.hasPrefix("rnn.bias") } }

  /// Biases of zeros for each layer whose weights are there.
  var zeroBiases: [String: Tensor] {
    var biases: [String: Tensor] = [:]
    for layer in 0..<layerCount {
      guard let rows = canonical["rnn.weight_hh_l\(layer)"]?.shape.first else { continue }
      biases["rnn.bias_ih_l\(layer)"] = .zeros(rows)
      biases["rnn.bias_hh_l\(layer)"] = .zeros(rows)
    }
    return biases
  }

  /// Whether this is a stack of layers of one direction.
  func check() throws(StateDictError) {
    if let reversed { throw .bidirectional(reversed) }
    if let projected { throw .projected(projected) }
    for layer in 0..<layerCount {
      for part in ["weight_ih", "weight_hh"] + (hasNoBiases ? [] : ["bias_ih", "bias_hh"]) {
        guard canonical["rnn.\(part)_l\(layer)"] != nil else {
          throw .missing("\(prefix)\(part)_l\(layer)")
        }
      }
    }
    for part in ["weight_ih_l0", "weight_hh_l0"] {
      // The loop above has found them.
      let tensor = canonical["rnn.\(part)"]!
      let name = names["rnn.\(part)"] ?? part
      guard tensor.shape.count == 2, tensor.shape.allSatisfy({ $0 >= 1 }) else {
        throw .shape(name, tensor.shape)
      }
      guard tensor.type.isFloat else { throw .type(name, tensor.type.rawValue) }
    }
    let shape = canonical["rnn.weight_hh_l0"]!.shape
    guard shape[0] % shape[1] == 0, [1, 3, 4].contains(shape[0] / shape[1]) else {
      throw .cell(names["rnn.weight_hh_l0"] ?? "weight_hh_l0", shape)
    }
  }
}

extension Tensor {
  fileprivate static func zeros(_ count: Int) -> Tensor {
    Tensor(shape: [count], values: [Float](repeating: 0, count: count))
  }

  /// The tensor with its two axes exchanged; nil unless it is of floating-point numbers.
  fileprivate var transposed: Tensor? {
    guard let values = floats else { return nil }
    let (rows, columns) = (shape[0], shape[1])
    return Tensor(
      shape: [columns, rows],
      values: (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } })
  }

  /// A vector as a matrix of one row; nil unless it is of floating-point numbers.
  fileprivate var asRow: Tensor? {
    floats.map { Tensor(shape: [1, $0.count], values: $0) }
  }

  /// W Eᵀ, for input weights W and an embedding E with as many columns: the input weights for
  /// one-hot symbols. Summed in double precision, so that each entry is right but for one rounding.
  ///
  /// - Returns: Nil unless both are of floating-point numbers.
  /// - Precondition: two dimensions each, with as many columns.
  fileprivate static func product(_ weights: Tensor, _ embedding: Tensor) -> Tensor? {
    guard let left = weights.floats, let right = embedding.floats else { return nil }
    let (rows, inner, columns) = (weights.shape[0], weights.shape[1], embedding.shape[0])
    precondition(embedding.shape[1] == inner)
    var values: [Float] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for index in 0..<inner {
          sum += Double(left[row * inner + index]) * Double(right[column * inner + index])
        }
        values.append(Float(sum))
      }
    }
    return Tensor(shape: [rows, columns], values: values)
  }
}

/// Why no network is found in a file of tensors.
public enum StateDictError: Error, Equatable, CustomStringConvertible {
  case format(TensorFormat)
  case noRecurrentLayer(keys: [String])
  case severalRecurrentLayers([String])
  case noPrefix(String, found: [String])
  case bidirectional(String)
  case projected(String)
  case missing(String)
  case shape(String, [Int])
  case type(String, String)
  case cell(String, [Int])
  case nothingReadsOut(hidden: Int, keys: [String])
  case severalReadouts([String])
  case noReadout(String, candidates: [String])
  case readoutShape(String, [Int], hidden: Int)
  case severalEmbeddings([String])
  /// A square matrix in front that could be either, and its shape.
  case embeddingOrProjection(String, [Int])
  /// A name that no matrix in front has, and those that could be meant.
  case noFront(String, candidates: [String])
  case frontShape(String, [Int], inputs: Int)
  case symbols(String, Int)
  case unread(String, [Int], readout: String)

  public var description: String {
    switch self {
    case .format(let format):
      "a network is read from safetensors or PyTorch's files, but this is "
        + "\(format.rawValue)."
    case .noRecurrentLayer(let keys):
      "no recurrent layer is in it: no key ends in weight_hh_l0"
        + (keys.isEmpty ? ", it holds no tensor." : "; it has \(Self.list(keys)).")
    case .severalRecurrentLayers(let names):
      "it has several recurrent layers, \(Self.list(names))."
    case .noPrefix(let prefix, let found):
      "no recurrent layer is called '\(prefix)'"
        + (found.isEmpty ? "." : "; there is \(Self.list(found)).")
    case .bidirectional(let key):
      "'\(key)' belongs to a bidirectional network, which has no state after a word's beginning; "
        + "it must read from left to right."
    case .projected(let key):
      "'\(key)' belongs to an LSTM with projections (proj_size), which is not read; it must be "
        + "one without."
    case .missing(let key):
      "'\(key)' is missing, though other layers or biases are there."
    case .shape(let key, let shape):
      "'\(key)' has shape \(shape); it must be of 2 dimensions, none of them 0."
    case .type(let key, let type):
      "'\(key)' has type \(type), but weights are floating-point numbers."
    case .cell(let key, let shape):
      "'\(key)' has shape \(shape); an Elman network has as many rows as columns, a GRU 3 and an "
        + "LSTM 4 times as many."
    case .nothingReadsOut(let hidden, let keys):
      "no matrix has \(hidden) columns, so that nothing reads outputs off the \(hidden) hidden "
        + "units" + (keys.isEmpty ? "." : "; there is \(Self.list(keys)).")
    case .severalReadouts(let keys):
      "several matrices could read the outputs off the hidden state, \(Self.list(keys))."
    case .noReadout(let name, let candidates):
      "'\(name)' is no linear layer in it"
        + (candidates.isEmpty
          ? "." : "; one could be \(Self.list(candidates.map(Self.module(ofWeights:)))).")
    case .readoutShape(let key, let shape, let hidden):
      "'\(key)' has shape \(shape), but to read outputs off \(hidden) hidden units it needs as "
        + "many columns."
    case .severalEmbeddings(let keys):
      "several matrices could embed the symbols, \(Self.list(keys)); an embedding is known by the "
        + "letters 'emb' in its name."
    case .embeddingOrProjection(let key, let shape):
      "'\(key)' with shape \(shape) stands before the recurrent layer and could be an embedding, whose "
        + "rows are the symbols' vectors, or a linear layer, whose columns are."
    case .noFront(let name, let candidates):
      "'\(name)' is no matrix before the recurrent layer"
        + (candidates.isEmpty
          ? "." : "; one could be \(Self.list(candidates.map(Self.module(ofWeights:)))).")
    case .frontShape(let key, let shape, let inputs):
      "'\(key)' has shape \(shape), but the recurrent layer reads vectors of \(inputs) numbers."
    case .symbols(let key, let count):
      "'\(key)' embeds \(count) symbols; read are up to \(StateDictNames.mostSymbols), for "
        + "automata are read off on all words over them."
    case .unread(let key, let shape, _):
      "'\(key)' with shape \(shape) is no part of a recurrent layer, an embedding or a readout, "
        + "and the network may compute something else with it."
    }
  }

  /// The name of a module from the key of its weights, such as `decoder.fc` from
  /// `decoder.fc.weight`.
  public static func module(ofWeights key: String) -> String {
    key.hasSuffix(".weight") ? String(key.dropLast(".weight".count)) : key
  }

  /// The first few names.
  private static func list(_ names: [String]) -> String {
    names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
      + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}
