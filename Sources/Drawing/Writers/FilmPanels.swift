// What stands around the automaton in the film as SVG: title, ribbon, curves, hidden states.

import Automata

extension Film {
  // MARK: What is the same at all times

  /// Title, legend, the ribbon without its head, and the axes of the panels.
  func appendSurroundings(to text: inout String) {
    text += "<text class=\"h\" x=\"\(number(FilmGeometry.left))\" y=\"48\" font-size=\"24\">"
    text += "\(title.escapedForMarkup)<tspan class=\"soft\" font-size=\"14\" dx=\"14\" "
    text += "font-weight=\"400\">\(selection)</tspan></text>"
    appendLegend(
      of: outputAlphabet, colours: options.colours, x: FilmGeometry.left, y: 76, to: &text)
    let ribbon = Ribbon(storyboard)
    text += "<path class=\"area\" d=\"\(ribbon.area)\"/>"
    for tick in ribbon.ticks {
      text +=
        "<text class=\"soft\" x=\"\(number(tick.x))\" y=\"\(number(FilmGeometry.ribbon.bottom + 17))\" "
      text +=
        "font-size=\"12\" text-anchor=\"\(tick.anchor)\">\(tick.label.escapedForMarkup)</text>"
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
    return storyboard.keysLeftOut == 0
      ? text : text + ", \(storyboard.keysLeftOut) more left out for size"
  }

  /// Epoch and number of states of a key frame.
  func appendCaption(ofKey index: Int, to text: inout String) {
    let right = number(FilmGeometry.right)
    text += "<text class=\"num\" x=\"\(right)\" y=\"48\" font-size=\"24\" text-anchor=\"end\">"
    text += "epoch \(storyboard.keys[index].epoch)</text>"
    text += "<text class=\"soft\" x=\"\(right)\" y=\"76\" font-size=\"14\" text-anchor=\"end\">"
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
      text += "\(Chart.label(tick))</text>"
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
    let (left, top) = (FilmGeometry.planeOrigin.x, FilmGeometry.planeOrigin.y)
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
    "<g transform=\"translate(\(number(FilmGeometry.planeOrigin.x + 6)) \(number(FilmGeometry.planeOrigin.y + 2)))"
      + "scale(\(DrawingRules.standard.dotUnit.withoutZero))\">"
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

  var lossChart: Chart { lossChart(isLogarithmic: options.lossIsLogarithmic) }

  func lossChart(isLogarithmic: Bool) -> Chart {
    let values = losses.flatMap { [$0.train, $0.validation] }.compactMap { $0 }
      .filter { $0.isFinite && $0 > 0 }
    let low = values.min() ?? 0.1
    let high = values.max() ?? 1
    let top = isLogarithmic ? max(high * 1.2, low * 1.5) : 1.05 * high
    return Chart(
      frame: FilmGeometry.lossChart, epochs: epochs,
      values: (isLogarithmic ? low : 0)...min(top, .greatestFiniteMagnitude),
      isLogarithmic: isLogarithmic)
  }

  var countChart: Chart {
    let most = frames.map(\.extraction.automaton.stateCount).max() ?? 1
    return Chart(
      frame: FilmGeometry.countChart, epochs: epochs,
      values: 0...(Double(most) * 1.05), isLogarithmic: false)
  }

  /// Mergers upwards, splits downwards.
  var changeChart: Chart {
    let most = changes.map { max($0.mergers, $0.splits) }.max() ?? 0
    return Chart(
      frame: FilmGeometry.changeChart, epochs: epochs,
      values: -Double(max(most, 1))...Double(max(most, 1)), isLogarithmic: false)
  }

  /// The charts with their curves.
  var panels: [Panel] {
    let (loss, counts, events) = (lossChart, countChart, changeChart)
    return [
      Panel(
        loss,
        [
          ("valid dash", loss.path(losses.compactMap { p in p.validation.map { (p.epoch, $0) } })),
          ("train", loss.path(losses.compactMap { p in p.train.map { (p.epoch, $0) } })),
        ]),
      Panel(
        counts,
        [
          (
            "count",
            counts.path(frames.map { ($0.epoch, Double($0.extraction.automaton.stateCount)) })
          )
        ]),
      Panel(
        events,
        [
          ("merge", events.bars(changes.map { ($0.epoch, Double($0.mergers)) })),
          ("split", events.bars(changes.map { ($0.epoch, -Double($0.splits)) })),
        ]),
    ]
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
}

/// A chart with the curves in it, each by the class of its line.
struct Panel {
  let chart: Chart
  let curves: [(name: String, path: String)]

  /// Curves without a point are left out.
  init(_ chart: Chart, _ curves: [(name: String, path: String)]) {
    self.chart = chart
    self.curves = curves.filter { !$0.path.isEmpty }
  }

  /// The line that stands where the film is, at `x` of the picture.
  func mark(at x: Double) -> String {
    "M\(number(x)) \(number(chart.top - DrawingRules.standard.markRise))"
      + "V\(number(chart.bottom))"
  }

  func appendCurves(to text: inout String) {
    for (name, path) in curves { text += "<path class=\"curve \(name)\" d=\"\(path)\"/>" }
  }

  /// The whole curves, faint.
  func appendFuture(to text: inout String) {
    let opacity = DrawingRules.standard.futureOpacity
    for (name, path) in curves {
      text += "<path class=\"curve \(name)\" opacity=\"\(opacity)\" d=\"\(path)\"/>"
    }
  }

  /// The curves up to where the film is, and the line that stands there.
  ///
  /// - Parameters:
  ///   - id: That of the clipping rectangle, in the whole document.
  ///   - clip: What gives the rectangle its width: attributes, or animations inside it.
  ///   - mark: What gives the line its path, likewise.
  func appendPast(
    id: String, clip: (attributes: String, content: String),
    mark: (attributes: String, content: String), to text: inout String
  ) {
    text += "<clipPath id=\"\(id)\"><rect x=\"\(number(chart.left))\" "
    text += "y=\"\(number(chart.top - 10))\" height=\"\(number(chart.height + 20))\""
    text += "\(clip.attributes)>\(clip.content)</rect></clipPath>"
    text += "<g clip-path=\"url(#\(id))\">"
    appendCurves(to: &text)
    text += "</g><path class=\"mark\"\(mark.attributes)>\(mark.content)</path>"
  }
}
