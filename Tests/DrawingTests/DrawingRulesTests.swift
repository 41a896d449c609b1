// The film, its stills and the page draw by one set of rules.

import Automata
import Foundation
import Testing

@testable import Drawing

/// A run whose states have six outputs, over three symbols.
func colourfulFilm(seed: UInt64) -> Film {
  let tree = PrefixTree.complete(symbolCount: 3, depth: 4)
  let outputs = (0..<tree.count).map { $0 % 6 }
  var generator = SplitMix64(seed: seed)
  let frames = (0..<7).map { frame in
    let share = 0.5 - abs(Double(frame) / 6 - 0.5)
    return FilmFrame(
      epoch: 10 * frame,
      extraction: extraction(
        tree,
        labels: (0..<tree.count).map { word in
          Double.random(in: 0..<1, using: &generator) < share ? word : outputs[word]
        }, outputs: outputs, outputAlphabet: .digits(6)))
  }
  return Film(
    tree: tree, alphabet: .digits(3), outputAlphabet: .digits(6), frames: frames, losses: [],
    title: "six outputs", options: .init(patience: 0))
}

// MARK: Shapes

@Test func `all shapes have the area of a circle, and the page's are the film's`() {
  #expect(Look.unitMarks.count == Look.outputCount)
  for (output, mark) in Look.unitMarks.enumerated() {
    let unit = points(of: mark)
    let centre = Point(x: 100, y: 50)
    let drawn = points(of: Look.mark(output, at: centre, radius: 20))
    if case .square = Look.shapes[output] {
      // The film draws three sides and closes the path.
      #expect(unit.count == 4 && drawn.count == 4)
    }
    #expect(agree(drawn, unit.map { centre + 20 * $0 }, within: 0.15))
    guard Look.shapes[output] != .circle else { continue }
    let area = zip(unit, unit.dropFirst() + unit.prefix(1))
      .reduce(0) { $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y) / 2 }
    #expect(abs(area / .pi - 1) <= 0.01)
  }
}

// MARK: The film and its stills

/// The parts of an automaton, as a document shows them at a key frame.
private struct Shown: Equatable {
  var states: [String] = []
  var edges: [String: [String]] = [:]
  var widths: [String: String] = [:]
  var foldOpacity: String?
  var rimWidth: String?
  var start: String?
  var labels: [String] = []
}

private let kinds = ["fold", "open", "tree"]

private func shown(inStill document: String) -> Shown {
  let all = elements(of: document)
  var shown = Shown()
  for element in all {
    guard element.parent >= 0 else { continue }
    let around = all[element.parent]
    let name = element.classes.first.map(String.init) ?? ""
    if element.name == "g", kinds.contains(name) {
      shown.widths[name] = element.attributes["stroke-width"]
      if name == "fold" { shown.foldOpacity = element.attributes["opacity"] }
    } else if let d = element.attributes["d"] {
      if around.name == "g", let kind = around.classes.first, kinds.contains(String(kind)) {
        shown.edges[String(kind), default: []].append(d)
      } else if name == "state" {
        shown.states.append("\(element.classes[1]) \(d)")
        shown.rimWidth = around.attributes["stroke-width"]
      } else if name == "start" {
        shown.start = d
      }
    } else if name == "label" {
      let (x, y) = (element.attributes["x"] ?? "", element.attributes["y"] ?? "")
      shown.labels.append("\(element.text) \(x) \(y)")
    }
  }
  shown.states.sort()
  shown.labels.sort()
  for kind in kinds { shown.edges[kind, default: []].sort() }
  return shown
}

/// The value of an animated attribute at the time of a key frame; nil where the animation is not
/// running just before and just after.
private func value(of animation: Element, at time: Double) -> String? {
  let attributes = animation.attributes
  func seconds(_ text: Substring) -> Double { Double(text.dropLast()) ?? 0 }
  let begin = (attributes["begin"] ?? "").split(separator: "+").dropFirst().first.map(seconds) ?? 0
  let duration = seconds((attributes["dur"] ?? "")[...])
  guard begin < time - 0.002, time + 0.002 < begin + duration else { return nil }
  if animation.name == "set" { return attributes["to"] }
  guard let list = attributes["values"] else { return nil }
  let values = list.split(separator: ";").map(String.init)
  let moments =
    attributes["keyTimes"]?.split(separator: ";").compactMap { Double($0) }
    ?? [0, 1]
  let share = (time - begin) / duration
  // Seconds are rounded to thousandths, moments to 1/10,000 of the duration.
  let precision = 0.002 / duration + 1e-4
  if let index = moments.firstIndex(where: { abs($0 - share) <= precision }) {
    return values[index]
  }
  // Values that repeat their neighbours are left out: then those around are the same.
  let after = moments.firstIndex { $0 > share } ?? 0
  return after > 0 && values[after - 1] == values[after] ? values[after] : "0 0"
}

/// What an animated document shows at a key frame, by each element's animations.
private func shown(inFilm all: [Element], at time: Double) -> Shown {
  var shown = Shown()
  /// The element that each animation belongs to, and that element's own group.
  for animation in all where animation.attributes["attributeName"] != nil {
    guard let value = value(of: animation, at: time) else { continue }
    let element = all[animation.parent]
    let name = element.classes.first.map(String.init) ?? ""
    let group = element.parent >= 0 ? all[element.parent] : element
    let kind = group.classes.first.map(String.init) ?? ""
    switch (animation.attributes["attributeName"], element.name) {
    case ("d", "path") where kinds.contains(kind): shown.edges[kind, default: []].append(value)
    case ("d", "path") where name == "state":
      shown.states.append("\(element.classes[1]) \(value)")
    case ("d", "path") where name == "start": shown.start = value
    case ("stroke-width", "g"):
      if kinds.contains(name) { shown.widths[name] = value } else { shown.rimWidth = value }
    case ("opacity", "g") where name == "fold": shown.foldOpacity = value
    case ("transform", "text"):
      let place = points(of: "M" + value)[0]
      shown.labels.append("\(element.text) \(number(place.x)) \(number(place.y - 99))")
    default: break
    }
  }
  shown.states.sort()
  shown.labels.sort()
  for kind in kinds { shown.edges[kind, default: []].sort() }
  return shown
}

@Test(arguments: [1, 2] as [UInt64])
func `a still at a key frame is the film at its time`(seed: UInt64) {
  for film in [
    colourfulFilm(seed: seed), randomFilm(seed: seed, frames: 12, options: .init(patience: 0.5)),
  ] {
    let all = elements(of: film.svg())
    #expect(film.keyEpochs.count > 3)
    // In the first key frame those have begun too that are still inside another.
    for time in film.storyboard.times.dropFirst() {
      #expect(shown(inStill: film.still(at: time)) == shown(inFilm: all, at: time))
    }
  }
}

@Test func `the page is given every rule, and every number is one that JSON can say`() throws {
  let data = try #require(
    try JSONSerialization.jsonObject(with: Data(DrawingRules.standard.json.utf8))
      as? [String: Any])
  #expect(data.count == Mirror(reflecting: DrawingRules.standard).children.count)
  #expect(data["labelLimit"] as? Int == 44 && data["arrowLimit"] as? Int == 90)
  #expect(data["futureOpacity"] as? String == ".28")
  // The script reads every rule under its name.
  let script = String(decoding: PackageResources.film_js, as: UTF8.self)
  for name in data.keys where !["markRise", "futureOpacity"].contains(name) {
    #expect(script.contains("rules.\(name)"), "\(name)")
  }
}

// MARK: Choosing

@Test func `a suffix begins after the last element that does not satisfy the condition`() {
  #expect([1, 0, 1, 1].startOfSuffix { $0 == 1 } == 2)
  #expect([1, 1].startOfSuffix { $0 == 1 } == 0)
  #expect([1, 0].startOfSuffix { $0 == 1 } == 2)
  #expect([Int]().startOfSuffix { $0 == 1 } == 0)
}

@Test(arguments: UInt64(0)..<20)
func `no other way of as many stops is cheaper`(seed: UInt64) {
  var generator = SplitMix64(seed: seed)
  let n = 7
  let costs = (0..<n * n).map { _ in Double(Int.random(in: 0..<20, using: &generator)) }
  func cost(_ way: [Int]) -> Double {
    zip(way, way.dropFirst()).reduce(0) { $0 + costs[$1.0 * n + $1.1] }
  }
  let ways = (0..<1 << (n - 2)).map { bits in
    [0] + (1..<n - 1).filter { bits >> ($0 - 1) & 1 == 1 } + [n - 1]
  }
  for stops in [nil, 2, 3, 5, n] {
    let found = CheapestPath.positions(count: n, stops: stops) { $0 + costs[$1 * n + $2] }
    #expect(found.first == 0 && found.last == n - 1 && stops ?? found.count == found.count)
    let best = ways.filter { stops ?? $0.count == $0.count }.map(cost).min()
    #expect(cost(found) == best)
  }
  #expect(CheapestPath.positions(count: 1) { cost, _, _ in cost } == [0])
}

// MARK: Markup

@Test func `markup is escaped by scalars`() {
  #expect("<\u{301}a>&\"'".escapedForMarkup == "&lt;\u{301}a&gt;&amp;&quot;&#39;")
  #expect("\u{1}\t\u{FFFE}é".escapedForMarkup == "\u{FFFD}\t\u{FFFD}é")
}

@Test func `a template is filled in once`() {
  let template = Template(Array("<a>{{one}}</a>{{two}}!".utf8))
  #expect(template.filled(["one": "{{two}}", "two": "$1"]) == "<a>{{two}}</a>$1!")
}

@Test func `a number stands with its noun`() {
  #expect(counted(1, "state") == "1 state" && counted(2, "state") == "2 states")
  #expect(counted(0, "class", plural: "classes") == "0 classes")
}
