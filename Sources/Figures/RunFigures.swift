// Every figure of one run.

internal import Automata
internal import Extraction
internal import RNN
public import Studies
internal import Tasks

/// What figures are drawn from.
public struct RunFigures {
  let study: Study<NetworkCheckpoints>
  /// Of what is drawn by chance.
  let seed: UInt64

  /// - Parameters:
  ///   - study: What is drawn.
  ///   - seed: Of what is drawn at random.
  public init(_ study: Study<NetworkCheckpoints>, seed: UInt64) {
    self.study = study
    self.seed = seed
  }

  var subject: Subject<NetworkCheckpoints> { study.subject }
  var source: NetworkCheckpoints { study.subject.source }
  var entries: [History.Entry] { study.history.entries }
  /// The merge distance at the last checkpoint, in units of the representations.
  var mergeDistance: Double { subject.mergeDistance * study.scale }

  /// The name of the task in captions.
  var taskName: String { subject.task?.name ?? "the task" }

  /// Why there is nothing to draw over epochs, if so.
  var needsSeveralCheckpoints: String? {
    entries.count > 1 ? nil : "the run has one checkpoint, so nothing changes over epochs"
  }

  /// Why there is nothing to draw of agreeing pairs, if so.
  var agreementProblem: String? {
    if study.pairs == nil {
      return "\(source.words.count) words make too many pairs; a smaller --depth would do"
    }
    guard subject.agreement != nil else {
      return "no task is known, so that no pair of words is known to agree; --task names one"
    }
    return nil
  }

  /// - Parameter note: Called with what comes next.
  public func all(_ note: (String) -> Void) throws -> [Figure] {
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
