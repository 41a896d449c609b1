// `extract figures run/`: the paper's figures from a run, or what many runs have in common.

import ArgumentParser
import Figures
import RNN
import Studies

struct FiguresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures",
    abstract: "Draw the paper's figures from a run, or compare many runs.",
    discussion: """
      Writes each figure into the folder figures/ of the run as data (NAME.csv), as a script \
      (NAME.gp) and, drawn by gnuplot, as a picture (NAME.svg); figures.html shows all of them with \
      captions. Without gnuplot, data and scripts are written all the same.

      With --runs, a folder of runs of one recipe, it draws how their last automata differ and \
      which mergers happen in every run, in some, in none.
      """)

  @Argument(help: ArgumentHelp("The folder of a run, or of checkpoints.", valueName: "run"))
  var path: String?

  @Option(
    help: ArgumentHelp(
      "Compare all runs in this folder instead.", valueName: "folder"))
  var runs: String?

  @Option(
    help: ArgumentHelp(
      "Where to write. (default: figures/ in the run's folder, or in that of the runs)",
      valueName: "folder"))
  var out: String?

  @Flag(help: "Draw each figure as PDF as well.")
  var pdf = false

  @Flag(help: "Draw each figure as PNG as well.")
  var png = false

  @Option(help: ArgumentHelp("Seed of what is drawn at random.", valueName: "number"))
  var seed: UInt64 = 1

  @OptionGroup var reading: RunOptions

  func validate() throws {
    guard (path == nil) != (runs == nil) else {
      throw ValidationError(
        path == nil
          ? "Which run? Name its folder, or a folder of runs with --runs."
          : "Name one run, or with --runs a folder of runs, not both.")
    }
  }

  func run() throws {
    let formats = (pdf ? ["pdf"] : []) + (png ? ["png"] : [])
    if let path {
      try drawOne(RunFolder(path), formats)
    } else if let runs {
      try drawMany(RunFolder(runs).path, formats)
    }
  }

  private func drawOne(_ folder: RunFolder, _ formats: [String]) throws {
    let subject = try reading.open(folder.path)
    let reader = ProgressBar(total: 2 * subject.source.files.count)
    let run = try RunFigures(subject, seed: seed) { reader.update($0.done, "epoch \($0.epoch)") }
    reader.finish()
    let study = run.study
    let bar = ProgressBar(total: 1)
    let figures = try run.all { bar.update(0, $0) }
    let target = FigureFolder(out ?? folder.figuresPath, formats: formats)
    let entries = study.history.entries
    try target.write(
      figures, title: "Figures of \(folder.path)",
      introduction: "\(study.subject.task.map { "\($0.name): " } ?? "")"
        + "\(counted(entries.count, "checkpoint")), epochs \(entries[0].epoch) to "
        + "\(entries[entries.count - 1].epoch); \(study.subject.source.words.count) words up to length "
        + "\(study.subject.source.words.depth); merge distance \(study.mergeDistance.brief).",
      { bar.update(0, $0) })
    bar.finish()
    report(figures, target, advice: advice(study))
  }

  /// What would show more of a run, if anything would.
  private func advice(_ study: Study<NetworkCheckpoints>) -> String? {
    if study.pairs == nil { return "More would be shown with a smaller --depth." }
    if study.subject.task == nil { return "More would be shown with --task and a machine." }
    return nil
  }

  private func drawMany(_ path: String, _ formats: [String]) throws {
    var bar: ProgressBar?
    let comparison = try RunComparison(path, reading.reading) { done, total, name in
      let drawn = bar ?? ProgressBar(total: total)
      bar = drawn
      drawn.update(done, name)
    }
    bar?.finish()
    let target = FigureFolder(out ?? "\(path)/figures", formats: formats)
    let figures = comparison.figures
    try target.write(
      figures, title: "Figures of the runs in \(path)", introduction: comparison.summary, { _ in })
    print(table(of: comparison))
    print(comparison.summary + "\n")
    report(figures, target)
  }

  private func report(_ figures: [Figure], _ target: FigureFolder, advice: String? = nil) {
    var names: [String] = []
    var reasons: [String] = []
    for figure in figures {
      switch figure {
      case .drawn(let plot): names.append(plot.name)
      case .leftOut(let name, let reason): reasons.append("\(name) is left out: \(reason).")
      }
    }
    for reason in reasons { print(reason) }
    if let advice, !reasons.isEmpty { print(advice) }
    print(
      "Written to \(target.path): \(names.joined(separator: ", ")); figures.html shows them together."
    )
    if !target.canDraw { print(FigureFolder.advice) }
  }

  /// One row per run.
  private func table(of comparison: RunComparison) -> String {
    let members = comparison.members
    var table = TextTable(
      "run", "epoch", "states", "classes", "minimal", "computes the task", "isomorphic to",
      "merged pairs", "disagreeing")
    for (index, member) in members.enumerated() {
      table.add(
        member.name, "\(member.epoch)", "\(member.automaton.stateCount)", "\(member.classes)",
        member.minimalStates.map { "\($0)" } ?? "",
        member.isEquivalent.map { $0 ? "yes" : "no" } ?? "",
        member.isomorphic == index ? "" : members[member.isomorphic].name, "\(member.merged)",
        member.disagreeingMerged.map { "\($0)" } ?? "")
    }
    return table.text
  }
}
