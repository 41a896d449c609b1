// Runs in little, made by hand: what the tests film.

import Automata
import Extraction
import Foundation
import FoundationXML

@testable import Drawing

/// The sum of each word's symbols modulo 2: parity, where there are two symbols.
func parity(over tree: PrefixTree) -> [Int] {
  (0..<tree.count).map { tree.word(of: $0).reduce(0, +) % 2 }
}

/// The extraction that labels of words give, with the transitions of each class's leader; open
/// where the leader has the tree's full depth.
func extraction(
  _ tree: PrefixTree, labels: [Int], outputs: [Int], alphabet: Alphabet? = nil,
  outputAlphabet: Alphabet = .digits(2)
) -> Extraction {
  let partition = Partition(labels: labels)
  let successors = (0..<partition.count).flatMap { number in
    (0..<tree.symbolCount).map { symbol in
      tree.child(of: partition.leader(of: number), on: symbol).map { partition.class(of: $0) }
    }
  }
  return Extraction(
    partition: partition, successors: successors,
    outputs: (0..<partition.count).map { outputs[partition.leader(of: $0)] },
    disagreements: [Int](repeating: 0, count: partition.count), consistency: 1,
    alphabet: alphabet ?? .digits(tree.symbolCount), outputAlphabet: outputAlphabet)
}

func film(
  _ tree: PrefixTree, labels: [[Int]], alphabet: Alphabet? = nil,
  outputAlphabet: Alphabet = .digits(2), title: String = "A run", options: Film.Options = .init()
) -> Film {
  let says = parity(over: tree).map { $0 % outputAlphabet.count }
  let alphabet = alphabet ?? .digits(tree.symbolCount)
  return Film(
    tree: tree, alphabet: alphabet, outputAlphabet: outputAlphabet,
    frames: labels.enumerated().map { index, labels in
      FilmFrame(
        epoch: 10 * index,
        extraction: extraction(
          tree, labels: labels, outputs: says, alphabet: alphabet, outputAlphabet: outputAlphabet))
    },
    losses: (0...10 * labels.count).map {
      LossPoint(epoch: $0, train: 1 / Double($0 + 1), validation: $0 % 10 == 0 ? 0.5 : nil)
    },
    title: title, options: options)
}

/// A run in little: the words are one state, then some, then a tree, then two states.
func smallFilm() -> Film {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
  let all = Array(0..<tree.count)
  return film(
    tree, labels: [all.map { _ in 0 }, all.map { min($0, 6) }, all, parity(over: tree)],
    options: .init(patience: 0))
}

/// A run whose states come and go at random: first a tree grows, then it folds.
func randomFilm(seed: UInt64, frames count: Int, options: Film.Options = .init()) -> Film {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
  let says = parity(over: tree)
  var generator = SplitMix64(seed: seed)
  let labels = (0..<count).map { frame in
    let share = 1 - abs(2 * Double(frame) / Double(max(count - 1, 1)) - 1)
    return (0..<tree.count).map { word in
      Double.random(in: 0..<1, using: &generator) < 0.8 * share ? word : says[word]
    }
  }
  return film(tree, labels: labels, options: options)
}

/// The JSON inside a page.
func pageData(_ html: String) -> Data? {
  guard let start = html.firstRange(of: "id=\"data\">")?.upperBound,
    let end = html[start...].firstRange(of: "</script>")?.lowerBound
  else { return nil }
  return Data(html[start..<end].utf8)
}

/// Whether `text` is well-formed XML.
func isWellFormed(_ text: String) -> Bool {
  XMLParser(data: Data(text.utf8)).parse()
}

func count(_ needle: String, in text: String) -> Int {
  text.components(separatedBy: needle).count - 1
}

/// A path that is nobody's alphabet, to try escaping with.
let oddNames = ["<&\">", "a b", "]]>", "</script>", "\u{1F600}", "'"]
