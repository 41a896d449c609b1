// Figures on disk: data and scripts, and what gnuplot makes of them.

internal import Files
internal import Foundation
internal import Processes
internal import RNN
internal import Studies

/// A folder that figures are written into.
public struct FigureFolder: Sendable {
  public let path: String
  /// Which pictures to make beside SVG: "pdf", "png".
  public let formats: [String]
  /// Where gnuplot is, or nil where it is not installed.
  private let gnuplot: String?

  /// What to do where gnuplot is missing.
  public static let advice =
    "gnuplot is not installed, so that data and scripts were written but no picture: "
    + "apt-get install gnuplot-nox, then run this again."

  /// - Parameters:
  ///   - path: The folder; it is made when something is written.
  ///   - formats: "pdf", "png" or both.
  public init(_ path: String, formats: [String]) {
    self.path = path
    self.formats = formats
    gnuplot = ChildProcess.path(of: "gnuplot")
  }

  /// Whether there is a gnuplot.
  public var canDraw: Bool { gnuplot != nil }

  /// Writes data and scripts, draws, and puts all on a page.
  ///
  /// - Parameters:
  ///   - figures: What is written.
  ///   - title: The page's.
  ///   - introduction: What stands above the figures.
  ///   - note: Called with the name of each figure that is to be drawn.
  /// - Throws: `FileError.write`, or `FigureError.gnuplot`.
  public func write(
    _ figures: [Figure], title: String, introduction: String, _ note: (String) -> Void
  ) throws {
    try WholeFile.write(FigureStyle.script, to: "\(path)/style.gp")
    var names: [String] = []
    for case .drawn(let plot) in figures {
      for (suffix, table) in plot.tables {
        try WholeFile.write(table.text, to: "\(path)/\(plot.name)\(suffix).csv")
      }
      try WholeFile.write(plot.script, to: "\(path)/\(plot.name).gp")
      note(plot.name)
      names.append(plot.name)
    }
    let page = FigurePage(
      title: title, introduction: introduction, figures: figures, pictures: try draw(names))
    try WholeFile.write(page.html, to: "\(path)/figures.html")
  }

  /// Draws figures side by side, in every format.
  ///
  /// - Returns: SVG by the figure's name; none without gnuplot.
  private func draw(_ names: [String]) throws -> [String: String] {
    guard canDraw else { return [:] }
    let jobs = names.flatMap { name in (["svg"] + formats).map { (name: name, format: $0) } }
    let pictures = try inParallel(jobs.count) { index -> String? in
      let (name, format) = jobs[index]
      let picture = try draw(name, format)
      try WholeFile.write(picture, to: "\(path)/\(name).\(format)")
      return format == "svg" ? String(decoding: picture, as: UTF8.self) : nil
    }
    return Dictionary(
      uniqueKeysWithValues: zip(jobs, pictures).compactMap { job, picture in
        picture.map { (job.name, $0) }
      })
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
