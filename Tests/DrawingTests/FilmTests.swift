import Automata
import Foundation
import FoundationXML
import Testing

@testable import Drawing

/// Two states, parity of ones, at any depth of the evaluation set.
func parity(over tree: PrefixTree) -> [Int] {
  (0..<tree.count).map { tree.word(of: $0).reduce(0, +) % 2 }
}

/// The extraction that labels of words give, with the transitions of each class's leader.
func extraction(_ tree: PrefixTree, labels: [Int], outputs: ((Int) -> Int)? = nil) -> Extraction {
  let partition = Partition(labels: labels)
  let k = tree.symbolCount
  let successors = (0..<partition.count).flatMap { number in
    (0..<k).map { symbol in
      tree.child(of: partition.leader(of: number), on: symbol).map { partition.class(of: $0) }
    }
  }
  return Extraction(
    partition: partition, successors: successors,
    outputs: (0..<partition.count).map { outputs?(partition.leader(of: $0)) ?? 0 },
    disagreements: [Int](repeating: 0, count: partition.count), consistency: 1,
    alphabet: .digits(k), outputAlphabet: .digits(2))
}

/// A run in little: the words are one state, then a tree, then two states.
func smallFilm(options: Film.Options = .init()) -> Film {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
  let says = parity(over: tree)
  let all = Array(0..<tree.count)
  let frames = [
    FilmFrame(epoch: 0, extraction: extraction(tree, labels: all.map { _ in 0 })),
    FilmFrame(epoch: 10, extraction: extraction(tree, labels: all.map { min($0, 6) }) { says[$0] }),
    FilmFrame(epoch: 20, extraction: extraction(tree, labels: all) { says[$0] }),
    FilmFrame(epoch: 30, extraction: extraction(tree, labels: says) { says[$0] }),
  ]
  let losses = (0...30).map {
    LossPoint(epoch: $0, train: 1 / Double($0 + 1), validation: $0 % 10 == 0 ? 0.5 : nil)
  }
  return Film(
    tree: tree, alphabet: .digits(2), outputAlphabet: .digits(2), frames: frames, losses: losses,
    title: "A <small> run & more", options: options)
}

/// Whether `text` is well-formed XML.
func isWellFormed(_ text: String) -> Bool {
  XMLParser(data: Data(text.utf8)).parse()
}

func count(_ needle: String, in text: String) -> Int {
  text.components(separatedBy: needle).count - 1
}

@Test func `the drawing of a checkpoint has all its states and transitions`() {
  for frame in smallFilm().frames {
    let machine = frame.extraction.automaton
    let svg = drawing(of: frame)
    #expect(isWellFormed(svg))
    #expect(count("class=\"state ", in: svg) == machine.stateCount)
    #expect(count("class=\"edge\"", in: svg) == machine.stateCount * machine.alphabet.count)
  }
}

@Test func `the film is well-formed and the same every time`() {
  let film = smallFilm()
  #expect(isWellFormed(film.svg()))
  #expect(film.svg() == smallFilm().svg())
  #expect(film.html() == smallFilm().html())
}

@Test func `titles cannot break out of the film`() {
  let film = smallFilm()
  #expect(!film.svg().contains("<small>"))
  #expect(!film.html().contains("<small>"))
}

@Test func `text that is no graph throws and harms nothing after it`() throws {
  for text in ["", "graph {", "digraph { a -> }", "no graph at all", "digraph { \"a }"] {
    #expect(throws: LayoutError.self) { try GraphvizLayout(dot: text) }
    let layout = try GraphvizLayout(dot: "digraph { rankdir=LR; a -> b -> c }")
    #expect(layout.nodes.count == 3 && layout.edges.count == 2)
  }
}
