import Automata
import Extraction
import Files
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import Testing

/// A run of 13 checkpoints that learns parity on words up to length 6, for all tests that only
/// read it; with its automata, and what the program said when it wrote them.
private let sharedRun = Task {
  let folder = try TemporaryFolder(isShared: true)
  let path = folder["run"]
  try await trainSmallRun(path)
  let outcome = try await extract("--checkpoints", path, "--validate-words", "10")
  return (path: path, outcome: outcome)
}

private func machine(_ path: String) throws -> MooreMachine {
  let source = try text(path)
  return try path.hasSuffix(".json") ? MooreMachine(json: source) : MooreMachine(dot: source)
}

@Suite struct AutomataCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A copy of the shared run to spoil.
  private func copyOfRun() async throws -> String {
    let run = try await sharedRun.value.path
    for name in ["config.json", "metrics.csv", "checkpoints"] {
      try FileManager.default.createDirectory(
        atPath: folder["run"], withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: "\(run)/\(name)", toPath: folder["run/\(name)"])
    }
    return folder["run"]
  }

  // MARK: What is written

  @Test func `every checkpoint gets its files, and the run its tables and its film`() async throws {
    let (run, outcome) = try await sharedRun.value
    let output = succeeds(outcome)
    let epochs = try checkpointEpochs(run)
    #expect(epochs == Array(stride(from: 0, through: 300, by: 25)))
    let (_, rows) = try table("\(run)/automata/states.csv")
    var expected: Set = [
      "states.csv", "mergers.csv", "pairs.csv", "long-words.csv", "analysis.json", "movie.svg",
      "movie.html",
    ]
    for row in rows {
      let digits = CheckpointFile.digits(try #require(Int(row["epoch"] ?? "")))
      for kind in row["complete"] == "true" ? ["epoch", "minimal"] : ["epoch"] {
        for format in ["dot", "json", "svg"] { expected.insert("\(kind)-\(digits).\(format)") }
      }
    }
    let written = try contents(of: "\(run)/automata")
    #expect(Set(written.keys) == expected)
    #expect(written.values.allSatisfy { !$0.isEmpty })
    #expect(
      output.hasSuffix(
        "Written to \(run)/automata: states.csv, mergers.csv, pairs.csv, long-words.csv, the automata, "
          + "movie.svg and movie.html\n"))
    // Piped output has nothing of a progress bar; standard error is empty, see `succeeds`.
    #expect(!output.contains("\r") && !output.contains("\u{1b}"))
  }

  @Test func `the tables agree with the automata, the metrics and each other`() async throws {
    let run = try await sharedRun.value.path
    let (_, rows) = try table("\(run)/automata/states.csv")
    let metrics = try table("\(run)/metrics.csv").rows
    let events = try table("\(run)/automata/mergers.csv").rows
    let task = Language.parity.machine
    var last: Int?
    for (row, epoch) in zip(rows, try checkpointEpochs(run)) {
      #expect(row["epoch"] == "\(epoch)")
      let digits = CheckpointFile.digits(epoch)
      let automaton = try machine("\(run)/automata/epoch-\(digits).dot")
      let again = try machine("\(run)/automata/epoch-\(digits).json")
      #expect(try automaton.separatingWord(from: again) == nil)
      #expect(row["states"] == "\(automaton.stateCount)")
      #expect(row["complete"] == "\(automaton.isComplete)")
      #expect(row["open_transitions"] == "\(automaton.openTransitionCount)")
      // The run was trained on words of length 1 and more.
      let difference = try automaton.separatingWord(from: task, emptyWordCounts: false)
      #expect(row["equivalent_to_task"] == "\(difference == nil)")
      #expect(row["separating_word"] == difference.map { automaton.alphabet.format($0) } ?? "")
      if automaton.isComplete {
        let minimal = try machine("\(run)/automata/minimal-\(digits).dot")
        #expect(minimal.minimized().stateCount == minimal.stateCount)
        #expect(try minimal.isEquivalent(to: automaton))
        #expect(row["minimal_states"] == "\(minimal.stateCount)")
      } else {
        #expect(row["minimal_states"] == "")
      }
      #expect(row["train_loss"] == metrics[epoch]["train_loss"])
      #expect(row["validation_loss"] == metrics[epoch]["validation_loss"])
      let consistency = try #require(Double(row["consistency"] ?? ""))
      #expect(consistency > 0 && consistency <= 1)

      let classes = try #require(Int(row["classes"] ?? ""))
      #expect(classes >= automaton.stateCount)
      let here = events.filter { $0["to_epoch"] == "\(epoch)" }
      if let before = last {
        let mergers = try #require(Int(row["mergers"] ?? ""))
        let splits = try #require(Int(row["splits"] ?? ""))
        #expect(classes == before + splits - mergers)
        func count(_ event: String, _ kind: String) -> Int {
          here.count { $0["event"] == event && $0["kind"] == kind }
        }
        #expect(count("merger", "raw") == mergers)
        #expect(count("split", "raw") == splits)
        #expect(row["lasting_mergers"] == "\(count("merger", "lasting"))")
        #expect(row["lasting_splits"] == "\(count("split", "lasting"))")
        #expect(here.allSatisfy { $0["from_epoch"] == "\(epoch - 25)" })
      } else {
        #expect(row["mergers"] == "" && row["splits"] == "" && here.isEmpty)
      }
      last = classes
    }
    #expect(rows.count == 13)
    // The run is of some interest: it has complete automata and others.
    #expect(Set(rows.map { $0["complete"] }) == ["true", "false"])
  }

  @Test func `merged pairs and distances are those of the hidden states`() async throws {
    let run = try await sharedRun.value.path
    let (_, rows) = try table("\(run)/automata/states.csv")
    let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
    var moments = ColumnMoments(columns: 30)
    var points: [MatrixBuffer] = []
    for file in try RunFolder(run).checkpointFiles() {
      let network = try file.read().network
      let pass = TreePass(network)
      pass.run(tree)
      moments.add(pass.hidden, rows: 0..<tree.count)
      points.append(pass.hidden)
    }
    let labels = (0..<tree.count).map { Int32(tree.word(of: $0).reduce(0, +) % 2) }
    let agreement = Agreement(classes: Partition(labels: labels.map(Int.init)))
    var history = PairHistory(words: tree, agreement: agreement)
    for (epoch, (row, hidden)) in zip(rows, points).enumerated() {
      let pairs = history.append(epoch: epoch, hidden, mergeDistance: 0.01 * moments.scale)
      #expect(row["merged_pairs"] == "\(pairs.merged)")
      #expect(row["disagreeing_merged_pairs"] == "\(try #require(pairs.disagreeingMerged))")
      #expect(row["mean_distance"] == "\(pairs.meanDistance)")
      #expect(row["lasting_classes"] == "\(pairs.lasting.count)")
    }
    let lengths = try table("\(run)/automata/pairs.csv").rows
    let counts = lengths.compactMap { Int($0["pairs"] ?? "") }
    let total: Int = counts.reduce(0, +)
    #expect(total == 8001)
  }

  @Test func `the same files come out again, wherever they are written`() async throws {
    let run = try await sharedRun.value.path
    succeeds(
      try await extract(
        "--checkpoints", run + "/", "--out", folder["elsewhere"], "--validate-words", "10"))
    #expect(
      differences(
        try contents(of: "\(run)/automata"), try contents(of: folder["elsewhere"])) == [])
  }

  @Test func `depth, merge distance and scale change what is seen`() async throws {
    let run = try await sharedRun.value.path
    func last(_ options: String...) async throws -> [String: String] {
      succeeds(
        try await extract(
          ["--checkpoints", run, "--out", folder["out"], "--validate-lengths", ""] + options))
      return try #require(try table(folder["out/states.csv"]).rows.last)
    }
    let plain = try await last()
    let shallow = try await last("--depth", "0")
    #expect(shallow["classes"] == "1" && shallow["merged_pairs"] == "0")
    let deep = try await last("--depth", "8")
    #expect(Int(deep["classes"] ?? "") ?? 0 > Int(plain["classes"] ?? "") ?? .max)
    let exact = try await last("--merge-distance", "0")
    #expect(exact["classes"] == "127")
    let all = try await last("--merge-distance", "1e308")
    #expect(all["classes"] == "1" && all["merged_pairs"] == "8001")
    let coarse = try await last("--merge-distance", "0.1")
    #expect(coarse["equivalent_to_task"] == "true" && coarse["minimal_states"] == "2")
    let own = try await last("--scale", "checkpoint")
    #expect(own["merged_pairs"] != plain["merged_pairs"])
  }

  // MARK: Other people's checkpoints

  /// The shared run's checkpoints as PyTorch would have saved them: no metadata, no configuration,
  /// other names.
  private func foreignRun(_ change: (inout TensorFile) -> Void = { _ in }) async throws -> String {
    let run = try await sharedRun.value.path
    for file in try RunFolder(run).checkpointFiles() {
      var tensors = try TensorFile(data: WholeFile.read(file.path))
      tensors.metadata = ["format": "pt"]
      change(&tensors)
      try WholeFile.write(tensors.data(), to: folder["foreign/net_\(file.epoch)_final.safetensors"])
    }
    return folder["foreign"]
  }

  @Test func `a folder of bare state dicts is a run once it is said what they are`() async throws {
    let run = try await foreignRun()
    let first = "\(run)/net_0_final.safetensors"
    let known = ["--checkpoints", run]
    fails(
      try await extract(known),
      "\(first): nothing says which nonlinearity the network has. Try --nonlinearity relu or tanh.")
    let cell = known + ["--nonlinearity", "relu"]
    fails(
      try await extract(cell),
      "\(first): nothing says which hidden state the network starts from. Try --start 0 (PyTorch's "
        + "default) or --start 1.")
    let network = cell + ["--start", "1"]
    fails(
      try await extract(network),
      "\(first): nothing says which 2 symbols the network reads. Try --task parity, or --alphabet "
        + "with the symbols in the network's order.")
    let shared = try await sharedRun.value.path
    succeeds(try await extract(network + ["--task", "parity", "--depth", "6"]))
    for name in ["epoch-000300.dot", "minimal-000000.dot", "mergers.csv"] {
      #expect(try text("\(run)/automata/\(name)") == text("\(shared)/automata/\(name)"))
    }
    // Without a task there is nothing to be equivalent to, nor losses.
    succeeds(
      try await extract(network + ["--alphabet", "ab", "--depth", "6", "--out", folder["plain"]]))
    let task = try table("\(run)/automata/states.csv").rows
    let plain = try table(folder["plain/states.csv"]).rows
    for (a, b) in zip(task, plain) {
      for column in ["epoch", "classes", "states", "merged_pairs", "mean_distance"] {
        #expect(a[column] == b[column])
      }
      for column in ["equivalent_to_task", "separating_word", "disagreeing_merged_pairs"] {
        #expect(b[column] == "")
      }
      #expect(a["train_loss"] == "" && b["train_loss"] == "")
    }
    #expect(try machine(folder["plain/epoch-000300.dot"]).alphabet.symbols == ["a", "b"])
    fails(
      try await extract(network + ["--alphabet", "abc"]),
      "\(first): the network reads 2 symbols, but the alphabet {a, b, c} has 3.")
    fails(
      try await extract(network + ["--alphabet", "ab", "--task", "parity"]),
      "\(first): the network reads {a, b}, but the task parity is over {0, 1}. Try --alphabet with "
        + "the task's symbols, or another --task.")
    fails(
      try await extract(network + ["--task", "mod-3"]),
      "\(first): the network has 2 outputs, but the task mod-3 has 3.")
  }

  @Test func `symbols in another order are the same symbols`() async throws {
    // The task used to be asked by position: what the network calls its first symbol was taken for
    // the task's first, and every merged pair and long word was judged by the wrong target.
    let run = try await foreignRun { file in
      let weights = file.tensors["rnn.weight_ih_l0"]!.floats!
      file.tensors["rnn.weight_ih_l0"] = Tensor(
        shape: [30, 2], values: weights.indices.map { weights[$0 ^ 1] })
    }
    let output = succeeds(
      try await extract(
        "--checkpoints", run, "--nonlinearity", "relu", "--start", "1", "--task", "parity",
        "--alphabet", "10", "--depth", "6", "--merge-distance", "0.1"))
    let shared = try await sharedRun.value.path
    succeeds(
      try await extract(
        "--checkpoints", shared, "--merge-distance", "0.1", "--out", folder["straight"]))
    let turned = try table("\(run)/automata/states.csv").rows
    let straight = try table(folder["straight/states.csv"]).rows
    for (a, b) in zip(turned, straight) {
      #expect(a["disagreeing_merged_pairs"] == b["disagreeing_merged_pairs"])
      #expect(a["merged_pairs"] == b["merged_pairs"])
    }
    #expect(turned.last?["equivalent_to_task"] == "true")
    #expect(output.contains(" 10000    100          1.000            1.000       1.000\n"))
  }

  @Test func `words that lead to equivalent states of the task agree`() async throws {
    // A task's machine need not be minimal; here it is parity in four states.
    let run = try await copyOfRun()
    try write(
      """
      digraph {
        s0 [label="s0"]; s1 [label="s1", shape=doublecircle]
        s2 [label="s2"]; s3 [label="s3", shape=doublecircle]
        __start0 [label="", shape=none]; __start0 -> s0
        s0 -> s2 [label="0"]; s0 -> s1 [label="1"]; s1 -> s3 [label="0"]; s1 -> s0 [label="1"]
        s2 -> s0 [label="0"]; s2 -> s3 [label="1"]; s3 -> s1 [label="0"]; s3 -> s2 [label="1"]
      }
      """, to: folder["parity.dot"])
    succeeds(
      try await extract(
        "--checkpoints", run, "--task", "machine:\(folder["parity.dot"])"))
    let shared = try table("\(try await sharedRun.value.path)/automata/states.csv").rows
    let rows = try table("\(run)/automata/states.csv").rows
    for column in ["disagreeing_merged_pairs", "equivalent_to_task", "separating_word"] {
      #expect(rows.map { $0[column] } == shared.map { $0[column] })
    }
  }

  @Test func `a file's number is its epoch, whatever its notes say`() async throws {
    // This used to stop the program: the history expected epochs to increase.
    let run = try await copyOfRun()
    try FileManager.default.copyItem(
      atPath: "\(run)/checkpoints/epoch-000025.safetensors",
      toPath: "\(run)/checkpoints/epoch-000500.safetensors")
    succeeds(try await extract("--checkpoints", run))
    let rows = try table("\(run)/automata/states.csv").rows
    #expect(rows.last?["epoch"] == "500" && rows.last?["train_loss"] == "")
    #expect(rows.last?["classes"] == rows[1]["classes"])
  }

  // MARK: What cannot be written

  @Test func `where the film has no room the older one stays whole, and it is said in a sentence`()
    async throws
  {
    let folder = try TemporaryFolder()
    let run = folder["run"]
    succeeds(try await trainTiny(run, "--epochs", "4"))
    succeeds(try await extract("--checkpoints", run))
    let before = try contents(of: run)
    // Tables, automata and pictures fit; films are larger.
    let again = ["--checkpoints", run, "--merge-distance", "0.02"]
    fails(
      try await extract(again, filesUpTo: 24),
      "\(run)/automata/movie.svg cannot be written: File too large.")
    let after = try contents(of: run)
    #expect(after.keys.sorted() == before.keys.sorted())
    for name in ["automata/movie.svg", "automata/movie.html"] {
      #expect(after[name] == before[name], "\(name)")
    }
    succeeds(try await extract(again))
  }

  @Test func `standard output that is full is a failure`() async throws {
    let outcome = try await extractIntoFullDevice("tasks", "parity")
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.error == "Error: standard output cannot be written: No space left on device.\n")
  }

  // MARK: What cannot be read

  @Test func `folders that are no runs are told so`() async throws {
    fails(
      try await extract("--checkpoints", folder["none"]),
      "\(folder["none"]): there is no such folder.")
    try write("", to: folder["file"])
    fails(
      try await extract("--checkpoints", folder["file"]),
      "\(folder["file"]) is a file; it must be the folder of a run or of checkpoints.")
    try write("", to: folder["empty/notes.txt"])
    fails(
      try await extract("--checkpoints", folder["empty"]),
      "\(folder["empty"]) holds no checkpoint: no file whose name ends in .safetensors, .pt, "
        + ".pth, .ckpt.")
    try write("", to: folder["names/final.safetensors"])
    fails(
      try await extract("--checkpoints", folder["names"]),
      "\(folder["names"])/final.safetensors: checkpoints are taken in the order of the numbers in "
        + "their names, but this name has none. Rename the file, or move it away.")
    try write("", to: folder["twice/a7.safetensors"])
    try write("", to: folder["twice/b07.safetensors"])
    fails(
      try await extract("--checkpoints", folder["twice"]),
      "\(folder["twice"])/a7.safetensors and \(folder["twice"])/b07.safetensors are both number 7; "
        + "rename or remove one of them.")
  }

  @Test func `a broken checkpoint is named with what is wrong with it`() async throws {
    let run = try await copyOfRun()
    let path = "\(run)/checkpoints/epoch-000100.safetensors"
    let good = try WholeFile.read(path)
    let file = try TensorFile(data: good)
    func changed(_ change: (inout TensorFile) -> Void) -> Data {
      var other = file
      change(&other)
      return other.data()
    }
    let header = String(decoding: good[8...].prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    func reheaded(_ old: String, _ new: String) -> Data {
      var data = good
      // The same length, so that nothing else moves.
      let range = data.range(of: Data(old.utf8))!
      data.replaceSubrange(range, with: Data(new.utf8))
      return data
    }
    #expect(header.contains("[8,248]"))
    let keys = NetworkShape(inputs: 2, hidden: 30, outputs: 2).keys.joined(separator: ", ")
    let cases: [(Data, String)] = [
      (Data(), "the file has 0 bytes, too few for a safetensors file; was it cut off?"),
      (
        Data("GIF89a, which is something else".utf8),
        "the header says it is 2318334806574123335 bytes long, but only 23 follow; "
          + "this is no safetensors file, or it was cut off."
      ),
      (
        good.dropLast(100),
        "'rnn.weight_ih_l0' lies at bytes 4088 to 4328, but the file holds 4228; was it cut off?"
      ),
      (
        reheaded("[8,248]", "[8,249]"),
        "'fc.weight' has shape [2, 30], which does not fit its 241 bytes."
      ),
      (reheaded("[8,248]", "[4,244]"), "'fc.weight' overlaps another tensor."),
      (
        reheaded("[8,248]", "[9,249]"),
        "'fc.weight' begins at byte 9, but the tensor before it ends at 8."
      ),
      (
        reheaded("\"F32\"", "\"I32\""),
        "'fc.bias' has type I32, but weights are floating-point numbers."
      ),
      (
        changed { $0.tensors["fc.bias"] = nil },
        "'fc.bias' is missing; an Elman network has \(keys)."
      ),
      (
        changed { $0.tensors["fc2.bias"] = Tensor(shape: [1], values: [Float(0)]) },
        "'fc2.bias' is none of the tensors of an Elman network, \(keys)."
      ),
      (
        changed {
          $0.tensors["fc.bias"] = Tensor(shape: [3], values: [Float](repeating: 0, count: 3))
        },
        "'fc.bias' has shape [3]; it must be [2], to go with rnn.weight_ih_l0 and fc.weight."
      ),
      (
        changed { $0.tensors["fc.bias"] = Tensor(shape: [2], values: [Float.nan, 0]) },
        "'fc.bias' holds a number that is not finite; had training diverged?"
      ),
      // Finite, but not for long.
      (
        changed {
          $0.tensors["rnn.weight_hh_l0"] = Tensor(
            shape: [30, 30], values: [Float](repeating: 3e38, count: 900))
        },
        "the hidden state after some word is not finite; had training diverged?"
      ),
      (
        Self.network(hidden: 4),
        "this network has 2 inputs, 4 hidden units, 2 outputs and relu, but that of "
          + "\(run)/checkpoints/epoch-000000.safetensors has 2 inputs, 30 hidden units, 2 outputs "
          + "and relu."
      ),
    ]
    for (data, sentence) in cases {
      try WholeFile.write(data, to: path)
      fails(try await extract("--checkpoints", run), "\(path): \(sentence)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(run)/automata"))
  }

  private static func network(hidden: Int) -> Data {
    var generator = SplitMix64(seed: 1)
    let network = RecurrentNetwork(
      shape: NetworkShape(inputs: 2, hidden: hidden, outputs: 2, activation: .relu), gain: 1,
      start: 1, using: &generator)
    return Checkpoint(epoch: 100, network: network, alphabet: .digits(2)).file().data()
  }

  @Test func `a state just beyond the evaluated words that is not finite names the file`()
    async throws
  {
    // Each symbol multiplies by 1e10: finite up to length 3, which is as far as is looked.
    let network = RecurrentNetwork(
      shape: NetworkShape(inputs: 2, hidden: 1, outputs: 2, activation: .relu), start: 1)
    network.parameters.layers[0].recurrentWeights[0, 0] = 1e10
    let file = Checkpoint(epoch: 0, network: network, alphabet: .digits(2)).file()
    try WholeFile.write(file.data(), to: folder["huge/0.safetensors"])
    let outcome = try await extract(
      "--checkpoints", folder["huge"], "--depth", "3", "--validate-lengths", "")
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.error.hasPrefix("Error: \(folder["huge"])/0.safetensors: the hidden state after "))
    #expect(outcome.error.hasSuffix(" is not finite; had training diverged?\n"))
  }

  @Test func `networks whose numbers are large but finite are extracted`() async throws {
    // Squares of their hidden states are beyond single precision.
    var generator = SplitMix64(seed: 2)
    for unit in [Float(1e37), 1e-37] {
      let network = RecurrentNetwork(
        shape: NetworkShape(inputs: 2, hidden: 6, outputs: 2, activation: .relu),
        start: unit)
      for row in 0..<6 {
        for column in 0..<6 {
          network.parameters.layers[0].recurrentWeights[row, column] =
            Float.random(in: -0.4...0.4, using: &generator)
        }
        for column in 0..<2 {
          network.parameters.layers[0].inputWeights[row, column] =
            Float.random(in: -1...1, using: &generator) * unit
        }
      }
      let file = Checkpoint(epoch: 0, network: network, alphabet: .digits(2)).file()
      try WholeFile.write(file.data(), to: folder["run/0.safetensors"])
      succeeds(try await extract("--checkpoints", folder["run"], "--depth", "5"))
      let row = try #require(try table(folder["run/automata/states.csv"]).rows.first)
      let classes = try #require(Int(row["classes"] ?? ""))
      #expect(classes > 1 && classes <= 63)
      let distance = try #require(Double(row["mean_distance"] ?? ""))
      #expect(distance > 0.01 * Double(unit) && distance < 100 * Double(unit))
    }
  }

  @Test func `a configuration that makes no sense is told so`() async throws {
    let run = try await copyOfRun()
    let config = try text("\(run)/config.json")
    try write(
      config.replacingOccurrences(of: "\"maxLength\" : 6", with: "\"maxLength\" : -6"),
      to: "\(run)/config.json")
    fails(
      try await extract("--checkpoints", run),
      "\(run)/config.json is no configuration of a run: max-length is -6; it must be from 0 to "
        + "10000.")
    try write("no JSON", to: "\(run)/config.json")
    fails(
      try await extract("--checkpoints", run),
      "\(run)/config.json is no configuration of a run: it is not valid JSON.")
  }

  @Test func `options that make no sense are told so`() async throws {
    let run = try await sharedRun.value.path
    for (options, message) in [
      (["--depth=-1"], "--depth is -1; it must be at least 0."),
      (
        ["--merge-distance=-1"],
        "--merge-distance is -1.0; it must be at least 0, or auto."
      ),
      (
        ["--merge-distance", "nan"],
        "--merge-distance is nan; it must be at least 0, or auto."
      ),
      (["--validate-words", "0"], "--validate-words is 0; it must be at least 1."),
      (["--start", "inf"], "--start is inf; it must be a finite number."),
      (
        ["--validate-lengths", "25,x"],
        "--validate-lengths has 'x'; it takes numbers from 0 to 1000000 with commas between them."
      ),
    ] {
      let outcome = try await extract(["--checkpoints", run] + options)
      misuses(outcome, message)
    }
    fails(
      try await extract("--checkpoints", run, "--depth", "30"),
      "There are more than 1048576 words up to length 30 over 2 symbols, too many to look at. "
        + "Try a smaller --depth.")
    misuses(
      try await extract("--checkpoints", run, "--alphabet", "00"),
      "--alphabet 00: The symbol '0' occurs twice in the alphabet.")
    let nothing = try await extract()
    #expect(nothing.status == .exited(64))
    #expect(nothing.error.hasPrefix("Error: Missing expected argument '--checkpoints <folder>'"))
  }
}

@Suite struct CompareCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `equivalent machines give exit code 0, others 1 and the least difference`()
    async throws
  {
    #expect(succeeds(try await extract("compare", "parity", "mod-2")) == "equivalent\n")
    let different = try await extract("compare", "parity", "mod-3")
    #expect(different.status == .exited(1) && different.error == "")
    #expect(different.output.hasPrefix("different: 11\n"))
    #expect(different.output.contains("output 0") && different.output.contains("output 2"))
    let empty = try await extract("compare", "parity", "tomita-5")
    #expect(empty.status == .exited(1) && empty.output.hasPrefix("different: ε\n"))
  }

  @Test func `files and tasks can be compared, in both formats`() async throws {
    let run = try await sharedRun.value.path
    let dot = "\(run)/automata/epoch-000300.dot"
    #expect(
      succeeds(try await extract("compare", dot, "\(run)/automata/epoch-000300.json"))
        == "equivalent\n")
    let automaton = try machine(dot)
    let word = try #require(try automaton.separatingWord(from: Language.parity.machine))
    let outcome = try await extract("compare", dot, "parity")
    #expect(outcome.status == .exited(1))
    #expect(outcome.output.hasPrefix("different: \(automaton.alphabet.format(word))\n"))
  }

  @Test func `what cannot be compared is told so`() async throws {
    fails(
      try await extract("compare", "parity", "cycle-navigation-3"),
      "The machines read different symbols, {0, 1} and {-, 0, +}; only machines over the same set "
        + "can be compared.")
    fails(
      try await extract("compare", "parity", folder["none.dot"]),
      "\(folder["none.dot"]) cannot be read: The file doesn’t exist.")
    try write("digraph {", to: folder["half.dot"])
    let half = try await extract("compare", folder["half.dot"], "parity")
    #expect(half.status == .exited(1))
    #expect(half.error.hasPrefix("Error: \(folder["half.dot"]): DOT, line 1"))
    misuses(try await extract("compare", "parity"), "Missing expected argument '<second>'")
  }
}
