// Where states stand, so that they stay there as long as the picture allows.

import Automata

/// A prefix tree of access words, to be laid out.
///
/// Nodes are in shortlex order: parents come before children, siblings in symbol order, and
/// each level is a contiguous range.
struct Layout: Equatable, Sendable {
  /// The parent of each node; the root's is itself.
  var parents: [Int]
  var depths: [Int]
  /// The radius of the largest state that stands there.
  var radii: [Double]
  /// The vertical place of each node.
  var rows: [Double]
  /// The distance between two columns.
  var columnWidth: Double

  /// Asks dot for the rows, unless the tree is very large, then fits them into the stage.
  ///
  /// Dot ranks the tree from left to right. Only the vertical places are taken from it, since
  /// ranks become columns of equal width.
  init(parents: [Int], depths: [Int], radii: [Double], on stage: Stage) {
    self.parents = parents
    self.depths = depths
    self.radii = radii
    let rows =
      parents.count <= Self.mostByDot
      ? Self.rowsByDot(parents: parents, depths: depths, radii: radii)
      : Self.rowsByLeaves(parents: parents)
    let top = rows.min() ?? 0
    let extent = (rows.max() ?? 0) - top
    let height = min(stage.height, Stage.widestRow * Double(max(Self.leaves(parents) - 1, 0)))
    let scale = extent > 0 ? height / extent : 0
    self.rows = rows.map { stage.top + stage.height / 2 + ($0 - top - extent / 2) * scale }
    self.columnWidth = min(
      Stage.widestColumn, stage.width / (Double(depths.max() ?? 0) + 0.6)
    ).rounded(.down)
  }

  /// The number of nodes without children.
  static func leaves(_ parents: [Int]) -> Int {
    var isInner = [Bool](repeating: false, count: parents.count)
    for node in parents.indices.dropFirst() { isInner[parents[node]] = true }
    return isInner.count { !$0 }
  }

  /// Dot takes time that grows faster than the tree, 0.25 s for 2,047 nodes, and hundreds of
  /// checkpoints may be drawn. Of trees larger than this only the outline can be seen.
  private static let mostByDot = 600

  /// Every leaf has a row of its own, every other node stands halfway between its outermost
  /// children.
  private static func rowsByLeaves(parents: [Int]) -> [Double] {
    var children = [[Int]](repeating: [], count: parents.count)
    for node in parents.indices.dropFirst() { children[parents[node]].append(node) }
    var rows = [Double](repeating: 0, count: parents.count)
    var stack = [0]
    var leaf = 0.0
    while let node = stack.popLast() {
      stack += children[node].reversed()
      guard children[node].isEmpty else { continue }
      rows[node] = leaf
      leaf += 1
    }
    // Children come after their parents.
    for node in parents.indices.reversed() {
      guard let first = children[node].first, let last = children[node].last else { continue }
      rows[node] = (rows[first] + rows[last]) / 2
    }
    return rows
  }

  private static func rowsByDot(parents: [Int], depths: [Int], radii: [Double]) -> [Double] {
    var dot = "digraph{rankdir=LR;ordering=out;nodesep=0.06;ranksep=0.5;"
    dot += "node[shape=box,fixedsize=true,width=0.2,label=\"\"];edge[arrowhead=none];"
    for (node, radius) in radii.enumerated() {
      dot += "\(node)[height="
      dot.append(2 * radius / 72, digits: 3)
      dot += "];"
    }
    for node in parents.indices.dropFirst() { dot += "\(parents[node])->\(node);" }
    dot += "}"
    // Numbers and fixed words only: a failure would be a fault of this function, and a picture
    // with all states in one row shows it.
    guard let layout = try? GraphvizLayout(dot: dot) else {
      return [Double](repeating: 0, count: parents.count)
    }
    var rows = parents.indices.map { layout.nodes[String($0)]?.y ?? 0 }
    // Dot may stack a rank from the bottom; the first symbol belongs on top.
    let pairs = zip(parents.indices.dropFirst(), parents.indices.dropFirst(2))
    if let (upper, lower) = pairs.first(where: { depths[$0] == depths[$1] }),
      rows[upper] > rows[lower]
    {
      let bottom = rows.max() ?? 0
      for node in rows.indices { rows[node] = bottom - rows[node] }
    }
    return rows
  }
}

/// The places of all states in all scenes of a film.
///
/// Three things keep states where they are.
///
/// 1. *Order.* A state stands by its access word: the word's length is its column, and within a
///    column states stand in shortlex order. So no two pictures contradict each other.
/// 2. *Common layouts.* Successive scenes share one layout by dot, of the tree of all their access
///    words, as long as it is not much larger than the trees of the scenes by themselves. Within
///    such an act nothing moves but the states to which something happens; those that are born
///    find their place open.
/// 3. *Stiffness* from one act to the next: the rows y of all acts together minimize
///
///        Σ (y − dot's y)² + stiffness · Σ (y in one act − y of the same word in the next)²
///
///    among all rows that keep the order, stay on the stage and leave neighbours in a column
///    apart, as far as dot does, or by their radii where dot has more room. Solved by sweeps
///    forward and backward over the acts, each being set to its best rows given those around and
///    projected, column by column, onto what is allowed: isotonic regression.
///
/// Measured on two runs of the default recipe (two seeds, 39 and 40 key frames), as the mean over
/// the steps of `Film.displacements`, in parts of the picture's width, and their median:
///
///     dot for each key frame          mean 0.029, 0.026   median 0.022, 0.018
///     … with stiffness 1                   0.024, 0.022          0.014, 0.011
///     … with stiffness 3                   0.022, 0.020          0.009, 0.008
///     … with stiffness 10                  0.020, 0.019          0.006, 0.006
///     acts of slack 1.5, no stiffness      0.021, 0.019          0, 0
///     acts of slack 1.5, stiffness 3       0.015, 0.016          0, 0
///     acts of slack 2, stiffness 3         0.012, 0.010          0, 0
///     acts of slack 3, stiffness 3         0.009, 0.008          0, 0
///
/// More slack is calmer, but leaves states small in a half-empty picture. What is left is mostly
/// columns getting narrower as the tree grows deeper.
enum Arrangement {
  /// How much larger, in leaves, the tree of an act may be than that of each of its scenes.
  static let slack = 1.75
  static let stiffness = 3.0
  static let sweeps = 12

  /// Places the states of scenes that have been placed one by one.
  static func arranged(_ scenes: [Scene], on stage: Stage) -> [Scene] {
    let words = Words(scenes)
    let acts = acts(of: scenes, words: words)
    var result = scenes
    for act in acts {
      let crowd = scenes[act].map(\.machine.stateCount).max() ?? 1
      for scene in act { result[scene].size(among: crowd) }
    }
    var layouts = acts.map { layout(of: $0, scenes: result, words: words, on: stage) }
    steady(&layouts, on: stage)
    for (act, layout) in zip(acts, layouts) {
      var index = [Int: Int](minimumCapacity: layout.words.count)
      for (position, word) in layout.words.enumerated() { index[word] = position }
      for scene in act {
        result[scene].columnWidth = layout.layout.columnWidth
        for (state, word) in words.ofState[scene].enumerated() {
          guard let position = index[word] else { continue }
          result[scene].centres[state] = Point(
            x: stage.left + layout.layout.columnWidth * Double(words.depths[word]),
            y: (10 * layout.layout.rows[position]).rounded() / 10)
        }
      }
    }
    return result
  }

  /// All access words of a film as one prefix tree.
  private struct Words {
    /// Parents come before children; word 0 is empty.
    var parents = [0]
    var symbols = [0]
    var depths = [0]
    /// The access word of each state of each scene.
    var ofState: [[Int]] = []

    init(_ scenes: [Scene]) {
      var children: [Int: Int] = [:]
      for scene in scenes {
        let k = scene.machine.alphabet.count
        var words = [Int](repeating: 0, count: scene.machine.stateCount)
        for state in scene.tree.order {
          guard let parent = scene.tree.parents[state] else { continue }
          let symbol = scene.tree.symbols[state]
          let key = words[parent] * k + symbol
          if let word = children[key] {
            words[state] = word
          } else {
            words[state] = parents.count
            children[key] = parents.count
            parents.append(words[parent])
            symbols.append(symbol)
            depths.append(depths[words[parent]] + 1)
          }
        }
        ofState.append(words)
      }
    }

    /// The number of words in a set that no other one in it begins with.
    func leaves(in set: Set<Int>) -> Int {
      var inner: Set<Int> = []
      for word in set where word != 0 { inner.insert(parents[word]) }
      return set.count - inner.count
    }
  }

  /// The longest runs of scenes that may share a layout, from the first scene on. Taking each as
  /// long as possible makes their number least, since a part of a run that may is one that may.
  private static func acts(of scenes: [Scene], words: Words) -> [Range<Int>] {
    var acts: [Range<Int>] = []
    var start = 0
    var union: Set<Int> = []
    var least = Int.max
    for scene in scenes.indices {
      let own = Set(words.ofState[scene])
      let ownLeaves = words.leaves(in: own)
      let together = union.union(own)
      let bound = slack * Double(min(least, ownLeaves)) + 2
      // The first and the last automaton are looked at longest, and stand by themselves.
      let isAlone = scene == 1 || scene == scenes.count - 1
      if scene > start, isAlone || Double(words.leaves(in: together)) > bound {
        acts.append(start..<scene)
        start = scene
        union = own
        least = ownLeaves
      } else {
        union = together
        least = min(least, ownLeaves)
      }
    }
    acts.append(start..<scenes.count)
    return acts
  }

  /// An act's layout, and the word of each of its nodes.
  private struct Placed {
    var words: [Int]
    var layout: Layout
  }

  private static func layout(
    of act: Range<Int>, scenes: [Scene], words: Words, on stage: Stage
  ) -> Placed {
    var radii: [Int: Double] = [:]
    for scene in act {
      for (state, word) in words.ofState[scene].enumerated() {
        radii[word] = max(radii[word] ?? 0, scenes[scene].radii[state])
      }
    }
    // Level by level: a word's position in its level is its parent's, then its symbol.
    var order: [Int] = []
    var position: [Int: Int] = [:]
    for level in Dictionary(grouping: radii.keys, by: { words.depths[$0] }).sorted(by: {
      $0.key < $1.key
    }) {
      let sorted = level.value.sorted {
        let (a, b) = (position[words.parents[$0]] ?? 0, position[words.parents[$1]] ?? 0)
        return a != b ? a < b : words.symbols[$0] < words.symbols[$1]
      }
      for word in sorted {
        position[word] = order.count
        order.append(word)
      }
    }
    return Placed(
      words: order,
      layout: Layout(
        parents: order.map { position[words.parents[$0]] ?? 0 },
        depths: order.map { words.depths[$0] }, radii: order.map { radii[$0] ?? 0 }, on: stage))
  }

  /// Columns get narrower when they must, and wider only when it is worth the motion. A great
  /// change is spread over the acts around it, which only ever takes width away, so all acts
  /// still fit the stage. The last automaton takes the room it can have: it is looked at longest.
  private static func steadyColumns(_ acts: inout [Placed]) {
    var widths = acts.dropLast().map(\.layout.columnWidth)
    for act in widths.indices.dropFirst()
    where widths[act - 1] <= widths[act] && widths[act] < 1.3 * widths[act - 1] {
      widths[act] = widths[act - 1]
    }
    for act in widths.indices.dropFirst() {
      widths[act] = min(widths[act], (1.25 * widths[act - 1]).rounded(.down))
    }
    for act in widths.indices.dropLast().reversed() {
      widths[act] = min(widths[act], (1.25 * widths[act + 1]).rounded(.down))
    }
    for (act, width) in widths.enumerated() { acts[act].layout.columnWidth = width }
  }

  private static func steady(_ acts: inout [Placed], on stage: Stage) {
    guard acts.count > 1 else { return }
    steadyColumns(&acts)
    let last = acts.count - 1

    let own = acts.map(\.layout.rows)
    // The same word in the act before and after, or -1.
    var before = acts.map { [Int](repeating: -1, count: $0.words.count) }
    var after = before
    for act in acts.indices.dropLast() {
      var index = [Int: Int](minimumCapacity: acts[act].words.count)
      for (position, word) in acts[act].words.enumerated() { index[word] = position }
      for (position, word) in acts[act + 1].words.enumerated() {
        guard let other = index[word] else { continue }
        after[act][other] = position
        before[act + 1][position] = other
      }
    }
    let columns = acts.map { Columns($0.layout) }
    for sweep in 0..<sweeps {
      for step in acts.indices {
        let act = sweep % 2 == 0 ? step : last - step
        var rows = own[act]
        for node in rows.indices {
          var weight = 1.0
          if before[act][node] >= 0 {
            rows[node] += stiffness * acts[act - 1].layout.rows[before[act][node]]
            weight += stiffness
          }
          if after[act][node] >= 0 {
            rows[node] += stiffness * acts[act + 1].layout.rows[after[act][node]]
            weight += stiffness
          }
          rows[node] /= weight
        }
        columns[act].project(&rows, into: stage.top...(stage.top + stage.height))
        acts[act].layout.rows = rows
      }
    }
  }
}

/// The nodes of a layout by column, from top to bottom, and how far apart they must stay.
private struct Columns {
  private var columns: [(nodes: [Int], gaps: [Double])] = []

  init(_ layout: Layout) {
    var nodes = [[Int]](repeating: [], count: (layout.depths.max() ?? 0) + 1)
    for node in layout.depths.indices { nodes[layout.depths[node]].append(node) }
    for column in nodes {
      let gaps = zip(column, column.dropFirst()).map { upper, lower in
        let own = layout.rows[lower] - layout.rows[upper]
        return max(0, min(own, layout.radii[upper] + layout.radii[lower] + 3))
      }
      columns.append((column, gaps))
    }
  }

  /// The nearest rows, in the sense of least squares, that keep every gap and the range.
  func project(_ rows: inout [Double], into range: ClosedRange<Double>) {
    for (nodes, gaps) in columns {
      // With the gaps taken away, rows must only not decrease.
      var total = 0.0
      var blocks: [(sum: Double, count: Int)] = []
      for (index, node) in nodes.enumerated() {
        if index > 0 { total += gaps[index - 1] }
        var block = (sum: rows[node] - total, count: 1)
        while let last = blocks.last,
          last.sum / Double(last.count) >= block.sum / Double(block.count)
        {
          block = (block.sum + last.sum, block.count + last.count)
          blocks.removeLast()
        }
        blocks.append(block)
      }
      let upper = max(range.lowerBound, range.upperBound - total)
      var index = 0
      var offset = 0.0
      for block in blocks {
        let level = min(max(block.sum / Double(block.count), range.lowerBound), upper)
        for _ in 0..<block.count {
          if index > 0 { offset += gaps[index - 1] }
          rows[nodes[index]] = level + offset
          index += 1
        }
      }
    }
  }
}
