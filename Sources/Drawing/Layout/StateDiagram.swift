// The classical picture of a machine: circles, arrows, labels.

internal import Automata

/// A small machine, laid out by dot in full.
struct StateDiagram {
  struct Arrow {
    var tail: Int
    var head: Int
    var symbols: [Int]
    var points: [Point]
    var label: Point
  }

  let machine: MooreMachine
  let size: Size
  let centres: [Point]
  let arrows: [Arrow]
  let start: [Point]

  static let radius = 19.0
  private static let labelSize = 14.0

  /// - Throws: `LayoutError`, which for machines would be a fault of this file.
  init(_ machine: MooreMachine) throws(LayoutError) {
    let count = machine.stateCount
    let diameter = number(2 * (Self.radius + 1) / 72, digits: 4)
    var dot = "digraph{rankdir=LR;nodesep=0.42;ranksep=0.55;splines=true;"
    dot += "node[shape=circle,fixedsize=true,label=\"\",width=\(diameter)];"
    // A label of known size, in a font that is not asked for: dot needs the room, not the text.
    dot += "edge[fontsize=14,arrowsize=0.7];"
    dot += "start[width=0.01];"
    for state in 0..<count { dot += "\(state);" }
    dot += "start->0[minlen=1];"
    var joined: [(tail: Int, head: Int, symbols: [Int])] = []
    for state in 0..<count {
      for symbol in 0..<machine.alphabet.count {
        guard let head = machine.successor(of: state, on: symbol) else { continue }
        if let index = joined.lastIndex(where: { $0.tail == state && $0.head == head }) {
          joined[index].symbols.append(symbol)
        } else {
          joined.append((state, head, [symbol]))
        }
      }
    }
    for edge in joined {
      let text = Self.label(edge.symbols, in: machine)
      dot += "\(edge.tail)->\(edge.head)[label=<<table border=\"0\" cellborder=\"0\" "
      dot += "cellpadding=\"0\" fixedsize=\"true\" width=\"\(number(Self.width(of: text) + 8))\" "
      dot += "height=\"18\"><tr><td></td></tr></table>>];"
    }
    dot += "}"
    let layout = try GraphvizLayout(dot: dot)
    self.machine = machine
    self.size = layout.size
    self.centres = (0..<count).map { layout.nodes[String($0)] ?? Point(x: 0, y: 0) }
    self.start = layout.edges.first { $0.tail == "start" }?.points ?? []
    self.arrows = joined.map { edge in
      let drawn = layout.edges.first {
        $0.tail == String(edge.tail) && $0.head == String(edge.head)
      }
      return Arrow(
        tail: edge.tail, head: edge.head, symbols: edge.symbols, points: drawn?.points ?? [],
        label: drawn?.label ?? Point(x: 0, y: 0))
    }
  }

  /// "0, 1".
  static func label(_ symbols: [Int], in machine: MooreMachine) -> String {
    symbols.map { machine.alphabet.symbols[$0] }.joined(separator: ", ")
  }

  /// About as wide as the text is, in points: no font is at hand to ask.
  private static func width(of text: String) -> Double { 0.58 * labelSize * Double(text.count) }

  private static let margin = 24.0

  func svg(theme: Theme) -> String {
    let open = machine.openTransitionCount
    let description =
      "\(counted(machine.stateCount, "state")), "
      + (open == 0 ? "complete" : "\(open) open")
    // A single state would otherwise fill the page.
    let width = max(size.width + 2 * Self.margin, 240)
    var text = opening(
      width: width, height: size.height + 2 * Self.margin, title: "automaton",
      description: description, theme: theme)
    text +=
      "<g transform=\"translate(\(number((width - size.width) / 2)) \(number(Self.margin)))\">"
    text += content + "</g></svg>\n"
    return text
  }

  /// The diagram as part of a page that has the style.
  var fragment: String {
    "<svg viewBox=\"-4 -4 \(number(size.width + 8)) \(number(size.height + 8))\" "
      + "style=\"max-width:\(number(size.width + 8))px\">\(content)</svg>"
  }

  /// Arrows and states, from (0, 0) on. State i is the group with `data-state` i.
  private var content: String {
    let isDFA = machine.outputAlphabet.count == 2
    var text = ""
    appendArrow(start, class: "start", to: &text)
    for arrow in arrows {
      text += "<g class=\"edge\">"
      appendArrow(arrow.points, class: "arrow", to: &text)
      text += "<text class=\"soft\" x=\"\(number(arrow.label.x))\" "
      text += "y=\"\(number(arrow.label.y + 4.5))\" font-size=\"14\" text-anchor=\"middle\">"
      text += "\(Self.label(arrow.symbols, in: machine).escapedForMarkup)</text></g>"
    }
    for (state, centre) in centres.enumerated() {
      let output = machine.output(of: state)
      text += "<g class=\"circle\" data-state=\"\(state)\" transform=\"translate("
      text.append(centre)
      text += ")\"><circle class=\"disc\" r=\"\(number(Self.radius))\"/>"
      text += "<circle class=\"ring r\(output % Look.outputCount)\" r=\"\(number(Self.radius))\"/>"
      if isDFA, output == 1 {
        text += "<circle class=\"ring r1\" r=\"\(number(Self.radius - 4.5))\"/>"
      }
      let hasOutput = !isDFA
      text += "<text font-size=\"14\" text-anchor=\"middle\" "
      text += "y=\"\(hasOutput ? -1 : 5)\">\(state)</text>"
      if hasOutput {
        let name = machine.outputAlphabet.symbols[output]
        let fitting = min(11, 1.7 * Self.radius / (0.6 * Double(max(name.count, 1))))
        text += "<text class=\"soft\" font-size=\"\(number(fitting))\" "
        text += "text-anchor=\"middle\" y=\"12\">\(name.escapedForMarkup)</text>"
      }
      text += "</g>"
    }
    return text
  }

  private func appendArrow(_ points: [Point], class name: String, to text: inout String) {
    guard points.count >= 4 else { return }
    let tip = points[points.count - 1]
    let before = points[points.count - 2]
    let direction = tip - before
    let unit = direction.length > 0 ? (1 / direction.length) * direction : Point(x: 1, y: 0)
    let side = Point(x: -unit.y, y: unit.x)
    var path = "M"
    path.append(points[0])
    path += "C"
    // The line ends inside the head, so that no blunt end looks out of the tip.
    let stop = tip - 4 * unit
    path += points.dropFirst().dropLast().map { p in
      var text = ""
      text.append(p)
      return text
    }.joined(separator: " ")
    path += " "
    path.append(stop)
    text +=
      "<path class=\"\(name)\" d=\"\(path)\"/><path class=\"\(name == "start" ? "ink" : "tip")\" d=\"M"
    text.append(tip)
    text += "L"
    text.append(tip - 8 * unit + 3.4 * side)
    text += "L"
    text.append(tip - 8 * unit - 3.4 * side)
    text += "z\"/>"
  }
}
