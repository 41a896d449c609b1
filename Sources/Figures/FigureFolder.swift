// Figures on disk: data and scripts, and what gnuplot makes of them.

internal import Files
internal import Foundation
internal import Processes
internal import RNN

/// A folder that figures are written into.
public struct FigureFolder {
  public let path: String
  /// Which pictures to make beside SVG: "pdf", "png".
  public let formats: [String]
  /// Where gnuplot is, or nil where it is not installed.
  private let gnuplot: String?

  /// What to do where gnuplot is missing.
  public static let advice =
    "gnuplot is not installed, so that data and scripts were written but no picture: "
    + "apt-get install gnuplot-nox, then run this again."

  public init(_ path: String, formats: [String]) {
    self.path = path
    self.formats = formats
    gnuplot = ChildProcess.path(of: "gnuplot")
  }

  /// Whether there is a gnuplot.
  public var canDraw: Bool { gnuplot != nil }

  /// Writes data and scripts, draws, and puts all on a page.
  ///
  /// - Parameter note: Called with the name of each figure that is drawn.
  /// - Throws: `FileError.write`, or `FigureError.gnuplot`.
  public func write(
    _ figures: [Figure], title: String, introduction: String, _ note: (String) -> Void
  ) throws {
    try WholeFile.write(FigureStyle.script, to: "\(path)/style.gp")
    var pictures: [String: String] = [:]
    for case .drawn(let plot) in figures {
      for (suffix, table) in plot.tables {
        try WholeFile.write(table.text, to: "\(path)/\(plot.name)\(suffix).csv")
      }
      try WholeFile.write(plot.script, to: "\(path)/\(plot.name).gp")
      note(plot.name)
      for format in ["svg"] + formats where canDraw {
        let picture = try draw(plot.name, format)
        try WholeFile.write(picture, to: "\(path)/\(plot.name).\(format)")
        if format == "svg" { pictures[plot.name] = String(decoding: picture, as: UTF8.self) }
      }
    }
    let page = FigurePage(
      title: title, introduction: introduction, figures: figures, pictures: pictures)
    try WholeFile.write(page.html, to: "\(path)/figures.html")
  }

  /// What gnuplot writes to standard output for a script in the folder.
  private func draw(_ name: String, _ format: String) throws -> Data {
    func run(_ output: ChildProcess.Output) throws -> ChildProcess.Ending {
      try ChildProcess(
        gnuplot ?? "gnuplot", ["-e", "format='\(format)'; to='-'", "\(name).gp"],
        reading: output, in: path
      ).finish()
    }
    let drawn = try run(.standardOutput)
    if drawn.isSuccess && !drawn.output.isEmpty { return drawn.output }
    // Again for what it complains of.
    let line = try run(.standardError).text.split(whereSeparator: \.isNewline).last { !$0.isEmpty }
    throw FigureError.gnuplot("\(path)/\(name).gp", line.map(String.init) ?? "it said nothing")
  }
}
