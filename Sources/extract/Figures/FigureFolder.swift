// Figures on disk: data and scripts, and what gnuplot makes of them.

import Foundation
import RNN

/// A folder that figures are written into.
struct FigureFolder {
  let path: String
  /// Which pictures to make beside SVG: "pdf", "png".
  let formats: [String]
  /// Where gnuplot is, or nil where it is not installed.
  private let gnuplot: String?

  /// What to do where gnuplot is missing.
  static let advice =
    "gnuplot is not installed, so that data and scripts were written but no picture: "
    + "apt-get install gnuplot-nox, then run this again."

  init(_ path: String, formats: [String]) {
    self.path = path
    self.formats = formats
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    gnuplot = folders.map { "\($0)/gnuplot" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  var canDraw: Bool { gnuplot != nil }

  /// Writes data and scripts, draws, and puts all on a page.
  ///
  /// - Parameter note: Called with the name of each figure that is drawn.
  /// - Throws: `RunError.write`, or `CommandError` if gnuplot fails.
  func write(
    _ figures: [Figure], title: String, introduction: String, _ note: (String) -> Void
  ) throws {
    try RunFolder.write(FigureStyle.script, to: "\(path)/style.gp")
    var pictures: [String: String] = [:]
    for case .drawn(let plot) in figures {
      for (suffix, table) in plot.tables {
        try RunFolder.write(table.text, to: "\(path)/\(plot.name)\(suffix).csv")
      }
      try RunFolder.write(plot.script, to: "\(path)/\(plot.name).gp")
      note(plot.name)
      for format in ["svg"] + formats where canDraw {
        let picture = try draw(plot.name, format)
        try RunFolder.write(picture, to: "\(path)/\(plot.name).\(format)")
        if format == "svg" { pictures[plot.name] = String(decoding: picture, as: UTF8.self) }
      }
    }
    let page = FigurePage(
      title: title, introduction: introduction, figures: figures, pictures: pictures)
    try RunFolder.write(page.html, to: "\(path)/figures.html")
  }

  /// What gnuplot writes to standard output for a script in the folder.
  private func draw(_ name: String, _ format: String) throws -> Data {
    let (status, picture) = try run(name, format, keepingErrors: false)
    if status == 0 && !picture.isEmpty { return picture }
    // Again for what it complains of: one pipe at a time cannot fill up while nobody reads it.
    let complaint = String(
      decoding: try run(name, format, keepingErrors: true).output, as: UTF8.self)
    let line = complaint.split(whereSeparator: \.isNewline).last { !$0.isEmpty }
    throw CommandError(
      "\(path)/\(name).gp: gnuplot failed: \(line.map(String.init) ?? "it said nothing"). Needed is "
        + "gnuplot 5.4 or later.")
  }

  private func run(
    _ name: String, _ format: String, keepingErrors: Bool
  ) throws -> (status: Int32, output: Data) {
    guard let gnuplot else { return (1, Data()) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: gnuplot)
    process.arguments = ["-e", "format='\(format)'; to='-'", "\(name).gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = keepingErrors ? FileHandle.nullDevice : pipe
    process.standardError = keepingErrors ? pipe : FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw CommandError("\(gnuplot) could not be started: \(error.localizedDescription)")
    }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }
}
