// The hidden states of all key frames, in one plane.

import Automata

/// The plane of hidden states through the key frames: one dot per word.
///
/// The dots of all words up to some length are drawn, ε excepted: its hidden state is given, far
/// from all others and the same in every frame. The units are the same in all frames; that of one
/// direction is at most twice that of the other, so that noise does not fill the picture.
struct HiddenPlane: Sendable {
  /// The greatest length of a word that is drawn.
  let depth: Int
  /// The nodes of the tree that are drawn.
  let words: Range<Int>
  /// For each key frame, the place of each word drawn, in 0 ... `extent`; y grows downwards.
  let places: [[SIMD2<Int>]]
  /// The state of the key frame's automaton that each word lies in; -1 where it is not reached.
  let states: [[Int]]
  let extent: SIMD2<Int>

  /// The greatest number of dots in all key frames together, which bounds the film's size: each
  /// takes about 17 bytes in `movie.svg`.
  static let dotLimit = 24_000

  /// Nil where some key frame has no hidden states, or the evaluation set no word but ε.
  ///
  /// - Parameter size: The room there is, in the units of the places.
  init?(of keys: [FilmFrame], tree: PrefixTree, into size: SIMD2<Int>) {
    let hidden = keys.compactMap(\.hidden)
    guard hidden.count == keys.count, tree.depth > 0 else { return nil }
    let room = min(HiddenStates.mostWords, max(Self.dotLimit / keys.count, 16))
    let known = hidden.map(\.places.count).min() ?? 0
    // At least the words of length 1.
    let depth = (1...tree.depth).last { tree.levelStarts[$0 + 1] <= min(room, known) } ?? 1
    let words = 1..<min(tree.levelStarts[depth + 1], known)
    guard !words.isEmpty else { return nil }
    self.depth = depth
    self.words = words

    var low = SIMD2<Float>(repeating: .infinity)
    var high = -low
    for frame in hidden {
      for place in frame.places[words] {
        low = pointwiseMin(low, place)
        high = pointwiseMax(high, place)
      }
    }
    // In double precision the span is finite and its inverse too, whatever the hidden states are.
    let least = SIMD2<Double>(low)
    let most = SIMD2<Double>(high)
    let span = pointwiseMax(most - least, SIMD2(repeating: 1e-60))
    let full = SIMD2<Double>(size) / span
    let unit = SIMD2(min(full.x, 2 * full.y), min(full.y, 2 * full.x))
    let margin = 0.5 * (SIMD2<Double>(size) - unit * span)
    extent = size
    places = hidden.map { frame in
      frame.places[words].map { place in
        let x = margin.x + unit.x * (Double(place.x) - least.x)
        let y = margin.y + unit.y * (most.y - Double(place.y))
        return SIMD2(Int(x.rounded()), Int(y.rounded()))
      }
    }
    states = keys.map { key in
      let stateOfClass = key.extraction.stateOfClass
      return words.map { stateOfClass[key.extraction.partition.class(of: $0)] ?? -1 }
    }
  }

  /// The dots of some words as one path of very short lines: their caps, round or square, make
  /// them visible, and rsvg draws no square cap on a line of length 0.
  ///
  /// - Parameter words: Positions in ``words``.
  func path(of words: some Sequence<Int>, key: Int) -> String {
    var path = ""
    for word in words {
      let place = places[key][word]
      path += "M\(place.x) \(place.y)h.1"
    }
    return path
  }
}
