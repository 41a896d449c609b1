// The film as a page: the same key frames, explorable. Its script, style and body lie in Page/.

import Automata

extension Film {
  /// The film as one HTML document without network access: play, pause, a scrubber, the keyboard;
  /// every state shows its words, its output and its transitions, and a word that is typed in is
  /// traced through the automaton.
  ///
  /// The page plays by itself unless the reader's system asks for less motion.
  public func html() -> String {
    Template(PackageResources.film_html).filled([
      "title": title.escapedForMarkup,
      "style": Look.pageStyle(options.theme) + text(PackageResources.film_css),
      "markers": markers,
      "data": data,
      "script": text(PackageResources.film_js),
    ])
  }

  /// The film as JSON; the page's script says how each part is read.
  private var data: String {
    var json = JSONWriter()
    json.object {
      $0.field("title", title)
      $0.field("summary", summary)
      writeRules(to: &$0)
      writeAxes(to: &$0)
      $0.field("symbols", alphabet.symbols)
      $0.field("outputs", outputAlphabet.symbols)
      $0.field("duration", storyboard.duration, digits: 3)
      // [epoch, training loss or null, validation loss or null]
      $0.array("losses", losses) { json, point in
        json.element([point.epoch.json, point.train.json, point.validation.json])
      }
      // [epoch, number of states]
      $0.array("counts", frames) { json, frame in
        json.element([frame.epoch.json, frame.extraction.automaton.stateCount.json])
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

  /// What the page draws by, as the film does.
  private func writeRules(to json: inout JSONWriter) {
    json.value("rules", literal: DrawingRules.standard.json)
    let glide = Easing.glide
    json.list(
      "easing", [glide.x1, glide.y1, glide.x2, glide.y2].map { number($0, digits: 4) })
    json.field("shapes", Look.unitMarks)
    // [class, width, what it says]
    json.array("legend", legendOfEdges) { json, line in
      json.element([line.kind.rawValue.json, number(line.width), line.words.json])
    }
  }

  /// The ranges of the charts and their round values, [value, text] each.
  private func writeAxes(to json: inout JSONWriter) {
    func axis(_ name: String, _ chart: Chart, to json: inout JSONWriter) {
      json.objectField(name) {
        $0.value("low", literal: (chart.values.lowerBound as Double?).json)
        $0.value("high", literal: (chart.values.upperBound as Double?).json)
        $0.array("ticks", chart.ticks) { json, tick in
          json.element([(tick as Double?).json, Chart.label(tick).json])
        }
      }
    }
    let counts = countChart
    json.objectField("axes") {
      axis("logarithmicLoss", lossChart(isLogarithmic: true), to: &$0)
      axis("linearLoss", lossChart(isLogarithmic: false), to: &$0)
      axis("count", counts, to: &$0)
      $0.value("mostChanges", literal: number(changeChart.values.upperBound))
      $0.objectField("epochs") {
        $0.value("low", literal: epochs.lowerBound.json)
        $0.value("high", literal: epochs.upperBound.json)
        // Where there is much room, and where there is little.
        $0.list("ticks", counts.epochTicks(about: 6).map(\.json))
        $0.list("fewTicks", counts.epochTicks(about: 4).map(\.json))
      }
    }
  }

  /// Minimal machines of more states are not drawn on the page.
  private static let diagramLimit = 12

  /// The different minimal machines of the key frames, and which one each key frame has.
  private var minimalMachines: (machines: [MooreMachine], ofKey: [Int]) {
    var machines: [MooreMachine] = []
    var numbers: [MooreMachine: Int] = [:]
    let ofKey = storyboard.keys.map(\.minimal).map { machine in
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
      $0.field("caption", scene.caption)
      $0.objectField("width") {
        for kind in Scene.EdgeKind.allCases {
          $0.field(kind.rawValue, scene.strokeWidth(kind), digits: 2)
        }
      }
      $0.field("foldOpacity", scene.foldOpacity, digits: 2)
      $0.field("rimWidth", scene.rimWidth, digits: 2)
      $0.field("column", scene.columnWidth / stage.width, digits: 4)
      // Places are shares of the stage, so that the page can have any shape.
      $0.list("x", scene.centres.map { number(($0.x - stage.left) / stage.width, digits: 4) })
      $0.list("y", scene.centres.map { number(($0.y - stage.top) / stage.height, digits: 4) })
      $0.list("r", scene.radii.map { number($0) })
      $0.list("output", machine.states.map { String(machine.output(of: $0)) })
      $0.field("minimal", Double(minimal), digits: 0)
      $0.list("class", scene.states(of: storyboard.keys[index].minimal).map(String.init))
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

/// A text with places to fill in, each written {{name}}.
struct Template {
  private let parts: [Substring]

  init(_ bytes: [UInt8]) {
    parts = text(bytes)[...].split(separator: "{{", omittingEmptySubsequences: false)
  }

  /// The text with every place filled in; what is filled in is taken as it is.
  ///
  /// - Precondition: there is a value for each place.
  func filled(_ values: [String: String]) -> String {
    var result = String(parts[0])
    for part in parts.dropFirst() {
      guard let end = part.firstRange(of: "}}"),
        let value = values[String(part[..<end.lowerBound])]
      else { preconditionFailure("nothing to put at {{\(part.prefix(20))") }
      result += value
      result += part[end.upperBound...]
    }
    return result
  }
}

/// An embedded file, which is UTF-8.
private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

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
