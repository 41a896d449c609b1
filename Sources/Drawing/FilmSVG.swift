// The film as one SVG file that plays by itself.

import Automata

extension Film {
  /// The film as an SVG document that plays by itself, in an `<img>` too, and begins again after
  /// a pause on the last automaton.
  ///
  /// There are no scripts. A reader that knows no animation shows the key frame with most
  /// states; one that is asked for less motion shows the last.
  public func svg() -> String {
    var writer = FilmSVGWriter(film: self)
    return writer.document()
  }
}

private struct FilmSVGWriter {
  let film: Film
  let score: Score
  let timeline: Timeline
  /// The scene that stands where nothing moves.
  let still: Int
  var text = ""

  init(film: Film) {
    self.film = film
    self.score = film.score
    self.timeline = Timeline(film.score)
    self.still = 0
  }

  mutating func document() -> String {
    let size = Film.size
    text.reserveCapacity(2_000_000)
    text += "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
    text += "\(number(size.width)) \(number(size.height))\" role=\"img\" aria-labelledby=\"t d\">"
    text += "<title id=\"t\">\(film.title.escapedForXML)</title>"
    text += "<desc id=\"d\">\(film.summary.escapedForXML)</desc>"
    text += "<style>\(Look.style(film.options.theme))</style>"
    text += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>"
    header()
    text += "<g id=\"automaton\">"
    edges()
    startArrow()
    states()
    text += "</g>"
    appendLegend(of: film.outputAlphabet, x: 40, y: 74, to: &text)
    charts()
    text += "</svg>\n"
    return text
  }

  // MARK: The automaton

  private mutating func edges() {
    let opacity = score.scenes.map { number($0.foldOpacity, digits: 2) }
    let order: [Scene.EdgeKind] = [.fold, .open, .tree]
    for kind in order {
      let isFaint = kind == .fold
      text += "<g class=\"\(kind)\""
      if isFaint { text += " stroke-opacity=\"\(opacity[still])\"" }
      text += ">"
      if isFaint {
        timeline.appendAnimation(of: "stroke-opacity", first: 0, values: opacity, to: &text)
      }
      for track in score.tracks {
        for symbol in 0..<film.alphabet.count { edge(of: track, on: symbol, as: kind) }
      }
      text += "</g>"
    }
  }

  /// The parts of an edge's life in which it is of this kind, each with a key frame before and
  /// after in which it comes or goes.
  private mutating func edge(of track: Track, on symbol: Int, as kind: Scene.EdgeKind) {
    func isOfKind(_ scene: Int) -> Bool {
      guard track.first...track.last ~= scene else { return false }
      let state = track.states[scene - track.first]
      return score.scenes[scene].kind(of: state, on: symbol) == kind
    }
    var scene = track.first
    while scene <= track.last {
      guard isOfKind(scene) else {
        scene += 1
        continue
      }
      let start = scene
      while scene < track.last, isOfKind(scene + 1) { scene += 1 }
      edge(of: track, on: symbol, as: kind, during: start...scene)
      scene += 1
    }
  }

  private mutating func edge(
    of track: Track, on symbol: Int, as kind: Scene.EdgeKind, during life: ClosedRange<Int>
  ) {
    let before = track.state(in: life.lowerBound - 1) == nil ? 0 : 1
    let after = track.state(in: life.upperBound + 1) == nil ? 0 : 1
    let first = life.lowerBound - before
    let last = life.upperBound + after
    var paths: [String] = []
    var widths: [String] = []
    for scene in first...last {
      guard let state = track.state(in: scene) else { continue }
      paths.append(score.scenes[scene].curve(of: state, on: symbol).path)
      widths.append(life ~= scene ? score.scenes[scene].strokeWidth(kind) : "0")
    }
    let shown = first...last ~= still
    text += "<path"
    if shown {
      text += " d=\"\(paths[still - first])\" stroke-width=\"\(widths[still - first])\">"
    } else {
      text += " stroke-width=\"0\">"
    }
    timeline.appendAnimation(of: "d", first: first, values: paths, to: &text)
    timeline.appendAnimation(
      of: "stroke-width", first: first, values: widths, outside: "0", to: &text)
    text += "</path>"
  }

  private mutating func startArrow() {
    let heads = score.scenes.map(\.startArrow)
    text += "<path class=\"start\" d=\"\(heads[still])\">"
    timeline.appendAnimation(of: "d", first: 0, values: heads, to: &text)
    text += "</path>"
  }

  private mutating func states() {
    // What is born later lies deeper, so that it comes out from beneath its origin.
    for track in score.tracks.reversed() {
      var scene = track.first
      while scene <= track.last {
        let output = score.scenes[scene].machine.output(of: track.states[scene - track.first])
        let start = scene
        while scene < track.last,
          score.scenes[scene + 1].machine.output(of: track.states[scene + 1 - track.first])
            == output
        { scene += 1 }
        state(track, output: output, during: start...scene)
        scene += 1
      }
    }
  }

  /// A state as long as its output stays the same.
  private mutating func state(_ track: Track, output: Int, during life: ClosedRange<Int>) {
    let first = track.state(in: life.lowerBound - 1) == nil ? life.lowerBound : life.lowerBound - 1
    let last = track.state(in: life.upperBound + 1) == nil ? life.upperBound : life.upperBound + 1
    var places: [String] = []
    var sizes: [String] = []
    for scene in first...last {
      guard let state = track.state(in: scene) else { continue }
      let stage = score.scenes[scene]
      var place = ""
      place.append(stage.centres[state])
      places.append(place)
      // Where it comes out of another state or goes into one, it is hidden beneath it.
      var radius = stage.radii[state]
      if scene < life.lowerBound {
        let own = track.states[life.lowerBound - track.first]
        radius = scene >= track.first ? 0 : min(radius * 0.9, score.scenes[scene + 1].radii[own])
      } else if scene > life.upperBound {
        let own = track.states[life.upperBound - track.first]
        radius = scene <= track.last ? 0 : min(radius * 0.9, score.scenes[scene - 1].radii[own])
      }
      sizes.append(number(radius, digits: 1))
    }
    // What comes from nowhere grows, and what goes nowhere shrinks away.
    text += Look.shape(of: output) + " class=\"state \(Look.outputClass(output))\""
    if life ~= still {
      text += " transform=\"translate(\(places[still - first]))scale(\(sizes[still - first]))\">"
    } else {
      text += " transform=\"scale(0)\">"
    }
    timeline.appendMotion(first: first, places: places, sizes: sizes, to: &text)
    text += "</"
    text += Look.shape(of: output).hasPrefix("<circle") ? "circle>" : "path>"
  }

  // MARK: Words and numbers

  private mutating func header() {
    text += "<text class=\"h\" x=\"40\" y=\"48\" font-size=\"24\">"
    text += "\(film.title.escapedForXML)</text>"
    for (index, scene) in score.scenes.enumerated() {
      text += "<g"
      if index != still { text += " display=\"none\"" }
      text += ">"
      timeline.appendVisibility(first: index, last: index, to: &text)
      text += "<text class=\"num\" x=\"1240\" y=\"48\" font-size=\"24\" text-anchor=\"end\">"
      text += "epoch \(score.keys[index].epoch)</text>"
      text += "<text class=\"soft\" x=\"1240\" y=\"74\" font-size=\"15\" text-anchor=\"end\">"
      text += "\(scene.caption)</text></g>"
    }
  }

  // MARK: Curves

  private mutating func charts() {
    let epochs = film.epochs
    let losses = film.lossChart(left: 72, top: 620, width: 520, height: 124, epochs: epochs)
    let counts = film.countChart(left: 712, top: 620, width: 520, height: 124, epochs: epochs)
    text += "<defs><clipPath id=\"past\">"
    let widths = score.keys.map { number(losses.x($0.epoch) - losses.left) }
    for left in [losses.left, counts.left] {
      text += "<rect x=\"\(number(left))\" y=\"600\" height=\"200\" width=\"\(widths[still])\">"
      timeline.appendAnimation(of: "width", first: 0, values: widths, to: &text)
      text += "</rect>"
    }
    text += "</clipPath></defs>"

    axes(losses, title: "loss")
    axes(counts, title: "states")
    let train = losses.path(
      film.losses.lazy.compactMap { p in p.train.map { (epoch: p.epoch, value: $0) } })
    let validation = losses.path(
      film.losses.lazy.compactMap { p in p.validation.map { (epoch: p.epoch, value: $0) } })
    let states = counts.path(
      film.frames.lazy.map {
        (epoch: $0.epoch, value: Double($0.extraction.automaton.stateCount))
      })
    let curves = [
      ("valid dash", validation), ("train", train), ("count", states),
    ].filter { !$0.1.isEmpty }
    for (name, path) in curves {
      text += "<path class=\"curve \(name)\" opacity=\".28\" d=\"\(path)\"/>"
    }
    text += "<g clip-path=\"url(#past)\">"
    for (name, path) in curves { text += "<path class=\"curve \(name)\" d=\"\(path)\"/>" }
    text += "</g>"
    for chart in [losses, counts] {
      let places = score.keys.map { number(chart.x($0.epoch)) + " 0" }
      text += "<path class=\"mark\" d=\"M0 \(number(chart.top - 6))V\(number(chart.bottom))\" "
      text += "transform=\"translate(\(places[still]))\">"
      timeline.appendAnimation(
        of: "transform", as: "animateTransform", extra: "type=\"translate\"", first: 0,
        values: places, to: &text)
      text += "</path>"
    }
  }

  private mutating func axes(_ chart: Chart, title: String) {
    text += "<text class=\"h\" x=\"\(number(chart.left - 32))\" y=\"\(number(chart.top - 18))\" "
    text += "font-size=\"15\">\(title)</text>"
    for tick in chart.ticks {
      let y = number(chart.y(tick))
      text += "<path class=\"axis\" d=\"M\(number(chart.left)) \(y)H\(number(chart.right))\"/>"
      text += "<text class=\"soft\" x=\"\(number(chart.left - 8))\" "
      text +=
        "y=\"\(number(chart.y(tick) + 4))\" font-size=\"12\" text-anchor=\"end\">\(film.label(tick))</text>"
    }
    for epoch in chart.epochTicks {
      text += "<text class=\"soft\" x=\"\(number(chart.x(epoch)))\" "
      text +=
        "y=\"\(number(chart.bottom + 18))\" font-size=\"12\" text-anchor=\"middle\">\(epoch)</text>"
    }
  }
}

extension Scene {
  /// The line under the epoch.
  var caption: String {
    let open = machine.openTransitionCount
    let states = machine.stateCount == 1 ? "1 state" : "\(machine.stateCount) states"
    if open == 0 { return "\(states) · complete" }
    return "\(states) · \(open) open transition\(open == 1 ? "" : "s")"
  }

  /// How strongly the edges are drawn that fold the tree: many are drawn fainter, so that the
  /// tree stays visible through them.
  var foldOpacity: Double { min(0.8, max(0.2, 4 / Double(machine.stateCount).squareRoot())) }

  /// The arrow that leads to the start from nowhere.
  var startArrow: String {
    let y = centres[0].y
    let tip = centres[0].x - radii[0] - 2
    var path = "M"
    path.append(Point(x: tip - 26, y: y))
    path += "L"
    path.append(Point(x: tip, y: y))
    path += "M"
    path.append(Point(x: tip - 6, y: y - 4))
    path += "L"
    path.append(Point(x: tip, y: y))
    path += "L"
    path.append(Point(x: tip - 6, y: y + 4))
    return path
  }

  /// How thick an edge is drawn.
  func strokeWidth(_ kind: EdgeKind) -> String {
    let base = min(1.8, max(0.8, 16 / Double(machine.stateCount).squareRoot()))
    return number(kind == .tree ? base : 0.75 * base, digits: 2)
  }
}

extension Film {
  /// The film in a sentence or two, for those who cannot see it.
  var summary: String {
    let counts = score.scenes.map(\.machine.stateCount)
    let most = score.scenes.indices.max { counts[$0] < counts[$1] } ?? 0
    let parts = [0, most, score.scenes.count - 1].map {
      "\(score.scenes[$0].caption) at epoch \(score.keys[$0].epoch)"
    }
    return "The automaton formed by a network's hidden states has \(parts[0]), \(parts[1]) and "
      + "\(parts[2])."
  }

  var epochs: ClosedRange<Int> {
    let all = frames.map(\.epoch) + losses.map(\.epoch)
    return (all.min() ?? 0)...(all.max() ?? 0)
  }

  func lossChart(
    left: Double, top: Double, width: Double, height: Double, epochs: ClosedRange<Int>
  ) -> Chart {
    let values = losses.flatMap { [$0.train, $0.validation] }.compactMap { $0 }
      .filter { $0.isFinite && $0 > 0 }
    let low = values.min() ?? 0.1
    let high = values.max() ?? 1
    return Chart(
      left: left, top: top, width: width, height: height, epochs: epochs,
      values: low...max(high * 1.2, low * 1.5), isLogarithmic: true)
  }

  func countChart(
    left: Double, top: Double, width: Double, height: Double, epochs: ClosedRange<Int>
  ) -> Chart {
    let most = frames.map(\.extraction.automaton.stateCount).max() ?? 1
    return Chart(
      left: left, top: top, width: width, height: height, epochs: epochs,
      values: 0...(Double(most) * 1.05), isLogarithmic: false)
  }

  /// A value beside a chart: 0.001, 1, 400.
  func label(_ value: Double) -> String {
    value < 1 ? number(value, digits: 6) : number(value)
  }
}
