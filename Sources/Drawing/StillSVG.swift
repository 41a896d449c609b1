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
  let scene = Scene(extraction, on: stage)
  var text = opening(
    width: 1280, height: 640, title: "epoch \(frame.epoch)", description: scene.caption,
    theme: theme)
  text += "<text class=\"num\" x=\"40\" y=\"48\" font-size=\"24\">epoch \(frame.epoch)</text>"
  text += "<text class=\"soft\" x=\"1240\" y=\"48\" font-size=\"15\" text-anchor=\"end\">"
  text += "\(scene.caption)</text>"
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
/// minutes for them and nobody could read the result.
public func drawing(of machine: MooreMachine, theme: Theme = .automatic) -> String {
  guard machine.stateCount <= 60, let diagram = try? StateDiagram(machine) else {
    let stage = Stage(left: 72, top: 70, width: 1150, height: 530)
    let counts = [Int](repeating: 1, count: machine.stateCount)
    let scene = Scene(machine, wordCounts: counts, on: stage)
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
  text += "<title id=\"t\">\(title.escapedForXML)</title>"
  text += "<desc id=\"d\">\(description.escapedForXML)</desc>"
  text += "<style>\(Look.style(theme))</style>"
  text += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>"
  return text
}

func appendLegend(of outputs: Alphabet, x start: Double, y: Double, to text: inout String) {
  var x = start
  for (output, name) in outputs.symbols.enumerated() {
    text += Look.shape(of: output) + " class=\"sign \(Look.outputClass(output))\" "
    text += "transform=\"translate(\(number(x + 7)) \(number(y - 5)))scale(6)\"/>"
    let label = "says \(name)"
    text += "<text class=\"soft\" x=\"\(number(x + 20))\" y=\"\(number(y))\" font-size=\"15\">"
    text += "\(label.escapedForXML)</text>"
    x += 44 + 7.6 * Double(label.count)
  }
}

private func appendAutomaton(_ scene: Scene, to text: inout String) {
  let machine = scene.machine
  for kind in [Scene.EdgeKind.fold, .open, .tree] {
    text += "<g class=\"\(kind)\" stroke-width=\"\(scene.strokeWidth(kind))\""
    if kind == .fold { text += " stroke-opacity=\"\(number(scene.foldOpacity, digits: 2))\"" }
    text += ">"
    for state in machine.states {
      for symbol in 0..<machine.alphabet.count where scene.kind(of: state, on: symbol) == kind {
        text += "<path class=\"edge\" d=\"\(scene.curve(of: state, on: symbol).path)\"/>"
      }
    }
    text += "</g>"
  }
  text += "<path class=\"start\" d=\"\(scene.startArrow)\"/>"
  for state in machine.states {
    let output = machine.output(of: state)
    text += Look.shape(of: output) + " class=\"state \(Look.outputClass(output))\" "
    text += "transform=\"translate("
    text.append(scene.centres[state])
    text += ")scale(\(number(scene.radii[state])))\"/>"
  }
}
