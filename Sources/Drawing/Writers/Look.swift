// What things look like: colours, shapes, type.
//
// The colours are Okabe and Ito's, told apart with any common kind of colour blindness, and
// darkened or lightened where they would be too faint on paper or on black. Colour never stands
// alone: every output has a shape of its own, and an open transition is dashed and ends in a ring.
//
// Source: M. Okabe and K. Ito, "Color Universal Design" (2002).

/// The paper that a picture is drawn on.
public enum Theme: String, Sendable, CaseIterable {
  /// As the reader's system asks for.
  case automatic
  case light
  case dark
}

enum Look {
  static let lightColours = [
    "--paper:#ffffff", "--ink:#1b1f24", "--soft:#636c76", "--line:#d5d9de", "--fold:#7b8590",
    "--open:#a8467f", "--accent:#007a5a",
  ]
  static let darkColours = [
    "--paper:#101317", "--ink:#eceff2", "--soft:#98a2ad", "--line:#333a42", "--fold:#7d8894",
    "--open:#e08bbd", "--accent:#2fbf95",
  ]
  /// One colour per output, used again from the start if there are more outputs.
  static let lightOutputs = ["#0072b2", "#d55e00", "#009e73", "#8a6d00", "#7a4fb0", "#56606b"]
  static let darkOutputs = ["#56b4e9", "#f08a3c", "#2fbf95", "#e6c229", "#b49be8", "#aab4be"]

  static let fontFamily =
    "system-ui,-apple-system,'Segoe UI','Helvetica Neue','Liberation Sans',Arial,sans-serif"

  /// The number of outputs that look different; see ``shape(of:)``.
  static let outputCount = 6

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

  /// The path that shows an output about a centre; all have the area of a circle of this radius.
  ///
  /// One output always gives the same commands, so that its mark can be animated.
  static func mark(_ output: Int, at centre: Point, radius: Double) -> String {
    // The corners of the shapes after the circle, for radius 1.
    let corners: [(Double, Double)]
    var text = "M"
    switch output % outputCount {
    case 0:
      let r = number(radius)
      let d = number(2 * radius.roundedToTenths)
      text.append(centre - Point(x: radius, y: 0))
      text += "a\(r) \(r) 0 1 0 \(d) 0 \(r) \(r) 0 1 0-\(d) 0z"
      return text
    case 1:
      let side = (2 * 0.89 * radius).roundedToTenths
      text.append(centre - Point(x: side / 2, y: side / 2))
      text += "h\(number(side))v\(number(side))h-\(number(side))z"
      return text
    case 2: corners = [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)]
    case 3: corners = [(0, -1.56), (1.35, 0.78), (-1.35, 0.78)]
    case 4: corners = [(0, 1.56), (-1.35, -0.78), (1.35, -0.78)]
    default:
      corners = [(-1.1, 0), (-0.55, -0.95), (0.55, -0.95), (1.1, 0), (0.55, 0.95), (-0.55, 0.95)]
    }
    for (index, corner) in corners.enumerated() {
      if index > 0 { text += "L" }
      text.append(centre + radius * Point(x: corner.0, y: corner.1))
    }
    return text + "z"
  }

  /// The style sheet shared by everything drawn.
  ///
  /// Written without CSS variables, which rsvg-convert and other simple readers lack.
  static func style(_ theme: Theme) -> String {
    let base =
      "text{font-family:\(fontFamily);font-variant-numeric:tabular-nums}"
      + ".h{font-weight:600}.num{font-weight:600}"
      + ".tree,.fold,.open,.curve,.axis,.start{fill:none}"
      + ".tree{stroke-linecap:round}.open{stroke-dasharray:2.5 2.5}"
      + ".state{paint-order:stroke}"
      + ".dots{fill:none;stroke-width:6.5;stroke-linecap:round;stroke-opacity:.7}"
      + ".q{stroke-linecap:square;stroke-width:5.5}"
      + ".arrow,.ring{fill:none;stroke-width:1.5}.ring{stroke-width:2}"
      + ".axis{stroke-width:1}.curve{stroke-width:1.8;stroke-linejoin:round}"
      + ".label{font-size:11px;text-anchor:middle;paint-order:stroke;stroke-width:4px}"
      + "@media (prefers-reduced-motion:reduce)"
      + "{.film{display:none}.rest{display:inline!important}}"
      + ".merge,.split{stroke-width:1}.dash{stroke-dasharray:5 3}.mark{stroke-width:1.2}.start{stroke-width:1.6}"
    switch theme {
    case .light: return base + colours(lightColours, lightOutputs)
    case .dark: return base + colours(darkColours, darkOutputs)
    case .automatic:
      return base + colours(lightColours, lightOutputs)
        + "@media (prefers-color-scheme:dark){\(colours(darkColours, darkOutputs))}"
    }
  }

  private static func colours(_ named: [String], _ outputs: [String]) -> String {
    var value: [String: String] = [:]
    for pair in named {
      let parts = pair.split(separator: ":")
      value[String(parts[0])] = String(parts[1])
    }
    func colour(_ name: String) -> String { value["--" + name] ?? "#000000" }
    var text =
      ".paper{fill:\(colour("paper"))}text,.ink{fill:\(colour("ink"))}"
      + ".soft{fill:\(colour("soft"))}.axis{stroke:\(colour("line"))}"
      + ".state{stroke:\(colour("paper"))}.tree,.start{stroke:\(colour("ink"))}"
      + ".tip{fill:\(colour("fold"))}.label{fill:\(colour("soft"));stroke:\(colour("paper"))}"
      + ".fold{stroke:\(colour("fold"))}"
      + ".open{stroke:\(colour("open"))}"
      + ".end{fill:\(colour("paper"));stroke:\(colour("open"))}.disc{fill:\(colour("paper"))}"
      + ".arrow{stroke:\(colour("soft"))}"
      + ".mark{stroke:\(colour("ink"))}.train{stroke:\(outputs[0])}"
      + ".valid{stroke:\(outputs[1])}.count,.merge{stroke:\(colour("ink"))}"
      + ".split,.none{stroke:\(colour("soft"))}"
      + ".area{fill:\(colour("line"))}.head{stroke:\(colour("accent"))}"
    for (index, colour) in outputs.enumerated() {
      text += ".o\(index){fill:\(colour)}.r\(index){stroke:\(colour)}"
      text += ".r\(index)text{fill:\(colour);font-weight:400}"
    }
    return text
  }
}
