import Automata
import Foundation
import Testing

@testable import Drawing

@Test func `the drawing of a checkpoint has all its states and transitions`() {
  for frame in randomFilm(seed: 5, frames: 12).frames + smallFilm().frames {
    let machine = frame.extraction.automaton
    let svg = drawing(of: frame)
    #expect(isWellFormed(svg))
    #expect(count("class=\"state ", in: svg) == machine.stateCount)
    #expect(count("class=\"edge\"", in: svg) == machine.stateCount * machine.alphabet.count)
  }
}

@Test func `the film is well-formed`() {
  #expect(isWellFormed(smallFilm().svg()))
}

@Test func `each animation has as many moments as values, in order from 0 to 1`() throws {
  let svg = randomFilm(seed: 2, frames: 12, options: .init(patience: 0.5)).svg()
  func list(_ name: String, in element: Substring) -> [Substring]? {
    guard let start = element.range(of: " \(name)=\"")?.upperBound,
      let end = element[start...].firstIndex(of: "\"")
    else { return nil }
    return element[start..<end].split(separator: ";", omittingEmptySubsequences: false)
  }
  let elements = svg.split(separator: "<").filter { $0.hasPrefix("animate") }
  #expect(elements.count > 100)
  for element in elements {
    if element.contains(" from=") { continue }
    let values = try #require(list("values", in: element))
    guard let times = list("keyTimes", in: element) else { continue }
    let moments = times.compactMap { Double($0) }
    #expect(moments.count == values.count)
    #expect(moments.first == 0 && moments == moments.sorted())
    if let splines = list("keySplines", in: element) {
      #expect(moments.last == 1 && splines.count == values.count - 1)
    }
  }
}

@Test func `each key frame shows its own numbers`() {
  let film = randomFilm(seed: 4, frames: 12, options: .init(patience: 0.5))
  let svg = film.svg()
  for (key, scene) in zip(film.storyboard.keys, film.storyboard.scenes) {
    #expect(svg.contains(">epoch \(key.epoch)</text>"))
    #expect(scene.machine == key.extraction.automaton)
    #expect(svg.contains(">\(scene.machine.stateCount) states"))
  }
}

@Test func `colours can tell the classes of the minimal machine`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
  // Seven states that say 0 or 1 by parity: two classes, although the start says something else.
  let labels = [(0..<tree.count).map { $0 < 5 ? $0 + 2 : parity(over: tree)[$0] }]
  let film = film(tree, labels: labels, options: .init(colours: .minimal))
  let scene = film.storyboard.scenes[0]
  let minimal = scene.machine.minimized()
  #expect(minimal.stateCount < scene.machine.stateCount)
  for (state, colour) in film.stateColours[0].enumerated() {
    #expect(minimal.output(of: colour) == scene.machine.output(of: state))
  }
  #expect(Set(film.stateColours[0]).count == minimal.stateCount)
  #expect(film.svg().contains("classes of the minimal machine"))
}

@Test func `names and titles cannot break out`() throws {
  let tree = PrefixTree.complete(symbolCount: 6, depth: 2)
  let film = try film(
    tree, labels: [parity(over: tree), Array(0..<tree.count)], alphabet: Alphabet(oddNames),
    outputAlphabet: Alphabet(["<no>", "&"]), title: "</title><script>alert(\"1\")</script> & 'so'",
    options: .init(patience: 0))
  #expect(isWellFormed(film.svg()))
  #expect(!film.svg().contains("<script"))
  for frame in film.frames {
    #expect(isWellFormed(drawing(of: frame)))
    #expect(isWellFormed(drawing(of: frame.extraction.automaton)))
  }
  let html = film.html()
  // The page's own two scripts and nobody else's.
  #expect(count("<script", in: html) == 2 && count("</script", in: html) == 2)
  #expect(!html.contains("<no>"))
}

@Test(arguments: [1, 2, 3, 7])
func `alphabets of any size can be filmed`(symbols: Int) {
  let tree = PrefixTree.complete(symbolCount: symbols, depth: 3)
  let all = Array(0..<tree.count)
  let film = film(
    tree, labels: [all.map { _ in 0 }, all, parity(over: tree)], outputAlphabet: .digits(3),
    options: .init(patience: 0))
  #expect(isWellFormed(film.svg()))
  #expect(film.keyEpochs.count == 3)
}

/// A film in little in whose frames the hidden states lie at random.
private func filmWithHiddenStates(
  _ labels: [[Int]], depth: Int, options: Film.Options = .init(patience: 0)
) -> Film {
  let tree = PrefixTree.complete(symbolCount: 2, depth: depth)
  var generator = SplitMix64(seed: 5)
  let says = parity(over: tree)
  let frames = labels.enumerated().map { index, labels in
    FilmFrame(
      epoch: index, extraction: extraction(tree, labels: labels, outputs: says),
      hidden: HiddenStates(
        places: (0..<tree.count).map { _ in
          SIMD2(
            Float.random(in: -3...1, using: &generator), Float.random(in: 0...2, using: &generator))
        }, outputs: says.map { Int32($0) }))
  }
  return Film(
    tree: tree, alphabet: .digits(2), outputAlphabet: .digits(2), frames: frames, losses: [],
    title: "hidden", componentShares: [0.6, 0.3], options: options)
}

@Test func `every word up to a length is a dot of the look of its state, inside the panel`() throws
{
  let tree = PrefixTree.complete(symbolCount: 2, depth: 8)
  let all = Array(0..<tree.count)
  let film = filmWithHiddenStates([all.map { min($0, 40) }, parity(over: tree)], depth: 8)
  let plane = try #require(film.plane)
  // ε is not drawn; 254 other words are no longer than 7.
  #expect(plane.depth == 7 && plane.words == 1..<255)
  for key in 0...1 {
    let places = plane.places[key]
    #expect(places.count == 254 && plane.states[key].count == 254)
    #expect(places.allSatisfy { 0...plane.extent.x ~= $0.x && 0...plane.extent.y ~= $0.y })
    let looks = film.dotLooks(ofKey: key)
    let machine = film.storyboard.scenes[key].machine
    for (word, look) in zip(plane.words, looks) {
      #expect(look.output == machine.output(after: tree.word(of: word)))
    }
  }
  #expect(count("class=\"dots ", in: film.svg()) == 6)
  #expect(film.svg().contains("principal component 1, 60 %"))
}

@Test func `many key frames show fewer words`() throws {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
  let says = parity(over: tree)
  let labels = (0..<500).map { index in says.enumerated().map { $0 == index % 7 ? 2 : $1 } }
  let film = filmWithHiddenStates(labels, depth: 6)
  let plane = try #require(film.plane)
  #expect(film.keyEpochs.count > 200)
  #expect(plane.depth < 6 && plane.words.count * film.keyEpochs.count <= HiddenPlane.dotLimit)
}

@Test func `a film of one frame stands still`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 3)
  let film = film(tree, labels: [parity(over: tree)])
  #expect(film.keyEpochs == [0])
  #expect(film.displacements.isEmpty)
  #expect(isWellFormed(film.svg()))
  #expect(!film.svg().contains("keySplines"))
}

@Test func `a film in which nothing merges stands still`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 3)
  let film = film(tree, labels: Array(repeating: Array(0..<tree.count), count: 5))
  #expect(film.displacements.allSatisfy { $0 == 0 })
  #expect(!film.svg().contains("class=\"state o0\"><animate "))
}

@Test func `losses may be missing, zero, infinite or beyond all bounds`() throws {
  let frames = smallFilm().frames
  let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
  for losses in [
    [], [LossPoint(epoch: 0, train: nil, validation: nil)],
    [
      LossPoint(epoch: 0, train: .infinity, validation: 0),
      LossPoint(epoch: 30, train: .nan, validation: 1e-30),
    ],
    [
      LossPoint(epoch: 0, train: 1e300, validation: 1e-300),
      LossPoint(epoch: 30, train: .greatestFiniteMagnitude, validation: 1e15),
    ],
  ] {
    let film = Film(
      tree: tree, alphabet: .digits(2), outputAlphabet: .digits(2), frames: frames,
      losses: losses, title: "losses")
    #expect(isWellFormed(film.svg()))
    let data = try #require(pageData(film.html()))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
  }
}

@Test func `the whole tree of 2,047 words makes a film of at most 5 MB`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 10)
  let says = parity(over: tree)
  var generator = SplitMix64(seed: 1)
  let labels = (0..<60).map { frame in
    let share = 1 - abs(Double(frame) / 30 - 1)
    return (0..<tree.count).map { word in
      Double.random(in: 0..<1, using: &generator) < share * share ? word : says[word]
    }
  }
  let film = film(tree, labels: labels)
  #expect(film.storyboard.scenes.map(\.machine.stateCount).max() == 2047)
  #expect(film.svg().utf8.count <= 5_000_000)
  #expect(film.html().utf8.count <= 5_000_000)
}

// MARK: Numbers and paths

@Test func `numbers are short and exact to their decimals`() {
  #expect(
    [0, 1.25, -0.04, -0.5, 12.96, 100, -3.05].map { number($0) } == [
      "0", "1.3", "0", "-0.5", "13", "100", "-3.1",
    ])
  #expect(number(0.00012, digits: 6) == "0.00012")
  #expect(number(3.14159, digits: 3) == "3.142")
}

@Test func `a curve's path ends where the next begins`() {
  let curve = Curve(
    start: Point(x: 1.24, y: -3.33), control1: Point(x: 5, y: 5), control2: Point(x: -2.06, y: 7),
    end: Point(x: 9.99, y: 0.049))
  #expect(curve.path == "M1.2-3.3c3.8 8.3-3.3 10.3 8.8 3.3")
}
