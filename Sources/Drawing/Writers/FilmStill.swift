// The film at one moment, for readers that know no motion: frames of other formats, and paper.

import Automata

extension Film {
  /// The film at one moment as an SVG document without motion.
  ///
  /// - Parameter time: Seconds from the start; what lies outside the film shows its first or last
  ///   key frame.
  public func still(at time: Double) -> String {
    let (key, share) = storyboard.position(at: time)
    let moment = Moment(of: self, key: key, share: share)
    var text = opening(
      width: Film.size.width, height: Film.size.height, title: title, description: summary,
      theme: options.theme)
    appendSurroundings(to: &text)
    let epoch = { (x: (Int) -> Double) in
      let next = min(key + 1, self.storyboard.keys.count - 1)
      return x(key) + share * (x(next) - x(key))
    }
    for (index, panel) in panels.enumerated() {
      let now = epoch { panel.chart.x(self.storyboard.keys[$0].epoch) }
      for (name, path) in panel.curves {
        text += "<path class=\"curve \(name)\" opacity=\".28\" d=\"\(path)\"/>"
      }
      text += "<clipPath id=\"past\(index)\"><rect x=\"\(number(panel.chart.left))\" "
      text += "y=\"\(number(panel.chart.top - 10))\" height=\"\(number(panel.chart.height + 20))\" "
      text += "width=\"\(number(now - panel.chart.left))\"/></clipPath>"
      text += "<g clip-path=\"url(#past\(index))\">"
      for (name, path) in panel.curves { text += "<path class=\"curve \(name)\" d=\"\(path)\"/>" }
      text += "</g><path class=\"mark\" d=\"M\(number(now)) \(number(panel.chart.top - 6))"
      text += "V\(number(panel.chart.bottom))\"/>"
    }
    moment.appendAutomaton(to: &text)
    moment.appendDots(to: &text)
    appendCaption(ofKey: moment.nearest, to: &text)
    let x = Ribbon.left + (Ribbon.right - Ribbon.left) * min(max(time / duration, 0), 1)
    text += "<path class=\"mark head\" d=\"\(Ribbon.head(x))\"/></svg>\n"
    return text
  }

  /// Some of the key frames on one sheet, as an SVG document.
  ///
  /// The turning points come first, then those that stand best for the others.
  ///
  /// - Parameters:
  ///   - count: How many, at least 1; of a film with fewer, all.
  ///   - columns: How many stand side by side; by default as many as make the sheet look best.
  public func contactSheet(_ count: Int, columns: Int? = nil) -> String {
    precondition(count >= 1 && columns ?? 1 >= 1, "\(count) frames in \(columns ?? 1) columns")
    let keys = sheetKeys(count)
    // Two side by side where there are few, so that they stay large.
    let columns = min(columns ?? (keys.count <= 4 ? 2 : 3), keys.count)
    let rows = (keys.count + columns - 1) / columns
    let gap = 44.0
    let width = (Film.size.width - 80 - gap * Double(columns - 1)) / Double(columns)
    let height = 0.52 * width
    let top = 104.0
    let pitch = height + 58
    var text = opening(
      width: Film.size.width, height: top + pitch * Double(rows), title: title,
      description: summary, theme: options.theme)
    text += "<text class=\"h\" x=\"40\" y=\"48\" font-size=\"24\">\(title.escapedForMarkup)</text>"
    appendLegend(of: outputAlphabet, colours: options.colours, x: 40, y: 76, to: &text)
    for (index, key) in keys.enumerated() {
      let left = 40 + Double(index % columns) * (width + gap)
      let y = top + Double(index / columns) * pitch
      text += "<text x=\"\(number(left))\" y=\"\(number(y + 14))\" font-size=\"15\">"
      text += "<tspan class=\"num\">epoch \(storyboard.keys[key].epoch)</tspan>"
      text += "<tspan class=\"soft\" dx=\"10\">\(storyboard.scenes[key].caption)</tspan></text>"
      let stage = Stage(left: left + 32, top: y + 42, width: width - 46, height: height - 32)
      let scene = Scene(storyboard.keys[key].extraction, on: stage).arranged(on: stage)
      Drawing.appendAutomaton(scene, colours: stateColours[key], scale: width / 1150, to: &text)
    }
    return text + "</svg>\n"
  }

  /// The key frames that tell the story in so many pictures.
  ///
  /// First the turning points, as far as there is room: the last, the first, the one with most
  /// states, the first after it with at most half as many, and the first from which on all are
  /// complete. Then those that stand best for the rest: the sum, over all key frames, of the
  /// distance to the nearer of the two chosen around it is least. A distance is the share of states
  /// that only one of two automata has.
  ///
  /// - Returns: Positions in the key frames, increasing.
  func sheetKeys(_ count: Int) -> [Int] {
    let n = storyboard.keys.count
    guard count < n else { return Array(0..<n) }
    guard count > 1 else { return [n - 1] }
    let isForced = turningPoints(count)
    let table = KeyFrames.distances(between: storyboard.keys.map(\.extraction))
    let sizes = storyboard.scenes.map { Double($0.machine.stateCount) }
    func distance(_ i: Int, _ j: Int) -> Double { Double(table[i * n + j]) / (sizes[i] + sizes[j]) }
    // What those between two chosen ones pay.
    var misfit = [Double](repeating: .infinity, count: n * n)
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) {
        misfit[i * n + j] = (i + 1..<j).reduce(0) { $0 + min(distance(i, $1), distance($1, j)) }
        if isForced[j] { break }
      }
    }
    // cost[j]: the least for a choice of so many that ends in j; and the one before j in it.
    var cost = [Double](repeating: .infinity, count: n)
    cost[0] = 0
    var previous: [[Int]] = []
    for _ in 1..<count {
      var next = [Double](repeating: .infinity, count: n)
      var from = [Int](repeating: 0, count: n)
      for j in 1..<n {
        for i in 0..<j where cost[i] + misfit[i * n + j] < next[j] {
          next[j] = cost[i] + misfit[i * n + j]
          from[j] = i
        }
      }
      cost = next
      previous.append(from)
    }
    var keys = [n - 1]
    for from in previous.reversed() { keys.append(from[keys[keys.count - 1]]) }
    return keys.reversed()
  }

  /// Which key frames a sheet of at least two has to have.
  private func turningPoints(_ count: Int) -> [Bool] {
    let sizes = storyboard.scenes.map(\.machine.stateCount)
    let most = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
    let half = sizes[most...].firstIndex { 2 * $0 <= sizes[most] }
    let complete = (storyboard.scenes.lastIndex { !$0.machine.isComplete } ?? -1) + 1
    var isForced = [Bool](repeating: false, count: sizes.count)
    var left = count
    for key in [sizes.count - 1, 0, most, half ?? 0, complete]
    where left > 0 && key < sizes.count && !isForced[key] {
      isForced[key] = true
      left -= 1
    }
    return isForced
  }
}

extension Storyboard {
  /// The key frame at or before a moment, and how far the states are on their way to the next.
  func position(at time: Double) -> (key: Int, share: Double) {
    let last = keys.count - 1
    guard time > 0 else { return (0, 0) }
    let key = (times.firstIndex { $0 > time } ?? times.count) - 1
    guard key < last else { return (last, 0) }
    return (key, SMILWriter.eased((time - times[key]) / (times[key + 1] - times[key])))
  }
}

extension SMILWriter {
  /// How far a state has come after a share of its time: ``easing`` as a function.
  static func eased(_ share: Double) -> Double {
    // The cubic Bézier curve (0, 0), (.5, 0), (.4, 1), (1, 1): find t for x by Newton's method.
    var t = share
    for _ in 0..<8 {
      let s = 1 - t
      let x = 3 * s * s * t * 0.5 + 3 * s * t * t * 0.4 + t * t * t - share
      let slope = 3 * s * s * 0.5 + 6 * s * t * (0.4 - 0.5) + 3 * t * t * 0.6
      if slope.magnitude < 1e-6 { break }
      t = min(max(t - x / slope, 0), 1)
    }
    return 3 * (1 - t) * t * t + t * t * t
  }
}

/// What stands on the stage between two key frames.
private struct Moment {
  let film: Film
  let before: Int
  let after: Int
  let share: Double

  /// The key frame that is nearer.
  var nearest: Int { share < 0.5 ? before : after }

  init(of film: Film, key: Int, share: Double) {
    self.film = film
    before = key
    after = min(key + 1, film.storyboard.keys.count - 1)
    self.share = share
  }

  private func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
  private func mix(_ a: Point, _ b: Point) -> Point { a + share * (b - a) }

  /// A state on its way: who it is at both ends, if anybody, and whether it begins or ends there.
  private struct Role {
    var from: Int?
    var to: Int?
    var isBorn = false
    var ends = false
  }

  private var cast: [Role] {
    let tracks = film.storyboard.tracks
    var staying: [Role] = []
    var passing: [Role] = []
    for track in tracks {
      if track.first == before + 1, after > before {
        if share > 0 { passing.append(Role(from: track.origin, to: track.states[0], isBorn: true)) }
      } else if track.first <= before, before <= track.last {
        let state = track.states[before - track.first]
        if after == before {
          staying.append(Role(from: state, to: state))
        } else if before < track.last {
          staying.append(Role(from: state, to: track.states[before + 1 - track.first]))
        } else {
          passing.append(Role(from: state, to: track.destination, ends: true))
        }
      }
    }
    // Those who come or go lie beneath those who stay.
    return passing.reversed() + staying.reversed()
  }

  func appendAutomaton(to text: inout String) {
    let (a, b) = (film.storyboard.scenes[before], film.storyboard.scenes[after])
    let near = share < 0.5 ? a : b
    var edges: [Scene.EdgeKind: String] = [.fold: "", .open: "", .tree: ""]
    var marks = ""
    var labels = ""
    let labelOpacity = mix(
      a.machine.stateCount <= labelLimit ? 1 : 0, b.machine.stateCount <= labelLimit ? 1 : 0)
    for role in cast {
      // Where there is nobody at one end, the other end says where that is.
      let (first, s) = role.from.map { (a, $0) } ?? (b, role.to ?? 0)
      let (second, t) = role.to.map { (b, $0) } ?? (a, role.from ?? 0)
      for symbol in 0..<film.alphabet.count {
        let (kind, other) = (first.kind(of: s, on: symbol), second.kind(of: t, on: symbol))
        let (p, q) = (first.curve(of: s, on: symbol), second.curve(of: t, on: symbol))
        let path = Curve(
          start: mix(p.start, q.start), control1: mix(p.control1, q.control1),
          control2: mix(p.control2, q.control2), end: mix(p.end, q.end)
        ).path
        let comes = role.isBorn && (role.from == nil || kind != other)
        let goes = role.ends && (role.to == nil || kind != other)
        func add(_ kind: Scene.EdgeKind, _ opacity: Double) {
          guard opacity > 0.02 else { return }
          edges[kind, default: ""] += "<path d=\"\(path)\""
          if opacity < 0.98 {
            edges[kind, default: ""] += " stroke-opacity=\"\(number(opacity, digits: 2))\""
          }
          edges[kind, default: ""] += "/>"
        }
        if kind == other {
          add(kind, mix(comes ? 0 : 1, goes ? 0 : 1))
        } else {
          if !role.isBorn { add(kind, 1 - share) }
          if !role.ends { add(other, share) }
        }
        if labelOpacity > 0.02 {
          let place = mix(first.labelPlace(of: s, on: symbol), second.labelPlace(of: t, on: symbol))
          labels += "<text class=\"label\" x=\"\(number(place.x))\" y=\"\(number(place.y + 4))\">"
          labels += "\(film.alphabet.symbols[symbol].escapedForMarkup)</text>"
        }
      }
      var (start, end) = (first.radii[s], second.radii[t])
      if role.isBorn { start = role.from == nil ? 0 : min(0.9 * start, end) }
      if role.ends { end = role.to == nil ? 0 : min(0.9 * end, start) }
      // A change of look happens halfway.
      let isEarly = role.ends || !role.isBorn && share < 0.5
      let (scene, state) = isEarly ? (first, s) : (second, t)
      let key = isEarly ? before : after
      let output = scene.machine.output(of: state)
      let path = Look.mark(
        output, at: mix(first.centres[s], second.centres[t]), radius: mix(start, end))
      marks += "<path class=\"state o\(film.stateColours[key][state])\" d=\"\(path)\"/>"
    }
    for kind in [Scene.EdgeKind.fold, .open, .tree] {
      let width = mix(
        Double(a.strokeWidth(kind)) ?? 1, Double(b.strokeWidth(kind)) ?? 1)
      text += "<g class=\"\(kind)\" stroke-width=\"\(number(width, digits: 2))\""
      if kind == .fold {
        text += " opacity=\"\(number(mix(a.foldOpacity, b.foldOpacity), digits: 2))\""
      }
      if near.machine.stateCount <= arrowLimit, let marker = kind.marker {
        text += " marker-end=\"\(marker)\""
      }
      text += ">\(edges[kind] ?? "")</g>"
    }
    let (y, tip) = (
      mix(a.centres[0].y, b.centres[0].y),
      mix(a.centres[0].x - a.radii[0], b.centres[0].x - b.radii[0])
    )
    text +=
      "<path class=\"start\" d=\"M\(number(tip - 28)) \(number(y))H\(number(tip - 2))m-6-4l6 4l-6 4\"/>"
    if !labels.isEmpty {
      text += "<g opacity=\"\(number(labelOpacity, digits: 2))\">\(labels)</g>"
    }
    text += "<g stroke-width=\"\(near.rimWidth)\">\(marks)</g>"
  }

  func appendDots(to text: inout String) {
    guard let plane = film.plane else { return }
    let looks = film.dotLooks(ofKey: nearest)
    text += film.planeGroup
    for look in Set(looks).sorted() {
      text += "<path class=\"dots \(look.classes)\" d=\""
      for word in looks.indices where looks[word] == look {
        let (p, q) = (plane.places[before][word], plane.places[after][word])
        let place = mix(
          Point(x: Double(p.x), y: Double(p.y)), Point(x: Double(q.x), y: Double(q.y)))
        text += "M\(number(place.x)) \(number(place.y))h.1"
      }
      text += "\"/>"
    }
    text += "</g>"
  }
}
