// The film of a run: how the tree of words that a network tells apart folds into an automaton.

public import Automata
internal import Extraction

/// The losses of one epoch; nil where a loss is not known.
public struct LossPoint: Hashable, Sendable {
  public let epoch: Int
  public let train: Double?
  public let validation: Double?

  public init(epoch: Int, train: Double?, validation: Double?) {
    self.epoch = epoch
    self.train = train
    self.validation = validation
  }
}

/// A film: everything that is drawn, ready to be written as SVG or as a page.
///
/// A film stands still at *key frames*. Each is one checkpoint exactly as it was extracted, and
/// the numbers beside it are that checkpoint's. Which checkpoints become key frames is chosen so
/// that lasting changes are seen and wavering is not: see `patience`. Between two key frames
/// every state glides from its place in the one to its place in the other, states that merge
/// become one and states that split part; nothing in between claims to be an automaton.
/// Film time follows the changes, not the epochs; the curves are drawn against the epoch.
public struct Film: Sendable {
  /// How a film is made.
  public struct Options: Hashable, Sendable {
    /// Half the number of checkpoints that a change must last to be shown, if it is undone later.
    /// A change that is never undone is always shown. At least 0; 0 shows every change.
    public var patience: Double
    /// The greatest number of states in all key frames together, which bounds the film's size:
    /// `movie.svg` takes 400 to 900 bytes for each, `movie.html` 80. If the lasting changes
    /// ask for more, key frames are left out where least happens, and the film says so. Nil
    /// is 4,200, or where one automaton alone has many, five times that many but at most 9,000.
    public var stateLimit: Int?
    /// Playback speed; 2 is twice as fast. More than 0.
    public var speed: Double
    /// The background.
    public var theme: Theme
    /// What the colours of states say.
    public var colours: Colours
    /// Whether losses are drawn on a logarithmic axis.
    public var lossIsLogarithmic: Bool

    public init(
      patience: Double = 1.5, stateLimit: Int? = nil, speed: Double = 1,
      theme: Theme = .automatic, colours: Colours = .outputs, lossIsLogarithmic: Bool = true
    ) {
      precondition(patience >= 0 && speed > 0, "patience \(patience), speed \(speed)")
      self.patience = patience
      self.stateLimit = stateLimit
      self.speed = speed
      self.theme = theme
      self.colours = colours
      self.lossIsLogarithmic = lossIsLogarithmic
    }
  }

  /// What the colours of states say; their shapes say their outputs.
  public enum Colours: String, CaseIterable, Sendable {
    case outputs
    /// The state of the minimal machine that a state is equivalent to: redundant states are seen
    /// as such. Six colours, used again from the first if there are more classes.
    case minimal
  }

  let tree: PrefixTree
  let alphabet: Alphabet
  let outputAlphabet: Alphabet
  let frames: [FilmFrame]
  let losses: [LossPoint]
  let title: String
  let componentShares: [Double]
  let options: Options
  var storyboard: Storyboard
  /// What happened to the classes of words since the checkpoint before; 0 for the first.
  let changes: [Change]
  /// Whether these are lasting mergers and splits, or those of the partitions as they are.
  let changesAreLasting: Bool
  /// The hidden states of the key frames, where they are known.
  let plane: HiddenPlane?
  /// The colour of each state of each key frame, a position in the list of colours.
  let stateColours: [[Int]]

  /// Chooses the key frames and places them.
  ///
  /// - Parameters:
  ///   - tree: The evaluation set; word i of every partition is its node i.
  ///   - alphabet: The input symbols.
  ///   - outputAlphabet: The outputs.
  ///   - frames: One per checkpoint, epochs increasing.
  ///   - losses: One per epoch, epochs increasing; may be empty.
  ///   - title: One line, above the film.
  ///   - componentShares: The shares of the run's variance along the two directions in which
  ///     hidden states are drawn; empty where they are not principal components.
  ///   - options: How it is drawn.
  /// - Precondition: there is a frame; every partition is one of the tree's words, and every
  ///   automaton has these alphabets.
  /// - Complexity: about 0.2 s for 200 frames of 2,047 words.
  public init(
    tree: PrefixTree, alphabet: Alphabet, outputAlphabet: Alphabet, frames: [FilmFrame],
    losses: [LossPoint], title: String, componentShares: [Double] = [],
    options: Options = Options()
  ) {
    precondition(!frames.isEmpty, "a film needs a frame")
    for frame in frames {
      let words = frame.extraction.partition.classes.count
      precondition(words == tree.count, "\(words) words in a tree of \(tree.count)")
      precondition(frame.extraction.automaton.alphabet == alphabet)
    }
    self.tree = tree
    self.alphabet = alphabet
    self.outputAlphabet = outputAlphabet
    self.frames = frames
    self.losses = losses
    let most = frames.map(\.statesLeftOut).max() ?? 0
    self.title =
      most == 0 ? title : "\(title) (at most the first \(mostStatesDrawn) states are drawn)"
    self.componentShares = componentShares
    self.options = options
    let largest = frames.map(\.extraction.automaton.stateCount).max() ?? 1
    var storyboard = Storyboard(
      frames: frames, stage: .film, patience: options.patience,
      stateLimit: options.stateLimit ?? max(4_200, min(5 * largest, 9_000)))
    storyboard.times = storyboard.times.map { $0 / options.speed }
    storyboard.duration /= options.speed
    self.storyboard = storyboard
    changesAreLasting =
      frames.count > 1 && frames.dropFirst().allSatisfy { $0.lastingChange != nil }
    let changesAreLasting = changesAreLasting
    changes =
      [Change(epoch: frames[0].epoch, mergers: 0, splits: 0)]
      + zip(frames, frames.dropFirst()).map { before, after in
        let lasting = changesAreLasting ? after.lastingChange : nil
        let change =
          lasting ?? after.change
          ?? PartitionChange(from: before.extraction.partition, to: after.extraction.partition)
        return Change(
          epoch: after.epoch, mergers: change.mergers.count, splits: change.splits.count)
      }
    stateColours = zip(storyboard.scenes, storyboard.keys).map { scene, key in
      switch options.colours {
      case .outputs: scene.machine.states.map { scene.machine.output(of: $0) % Look.outputCount }
      case .minimal: scene.states(of: key.minimal).map { $0 % Look.outputCount }
      }
    }
    plane = HiddenPlane(of: storyboard.keys, tree: tree, into: FilmGeometry.planeSize)
  }

  /// The mergers and splits of classes that lead to a checkpoint.
  struct Change: Equatable, Sendable {
    var epoch: Int
    var mergers: Int
    var splits: Int
  }

  /// The epochs of the checkpoints that the film stops at, increasing.
  public var keyEpochs: [Int] { storyboard.keys.map(\.epoch) }

  /// The length of the film in seconds, with the pause at its end.
  public var duration: Double { storyboard.duration }

  /// How calm the film is: for each step between key frames, the mean distance that states
  /// move whose words stay the same, as a share of the picture's width. Steps in which there is
  /// no such state are left out.
  public var displacements: [Double] { storyboard.displacements(width: FilmGeometry.size.width) }
}
