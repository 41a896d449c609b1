// `extract states run/`: the words, their representations and their states, for other programs.

import ArgumentParser
import Automata
import Foundation
import Extraction
import Files
import LinearAlgebra
import RNN
import Studies
import TensorFiles

struct StatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "states",
    abstract: "Export words, representations, outputs and states of one checkpoint.",
    discussion: """
      Writes a file that safetensors.numpy.load_file or numpy.load reads, with these arrays for n \
      words, hidden size H, O outputs: words [n, depth], positions in the alphabet filled up with -1; \
      lengths [n]; vectors [n, H]; outputs [n, O]; output_classes [n]; classes [n], the class of each \
      word; states [n], the state of the automaton that this is, or -1 where it is not reached. The \
      words as text are in names (.npz) or in the metadata. --representations reads the file again.
      """)

  @Argument(help: ArgumentHelp("The folder of a run, or of checkpoints.", valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp("The checkpoint's number. (default: the last)", valueName: "number"))
  var epoch: Int?

  @Option(
    help: ArgumentHelp("Where to write, .safetensors or .npz.", valueName: "file"))
  var out: String

  @OptionGroup var reading: RunOptions

  func validate() throws {
    guard ["safetensors", "npz"].contains(URL(fileURLWithPath: out).pathExtension) else {
      throw ValidationError(
        "--out \(out): the name of the file ends in .safetensors or .npz, which says the format.")
    }
  }

  func run() throws {
    let run = try reading.open(folder)
    let all = run.source
    let file = try run.checkpoint(epoch)
    let scale = try run.scale(at: file)
    let distance = run.mergeDistance * scale
    try all.restricted(to: [file]).forEachTable { epoch, table, system in
      let extraction = try run.extraction(table, system, scale: scale)
      var file = tensors(table, system.pass, extraction)
      let names = (0..<table.words.count).map { all.alphabet.format(table.words.word(of: $0)) }
      let notes = [
        "epoch": "\(epoch)", "merge_distance": "\(distance)", "scale": "\(scale)",
        "alphabet": SymbolList.text(all.alphabet.symbols),
        "output_alphabet": SymbolList.text(all.outputAlphabet.symbols),
      ]
      let data: Data
      if out.hasSuffix(".npz") {
        file.tensors["epoch"] = Tensor(shape: [], values: [Int64(epoch)])
        file.tensors["merge_distance"] = Tensor(shape: [], values: [Float(distance)])
        do {
          data = try file.npz(texts: [
            "names": TextArray(shape: [names.count], values: names),
            "alphabet": TextArray(shape: [all.alphabet.count], values: all.alphabet.symbols),
            "output_alphabet": TextArray(
              shape: [all.outputAlphabet.count], values: all.outputAlphabet.symbols),
          ])
        } catch {
          throw CommandError("\(out): \(error)")
        }
      } else {
        file.metadata = notes.merging([
          "names": "[" + names.map { JSONValue.string($0).text }.joined(separator: ",") + "]"
        ]) { own, _ in own }
        data = file.data()
      }
      try WholeFile.write(data, to: out)
      print(
        "\(out): \(names.count) words of epoch \(epoch), vectors of \(all.shape.hidden) numbers, "
          + "\(extraction.automaton.stateCount) states")
    }
  }

  private func tensors(
    _ table: RepresentationTable, _ pass: TreePass, _ extraction: Extraction
  ) -> TensorFile {
    let words = table.words
    let count = words.count
    var symbols: [Int64] = []
    var lengths: [Int64] = []
    for node in 0..<count {
      let word = words.word(of: node)
      lengths.append(Int64(word.count))
      symbols += word.map(Int64.init)
      symbols += Array(repeating: -1, count: words.depth - word.count)
    }
    let stateOfClass = extraction.stateOfClass
    let classes = extraction.partition.classes.map(Int.init)
    let vectors = table.vectors.matrix(rows: 0..<count)
    let outputs = pass.outputs.matrix(rows: 0..<count)
    return TensorFile(tensors: [
      "words": Tensor(shape: [count, words.depth], values: symbols),
      "lengths": Tensor(shape: [count], values: lengths),
      "vectors": Tensor(shape: [count, vectors.columns], values: vectors.values),
      "outputs": Tensor(shape: [count, outputs.columns], values: outputs.values),
      "output_classes": Tensor(shape: [count], values: table.outputs.map(Int64.init)),
      "classes": Tensor(shape: [count], values: classes.map(Int64.init)),
      "states": Tensor(shape: [count], values: classes.map { Int64(stateOfClass[$0] ?? -1) }),
    ])
  }
}
