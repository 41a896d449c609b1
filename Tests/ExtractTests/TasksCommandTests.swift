// The tasks by name, from the command line.

import Automata
import Foundation
import RNN
import Tasks
import Testing

/// `extract tasks`, and tasks by name on every command that takes them.
@Suite struct TasksCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `the list has every kind of task, its least states and its source`() async throws {
    let lines = succeeds(try await extract("tasks")).split(separator: "\n")
    for family in Language.families {
      let line = try #require(lines.first { $0.hasPrefix("\(family.form) ") })
      let states = try Language(named: family.example).machine.minimized().stateCount
      #expect(line.contains(" \(states) ") && line.contains(family.source))
    }
    #expect(lines.contains { $0.hasPrefix("machine:FILE") })
    #expect(lines.contains { $0.hasPrefix("words:FILE") })
  }

  @Test func `a task is shown with its machine and shares, and drawn`() async throws {
    let outcome = try await extract("tasks", "tomita-1", "--out", folder["tomita.svg"])
    #expect(
      succeeds(outcome) == """
        tomita-1: 2 states over {0, 1}, complete
        state  output  0   1
        s0          1  s1  s0
        s1          0  s1  s1

        length  share of 0  share of 1
             1         0.5         0.5
             2        0.75        0.25
             5       0.969      0.0313
            10       0.999     9.77e-4
            20           1     9.54e-7
            50           1    8.88e-16

        """)
    #expect(try text(folder["tomita.svg"]).hasPrefix("<svg"))
  }

  @Test func `regular expressions read the symbols they are given`() async throws {
    let binary = succeeds(try await extract("tasks", "regex:1*"))
    #expect(binary.hasPrefix("regex:1*: 2 states over {0, 1}, complete\n"))
    let names = succeeds(try await extract("tasks", "regex:<go>*", "--alphabet", "stop,go"))
    #expect(names.hasPrefix("regex:<go>*: 2 states over {stop, go}, complete\n"))
    let any = succeeds(try await extract("tasks", "regex:.*", "--alphabet", "abc"))
    #expect(any.hasPrefix("regex:.*: 1 state over {a, b, c}, complete\n"))
    let letters = succeeds(try await extract("tasks", "no-substring:ab", "--alphabet", "abc"))
    #expect(letters.hasPrefix("no-substring:ab: 3 states over {a, b, c}, complete\n"))
    misuses(
      try await extract("tasks", "regex:a*b", "--alphabet", "a,c"),
      "'regex:a*b' is no task: Regular expression, line 1, column 3: 'b' is no symbol of the "
        + "alphabet {a, c}.")
    misuses(
      try await extract("tasks", "no-substring:ab", "--alphabet", "a,c"),
      "'no-substring:ab' is no task: 'b' is no symbol of the alphabet {a, c}.")
    misuses(
      try await extract("tasks", "--alphabet", "ab"), "--alphabet is about one task; say which.")
    misuses(
      try await extract("tasks", "--out", folder["x.svg"]), "--out draws one task; say which.")
  }

  @Test func `a run keeps the symbols that it was begun with`() async throws {
    let run = folder["run"]
    let options = ["--task", "regex:<go>*", "--alphabet", "stop,wait,go"]
    let begin = ["train", "--out", run] + tiny + ["--epochs", "1"]
    succeeds(try await extract(begin + options))
    #expect(try RunFolder(run).configuration()?.alphabet == ["stop", "wait", "go"])
    succeeds(try await extract("train", "--out", run, "--resume", "--epochs", "2"))
    succeeds(try await extract("--checkpoints", run))
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(run)/automata").sorted()
    let name = try #require(files.first { $0.hasPrefix("epoch-") && $0.hasSuffix(".json") })
    let machine = try MooreMachine(json: text("\(run)/automata/\(name)"))
    #expect(machine.alphabet.symbols == ["stop", "wait", "go"])
    let other = try await extract("train", "--out", run, "--resume", "--alphabet", "go,stop,wait")
    #expect(other.status == .exited(1) && other.error.contains("begun with other settings"))
  }

  @Test func `a name that no task has is wrong usage, in a run's file it is a failure`()
    async throws
  {
    let train = try await trainTiny(folder["none"], "--task", "party")
    #expect(train.status == .exited(64))
    #expect(train.error.hasPrefix("Error: There is no task 'party'; known are parity, mod-k"))
    misuses(
      try await trainTiny(folder["none"], "--task", "random:0"),
      "'random:0' is no task: after 'random:' a number from 1 to 1000 was expected, not '0'.")
    #expect(try contents(of: folder.path).isEmpty)

    succeeds(try await trainTiny(folder["run"], "--epochs", "1"))
    let path = RunFolder(folder["run"]).configurationPath
    let automata = try await extract("--checkpoints", folder["run"], "--task", "party")
    #expect(automata.status == .exited(64))
    let configuration = try text(path)
    try write(configuration.replacing("\"parity\"", with: "\"party\""), to: path)
    for arguments in [
      ["--checkpoints", folder["run"]], ["train", "--resume", "--out", folder["run"]],
    ] {
      let outcome = try await extract(arguments)
      #expect(outcome.status == .exited(1))
      #expect(outcome.error.hasPrefix("Error: There is no task 'party'"))
    }
    try write(
      configuration.replacing(
        "\"task\" : \"parity\"", with: "\"alphabet\" : [\"0\", \"0\"],\n  \"task\" : \"parity\""),
      to: path)
    fails(
      try await extract("train", "--resume", "--out", folder["run"]),
      "\(path) is no configuration of a run: The symbol '0' occurs twice in the alphabet.")
  }

  @Test func `words may be over more symbols than occur`() async throws {
    try write("a\tTRUE\nab\tfalse\n", to: folder["words.txt"])
    let words = "words:\(folder["words.txt"])"
    #expect(
      succeeds(try await extract("tasks", words, "--alphabet", "cba")) == """
        \(words): 2 words over {c, b, a}
        length  labelled 0  labelled 1  without
             1           0           1        0
             2           1           0        0

        """)
    fails(
      try await extract("tasks", words, "--alphabet", "ac"),
      "\(words): 'b' is no symbol of the alphabet {a, c}.")
    fails(
      try await extract("tasks", words, "--out", folder["x.svg"]),
      "\(words) is a file of words, but only machines can be drawn.")
  }

  @Test(arguments: [
    ("", "Abbadingo, line 1, column 1: found an empty file"),
    ("2 2\n1 1 0\n", "Abbadingo, line 1, column 1: found 1 words where 2 were needed."),
    ("1 2\n1 3 0 1\n", "Abbadingo, line 2, column 3: found 2 symbols where 3 were needed."),
    ("1 1\n1 2 0 1\n", "Abbadingo, line 1, column 3: found 2 different symbols where 1 were"),
    ("a\tTRUE\nb\tMAYBE\n", "MLRegTest, line 2, column 3: found 'MAYBE' where TRUE or FALSE"),
  ])
  func `bad files of words are told in one sentence, and nothing is trained`(
    text: String, beginning: String
  ) async throws {
    let path = folder["words"]
    try write(text, to: path)
    for arguments in [
      ["tasks", "words:\(path)"], ["train", "--task", "words:\(path)", "--out", folder["run"]],
    ] {
      let outcome = try await extract(arguments)
      #expect(outcome.status == .exited(1))
      #expect(outcome.error.hasPrefix("Error: \(path): \(beginning)"), "\(outcome.error)")
    }
    #expect(Array(try contents(of: folder.path).keys) == ["words"])
  }
}
