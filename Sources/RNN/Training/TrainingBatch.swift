// Some words of a set, laid out as a tree.

internal import Automata
internal import Tasks

/// The words of one step of gradient descent, as a prefix tree in memory that is reused.
struct TrainingBatch {
  private(set) var tree: PrefixTree
  /// The chosen words' positions in their set, increasing.
  private(set) var words: [Int32] = []
  /// The node of each word, in the same order.
  private(set) var leaves: [Int32] = []
  private var isChosen: [Bool] = []

  init(symbolCount: Int) {
    tree = PrefixTree(symbolCount: symbolCount)
  }

  /// Lays out words of `set`, whose positions may be chosen in any order.
  mutating func load(
    _ chosen: ArraySlice<Int32>, of set: WordSet, sharingPrefixes: Bool = true
  ) {
    // In increasing order, words that begin alike stand side by side. Marking and sweeping sorts
    // them in one pass over the set.
    if isChosen.count < set.count { isChosen = Array(repeating: false, count: set.count) }
    for word in chosen { isChosen[Int(word)] = true }
    words.removeAll(keepingCapacity: true)
    for word in 0..<set.count where isChosen[word] {
      words.append(Int32(word))
      isChosen[word] = false
    }
    tree.rebuild(
      words: set.symbols, length: set.length, selection: words, sharing: sharingPrefixes,
      leaves: &leaves)
  }
}
