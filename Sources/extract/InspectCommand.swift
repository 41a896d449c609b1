// `extract inspect FILE`: what is in a file of tensors, and how it would be read.

import ArgumentParser
import Files
import Foundation
import RNN
import TensorFiles

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Print what is in a checkpoint and how it would be read.",
    discussion: """
      Lists every tensor of a safetensors, PyTorch or NumPy file, and says which network or table of \
      representations it would be taken for. Nothing in the file is executed.
      """)

  @Argument(help: ArgumentHelp("A file of tensors.", valueName: "file"))
  var file: String

  @OptionGroup var names: NameOptions

  func run() throws {
    let data = try WholeFile.read(file)
    let archive: TensorArchive
    do {
      archive = try TensorArchive(data: data)
    } catch {
      throw CommandError("\(file): \(error)")
    }
    print(text(archive), terminator: "")
  }

  private func text(_ archive: TensorArchive) -> String {
    let tensors = archive.tensors.sorted { $0.key < $1.key }
    let count = tensors.count + archive.texts.count
    var text = "\(file): \(archive.format.rawValue), \(count) tensor\(count == 1 ? "" : "s")\n"
    if count > 0 {
      var table = TextTable("tensor", "type", "shape")
      for (name, tensor) in tensors {
        table.add(Self.printable(name), tensor.type.rawValue, "\(tensor.shape)")
      }
      for (name, array) in archive.texts.sorted(by: { $0.key < $1.key }) {
        table.add(Self.printable(name), "text", "\(array.shape)")
      }
      text += "\n" + table.text
    }
    if !archive.metadata.isEmpty {
      text += "\n"
      for (key, value) in archive.metadata.sorted(by: { $0.key < $1.key }) {
        text += "\(Self.printable(key)): \(Self.printable(String(value.prefix(200))))\n"
      }
    }
    return text + "\n" + reading(archive)
  }

  /// How the file would be read.
  private func reading(_ archive: TensorArchive) -> String {
    let keys = archive.groups.first?.tensors.keys.map { $0 } ?? []
    if archive.format == .npz || keys.contains("vectors") {
      do {
        let table = try RepresentationFile(archive)
        let outputs =
          switch table.outputs {
          case .classes(let classes): "classes 0 to \(classes.max() ?? 0)"
          case .scores(_, let count): "scores of \(count) classes"
          }
        return
          "Read as representations (--representations): \(table.words.count) words, vectors of "
          + "\(table.columns) numbers, outputs are \(outputs).\n"
      } catch {
        return "Not read as representations: \(Self.printable("\(error)"))\n"
      }
    }
    do {
      return try network(names.names.reading(archive))
    } catch {
      return "Not read as a network: \(Self.printable(error.withAdvice))\n"
    }
  }

  private func network(_ reading: StateDictReading) -> String {
    let isElman = reading.gates == 1
    let isLogit = reading.outputs == 1 && reading.file.metadata["cell"] == nil
    let outputs = isLogit ? "1, a logit: class 1 above --threshold" : "\(reading.outputs)"
    var lines = [
      ("cell", reading.cellName), ("layers", "\(reading.layers)"),
      ("symbols I", "\(reading.inputs)"), ("hidden units H", "\(reading.hidden)"),
      ("outputs O", outputs),
      ("recurrent layer", Self.printable(reading.prefix + "*")),
      ("readout", Self.printable(reading.readout)),
    ]
    if !reading.group.isEmpty { lines.append(("state dict", Self.printable(reading.group))) }
    if let front = reading.front {
      lines.append(
        (
          reading.frontIsProjection ? "linear layer in front" : "embedding",
          Self.printable(front) + ", taken into the input weights"
        ))
    }
    if !reading.hasBiases { lines.append(("biases", "none: zeros")) }
    if isElman {
      lines.append(
        ("nonlinearity", reading.file.metadata["nonlinearity"] ?? "not said: --nonlinearity"))
    }
    lines.append(("starting state", reading.file.metadata["start"] ?? "not said: --start"))
    lines.append(
      (
        "alphabet",
        reading.file.metadata["alphabet"].map(Self.printable) ?? "not said: --task or --alphabet"
      ))
    if !reading.unread.isEmpty {
      lines.append(("left out", reading.unread.map(Self.printable).joined(separator: ", ")))
    }
    let width = lines.map(\.0.count).max() ?? 0
    return "Read as a network (--checkpoints):\n"
      + lines.map { name, value in
        "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
      }.joined()
  }

  /// Names out of a file may hold anything, also what a terminal would obey.
  private static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}

/// Where in a file a network is.
struct NameOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The linear layer that reads the outputs, such as fc, where several could.",
      valueName: "name"))
  var readout: String?

  @Option(
    help: ArgumentHelp(
      "The recurrent layer, such as encoder.lstm, where a file has several.", valueName: "name"))
  var prefix: String?

  @Option(
    help: ArgumentHelp(
      "The embedding before the recurrent layer: its rows are the symbols' vectors.",
      valueName: "name"))
  var embedding: String?

  @Option(
    help: ArgumentHelp(
      "The linear layer before the recurrent layer, that one-hot symbols go through.",
      valueName: "name"))
  var projection: String?

  func validate() throws {
    if embedding != nil, projection != nil {
      throw ValidationError("--embedding and --projection exclude each other.")
    }
  }

  var names: StateDictNames {
    StateDictNames(
      prefix: prefix, readout: readout, embedding: embedding, projection: projection)
  }
}
