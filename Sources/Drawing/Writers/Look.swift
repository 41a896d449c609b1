// What things look like: colours, shapes, type.
//
// The colours are Okabe and Ito's, told apart with any common kind of colour blindness, and
// darkened or lightened where they would be too faint on paper or on black. Colour never stands
// alone: every output has a shape of its own, and an open transition is dashed and ends in a ring.
//
// Source: M. Okabe and K. Ito, "Color Universal Design" (2002).

/// The background of a picture.
public enum Theme: String, Sendable, CaseIterable {
  /// As the reader's system asks for.
  case automatic
  case light
  case dark
}

/// The colours of a picture.
struct Palette: Sendable {
  var paper, ink, soft, line, fold, open, accent: String
  /// One per output, used again from the start if there are more outputs.
  var outputs: [String]

  static let light = Palette(
    paper: "#ffffff", ink: "#1b1f24", soft: "#636c76", line: "#d5d9de", fold: "#7b8590",
    open: "#a8467f", accent: "#007a5a",
    outputs: ["#0072b2", "#d55e00", "#009e73", "#8a6d00", "#7a4fb0", "#56606b"])
  static let dark = Palette(
    paper: "#101317", ink: "#eceff2", soft: "#98a2ad", line: "#333a42", fold: "#7d8894",
    open: "#e08bbd", accent: "#2fbf95",
    outputs: ["#56b4e9", "#f08a3c", "#2fbf95", "#e6c229", "#b49be8", "#aab4be"])
  /// The CSS variables that ``variables`` sets.
  static let named = Palette(
    paper: "var(--paper)", ink: "var(--ink)", soft: "var(--soft)", line: "var(--line)",
    fold: "var(--fold)", open: "var(--open)", accent: "var(--accent)",
    outputs: light.outputs.indices.map { "var(--o\($0))" })

  /// The colours as CSS variables.
  var variables: String {
    let named = [
      ("paper", paper), ("ink", ink), ("soft", soft), ("line", line), ("fold", fold),
      ("open", open), ("accent", accent),
    ]
    return (named + outputs.enumerated().map { ("o\($0)", $1) })
      .map { "--\($0):\($1)" }.joined(separator: ";")
  }
}

enum Look {
  static let fontFamily =
    "system-ui,-apple-system,'Segoe UI','Helvetica Neue','Liberation Sans',Arial,sans-serif"

  /// What shows an output: a shape for a circle of radius 1 that it has the area of, within 1 %.
  enum Shape: Equatable, Sendable {
    case circle
    /// Half of the side.
    case square(Double)
    /// The corners, as seen from the centre.
    case polygon([Point])
  }

  /// The shape of each output, used again from the first if there are more outputs.
  static let shapes: [Shape] = [
    .circle, .square(0.89),
    polygon((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    polygon((0, -1.56), (1.35, 0.78), (-1.35, 0.78)),
    polygon((0, 1.56), (-1.35, -0.78), (1.35, -0.78)),
    polygon((-1.1, 0), (-0.55, -0.95), (0.55, -0.95), (1.1, 0), (0.55, 0.95), (-0.55, 0.95)),
  ]

  private static func polygon(_ corners: (x: Double, y: Double)...) -> Shape {
    .polygon(corners.map { Point(x: $0.x, y: $0.y) })
  }

  /// The number of outputs that look different.
  static var outputCount: Int { shapes.count }

  /// The class of a state's mark.
  static func outputClass(_ output: Int) -> String { "o\(output % outputCount)" }

  /// What a state looks like: the shape of its output, and a colour.
  struct Mark: Hashable, Comparable {
    var output: Int
    var colour: Int

    /// The dot of a word that lies in no state of the automaton.
    static let unknown = Mark(output: 0, colour: -1)

    /// The classes of a dot.
    var classes: String {
      (output == 1 ? "q " : "") + (colour < 0 ? "none" : "r\(colour)")
    }

    static func < (a: Mark, b: Mark) -> Bool {
      (a.output, a.colour) < (b.output, b.colour)
    }
  }

  /// The path that shows an output about a centre.
  ///
  /// One output always gives the same commands, so that its mark can be animated.
  static func mark(_ output: Int, at centre: Point, radius: Double) -> String {
    var text = "M"
    switch shapes[output % outputCount] {
    case .circle:
      let r = number(radius)
      let d = number(2 * radius.roundedToTenths)
      text.append(centre - Point(x: radius, y: 0))
      text += "a\(r) \(r) 0 1 0 \(d) 0 \(r) \(r) 0 1 0-\(d) 0z"
      return text
    case .square(let half):
      let side = (2 * half * radius).roundedToTenths
      text.append(centre - Point(x: side / 2, y: side / 2))
      text += "h\(number(side))v\(number(side))h-\(number(side))z"
      return text
    case .polygon(let corners):
      for (index, corner) in corners.enumerated() {
        if index > 0 { text += "L" }
        text.append(centre + radius * corner)
      }
      return text + "z"
    }
  }

  /// The path of each shape about (0, 0) for radius 1, for a page that moves and scales them.
  static let unitMarks: [String] = shapes.map { shape in
    func path(_ corners: [Point]) -> String {
      "M"
        + corners.map { "\(number($0.x, digits: 2)) \(number($0.y, digits: 2))" }
        .joined(separator: "L") + "z"
    }
    return switch shape {
    case .circle: "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z"
    case .square(let half):
      path([
        Point(x: -half, y: -half), Point(x: half, y: -half), Point(x: half, y: half),
        Point(x: -half, y: half),
      ])
    case .polygon(let corners): path(corners)
    }
  }

  /// The style sheet of a picture.
  ///
  /// Written without CSS variables, which rsvg-convert and other simple readers lack.
  static func style(_ theme: Theme) -> String {
    let base =
      "text{font-family:\(fontFamily);font-variant-numeric:tabular-nums}" + lines
      + "@media (prefers-reduced-motion:reduce)"
      + "{.film{display:none}.rest{display:inline!important}}" + thinLines
    switch theme {
    case .light: return base + colours(.light)
    case .dark: return base + colours(.dark)
    case .automatic:
      return base + colours(.light)
        + "@media (prefers-color-scheme:dark){\(colours(.dark))}"
    }
  }

  /// What the page has in common with pictures, its colours as variables.
  static func pageStyle(_ theme: Theme) -> String {
    let light = ":root{\(Palette.light.variables)}"
    let dark = ":root{\(Palette.dark.variables)}"
    let variables =
      switch theme {
      case .light: ":root{color-scheme:light}" + light
      case .dark: ":root{color-scheme:dark}" + dark
      case .automatic:
        ":root{color-scheme:light dark}" + light + "@media (prefers-color-scheme:dark){\(dark)}"
      }
    return variables + lines + thinLines + colours(.named)
  }

  /// How lines, dots and symbols are drawn, whatever their colours.
  private static let lines =
    ".h{font-weight:600}.num{font-weight:600}"
    + ".tree,.fold,.open,.curve,.axis,.start{fill:none}"
    + ".tree{stroke-linecap:round}.open{stroke-dasharray:2.5 2.5}"
    + ".state{paint-order:stroke}"
    + ".dots{fill:none;stroke-width:6.5;stroke-linecap:round;stroke-opacity:.7}"
    + ".q{stroke-linecap:square;stroke-width:5.5}"
    + ".arrow,.ring{fill:none;stroke-width:1.5}.ring{stroke-width:2}"
    + ".axis{stroke-width:1}.curve{stroke-width:1.8;stroke-linejoin:round}"
    + ".label{font-size:11px;text-anchor:middle;paint-order:stroke;stroke-width:4px}"
  private static let thinLines =
    ".merge,.split{stroke-width:1}.dash{stroke-dasharray:5 3}.mark{stroke-width:1.2}"
    + ".start{stroke-width:1.6}"

  private static func colours(_ palette: Palette) -> String {
    var text =
      ".paper{fill:\(palette.paper)}text,.ink{fill:\(palette.ink)}"
      + ".soft{fill:\(palette.soft)}.axis{stroke:\(palette.line)}"
      + ".state{stroke:\(palette.paper)}.tree,.start{stroke:\(palette.ink)}"
      + ".tip{fill:\(palette.fold)}.label{fill:\(palette.soft);stroke:\(palette.paper)}"
      + ".fold{stroke:\(palette.fold)}"
      + ".open{stroke:\(palette.open)}"
      + ".end{fill:\(palette.paper);stroke:\(palette.open)}.disc{fill:\(palette.paper)}"
      + ".arrow{stroke:\(palette.soft)}"
      + ".mark{stroke:\(palette.ink)}.train{stroke:\(palette.outputs[0])}"
      + ".valid{stroke:\(palette.outputs[1])}.count,.merge{stroke:\(palette.ink)}"
      + ".split,.none{stroke:\(palette.soft)}"
      + ".area{fill:\(palette.line)}.head{stroke:\(palette.accent)}"
    for (index, colour) in palette.outputs.enumerated() {
      text += ".o\(index){fill:\(colour)}.r\(index){stroke:\(colour)}"
      text += ".r\(index)text{fill:\(colour);font-weight:400}"
    }
    return text
  }
}
