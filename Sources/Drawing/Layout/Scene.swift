// An automaton on a stage: where each state stands, how large it is, and how its edges run.

import Automata
import Extraction

/// One automaton on the stage.
struct Scene: Sendable {
  let machine: MooreMachine
  let tree: AccessTree
  /// How many words of the evaluation set lie in each state.
  let wordCounts: [Int]
  /// The radius of each state; see ``size(among:)``.
  var radii: [Double]
  /// The centre of each state; states that are not reached stand with the start.
  var centres: [Point]
  /// The distance between two columns.
  var columnWidth: Double
  /// States are drawn smaller on a stage that is lower than that of the film.
  private let scale: Double
  private var rules: DrawingRules { .standard }

  /// An automaton that has yet to be arranged: all states stand in one place.
  ///
  /// - Parameter wordCounts: How many words lie in each state.
  init(_ machine: MooreMachine, wordCounts: [Int], on stage: Stage) {
    self.machine = machine
    self.tree = AccessTree(of: machine)
    self.wordCounts = wordCounts
    self.radii = [Double](repeating: 0, count: machine.stateCount)
    self.columnWidth = 0
    self.scale = min(max(stage.height / Stage.film.height, 0.45), 1)
    self.centres = [Point](
      repeating: Point(x: stage.left, y: stage.top), count: machine.stateCount)
    size(among: machine.stateCount)
  }

  /// Sizes the states: a state's area is an affine function of its number of words, so that one
  /// word can still be seen. Among many, states are smaller. Sizes go in steps of half a unit,
  /// for a word more or less is no news.
  ///
  /// - Parameter crowd: The number of states that the picture has to hold.
  mutating func size(among crowd: Int) {
    let (least, scale) = (min(max(42 / Double(crowd).squareRoot(), 1.3), 5.5), scale)
    // 0.14 keeps a class of 1,024 words below 13.
    radii = wordCounts.map {
      (2 * scale * (least * least + 0.14 * Double($0)).squareRoot()).rounded() / 2
    }
  }

  /// The automaton of a checkpoint, yet to be arranged.
  init(_ extraction: Extraction, on stage: Stage) {
    let sizes = extraction.partition.sizes
    self.init(
      extraction.automaton, wordCounts: extraction.classOfState.map { sizes[$0] }, on: stage)
  }

  /// Places a scene that is shown by itself.
  func arranged(on stage: Stage) -> Scene { Arrangement.arranged([self], on: stage)[0] }

  /// What an edge says: that a state is new, that it is an old one, or that nobody knows.
  ///
  /// In the order in which they are drawn: those of the tree lie on top.
  enum EdgeKind: String, CaseIterable, Sendable { case fold, open, tree }

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
      let spread = min(rules.stubSpread, rules.stubSpreadShare * radii[state])
      let end =
        from
        + Point(x: rules.stubShare * columnWidth, y: (Double(symbol) - (k - 1) / 2) * spread)
      let middle = 0.5 * (from + end)
      return Curve(
        start: from, control1: Point(x: middle.x, y: from.y),
        control2: Point(x: middle.x, y: end.y), end: end)
    }
    return curve(from: state, to: target, on: symbol)
  }

  private func curve(from state: Int, to target: Int, on symbol: Int) -> Curve {
    let from = centres[state]
    let to = centres[target]
    // Where there are arrow heads, their tips touch the state's border.
    let radius = hasArrows() ? radii[target] + rules.tipGap : 0
    if state == target {
      let reach = radii[target] + rules.loopReach
      let height = rules.loopHeight * reach
      return Curve(
        start: from, control1: from + Point(x: reach, y: -height),
        control2: from + Point(x: -reach, y: -height),
        end: from + Point(x: -rules.loopEndLeft * radius, y: -rules.loopEndAbove * radius))
    }
    let isTree = tree.parents[target] == state
    let dx = to.x - from.x
    let dy = to.y - from.y
    if dx > rules.swingShare * columnWidth {
      let middle = (from.x + to.x) / 2
      return Curve(
        start: from, control1: Point(x: middle, y: from.y), control2: Point(x: middle, y: to.y),
        end: Point(x: to.x - (isTree ? 0 : radius), y: to.y))
    }
    let swing = rules.swingShare * columnWidth + rules.swingHeightShare * dy.magnitude
    // Two states of one row would be joined by a line through all between them: lift it.
    let lift = rules.liftShare * -dx * max(0, 1 - dy.magnitude / rules.liftFade)
    // Symbols part as they leave, so that each can be read.
    let k = Double(machine.alphabet.count)
    let part =
      (Double(symbol) - (k - 1) / 2)
      * min(rules.partSpread / k, rules.partSpreadShare * radii[state])
    return Curve(
      start: from, control1: Point(x: from.x + swing, y: from.y - lift + part),
      control2: Point(x: to.x + swing, y: to.y - lift), end: Point(x: to.x + radius, y: to.y))
  }

  /// The centre of the symbol on an edge: near the state that the edge leaves. Symbols of
  /// parallel edges stand one after the other.
  func labelPlace(of state: Int, on symbol: Int) -> Point {
    let curve = curve(of: state, on: symbol)
    var left =
      (kind(of: state, on: symbol) == .tree
        ? rules.labelShare * columnWidth : radii[state] + rules.labelDistance)
      + rules.labelPitch * Double(symbol % rules.labelPlaces)
    var place = curve.start
    for step in 1...rules.labelSteps {
      let next = curve.point(at: Double(step) / Double(rules.labelStepsPerEdge))
      left -= (next - place).length
      place = next
      if left <= 0 { break }
    }
    return place
  }

  // MARK: How much is drawn, and how strongly

  /// Whether there is room for arrow heads.
  ///
  /// - Parameter scale: How large the stage is; in a small one, fewer states leave room.
  func hasArrows(scale: Double = 1) -> Bool {
    Double(machine.stateCount) <= scale * Double(rules.arrowLimit)
  }

  /// Whether there is room for the symbols beside the edges.
  func hasLabels(scale: Double = 1) -> Bool {
    Double(machine.stateCount) <= scale * Double(rules.labelLimit)
  }

  /// How strongly the edges are drawn that fold the tree: many are drawn fainter, so that the
  /// tree stays visible through them.
  var foldOpacity: Double { min(0.8, max(0.2, 4 / Double(machine.stateCount).squareRoot())) }

  /// How thick the rim is that keeps states from running into each other and their edges.
  var rimWidth: Double {
    min(rules.thickestRim, 23 / Double(machine.stateCount).squareRoot())
  }

  /// How thick an edge is drawn, to hundredths, so that all who draw it glide between the same.
  func strokeWidth(_ kind: EdgeKind) -> Double {
    let base = min(rules.thickestEdge, max(0.35, 16 / Double(machine.stateCount).squareRoot()))
    return (100 * (kind == .tree ? base : 0.75 * base)).rounded() / 100
  }

  /// The tip of the arrow that leads to the start from nowhere.
  var startTip: Point {
    Point(x: centres[0].x - radii[0] - rules.startGap, y: centres[0].y)
  }

  /// The line under the epoch.
  var caption: String {
    let open = machine.openTransitionCount
    let states = counted(machine.stateCount, "state")
    if open == 0 { return "\(states) · complete" }
    return "\(states) · \(counted(open, "open transition"))"
  }

  /// The state of the minimal machine that each state is equivalent to.
  ///
  /// - Parameter minimal: The minimal equivalent of ``machine``.
  func states(of minimal: MooreMachine) -> [Int] {
    var states = [Int](repeating: 0, count: machine.stateCount)
    for state in tree.order {
      guard let parent = tree.parents[state] else { continue }
      // Equivalent states have the same transitions, so what is closed here is closed there.
      states[state] = minimal.successor(of: states[parent], on: tree.symbols[state]) ?? 0
    }
    return states
  }
}
