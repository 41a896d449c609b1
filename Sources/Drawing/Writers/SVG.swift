// The parts that all SVG documents of this module are made of.

import Automata

/// Everything of a document up to its own contents: what it is called, its style, its background.
func opening(width: Double, height: Double, title: String, description: String, theme: Theme)
  -> String
{
  var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
  text += "\(number(width)) \(number(height))\" role=\"img\" aria-labelledby=\"t d\">"
  text += "<title id=\"t\">\(title.escapedForMarkup)</title>"
  text += "<desc id=\"d\">\(description.escapedForMarkup)</desc>"
  text += "<style>\(Look.style(theme))</style>"
  text += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\(markers)"
  return text
}

/// The lines that a legend explains: their class, their width and what they say.
let legendOfEdges: [(kind: Scene.EdgeKind, width: Double, words: String)] = [
  (.tree, 1.8, "leads on"), (.fold, 1.5, "leads back"), (.open, 1.5, "open"),
]

/// What the marks mean, in one line.
func appendLegend(
  of outputs: Alphabet, colours: Film.Colours = .outputs, x start: Double, y: Double,
  to text: inout String
) {
  var x = start
  func label(_ words: String, width: Double) {
    text += "<text class=\"soft\" x=\"\(number(x + width))\" y=\"\(number(y))\" font-size=\"14\">"
    text += "\(words.escapedForMarkup)</text>"
    x += width + 18 + 7 * Double(words.count)
  }
  for (output, name) in outputs.symbols.enumerated() {
    let path = Look.mark(output, at: Point(x: x + 6, y: y - 5), radius: 6)
    let colour = colours == .outputs ? Look.outputClass(output) : "ink"
    text += "<path class=\"\(colour)\" d=\"\(path)\"/>"
    label("says \(name)", width: 18)
  }
  for (kind, width, words) in legendOfEdges {
    text += "<path class=\"\(kind)\" stroke-width=\"\(number(width))\" "
    text += "d=\"M\(number(x)) \(number(y - 5))h22\"/>"
    label(words, width: 28)
  }
  if colours == .minimal { label("colours: classes of the minimal machine", width: 0) }
}

/// The head of an edge, and the ring at the end of an open one.
let markers =
  "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
  + "markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
  + "<path class=\"tip\" d=\"M0 .8 8 4 0 7.2z\"/></marker><marker id=\"ring\" viewBox=\"0 0 8 8\" refX=\"4\" "
  + "refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" markerUnits=\"userSpaceOnUse\">"
  + "<circle class=\"end\" cx=\"4\" cy=\"4\" r=\"3\"/></marker></defs>"

/// An automaton on its stage, without any motion.
///
/// - Parameters:
///   - colours: The colour of each state; by default that of its output.
///   - scale: How large the stage is; in a small one, fewer states leave room for symbols.
func appendAutomaton(
  _ scene: Scene, colours: [Int]? = nil, scale: Double = 1, to text: inout String
) {
  let machine = scene.machine
  for kind in Scene.EdgeKind.allCases {
    text += edgeGroup(
      kind, width: scene.strokeWidth(kind), foldOpacity: scene.foldOpacity,
      hasArrows: scene.hasArrows(scale: scale))
    for state in machine.states {
      for symbol in 0..<machine.alphabet.count where scene.kind(of: state, on: symbol) == kind {
        text += "<path class=\"edge\" d=\"\(scene.curve(of: state, on: symbol).path)\"/>"
      }
    }
    text += "</g>"
  }
  text += "<path class=\"start\" d=\"\(startArrowPath(to: scene.startTip))\"/>"
  if scene.hasLabels(scale: scale) {
    for state in machine.states {
      for symbol in 0..<machine.alphabet.count {
        let place = scene.labelPlace(of: state, on: symbol)
        text += label(machine.alphabet.symbols[symbol], at: place)
      }
    }
  }
  text += "<g stroke-width=\"\(number(scene.rimWidth, digits: 2))\">"
  for state in machine.states {
    let output = machine.output(of: state)
    let path = Look.mark(output, at: scene.centres[state], radius: scene.radii[state])
    let colour = colours.map { "o\($0[state])" } ?? Look.outputClass(output)
    text += "<path class=\"state \(colour)\" d=\"\(path)\"/>"
  }
  text += "</g>"
}

/// The opening tag of the group that the edges of one kind are drawn in.
func edgeGroup(
  _ kind: Scene.EdgeKind, width: Double, foldOpacity: Double, hasArrows: Bool
) -> String {
  var text = "<g class=\"\(kind)\" stroke-width=\"\(number(width, digits: 2))\""
  if kind == .fold { text += " opacity=\"\(number(foldOpacity, digits: 2))\"" }
  if hasArrows, let marker = kind.marker { text += " marker-end=\"\(marker)\"" }
  return text + ">"
}

extension Scene.EdgeKind {
  /// What stands at the end of such an edge where there is room.
  var marker: String? {
    switch self {
    case .tree: nil
    case .fold: "url(#tip)"
    case .open: "url(#ring)"
    }
  }
}

/// The symbol of an edge about a place.
func label(_ symbol: String, at place: Point) -> String {
  "<text class=\"label\" x=\"\(number(place.x))\" "
    + "y=\"\(number(place.y + DrawingRules.standard.labelBaseline))\">"
    + "\(symbol.escapedForMarkup)</text>"
}

/// The path of the arrow that leads to the start from nowhere.
func startArrowPath(to tip: Point) -> String {
  let rules = DrawingRules.standard
  let back = tip.x - rules.startHeadLength
  var path = "M"
  path.append(Point(x: tip.x - rules.startLength, y: tip.y))
  path += "L"
  path.append(tip)
  path += "M"
  path.append(Point(x: back, y: tip.y - rules.startHeadHalfWidth))
  path += "L"
  path.append(tip)
  path += "L"
  path.append(Point(x: back, y: tip.y + rules.startHeadHalfWidth))
  return path
}
