// Every figure of one run.

internal import Automata
internal import Extraction
internal import RNN
public import Studies
internal import Tasks

/// A run and what its figures are drawn from.
///
/// The run is read twice in all, once for its spread and once for its automata; everything else is
/// measured as the checkpoints pass by, or of the networks that are kept of them. Where these take
/// more than 512 MB, the checkpoints beyond are read once more if a figure needs them.
public struct RunFigures {
  /// The run's automata, pairs and projections.
  public let study: Study<NetworkCheckpoints>
  /// The losses of words by their length; nil where no task is known, or of a single checkpoint.
  public let lossByLength: LossByLength?
  /// The automata at many merge distances; nil of a single checkpoint.
  public let epochDistanceMap: EpochDistanceMap?
  /// What is drawn at random is drawn from.
  let seed: UInt64
  let networks: KeptNetworks

  /// On at most this many checkpoints, evenly spaced, losses by length and many merge distances are
  /// looked at.
  private static let mostCheckpoints = 80

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - subject: The run.
  ///   - seed: What is drawn at random is drawn from.
  ///   - progress: Called as the run is read.
  /// - Throws: `RunError` or `FileError` if a checkpoint is not as it should be.
  /// - Complexity: that of `Study`, and on 80 checkpoints 25 extractions and a pass over
  ///   60 words of up to 10,000 symbols, on as many threads as there are cores. At most twice as
  ///   many tables as cores are alive at a time.
  public init(
    _ subject: Subject<NetworkCheckpoints>, seed: UInt64,
    progress: (StudyProgress) -> Void = { _ in }
  ) throws {
    try self.init(
      subject, seed: seed, mostNetworkBytes: KeptNetworks.mostBytes, queue: WorkQueue(),
      progress: progress)
  }

  /// The same with its limits.
  ///
  /// - Parameters:
  ///   - mostNetworkBytes: How much memory the networks that are kept may take.
  ///   - queue: Does what needs one checkpoint alone.
  init(
    _ subject: Subject<NetworkCheckpoints>, seed: UInt64, mostNetworkBytes: Int,
    queue: WorkQueue<CheckpointMeasurement>, progress: (StudyProgress) -> Void = { _ in }
  ) throws {
    let source = subject.source
    let isCourse = source.files.count > 1
    let positions = isCourse ? evenly(Self.mostCheckpoints, of: source.files.count) : []
    let isChosen = Set(positions)
    let words =
      isCourse
      ? subject.task.map { LossByLength.Words(source.words, task: $0, seed: seed) } : nil
    let probe = EpochDistanceMap.Probe(subject)
    var networks = KeptNetworks(of: source, mostBytes: mostNetworkBytes)
    study = try Study(
      subject, projecting: .max,
      measure: { moment in
        networks.keep(moment.system.checkpoint.network, at: moment.index)
        guard isChosen.contains(moment.index) else { return }
        queue.submit(moment) { moment in
          let pass = moment.system.pass
          // The losses come last: they run the pass on other words.
          let cells = try probe.cells(moment.table, pass, scale: moment.scale)
          return CheckpointMeasurement(cells: cells, losses: words?.losses(pass))
        }
      }, progress: progress)
    let measured = try queue.finish()
    let epochs = positions.map { source.files[$0].epoch }
    lossByLength = words.map { words in
      LossByLength(words, epochs: epochs, losses: measured.compactMap(\.losses))
    }
    epochDistanceMap =
      isCourse
      ? EpochDistanceMap(
        epochs: epochs, distances: probe.distances, cells: measured.map(\.cells)) : nil
    self.networks = networks
    self.seed = seed
  }

  /// What one checkpoint says on its own.
  struct CheckpointMeasurement: Sendable {
    let cells: [EpochDistanceMap.Cell]
    let losses: [Double]?
  }

  var subject: Subject<NetworkCheckpoints> { study.subject }
  var source: NetworkCheckpoints { study.subject.source }
  var entries: [History.Entry] { study.history.entries }
  /// The merge distance at the last checkpoint, in units of the representations.
  var mergeDistance: Double { study.mergeDistance }

  /// The name of the task in captions.
  var taskName: String { subject.task?.name ?? "the task" }

  /// The task's state for each word, if a task is known.
  var kinds: Partition? { subject.task.map { $0.machine.nerodeClasses(of: source.words) } }

  /// Why there is nothing to draw over epochs, if so.
  var needsSeveralCheckpoints: String? {
    entries.count > 1 ? nil : "the run has one checkpoint, so nothing changes over epochs"
  }

  /// Why there is nothing to draw of agreeing pairs, if so.
  var agreementProblem: String? {
    if study.pairs == nil {
      return "\(source.words.count) words make too many pairs"
    }
    guard subject.agreement != nil else {
      return "no task is known, so that no pair of words is known to agree"
    }
    return nil
  }

  /// Makes every figure.
  ///
  /// - Parameter note: Called with what comes next.
  /// - Returns: The figures in the order of the page, with the reasons for those that are left out.
  /// - Throws: `RunError` if a checkpoint whose network was not kept cannot be read again, and what
  ///   is wrong with the run's configuration or its task.
  public func all(_ note: (String) -> Void = { _ in }) throws -> [Figure] {
    let makers: [(String, () throws -> Figure)] = [
      ("losses-and-states", lossesAndStates), ("loss-by-length", lossByLengthFigure),
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

  // MARK: What takes the whole run

  /// Two pairs of words over epochs; nil where no agreeing pair of different lengths has merged for
  /// good, or no task is known.
  func trajectoryFit() throws -> FixedExpansionFit? {
    guard let task = subject.task, let chosen = study.pairs.flatMap(ChosenPairs.init) else {
      return nil
    }
    return try FixedExpansionFit(
      chosen, networks: networks, words: source.words,
      targets: task.machine.outputs(of: source.words), isTrained: try subject.trainedWords(),
      floor: mergeDistance / 10)
  }
}
