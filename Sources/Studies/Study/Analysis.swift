// What made the files of an analysis, as `analysis.json` beside them holds it.

internal import Automata
internal import Extraction
internal import Files
internal import Foundation

/// Everything that made the folder of an analysis: the same facts give the same files.
public struct Analysis: Hashable, Sendable, Codable {
  /// The format of the file; grows when old readers could not read it.
  public var version = 1
  /// The program that made it, such as "extract 0.2.0".
  public let program: String
  public let source: Source
  /// The task that the automata were compared with; nil without one.
  public let task: TaskName?
  /// The input symbols in the system's order.
  public let alphabet: [String]
  /// The outputs in the system's order.
  public let outputAlphabet: [String]
  public let evaluationSet: EvaluationSet
  /// Whether the output after the empty word counts.
  public let emptyWordCounts: Bool
  public let states: States
  public let mergeDistance: Distance
  public let scale: Unit
  /// Two words are linked once at most the merge distance apart, and until further apart than this
  /// many.
  public let partingRatio: Double
  /// On which long words the last system was tried; nil if on none.
  public let longWords: LongWordOptions?
  /// The columns of text, by the names of the tables: what is to be read as text even where it looks
  /// like a number, as the word 01 does.
  public let textColumns: [String: [String]]

  /// Where the representations come from.
  public struct Source: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
      case networks, representations
    }

    public let kind: Kind
    /// The name of the folder, without the way to it, so that a folder may be moved.
    public let name: String
    /// The checkpoints in order, by their paths in the folder.
    public let files: [String]
  }

  /// All words up to a length, or those of a table.
  public struct EvaluationSet: Hashable, Sendable, Codable {
    /// The length of the longest.
    public let depth: Int
    /// How many they are.
    public let words: Int
  }

  /// What was taken for one state.
  public struct States: Hashable, Sendable, Codable {
    /// The name of the way to divide representations; see `StateRule.Method`.
    public let method: String
    /// Its number as asked for.
    public let asked: Asked
    /// Its number: a distance in units of the scale, of clusters or of levels.
    public let number: Double
    /// Whether classes were then split until they were a congruence.
    public let isRefined: Bool
  }

  /// Up to which distance two words are merged.
  public struct Distance: Hashable, Sendable, Codable {
    /// In units of the scale, as asked for.
    public let asked: Asked
    /// In units of the scale.
    public let share: Double
    /// In units of the representations, at the last checkpoint.
    public let value: Double
  }

  /// What distances are measured in.
  public struct Unit: Hashable, Sendable, Codable {
    /// "run" or "checkpoint".
    public let of: String
    /// At the last checkpoint.
    public let value: Double
  }

  /// A number that was given, or one that was left to the program: a JSON number, or "auto".
  public enum Asked: Hashable, Sendable, Codable {
    case number(Double)
    case auto

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if try container.decode(String.self) == "auto" {
        self = .auto
      } else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "neither a number nor auto")
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .auto: try container.encode("auto")
      }
    }
  }
}

/// A task by the name that a user gives it.
public struct TaskName: Hashable, Sendable, Codable {
  public let name: String
  /// What a random task is drawn from.
  public let seed: UInt64

  /// - Parameters:
  ///   - name: As on a command line or in `config.json`.
  ///   - seed: What a random task is drawn from.
  public init(_ name: String, seed: UInt64) {
    self.name = name
    self.seed = seed
  }
}

extension Study {
  /// What made this study.
  ///
  /// - Parameter listsAllPairs: Whether every pair is listed in `all-pairs.csv`.
  public func analysis(listsAllPairs: Bool) -> Analysis {
    let (rule, source) = (subject.rule, subject.source)
    func asked(_ number: Double) -> Analysis.Asked {
      subject.choice == nil ? .number(number) : .auto
    }
    // A subject's number has been chosen.
    let number = rule.number ?? rule.mergeDistance
    var textColumns = StudyCSV.textColumns
    if listsAllPairs, pairs != nil { textColumns["all-pairs.csv"] = ["first", "second"] }
    let prefix = subject.folder.path + "/"
    return Analysis(
      program: Release.program,
      source: Analysis.Source(
        kind: source.kind,
        name: URL(fileURLWithPath: subject.folder.path).standardizedFileURL.lastPathComponent,
        files: source.files.map { file in
          file.path.hasPrefix(prefix)
            ? String(file.path.dropFirst(prefix.count)) : (file.path as NSString).lastPathComponent
        }),
      task: subject.taskName, alphabet: source.alphabet.symbols,
      outputAlphabet: source.outputAlphabet.symbols,
      evaluationSet: Analysis.EvaluationSet(
        depth: source.words.depth, words: source.words.count),
      emptyWordCounts: subject.emptyWordCounts,
      states: Analysis.States(
        method: rule.method.rawValue, asked: asked(number), number: number,
        isRefined: rule.isRefined),
      mergeDistance: Analysis.Distance(
        asked: rule.method.hasDistance ? asked(rule.mergeDistance) : .number(rule.mergeDistance),
        share: rule.mergeDistance,
        value: MergeDistance.share(rule.mergeDistance).value(scale: scale)),
      scale: Analysis.Unit(of: rule.scale.rawValue, value: scale),
      partingRatio: rule.partingRatio, longWords: longWordOptions, textColumns: textColumns)
  }

  /// `analysis.json`: what made this study, with its keys in alphabetical order.
  ///
  /// - Parameter listsAllPairs: Whether every pair is listed in `all-pairs.csv`.
  public func analysisJSON(listsAllPairs: Bool) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(analysis(listsAllPairs: listsAllPairs)) else {
      preconditionFailure("an analysis can always be encoded, whatever its numbers")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
