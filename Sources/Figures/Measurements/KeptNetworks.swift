// The networks of a run, kept as they pass by, so that what is measured later need not read again.

internal import RNN
internal import Studies

/// Parameters of a run's checkpoints.
///
/// Which pairs of words are looked at is known only at the end of a run, and what is asked of them
/// then takes the networks again. Of a network only its numbers are kept, 40 KB of a hundred units;
/// once ``mostBytes`` are reached, the checkpoints that come after are read again when they are
/// asked for.
///
/// Networks do not change, so that threads may run them side by side.
struct KeptNetworks: @unchecked Sendable {
  let files: [CheckpointFile]
  private let hints: Checkpoint.Hints
  private let bytesPerNetwork: Int
  private let mostBytes: Int
  private var networks: [RecurrentNetwork?]
  private var bytes = 0

  /// How much memory the networks may take.
  static let mostBytes = 512 << 20

  /// - Parameters:
  ///   - source: The checkpoints.
  ///   - mostBytes: How much memory the networks may take.
  init(of source: NetworkCheckpoints, mostBytes: Int = Self.mostBytes) {
    files = source.files
    hints = source.hints
    self.mostBytes = mostBytes
    networks = Array(repeating: nil, count: source.files.count)
    let numbers = Parameters(source.shape).tensors.reduce(0) { $0 + $1.rows * $1.columns }
    bytesPerNetwork = numbers * MemoryLayout<Float>.size
  }

  /// Keeps the network of a checkpoint if there is room for it.
  ///
  /// - Parameters:
  ///   - network: It must not change any more.
  ///   - index: Which of the checkpoints it is.
  mutating func keep(_ network: RecurrentNetwork, at index: Int) {
    guard bytes + bytesPerNetwork <= mostBytes else { return }
    bytes += bytesPerNetwork
    networks[index] = network
  }

  /// The network of a checkpoint, read again if it was not kept.
  ///
  /// - Throws: `RunError` if the file is no longer as it was.
  func network(at index: Int) throws -> RecurrentNetwork {
    try networks[index] ?? files[index].read(hints).network
  }
}
