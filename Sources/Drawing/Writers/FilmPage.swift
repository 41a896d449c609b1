// The film as a page: the same key frames, explorable.

import Automata

extension Film {
  /// The film as one HTML document without network access: play, pause, a scrubber, the keyboard;
  /// every state shows its words, its output and its transitions, and a word that is typed in is
  /// traced through the automaton.
  ///
  /// The page plays by itself unless the reader's system asks for less motion.
  public func html() -> String {
    var text = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    text += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    text += "<title>\(title.escapedForMarkup)</title><style>"
    text += Self.pageColours(options.theme)
    text += Self.pageStyle
    text += "</style></head>"
    text += Self.pageBody
    text += "<script type=\"application/json\" id=\"data\">"
    text += data
    text += "</script><script>"
    text += Self.pageScript
    text += "</script></body></html>\n"
    return text
  }

  private static func pageColours(_ theme: Theme) -> String {
    func block(_ colours: [String], _ outputs: [String]) -> String {
      ":root{" + colours.joined(separator: ";") + ";"
        + outputs.enumerated().map { "--o\($0):\($1)" }.joined(separator: ";") + "}"
    }
    let light = block(Look.lightColours, Look.lightOutputs)
    let dark = block(Look.darkColours, Look.darkOutputs)
    return switch theme {
    case .light: ":root{color-scheme:light}" + light
    case .dark: ":root{color-scheme:dark}" + dark
    case .automatic:
      ":root{color-scheme:light dark}" + light + "@media (prefers-color-scheme:dark){\(dark)}"
    }
  }

  /// The film as JSON; the page's script says how each part is read.
  private var data: String {
    var json = JSONWriter()
    json.object {
      $0.field("title", title)
      $0.field("summary", summary)
      $0.field("symbols", alphabet.symbols)
      $0.field("outputs", outputAlphabet.symbols)
      $0.field("duration", storyboard.duration, digits: 3)
      $0.array("losses", losses) { json, point in
        json.element([point.epoch.json, point.train.json, point.validation.json])
      }
      $0.array("counts", frames) { json, frame in
        json.element([
          frame.epoch.json, frame.extraction.automaton.stateCount.json,
          frame.extraction.partition.count.json,
        ])
      }
      $0.field("colours", options.colours == .minimal ? "minimal" : "output")
      $0.value("logarithmic", literal: options.lossIsLogarithmic ? "true" : "false")
      $0.field("changesNote", changesNote)
      // [epoch, mergers, splits]
      $0.array("changes", changes) { json, change in
        json.element([change.epoch.json, change.mergers.json, change.splits.json])
      }
      let answers = networkAnswers
      if let answers {
        $0.value(
          "said",
          literal: "{\"depth\":\(answers.depth),\"words\":\(answers.words),"
            + "\"bits\":\(answers.bits)}")
      }
      if let plane {
        $0.value(
          "plane",
          literal: "{\"note\":\(planeNote.json),\"extent\":[\(plane.extent.x),"
            + "\(plane.extent.y)],\"axes\":[\(planeAxis(0).json),\(planeAxis(1).json)]}")
      }
      let minimal = minimalMachines
      $0.array("keys", Array(storyboard.keys.indices)) { json, index in
        writeKey(index, minimal: minimal.ofKey[index], answers: answers, to: &json)
      }
      // [number of states, diagram or null]
      $0.array("minimal", minimal.machines) { json, machine in
        let diagram =
          machine.stateCount <= Self.diagramLimit ? try? StateDiagram(machine).fragment : nil
        json.element([machine.stateCount.json, diagram?.json ?? "null"])
      }
      // [first key, [state per key], state it comes out of, state it goes into]
      $0.array("tracks", storyboard.tracks) { json, track in
        json.element([
          track.first.json, "[" + track.states.map(String.init).joined(separator: ",") + "]",
          track.origin.json, track.destination.json,
        ])
      }
    }
    return json.text
  }

  /// Minimal machines of more states are not drawn on the page.
  private static let diagramLimit = 12

  /// The different minimal machines of the key frames, and which one each key frame has.
  private var minimalMachines: (machines: [MooreMachine], ofKey: [Int]) {
    var machines: [MooreMachine] = []
    var numbers: [MooreMachine: Int] = [:]
    let ofKey = storyboard.scenes.map { scene in
      let machine = scene.machine.minimized()
      if let number = numbers[machine] { return number }
      numbers[machine] = machines.count
      machines.append(machine)
      return machines.count - 1
    }
    return (machines, ofKey)
  }

  private func writeKey(
    _ index: Int, minimal: Int, answers: NetworkAnswers?, to json: inout JSONWriter
  ) {
    let scene = storyboard.scenes[index]
    let key = storyboard.keys[index]
    let machine = scene.machine
    let members = key.extraction.partition.members
    let stage = storyboard.stage
    json.objectElement {
      $0.field("time", storyboard.times[index], digits: 3)
      $0.field("epoch", Double(key.epoch), digits: 0)
      $0.field("classes", Double(key.extraction.partition.count), digits: 0)
      $0.field("consistency", key.extraction.consistency, digits: 4)
      $0.field("open", Double(machine.openTransitionCount), digits: 0)
      $0.field("column", scene.columnWidth / stage.width, digits: 4)
      // Places are shares of the stage, so that the page can have any shape.
      $0.list("x", scene.centres.map { number(($0.x - stage.left) / stage.width, digits: 4) })
      $0.list("y", scene.centres.map { number(($0.y - stage.top) / stage.height, digits: 4) })
      $0.list("r", scene.radii.map { number($0) })
      $0.list("output", machine.states.map { String(machine.output(of: $0)) })
      $0.field("minimal", Double(minimal), digits: 0)
      $0.list("class", scene.minimalStates.map(String.init))
      $0.list("words", scene.wordCounts.map(String.init))
      $0.list("parent", scene.tree.parents.map { $0.map(String.init) ?? "-1" })
      $0.list(
        "next",
        machine.states.flatMap { state in
          (0..<alphabet.count).map { symbol in
            machine.successor(of: state, on: symbol).map(String.init) ?? "-1"
          }
        })
      // The first words of each state, as nodes of the tree of all words.
      $0.list(
        "some",
        key.extraction.classOfState.map { number in
          "[" + members[number].prefix(8).map(String.init).joined(separator: ",") + "]"
        })
      $0.list(
        "disagree", key.extraction.classOfState.map { String(key.extraction.disagreements[$0]) })
      if let plane {
        $0.list("place", plane.places[index].flatMap { [String($0.x), String($0.y)] })
        $0.list("of", plane.states[index].map(String.init))
      }
      if let answers, let hidden = key.hidden {
        $0.field("said", answers.text(of: hidden.outputs))
      }
    }
  }
}

/// What the network says after each word, in as few characters as that takes.
///
/// A character of base64's alphabet holds six bits, hence the outputs of one to six words.
struct NetworkAnswers {
  /// The greatest length of a word, and the number of words up to it.
  let depth: Int
  let words: Int
  /// The number of bits that hold an output, 1 to 6.
  let bits: Int

  /// The most characters for all key frames.
  private static let limit = 400_000

  /// Nil where a frame has no hidden states, or there are more outputs than six bits hold.
  init?(frames: [FilmFrame], tree: PrefixTree, outputCount: Int) {
    guard frames.allSatisfy({ $0.hidden != nil }), outputCount <= 64 else { return nil }
    let bits = max(1, (1...6).first { 1 << $0 >= outputCount } ?? 6)
    let room = Self.limit / frames.count * (6 / bits)
    depth = (0...tree.depth).last { tree.levelStarts[$0 + 1] <= room } ?? 0
    words = tree.levelStarts[depth + 1]
    self.bits = bits
  }

  func text(of outputs: [Int32]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let share = 6 / bits
    return String(
      stride(from: 0, to: words, by: share).map { start in
        var number = 0
        for (place, output) in outputs[start..<min(start + share, words)].enumerated() {
          number |= Int(output) << (bits * place)
        }
        return digits[number]
      })
  }
}

extension Film {
  fileprivate var networkAnswers: NetworkAnswers? {
    NetworkAnswers(frames: storyboard.keys, tree: tree, outputCount: outputAlphabet.count)
  }
}

/// Writes JSON without spaces, safe inside a script element.
private struct JSONWriter {
  var text = ""

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    text += "{"
    body(&self)
    text += "}"
  }

  mutating func objectElement(_ body: (inout JSONWriter) -> Void) {
    separate()
    object(body)
  }

  mutating func field(_ name: String, _ value: String) {
    key(name)
    text += value.json
  }

  mutating func field(_ name: String, _ value: Double, digits: Int) {
    key(name)
    text.append(value, digits: digits)
  }

  mutating func field(_ name: String, _ values: [String]) {
    key(name)
    text += "[" + values.map(\.json).joined(separator: ",") + "]"
  }

  /// A value that is JSON already.
  mutating func value(_ name: String, literal: String) {
    key(name)
    text += literal
  }

  /// A list whose elements are JSON already.
  mutating func list(_ name: String, _ values: [String]) {
    key(name)
    text += "[" + values.joined(separator: ",") + "]"
  }

  mutating func array<Value>(
    _ name: String, _ values: [Value], _ body: (inout JSONWriter, Value) -> Void
  ) {
    key(name)
    text += "["
    for value in values { body(&self, value) }
    text += "]"
  }

  mutating func element(_ values: [String]) {
    separate()
    text += "[" + values.joined(separator: ",") + "]"
  }

  private mutating func key(_ name: String) {
    separate()
    text += "\"\(name)\":"
  }

  private mutating func separate() {
    guard let last = text.utf8.last else { return }
    if last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":") {
      text += ","
    }
  }
}

extension String {
  /// A JSON string that no HTML parser takes for the end of a script.
  fileprivate var json: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension Int {
  fileprivate var json: String { String(self) }
}

extension Int? {
  fileprivate var json: String { map(String.init) ?? "null" }
}

extension Double? {
  fileprivate var json: String {
    guard let self, self.isFinite, self.magnitude < 1e12 else { return "null" }
    // Losses fall below 10^-6, so they need significant digits rather than decimals.
    return self.magnitude >= 1e-3 || self == 0 ? number(self, digits: 6) : "\(Float(self))"
  }
}
