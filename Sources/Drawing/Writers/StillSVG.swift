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
