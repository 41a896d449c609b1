// The commands for machines in files, run as a user runs them.

import Automata
import Foundation
import Tasks
import Testing

/// `extract convert`, `minimize` and `show`, and what all commands say of bad files.
@Suite struct MachineCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Converting

  @Test(arguments: ["dot", "gv", "json", "att", "fst", "jff"])
  func `a machine survives every way through two formats`(first: String) async throws {
    let start = folder["a.\(first)"]
    succeeds(try await extract("convert", "regex:(a|bb)*<go>?", start, "--alphabet", "a,b,go"))
    for second in ["dot", "gv", "json", "att", "fst", "jff"] {
      let end = folder["\(first)-b.\(second)"]
      #expect(succeeds(try await extract("convert", start, end)) == "")
      for other in [start, "regex:(a|bb)*<go>?"] {
        #expect(succeeds(try await extract("compare", end, other)) == "equivalent\n")
      }
    }
  }

  @Test(arguments: ["dot", "json", "jff"])
  func `more than two outputs survive where the format has words for them`(
    name: String
  ) async throws {
    let path = folder["cycle.\(name)"]
    succeeds(try await extract("convert", "cycle-navigation-4", path))
    #expect(succeeds(try await extract("compare", path, "cycle-navigation-4")) == "equivalent\n")
  }

  @Test func `AT&T text refuses more than two outputs and writes nothing`() async throws {
    let path = folder["cycle.att"]
    fails(
      try await extract("convert", "cycle-navigation-4", path),
      "\(path): The outputs {0, 1, 2, 3} cannot be written in AT&T text, which needs two, rejecting "
        + "first. Use DOT or JSON.")
    #expect(try contents(of: folder.path).isEmpty)
  }

  @Test func `open transitions stay open, or lead to a sink when asked`() async throws {
    let path = folder["half.json"]
    try write(half, to: path)
    succeeds(try await extract("convert", path, folder["half.dot"]))
    #expect(succeeds(try await extract("compare", path, folder["half.dot"])) == "equivalent\n")
    succeeds(try await extract("convert", path, folder["whole.dot"], "--complete"))
    #expect(
      succeeds(try await extract("compare", folder["whole.dot"], "regex:0*", "--alphabet", "01"))
        == "equivalent\n")
    fails(
      try await extract("tasks", "machine:\(path)"),
      "\(path): the machine has 1 open transition, but a task says something after every word. "
        + "Complete it with: extract convert \(path) OUT --complete")
    let tables = succeeds(try await extract("tasks", "machine:\(folder["whole.dot"])"))
    #expect(tables.hasPrefix("machine:\(folder["whole.dot"]): 2 states over {0, 1}, complete\n"))
  }

  @Test func `symbols that a file leaves out can be given`() async throws {
    let path = folder["ones.att"]
    succeeds(try await extract("convert", "regex:1*", path))
    let other = try await extract("compare", path, "regex:1*")
    #expect(other.status == .exited(1) && other.error.contains("{1} and {0, 1}"))
    #expect(
      succeeds(try await extract("compare", path, "regex:1*", "--alphabet", "10"))
        == "equivalent\n")
    fails(
      try await extract("show", "parity", "--alphabet", "a,b"),
      "--alphabet lists {a, b}, but parity is over {0, 1}; leave it out or list the same.")
    misuses(
      try await extract("show", "parity", "--alphabet", "00"),
      "--alphabet 00: The symbol '0' occurs twice in the alphabet.")
  }

  @Test func `words go from MLRegTest to Abbadingo and back, and are compared with machines`()
    async throws
  {
    try write("\tFALSE\n01\tTRUE\n11\tFALSE\n1\tTRUE\n", to: folder["words.txt"])
    succeeds(try await extract("convert", "words:\(folder["words.txt"])", folder["words.dat"]))
    #expect(try text(folder["words.dat"]) == "4 2\n0 0\n1 2 0 1\n0 2 1 1\n1 1 1\n")
    succeeds(try await extract("convert", "words:\(folder["words.dat"])", folder["back.txt"]))
    #expect(try text(folder["back.txt"]) == (try text(folder["words.txt"])))
    let words = "words:\(folder["words.dat"])"
    #expect(
      succeeds(try await extract("compare", "parity", words))
        == "equivalent on the 4 labelled words\n"
    )
    let different = try await extract("compare", words, "tomita-1")
    #expect(different.status == .exited(1) && different.error == "")
    #expect(
      different.output
        == "different: ε\n  tomita-1: s0, output 1\n  \(words): 0; 3 of 4 words differ\n")
    #expect(
      succeeds(try await extract("tasks", words)).hasPrefix("\(words): 4 words over {0, 1}\n"))
    fails(
      try await extract("minimize", words, "--out", folder["m.dot"]),
      "\(words) is a file of words, but it must be a machine.")
    fails(
      try await extract("convert", words, folder["m.dot"]),
      "\(folder["m.dot"]): words are written to files that end in .dat (Abbadingo) or .txt "
        + "(MLRegTest).")
    #expect(!FileManager.default.fileExists(atPath: folder["m.dot"]))
  }

  // MARK: Minimizing and showing

  @Test func `minimizing writes the least equivalent machine and counts its states`()
    async throws
  {
    // Parity with every state twice.
    try write(
      """
      0 1 0
      0 2 1
      1 0 0
      1 3 1
      2 3 0
      2 0 1
      3 2 0
      3 1 1
      2
      3

      """, to: folder["four.fst"])
    let output = try await extract("minimize", folder["four.fst"], "--out", folder["two.dot"])
    #expect(succeeds(output) == "4 states → 2\n")
    #expect(
      try MooreMachine(dot: text(folder["two.dot"])).isIsomorphic(to: Language.parity.machine))
    #expect(succeeds(try await extract("compare", folder["two.dot"], "parity")) == "equivalent\n")
  }

  @Test func `showing prints the table and draws every state`() async throws {
    let outcome = try await extract("show", "mod-3", "--out", folder["mod.svg"])
    #expect(
      succeeds(outcome) == """
        3 states over {0, 1}, complete
        state  output  0   1
        s0          0  s0  s1
        s1          1  s1  s2
        s2          2  s2  s0

        """)
    let drawing = try text(folder["mod.svg"])
    #expect(drawing.hasPrefix("<svg") && drawing.hasSuffix("</svg>\n"))
    #expect(drawing.components(separatedBy: "class=\"disc\"").count - 1 == 3)
    try write(half, to: folder["half.json"])
    let table = succeeds(try await extract("show", folder["half.json"]))
    #expect(table.hasPrefix("1 state over {0, 1}, 1 open transition\n"))
    #expect(table.contains("·"))
  }

  // MARK: Bad input

  @Test(arguments: [
    ("empty.dot", "", "DOT, line 1, column 1: found the end of the file where 'digraph'"),
    ("empty.json", "", "JSON, line 1, column 1: found the end of the file where a JSON value"),
    ("empty.att", "", "AT&T text, line 1, column 1: the machine has no start"),
    ("empty.jff", "", "JFLAP, line 1, column 1: found no element"),
    (
      "start.dot", "digraph { a -> b [label=\"0\"]; }\n",
      "DOT, line 2, column 1: the machine has no"
    ),
    (
      "two.dot",
      "digraph {\ni [shape=none label=\"\"]; i -> a; a; b;\na -> a [label=x];\na -> b [label=x];\n}",
      "DOT, line 4, column 1: from 'a' the symbol 'x' leads to 'a' and to 'b'"
    ),
    ("two.att", "0 1 x\n0 0 x\n1\n", "AT&T text, line 2, column 1: from '0' the symbol 'x' leads"),
    (
      "state.json",
      "{\"format\":\"extract-automaton\",\"version\":1,\"alphabet\":[\"0\"],\n\"outputs\":[\"0\"],"
        + "\"states\":[{\"output\":\"0\",\"successors\":[7]}]}",
      "JSON, line 2, column 55: '7' is no state of this file"
    ),
    (
      "clash.json",
      "{\"format\":\"extract-automaton\",\"version\":1,\"alphabet\":[\"0\",\"0\"],\"outputs\":[\"0\"],"
        + "\"states\":[{\"output\":\"0\",\"successors\":[0,0]}]}",
      "JSON, line 1, column 54: '0' occurs twice"
    ),
    (
      "start.jff",
      "<structure><type>fa</type><automaton><state id=\"0\"/></automaton></structure>",
      "JFLAP, line 1, column 27: the machine has no start"
    ),
    ("machine.yaml", "a: b\n", "machines are read from files that end in .dot, .gv, .json"),
  ])
  func `a bad file is told in one sentence, with the place`(
    name: String, text: String, beginning: String
  ) async throws {
    let path = folder[name]
    try write(text, to: path)
    for arguments in [
      ["show", path, "--out", folder["x.svg"]], ["convert", path, folder["x.dot"]],
      ["minimize", path, "--out", folder["x.dot"]], ["compare", "parity", path],
      ["tasks", "machine:\(path)"],
      ["train", "--task", "machine:\(path)", "--out", folder["run"]],
    ] {
      let outcome = try await extract(arguments)
      #expect(outcome.status == .exited(1), "\(arguments)")
      #expect(outcome.error.hasPrefix("Error: \(path): \(beginning)"), "\(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == 1)
      #expect(outcome.output == "")
    }
    #expect(Array(try contents(of: folder.path).keys) == [name])
  }

  @Test(arguments: ["dot", "json", "att", "jff"])
  func `bytes that are no UTF-8 are told, with the place`(name: String) async throws {
    let path = folder["bytes.\(name)"]
    try Data([0x61, 0x0A, 0x62, 0xFF]).write(to: URL(fileURLWithPath: path))
    let format = ["dot": "DOT", "json": "JSON", "att": "AT&T text", "jff": "JFLAP"][name] ?? ""
    fails(
      try await extract("show", path),
      "\(path): \(format), line 2, column 2: this byte begins no character of UTF-8; save the file "
        + "as UTF-8.")
  }

  @Test(arguments: [("dot", "digraph {", "{"), ("json", "", "["), ("jff", "", "<a>")])
  func `a million nested brackets are refused`(
    name: String, start: String, bracket: String
  ) async throws {
    let path = folder["deep.\(name)"]
    try write(start + String(repeating: bracket, count: 1_000_000), to: path)
    let outcome = try await extract("show", path)
    #expect(outcome.status == .exited(1))
    #expect(outcome.error.hasPrefix("Error: \(path): "))
    #expect(outcome.error.contains(", line 1, column "))
  }

  @Test func `files that cannot be read or written are named`() async throws {
    let missing = folder["none.dot"]
    for arguments in [
      ["show", missing], ["convert", missing, folder["x.dot"]],
      ["minimize", missing, "--out", folder["x.dot"]], ["compare", missing, "parity"],
      ["tasks", "machine:\(missing)"],
    ] {
      fails(try await extract(arguments), "\(missing) cannot be read: The file doesn’t exist.")
    }
    let directory = folder["folder.dot"]
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    for arguments in [["show", directory], ["tasks", "machine:\(directory)"]] {
      fails(try await extract(arguments), "\(directory) cannot be read: Is a directory.")
    }
    for arguments in [
      ["convert", "parity", directory], ["minimize", "parity", "--out", directory],
      ["show", "parity", "--out", directory], ["tasks", "parity", "--out", directory],
    ] {
      fails(try await extract(arguments), "\(directory) cannot be written: Is a directory.")
    }
    fails(
      try await extract("convert", "parity", folder["x.yaml"]),
      "\(folder["x.yaml"]): machines are written to files that end in .dot, .gv, .json, .att, .fst "
        + "or .jff.")
    #expect(try contents(of: folder.path).isEmpty)
  }

  @Test func `what is neither a file nor a task is wrong usage`() async throws {
    for arguments in [
      ["show", "party"], ["compare", "parity", "party"], ["convert", "party", folder["x.dot"]],
      ["minimize", "party", "--out", folder["x.dot"]], ["tasks", "party"],
    ] {
      misuses(
        try await extract(arguments),
        "'party' is neither a file nor a task. `extract tasks` lists the tasks; machines are read "
          + "from files that end in .dot, .gv, .json, .att, .fst or .jff.")
    }
    misuses(
      try await extract("show", "mod-1"),
      "'mod-1' is no task: after 'mod-' a number from 2 to 64 was expected, not '1'.")
    misuses(
      try await extract("minimize", "parity"), "Missing expected argument '--out <file>'")
  }

  /// The words of 0s alone, with the symbol 1 open.
  private let half =
    "{\"format\":\"extract-automaton\",\"version\":1,\"alphabet\":[\"0\",\"1\"],"
    + "\"outputs\":[\"0\",\"1\"],\"states\":[{\"output\":\"1\",\"successors\":[0,null]}]}"
}
