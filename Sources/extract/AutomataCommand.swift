// `extract --checkpoints run/`: the main job.

import ArgumentParser
import Studies

struct AutomataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "automata",
    abstract: "Read off the automaton at every checkpoint of a run (the default command).",
    discussion: """
      Runs every checkpoint on all words up to a length, takes words whose hidden states lie \
      closer than the merge distance for one state, and writes the automata that result, the \
      mergers and splits between them, and the film into the folder automata/ of the run.

      A folder of safetensors, .pt, .pth or .ckpt files saved from PyTorch is a run too, in the order \
      of the numbers in the file names; say then which --task or --alphabet, --nonlinearity and --start \
      it has. `extract inspect FILE` says how a file is read.

      Any other system is looked at through --representations: a file, or a folder of files, with \
      words, vectors and outputs.
      """)

  @Option(help: ArgumentHelp("The folder of a run, or of checkpoints.", valueName: "folder"))
  var checkpoints: String?

  @Option(
    help: ArgumentHelp(
      "Tables of words, vectors and outputs, .safetensors or .npz, in place of networks.",
      valueName: "file or folder"))
  var representations: String?

  @Option(
    help: ArgumentHelp(
      "Where to write. (default: automata/ in the run's folder, or in one of the table's name)",
      valueName: "folder"))
  var out: String?

  @OptionGroup var reading: RunOptions

  @Option(help: "What to write of pairs of words: sums by their lengths, or all pairs as well.")
  var pairs = PairListing.lengths

  @Option(
    help: ArgumentHelp(
      "Lengths of the words on which the last network and automaton are tried.",
      valueName: "lengths"))
  var validateLengths = "25,100,250,1000,2500,10000"

  @Option(help: ArgumentHelp("How many words of each of these lengths.", valueName: "count"))
  var validateWords = 100

  @Option(help: ArgumentHelp("Seed of these words.", valueName: "number"))
  var seed: UInt64 = 1

  func validate() throws {
    guard validateWords >= 1 else {
      throw ValidationError("--validate-words is \(validateWords); it must be at least 1.")
    }
    _ = try lengths()
    switch (checkpoints, representations) {
    case (nil, nil):
      throw ValidationError(
        "Missing expected argument '--checkpoints <folder>' or '--representations <file or folder>'"
      )
    case (.some, .some):
      throw ValidationError("--checkpoints and --representations are two things; give one of them.")
    case (nil, .some): try reading.validateForTables()
    case (.some, nil): break
    }
  }

  func run() throws {
    if let representations {
      let tables = try reading.openTables(representations)
      try RunReport(Study(watching: tables), pairs: pairs)
        .write(to: out ?? tables.folder.automataPath)
      return
    }
    // One of the two is there.
    let run = try reading.open(checkpoints ?? "")
    let study = try Study(
      watching: run,
      longWords: LongWordOptions(lengths: lengths(), count: validateWords, seed: seed))
    try RunReport(study, pairs: pairs).write(to: out ?? run.folder.automataPath)
  }

  /// The lengths to try words of; none for an empty list.
  func lengths() throws -> [Int] {
    try validateLengths.split(separator: ",").map { part in
      guard let length = Int(part), 0...1_000_000 ~= length else {
        throw ValidationError(
          "--validate-lengths has '\(part)'; it takes numbers from 0 to 1000000 with commas "
            + "between them.")
      }
      return length
    }
  }
}

/// Which pairs of words are listed.
enum PairListing: String, CaseIterable, ExpressibleByArgument {
  /// Sums by lengths.
  case lengths
  /// Every pair as well.
  case all
}
