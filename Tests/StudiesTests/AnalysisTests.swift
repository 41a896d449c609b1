import Automata
import Files
import Foundation
import RNN
import Studies
import Tasks
import Testing

@Suite final class AnalysisTests {
  private let place = FileManager.default.temporaryDirectory
    .appendingPathComponent("analysis-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: place) }

  /// A run of two checkpoints in a folder of this name.
  private func run(_ name: String) throws -> String {
    var recipe = Recipe()
    recipe.hidden = 4
    recipe.maxLength = 3
    recipe.epochs = 1
    recipe.validationWords = 2
    let configuration = RunConfiguration(task: "random:3", taskSeed: 7, recipe: recipe)
    let path = "\(place)/\(name)"
    try TrainingRun(
      beginning: configuration, data: configuration.data(), in: RunFolder(path)
    ).run { _ in }
    return path
  }

  @Test func `an analysis says what made it, and reads back as the same`() throws {
    let subject = try Subject(RunFolder(run("run7")), Reading())
    let study = try Study(
      subject, longWords: LongWordOptions(lengths: [5], count: 3, seed: 9))
    let analysis = study.analysis(listsAllPairs: true)
    #expect(analysis.version == 1)
    #expect(analysis.program == "extract \(Release.version)")
    #expect(analysis.source.kind == .networks && analysis.source.name == "run7")
    #expect(
      analysis.source.files
        == ["checkpoints/epoch-000000.safetensors", "checkpoints/epoch-000001.safetensors"])
    #expect(analysis.task == TaskName("random:3", seed: 7))
    #expect(analysis.alphabet == ["0", "1"] && analysis.outputAlphabet == ["0", "1"])
    #expect(analysis.evaluationSet.depth == 3 && analysis.evaluationSet.words == 15)
    #expect(!analysis.emptyWordCounts)
    #expect(analysis.states.method == "leaders" && !analysis.states.isRefined)
    #expect(analysis.states.asked == .number(0.01) && analysis.states.number == 0.01)
    #expect(analysis.mergeDistance.asked == .number(0.01) && analysis.mergeDistance.share == 0.01)
    #expect(analysis.mergeDistance.value == study.mergeDistance)
    #expect(analysis.scale.of == "run" && analysis.scale.value == study.spread.scale)
    #expect(analysis.longWords == LongWordOptions(lengths: [5], count: 3, seed: 9))

    let text = study.analysisJSON(listsAllPairs: true)
    #expect(text.hasSuffix("}\n"))
    #expect(try JSONDecoder().decode(Analysis.self, from: Data(text.utf8)) == analysis)
  }

  @Test func `a number that was chosen is asked for as auto, and a moved run is analysed alike`()
    throws
  {
    let path = try run("run7")
    var reading = Reading()
    reading.rule = StateRule(.average, number: nil, isRefined: true, scale: .checkpoint)
    let analysis = try Study(run: path, reading).analysis(listsAllPairs: false)
    #expect(analysis.states.asked == .auto && analysis.mergeDistance.asked == .auto)
    #expect(analysis.states.number == analysis.mergeDistance.share && analysis.states.isRefined)
    #expect(analysis.scale.of == "checkpoint" && analysis.longWords == nil)
    let text = try Study(run: path, reading).analysisJSON(listsAllPairs: false)
    #expect(text.contains("\"asked\" : \"auto\""))
    try FileManager.default.createDirectory(
      atPath: "\(place)/elsewhere", withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: path, toPath: "\(place)/elsewhere/run7")
    let moved = try Study(run: "\(place)/elsewhere/run7/", reading)
    #expect(moved.analysisJSON(listsAllPairs: false) == text)

    // Of k-means the number of clusters is chosen, and pairs go by the distance that was given.
    reading.rule = StateRule(.kMeans, number: nil, mergeDistance: 0.1)
    let clusters = try Study(run: "\(place)/elsewhere/run7", reading).analysis(listsAllPairs: false)
    #expect(clusters.states.asked == .auto && clusters.mergeDistance.asked == .number(0.1))
  }

  @Test func `the columns of text are those that hold no numbers and no truth values`() throws {
    let study = try Study(run: run("run7"))
    let plain = study.analysis(listsAllPairs: false)
    #expect(Set(plain.textColumns.keys) == ["mergers.csv", "states.csv"])
    let all = study.analysis(listsAllPairs: true).textColumns
    #expect(Set(all.keys) == ["mergers.csv", "states.csv", "all-pairs.csv"])
    var pairs = ""
    study.pairs?.writeAllPairs(alphabet: study.subject.source.alphabet) { pairs += $0 }
    let tables = [
      "states.csv": study.statesTable, "mergers.csv": study.mergersTable, "all-pairs.csv": pairs,
    ]
    for (name, table) in tables {
      let header = table.split(separator: "\n")[0].split(separator: ",").map(String.init)
      let words = [
        "separating_word", "event", "state", "part", "kind", "first", "second",
      ]
      #expect(all[name] == header.filter(words.contains), "\(name)")
    }
  }
}
