import Automata
import Extraction
import Files
import Foundation
import RNN
import Studies
import Tasks
import Testing

@testable import Figures

/// A run of 12 checkpoints whose hidden states are drawn together more and more, as those of a
/// network that folds its tree.
private func makeRun(_ folder: TemporaryFolder) throws -> Subject<NetworkCheckpoints> {
  let run = RunFolder(folder.path)
  var recipe = Recipe()
  recipe.hidden = 6
  recipe.maxLength = 4
  recipe.nonlinearity = .tanh
  try run.save(RunConfiguration(task: "parity", recipe: recipe))
  for epoch in 0..<12 {
    let network = network(hidden: 6, gain: 1.5 - 0.1 * Double(epoch), seed: 4)
    try run.save(Checkpoint(epoch: epoch, network: network, alphabet: .digits(2)))
  }
  var reading = Reading()
  reading.rule = StateRule(number: 0.05, mergeDistance: 0.05)
  return try Subject(run, reading)
}

/// All that figures are written as.
private func text(_ figures: [Figure]) -> [String] {
  figures.map { figure in
    switch figure {
    case .drawn(let plot):
      plot.script + plot.caption + plot.tables.map { $0.suffix + $0.table.text }.joined()
    case .leftOut(let name, let reason): "\(name): \(reason)"
    }
  }
}

@Suite struct RunFiguresTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a whole set of figures takes two reads of each checkpoint and no more`() throws {
    let subject = try makeRun(folder)
    let files = subject.source.files
    var done = 0
    // Each file goes once it has been read twice: a third read, even at once, would find nothing.
    let run = try RunFigures(subject, seed: 1) { progress in
      done += 1
      guard done > files.count else { return }
      let file = files[done - files.count - 1]
      #expect(file.epoch == progress.epoch)
      try? FileManager.default.removeItem(atPath: file.path)
    }
    #expect(done == 2 * files.count)
    #expect(files.allSatisfy { !FileManager.default.fileExists(atPath: $0.path) })
    let figures = try run.all()
    let names = figures.compactMap { if case .drawn(let plot) = $0 { plot.name } else { nil } }
    #expect(
      names == [
        "losses-and-states", "loss-by-length", "automata-at-turns", "final-and-minimal",
        "merged-by-length", "trajectories", "mean-distance", "output-map-order",
        "diverging-mergers", "pairs-apart", "principal-components", "alluvial",
        "states-by-epoch-and-distance",
      ], "\(text(figures).filter { !$0.hasPrefix("#") })")
  }

  @Test func `networks beyond the bound are read again, and all figures are the same`() throws {
    let subject = try makeRun(folder)
    let usual = try RunFigures(subject, seed: 1)
    let figures = text(try usual.all())
    let frugal = try RunFigures(
      subject, seed: 1, mostNetworkBytes: 1000, queue: WorkQueue(limit: 1))
    #expect(text(try frugal.all()) == figures)
    // The control: these do read.
    try FileManager.default.removeItem(atPath: folder.path + "/checkpoints")
    #expect(throws: RunError.self) { try frugal.all() }
    #expect(text(try usual.all()) == figures)
  }

  @Test func `as many networks are kept as there is room for`() throws {
    let source = try makeRun(folder).source
    let network = network(hidden: 6, seed: 1)
    let bytes = 4 * (6 * 2 + 6 * 6 + 6 + 6 + 2 * 6 + 2)
    var kept = KeptNetworks(of: source, mostBytes: 3 * bytes + bytes / 2)
    for index in source.files.indices { kept.keep(network, at: index) }
    for index in 0..<3 { #expect(try kept.network(at: index) === network) }
    for index in 3..<12 { #expect(try kept.network(at: index) !== network) }
  }

  @Test func `what lasts begins after the last checkpoint at which it did not hold`() throws {
    let history = try RunFigures(makeRun(folder), seed: 1).study.history
    for bound in 0...32 {
      func holds(_ entry: History.Entry) -> Bool { entry.classes <= bound }
      let entries = history.entries
      let expected = entries.indices.first { entries[$0...].allSatisfy(holds) }
      #expect(history.start(ofLasting: holds) == expected)
    }
  }
}

@Suite struct FigurePageTests {
  @Test func `what a stranger calls a run is text, whatever stands beside a bracket`() {
    // U+0600 and a combining mark make one Character with what follows or comes before.
    let evil = "\u{0600}<script>alert(1)</script>\u{0600}\"<\u{0301}b>&"
    let plot = Plot(
      name: "figure", title: evil, answers: evil, caption: evil, width: Plot.column, height: 10,
      tables: [("", CSVTable(["a"]))], commands: "")
    let page = FigurePage(
      title: evil, introduction: evil,
      figures: [.drawn(plot), .leftOut(name: "other", because: evil)], pictures: [:]
    ).html
    let scalars = Array(page.unicodeScalars)
    let tag = Array("<script".unicodeScalars)
    #expect(!scalars.indices.contains { scalars[$0...].starts(with: tag) })
    let bold = Array("<\u{0301}b".unicodeScalars)
    #expect(!scalars.indices.contains { scalars[$0...].starts(with: bold) })
    #expect(
      page.components(
        separatedBy:
          "\u{0600}&lt;script&gt;alert(1)&lt;/script&gt;\u{0600}&quot;&lt;\u{0301}b&gt;&amp;"
      ).count - 1 == 7)
  }
}

@Suite struct FigureStyleTests {
  @Test func `the style has every colour of the palette in its place`() {
    let script = FigureStyle.script
    #expect(script.hasPrefix("# The style of all figures") && script.hasSuffix("noborder\n"))
    #expect(!script.contains("@"))
    for colour in FigureStyle.kinds + [FigureStyle.grey] {
      #expect(script.contains("lc rgb \"\(colour)\""))
    }
  }
}
