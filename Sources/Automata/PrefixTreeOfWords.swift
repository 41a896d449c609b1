// Trees of chosen words, whatever their lengths.

extension PrefixTree {
  /// The tree of those of some words all of whose prefixes are among them.
  ///
  /// - Parameters:
  ///   - words: Words over `symbolCount` symbols in any order.
  ///   - symbolCount: The number of symbols, k.
  /// - Returns: The tree, and for each node the position of its word in `words`; nil if ε is not
  ///   among them, so that there is no tree. Of a word given twice the first counts.
  /// - Precondition: fewer than 2^31 words, of symbols in 0 ..< `symbolCount`.
  /// - Complexity: O(n log n) comparisons of words.
  public static func ofWords(
    _ words: [[Int]], symbolCount: Int
  ) -> (tree: PrefixTree, positions: [Int])? {
    precondition(words.count < Int32.max, "too many words")
    precondition(words.allSatisfy { $0.allSatisfy { 0..<symbolCount ~= $0 } })
    let order = words.indices.sorted { first, second in
      let (a, b) = (words[first], words[second])
      if a.count != b.count { return a.count < b.count }
      if a != b { return a.lexicographicallyPrecedes(b) }
      return first < second
    }
    guard let first = order.first, words[first].isEmpty else { return nil }
    var nodes: [[Int]: Int] = [[]: 0]
    var positions = [first]
    var parents: [Int32] = [0]
    var symbols: [Int32] = [0]
    var levelStarts = [0, 1]
    for position in order.dropFirst() {
      let word = words[position]
      guard let symbol = word.last, nodes[word] == nil, let parent = nodes[Array(word.dropLast())]
      else { continue }
      if word.count > levelStarts.count - 2 { levelStarts.append(positions.count) }
      nodes[word] = positions.count
      positions.append(position)
      parents.append(Int32(parent))
      symbols.append(Int32(symbol))
      levelStarts[levelStarts.count - 1] = positions.count
    }
    // In shortlex order the children of a node lie together, and those of later nodes after them.
    let count = positions.count
    var firstChildren = [Int32](repeating: Int32(count), count: count + 1)
    var next = count
    for node in (0..<count).reversed() {
      while next > 1, parents[next - 1] >= node { next -= 1 }
      firstChildren[node] = Int32(max(next, 1))
    }
    let tree = PrefixTree(
      symbolCount: symbolCount, parents: parents, symbols: symbols, levelStarts: levelStarts,
      firstChildren: firstChildren)
    return (tree, positions)
  }
}
