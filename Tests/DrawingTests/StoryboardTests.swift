import Automata
import Testing

@testable import Drawing

// MARK: Which checkpoints are shown

/// What a choice of key frames costs, from the definition.
private func cost(_ choice: [Int], distances: (Int, Int) -> Int, patience: Double) -> Double {
  var cost = 0.5 * Double(choice.count - 1)
  for (i, j) in zip(choice, choice.dropFirst()) {
    cost += patience * Double(distances(i, j))
    let cuts = (i + 1...j).map { cut in
      (i + 1..<cut).reduce(0) { $0 + distances(i, $1) }
        + (cut..<j).reduce(0) { $0 + distances($1, j) }
    }
    cost += Double(cuts.min() ?? 0)
  }
  return cost
}

@Test(arguments: UInt64(0)..<20)
func `no other choice of key frames is cheaper`(seed: UInt64) {
  let frames = randomFilm(seed: seed, frames: 9).frames
  let table = KeyFrames.distances(between: frames.map(\.extraction))
  let distance = { (i: Int, j: Int) in Int(table[i * frames.count + j]) }
  let isLandmark = KeyFrames.landmarks(of: frames)
  for patience in [0.5, 2] {
    let found = KeyFrames(of: frames, patience: patience, stateLimit: .max).indices
    var best = Double.infinity
    for bits in 0..<(1 << frames.count) {
      let choice = frames.indices.filter { bits >> $0 & 1 == 1 }
      guard frames.indices.allSatisfy({ !isLandmark[$0] || choice.contains($0) }) else { continue }
      best = min(best, cost(choice, distances: distance, patience: patience))
    }
    #expect(abs(cost(found, distances: distance, patience: patience) - best) <= 1e-9)
  }
}

@Test func `the turning points are always shown`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 5)
  // After all 63 words apart, at most 3/4 of that at the third, 1/2 at the fourth, which is also
  // the first from which on all are complete, and 1/4 at the sixth.
  let labels =
    [parity(over: tree)]
    + [63, 40, 30, 20, 14, 12].map { most in
      (0..<tree.count).map { min($0, most - 1) }
    } + [parity(over: tree), parity(over: tree), parity(over: tree)]
  let film = film(tree, labels: labels, options: .init(patience: 100))
  let sizes = film.frames.map(\.extraction.automaton.stateCount)
  #expect(sizes == [2, 63, 40, 30, 20, 14, 12, 2, 2, 2])
  #expect(
    KeyFrames.landmarks(of: film.frames).map { $0 ? 1 : 0 } == [1, 1, 1, 1, 0, 1, 0, 0, 0, 1])
  #expect(Set([0, 10, 20, 30, 50, 90]).isSubset(of: film.keyEpochs))
}

@Test func `a distance counts the states that only one automaton has`() {
  let frames = randomFilm(seed: 1, frames: 6).frames
  let table = KeyFrames.distances(between: frames.map(\.extraction))
  let leaders = frames.map { frame in
    Set(frame.extraction.classOfState.map { frame.extraction.partition.leader(of: $0) })
  }
  for i in frames.indices {
    for j in frames.indices {
      #expect(Int(table[i * 6 + j]) == leaders[i].symmetricDifference(leaders[j]).count)
    }
  }
}

/// The words up to length 3, in two states, and with six of them in states of their own.
private let few = parity(over: .complete(symbolCount: 2, depth: 3))
private let many = few.indices.map { 1...6 ~= $0 ? $0 + 2 : few[$0] }

private func shown(_ labels: [[Int]], patience: Double) -> [Int] {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 3)
  return film(tree, labels: labels, options: .init(patience: patience)).keyEpochs.map { $0 / 10 }
}

@Test func `a change that passes is shown only if it lasts`() {
  // The first frame is a landmark, for it has the most states.
  let start = [many, few, few, few, few, few, few]
  let brief = start + Array(repeating: many, count: 3) + Array(repeating: few, count: 6)
  let long = start + Array(repeating: many, count: 6) + Array(repeating: few, count: 6)
  #expect(!shown(brief, patience: 2).contains { 7...9 ~= $0 })
  #expect(shown(brief, patience: 1).contains { 7...9 ~= $0 })
  #expect(shown(long, patience: 2).contains { 7...12 ~= $0 })
  #expect(!shown(long, patience: 4).contains { 7...12 ~= $0 })
}

@Test func `a change that stays is shown however late it comes`() {
  let labels = [many] + Array(repeating: few, count: 9) + [many, many]
  #expect(shown(labels, patience: 2).contains { 1...9 ~= $0 })
  #expect(shown(labels, patience: 2).last == 11)
}

@Test func `key frames fit the limit on states`() {
  let free = randomFilm(seed: 3, frames: 40, options: .init(patience: 0))
  let bound = randomFilm(seed: 3, frames: 40, options: .init(patience: 0, stateLimit: 300))
  func states(_ film: Film) -> Int {
    film.storyboard.scenes.reduce(0) { $0 + $1.machine.stateCount }
  }
  #expect(states(free) > 300)
  #expect(states(bound) <= 300)
  #expect(bound.keyEpochs.count >= 4)
}

// MARK: Who is who

@Test(arguments: UInt64(0)..<10)
func `every state of every key frame is one track`(seed: UInt64) {
  let storyboard = randomFilm(seed: seed, frames: 12, options: .init(patience: 0.5)).storyboard
  for (key, scene) in storyboard.scenes.enumerated() {
    let states = storyboard.tracks.filter { $0.first...$0.last ~= key }.map {
      $0.states[key - $0.first]
    }
    #expect(states.sorted() == Array(scene.machine.states))
  }
}

@Test(arguments: UInt64(0)..<10)
func `states are followed by their leaders`(seed: UInt64) {
  let storyboard = randomFilm(seed: seed, frames: 12, options: .init(patience: 0.5)).storyboard
  func holds(_ key: Int, _ state: Int, leaderOf other: (key: Int, state: Int)) -> Bool {
    let (here, there) = (storyboard.keys[key].extraction, storyboard.keys[other.key].extraction)
    let leader = there.partition.leader(of: there.classOfState[other.state])
    return here.partition.class(of: leader) == here.classOfState[state]
  }
  for track in storyboard.tracks {
    for (offset, pair) in zip(track.states, track.states.dropFirst()).enumerated() {
      let key = track.first + offset
      #expect(holds(key + 1, pair.1, leaderOf: (key, pair.0)))
      #expect(holds(key, pair.0, leaderOf: (key + 1, pair.1)))
    }
    if let origin = track.origin {
      #expect(holds(track.first - 1, origin, leaderOf: (track.first, track.states[0])))
    }
    if let end = track.destination {
      let last = track.states[track.states.count - 1]
      #expect(holds(track.last + 1, end, leaderOf: (track.last, last)))
    }
  }
}

/// Seven words in two states, and in three where word 2 is one of its own.
private let two = [0, 1, 1, 0, 1, 1, 0]
private let three = [0, 1, 2, 0, 1, 1, 0]

@Test func `two states that merge become one, and one that splits becomes two`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 2)
  let merging = film(tree, labels: [three, two], options: .init(patience: 0)).storyboard.tracks
  #expect(merging.map(\.states) == [[0, 0], [1, 1], [2]])
  #expect(merging[2].destination == 1)
  let splitting = film(tree, labels: [two, three], options: .init(patience: 0)).storyboard.tracks
  #expect(splitting.map(\.states) == [[0, 0], [1, 1], [2]])
  #expect(splitting[2].origin == 1 && splitting[2].first == 1)
}

// MARK: Where they stand

@Test(arguments: UInt64(0)..<10)
func `columns are lengths of access words and rows keep their order`(seed: UInt64) {
  let film = randomFilm(seed: seed, frames: 12, options: .init(patience: 0.5))
  let stage = film.storyboard.stage
  for scene in film.storyboard.scenes {
    for (upper, lower) in zip(scene.tree.order, scene.tree.order.dropFirst()) {
      let (a, b) = (scene.tree.word(of: upper), scene.tree.word(of: lower))
      #expect(a.count < b.count || a.count == b.count && a.lexicographicallyPrecedes(b))
      #expect(scene.machine.state(after: a) == upper)
      if a.count == b.count {
        let distance = scene.centres[lower].y - scene.centres[upper].y
        // Rows are rounded to tenths.
        #expect(distance >= 0.9)
      }
      #expect(abs(scene.centres[lower].x - stage.left - scene.columnWidth * Double(b.count)) < 1e-6)
      #expect(scene.centres[lower].x <= stage.left + stage.width)
      #expect(stage.top - 0.1...stage.top + stage.height + 0.1 ~= scene.centres[lower].y)
    }
  }
}

@Test func `nothing moves where nothing changes`() {
  let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
  let all = Array(0..<tree.count)
  // One state more each time: the rest may stay where they are.
  let labels = (20...26).map { most in all.map { min($0, most) } }
  let displacements = film(tree, labels: labels, options: .init(patience: 0)).displacements.sorted()
  #expect(displacements[displacements.count / 2] < 0.005)
}

@Test func `areas grow with the number of words`() {
  let scene = Scene(smallFilm().frames[1].extraction, on: .film)
  for a in scene.machine.states {
    for b in scene.machine.states where scene.wordCounts[a] > scene.wordCounts[b] {
      #expect(scene.radii[a] >= scene.radii[b])
    }
  }
  #expect(scene.radii.max() ?? 0 > scene.radii.min() ?? 0)
}
