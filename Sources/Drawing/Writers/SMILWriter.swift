// Values over time, written as SMIL.
//
// SMIL rather than CSS: it moves the points of a path in every browser, runs in an <img>, and
// keeps states and edges on one clock. Browsers spend time on every animation that is running,
// so each runs only as long as its element is there: all begin a set time after the one clock,
// which begins again by itself, and outside its time an element has no path, so is not drawn.

/// Values at moments of a film that repeats.
struct SMILWriter {
  /// When each key frame stands, in seconds.
  let times: [Double]
  let duration: Double
  private let beginnings: [String]

  init(_ storyboard: Storyboard) {
    self.times = storyboard.times
    self.duration = storyboard.duration
    self.beginnings = storyboard.times.map(Self.beginning)
  }

  /// The clock, an animation that does nothing, again and again; for some element to hold.
  var clock: String {
    "<animate id=\"f\" attributeName=\"x\" values=\"0;0\" begin=\"0s;f.end\" "
      + "dur=\"\(Self.seconds(duration))\"/>"
  }

  /// One attribute over successive key frames, eased from each to the next, or else at a
  /// constant pace. Values that only repeat their neighbours are left out.
  ///
  /// - Parameters:
  ///   - first: The key frame of the first value.
  ///   - staysToEnd: Whether the last value, at the last key frame, stays until the film
  ///     begins again; else the element is gone after it.
  func appendAnimation(
    of attribute: String, as element: String = "animate", extra: String = "", first: Int,
    values: [String], staysToEnd: Bool, isEased: Bool = true, to text: inout String
  ) {
    let last = first + values.count - 1
    let begin = times[first]
    let end = staysToEnd ? duration : times[last]
    guard values.contains(where: { $0 != values[0] }) else {
      if element == "animate" {
        text += "<set attributeName=\"\(attribute)\" to=\"\(values[0])\""
      } else {
        text += "<\(element) attributeName=\"\(attribute)\"\(extra) "
        text += "values=\"\(values[0]);\(values[0])\""
      }
      text += " begin=\"\(beginnings[first])\" dur=\"\(Self.seconds(end - begin))\"/>"
      return
    }
    var moments: [String] = []
    var kept: [String] = []
    for (index, value) in values.enumerated() {
      let isRepeated =
        index > 0 && index < values.count - 1 && values[index - 1] == value
        && values[index + 1] == value
      if isRepeated { continue }
      moments.append(Self.share((times[first + index] - begin) / (end - begin)))
      kept.append(value)
    }
    if staysToEnd {
      moments.append("1")
      kept.append(kept[kept.count - 1])
    }
    text += "<\(element) attributeName=\"\(attribute)\"\(extra) begin=\"\(beginnings[first])\" "
    text += "dur=\"\(Self.seconds(end - begin))\""
    // Two values need no moments: they stand at both ends.
    if kept.count > 2 { text += " keyTimes=\"\(moments.joined(separator: ";"))\"" }
    if isEased {
      let splines = repeatElement(Self.spline, count: kept.count - 1).joined(separator: ";")
      text += " calcMode=\"spline\" keySplines=\"\(splines)\""
    }
    text += " values=\"\(kept.joined(separator: ";"))\"/>"
  }

  /// An attribute that goes from one value to another between two key frames.
  func appendChange(
    of attribute: String, from: String, to: String, after key: Int, to text: inout String
  ) {
    text += "<animate attributeName=\"\(attribute)\" begin=\"\(beginnings[key])\" "
    text += "dur=\"\(Self.seconds(times[key + 1] - times[key]))\" from=\"\(from)\" to=\"\(to)\"/>"
  }

  /// An attribute that is set while the film is nearer to these key frames than to others.
  func appendSetting(
    of attribute: String, to value: String, during keys: ClosedRange<Int>, to text: inout String
  ) {
    let (first, last) = (keys.lowerBound, keys.upperBound)
    let begin = first == 0 ? 0 : (times[first - 1] + times[first]) / 2
    let end = last == times.count - 1 ? duration : (times[last] + times[last + 1]) / 2
    text +=
      "<set attributeName=\"\(attribute)\" to=\"\(value)\" begin=\"\(Self.beginning(begin))\" "
    text += "dur=\"\(Self.seconds(end - begin))\"/>"
  }

  private static let spline = [Easing.glide.x1, Easing.glide.y1, Easing.glide.x2, Easing.glide.y2]
    .map(share).joined(separator: " ")

  private static func beginning(_ time: Double) -> String {
    time == 0 ? "f.begin" : "f.begin+\(seconds(time))"
  }

  private static func seconds(_ time: Double) -> String { number(time, digits: 3) + "s" }

  private static func share(_ moment: Double) -> String { min(max(moment, 0), 1).withoutZero }
}
