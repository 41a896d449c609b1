// One state of the film, from its first key frame to its last.

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

  /// The maximal runs of scenes in which a condition holds for the state it is there.
  func lives(where condition: (_ scene: Int, _ state: Int) -> Bool) -> [ClosedRange<Int>] {
    var lives: [ClosedRange<Int>] = []
    var start: Int?
    for scene in first...last {
      if condition(scene, states[scene - first]) {
        start = start ?? scene
      } else if let begun = start {
        lives.append(begun...scene - 1)
        start = nil
      }
    }
    if let start { lives.append(start...last) }
    return lives
  }

  /// Where to find this state at one key frame.
  struct Stop: Equatable {
    /// The key frame.
    var key: Int
    /// The scene that says where it stands, and the state it is there.
    var scene: Int
    var state: Int
    var role: Role
  }

  /// How it is present.
  enum Role: Equatable {
    /// By itself.
    case itself
    /// By itself, but outside the run asked for.
    case other
    /// Inside the state that it comes out of or goes into.
    case inside
    /// Not at all: it comes from nowhere or goes nowhere.
    case absent
  }

  /// A run of scenes together with the key frames before and after, from which and to which it
  /// moves; one stop per key frame.
  ///
  /// - Parameter keyCount: The number of key frames of the film.
  func stops(of life: ClosedRange<Int>, keyCount: Int) -> [Stop] {
    var stops: [Stop] = []
    func add(_ key: Int, besides neighbour: Int, gone: Int?) {
      guard 0..<keyCount ~= key else { return }
      if first...last ~= key {
        stops.append(Stop(key: key, scene: key, state: states[key - first], role: .other))
      } else if let gone {
        stops.append(Stop(key: key, scene: key, state: gone, role: .inside))
      } else {
        let state = states[neighbour - first]
        stops.append(Stop(key: key, scene: neighbour, state: state, role: .absent))
      }
    }
    add(life.lowerBound - 1, besides: life.lowerBound, gone: origin)
    for key in life {
      stops.append(Stop(key: key, scene: key, state: states[key - first], role: .itself))
    }
    add(life.upperBound + 1, besides: life.upperBound, gone: destination)
    return stops
  }
}
