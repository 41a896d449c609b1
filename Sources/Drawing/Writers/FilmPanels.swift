// What stands around the automaton in the film as SVG: title, ribbon, curves, hidden states.

internal import Glibc
import Automata

extension Film {
  // MARK: What is the same at all times

  /// Title, legend, the ribbon without its head, and the axes of the panels.
  func appendSurroundings(to text: inout String) {
    text += "<text class=\"h\" x=\"40\" y=\"48\" font-size=\"24\">"
    text += "\(title.escapedForMarkup)<tspan class=\"soft\" font-size=\"14\" dx=\"14\" "
    text += "font-weight=\"400\">\(selection)</tspan></text>"
    appendLegend(of: outputAlphabet, colours: options.colours, x: 40, y: 76, to: &text)
    let ribbon = Ribbon(storyboard)
    text += "<path class=\"area\" d=\"\(ribbon.area)\"/>"
    for tick in ribbon.ticks {
      text += "<text class=\"soft\" x=\"\(number(tick.x))\" y=\"\(number(Ribbon.bottom + 17))\" "
      text += "font-size=\"12\" text-anchor=\"\(tick.anchor)\">\(tick.label.escapedForMarkup)</text>"
    }
    appendAxes(lossChart, title: "loss", note: lossNote, hasEpochs: true, to: &text)
    let note = "<tspan class=\"soft\" font-weight=\"400\" dx=\"10\">\(changesNote)</tspan>"
    appendAxes(countChart, title: "states", note: note, hasEpochs: false, to: &text)
    appendAxes(changeChart, title: nil, note: "", hasEpochs: true, to: &text)
    appendChangeLabels(to: &text)
    appendPlaneFrame(to: &text)
  }

  /// How many of the checkpoints are shown, and whether more were left out than wavering.
  var selection: String {
    let text = "\(storyboard.keys.count) of \(frames.count) checkpoints"
    return storyboard.keysLeftOut == 0 ? text : text + ", \(storyboard.keysLeftOut) more left out for size"
  }

  /// Epoch and number of states of a key frame.
  func appendCaption(ofKey index: Int, to text: inout String) {
    text += "<text class=\"num\" x=\"1240\" y=\"48\" font-size=\"24\" text-anchor=\"end\">"
    text += "epoch \(storyboard.keys[index].epoch)</text>"
    text += "<text class=\"soft\" x=\"1240\" y=\"76\" font-size=\"14\" text-anchor=\"end\">"
    text += "\(storyboard.scenes[index].caption)</text>"
  }

  private func appendAxes(
    _ chart: Chart, title: String?, note: String, hasEpochs: Bool, to text: inout String
  ) {
    if let title {
      text += "<text class=\"h\" x=\"\(number(chart.left - 32))\" y=\"\(number(chart.top - 16))\" "
      text += "font-size=\"14\">\(title)\(note)</text>"
    }
    for tick in chart.ticks {
      let y = number(chart.y(tick))
      text += "<path class=\"axis\" d=\"M\(number(chart.left)) \(y)H\(number(chart.right))\"/>"
      text += "<text class=\"soft\" x=\"\(number(chart.left - 8))\" "
      text += "y=\"\(number(chart.y(tick) + 4))\" font-size=\"12\" text-anchor=\"end\">"
      text += "\(label(tick))</text>"
    }
    guard hasEpochs else { return }
    for epoch in chart.epochTicks {
      text += "<text class=\"soft\" x=\"\(number(chart.x(epoch)))\" "
      text += "y=\"\(number(chart.bottom + 18))\" font-size=\"12\" text-anchor=\"middle\">"
      text += "\(epoch)</text>"
    }
  }

  /// Which bars are which, and how many the longest stands for.
  private func appendChangeLabels(to text: inout String) {
    let chart = changeChart
    let most = number(chart.values.upperBound)
    for (words, y) in [("\(most) mergers", chart.top + 12), ("splits", chart.bottom - 4)] {
      text += "<text class=\"soft\" x=\"\(number(chart.left - 8))\" y=\"\(number(y))\" "
      text += "font-size=\"12\" text-anchor=\"end\">\(words)</text>"
    }
  }

  /// What stands below the number of states.
  var changesNote: String {
    changesAreLasting ? "above lasting mergers and splits" : "above mergers and splits"
  }

  // MARK: Hidden states

  /// Which words are drawn.
  var planeNote: String {
    guard let plane else { return "" }
    return plane.depth == 1 ? "words of length 1" : "words up to length \(plane.depth)"
  }

  /// What an axis of the hidden states is, where they are principal components.
  func planeAxis(_ index: Int) -> String {
    guard componentShares.indices ~= index else { return "" }
    return
      "\(index == 0 ? "principal component 1" : "component 2"), \(Int((100 * componentShares[index]).rounded())) %"
  }

  private func appendPlaneFrame(to text: inout String) {
    guard let plane else { return }
    let (left, top) = (Self.planeOrigin.x, Self.planeOrigin.y)
    let (width, height) = (Double(plane.extent.x) / 2 + 8, Double(plane.extent.y) / 2 + 8)
    text += "<text class=\"h\" x=\"\(number(left))\" y=\"652\" font-size=\"14\">hidden states"
    text += "<tspan class=\"soft\" font-weight=\"400\" dx=\"10\">\(planeNote)</tspan></text>"
    let bottom = top + height
    text += "<text class=\"soft\" x=\"\(number(left))\" y=\"\(number(bottom + 18))\" "
    text += "font-size=\"12\">\(planeAxis(0))</text>"
    text += "<text class=\"soft\" transform=\"translate(\(number(left - 7)) \(number(bottom)))"
    text += "rotate(-90)\" font-size=\"12\">\(planeAxis(1))</text>"
    text += "<path class=\"axis\" fill=\"none\" d=\"M\(number(left)) \(number(top))"
    text += "v\(number(height))h\(number(width))\"/>"
  }

  /// The opening tag of the group that dots are drawn in.
  var planeGroup: String {
    "<g transform=\"translate(\(number(Self.planeOrigin.x + 6)) \(number(Self.planeOrigin.y + 2)))"
      + "scale(.5)\">"
  }

  /// How the dot of each word looks at a key frame: as the state does that the word lies in.
  func dotLooks(ofKey index: Int) -> [Look.Mark] {
    guard let plane else { return [] }
    return plane.states[index].map { state in
      state < 0
        ? .unknown
        : Look.Mark(
          output: storyboard.scenes[index].machine.output(of: state) % Look.outputCount,
          colour: stateColours[index][state])
    }
  }

  /// The hidden states of a key frame, without motion.
  func appendDots(ofKey index: Int, to text: inout String) {
    guard let plane else { return }
    let looks = dotLooks(ofKey: index)
    text += planeGroup
    for look in Set(looks).sorted() {
      let words = looks.indices.filter { looks[$0] == look }
      text += "<path class=\"dots \(look.classes)\" d=\"\(plane.path(of: words, key: index))\"/>"
    }
    text += "</g>"
  }

  // MARK: Curves

  var epochs: ClosedRange<Int> {
    let all = frames.map(\.epoch) + losses.map(\.epoch)
    return (all.min() ?? 0)...(all.max() ?? 0)
  }

  var lossChart: Chart {
    let values = losses.flatMap { [$0.train, $0.validation] }.compactMap { $0 }
      .filter { $0.isFinite && $0 > 0 }
    let low = values.min() ?? 0.1
    let high = values.max() ?? 1
    return Chart(
      left: 72, top: 668, width: 330, height: 128, epochs: epochs,
      values: options.lossIsLogarithmic ? low...max(high * 1.2, low * 1.5) : 0...(1.05 * high),
      isLogarithmic: options.lossIsLogarithmic)
  }

  var countChart: Chart {
    let most = frames.map(\.extraction.automaton.stateCount).max() ?? 1
    return Chart(
      left: 500, top: 668, width: 330, height: 76, epochs: epochs,
      values: 0...(Double(most) * 1.05), isLogarithmic: false)
  }

  /// Mergers upwards, splits downwards.
  var changeChart: Chart {
    let most = changes.map { max($0.mergers, $0.splits) }.max() ?? 0
    return Chart(
      left: 500, top: 756, width: 330, height: 40, epochs: epochs,
      values: -Double(max(most, 1))...Double(max(most, 1)), isLogarithmic: false)
  }

  /// The charts, each with the curves in it by the class of their lines.
  var panels: [(chart: Chart, curves: [(name: String, path: String)])] {
    let (loss, counts, events) = (lossChart, countChart, changeChart)
    let panels = [
      (
        loss,
        [
          (
            "valid dash",
            loss.path(losses.compactMap { p in p.validation.map { (p.epoch, $0) } })
          ),
          ("train", loss.path(losses.compactMap { p in p.train.map { (p.epoch, $0) } })),
        ]
      ),
      (
        counts,
        [
          (
            "count",
            counts.path(frames.map { ($0.epoch, Double($0.extraction.automaton.stateCount)) })
          )
        ]
      ),
      (
        events,
        [
          ("merge", events.bars(changes.map { ($0.epoch, Double($0.mergers)) })),
          ("split", events.bars(changes.map { ($0.epoch, -Double($0.splits)) })),
        ]
      ),
    ]
    return panels.map { chart, curves in (chart, curves.filter { !$0.1.isEmpty }) }
  }

  /// Which line is which, as markup that follows the chart's title.
  var lossNote: String {
    var note = ""
    if losses.contains(where: { $0.train != nil }) {
      note += "<tspan class=\"r0text\" dx=\"12\">training</tspan>"
    }
    if losses.contains(where: { $0.validation != nil }) {
      note += "<tspan class=\"r1text\" dx=\"12\">validation (dashed)</tspan>"
    }
    return note
  }

  /// A value beside a chart: 0.001, 1, 400, 1e33.
  func label(_ value: Double) -> String {
    // A run that diverged has losses of any size.
    if value >= 1e6 || value < 1e-6, value > 0 { return "1e\(Int(log10(value).rounded()))" }
    return value < 1 ? number(value, digits: 6) : number(value)
  }
}

/// The number of states in the film's own time: where the film is, and where it goes slowly.
struct Ribbon {
  static let left = 40.0
  static let right = 1240.0
  static let top = 572.0
  static let bottom = 606.0

  let storyboard: Storyboard

  init(_ storyboard: Storyboard) { self.storyboard = storyboard }

  /// The line that stands where the film is.
  static func head(_ x: Double) -> String { "M\(number(x)) \(number(top - 5))V\(number(bottom))" }

  func x(_ key: Int) -> Double {
    Self.left + (Self.right - Self.left) * storyboard.times[key] / storyboard.duration
  }

  var area: String {
    let counts = storyboard.scenes.map { Double($0.machine.stateCount) }
    let most = max(counts.max() ?? 1, 1)
    var path = "M"
    path.append(Point(x: Self.left, y: Self.bottom))
    for (index, count) in counts.enumerated() {
      path += "L"
      path.append(Point(x: x(index), y: Self.bottom - (Self.bottom - Self.top) * count / most))
    }
    path += "H\(number(Self.right))V\(number(Self.bottom))z"
    return path
  }

  /// Epochs along the ribbon, as many as have room.
  var ticks: [(x: Double, label: String, anchor: String)] {
    var ticks = [(x: Self.left, label: "epoch \(storyboard.keys[0].epoch)", anchor: "start")]
    var free = Self.left + 84
    let last = storyboard.keys.count - 1
    guard last > 0 else { return ticks }
    let end = min(x(last), Self.right - 14)
    for index in 1..<last where x(index) > free && x(index) < end - 44 {
      ticks.append((x(index), String(storyboard.keys[index].epoch), "middle"))
      free = x(index) + 48
    }
    if end > free - 44 { ticks.append((end, String(storyboard.keys[last].epoch), "middle")) }
    return ticks
  }
}
