// The film as one SVG file that plays by itself.

internal import Glibc
import Automata

extension Film {
  /// The film as an SVG document that plays by itself, in an `<img>` too, and begins again after
  /// a pause on the last automaton.
  ///
  /// There are no scripts. A reader that knows no animation, or is asked for less motion, shows
  /// two automata side by side: the one with most states and the last.
  public func svg() -> String {
    var writer = FilmSVGWriter(film: self)
    return writer.document()
  }
}

private struct FilmSVGWriter {
  let film: Film
  let storyboard: Storyboard
  let smil: SMILWriter
  let last: Int
  var text = ""

  init(film: Film) {
    self.film = film
    self.storyboard = film.storyboard
    self.smil = SMILWriter(film.storyboard)
    self.last = film.storyboard.keys.count - 1
  }

  mutating func document() -> String {
    text.reserveCapacity(2_000_000)
    text += opening(
      width: FilmGeometry.size.width, height: FilmGeometry.size.height, title: film.title,
      description: film.summary, theme: film.options.theme)
    film.appendSurroundings(to: &text)
    let panels = film.panels
    for panel in panels { panel.appendFuture(to: &text) }

    text += "<g class=\"film\"><rect width=\"0\" height=\"0\">\(smil.clock)</rect>"
    edges()
    startArrow()
    labels()
    states()
    dots()
    for index in storyboard.keys.indices {
      text += "<g display=\"none\">"
      smil.appendSetting(of: "display", to: "inline", during: index...index, to: &text)
      film.appendCaption(ofKey: index, to: &text)
      text += "</g>"
    }
    text += "<path class=\"mark head\">"
    text +=
      "<animate attributeName=\"d\" begin=\"f.begin\" dur=\"\(number(storyboard.duration))s\" "
    text +=
      "from=\"\(Ribbon.head(FilmGeometry.left))\" to=\"\(Ribbon.head(FilmGeometry.right))\"/></path>"
    for (index, panel) in panels.enumerated() { progress(of: panel, id: "past\(index)") }
    text += "</g>"
    stills(panels)
    text += "</svg>\n"
    return text
  }

  /// What is shown instead where nothing moves: two automata side by side.
  private mutating func stills(_ panels: [Panel]) {
    let most = TurningPoints.largest(of: storyboard.scenes.map(\.machine.stateCount))
    let shown = most == last ? [last] : [most, last]
    text += "<g class=\"rest\"><set attributeName=\"display\" to=\"none\" begin=\"0s\"/>"
    for (index, key) in shown.enumerated() {
      var stage = storyboard.stage
      stage.width = (stage.width - 90 * Double(shown.count - 1)) / Double(shown.count)
      stage.left += Double(index) * (stage.width + 90)
      stage.top += 24
      stage.height -= 24
      text += "<text x=\"\(number(stage.left - 32))\" y=\"112\" font-size=\"15\">"
      text += "<tspan class=\"num\">epoch \(storyboard.keys[key].epoch)</tspan>"
      text += "<tspan class=\"soft\" dx=\"10\">\(storyboard.scenes[key].caption)</tspan></text>"
      let scene = Scene(storyboard.keys[key].extraction, on: stage).arranged(on: stage)
      appendAutomaton(scene, colours: film.stateColours[key], to: &text)
      for panel in panels {
        let x = panel.chart.x(storyboard.keys[key].epoch)
        text += "<path class=\"mark\" d=\"\(panel.mark(at: x))\"/>"
      }
    }
    for panel in panels { panel.appendCurves(to: &text) }
    film.appendDots(ofKey: last, to: &text)
    text += "</g>"
  }

  // MARK: The automaton

  private mutating func edges() {
    let scenes = storyboard.scenes
    for kind in Scene.EdgeKind.allCases {
      text += "<g class=\"\(kind)\">"
      if kind == .fold {
        smil.appendAnimation(
          of: "opacity", first: 0, values: scenes.map { number($0.foldOpacity, digits: 2) },
          staysToEnd: true, to: &text)
      }
      if let marker = kind.marker {
        for run in runs(where: { scenes[$0].hasArrows() }) {
          smil.appendSetting(of: "marker-end", to: marker, during: run, to: &text)
        }
      }
      smil.appendAnimation(
        of: "stroke-width", first: 0,
        values: scenes.map { number($0.strokeWidth(kind), digits: 2) },
        staysToEnd: true, to: &text)
      for track in storyboard.tracks {
        for symbol in 0..<film.alphabet.count {
          for life in track.lives(where: { scenes[$0].kind(of: $1, on: symbol) == kind }) {
            edge(of: track, on: symbol, as: kind, during: life)
          }
        }
      }
      text += "</g>"
    }
  }

  /// An edge as long as it stays of one kind. It comes out of the edge of the state that its own
  /// came out of, and goes into that of the state that its own goes into.
  private mutating func edge(
    of track: Track, on symbol: Int, as kind: Scene.EdgeKind, during life: ClosedRange<Int>
  ) {
    let stops = track.stops(of: life, keyCount: storyboard.keys.count)
    let paths = stops.map { storyboard.scenes[$0.scene].curve(of: $0.state, on: symbol).path }
    text += "<path>"
    smil.appendAnimation(
      of: "d", first: stops[0].key, values: paths, staysToEnd: stops.stayToEnd(last), to: &text)
    // A change of kind is a crossing over. (Opacity would do as well, but makes browsers draw
    // every edge into a layer of its own: half as many pictures per second.)
    func isOther(_ stop: Track.Stop) -> Bool {
      stop.role == .absent
        || storyboard.scenes[stop.scene].kind(of: stop.state, on: symbol) != kind
    }
    if let first = stops.first, isOther(first) {
      smil.appendChange(of: "stroke-opacity", from: "0", to: "1", after: first.key, to: &text)
    }
    if let final = stops.last, isOther(final) {
      smil.appendChange(
        of: "stroke-opacity", from: "1", to: "0", after: final.key - 1, to: &text)
    }
    text += "</path>"
  }

  private mutating func startArrow() {
    text += "<path class=\"start\">"
    smil.appendAnimation(
      of: "d", first: 0, values: storyboard.scenes.map { startArrowPath(to: $0.startTip) },
      staysToEnd: true, to: &text)
    text += "</path>"
  }

  /// The symbols beside the edges, in the key frames with few states.
  private mutating func labels() {
    let scenes = storyboard.scenes
    let opacities = scenes.map { $0.hasLabels() ? "1" : "0" }
    text += "<g>"
    smil.appendAnimation(
      of: "opacity", first: 0, values: opacities, staysToEnd: true, to: &text)
    for track in storyboard.tracks {
      for life in track.lives(where: { scene, _ in opacities[scene] == "1" }) {
        let stops = track.stops(of: life, keyCount: scenes.count)
        for symbol in 0..<film.alphabet.count {
          let places = stops.map { stop in
            var place = ""
            place.append(
              scenes[stop.scene].labelPlace(of: stop.state, on: symbol) + Point(x: 0, y: 103))
            return place
          }
          // Out of sight unless it is moved, by 99 and by 4 so that its middle stands there.
          text += "<text class=\"label\" y=\"-99\">"
          text += film.alphabet.symbols[symbol].escapedForMarkup
          smil.appendAnimation(
            of: "transform", as: "animateTransform", extra: " type=\"translate\"",
            first: stops[0].key, values: places, staysToEnd: stops.stayToEnd(last), to: &text)
          text += "</text>"
        }
      }
    }
    text += "</g>"
  }

  private mutating func states() {
    text += "<g>"
    smil.appendAnimation(
      of: "stroke-width", first: 0,
      values: storyboard.scenes.map { number($0.rimWidth, digits: 2) }, staysToEnd: true, to: &text)
    // What is born later lies deeper, so that it comes out from beneath its origin.
    for track in storyboard.tracks.reversed() {
      // A mark has one shape and one colour: lives in which both stay as they are.
      let looks = track.states.enumerated().map { offset, state in
        let scene = track.first + offset
        return Look.Mark(
          output: storyboard.scenes[scene].machine.output(of: state) % Look.outputCount,
          colour: film.stateColours[scene][state])
      }
      for look in Set(looks).sorted() {
        for life in track.lives(where: { scene, _ in looks[scene - track.first] == look }) {
          state(track, look: look, during: life)
        }
      }
    }
    text += "</g>"
  }

  /// A state as long as it looks the same.
  private mutating func state(_ track: Track, look: Look.Mark, during life: ClosedRange<Int>) {
    let stops = track.stops(of: life, keyCount: storyboard.keys.count)
    let marks = stops.enumerated().map { index, stop in
      let scene = storyboard.scenes[stop.scene]
      var radius = scene.radii[stop.state]
      switch stop.role {
      case .itself: break
      // Where it changes its look, it shrinks away beneath the mark of the other.
      case .other, .absent: radius = 0
      case .inside:
        let own = stops[index == 0 ? 1 : index - 1]
        radius = DrawingRules.standard.insideRadius(
          own: storyboard.scenes[own.scene].radii[own.state], of: radius)
      }
      return Look.mark(look.output, at: scene.centres[stop.state], radius: radius)
    }
    text += "<path class=\"state o\(look.colour)\">"
    smil.appendAnimation(
      of: "d", first: stops[0].key, values: marks, staysToEnd: stops.stayToEnd(last), to: &text)
    text += "</path>"
  }

  /// The maximal runs of key frames in which a condition holds.
  private func runs(where condition: (Int) -> Bool) -> [ClosedRange<Int>] {
    Track(first: 0, states: storyboard.keys.map { _ in 0 }).lives { key, _ in condition(key) }
  }

  // MARK: The hidden states

  /// Dots of one look are one path, which has the same commands as long as no dot changes.
  private mutating func dots() {
    guard let plane = film.plane else { return }
    let looks = storyboard.keys.indices.map { film.dotLooks(ofKey: $0) }
    text += film.planeGroup
    var first = 0
    while first <= last {
      var end = first
      while end < last, looks[end + 1] == looks[first] { end += 1 }
      // Up to the next key frame, unless it is there for good.
      let keys = first...min(end + 1, last)
      for look in Set(looks[first]).sorted() {
        let words = looks[first].indices.filter { looks[first][$0] == look }
        text += "<path class=\"dots \(look.classes)\">"
        smil.appendAnimation(
          of: "d", first: first, values: keys.map { plane.path(of: words, key: $0) },
          staysToEnd: end == last, to: &text)
        text += "</path>"
      }
      first = end + 1
    }
    text += "</g>"
  }

  // MARK: Curves

  private mutating func progress(of panel: Panel, id: String) {
    let places = storyboard.keys.map { panel.chart.x($0.epoch) }
    var (width, mark) = ("", "")
    smil.appendAnimation(
      of: "width", first: 0, values: places.map { number($0 - panel.chart.left) },
      staysToEnd: true, to: &width)
    smil.appendAnimation(
      of: "d", first: 0, values: places.map(panel.mark), staysToEnd: true, to: &mark)
    panel.appendPast(
      id: id, clip: (attributes: "", content: width), mark: (attributes: "", content: mark),
      to: &text)
  }
}

extension [Track.Stop] {
  /// Whether what stops here stands in the last key frame by itself.
  fileprivate func stayToEnd(_ lastKey: Int) -> Bool {
    self.last.map { $0.key == lastKey && $0.role == .itself } ?? false
  }
}

extension Film {
  /// The film in a sentence or two, for those who cannot see it.
  var summary: String {
    let most = TurningPoints.largest(of: storyboard.scenes.map(\.machine.stateCount))
    let parts = [0, most, storyboard.scenes.count - 1].map {
      "\(storyboard.scenes[$0].caption) at epoch \(storyboard.keys[$0].epoch)"
    }
    return "The automaton formed by a network's hidden states has \(parts[0]), \(parts[1]) and "
      + "\(parts[2]). \(storyboard.keys.count) of \(frames.count) checkpoints are shown."
  }
}
