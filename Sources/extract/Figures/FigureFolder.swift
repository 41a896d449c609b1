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
    gnuplot = ChildProcess.path(of: "gnuplot")
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
    func run(_ heard: ChildProcess.Listening) throws -> ChildProcess.Ending {
      try ChildProcess(
        gnuplot ?? "gnuplot", ["-e", "format='\(format)'; to='-'", "\(name).gp"],
        listeningTo: heard, in: path
      ).finish()
    }
    let drawn = try run(.output)
    if drawn.isFine && !drawn.said.isEmpty { return drawn.said }
    // Again for what it complains of.
    let line = try run(.errors).text.split(whereSeparator: \.isNewline).last { !$0.isEmpty }
    throw CommandError(
      "\(path)/\(name).gp: gnuplot failed: \(line.map(String.init) ?? "it said nothing"). Needed is "
        + "gnuplot 5.4 or later.")
  }
}
