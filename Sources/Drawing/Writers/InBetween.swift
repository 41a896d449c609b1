// What stands on the stage between two key frames: in animation, an in-between.

import Automata

/// What stands on the stage between two key frames.
struct InBetween {
  let film: Film
  let before: Int
  let after: Int
  let share: Double

  /// The key frame that is nearer.
  var nearest: Int { share < 0.5 ? before : after }

  /// - Parameters:
  ///   - key: The key frame before.
  ///   - share: How far the states are on their way to the next, in 0...1.
  init(of film: Film, after key: Int, share: Double) {
    self.film = film
    before = key
    after = min(key + 1, film.storyboard.keys.count - 1)
    self.share = share
  }

  func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
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
    let rules = DrawingRules.standard
    let (a, b) = (film.storyboard.scenes[before], film.storyboard.scenes[after])
    let near = share < 0.5 ? a : b
    var edges: [Scene.EdgeKind: String] = [:]
    var marks = ""
    var labels = ""
    let labelOpacity = mix(a.hasLabels() ? 1 : 0, b.hasLabels() ? 1 : 0)
    for role in cast {
      // Where there is nobody at one end, the other end says where that is.
      let (first, s) = role.from.map { (a, $0) } ?? (b, role.to ?? 0)
      let (second, t) = role.to.map { (b, $0) } ?? (a, role.from ?? 0)
      for symbol in 0..<film.alphabet.count {
        let (kind, other) = (first.kind(of: s, on: symbol), second.kind(of: t, on: symbol))
        let path = mix(first.curve(of: s, on: symbol), second.curve(of: t, on: symbol)).path
        let comes = role.isBorn && (role.from == nil || kind != other)
        let goes = role.ends && (role.to == nil || kind != other)
        func add(_ kind: Scene.EdgeKind, _ opacity: Double) {
          guard opacity > rules.faintest else { return }
          let attribute =
            opacity < 1 - rules.faintest
            ? " stroke-opacity=\"\(number(opacity, digits: 2))\"" : ""
          edges[kind, default: ""] += "<path d=\"\(path)\"\(attribute)/>"
        }
        if kind == other {
          add(kind, mix(comes ? 0 : 1, goes ? 0 : 1))
        } else {
          if !role.isBorn { add(kind, 1 - share) }
          if !role.ends { add(other, share) }
        }
        if labelOpacity > rules.faintest {
          let place = mix(first.labelPlace(of: s, on: symbol), second.labelPlace(of: t, on: symbol))
          labels += label(film.alphabet.symbols[symbol], at: place)
        }
      }
      var (start, end) = (first.radii[s], second.radii[t])
      if role.isBorn { start = role.from == nil ? 0 : rules.insideRadius(own: end, of: start) }
      if role.ends { end = role.to == nil ? 0 : rules.insideRadius(own: start, of: end) }
      // A change of look happens halfway.
      let isEarly = role.ends || !role.isBorn && share < 0.5
      let (scene, state) = isEarly ? (first, s) : (second, t)
      let key = isEarly ? before : after
      let output = scene.machine.output(of: state)
      let path = Look.mark(
        output, at: mix(first.centres[s], second.centres[t]), radius: mix(start, end))
      marks += "<path class=\"state o\(film.stateColours[key][state])\" d=\"\(path)\"/>"
    }
    for kind in Scene.EdgeKind.allCases {
      text += edgeGroup(
        kind, width: mix(a.strokeWidth(kind), b.strokeWidth(kind)),
        foldOpacity: mix(a.foldOpacity, b.foldOpacity), hasArrows: near.hasArrows())
      text += "\(edges[kind] ?? "")</g>"
    }
    text += "<path class=\"start\" d=\"\(startArrowPath(to: mix(a.startTip, b.startTip)))\"/>"
    if !labels.isEmpty {
      text += "<g opacity=\"\(number(labelOpacity, digits: 2))\">\(labels)</g>"
    }
    text += "<g stroke-width=\"\(number(near.rimWidth, digits: 2))\">\(marks)</g>"
  }

  private func mix(_ a: Curve, _ b: Curve) -> Curve {
    Curve(
      start: mix(a.start, b.start), control1: mix(a.control1, b.control1),
      control2: mix(a.control2, b.control2), end: mix(a.end, b.end))
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
