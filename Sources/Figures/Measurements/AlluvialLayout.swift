// Which classes flow together when: where the blocks and ribbons of an alluvial diagram lie.

public import Automata

/// The classes of chosen checkpoints as columns of blocks, and the words that go from block to
/// block.
///
/// Every word is in one block of each column and in one flow of each step; heights are numbers of
/// words. No two blocks of a column overlap, and the flows on either side of a block fill it.
public struct AlluvialLayout: Sendable {
  /// A class, or all classes of one word that lead to the same state of the task.
  public struct Block: Sendable {
    /// The least word.
    public let leader: Int
    public let words: [Int]
    /// How many classes it stands for: 1, or the number of its words.
    public let classes: Int
    /// The state of the task that all its words lead to; nil where they disagree.
    public let kind: Int?
    /// Where it begins, in words from the bottom.
    public fileprivate(set) var bottom = 0.0
    /// Where it ends.
    public var top: Double { bottom + Double(words.count) }
  }

  /// The words that go from one block to another.
  public struct Flow: Sendable {
    /// The column that it comes from.
    public let step: Int
    /// Blocks of the one column and of the next.
    public let from, to: Int
    public let words: Int
    /// The state of the task that all its words lead to; nil where they disagree.
    public let kind: Int?
    /// Where it begins on either side, in words from the bottom.
    public fileprivate(set) var fromBottom = 0.0
    public fileprivate(set) var toBottom = 0.0
  }

  /// The blocks of each checkpoint, from the bottom up.
  public private(set) var columns: [[Block]] = []
  /// In order of steps and, within a step, of the blocks that they come from and go to.
  public private(set) var flows: [Flow] = []
  /// The space between two blocks, in words.
  public let gap: Double
  /// The height of the diagram, in words.
  public let height: Double

  private let kinds: [Int]?

  /// - Parameters:
  ///   - partitions: Of the same words, in order of time; at least one.
  ///   - kinds: The task's state for each word, if known.
  /// - Complexity: O(columns · words · log words).
  public init(_ partitions: [Partition], kinds: [Int]?) {
    let count = partitions[0].classes.count
    self.kinds = kinds
    columns = partitions.map { Self.blocks($0, kinds) }
    gap = Double(count) * 0.35 / Double(max(columns.map(\.count).max() ?? 1, 12))
    height = Double(count) * 1.35
    // The last column stands in order of kinds and sizes, the others where their words go.
    var places = [Double](repeating: 0, count: count)
    for column in columns.indices.reversed() { place(column, &places) }
    for step in columns.indices.dropLast() { flows += flows(step, count) }
  }

  /// The state of the task that all words lead to; nil where they disagree.
  private static func kind(of words: [Int], _ kinds: [Int]?) -> Int? {
    let first = kinds?[words[0]] ?? 0
    return words.allSatisfy { (kinds?[$0] ?? 0) == first } ? first : nil
  }

  private static func blocks(_ partition: Partition, _ kinds: [Int]?) -> [Block] {
    var blocks: [Block] = []
    var singles: [Int: [Int]] = [:]
    for members in partition.members {
      if members.count == 1 {
        singles[kinds?[members[0]] ?? 0, default: []].append(members[0])
      } else {
        blocks.append(
          Block(leader: members[0], words: members, classes: 1, kind: kind(of: members, kinds)))
      }
    }
    for (kind, words) in singles.sorted(by: { $0.key < $1.key }) {
      blocks.append(Block(leader: words[0], words: words, classes: words.count, kind: kind))
    }
    return blocks
  }

  /// Puts the blocks of a column in order and above one another.
  ///
  /// - Parameter places: Where each word lies in the column after; then in this one.
  private mutating func place(_ column: Int, _ places: inout [Double]) {
    let isLast = column == columns.count - 1
    func centre(_ block: Block) -> Double {
      block.words.reduce(0) { $0 + places[$1] } / Double(block.words.count)
    }
    func key(_ block: Block) -> (Int, Double, Int) {
      // Mixed classes and those of one word have their own place among the kinds.
      let kind = block.kind ?? 0
      return isLast
        ? (2 * kind + (block.classes > 1 ? 1 : 0), -Double(block.words.count), block.leader)
        : (0, centre(block), block.leader)
    }
    let keyed = columns[column].map { (key($0), $0) }
    columns[column] = keyed.sorted { $0.0 < $1.0 }.map(\.1)
    var bottom = 0.0
    for index in columns[column].indices {
      columns[column][index].bottom = bottom
      // Inside a block words keep the order of where they go.
      let ordered = columns[column][index].words.sorted { (places[$0], $0) < (places[$1], $1) }
      for (position, word) in ordered.enumerated() { places[word] = bottom + Double(position) }
      bottom += Double(ordered.count) + gap
    }
    // Columns are centred.
    let shift = (height - (bottom - gap)) / 2
    for index in columns[column].indices { columns[column][index].bottom += shift }
    for word in places.indices { places[word] += shift }
  }

  /// The flows from one column to the next.
  private func flows(_ step: Int, _ count: Int) -> [Flow] {
    let blocks = [step, step + 1].map { column in
      var blocks = [Int](repeating: 0, count: count)
      for (index, block) in columns[column].enumerated() {
        for word in block.words { blocks[word] = index }
      }
      return blocks
    }
    var groups: [[Int]: [Int]] = [:]
    for word in 0..<count { groups[[blocks[0][word], blocks[1][word]], default: []].append(word) }
    var left = columns[step].map(\.bottom)
    var right = columns[step + 1].map(\.bottom)
    var flows: [Flow] = []
    for (ends, words) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      var flow = Flow(
        step: step, from: ends[0], to: ends[1], words: words.count,
        kind: Self.kind(of: words, kinds))
      flow.fromBottom = left[ends[0]]
      left[ends[0]] += Double(words.count)
      flows.append(flow)
    }
    for index in flows.indices.sorted(by: {
      (flows[$0].to, flows[$0].from) < (flows[$1].to, flows[$1].from)
    }) {
      flows[index].toBottom = right[flows[index].to]
      right[flows[index].to] += Double(flows[index].words)
    }
    return flows
  }
}
