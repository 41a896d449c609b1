// The line of time under the automaton.

/// The number of states in the film's own time: where the film is, and where it goes slowly.
struct Ribbon {
  private static let box = FilmGeometry.ribbon

  let storyboard: Storyboard

  init(_ storyboard: Storyboard) { self.storyboard = storyboard }

  /// The line that stands where the film is.
  static func head(_ x: Double) -> String {
    "M\(number(x)) \(number(box.top - 5))V\(number(box.bottom))"
  }

  func x(_ key: Int) -> Double {
    Self.box.left + Self.box.width * storyboard.times[key] / storyboard.duration
  }

  var area: String {
    let counts = storyboard.scenes.map { Double($0.machine.stateCount) }
    let most = max(counts.max() ?? 1, 1)
    var path = "M"
    path.append(Point(x: Self.box.left, y: Self.box.bottom))
    for (index, count) in counts.enumerated() {
      path += "L"
      path.append(Point(x: x(index), y: Self.box.bottom - Self.box.height * count / most))
    }
    path += "H\(number(Self.box.right))V\(number(Self.box.bottom))z"
    return path
  }

  /// Epochs along the ribbon, as many as have room.
  var ticks: [(x: Double, label: String, anchor: String)] {
    var ticks = [(x: Self.box.left, label: "epoch \(storyboard.keys[0].epoch)", anchor: "start")]
    var free = Self.box.left + 84
    let last = storyboard.keys.count - 1
    guard last > 0 else { return ticks }
    let end = min(x(last), Self.box.right - 14)
    for index in 1..<last where x(index) > free && x(index) < end - 44 {
      ticks.append((x(index), String(storyboard.keys[index].epoch), "middle"))
      free = x(index) + 48
    }
    if end > free - 44 { ticks.append((end, String(storyboard.keys[last].epoch), "middle")) }
    return ticks
  }
}
