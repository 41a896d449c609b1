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

  /// The element that shows an output, about the origin and with the area of a unit circle;
  /// it lacks its end, so that attributes can follow.
  static func shape(of output: Int) -> String {
    switch output % outputCount {
    case 0: "<circle r=\"1\""
    case 1: "<path d=\"M-.89-.89H.89V.89H-.89z\""
    case 2: "<path d=\"M0-1.25 1.25 0 0 1.25-1.25 0z\""
    case 3: "<path d=\"M0-1.5 1.3.75H-1.3z\""
    case 4: "<path d=\"M0 1.5 1.3-.75H-1.3z\""
    default: "<path d=\"M-1.1 0-.55-.95H.55L1.1 0 .55.95H-.55z\""
    }
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
      + ".state{stroke-width:.22}"
      + ".arrow,.ring{fill:none;stroke-width:1.5}.ring{stroke-width:2}"
      + ".axis{stroke-width:1}.curve{stroke-width:1.8;stroke-linejoin:round}"
      + ".dash{stroke-dasharray:5 3}.mark{stroke-width:1.2}.start{stroke-width:1.6}"
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
      + ".fold{stroke:\(colour("fold"))}.foldtip{fill:\(colour("fold"))}"
      + ".open{stroke:\(colour("open"))}.disc{fill:\(colour("paper"))}"
      + ".arrow{stroke:\(colour("soft"))}.tip{fill:\(colour("soft"))}"
      + ".mark{stroke:\(colour("ink"))}.train{stroke:\(outputs[0])}"
      + ".valid{stroke:\(outputs[1])}.count{stroke:\(colour("ink"))}"
      + ".fill{fill:\(colour("line"))}.halo{stroke:\(colour("paper"))}"
      + ".key{fill:\(colour("accent"))}"
    for (index, colour) in outputs.enumerated() {
      text += ".o\(index){fill:\(colour)}.r\(index){stroke:\(colour)}"
    }
    return text
  }
}
