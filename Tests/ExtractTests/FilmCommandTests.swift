import Foundation
import Subprocess
import Testing

private let hasTools = ["rsvg-convert", "ffmpeg"].allSatisfy { name in
  ["/usr/bin", "/usr/local/bin", "/bin"].contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
  }
}

/// A run of seven checkpoints, and what the main command films of it.
private let sharedRun = Task {
  let folder = try TemporaryFolder(isShared: true)
  let path = folder["run"]
  succeeds(
    try await extract(
      "train", "--out", path, "--hidden", "20", "--max-length", "5", "--gain", "0.3",
      "--learning-rate", "0.2", "--epochs", "150", "--checkpoint-every", "25"))
  succeeds(try await extract("--checkpoints", path, "--validate-lengths", ""))
  return path
}

/// The first bytes of a file.
private func beginning(_ path: String, _ count: Int = 12) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: path)).prefix(count))
}

@Suite struct FilmCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `without options it writes the film that the main command writes`() async throws {
    let run = try await sharedRun.value
    for format in ["svg", "html"] {
      let path = folder["film.\(format)"]
      let output = succeeds(try await extract("film", run, "--format", format, "--out", path))
      #expect(output.hasPrefix("Written to \(path): ") && output.contains(" of 7 checkpoints, "))
      #expect(try text(path) == text("\(run)/automata/movie.\(format)"))
    }
  }

  @Test func `epochs, paper, colours and speed can be chosen`() async throws {
    let run = try await sharedRun.value
    func film(_ options: String...) async throws -> String {
      let path = folder["film.svg"]
      succeeds(try await extract(["film", run, "--out", path] + options))
      return try text(path)
    }
    let some = try await film("--epochs", "50..100", "--patience", "0")
    #expect(some.contains(">epoch 50</text>") && some.contains(">epoch 100</text>"))
    #expect(!some.contains(">epoch 0</text>") && !some.contains(">epoch 125</text>"))
    #expect(some.contains(" of 3 checkpoints"))
    #expect(try await film("--epochs", "125..").contains(" of 2 checkpoints"))
    #expect(try await film("--epochs", "..25").contains(" of 2 checkpoints"))
    let light = try await film("--theme", "light")
    let dark = try await film("--theme", "dark")
    #expect(light.contains("#ffffff") && !light.contains("#101317"))
    #expect(dark.contains("#101317") && !dark.contains("#ffffff"))
    #expect(try await film("--colours", "minimal").contains("classes of the minimal machine"))
    #expect(try await film("--speed", "2") != film())
    #expect(try await film("--linear-loss") != film())
  }

  @Test func `a sheet has so many automata`() async throws {
    let run = try await sharedRun.value
    let path = folder["sheet.svg"]
    succeeds(try await extract("film", run, "--sheet", "2", "--out", path))
    let svg = try text(path)
    #expect(svg.contains(">epoch 0</tspan>") && svg.contains(">epoch 150</tspan>"))
    #expect(svg.components(separatedBy: "<tspan class=\"num\">").count == 3)
  }

  @Test(.enabled(if: hasTools)) func `pictures and films of pictures are what they are called`()
    async throws
  {
    let run = try await sharedRun.value
    // The first bytes of each format.
    let formats: [(name: String, options: [String], bytes: [UInt8])] = [
      ("film.gif", ["--format", "gif"], Array("GIF89a".utf8)),
      ("film.png", ["--format", "apng"], [0x89, 0x50, 0x4e, 0x47]),
      ("film.mp4", ["--format", "mp4"], [0, 0, 0]),
      ("sheet.pdf", ["--format", "pdf", "--sheet", "3"], Array("%PDF".utf8)),
      ("sheet.png", ["--format", "png", "--sheet", "3"], [0x89, 0x50, 0x4e, 0x47]),
    ]
    for (name, options, bytes) in formats {
      let path = folder[name]
      var arguments = ["film", run, "--out", path, "--size", "200"] + options
      if !options.contains("--sheet") { arguments += ["--fps", "1", "--speed", "2"] }
      succeeds(try await extract(arguments))
      #expect(try beginning(path, bytes.count) == bytes)
    }
    #expect(try beginning(folder["film.mp4"]).suffix(8).starts(with: Array("ftyp".utf8)))
    let frames = folder["frames"]
    // Twice: what was there before is replaced.
    for fps in ["2", "1"] {
      succeeds(
        try await extract(
          "film", run, "--format", "png-frames", "--size", "200", "--fps", fps, "--out", frames))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: frames).sorted()
    let film = succeeds(try await extract("film", run, "--out", folder["film.svg"]))
    let line = try #require(film.split(separator: "\n").first)
    let seconds = try #require(line.split(separator: " ").dropLast().last.flatMap { Int($0) })
    #expect(names == (0..<seconds).map { String(format: "%06d.png", $0) })
    // Nothing is left beside what was asked for.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["film.gif", "film.mp4", "film.png", "film.svg", "frames", "sheet.pdf", "sheet.png"])
  }

  @Test func `programs that are missing are named`() async throws {
    let run = try await sharedRun.value
    let path = folder["film.gif"]
    let outcome = try await extract(
      ["film", run, "--format", "gif", "--out", path], environment: ["PATH": folder.path])
    fails(
      outcome,
      "rsvg-convert is needed to draw pictures, but it is not installed. Try: apt-get install "
        + "librsvg2-bin")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(.enabled(if: hasTools)) func `a program that fails says why, and nothing is left`()
    async throws
  {
    let run = try await sharedRun.value
    try FileManager.default.createDirectory(
      atPath: folder["bin"], withIntermediateDirectories: true)
    for name in ["rsvg-convert", "ffmpeg"] {
      try write("#!/bin/sh\necho no room >&2\nexit 3\n", to: folder["bin/\(name)"])
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder["bin/\(name)"])
    }
    let outcome = try await extract(
      ["film", run, "--format", "gif", "--out", folder["film.gif"]],
      environment: ["PATH": folder["bin"]])
    fails(outcome, "rsvg-convert failed: no room")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["bin"])
  }

  @Test func `what makes no sense is told so`() async throws {
    let run = try await sharedRun.value
    for (options, message) in [
      (["--sheet", "0"], "--sheet is 0; it must be a number from 1 to 1000."),
      (
        ["--format", "pdf"],
        "--format pdf is for sheets. Try svg, html, gif, mp4, apng or png-frames, or --sheet "
          + "with a number of key frames."
      ),
      (
        ["--format", "gif", "--sheet", "3"],
        "--format gif is for films. For a sheet try svg, pdf or png."
      ),
      (["--speed", "0"], "--speed is 0.0; it must be a number from 0.01 to 100."),
      (["--size", "300"], "--size is for pictures; svg has any size."),
      (["--size", "3", "--format", "gif"], "--size is 3; it must be a number from 100 to 8000."),
      (["--fps", "3"], "--fps is for pictures; svg has none."),
      (["--patience=-1"], "--patience is -1.0; it must be at least 0."),
    ] {
      misuses(try await extract(["film", run] + options), message)
    }
    for range in ["700..400", "400", "..", "a..b", "-3..4"] {
      let outcome = try await extract("film", run, "--epochs=\(range)")
      #expect(outcome.status == .exited(64))
      #expect(outcome.error.hasPrefix("Error: The value '\(range)' is invalid for '--epochs"))
    }
    fails(
      try await extract("film", run, "--epochs", "151..400"),
      "\(run) has no checkpoint from epoch 151 to 400; its 7 checkpoints are from epoch 0 to 150.")
    let outcome = try await extract("film", folder["none"])
    #expect(outcome.status == .exited(1))
  }
}
