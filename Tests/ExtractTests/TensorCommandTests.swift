// Networks and tables that other programs saved, and tables for other programs.

import Automata
import Files
import Foundation
import LinearAlgebra
import RNN
import Tasks
import TensorFiles
import Testing

private func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../fixtures/tensors/\(name)").standardizedFileURL.path
}

/// Puts a file of the fixtures into a folder.
private func copy(_ name: String, to path: String) throws {
  try WholeFile.write(WholeFile.read(fixture(name)), to: path)
}

@Suite struct PyTorchFolderTests {
  private let folder: TemporaryFolder
  private let options = [
    "--task", "parity", "--nonlinearity", "tanh", "--start", "0", "--depth", "5",
    "--validate-lengths",
    "25",
  ]

  init() throws { folder = try TemporaryFolder() }

  @Test func `a network is the same in PyTorch's file, in safetensors and under other names`()
    async throws
  {
    let names = ["elman.safetensors", "elman.pt", "training.pth", "prefixed.pt", "parameters.pt"]
    var automata: [[String: Data]] = []
    for (index, name) in names.enumerated() {
      let run = folder["\(index)"]
      let end = (name as NSString).pathExtension
      try copy(name, to: "\(run)/epoch_3_loss_0.25.\(end)")
      try copy(name, to: "\(run)/epoch_12_loss_0.25.\(end)")
      succeeds(try await extract(["--checkpoints", run] + options))
      automata.append(try contents(of: "\(run)/automata"))
    }
    #expect(automata[0]["epoch-000012.dot"] != nil)
    for other in automata.dropFirst() {
      // The film's title is the task's name, so that all is the same but the names of the files.
      #expect(differences(automata[0], other) == ["analysis.json"])
    }
  }

  @Test func `an embedding in front reads as the network that it comes to`() async throws {
    let symbols = ["--alphabet", "abc", "--nonlinearity", "tanh", "--start", "0", "--depth", "4"]
    try copy("embedding.pt", to: folder["a/step-1.pt"])
    try copy("embedding.safetensors", to: folder["b/step-1.safetensors"])
    for name in ["a", "b"] {
      succeeds(
        try await extract(
          ["--checkpoints", folder[name], "--out", folder["out/\(name)"]] + symbols))
    }
    let dot = try ["a", "b"].map { try text(folder["out/\($0)/epoch-000001.dot"]) }
    #expect(dot[0] == dot[1])
  }

  @Test func `folders and files that cannot be read say why`() async throws {
    try copy("elman.pt", to: folder["mixed/step-1.pt"])
    try copy("elman.safetensors", to: folder["mixed/step-2.safetensors"])
    fails(
      try await extract(["--checkpoints", folder["mixed"]] + options),
      "\(folder["mixed"]) holds files of different kinds, such as step-2.safetensors and step-1.pt; "
        + "keep those of one run in a folder of their own.")
    for (name, sentence) in [
      (
        "calls.pt",
        "it needs `__builtin__.eval`, which this reader never calls: a file may not run code here. "
          + "Save the state_dict alone: torch.save(model.state_dict(), path)."
      ),
      (
        "bidirectional.pt",
        "'rnn.bias_hh_l0_reverse' belongs to a bidirectional network, which has no state after a "
          + "word's beginning; it must read from left to right."
      ),
      (
        "legacy.pt",
        "this is a file of PyTorch before 1.6, a bare pickle, which is not read. Load it in PyTorch "
          + "and save it again: torch.save(torch.load(path), path)."
      ),
    ] {
      try copy(name, to: folder["bad/step-1.pt"])
      fails(
        try await extract(["--checkpoints", folder["bad"]] + options),
        "\(folder["bad"])/step-1.pt: \(sentence)")
    }
    try copy("elman.pt", to: folder["good/step-1.pt"])
    fails(
      try await extract(["--checkpoints", folder["good"], "--readout", "head"] + options),
      "\(folder["good"])/step-1.pt: 'head' is no linear layer in it; one could be 'fc'.")
  }
}

/// What the library leaves to be asked is asked for by the option that answers it.
@Suite struct TensorAdviceTests {
  @Test(arguments: [
    (
      ["encoder.", "decoder."], ["fc.weight": [2, 3]],
      "it has several recurrent layers, 'decoder', 'encoder'. Say which one by --prefix decoder."
    ),
    (
      ["rnn."], ["a.weight": [2, 3], "a.bias": [2], "b.weight": [2, 3], "b.bias": [2]],
      "several matrices could read the outputs off the hidden state, 'a.weight', 'b.weight'. Say "
        + "which one by --readout a."
    ),
    (
      ["rnn."], ["fc.weight": [2, 3], "norm.weight": [3]],
      "'norm.weight' with shape [3] is no part of a recurrent layer, an embedding or a readout, and "
        + "the network may compute something else with it. To leave it out, try --readout fc."
    ),
  ])
  func `what could be read in several ways names the option that decides`(
    prefixes: [String], others: [String: [Int]], sentence: String
  ) async throws {
    var shapes = others
    for prefix in prefixes {
      shapes["\(prefix)weight_ih_l0"] = [3, 2]
      shapes["\(prefix)weight_hh_l0"] = [3, 3]
      shapes["\(prefix)bias_ih_l0"] = [3]
      shapes["\(prefix)bias_hh_l0"] = [3]
    }
    let file = TensorFile(
      tensors: shapes.mapValues {
        Tensor(shape: $0, values: [Float](repeating: 0, count: $0.reduce(1, *)))
      })
    let folder = try TemporaryFolder()
    let path = folder["run/step-1.safetensors"]
    try WholeFile.write(file.data(), to: path)
    fails(
      try await extract(
        "--checkpoints", folder["run"], "--alphabet", "ab", "--nonlinearity", "tanh", "--start", "0"
      ),
      "\(path): \(sentence)")
    let listed = succeeds(try await extract("inspect", path))
    #expect(listed.hasSuffix("\nNot read as a network: \(sentence)\n"))
  }
}

/// Networks as people train them; fixtures/foreign says what they are.
@Suite struct ForeignNetworkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ name: String) throws -> String {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../fixtures/foreign/\(name).safetensors").path
    try WholeFile.write(WholeFile.read(path), to: folder["\(name)/step-600.safetensors"])
    return folder[name]
  }

  @Test func `a GRU with one logit that learnt parity has the two states of parity`() async throws {
    let run = try run("gru-logit")
    let said = succeeds(
      try await extract(
        "--checkpoints", run, "--task", "parity", "--start", "0", "--merge-distance", "auto"))
    #expect(said.contains("its minimal equivalent has 2: it computes parity"))
    let machine = "\(run)/automata/minimal-000600.dot"
    let compared = try await extract("compare", machine, "parity")
    #expect(
      succeeds(try await extract("compare", machine, "parity", "--without-empty-word"))
        == "equivalent but for ε, which was left out\n")
    // What it says before the first symbol was not asked; it may be either.
    #expect(["equivalent\n", "different: ε"].contains { compared.output.hasPrefix($0) })
    // Another threshold is another network: at one that no logit reaches all words are class 0.
    succeeds(
      try await extract(
        "--checkpoints", run, "--task", "parity", "--start", "0", "--merge-distance", "auto",
        "--threshold", "1000"))
    let states = try table("\(run)/automata/states.csv").rows
    #expect(states.last?["minimal_states"] == "1" && states.last?["separating_word"] == "1")
    misuses(
      try await extract("--checkpoints", run, "--threshold", "inf"),
      "--threshold is inf; it must be a finite number.")
    #expect(
      succeeds(try await extract("inspect", "\(run)/step-600.safetensors"))
        .contains("1, a logit: class 1 above --threshold"))
  }

  @Test func `a square matrix in front ends in a question with both answers`() async throws {
    let run = try run("projection-square")
    let options = ["--alphabet", "01", "--nonlinearity", "tanh", "--start", "0"]
    fails(
      try await extract(["--checkpoints", run] + options),
      "\(run)/step-600.safetensors: 'input.weight' with shape [2, 2] stands before the recurrent "
        + "layer and could be an embedding, whose rows are the symbols' vectors, or a linear layer, "
        + "whose columns are. Say which: --embedding input or --projection input.")
    for name in ["--embedding", "--projection"] {
      succeeds(try await extract(["--checkpoints", run] + options + [name, "input"]))
    }
    misuses(
      try await extract(
        ["--checkpoints", run] + options + ["--embedding", "input", "--projection", "input"]),
      "--embedding and --projection exclude each other.")
  }
}

@Suite struct InspectCommandTests {
  @Test func `a checkpoint is listed with how it would be read`() async throws {
    let file = fixture("embedding.pt")
    #expect(
      succeeds(try await extract("inspect", file)) == """
        \(file): PyTorch, 4 tensors

        tensor            type  shape
        embedding.weight  F32   [3, 4]
        out.weight        F32   [2, 3]
        rnn.weight_hh_l0  F32   [3, 3]
        rnn.weight_ih_l0  F32   [3, 4]

        Read as a network (--checkpoints):
          cell             Elman (nn.RNN)
          layers           1
          symbols I        3
          hidden units H   3
          outputs O        2
          recurrent layer  rnn.*
          readout          out.weight
          embedding        embedding.weight, taken into the input weights
          biases           none: zeros
          nonlinearity     not said: --nonlinearity
          starting state   not said: --start
          alphabet         not said: --task or --alphabet

        """)
    let training = succeeds(try await extract("inspect", fixture("training.pth")))
    #expect(training.contains("\n  state dict       model_state_dict\n"))
    #expect(training.contains("\n  nonlinearity     tanh\n"))
    #expect(training.contains("\noptimizer_state_dict.state.0.exp_avg "))
    #expect(training.contains("\nepoch: 5\nloss: 0.25\n"))
  }

  @Test func `what is no network is listed all the same, with what is in the way`() async throws {
    let projected = succeeds(try await extract("inspect", fixture("projected.pt")))
    #expect(projected.contains("\nrnn.weight_hr_l0  F32   [2, 3]\n"))
    #expect(
      projected.contains("\nNot read as a network: 'rnn.weight_hr_l0' belongs to an LSTM with"))
    let arrays = succeeds(try await extract("inspect", fixture("arrays.npz")))
    #expect(arrays.contains("\nwords     text  [4]\n"))
    #expect(arrays.contains("\nNot read as representations: 'vectors' is missing;"))
    fails(
      try await extract("inspect", fixture("objects.npy")),
      "\(fixture("objects.npy")): a NumPy array of Python objects would have to be unpickled, which "
        + "may run code, and is not read. Save numbers, or text of dtype=str.")
  }

  @Test func `names that would command a terminal are shown harmlessly`() async throws {
    let folder = try TemporaryFolder()
    var file = TensorFile()
    file.tensors["a\u{1b}[2J"] = Tensor(shape: [1], values: [Float(0)])
    try WholeFile.write(file.data(), to: folder["a.safetensors"])
    let output = succeeds(try await extract("inspect", folder["a.safetensors"]))
    #expect(output.contains("a?[2J") && !output.contains("\u{1b}"))
  }
}

@Suite struct StatesCommandTests {
  private static let shared = Task {
    let folder = try TemporaryFolder(isShared: true)
    succeeds(try await trainTiny(folder["run"], "--epochs", "30", "--checkpoint-every", "10"))
    return folder
  }
  private let folder: TemporaryFolder
  private let run: String

  init() async throws {
    folder = try await Self.shared.value
    run = folder["run"]
  }

  @Test func `both formats hold the same, and it is what extraction says`() async throws {
    let own = try TemporaryFolder()
    for end in ["npz", "safetensors"] {
      let out = own["states.\(end)"]
      let said = succeeds(try await extract("states", run, "--epoch", "20", "--out", out))
      #expect(said.hasPrefix("\(out): 31 words of epoch 20, vectors of 8 numbers, "))
    }
    let npz = try TensorArchive(data: WholeFile.read(own["states.npz"]))
    let file = try TensorFile(data: WholeFile.read(own["states.safetensors"]))
    for (name, tensor) in file.tensors { #expect(npz.tensors[name] == tensor, "\(name)") }
    #expect(npz.texts["names"]?.values.prefix(5) == ["ε", "0", "1", "00", "01"])
    #expect(file.metadata["names"]?.hasPrefix(#"["ε","0","1","00","01","#) == true)
    #expect(file.metadata["epoch"] == "20" && file.metadata["alphabet"] == "0,1")
    #expect(file.tensors["words"]?.integers?.prefix(8) == [-1, -1, -1, -1, 0, -1, -1, -1])

    succeeds(try await extract("--checkpoints", run, "--out", own["automata"]))
    let row = try #require(
      try table(own["automata/states.csv"]).rows.first { $0["epoch"] == "20" })
    let classes = try #require(file.tensors["classes"]?.integers)
    let states = try #require(file.tensors["states"]?.integers)
    #expect("\(Set(classes).count)" == row["classes"])
    #expect("\(Set(states).subtracting([-1]).count)" == row["states"])
  }

  @Test func `what is exported comes back as representations with the same classes`() async throws {
    let own = try TemporaryFolder()
    for end in ["npz", "safetensors"] {
      for epoch in ["0", "10", "20", "30"] {
        succeeds(
          try await extract(
            "states", run, "--epoch", epoch, "--out", own["\(end)/epoch-\(epoch).\(end)"]))
      }
      succeeds(try await extract("--representations", own[end], "--task", "parity"))
    }
    succeeds(try await extract("--checkpoints", run, "--out", own["automata"]))
    let ours = try table(own["automata/states.csv"]).rows
    for end in ["npz", "safetensors"] {
      let theirs = try table(own["\(end)/automata/states.csv"]).rows
      for column in ["epoch", "classes", "mergers", "splits", "merged_pairs", "lasting_classes"] {
        #expect(ours.map { $0[column] } == theirs.map { $0[column] }, "\(column)")
      }
      // mergers.csv has nothing but classes in it.
      #expect(try text(own["automata/mergers.csv"]) == text(own["\(end)/automata/mergers.csv"]))
    }
  }

  @Test func `symbols with commas and quotes go from training to states and back`() async throws {
    let own = try TemporaryFolder()
    let machine = own["machine.json"]
    // An odd number of commas; the second symbol changes nothing.
    try Data(
      #"""
      {"format": "extract-automaton", "version": 1, "alphabet": [",", "[\"x\"]"],
       "outputs": ["a,b", "\n"],
       "states": [{"output": "a,b", "successors": [1, 0]}, {"output": "\n", "successors": [0, 1]}]}
      """#.utf8
    ).write(to: URL(fileURLWithPath: machine))
    let run = own["run"]
    succeeds(try await trainTiny(run, "--task", "machine:\(machine)", "--epochs", "3"))
    succeeds(try await extract("--checkpoints", run, "--out", own["automata"]))
    for end in ["npz", "safetensors"] {
      let out = own["\(end)/epoch-3.\(end)"]
      succeeds(try await extract("states", run, "--out", out))
      let table = try RepresentationFile(TensorArchive(data: WholeFile.read(out)))
      #expect(table.alphabet == [",", #"["x"]"#])
      succeeds(try await extract("--representations", own[end], "--task", "machine:\(machine)"))
    }
    let file = try TensorFile(data: WholeFile.read(own["safetensors/epoch-3.safetensors"]))
    let outputs = try #require(file.metadata["output_alphabet"])
    #expect(SymbolList.symbols(outputs, count: 2) == ["a,b", "\n"])
  }

  @Test func `a checkpoint that is not there and a format that is none are told`() async throws {
    fails(
      try await extract("states", run, "--epoch", "19", "--out", folder["s.npz"]),
      "\(run) has no checkpoint 19; the nearest is 20, of 4 from 0 to 30.")
    misuses(
      try await extract("states", run, "--out", folder["s.csv"]),
      "--out \(folder["s.csv"]): the name of the file ends in .safetensors or .npz, which says the "
        + "format.")
  }
}

@Suite struct RepresentationCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A table of some words whose vectors and outputs are functions of the word.
  private func write(
    _ name: String, _ words: [String], alphabet: [String]? = nil, classes: Bool = true,
    _ vector: (String) -> [Float]
  ) throws {
    var file = TensorFile()
    let vectors = words.map(vector)
    file.tensors["vectors"] = Tensor(
      shape: [words.count, vectors[0].count], values: vectors.flatMap { $0 })
    let parity = words.map { $0.count { $0 == "1" } % 2 }
    file.tensors["outputs"] =
      classes
      ? Tensor(shape: [words.count], values: parity.map(Int64.init))
      : Tensor(shape: [words.count, 2], values: parity.flatMap { [Float(1 - $0), Float($0)] })
    var texts = ["words": TextArray(shape: [words.count], values: words)]
    if let alphabet { texts["alphabet"] = TextArray(shape: [alphabet.count], values: alphabet) }
    try WholeFile.write(file.npz(texts: texts), to: folder[name])
  }

  private let all = ["", "0", "1", "00", "01", "10", "11", "000", "011", "110", "111"]

  private func parity(_ word: String) -> [Float] { [Float(word.count { $0 == "1" } % 2), 0.25] }

  @Test func `a table in any order is an automaton, a merger and a film`() async throws {
    try write("t/step-1.npz", all.reversed()) { word in
      [word.reduce(Float(word.count)) { 2 * $0 + ($1 == "1" ? 1 : 0) }, 0]
    }
    var generator = SplitMix64(seed: 5)
    try write("t/step-2.npz", all.shuffled(using: &generator), classes: false, parity)
    let said = succeeds(
      try await extract("--representations", folder["t"], "--task", "parity"))
    #expect(said.contains("2 checkpoints, epochs 1 to 2; 11 words up to length 3\n"))
    #expect(said.contains("it computes parity on words of any length."))
    let rows = try table(folder["t/automata/states.csv"]).rows
    #expect(rows.map { $0["classes"] } == ["11", "2"] && rows.map { $0["mergers"] } == ["", "9"])
    #expect(rows[0]["open_transitions"] == "12" && rows[1]["complete"] == "true")
    #expect(rows[1]["disagreeing_merged_pairs"] == "0")
    for name in ["movie.svg", "movie.html", "epoch-000002.svg", "minimal-000002.dot"] {
      #expect(try !text(folder["t/automata/\(name)"]).isEmpty)
    }
  }

  @Test func `one file is read alone and its automaton goes into a folder of its name`()
    async throws
  {
    try write("one.npz", all, parity)
    let said = succeeds(
      try await extract("--representations", folder["one.npz"], "--task", "parity"))
    #expect(said.hasPrefix("\(folder["one"]): parity, 1 checkpoints"))
    #expect(try table(folder["one/automata/states.csv"]).rows.map { $0["epoch"] } == ["0"])
  }

  @Test func `words without one of their prefixes are left out and counted`() async throws {
    try write("gaps.npz", ["", "0", "1", "01", "0110", "111"], parity)
    let said = succeeds(try await extract("--representations", folder["gaps.npz"]))
    #expect(
      said.contains(
        "4 words up to length 2, and 2 left out that have a prefix which is not in the table\n"))
    let deep = succeeds(
      try await extract("--representations", folder["gaps.npz"], "--depth", "2"))
    #expect(deep.contains("4 words up to length 2\n"))
  }

  @Test func `symbols of several letters have spaces between them`() async throws {
    try write("names.npz", ["", "go", "stop", "go stop"], parity)
    succeeds(try await extract("--representations", folder["names.npz"]))
    let dot = try text(folder["names/automata/epoch-000000.dot"])
    #expect(dot.contains("[label=\"go\"]") && dot.contains("[label=\"stop\"]"))
    // Without a word of two symbols the words are taken letter by letter, unless symbols are listed.
    try write("short.npz", ["", "go", "stop"], parity)
    #expect(
      succeeds(try await extract("--representations", folder["short.npz"])).contains(
        "1 words up to length 0, and 2 left out"))
    succeeds(
      try await extract("--representations", folder["short.npz"], "--alphabet", "go,stop"))
    try write("listed.npz", ["", "go", "stop"], alphabet: ["stop", "go"], parity)
    succeeds(try await extract("--representations", folder["listed.npz"]))
  }

  @Test func `tables that do not fit say what is wrong`() async throws {
    func complains(_ name: String, _ sentence: String, _ options: String...) async throws {
      fails(
        try await extract(["--representations", folder[name]] + options),
        "\(folder[name]): \(sentence)")
    }
    try await complains("none.npz", "there is no such file or folder.")
    try write("start.npz", ["0", "1"], parity)
    try await complains(
      "start.npz",
      "the empty word is missing, and that is where the automaton starts. Add a row for it: what the "
        + "system has before the first symbol, such as a transformer's state at its start token, or "
        + "zeros.")
    try write("nan.npz", all) { [$0 == "01" ? .nan : 0] }
    try await complains("nan.npz", "row 4 of 'vectors' holds a number that is not finite.")
    try write("letters.npz", all, parity)
    try await complains(
      "letters.npz",
      "a word has the symbol '0', but the alphabet is {a, b}. Symbols of several letters need spaces "
        + "between them, in every file.", "--alphabet", "ab")
    try WholeFile.write(WholeFile.read(fixture("elman.safetensors")), to: folder["net.safetensors"])
    try await complains(
      "net.safetensors",
      "'vectors' is missing; a table of representations has words, vectors and outputs, but the file "
        + "has fc.bias, fc.weight, rnn.bias_hh_l0, rnn.bias_ih_l0, rnn.weight_hh_l0, rnn.weight_ih_l0."
    )

    try write("two/step-1.npz", all, parity)
    try write("two/step-2.npz", all.dropLast(), parity)
    fails(
      try await extract("--representations", folder["two"]),
      "\(folder["two"])/step-2.npz: the word 111 is missing, but is in \(folder["two"])/step-1.npz; "
        + "all tables need the same words.")
    try write("two/step-2.npz", all) { _ in [1] }
    fails(
      try await extract("--representations", folder["two"]),
      "\(folder["two"])/step-2.npz: 'vectors' has 1 columns, but in \(folder["two"])/step-1.npz it has "
        + "2.")
    misuses(
      try await extract("--representations", folder["two"], "--checkpoints", folder["two"]),
      "--checkpoints and --representations are two things; give one of them.")
    misuses(
      try await extract("--representations", folder["two"], "--start", "0"),
      "--start says how to read networks, but --representations are given.")
  }
}
