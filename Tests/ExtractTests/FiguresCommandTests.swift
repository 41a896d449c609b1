import Automata
import Extraction
import Files
import Foundation
import LinearAlgebra
import RNN
import Subprocess
import TensorFiles
import Testing

/// A run of 13 checkpoints that learns parity on words up to length 6, with its automata and its
/// figures, for all tests that only read it.
private let sharedRun = Task {
  let folder = try TemporaryFolder(isShared: true)
  let path = folder["run"]
  try await trainSmallRun(path)
  succeeds(try await extract("--checkpoints", path, "--validate-lengths", ""))
  return (path: path, outcome: try await extract("figures", path))
}

/// Every figure with its tables and their columns.
private let figures: [(name: String, tables: [String: String])] = [
  (
    "losses-and-states",
    ["": "epoch,train_loss,validation_loss,states,classes,lasting_classes"]
  ),
  (
    "loss-by-length",
    [
      "": "epoch,length_1,length_2,length_3,length_4,length_5,length_6,length_25,length_100,"
        + "length_250,length_1000,length_2500,length_10000"
    ]
  ),
  ("automata-at-turns", automatonTables),
  ("final-and-minimal", automatonTables),
  ("merged-by-length", ["": "shorter_length,longer_length,agreeing_pairs,merged,share"]),
  (
    "trajectories",
    ["": "epoch,merging,merging_theory,disagreeing,disagreeing_theory,merge_distance"]
  ),
  ("mean-distance", ["": "epoch,all,agreeing,disagreeing"]),
  (
    "output-map-order",
    [
      "":
        (["epoch"]
        + ["merging", "disagreeing", "other_agreeing"].flatMap { kind in
          ["pairs", "mean", "lower_quartile", "median", "upper_quartile"].map { "\(kind)_\($0)" }
        }).joined(separator: ",")
    ]
  ),
  ("diverging-mergers", ["": "shorter_length,longer_length,mergers,moved_apart_first,share"]),
  ("pairs-apart", ["": "epoch,agreeing,disagreeing"]),
  (
    "principal-components",
    ["": "panel,epoch,word,nerode_class,leader,component_1,component_2,drawn"]
  ),
  (
    "alluvial",
    [
      "": "column,epoch,leader,classes,words,task_state,bottom,top",
      "-flows": "step,from_epoch,to_epoch,from_leader,to_leader,words,task_state,from_bottom,"
        + "to_bottom,colour",
    ]
  ),
  (
    "states-by-epoch-and-distance",
    [
      "": "epoch,merge_distance,states,classes,complete,consistency,equivalent_to_task,"
        + "epoch_from,epoch_to,distance_from,distance_to",
      "-regions": "region,epoch_from,epoch_to,distance_from,distance_to",
    ]
  ),
]

private let automatonTables = [
  "": "panel,epoch,state,word,output,x,y,radius",
  "-edges": "panel,epoch,from,symbol,to,kind,label,step,x,y,dx,dy",
]

private func number(_ row: [String: String], _ column: String) throws -> Double {
  try #require(Double(row[column] ?? ""), "\(column): \(row)")
}

private func hasGnuplot() async throws -> Bool {
  let result = try await Subprocess.run(
    .name("which"), arguments: ["gnuplot"], output: .discarded, error: .discarded)
  return result.terminationStatus.isSuccess
}

@Suite struct FiguresCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A copy of the shared run to spoil.
  private func copyOfRun() async throws -> String {
    let run = try await sharedRun.value.path
    try FileManager.default.createDirectory(
      atPath: folder["run"], withIntermediateDirectories: true)
    for name in ["config.json", "metrics.csv", "checkpoints"] {
      try FileManager.default.copyItem(atPath: "\(run)/\(name)", toPath: folder["run/\(name)"])
    }
    return folder["run"]
  }

  /// The figures that a page says are left out, with the reasons.
  private func leftOut(_ outcome: Outcome) -> [String: String] {
    var reasons: [String: String] = [:]
    for line in outcome.output.split(separator: "\n") {
      let parts = line.components(separatedBy: " is left out: ")
      if parts.count == 2 { reasons[parts[0]] = parts[1] }
    }
    return reasons
  }

  // MARK: What is written

  @Test func `every figure has its data, its script and its picture, and the page shows all`()
    async throws
  {
    let (run, outcome) = try await sharedRun.value
    let output = succeeds(outcome)
    let canDraw = try await hasGnuplot()
    var expected: Set = ["style.gp", "figures.html"]
    let page = try text("\(run)/figures/figures.html")
    for (name, tables) in figures {
      for (suffix, header) in tables {
        expected.insert("\(name)\(suffix).csv")
        let lines = try text("\(run)/figures/\(name)\(suffix).csv").split(separator: "\n")
        #expect(lines.first.map(String.init) == header, "\(name)\(suffix)")
        #expect(lines.count > 1, "\(name)\(suffix) is empty")
      }
      expected.insert("\(name).gp")
      if canDraw { expected.insert("\(name).svg") }
      #expect(page.contains("<figure id=\"\(name)\""))
    }
    let written = try contents(of: "\(run)/figures")
    #expect(Set(written.keys) == expected)
    #expect(leftOut(outcome) == [:])
    #expect(
      output.hasSuffix(
        canDraw
          ? "figures.html shows them together.\n"
          : "apt-get install gnuplot-nox, then run this again.\n"))
    // One file: no picture, script or style comes from elsewhere.
    #expect(!page.contains("src=") && !page.contains("<link"))
    #expect(page.components(separatedBy: "<svg").count - 1 == (canDraw ? figures.count : 0))
    // Names inside the pictures are told apart, or one picture would take another's marks.
    let ids = page.matches(of: /id=['"]([^'"]+)['"]/).map { String($0.1) }
    #expect(ids.count == Set(ids).count)
  }

  @Test func `the same bytes come out again, wherever they are written`() async throws {
    let run = try await sharedRun.value.path
    succeeds(try await extract("figures", run + "/", "--out", folder["again"]))
    #expect(
      differences(try contents(of: "\(run)/figures"), try contents(of: folder["again"])) == [])
  }

  @Test func `a script redraws its picture from its data, by hand`() async throws {
    guard try await hasGnuplot() else { return }
    let run = try await sharedRun.value.path
    try FileManager.default.copyItem(atPath: "\(run)/figures", toPath: folder["figures"])
    for (name, _) in figures {
      let picture = folder["figures/\(name).svg"]
      let before = try text(picture)
      try FileManager.default.removeItem(atPath: picture)
      let result = try await Subprocess.run(
        .name("gnuplot"), arguments: ["\(name).gp"],
        workingDirectory: .init(folder["figures"]), output: .discarded,
        error: .string(limit: 1 << 16))
      #expect(result.terminationStatus.isSuccess)
      #expect(result.standardError == "", "\(name)")
      #expect(try text(picture) == before, "\(name)")
    }
  }

  @Test func `figures come as PDF and PNG as well`() async throws {
    guard try await hasGnuplot() else { return }
    let run = try await sharedRun.value.path
    succeeds(try await extract("figures", run, "--out", folder["out"], "--pdf", "--png"))
    let written = try contents(of: folder["out"])
    for (name, _) in figures {
      #expect(written["\(name).pdf"]?.starts(with: Data("%PDF".utf8)) == true)
      #expect(written["\(name).png"]?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    }
  }

  @Test func `without gnuplot data and scripts are written, and a sentence says what to install`()
    async throws
  {
    let run = try await sharedRun.value.path
    let outcome = try await extract(
      ["figures", run, "--out", folder["out"], "--pdf"], environment: ["PATH": ""])
    #expect(outcome.status == .exited(0))
    #expect(outcome.error == "")
    let advice =
      "gnuplot is not installed, so that data and scripts were written but no picture: "
      + "apt-get install gnuplot-nox, then run this again."
    #expect(outcome.output.hasSuffix("\n\(advice)\n"))
    #expect(try text(folder["out/figures.html"]).contains(advice))
    let written = try contents(of: folder["out"])
    let endings = Set(written.keys.map { URL(fileURLWithPath: $0).pathExtension })
    #expect(endings == ["csv", "gp", "html"])
    let others = try contents(of: "\(run)/figures").filter {
      $0.key.hasSuffix(".csv") || $0.key.hasSuffix(".gp")
    }
    #expect(
      differences(written.filter { $0.key != "figures.html" }, others) == [])
  }

  // MARK: Whether the numbers are right

  @Test func `numbers of states and pairs are those of the tables of the main job`() async throws {
    let run = try await sharedRun.value.path
    let states = try table("\(run)/automata/states.csv").rows
    let course = try table("\(run)/figures/losses-and-states.csv").rows.filter {
      $0["states"] != ""
    }
    let means = try table("\(run)/figures/mean-distance.csv").rows
    let apart = try table("\(run)/figures/pairs-apart.csv").rows
    #expect(course.count == 13 && means.count == 13 && apart.count == 13)
    for (index, row) in states.enumerated() {
      for column in ["epoch", "states", "classes", "lasting_classes", "train_loss"] {
        #expect(course[index][column] == row[column])
      }
      #expect(means[index]["all"] == row["mean_distance"])
      #expect(means[index]["agreeing"] == row["mean_agreeing_distance"])
      let agreeing = try number(row, "agreeing_pairs")
      let merged = try number(row, "merged_pairs")
      let disagreeing = try number(row, "disagreeing_merged_pairs")
      #expect(try number(apart[index], "agreeing") == agreeing - (merged - disagreeing))
      #expect(try number(apart[index], "disagreeing") == 8001 - agreeing - disagreeing)
    }
  }

  @Test func `merged pairs by length add up to those of pairs.csv`() async throws {
    let run = try await sharedRun.value.path
    let pairs = try table("\(run)/automata/pairs.csv").rows.filter { $0["agreeing"] == "true" }
    let merged = try table("\(run)/figures/merged-by-length.csv").rows
    #expect(merged.count == pairs.count)
    for (a, b) in zip(merged, pairs) {
      #expect(
        a["shorter_length"] == b["shorter_length"] && a["longer_length"] == b["longer_length"])
      #expect(a["agreeing_pairs"] == b["pairs"] && a["merged"] == b["merged"])
      #expect(try number(a, "share") == number(a, "merged") / number(a, "agreeing_pairs"))
    }
    let mergers = try table("\(run)/figures/diverging-mergers.csv").rows
    let linked = pairs.filter { $0["linked"] != "0" }
    #expect(mergers.map { $0["mergers"] } == linked.map { $0["linked"] })
    #expect(mergers.map { $0["moved_apart_first"] } == linked.map { $0["moved_apart_first"] })
    #expect(!mergers.isEmpty)
  }

  @Test func `losses by length are those of the networks, word by word`() async throws {
    let run = try await sharedRun.value.path
    let rows = try table("\(run)/figures/loss-by-length.csv").rows
    let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
    for (row, file) in zip(rows, try RunFolder(run).checkpointFiles()) {
      let network = try file.read().network
      let outputs = network.preciseRows(of: tree).outputs
      for length in 1...6 {
        let words = (0..<tree.count).filter { tree.length(of: $0) == length }
        let errors = words.map { word -> Double in
          let right = tree.word(of: word).reduce(0, +) % 2
          return (0..<2).reduce(0) {
            let error = outputs[2 * word + $1] - ($1 == right ? 1 : 0)
            return $0 + error * error / 2
          }
        }
        let mean = errors.reduce(0, +) / Double(words.count)
        #expect(abs(try number(row, "length_\(length)") - mean) <= 1e-5 * (mean + 1e-3))
      }
    }
    // This network has learnt parity, on words of any length.
    let last = try #require(rows.last)
    for length in [25, 100, 250, 1000, 2500, 10000] {
      #expect(try number(last, "length_\(length)") < 0.05)
    }
  }

  @Test func `at the merge distance in use the map has the automata of the main job`() async throws
  {
    let run = try await sharedRun.value.path
    let cells = try table("\(run)/figures/states-by-epoch-and-distance.csv").rows
    #expect(cells.count == 13 * 25)
    let distances = Set(try cells.map { try number($0, "merge_distance") }).sorted()
    #expect(abs(distances[0] - 1e-4) < 1e-9 && abs(distances[24] - 1) < 1e-9)
    let usual = try cells.filter { abs(try number($0, "merge_distance") - 0.01) < 1e-12 }
    let states = try table("\(run)/automata/states.csv").rows
    #expect(usual.map { $0["epoch"] } == states.map { $0["epoch"] })
    for (cell, row) in zip(usual, states) {
      #expect(cell["states"] == row["states"] && cell["consistency"] == row["consistency"])
      #expect(cell["complete"] == (row["complete"] == "true" ? "1" : "0"))
      #expect(cell["equivalent_to_task"] == (row["equivalent_to_task"] == "true" ? "1" : "0"))
    }
    // The regions cover exactly the cells where their condition holds.
    let regions = try table("\(run)/figures/states-by-epoch-and-distance-regions.csv").rows
    for (region, holds) in [
      ("0", { (row: [String: String]) in row["complete"] == "1" }),
      ("1", { (row: [String: String]) in (Double(row["consistency"] ?? "") ?? 0) >= 0.99 }),
      ("2", { (row: [String: String]) in row["equivalent_to_task"] == "1" }),
    ] {
      let areas = regions.filter { $0["region"] == region }
      for cell in cells {
        let x = try (number(cell, "epoch_from") + number(cell, "epoch_to")) / 2
        let y = try (number(cell, "distance_from") * number(cell, "distance_to")).squareRoot()
        let covering = try areas.count {
          try number($0, "epoch_from") < x && x < number($0, "epoch_to")
            && number($0, "distance_from") < y && y < number($0, "distance_to")
        }
        #expect(covering == (holds(cell) ? 1 : 0))
      }
    }
  }

  @Test func `in the alluvial diagram no word is lost`() async throws {
    let run = try await sharedRun.value.path
    let blocks = try table("\(run)/figures/alluvial.csv").rows
    let flows = try table("\(run)/figures/alluvial-flows.csv").rows
    let states = try table("\(run)/automata/states.csv").rows
    let columns = Dictionary(grouping: blocks) { $0["column"] ?? "" }
    #expect(columns.count == 10)
    for (_, rows) in columns {
      #expect(try rows.reduce(0) { try $0 + number($1, "words") } == 127)
      let classes = try rows.reduce(0) { try $0 + number($1, "classes") }
      let row = try #require(states.first { $0["epoch"] == rows[0]["epoch"] })
      #expect(row["lasting_classes"] == "\(Int(classes))")
      // No block lies on another.
      let spans = try rows.map { (try number($0, "bottom"), try number($0, "top")) }.sorted {
        $0 < $1
      }
      #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.1 <= $1.0 })
    }
    for (_, rows) in Dictionary(grouping: flows, by: { $0["step"] ?? "" }) {
      #expect(try rows.reduce(0) { try $0 + number($1, "words") } == 127)
    }
  }

  @Test func `the trajectories are distances of the pairs that the caption names`() async throws {
    let run = try await sharedRun.value.path
    let page = try text("\(run)/figures/figures.html")
    let match = try #require(
      page.firstMatch(of: /is the median: ([01]+) and ([01]+)\..*at the end: ([01]+) and ([01]+)\./)
    )
    let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
    let nodes = try [match.1, match.2, match.3, match.4].map {
      try #require(tree.node(of: $0.compactMap(\.wholeNumberValue)))
    }
    func parity(_ node: Int) -> Int { tree.word(of: node).reduce(0, +) % 2 }
    #expect(parity(nodes[0]) == parity(nodes[1]) && parity(nodes[2]) != parity(nodes[3]))
    let rows = try table("\(run)/figures/trajectories.csv").rows
    for (row, file) in zip(rows, try RunFolder(run).checkpointFiles()) {
      let network = try file.read().network
      let pass = TreePass(network)
      pass.run(tree)
      for (column, a, b) in [("merging", nodes[0], nodes[1]), ("disagreeing", nodes[2], nodes[3])] {
        let distance = Double(pass.hidden.squaredDistance(a, pass.hidden, b)).squareRoot()
        #expect(abs(try number(row, column) - distance) <= 1e-4 * (distance + 1e-2))
      }
    }
    // The theory starts from what was measured.
    let first = try #require(rows.first)
    for kind in ["merging", "disagreeing"] {
      let gap = abs(try number(first, kind) - number(first, "\(kind)_theory"))
      #expect(gap <= 1e-9 + 1e-6 * (try number(first, kind)))
    }
    #expect(try number(try #require(rows.last), "merging") <= 2 * number(rows[0], "merge_distance"))
  }

  // MARK: Many runs

  @Test func `many runs are compared pair by pair`() async throws {
    for seed in 1...3 {
      succeeds(
        try await extract(
          "train", "--out", folder["runs/seed-\(seed)"], "--hidden", "30", "--max-length", "5",
          "--gain", "0.3", "--learning-rate", "0.2", "--epochs", "300", "--checkpoint-every", "100",
          "--seed", "\(seed)"))
    }
    let output = succeeds(try await extract("figures", "--runs", folder["runs"]))
    #expect(output.hasPrefix("run     epoch  states"))
    let out = folder["runs/figures"]
    let members = try table("\(out)/final-automata.csv").rows
    #expect(members.map { $0["run"] } == ["seed-1", "seed-2", "seed-3"])
    // Every pair that is merged in a run is counted once.
    let shares = try table("\(out)/merger-shares.csv").rows
    let agreeing = try members.reduce(0) {
      try $0 + number($1, "merged_pairs") - number($1, "disagreeing_merged_pairs")
    }
    #expect(try shares.reduce(0) { try $0 + number($1, "runs") * number($1, "pairs") } == agreeing)
    let candidates = try shares.reduce(0) { try $0 + number($1, "pairs") }
    let agreement = Agreement(
      classes: Partition(
        labels: PrefixTree.complete(symbolCount: 2, depth: 5).words.map { $0.reduce(0, +) % 2 }))
    #expect(candidates == Double(agreement.agreeingPairs))
    let shared = try table("\(out)/shared-mergers.csv").rows
    #expect(shared.count == 63 * 63)
    for member in members {
      let name = try #require(member["run"])
      succeeds(try await extract("--checkpoints", folder["runs/\(name)"], "--validate-lengths", ""))
      let last = try #require(try table(folder["runs/\(name)/automata/states.csv"]).rows.last)
      #expect(last["states"] == member["states"] && last["merged_pairs"] == member["merged_pairs"])
      #expect(last["equivalent_to_task"] == member["equivalent_to_task"])
    }
  }

  @Test func `what cannot be compared is told so`() async throws {
    let nothing = try await extract("figures", "--runs", folder["none"])
    fails(nothing, "\(folder["none"]): there is no such folder.")
    succeeds(try await trainTiny(folder["runs/a"], "--epochs", "2"))
    fails(
      try await extract("figures", "--runs", folder["runs"]),
      "\(folder["runs"]) holds 1 run, but needed are at least two, each a folder with config.json or "
        + "checkpoints/. For a single run: extract figures RUN")
    succeeds(try await trainTiny(folder["runs/b"], "--epochs", "2", "--task", "mod-3"))
    fails(
      try await extract("figures", "--runs", folder["runs"]),
      "\(folder["runs"])/b: the run has another task, alphabet or word length than "
        + "\(folder["runs"])/a, but needed are runs of one recipe.")
  }

  // MARK: Runs that have less to show

  @Test func `a run with one checkpoint has the figures that need no course`() async throws {
    let run = try await copyOfRun()
    for epoch in stride(from: 0, to: 300, by: 25) {
      try FileManager.default.removeItem(
        atPath: "\(run)/checkpoints/epoch-\(CheckpointFile.digits(epoch)).safetensors")
    }
    try FileManager.default.removeItem(atPath: "\(run)/metrics.csv")
    let outcome = try await extract("figures", run)
    succeeds(outcome)
    let reasons = leftOut(outcome)
    let reason = "the run has one checkpoint, so nothing changes over epochs."
    #expect(
      Set(reasons.keys) == [
        "losses-and-states", "loss-by-length", "trajectories", "mean-distance",
        "output-map-order", "diverging-mergers", "pairs-apart", "alluvial",
        "states-by-epoch-and-distance",
      ])
    #expect(reasons.values.allSatisfy { $0 == reason })
    let page = try text("\(run)/figures/figures.html")
    #expect(page.contains("<figure id=\"merged-by-length\""))
    #expect(page.contains("<code>alluvial</code>: the run has one checkpoint"))
  }

  @Test func `networks of an unknown task have the figures that need none`() async throws {
    let run = try await copyOfRun()
    try FileManager.default.removeItem(atPath: "\(run)/config.json")
    try FileManager.default.removeItem(atPath: "\(run)/metrics.csv")
    let outcome = try await extract("figures", run, "--depth", "5")
    succeeds(outcome)
    #expect(
      Set(leftOut(outcome).keys) == [
        "loss-by-length", "merged-by-length", "trajectories", "diverging-mergers", "pairs-apart",
      ])
    #expect(outcome.output.contains("More would be shown with --task and a machine."))
    let page = try text("\(run)/figures/figures.html")
    #expect(page.contains("no task is known, so that no pair of words is known to agree"))
    #expect(page.contains("No losses are known"))
    #expect(try table("\(run)/figures/output-map-order.csv").header.contains("other_mean"))
  }

  @Test func `an untrained network and a run with gaps are drawn as they are`() async throws {
    succeeds(try await trainTiny(folder["run"], "--epochs", "3", "--checkpoint-every", "1"))
    try FileManager.default.removeItem(atPath: folder["run/checkpoints/epoch-000002.safetensors"])
    let outcome = try await extract("figures", folder["run"])
    succeeds(outcome)
    let rows = try table(folder["run/figures/mean-distance.csv"]).rows
    #expect(rows.map { $0["epoch"] } == ["0", "1", "3"])
    let losses = try table(folder["run/figures/losses-and-states.csv"]).rows
    #expect(losses.map { $0["states"] == "" } == [false, false, true, false])
  }

  @Test func `runs that make no sense are told so, and nothing is written`() async throws {
    let run = try await copyOfRun()
    let first = "\(run)/checkpoints/epoch-000000.safetensors"
    let middle = "\(run)/checkpoints/epoch-000150.safetensors"
    succeeds(try await trainTiny(folder["other"], "--epochs", "1"))
    try FileManager.default.removeItem(atPath: middle)
    try FileManager.default.copyItem(
      atPath: folder["other/checkpoints/epoch-000001.safetensors"], toPath: middle)
    fails(
      try await extract("figures", run),
      "\(middle): this network has 2 inputs, 8 hidden units, 2 outputs and relu, but that of "
        + "\(first) has 2 inputs, 30 hidden units, 2 outputs and relu.")
    var file = try TensorFile(data: try Data(contentsOf: URL(fileURLWithPath: first)))
    let bias = try #require(file.tensors["fc.bias"]?.floats)
    file.tensors["fc.bias"] = Tensor(shape: [2], values: bias.map { _ in .nan })
    try WholeFile.write(file.data(), to: middle)
    fails(
      try await extract("figures", run),
      "\(middle): 'fc.bias' holds a number that is not finite; had training diverged?")
    let misfit = try await extract("figures", folder["other"], "--task", "cycle-navigation-3")
    #expect(misfit.status == .exited(1) && misfit.output == "")
    for name in [run, folder["other"]] {
      #expect(!FileManager.default.fileExists(atPath: "\(name)/figures"))
    }
    misuses(
      try await extract("figures"), "Which run? Name its folder, or a folder of runs with --runs.")
    misuses(
      try await extract("figures", run, "--runs", run),
      "Name one run, or with --runs a folder of runs, not both.")
    fails(
      try await extract("figures", folder["none"]), "\(folder["none"]): there is no such folder.")
  }
}

extension PrefixTree {
  fileprivate var words: [[Int]] { (0..<count).map { word(of: $0) } }
}
