import Automata
import Extraction
import Files
import Foundation
import LinearAlgebra
import RNN
import Studies
import Tasks
import Testing

/// A run on disk, as training leaves it, that goes with the value.
private final class TemporaryRun {
  let folder: RunFolder

  init(_ settings: RunConfiguration) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("studies-\(UUID().uuidString)").path
    folder = RunFolder(path)
    let run = try TrainingRun(beginning: settings, data: settings.data(), in: folder)
    try run.run { _ in }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.path) }
}

private func small(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
  var recipe = Recipe()
  recipe.hidden = 8
  recipe.maxLength = 4
  recipe.epochs = 4
  recipe.schedule = .every(2)
  change(&recipe)
  return recipe
}

@Suite struct SubjectTests {
  @Test func `which words were trained is asked of the task over the run's own symbols`() throws {
    // Of the symbol b the expression says nothing: the run's list of symbols brings it in.
    let run = try TemporaryRun(
      RunConfiguration(task: "regex:a*", alphabet: try Alphabet(["a", "b"]), recipe: small()))
    let subject = try Subject(run.folder)
    let trained = try subject.trainedWords()
    #expect(subject.source.words.count == 31)
    // All words but the empty one, also those with a b.
    #expect(trained == [false] + Array(repeating: true, count: 30))
  }

  @Test func `a study reads each checkpoint twice and reports each time`() throws {
    let run = try TemporaryRun(RunConfiguration(task: "parity", recipe: small()))
    let subject = try Subject(run.folder)
    var steps: [[Int]] = []
    var epochs: [Int] = []
    let study = try Study(
      subject,
      measure: { moment in
        epochs.append(moment.epoch)
        #expect(moment.table.words.count == 31)
        #expect(moment.mergeDistance == 0.01 * moment.spread.scale)
      }, progress: { steps.append([$0.done, $0.total, $0.epoch]) })
    #expect(epochs == [0, 2, 4])
    #expect(steps == [[1, 6, 0], [2, 6, 2], [3, 6, 4], [4, 6, 0], [5, 6, 2], [6, 6, 4]])
    #expect(study.history.entries.map(\.epoch) == epochs)
    #expect(study.projections.count == 3 && study.projections[0].places.count == 31)
    #expect(study.metrics(at: 3)?.epoch == 3 && study.metrics(at: 5) == nil)
  }

  @Test func `the short way from a network to its automaton is the long one`() throws {
    let run = try TemporaryRun(
      RunConfiguration(task: "parity", recipe: small { $0.gain = 0.6 }))
    let subject = try Subject(run.folder)
    let study = try Study(subject)
    let last = try #require(study.history.entries.last)
    let network = try #require(subject.source.files.last).read().network
    for (distance, absolute) in [
      (MergeDistance.absolute(study.mergeDistance), study.mergeDistance),
      (.share(0.2), nil),
    ] {
      let extraction = try Extraction(
        of: network, on: subject.source.words, mergeDistance: distance, emptyWordCounts: false)
      if absolute != nil {
        #expect(extraction.partition == last.extraction.partition)
        #expect(extraction.automaton == last.extraction.automaton)
      }
      let pass = TreePass(network)
      pass.run(subject.source.words)
      let table = RepresentationTable(of: pass, on: subject.source.words)
      let long = try Extractor(
        alphabet: .digits(2), outputAlphabet: .digits(2),
        mergeDistance: absolute ?? 0.2 * table.scale, emptyWordCounts: false
      ).extract(table, step: pass.successors(of:))
      #expect(extraction.partition == long.partition)
      #expect(extraction.automaton == long.automaton)
    }
  }

  @Test func `a share of an endless scale is the greatest distance there is`() {
    #expect(MergeDistance.share(1e308).value(scale: 100) == .greatestFiniteMagnitude)
    #expect(MergeDistance.share(0.5).value(scale: 4) == 2)
    #expect(MergeDistance.absolute(0.5).value(scale: 4) == 0.5)
  }

  @Test func `a checkpoint that is not there is told beside the nearest, however far`() throws {
    let run = try TemporaryRun(RunConfiguration(task: "parity", recipe: small()))
    let subject = try Subject(run.folder)
    #expect(try subject.checkpoint(nil).epoch == 4)
    #expect(try subject.checkpoint(2).epoch == 2)
    for (epoch, nearest) in [(3, 2), (Int.min, 0), (.max, 4), (-5, 0)] {
      let error = #expect(throws: StudyError.self) { try subject.checkpoint(epoch) }
      #expect(
        "\(try #require(error))"
          == "\(run.folder.path) has no checkpoint \(epoch); the nearest is \(nearest), of 3 from 0 to 4."
      )
    }
  }

  @Test func `a run that is cleared takes what was read off it along`() throws {
    let run = try TemporaryRun(RunConfiguration(task: "parity", recipe: small()))
    let folder = run.folder
    for path in [folder.automataPath, folder.theoryPath, folder.figuresPath] {
      try WholeFile.write("old", to: "\(path)/file")
    }
    try WholeFile.write("the user's", to: "\(folder.path)/notes.txt")
    try folder.clear()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
  }
}
