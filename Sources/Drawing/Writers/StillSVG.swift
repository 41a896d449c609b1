// Single automata as SVG: the checkpoint's, as the film shows it, and any machine's, as textbooks do.

public import Automata

/// The automaton of one checkpoint as an SVG document, drawn as the film draws it.
///
/// The tree of access words runs from left to right; the other edges are drawn behind it.
/// Each state is one element of class `state` and each transition one of class `edge`, open ones
/// included, so both can be counted.
///
/// - Complexity: one tree layout by Graphviz: 3 ms at 40 states, 30 ms at 400.
public func drawing(of frame: FilmFrame, theme: Theme = .automatic) -> String {
  let extraction = frame.extraction
  let stage = Stage(left: 72, top: 100, width: 1150, height: 500)
  let scene = Scene(extraction, on: stage).arranged(on: stage)
  let caption =
    frame.statesLeftOut == 0
    ? scene.caption : "\(scene.caption); \(frame.statesLeftOut) more states are not drawn"
  var text = opening(
    width: 1280, height: 640, title: "epoch \(frame.epoch)", description: caption, theme: theme)
  text += "<text class=\"num\" x=\"40\" y=\"48\" font-size=\"24\">epoch \(frame.epoch)</text>"
  text += "<text class=\"soft\" x=\"1240\" y=\"48\" font-size=\"15\" text-anchor=\"end\">"
  text += "\(caption)</text>"
  appendLegend(of: extraction.automaton.outputAlphabet, x: 40, y: 74, to: &text)
  appendAutomaton(scene, to: &text)
  text += "</svg>\n"
  return text
}

/// Any machine as an SVG document: a classical state diagram.
///
/// Graphviz's dot places states and edges, from left to right. Edges between the same states
/// are joined into one, labelled with its symbols: "0, 1". An arrow from nowhere marks the
/// start. With two outputs, a state that has the second is drawn with a double line, as an
/// accepting state is; each state bears its number and, with more outputs, its output below.
/// Machines of more than 60 states are drawn like a checkpoint's automaton, since dot would need
/// minutes for them and nobody could read the result; of more than 2,047 the first are drawn.
public func drawing(of machine: MooreMachine, theme: Theme = .automatic) -> String {
  guard machine.stateCount <= 60, let diagram = try? StateDiagram(machine) else {
    let stage = Stage(left: 72, top: 70, width: 1150, height: 530)
    let drawn = machine.confined(to: mostStatesDrawn)
    let counts = [Int](repeating: 1, count: drawn.stateCount)
    let scene = Scene(drawn, wordCounts: counts, on: stage).arranged(on: stage)
    var text = opening(
      width: 1280, height: 640, title: "automaton", description: scene.caption, theme: theme)
    appendLegend(of: machine.outputAlphabet, x: 40, y: 40, to: &text)
    appendAutomaton(scene, to: &text)
    text += "</svg>\n"
    return text
  }
  return diagram.svg(theme: theme)
}

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
  let lines = [("tree", "1.8", "leads on"), ("fold", "1.5", "leads back"), ("open", "1.5", "open")]
  for (name, width, words) in lines {
    text += "<path class=\"\(name)\" stroke-width=\"\(width)\" "
    text += "d=\"M\(number(x)) \(number(y - 5))h22\"/>"
    label(words, width: 28)
  }
  if colours == .minimal { label("colours: classes of the minimal machine", width: 0) }
}

/// The symbols beside edges are legible up to this number of states.
let labelLimit = 44
/// And arrow heads up to this.
let arrowLimit = 90

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
  for kind in [Scene.EdgeKind.fold, .open, .tree] {
    text += "<g class=\"\(kind)\" stroke-width=\"\(scene.strokeWidth(kind))\""
    if kind == .fold { text += " opacity=\"\(number(scene.foldOpacity, digits: 2))\"" }
    if Double(machine.stateCount) <= scale * Double(arrowLimit), let marker = kind.marker {
      text += " marker-end=\"\(marker)\""
    }
    text += ">"
    for state in machine.states {
      for symbol in 0..<machine.alphabet.count where scene.kind(of: state, on: symbol) == kind {
        text += "<path class=\"edge\" d=\"\(scene.curve(of: state, on: symbol).path)\"/>"
      }
    }
    text += "</g>"
  }
  text += "<path class=\"start\" d=\"\(scene.startArrow)\"/>"
  if Double(machine.stateCount) <= scale * Double(labelLimit) {
    for state in machine.states {
      for symbol in 0..<machine.alphabet.count {
        let place = scene.labelPlace(of: state, on: symbol)
        text += "<text class=\"label\" x=\"\(number(place.x))\" y=\"\(number(place.y + 4))\">"
        text += "\(machine.alphabet.symbols[symbol].escapedForMarkup)</text>"
      }
    }
  }
  text += "<g stroke-width=\"\(scene.rimWidth)\">"
  for state in machine.states {
    let output = machine.output(of: state)
    let path = Look.mark(output, at: scene.centres[state], radius: scene.radii[state])
    let colour = colours.map { "o\($0[state])" } ?? Look.outputClass(output)
    text += "<path class=\"state \(colour)\" d=\"\(path)\"/>"
  }
  text += "</g>"
}
