// The storyboard of a film: which automaton stands on the stage when, and which state goes where.

import Automata
import Extraction
internal import Glibc

/// Everything that a film shows, before anybody says how it is written down.
struct Storyboard: Sendable {
  var stage: Stage
  /// The key frames, and how each stands on the stage.
  var keys: [FilmFrame]
  /// How many more key frames the lasting changes would ask for.
  var keysLeftOut: Int
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
  init(frames: [FilmFrame], stage: Stage, patience: Double, stateLimit: Int) {
    let choice = KeyFrames(of: frames, patience: patience, stateLimit: stateLimit)
    let keys = choice.indices.map { frames[$0] }
    let tracks = Self.tracks(through: keys.map(\.extraction))
    self.stage = stage
    self.keys = keys
    keysLeftOut = choice.leftOut
    self.tracks = tracks
    self.scenes = Arrangement.arranged(
      keys.map { Scene($0.extraction, on: stage) }, on: stage)

    // Each step takes its time whatever the number of epochs it spans; a step in which much
    // happens, or everything moves, takes longer, so that it can be followed.
    var times = [0.0]
    var clock = 0.9
    for step in keys.indices.dropLast() {
      let distances = KeyFrames.distances(between: [
        keys[step].extraction, keys[step + 1].extraction,
      ])
      var motion = 0.0
      var count = 0.0
      for track in tracks where track.first <= step && step < track.last {
        let (a, b) = (track.states[step - track.first], track.states[step + 1 - track.first])
        motion += (scenes[step + 1].centres[b] - scenes[step].centres[a]).length / stage.width
        count += 1
      }
      clock += 0.3 + 0.09 * log2(1 + Double(distances[1])) + 3 * motion / max(count, 1)
      times.append(clock)
    }
    self.times = times
    self.duration = clock + 4
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

  // MARK: Time

  /// The key frame at or before a moment, and how far the states are on their way to the next.
  func position(at time: Double) -> (key: Int, share: Double) {
    let last = keys.count - 1
    guard time > 0 else { return (0, 0) }
    let key = (times.firstIndex { $0 > time } ?? times.count) - 1
    guard key < last else { return (last, 0) }
    return (key, Easing.glide.eased((time - times[key]) / (times[key + 1] - times[key])))
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
