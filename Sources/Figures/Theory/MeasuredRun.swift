// What the theory needs of the pairs of words of a run, measured at two checkpoints.

public import Automata
internal import Extraction
internal import LinearAlgebra
public import MergerTheory
public import RNN
public import Studies

/// The pairs of one run, and where they come from.
public struct MeasuredRun {
  public let folder: RunFolder
  /// The name of the task.
  public let task: String
  public let alphabet: Alphabet
  public let words: PrefixTree
  public let pairs: PairTable
  /// The number of pairs there are, of which some or all were measured.
  public let pairCount: Int
  public let startEpoch: Int
  public let endEpoch: Int
  /// In units of the representations.
  public let mergeDistance: Double

  /// In what the network is run.
  public enum Precision: String, CaseIterable, Sendable {
    case single, double
  }

  /// Measures pairs at a first and at the last checkpoint.
  ///
  /// - Parameters:
  ///   - subject: A run of at least two checkpoints, whose task is a machine.
  ///   - epoch: The first checkpoint is the last one up to this epoch; by default the first of all.
  ///   - pairs: How many pairs are drawn at random; nil for all.
  ///   - seed: What they are drawn from.
  ///   - precision: In what the networks are run.
  ///   - measuresRates: Whether to measure how fast gradient descent moves each pair; for Elman
  ///     networks of one layer.
  /// - Throws: `FigureError` if the run cannot be measured so, else as reading a run does.
  /// - Complexity: Every checkpoint is read once for the scale; O(pairs · H) beside that.
  public init(
    _ subject: Subject<NetworkCheckpoints>, from epoch: Int?, pairs: Int?, seed: UInt64,
    precision: Precision, measuresRates: Bool
  ) throws {
    let source = subject.source
    let path = subject.folder.path
    guard let language = subject.task else { throw FigureError.noMachine(path) }
    let words = source.words
    guard pairs != nil || words.count <= PairHistory.mostWords else {
      throw FigureError.tooManyWords(path, words.count)
    }
    let files = source.files
    guard files.count >= 2 else { throw FigureError.oneCheckpoint(path) }
    let last = files[files.count - 1]
    let first = try Self.start(files, epoch, path)
    let scale = try subject.scale(at: last)
    guard scale > 0 else { throw FigureError.noScale(path) }
    guard !measuresRates || (source.shape.cell == .elman && source.shape.layers == 1) else {
      throw FigureError.noRates(
        path, layers: source.shape.layers, cell: source.shape.cell.rawValue)
    }

    // Both networks must be finite on the words; the source says so if they are not.
    var tangent: TangentRates?
    var tables: [(hidden: VectorTable, outputs: VectorTable)] = []
    try source.restricted(to: [first, last]).forEachTable { _, _, system in
      let (network, pass) = (system.checkpoint.network, system.pass)
      let rows: (hidden: [Double], outputs: [Double])
      switch precision {
      case .double: rows = network.preciseRows(of: words)
      case .single:
        pass.readOut(rows: 0..<words.count)
        rows = (
          pass.hidden.matrix(rows: 0..<words.count).values.map(Double.init),
          pass.outputs.matrix(rows: 0..<words.count).values.map(Double.init)
        )
      }
      if measuresRates && tables.isEmpty {
        tangent = TangentRates(network, on: words, hidden: rows.hidden)
      }
      tables.append(
        (
          VectorTable(columns: source.shape.hidden, values: rows.hidden),
          VectorTable(columns: source.shape.outputs, values: rows.outputs)
        ))
    }
    let measurement = PairMeasurement(
      words: words, start: tables[0].hidden, outputs: tables[0].outputs, end: tables[1].hidden,
      targets: language.machine.outputs(of: words).map(Int32.init),
      isTrained: try subject.trainedWords(),
      agreement: language.machine.nerodeClasses(of: words))
    var generator = SplitMix64(seed: seed, stream: "pairs of words")
    var table =
      pairs.map { measurement.pairs($0, using: &generator) } ?? measurement.allPairs()
    if let tangent { table.measureRates(tangent.rates) }
    folder = subject.folder
    task = language.name
    alphabet = source.alphabet
    self.words = words
    self.pairs = table
    pairCount = measurement.pairCount
    startEpoch = first.epoch
    endEpoch = last.epoch
    mergeDistance = subject.mergeDistance * scale
  }

  private static func start(
    _ files: [CheckpointFile], _ epoch: Int?, _ path: String
  ) throws(FigureError) -> CheckpointFile {
    guard let epoch else { return files[0] }
    guard let file = files.dropLast().last(where: { $0.epoch <= epoch }) else {
      throw .noStart(path, epoch: epoch, first: files[0].epoch)
    }
    return file
  }
}
