// The numbers that the film, its stills and the page draw by.
//
// movie.svg and stills are written here. The page draws in the browser, because its stage has the
// shape of the window and can be opened at a branch; it is given these numbers as data, each under
// the name it has here, so that none is written twice. What a number says is said beside it; the
// functions that use them are those of ``Scene`` and, under the same names, of Page/film.js.

/// How an automaton is drawn on a stage of any shape. Lengths are units of a picture.
struct DrawingRules: Sendable {
  static let standard = DrawingRules()

  // MARK: What is drawn

  /// The symbols beside edges are legible up to this number of states.
  let labelLimit = 44
  /// And arrow heads up to this.
  let arrowLimit = 90
  /// What is fainter than this between two key frames is not drawn.
  let faintest = 0.02

  // MARK: States

  /// The width of the film's stage, for which the radii of states are given.
  let stageWidth = Stage.film.width
  /// A state inside another is at most this share of the other's radius, so that it is covered.
  let insideShare = 0.9
  /// The thickest rim, which keeps states from running into each other and their edges; see
  /// ``Scene/rimWidth``.
  let thickestRim = 1.4
  /// The thickest edge of the tree; see ``Scene/strokeWidth(_:)``.
  let thickestEdge = 1.8

  // MARK: Edges, see Scene.curve(of:on:)

  /// How far an open edge leads towards the next column.
  let stubShare = 0.4
  /// The distance between the ends of a state's open edges: at most this …
  let stubSpread = 9.0
  /// … and at most this share of the state's radius.
  let stubSpreadShare = 2.2
  /// How far from a state's border the tip of an arrow stands.
  let tipGap = 1.0
  /// How far beyond the border a loop swings out, and how much higher than wide it is.
  let loopReach = 15.0
  let loopHeight = 1.5
  /// Where a loop ends: shares of the radius to the left of the centre and above it.
  let loopEndLeft = 0.35
  let loopEndAbove = 0.94
  /// An edge runs in an S if its end is further right than this share of a column; else it swings
  /// out to the right, by as much and by a share of its height, and comes back.
  let swingShare = 0.3
  let swingHeightShare = 0.1
  /// Edges that come back in the same row are lifted by this share of their length, those that
  /// come back from a height of ``liftFade`` not at all.
  let liftShare = 0.35
  let liftFade = 60.0
  /// How far the edges of one state part as they leave: altogether at most this …
  let partSpread = 24.0
  /// … and each from the next at most this share of the radius.
  let partSpreadShare = 3.0

  // MARK: Symbols on edges, see Scene.labelPlace(of:on:)

  /// How far along its edge a symbol stands: on an edge of the tree a share of a column, on others a
  /// distance from the border of the state.
  let labelShare = 0.36
  let labelDistance = 15.0
  /// Symbols stand one after the other, in so many places so far apart.
  let labelPlaces = 3
  let labelPitch = 10.0
  /// The way along an edge is measured in steps of 1/40 of its parameter, 24 at most.
  let labelSteps = 24
  let labelStepsPerEdge = 40
  /// How far below the middle of a symbol its base line is.
  let labelBaseline = 4.0

  // MARK: The arrow that leads to the start from nowhere

  let startGap = 2.0
  let startLength = 26.0
  let startHeadLength = 6.0
  let startHeadHalfWidth = 4.0

  // MARK: Charts

  /// The opacity of a curve where the film has yet to come to, as an attribute.
  let futureOpacity = ".28"
  /// How far above a chart the line begins that stands where the film is.
  let markRise = 6.0
  /// Dots are drawn in units of this size.
  let dotUnit = 0.5

  /// The radius of a state that is inside another, where it comes out of it or goes into it.
  func insideRadius(own: Double, of host: Double) -> Double { min(insideShare * host, own) }

  /// All of them as a JSON object.
  var json: String {
    "{"
      + Mirror(reflecting: self).children.map { name, value in
        let value = (value as? String)?.json ?? "\(value)"
        return "\(String(name ?? "").json):\(value)"
      }.joined(separator: ",") + "}"
  }
}
