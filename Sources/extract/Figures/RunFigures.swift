// Every figure of one run.

import Automata
import RNN
import Tasks

/// What figures are drawn from.
struct RunFigures {
  let study: RunStudy
  /// Of what is drawn by chance.
  let seed: UInt64

  var run: OpenRun { study.run }
  var analysis: RunAnalysis { study.run.analysis }
  var entries: [History.Entry] { study.history.entries }
  /// The merge distance at the last checkpoint, in units of the representations.
  var mergeDistance: Double { run.mergeDistance * study.scale }

  /// The name of the task in captions.
  var taskName: String { run.task?.name ?? "the task" }

  /// Why there is nothing to draw over epochs, if so.
  var courseProblem: String? {
    entries.count > 1 ? nil : "the run has one checkpoint, which has no course over epochs"
  }

  /// Why there is nothing to draw of agreeing pairs, if so.
  var agreementProblem: String? {
    if study.pairs == nil {
      return "\(analysis.words.count) words make too many pairs; a smaller --depth would do"
    }
    guard run.agreement != nil else {
      return "no task is known, so that no pair of words is known to agree; --task names one"
    }
    return nil
  }

  /// - Parameter note: Called with what comes next.
  func all(_ note: (String) -> Void) throws -> [Figure] {
    let makers: [(String, () throws -> Figure)] = [
      ("losses-and-states", lossesAndStates), ("loss-by-length", lossByLength),
      ("automata-at-turns", automataAtTurns), ("final-and-minimal", finalAndMinimal),
      ("merged-by-length", mergedByLength), ("trajectories", trajectories),
      ("mean-distance", meanDistance), ("output-map-order", outputMapOrder),
      ("diverging-mergers", divergingMergers), ("pairs-apart", pairsApart),
      ("principal-components", principalComponents), ("alluvial", alluvial),
      ("states-by-epoch-and-distance", statesByEpochAndDistance),
    ]
    return try makers.map { name, make in
      note(name)
      return try make()
    }
  }

  /// The first checkpoint from which on all satisfy a condition.
  func lasting(_ condition: (History.Entry) -> Bool) -> History.Entry? {
    let start = (entries.lastIndex { !condition($0) } ?? -1) + 1
    return start < entries.count ? entries[start] : nil
  }
}

extension Int {
  /// With commas between thousands.
  var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0 && index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "−" : "") + String(text.reversed())
  }
}

/// "1 pair", "2 pairs".
func counted(_ count: Int, _ noun: String) -> String {
  "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
}

extension Double {
  /// A share as a percentage with one decimal; only 0 reads as 0 and only 1 as 100.
  var percent: String {
    if self == 0 { return "0 %" }
    if self == 1 { return "100 %" }
    let tenths = Swift.min(Swift.max((self * 1000).rounded(), 1), 999)
    return "\(tenths / 10) %"
  }
}
