// Python's pickles, as data and nothing else.
//
// A pickle is a program for a small stack machine, and in Python it may call any function. Here it
// may build containers and numbers and name the few functions that rebuild tensors, which `Builder`
// carries out itself; every other name is refused.
//
// Source: the comments in CPython's Lib/pickletools.py, which define every opcode.

internal import Foundation

/// What a pickle holds. Containers are numbers of nodes, so that cycles and shared parts cost
/// nothing, whatever the file says.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case int(Int)
  /// A whole number of more than 64 bits.
  case large
  case float(Double)
  case text(String)
  case bytes
  case global(String)
  case node(Int)
}

/// A container or a rebuilt object.
final class PickleNode {
  enum Kind: Equatable {
    case tuple
    case list
    /// Items are keys and values in turn.
    case dictionary
    case set
    case object(TorchObject)
  }

  let kind: Kind
  var items: [PickleValue]

  init(_ kind: Kind, _ items: [PickleValue] = []) {
    self.kind = kind
    self.items = items
  }
}

/// The machine. Memory and time are proportional to the pickle's length.
struct PickleMachine {
  private(set) var nodes: [PickleNode] = []
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private let bytes: [UInt8]
  private var offset = 0

  /// Runs the pickle.
  ///
  /// - Returns: What it holds, and the nodes that it refers to.
  static func run(_ data: Data) throws(PickleError) -> (value: PickleValue, nodes: [PickleNode]) {
    var machine = PickleMachine(bytes: [UInt8](data))
    let value = try machine.run()
    return (value, machine.nodes)
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func run() throws(PickleError) -> PickleValue {
    while true {
      let start = offset
      let code = try byte()
      switch code {
      case 0x80:  // PROTO
        let version = try byte()
        guard 2...5 ~= version else { throw .version(Int(version)) }
      case 0x95: _ = try take(8)  // FRAME: how the bytes were grouped
      case UInt8(ascii: "."):  // STOP
        return try pop()

      case UInt8(ascii: "("): marks.append(stack.count)  // MARK
      case UInt8(ascii: "0"):  // POP
        if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
      case UInt8(ascii: "1"): _ = try popMark()  // POP_MARK
      case UInt8(ascii: "2"): stack.append(try top())  // DUP

      case UInt8(ascii: "N"): stack.append(.none)
      case 0x88: stack.append(.bool(true))
      case 0x89: stack.append(.bool(false))
      case UInt8(ascii: "K"): stack.append(.int(try unsigned(1)))
      case UInt8(ascii: "M"): stack.append(.int(try unsigned(2)))
      case UInt8(ascii: "J"):  // BININT, the one of these with a sign
        stack.append(.int(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
      case 0x8a: try pushLong(size: try unsigned(1))
      case 0x8b: try pushLong(size: try unsigned(4))
      case UInt8(ascii: "G"):  // BINFLOAT, big endian
        let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        stack.append(.float(Double(bitPattern: bits)))

      case UInt8(ascii: "X"): try pushText(size: try unsigned(4))
      case 0x8c: try pushText(size: try unsigned(1))
      case 0x8d: try pushText(size: try unsigned(8))
      // Python 2's strings, which are text to PyTorch.
      case UInt8(ascii: "T"): try pushText(size: try unsigned(4))
      case UInt8(ascii: "U"): try pushText(size: try unsigned(1))
      case UInt8(ascii: "B"): try pushBytes(size: try unsigned(4))
      case UInt8(ascii: "C"): try pushBytes(size: try unsigned(1))
      case 0x8e, 0x96: try pushBytes(size: try unsigned(8))

      case UInt8(ascii: "]"): push(.list)
      case UInt8(ascii: "l"): push(.list, try popMark())
      case UInt8(ascii: "a"):
        let item = try pop()
        try container(.list, code, start).items.append(item)
      case UInt8(ascii: "e"):
        let items = try popMark()
        try container(.list, code, start).items += items
      case UInt8(ascii: ")"): push(.tuple)
      case UInt8(ascii: "t"): push(.tuple, try popMark())
      case 0x85, 0x86, 0x87:
        let items = try pop(Int(code) - 0x84)
        push(.tuple, items)
      case UInt8(ascii: "}"): push(.dictionary)
      case UInt8(ascii: "d"):
        let items = try popMark()
        guard items.count % 2 == 0 else { throw .malformed(code, start) }
        push(.dictionary, items)
      case UInt8(ascii: "s"):
        let items = try pop(2)
        try container(.dictionary, code, start).items += items
      case UInt8(ascii: "u"):
        let items = try popMark()
        guard items.count % 2 == 0 else { throw .malformed(code, start) }
        try container(.dictionary, code, start).items += items
      case 0x8f: push(.set)
      case 0x90:
        let items = try popMark()
        try container(.set, code, start).items += items
      case 0x91: push(.set, try popMark())

      case UInt8(ascii: "q"): memo[try unsigned(1)] = try top()
      case UInt8(ascii: "r"): memo[try unsigned(4)] = try top()
      case 0x94: memo[memo.count] = try top()
      case UInt8(ascii: "h"): try recall(try unsigned(1))
      case UInt8(ascii: "j"): try recall(try unsigned(4))

      case UInt8(ascii: "c"):  // GLOBAL: two lines
        let module = try line()
        try pushGlobal(module: module, name: try line())
      case 0x93:
        let names = try pop(2)
        guard case .text(let module) = names[0], case .text(let name) = names[1] else {
          throw .malformed(code, start)
        }
        try pushGlobal(module: module, name: name)
      case UInt8(ascii: "R"):
        let call = try pop(2)
        guard case .global(let function) = call[0], let node = node(call[1]), node.kind == .tuple
        else { throw .malformed(code, start) }
        try rebuild(function, node.items)
      case UInt8(ascii: "Q"):
        let id = node(try pop())
        guard let id, id.kind == .tuple, let storage = TorchStorage(persistentId: id.items) else {
          throw .storage
        }
        push(.object(.storage(storage)))
      case UInt8(ascii: "b"):
        // PyTorch hangs version numbers of modules on its state dict.
        _ = try pop()
        guard node(try top())?.kind == .dictionary else { throw .malformed(code, start) }

      default: throw .opcode(code, start)
      }
    }
  }

  // MARK: Reading

  private mutating func byte() throws(PickleError) -> UInt8 {
    guard offset < bytes.count else { throw .cutOff }
    offset += 1
    return bytes[offset - 1]
  }

  private mutating func take(_ count: Int) throws(PickleError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - offset else { throw .cutOff }
    offset += count
    return bytes[offset - count..<offset]
  }

  private mutating func unsigned(_ size: Int) throws(PickleError) -> Int {
    let number = try take(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // A length that no Int holds lies beyond the end all the same.
    guard let number = Int(exactly: number) else { throw .cutOff }
    return number
  }

  private mutating func line() throws(PickleError) -> String {
    guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) else { throw .cutOff }
    let text = String(decoding: bytes[offset..<end], as: UTF8.self)
    offset = end + 1
    return text
  }

  private mutating func pushLong(size: Int) throws(PickleError) {
    let digits = try take(size)
    guard size <= 8 else { return stack.append(.large) }
    let isNegative = (digits.last ?? 0) >= 0x80
    let number = digits.reversed().reduce(isNegative ? Int(-1) : 0) { $0 << 8 | Int($1) }
    stack.append(.int(number))
  }

  private mutating func pushText(size: Int) throws(PickleError) {
    stack.append(.text(String(decoding: try take(size), as: UTF8.self)))
  }

  private mutating func pushBytes(size: Int) throws(PickleError) {
    _ = try take(size)
    stack.append(.bytes)
  }

  // MARK: The stack

  private mutating func push(_ kind: PickleNode.Kind, _ items: [PickleValue] = []) {
    stack.append(.node(nodes.count))
    nodes.append(PickleNode(kind, items))
  }

  private func top() throws(PickleError) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw .empty }
    return value
  }

  private mutating func pop() throws(PickleError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(PickleError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw .empty }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popMark() throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw .empty }
    return try pop(stack.count - mark)
  }

  private mutating func recall(_ number: Int) throws(PickleError) {
    guard let value = memo[number] else { throw .empty }
    stack.append(value)
  }

  private func node(_ value: PickleValue) -> PickleNode? {
    if case .node(let number) = value { nodes[number] } else { nil }
  }

  private func container(
    _ kind: PickleNode.Kind, _ code: UInt8, _ start: Int
  ) throws(PickleError) -> PickleNode {
    guard let node = node(try top()), node.kind == kind else { throw .malformed(code, start) }
    return node
  }

  // MARK: Names

  private mutating func pushGlobal(module: String, name: String) throws(PickleError) {
    let full = "\(module).\(name)"
    guard TorchFunction(rawValue: full) != nil || TorchStorage.types[full] != nil else {
      throw .global(full)
    }
    stack.append(.global(full))
  }

  /// Does what the function of that name would.
  private mutating func rebuild(
    _ name: String, _ arguments: [PickleValue]
  ) throws(PickleError) {
    guard let function = TorchFunction(rawValue: name) else { throw .call(name) }
    switch function {
    case .orderedDict: try pushOrderedDict(arguments)
    case .size:
      guard arguments.count == 1, let items = node(arguments[0])?.items else { throw .call(name) }
      push(.tuple, items)
    case .device: push(.object(.device))
    case .parameter:
      guard arguments.count >= 2, case .object(.tensor) = node(arguments[0])?.kind else {
        throw .call(name)
      }
      stack.append(arguments[0])
    case .tensor, .tensor2, .tensor3:
      guard arguments.count >= 4, case .object(.storage(let storage)) = node(arguments[0])?.kind,
        case .int(let offset) = arguments[1], let shape = integers(arguments[2]),
        let strides = integers(arguments[3])
      else { throw .call(name) }
      var type = storage.type
      if function == .tensor3 {
        guard arguments.count >= 7, case .global(let name) = arguments[6] else { throw .call(name) }
        type = TorchStorage.types[name] ?? nil
      }
      guard let type else { throw .call(name) }
      push(
        .object(
          .tensor(
            TorchView(
              storage: storage, type: type, offset: offset, shape: shape, strides: strides))))
    }
  }

  private mutating func pushOrderedDict(_ arguments: [PickleValue]) throws(PickleError) {
    var items: [PickleValue] = []
    if let argument = arguments.first {
      guard let list = node(argument), list.kind == .list else {
        throw .call(TorchFunction.orderedDict.rawValue)
      }
      for pair in list.items {
        guard let pair = node(pair), pair.items.count == 2 else {
          throw .call(TorchFunction.orderedDict.rawValue)
        }
        items += pair.items
      }
    }
    push(.dictionary, items)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let node = node(value), node.kind == .tuple || node.kind == .list, node.items.count <= 64
    else { return nil }
    var numbers: [Int] = []
    for case .int(let number) in node.items { numbers.append(number) }
    return numbers.count == node.items.count ? numbers : nil
  }
}

/// Why a pickle is not read.
public enum PickleError: Error, Equatable, CustomStringConvertible {
  case cutOff
  case empty
  case version(Int)
  case opcode(UInt8, Int)
  case malformed(UInt8, Int)
  case global(String)
  case call(String)
  case storage

  public var description: String {
    switch self {
    case .cutOff:
      "its pickle ends too early; was the file cut off?"
    case .empty:
      "its pickle asks for something that is not there; was the file damaged?"
    case .version(let version):
      "its pickle is of protocol \(version); read are 2 to 5. Save it with torch.save and no "
        + "pickle_protocol."
    case .opcode(let code, let offset):
      "its pickle has opcode \(code) at byte \(offset), which saved tensors never need. Save the "
        + "state_dict alone: torch.save(model.state_dict(), path)."
    case .malformed(let code, let offset):
      "its pickle uses opcode \(code) at byte \(offset) on what it is not for; was the file "
        + "damaged?"
    case .global(let name):
      "it needs `\(name)`, which this reader never calls: a file may not run code here. Save the "
        + "state_dict alone: torch.save(model.state_dict(), path)."
    case .call(let name):
      "it calls `\(name)` with what it is not for; was the file damaged?"
    case .storage:
      "its pickle names a storage in a way that PyTorch does not; was the file damaged?"
    }
  }
}
