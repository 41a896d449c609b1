// The score of a film: which automaton stands on the stage when, and which state goes where.

import Automata
internal import Glibc

/// The life of one state through the key frames.
///
/// States are followed by their words. A state carries on as the state that holds its leader,
/// provided that state's own leader came from it; otherwise it ends there, gliding into it.
/// Likewise a state that is not carried over begins inside the state that held its leader.
struct Track: Equatable, Sendable {
  /// The first scene it stands in by itself.
  var first: Int
  /// The state it is in the scenes `first ..< first + states.count`.
  var states: [Int]
  /// The state of scene `first - 1` that it comes out of, if any.
  var origin: Int?
  /// The state of scene `first + states.count` that it goes into, if any.
  var destination: Int?

  /// The last scene it stands in by itself.
  var last: Int { first + states.count - 1 }

  /// The state that shows it in a scene: its own, or the one it comes out of or goes into.
  func state(in scene: Int) -> Int? {
    if scene == first - 1 { return origin }
    if scene == last + 1 { return destination }
    guard first...last ~= scene else { return nil }
    return states[scene - first]
  }
}

/// Everything that a film shows, before anybody says how it is written down.
struct Score: Sendable {
  var stage: Stage
  /// The key frames, and how each stands on the stage.
  var keys: [FilmFrame]
  var scenes: [Scene]
  /// In the order of their first scenes and leaders.
  var tracks: [Track]
  /// When each scene stands, in seconds; the first at 0, increasing.
  var times: [Double]
  /// When the film begins again; later than the last scene by the pause at the end.
  var duration: Double

  /// Chooses the key frames and places them.
  ///
  /// - Precondition: there is a frame, and all partition the same words.
  init(frames: [FilmFrame], stage: Stage, patience: Double, keyFrameLimit: Int) {
    let keys = KeyFrames(of: frames, patience: patience, limit: keyFrameLimit).indices
      .map { frames[$0] }
    self.stage = stage
    self.keys = keys
    self.scenes = Self.steadied(keys.map { Scene($0.extraction, on: stage) }, on: stage)
    self.tracks = Self.tracks(through: keys.map(\.extraction))

    // Each step takes its time whatever the number of epochs it spans; a step in which much
    // happens takes longer, so that it can be followed.
    var times = [0.0]
    var clock = 0.9
    for (before, after) in zip(keys, keys.dropFirst()) {
      let distances = KeyFrames.distances(between: [before.extraction, after.extraction])
      clock += 0.45 + 0.08 * log2(1 + Double(distances[1]))
      times.append(clock)
    }
    self.times = times
    self.duration = clock + 4
  }

  // MARK: Steadiness

  /// Moves the states of successive scenes closer to each other.
  ///
  /// Every layout keeps states in the shortlex order of their access words, so the layouts of
  /// two scenes never contradict each other, and neither does any mean of them. Each state goes
  /// to a weighted mean of the places its access word has in the scenes around; where the word
  /// is not reached, it has the place of its longest prefix that is. So a state's place opens
  /// before it is born and closes after it is gone.
  private static func steadied(_ scenes: [Scene], on stage: Stage) -> [Scene] {
    guard scenes.count > 1 else { return scenes }
    let k = scenes[0].machine.alphabet.count
    // All access words of the film as one prefix tree, parents before children.
    var parents = [0]
    var children: [Int: Int] = [:]
    let nodes: [[Int]] = scenes.map { scene in
      var nodeOfState = [Int](repeating: 0, count: scene.machine.stateCount)
      for state in scene.tree.order {
        guard let parent = scene.tree.parents[state] else { continue }
        let key = nodeOfState[parent] * k + scene.tree.symbols[state]
        if let node = children[key] {
          nodeOfState[state] = node
        } else {
          nodeOfState[state] = parents.count
          children[key] = parents.count
          parents.append(nodeOfState[parent])
        }
      }
      return nodeOfState
    }
    // rows[scene][node]: the place of every word in every scene.
    let rows: [[Double]] = zip(scenes, nodes).map { scene, nodeOfState in
      var rows = [Double](repeating: .nan, count: parents.count)
      for (state, node) in nodeOfState.enumerated() { rows[node] = scene.centres[state].y }
      for node in parents.indices where rows[node].isNaN { rows[node] = rows[parents[node]] }
      return rows
    }
    let weights = [0.06, 0.24, 0.4, 0.24, 0.06]
    let count = scenes.count
    func around(_ scene: Int) -> [(scene: Int, weight: Double)] {
      weights.enumerated().map { offset, weight in
        (min(max(scene + offset - 2, 0), count - 1), weight)
      }
    }
    // Columns may only ever get narrower than a scene's own, or it would not fit the stage.
    let narrow = (0..<count).map { scene in
      around(scene).map { scenes[$0.scene].columnWidth }.min() ?? 0
    }
    var result = scenes
    for scene in 0..<count {
      let columnWidth = around(scene).reduce(0) { $0 + $1.weight * narrow[$1.scene] }
      result[scene].columnWidth = columnWidth
      for (state, node) in nodes[scene].enumerated() {
        result[scene].centres[state] = Point(
          x: stage.left + columnWidth * Double(scenes[scene].tree.depths[state]),
          y: around(scene).reduce(0) { $0 + $1.weight * rows[$1.scene][node] })
      }
    }
    return result
  }

  // MARK: Identity

  private static func tracks(through extractions: [Extraction]) -> [Track] {
    var tracks = extractions[0].automaton.states.map { Track(first: 0, states: [$0]) }
    // The track that each state of the scene before is.
    var current = Array(tracks.indices)
    for scene in extractions.indices.dropFirst() {
      let before = extractions[scene - 1]
      let after = extractions[scene]
      let (stateBefore, stateAfter) = (before.stateOfClass, after.stateOfClass)
      // Where the leader of each state is in the other scene.
      let onward = before.classOfState.map {
        stateAfter[after.partition.class(of: before.partition.leader(of: $0))]
      }
      let back = after.classOfState.map {
        stateBefore[before.partition.class(of: after.partition.leader(of: $0))]
      }
      var next = [Int](repeating: -1, count: after.classOfState.count)
      for (state, track) in current.enumerated() {
        guard let target = onward[state] else { continue }
        if back[target] == state {
          tracks[track].states.append(target)
          next[target] = track
        } else {
          tracks[track].destination = target
        }
      }
      for state in next.indices where next[state] < 0 {
        next[state] = tracks.count
        tracks.append(Track(first: scene, states: [state], origin: back[state]))
      }
      current = next
    }
    return tracks
  }

  // MARK: Measures

  /// How far the states move that take no part in what happens: for each step, the mean
  /// distance, as a share of the picture's width, over the states whose words stay the same.
  /// Steps without such states are left out.
  func displacements(width: Double) -> [Double] {
    scenes.indices.dropLast().compactMap { index in
      let (before, after) = (scenes[index], scenes[index + 1])
      let (from, to) = (keys[index].extraction, keys[index + 1].extraction)
      var sum = 0.0
      var count = 0
      let members = (from.partition.members, to.partition.members)
      for track in tracks {
        guard track.first <= index, index < track.last else { continue }
        let (a, b) = (track.states[index - track.first], track.states[index + 1 - track.first])
        guard members.0[from.classOfState[a]] == members.1[to.classOfState[b]] else { continue }
        sum += (after.centres[b] - before.centres[a]).length / width
        count += 1
      }
      return count > 0 ? sum / Double(count) : nil
    }
  }
}

extension MooreMachine {
  var states: Range<Int> { 0..<stateCount }
}
