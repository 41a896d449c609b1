// Values over time, written as SMIL.
//
// SMIL rather than CSS: it moves the points of a path in every browser, runs in an <img>, and
// keeps states and edges on one clock. Everything repeats with the period of the whole film,
// so that no part can lose the others.

/// Values at moments of a film that repeats.
struct Timeline {
  /// The moments of the key frames, as shares of the film's duration, increasing within 0...1.
  let moments: [Double]
  /// The film's duration, as SMIL writes it.
  let period: String
  private let momentTexts: [String]

  init(_ score: Score) {
    self.moments = score.times.map { $0 / score.duration }
    self.period = number(score.duration, digits: 2) + "s"
    self.momentTexts = moments.map(Self.share)
  }

  /// How a state moves from one key frame to the next: off gently, and to rest.
  static let easing = ".5 0 .3 1"

  /// One attribute over time, eased from key frame to key frame.
  ///
  /// Before `first` and after the last value the attribute has `outside`, or keeps the value
  /// next to it if that is nil. Values that only repeat their neighbours are left out; nothing
  /// is written if the attribute never changes.
  func appendAnimation(
    of attribute: String, as element: String = "animate", extra: String = "", first: Int,
    values: [String], outside: String? = nil, isForced: Bool = false, to text: inout String
  ) {
    guard !values.isEmpty else { return }
    var times: [String] = []
    var kept: [String] = []
    func add(_ time: String, _ value: String) {
      times.append(time)
      kept.append(value)
    }
    let last = first + values.count - 1
    if let outside, first > 0 {
      add("0", outside)
      add(momentTexts[first], outside)
    }
    for (index, value) in values.enumerated() {
      let isRepeated =
        index > 0 && index < values.count - 1 && values[index - 1] == value
        && values[index + 1] == value
      if !isRepeated { add(momentTexts[first + index], value) }
    }
    if let outside, last < moments.count - 1 { add(momentTexts[last], outside) }
    guard isForced || kept.contains(where: { $0 != kept[0] }) else { return }
    if times[0] != "0" {
      times.insert("0", at: 0)
      kept.insert(kept[0], at: 0)
    }
    if times[times.count - 1] != "1" {
      times.append("1")
      kept.append(kept[kept.count - 1])
    }
    text += "<\(element) attributeName=\"\(attribute)\" \(extra) dur=\"\(period)\" "
    text += "repeatCount=\"indefinite\" calcMode=\"spline\" keyTimes=\""
    text += times.joined(separator: ";")
    text += "\" keySplines=\""
    text += repeatElement(Self.easing, count: times.count - 1).joined(separator: ";")
    text += "\" values=\""
    text += kept.joined(separator: ";")
    text += "\"/>"
  }

  /// The place and size of an element that exists from key frame `first` on, for as many key
  /// frames as there are places.
  func appendMotion(first: Int, places: [String], sizes: [String], to text: inout String) {
    // The size is added to the place, so the place must be animated even if it stays the same.
    appendAnimation(
      of: "transform", as: "animateTransform", extra: "type=\"translate\"", first: first,
      values: places, isForced: true, to: &text)
    appendAnimation(
      of: "transform", as: "animateTransform", extra: "type=\"scale\" additive=\"sum\"",
      first: first, values: sizes, outside: "0", isForced: true, to: &text)
  }

  /// Makes an element visible from halfway before key frame `first` to halfway after `last`.
  func appendVisibility(first: Int, last: Int, to text: inout String) {
    let start = first == 0 ? 0 : (moments[first - 1] + moments[first]) / 2
    let end = last == moments.count - 1 ? 1 : (moments[last] + moments[last + 1]) / 2
    guard start > 0 || end < 1 else { return }
    var times = ["0"]
    var values = [start > 0 ? "none" : "inline"]
    if start > 0 {
      times.append(Self.share(start))
      values.append("inline")
    }
    if end < 1 {
      times.append(Self.share(end))
      values.append("none")
    }
    text += "<animate attributeName=\"display\" dur=\"\(period)\" repeatCount=\"indefinite\" "
    text += "calcMode=\"discrete\" keyTimes=\"\(times.joined(separator: ";"))\" "
    text += "values=\"\(values.joined(separator: ";"))\"/>"
  }

  private static func share(_ moment: Double) -> String {
    let text = number(min(max(moment, 0), 1), digits: 4)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }
}
