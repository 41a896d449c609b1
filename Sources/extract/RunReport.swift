// What `extract --checkpoints` finds in a run: the history, its files, and the story in a table.

import Automata
import Drawing
import Extraction
import Files
import Foundation
import RNN
import Studies
import Tasks

/// Writes and prints what a study of a run has found.
struct RunReport<Source: CheckpointSource> {
  private let study: Study<Source>
  private let pairListing: PairListing

  private var source: Source { study.subject.source }
  private var folder: RunFolder { study.subject.folder }
  private var task: Language? { study.subject.task }
  private var metrics: [EpochMetrics] { study.metrics }
  private var history: History { study.history }

  init(_ study: Study<Source>, pairs: PairListing) {
    self.study = study
    pairListing = pairs
  }

  /// Writes every file and prints the story.
  func write(to path: String) throws {
    try WholeFile.write(study.statesTable, to: "\(path)/states.csv")
    try WholeFile.write(study.mergersTable, to: "\(path)/mergers.csv")
    try writePairs(to: path)
    if !study.longWords.isEmpty {
      try WholeFile.write(study.longWordsTable, to: "\(path)/long-words.csv")
    }
    if let table = study.choiceTable { try WholeFile.write(table, to: "\(path)/choice.csv") }
    try WholeFile.write(
      study.analysisJSON(listsAllPairs: pairListing == .all), to: "\(path)/analysis.json")
    for entry in history.entries {
      let digits = CheckpointFile.digits(entry.epoch)
      let automaton = entry.extraction.automaton
      try WholeFile.write(automaton.dot(), to: "\(path)/epoch-\(digits).dot")
      try WholeFile.write(study.json(entry), to: "\(path)/epoch-\(digits).json")
      if let minimal = entry.minimal {
        try WholeFile.write(minimal.dot(), to: "\(path)/minimal-\(digits).dot")
        try WholeFile.write(minimal.json(), to: "\(path)/minimal-\(digits).json")
      }
    }
    let frames = study.frames
    for (entry, frame) in zip(history.entries, frames) {
      let digits = CheckpointFile.digits(entry.epoch)
      try WholeFile.write(drawing(of: frame), to: "\(path)/epoch-\(digits).svg")
      if let minimal = entry.minimal {
        try WholeFile.write(drawing(of: minimal), to: "\(path)/minimal-\(digits).svg")
      }
    }
    let film = study.film(frames)
    try WholeFile.write(film.svg(), to: "\(path)/movie.svg")
    try WholeFile.write(film.html(), to: "\(path)/movie.html")

    print(summary)
    let tables =
      "states.csv, mergers.csv" + (study.pairs == nil ? "" : ", pairs.csv")
      + (study.longWords.isEmpty ? "" : ", long-words.csv")
      + (study.subject.choice == nil ? "" : ", choice.csv")
    print("\nWritten to \(path): \(tables), the automata, movie.svg and movie.html")
  }

  private func writePairs(to path: String) throws {
    guard let pairs = study.pairs else { return }
    try WholeFile.write(pairs.lengthsTable, to: "\(path)/pairs.csv")
    guard pairListing == .all else { return }
    try WholeFile.write(to: "\(path)/all-pairs.csv") { write in
      try pairs.writeAllPairs(alphabet: source.alphabet, write)
    }
  }

  // MARK: The story

  private var summary: String {
    let entries = history.entries
    // A run has at least one checkpoint.
    let first = entries[0]
    let last = entries[entries.count - 1]
    var text = """
      \(folder.path): \(task.map { "\($0.name), " } ?? "")\(entries.count) checkpoints, epochs \
      \(first.epoch) to \(last.epoch); \(source.wordsText)
      \(rule)


      """
    var table = TextTable(
      "epoch", "states", "classes", "open", "consistency", "train loss", "validation loss", "")
    for (entry, notes) in turningPoints {
      table.add(
        "\(entry.epoch)", "\(entry.states)", "\(entry.classes)",
        "\(entry.extraction.automaton.openTransitionCount)",
        entry.extraction.consistency.fixed(3),
        study.metrics(at: entry.epoch)?.trainLoss.brief ?? "",
        study.metrics(at: entry.epoch)?.validationLoss.brief ?? "", notes.joined(separator: ", "))
    }
    text += table.text
    text += "\n" + verdict(last) + "\n"
    if !study.longWords.isEmpty {
      var table = TextTable(
        "length", "words", "network right", "automaton right", "both agree")
      for score in study.longWords {
        table.add(
          "\(score.length)", "\(score.words)", score.networkAccuracy?.fixed(3) ?? "",
          score.automatonAccuracy?.fixed(3) ?? "", score.fidelity.fixed(3))
      }
      text += "\nThe last network and its automaton on random words:\n" + table.text
    }
    return text.trimmingCharacters(in: .newlines)
  }

  /// What makes words one state.
  private var rule: String {
    let rule = study.subject.rule
    let unit = "the scale of the \(rule.scale == .run ? "run" : "last checkpoint")"
    let distance =
      "merge distance \((study.subject.mergeDistance * study.scale).brief) = \(study.subject.mergeDistance.brief) × "
      + "\(study.scale.brief), \(unit)"
    var text =
      switch rule.method {
      case .leaders: distance
      case .components: "connected components, \(distance)"
      case .average: "hierarchical clustering by the mean distance, \(distance)"
      case .complete: "hierarchical clustering by the largest distance, \(distance)"
      case .kMeans: "k-means with k = \((rule.number ?? 0).brief)"
      case .quantization: "quantization into \((rule.number ?? 0).brief) levels"
      }
    if rule.isRefined { text += ", split until a congruence" }
    if let chosen = study.subject.choice?.trials.chosen {
      text +=
        "\nchosen by fidelity at the last checkpoint: \(chosen.fidelity.fixed(3)) on the words looked at"
      if let long = chosen.longFidelity { text += ", \(long.fixed(3)) on longer ones" }
      text += "; consistency \(chosen.extraction.consistency.fixed(3))"
    }
    return text
  }

  /// The checkpoints at which the story turns, in order, each with what happens there.
  private var turningPoints: [(History.Entry, [String])] {
    let entries = history.entries
    var notes: [Int: [String]] = [:]
    func note(_ index: Int?, _ text: String) {
      if let index { notes[index, default: []].append(text) }
    }
    note(0, "first checkpoint")
    let largest = entries.indices.max { entries[$0].states < entries[$1].states }
    note(largest, "most states")
    note(study.history.start(ofLasting: \.isComplete), "complete from here on")
    if task != nil {
      note(
        study.history.start(ofLasting: \.isEquivalentToTask), "equivalent to the task from here on")
    }
    let accurate = metrics.first { $0.validationAccuracy == 1 }
    note(
      accurate.flatMap { row in entries.firstIndex { $0.epoch >= row.epoch } },
      "validation accuracy 1 at epoch \(accurate?.epoch ?? 0)")
    note(entries.count - 1, "last checkpoint")
    // Between the turning points a few more rows show the way.
    for share in 1..<8 { notes[share * (entries.count - 1) / 8, default: []] += [] }
    return notes.keys.sorted().map { (entries[$0], notes[$0] ?? []) }
  }

  private func verdict(_ last: History.Entry) -> String {
    var text = "The last automaton has \(last.states) states"
    if let minimal = last.minimal {
      text += ", is complete, and its minimal equivalent has \(minimal.stateCount)"
    } else {
      let open = last.extraction.automaton.openTransitionCount
      text += " and \(open) open transition\(open == 1 ? "" : "s")"
    }
    switch last.comparison {
    case .equivalent:
      // Equivalent machines have the same symbols, so that comparing them again cannot fail.
      let differsAtStart =
        task.flatMap { try? last.extraction.automaton.separatingWord(from: $0.machine) } != nil
      text += ": it computes \(task?.name ?? "the task") on words of any length"
      text += differsAtStart ? " but 0, about which networks were not asked." : "."
    case .different(let word):
      text += "; it differs from \(task?.name ?? "the task") on \(source.alphabet.format(word))"
      text += "."
    case nil:
      text += "."
    }
    if task != nil, let pairs = last.pairs {
      text +=
        "\nOf \(pairs.pairs) pairs of words \(pairs.merged) are merged, "
        + "\(pairs.disagreeingMerged ?? 0) of them although the task tells them apart."
    }
    return text
  }
}
