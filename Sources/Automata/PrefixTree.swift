// Words that share their beginnings, as a tree: the shape of a batch, of an evaluation set,
// and of what a network has memorized before its states merge.

/// A prefix-closed set of words, one node per word, in shortlex order.
///
/// Node 0 is ε. Nodes are numbered by length, then symbol by symbol, so each level is a
/// contiguous range and the children of a node are contiguous and in symbol order. In the
/// complete tree over k symbols the children of node i are k·i + 1 … k·i + k.
public struct PrefixTree: Equatable, Sendable {
  /// The size k of the alphabet.
  public let symbolCount: Int
  /// The parent of each node; ε's entry is 0 and means nothing.
  public private(set) var parents: [Int32]
  /// The last symbol of each node's word; ε's entry is 0 and means nothing.
  public private(set) var symbols: [Int32]
  /// `levelStarts[d] ..< levelStarts[d + 1]` are the nodes of length d.
  public private(set) var levelStarts: [Int]
  // firstChildren[i] ..< firstChildren[i + 1] are the children of node i.
  private(set) var firstChildren: [Int32]

  /// The number of words.
  public var count: Int { parents.count }

  /// The length of the longest word.
  public var depth: Int { levelStarts.count - 2 }

  /// All words up to length `depth` over `symbolCount` symbols: (k^(depth+1) − 1) / (k − 1)
  /// of them, or depth + 1 when k is 1.
  ///
  /// - Parameters:
  ///   - k: The number of symbols.
  ///   - depth: The length of the longest words.
  /// - Precondition: at least one symbol, a depth of at least 0, and fewer than 2^31 words.
  public static func complete(symbolCount k: Int, depth: Int) -> PrefixTree {
    precondition(k >= 1 && depth >= 0, "\(k) symbols, depth \(depth)")
    var levelStarts = [0, 1]
    for _ in 0..<depth {
      let width = levelStarts[levelStarts.count - 1] - levelStarts[levelStarts.count - 2]
      levelStarts.append(levelStarts[levelStarts.count - 1] + width * k)
      precondition(levelStarts[levelStarts.count - 1] <= Int32.max, "too many words")
    }
    let count = levelStarts[depth + 1]
    let inner = levelStarts[depth]
    var parents = [Int32](repeating: 0, count: count)
    var symbols = [Int32](repeating: 0, count: count)
    for node in 1..<max(count, 1) {
      parents[node] = Int32((node - 1) / k)
      symbols[node] = Int32((node - 1) % k)
    }
    let firstChildren = (0...count).map { Int32(min($0, inner) * k + 1) }
    return PrefixTree(
      symbolCount: k, parents: parents, symbols: symbols, levelStarts: levelStarts,
      firstChildren: firstChildren)
  }

  /// The set that holds only ε.
  public init(symbolCount: Int) {
    self = .complete(symbolCount: symbolCount, depth: 0)
  }

  /// Makes this the tree of chosen words of one length and all their prefixes, reusing its
  /// memory: the shape of a training batch.
  ///
  /// - Parameters:
  ///   - words: Words of `length` symbols one after the other, in lexicographic order.
  ///   - length: The length of each word.
  ///   - selection: Which of them, increasing; a word given twice is one leaf.
  ///   - sharing: If false, words share nothing but ε: each is a chain of its own, and a word
  ///     given twice is two leaves. The result is then no set of words; it serves to compare
  ///     with and without shared prefixes.
  ///   - leaves: On return, the node of each selected word.
  /// - Complexity: O(length · selection.count); no allocation once the arrays have grown.
  public mutating func rebuild(
    words: [Int32], length: Int, selection: [Int32], sharing: Bool = true,
    leaves: inout [Int32]
  ) {
    // Local arrays, taken from their places and put back: writing to them needs no uniqueness check.
    let most = 1 + selection.count * length
    var parents = take(&self.parents, count: most)
    var symbols = take(&self.symbols, count: most)
    var nodes = take(&leaves, count: selection.count)
    levelStarts.removeAll(keepingCapacity: true)
    levelStarts.append(0)
    levelStarts.append(1)
    // nodes[j] is the node of the part read so far of selected word j. On the way down a level,
    // a word opens a new node unless its predecessor was at the same node and goes on alike; then
    // it writes again what stands there, because a branch that depends on chance costs more.
    var newest = 0
    for level in 0..<length {
      var previousParent: Int32 = -1
      var previousSymbol: Int32 = -1
      for position in selection.indices {
        let parent = nodes[position]
        let symbol = words[Int(selection[position]) * length + level]
        let isShared = sharing && parent == previousParent && symbol == previousSymbol
        newest += isShared ? 0 : 1
        parents[newest] = parent
        symbols[newest] = symbol
        nodes[position] = Int32(newest)
        previousParent = parent
        previousSymbol = symbol
      }
      levelStarts.append(newest + 1)
    }
    let count = newest + 1
    parents.removeLast(most - count)
    symbols.removeLast(most - count)
    // Every node above the last level has a child, whose first is written last.
    var firstChildren = take(&self.firstChildren, count: count + 1, filledWith: Int32(count))
    for node in stride(from: newest, to: 0, by: -1) {
      firstChildren[Int(parents[node])] = Int32(node)
    }
    swap(&self.parents, &parents)
    swap(&self.symbols, &symbols)
    swap(&self.firstChildren, &firstChildren)
    swap(&leaves, &nodes)
  }

  /// The number of words in ``complete(symbolCount:depth:)``, or nil if there are 2^31 or more.
  ///
  /// - Parameters:
  ///   - k: The number of symbols.
  ///   - depth: The length of the longest words.
  public static func completeCount(symbolCount k: Int, depth: Int) -> Int? {
    var total = 1
    var width = 1
    for _ in 0..<depth {
      width *= k
      total += width
      guard total <= Int32.max else { return nil }
    }
    return total
  }

  /// The children of a node, in symbol order; empty at a leaf.
  public func children(of node: Int) -> Range<Int> {
    Int(firstChildren[node])..<Int(firstChildren[node + 1])
  }

  /// The node of `node`'s word followed by `symbol`, or nil if that word is not in the set.
  public func child(of node: Int, on symbol: Int) -> Int? {
    children(of: node).first { Int(symbols[$0]) == symbol }
  }

  /// Goes through the pairs of nodes that one more symbol leads to from two nodes: one pair for
  /// each symbol that continues both words in the set, in symbol order.
  package func forEachContinuation(
    of first: Int, and second: Int, _ body: (_ first: Int, _ second: Int) -> Void
  ) {
    let others = children(of: second)
    for child in children(of: first) {
      if let other = others.first(where: { symbols[$0] == symbols[child] }) { body(child, other) }
    }
  }

  /// The length of a node's word. O(log depth).
  public func length(of node: Int) -> Int {
    var low = 0
    var high = depth
    while low < high {
      let middle = (low + high + 1) / 2
      if levelStarts[middle] <= node { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The word of a node. O(depth).
  public func word(of node: Int) -> [Int] {
    var word: [Int] = []
    var current = node
    while current != 0 {
      word.append(Int(symbols[current]))
      current = Int(parents[current])
    }
    return word.reversed()
  }

  /// The node of a word, or nil if it is not in the set.
  public func node(of word: some Sequence<Int>) -> Int? {
    var current = 0
    for symbol in word {
      guard let next = child(of: current, on: symbol) else { return nil }
      current = next
    }
    return current
  }

  init(
    symbolCount: Int, parents: [Int32], symbols: [Int32], levelStarts: [Int],
    firstChildren: [Int32]
  ) {
    self.symbolCount = symbolCount
    self.parents = parents
    self.symbols = symbols
    self.levelStarts = levelStarts
    self.firstChildren = firstChildren
  }
}

/// Takes an array out of its place, with `count` times `value` in the memory that it had.
private func take(
  _ array: inout [Int32], count: Int, filledWith value: Int32 = 0
) -> [Int32] {
  var taken: [Int32] = []
  swap(&taken, &array)
  taken.removeAll(keepingCapacity: true)
  taken.append(contentsOf: repeatElement(value, count: count))
  return taken
}
