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
    self.period = number(score.duration) + "s"
    self.momentTexts = moments.map(Self.share)
  }

  /// How a state moves from one key frame to the next: off gently, and to rest.
  static let easing = ".5 0 .4 1"

  /// One attribute over time, eased from key frame to key frame, or else at a constant pace.
  ///
  /// Before `first` and after the last value the attribute has `outside`, or keeps the value
  /// next to it if that is nil. A value at the last key frame stays until the film begins again,
  /// unless the element `isGoneAfter` it. Values that only repeat their neighbours are left out; nothing
  /// is written if the attribute never changes.
  func appendAnimation(
    of attribute: String, as element: String = "animate", extra: String = "", first: Int,
    values: [String], outside: String? = nil, isGoneAfter: Bool = false, isEased: Bool = true,
    to text: inout String
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
    if let outside, isGoneAfter || last < moments.count - 1 { add(momentTexts[last], outside) }
    guard kept.contains(where: { $0 != kept[0] }) else { return }
    if times[0] != "0" {
      times.insert("0", at: 0)
      kept.insert(kept[0], at: 0)
    }
    if times[times.count - 1] != "1" {
      times.append("1")
      kept.append(kept[kept.count - 1])
    }
    text += "<\(element) attributeName=\"\(attribute)\"\(extra) dur=\"\(period)\" "
    text += "repeatCount=\"indefinite\" keyTimes=\""
    text += times.joined(separator: ";")
    if isEased {
      text += "\" calcMode=\"spline\" keySplines=\""
      text += repeatElement(Self.easing, count: times.count - 1).joined(separator: ";")
    }
    text += "\" values=\""
    text += kept.joined(separator: ";")
    text += "\"/>"
  }

  /// One attribute that jumps from value to value halfway between key frames.
  func appendSteps(of attribute: String, values: [String], to text: inout String) {
    var times: [String] = []
    var kept: [String] = []
    for (index, value) in values.enumerated() where kept.last != value {
      times.append(index == 0 ? "0" : Self.share((moments[index - 1] + moments[index]) / 2))
      kept.append(value)
    }
    guard kept.count > 1 else { return }
    text += "<animate attributeName=\"\(attribute)\" dur=\"\(period)\" "
    text += "repeatCount=\"indefinite\" calcMode=\"discrete\" "
    text += "keyTimes=\"\(times.joined(separator: ";"))\" "
    text += "values=\"\(kept.joined(separator: ";"))\"/>"
  }

  /// Shows an element while the film is between the first and the last of these key frames.
  func appendPresence(during keys: ClosedRange<Int>, isGoneAfter: Bool, to text: inout String) {
    var times = ["0"]
    var values = [keys.lowerBound == 0 ? "inline" : "none"]
    if keys.lowerBound > 0 {
      times.append(momentTexts[keys.lowerBound])
      values.append("inline")
    }
    if isGoneAfter || keys.upperBound < moments.count - 1 {
      times.append(momentTexts[keys.upperBound])
      values.append("none")
    }
    text += "<animate attributeName=\"display\" dur=\"\(period)\" repeatCount=\"indefinite\" "
    text += "calcMode=\"discrete\" keyTimes=\"\(times.joined(separator: ";"))\" "
    text += "values=\"\(values.joined(separator: ";"))\"/>"
  }

  /// Makes an element visible from halfway before a key frame to halfway after it.
  func appendVisibility(at key: Int, to text: inout String) {
    appendSteps(
      of: "display", values: moments.indices.map { $0 == key ? "inline" : "none" }, to: &text)
  }

  private static func share(_ moment: Double) -> String {
    // A thousandth of a minute's film is 60 ms; every part rounds alike, so none is ahead.
    let text = number(min(max(moment, 0), 1), digits: 3)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }
}
