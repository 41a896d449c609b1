// An automaton as places and curves, for plotting programs.

public import Automata
public import Extraction

/// Where the states of an automaton stand and how its transitions run, as the film draws them.
///
/// The access words form a tree that runs from left to right, and ε's state stands on the left. The
/// stage is ``width`` × ``height``, with y growing upwards.
public struct PlacedAutomaton: Sendable {
  /// A state and the circle that shows it; the area grows with the number of its words.
  public struct State: Hashable, Sendable {
    public let output: Int
    public let x, y, radius: Double
  }

  /// A transition and the curve that shows it, from the source's centre.
  public struct Transition: Hashable, Sendable {
    public let source, symbol: Int
    /// Nil for an open transition.
    public let target: Int?
    /// Whether the source is the target's parent in the tree of access words.
    public let isTree: Bool
    /// The curve, as places along it at equal steps of its parameter.
    public let points: [SIMD2<Double>]
  }

  public static let width = 1150.0
  public static let height = 500.0

  /// At most 2,047.
  public let states: [State]
  public let transitions: [Transition]
  /// The number of places on a curve, odd; fewer where there are many.
  public let pointsPerCurve: Int
  /// How many states there was no room for.
  public let statesLeftOut: Int

  /// The automaton of a checkpoint.
  ///
  /// - Complexity: one tree layout by Graphviz: 3 ms at 40 states, 30 ms at 400.
  public init(_ extraction: Extraction) {
    let drawn = FilmFrame(epoch: 0, extraction: extraction)
    self.init(Scene(drawn.extraction, on: Self.stage), statesLeftOut: drawn.statesLeftOut)
  }

  /// Any machine; all its states are of one size.
  public init(_ machine: MooreMachine) {
    let drawn = machine.confined(to: mostStatesDrawn)
    self.init(
      Scene(
        drawn, wordCounts: [Int](repeating: 1, count: drawn.stateCount), on: Self.stage),
      statesLeftOut: machine.stateCount - drawn.stateCount)
  }

  private static var stage: Stage { Stage(left: 30, top: 0, width: width - 60, height: height) }

  private init(_ scene: Scene, statesLeftOut: Int) {
    let scene = scene.arranged(on: Self.stage)
    let machine = scene.machine
    self.statesLeftOut = statesLeftOut
    let count = machine.stateCount <= 60 ? 33 : 13
    pointsPerCurve = count
    states = (0..<machine.stateCount).map {
      State(
        output: machine.output(of: $0), x: scene.centres[$0].x,
        y: Self.height - scene.centres[$0].y, radius: scene.radii[$0])
    }
    transitions = (0..<machine.stateCount).flatMap { state in
      (0..<machine.alphabet.count).map { symbol in
        let curve = scene.curve(of: state, on: symbol)
        return Transition(
          source: state, symbol: symbol, target: machine.successor(of: state, on: symbol),
          isTree: scene.kind(of: state, on: symbol) == .tree,
          points: (0..<count).map {
            let point = curve.point(at: Double($0) / Double(count - 1))
            return SIMD2(point.x.roundedToTenths, (Self.height - point.y).roundedToTenths)
          })
      }
    }
  }
}
