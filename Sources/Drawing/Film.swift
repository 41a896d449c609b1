// The film of a run: how the tree of words that a network tells apart folds into an automaton.

public import Automata

/// What one checkpoint gives to the film.
public struct FilmFrame: Sendable {
  /// The epoch of the checkpoint.
  public let epoch: Int
  /// The automaton read off there, as far as it is drawn: its first 2,047 states at most, with
  /// transitions to the others open.
  public let extraction: Extraction
  /// How many states are not drawn.
  public let statesLeftOut: Int

  public init(epoch: Int, extraction: Extraction) {
    let automaton = extraction.automaton
    self.epoch = epoch
    self.extraction = extraction.confined(
      to: mostStatesDrawn, alphabet: automaton.alphabet, outputAlphabet: automaton.outputAlphabet)
    statesLeftOut = automaton.stateCount - self.extraction.automaton.stateCount
  }
}

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
    /// `movie.svg` takes about 550 bytes for each, `movie.html` 80. If the lasting changes
    /// ask for more, key frames are left out where least happens. The film says how many of
    /// the checkpoints it shows.
    public var stateLimit: Int
    /// Seconds of film per second of ours: 2 is twice as fast. More than 0.
    public var speed: Double
    /// The paper that the film is drawn on.
    public var theme: Theme

    public init(
      patience: Double = 1.5, stateLimit: Int = 3_800, speed: Double = 1,
      theme: Theme = .automatic
    ) {
      precondition(patience >= 0 && speed > 0, "patience \(patience), speed \(speed)")
      self.patience = patience
      self.stateLimit = stateLimit
      self.speed = speed
      self.theme = theme
    }
  }

  let tree: PrefixTree
  let alphabet: Alphabet
  let outputAlphabet: Alphabet
  let frames: [FilmFrame]
  let losses: [LossPoint]
  let title: String
  let options: Options
  let score: Score

  /// Chooses the key frames and places them.
  ///
  /// - Parameters:
  ///   - tree: The evaluation set; word i of every partition is its node i.
  ///   - frames: One per checkpoint, epochs increasing.
  ///   - losses: One per epoch, epochs increasing; may be empty.
  ///   - title: One line, above the film.
  /// - Precondition: there is a frame; every partition is one of the tree's words, and every
  ///   automaton has these alphabets.
  /// - Complexity: about 0.2 s for 200 frames of 2,047 words.
  public init(
    tree: PrefixTree, alphabet: Alphabet, outputAlphabet: Alphabet, frames: [FilmFrame],
    losses: [LossPoint], title: String, options: Options = Options()
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
    self.options = options
    var score = Score(
      frames: frames, stage: Self.stage, patience: options.patience,
      stateLimit: options.stateLimit)
    score.times = score.times.map { $0 / options.speed }
    score.duration /= options.speed
    self.score = score
  }

  /// The checkpoints that the film stops at, as positions in the frames given.
  public var keyEpochs: [Int] { score.keys.map(\.epoch) }

  /// The length of the film in seconds, with the pause at its end.
  public var duration: Double { score.duration }

  /// How calm the film is: for each step between key frames, the mean distance that states
  /// move whose words stay the same, as a share of the picture's width. Steps in which there is
  /// no such state are left out.
  public var displacements: [Double] { score.displacements(width: Self.size.width) }

  /// The picture's extent, in its own units.
  static let size = Size(width: 1280, height: 800)
  /// Where the automaton stands.
  static let stage = Stage(left: 72, top: 108, width: 1150, height: 452)
}
