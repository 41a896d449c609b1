// An automaton on a stage: where each state stands, how large it is, and how its edges run.

import Automata

/// The rectangle that automata are drawn in, and the measures that hold in every film.
struct Stage: Equatable, Sendable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  /// The greatest distance between two columns, and between two leaves of the tree.
  static let widestColumn = 170.0
  static let widestRow = 84.0
}

/// One automaton, placed.
struct Scene: Sendable {
  let machine: MooreMachine
  let tree: AccessTree
  /// How many words of the evaluation set lie in each state.
  let wordCounts: [Int]
  /// The radius of each state: its area is an affine function of its number of words.
  let radii: [Double]
  /// The centre of each state.
  var centres: [Point]
  /// The distance between two columns.
  var columnWidth: Double

  /// Places an automaton by itself.
  ///
  /// - Parameter wordCounts: How many words lie in each state.
  init(_ machine: MooreMachine, wordCounts: [Int], on stage: Stage) {
    let n = machine.stateCount
    // Few states stand large, many small; 0.14 keeps a class of 1,024 words below 13.
    let least = min(max(42 / Double(n).squareRoot(), 1.7), 5.5)
    let radii = wordCounts.map { (least * least + 0.14 * Double($0)).squareRoot() }
    let tree = AccessTree(of: machine)
    let rows = tree.rows(extents: radii.map { 2 * $0 })

    let top = rows.min() ?? 0
    let extent = (rows.max() ?? 0) - top
    let leaves = Self.leafCount(of: tree)
    let height = min(stage.height, Stage.widestRow * Double(max(leaves - 1, 0)))
    let scale = extent > 0 ? height / extent : 0
    let columnWidth = min(Stage.widestColumn, stage.width / (Double(tree.depth) + 0.6))
    self.machine = machine
    self.tree = tree
    self.wordCounts = wordCounts
    self.radii = radii
    self.columnWidth = columnWidth
    self.centres = (0..<n).map { state in
      Point(
        x: stage.left + columnWidth * Double(tree.depths[state]),
        y: stage.top + stage.height / 2 + (rows[state] - top - extent / 2) * scale)
    }
  }

  /// Places the automaton of a checkpoint.
  init(_ extraction: Extraction, on stage: Stage) {
    let sizes = extraction.partition.sizes
    self.init(
      extraction.automaton, wordCounts: extraction.classOfState.map { sizes[$0] }, on: stage)
  }

  private static func leafCount(of tree: AccessTree) -> Int {
    var isInner = [Bool](repeating: false, count: tree.parents.count)
    for case .some(let parent) in tree.parents { isInner[parent] = true }
    return tree.order.count { !isInner[$0] }
  }

  /// What an edge says: that a state is new, that it is an old one, or that nobody knows.
  enum EdgeKind: Equatable, Sendable { case tree, fold, open }

  func kind(of state: Int, on symbol: Int) -> EdgeKind {
    guard let target = machine.successor(of: state, on: symbol) else { return .open }
    return tree.parents[target] == state ? .tree : .fold
  }

  /// How the edge runs from `state` on `symbol`.
  ///
  /// Edges of the tree run from left to right in an S. The others, which fold the tree into an
  /// automaton, swing out to the right and come back to their state from there, unless it lies
  /// further right. An open transition is a stub towards where the next column would be.
  func curve(of state: Int, on symbol: Int) -> Curve {
    let from = centres[state]
    guard let target = machine.successor(of: state, on: symbol) else {
      let k = Double(machine.alphabet.count)
      let spread = min(9, 2.2 * radii[state])
      let end =
        from
        + Point(x: 0.4 * columnWidth, y: (Double(symbol) - (k - 1) / 2) * spread)
      let middle = 0.5 * (from + end)
      return Curve(
        start: from, control1: Point(x: middle.x, y: from.y),
        control2: Point(x: middle.x, y: end.y), end: end)
    }
    return curve(from: state, to: target)
  }

  /// How an edge runs between two states; see ``curve(of:on:)``.
  func curve(from state: Int, to target: Int) -> Curve {
    let from = centres[state]
    let to = centres[target]
    let radius = radii[target] + 1
    if state == target {
      let reach = radius + 14
      return Curve(
        start: from, control1: from + Point(x: reach, y: -1.5 * reach),
        control2: from + Point(x: -reach, y: -1.5 * reach),
        end: from + Point(x: -0.35 * radius, y: -0.94 * radius))
    }
    let dx = to.x - from.x
    let dy = to.y - from.y
    if dx > 0.3 * columnWidth {
      let middle = (from.x + to.x) / 2
      return Curve(
        start: from, control1: Point(x: middle, y: from.y), control2: Point(x: middle, y: to.y),
        end: Point(x: to.x - radius, y: to.y))
    }
    let swing = 0.3 * columnWidth + 0.1 * dy.magnitude
    // Two states of one row would be joined by a line through all between them: lift it.
    let lift = 0.35 * -dx * max(0, 1 - dy.magnitude / 60)
    return Curve(
      start: from, control1: Point(x: from.x + swing, y: from.y - lift),
      control2: Point(x: to.x + swing, y: to.y - lift), end: Point(x: to.x + radius, y: to.y))
  }
}
