// The film as a file of some format.

import ArgumentParser
import Drawing
import Foundation
import RNN

/// What a film can be written as.
enum FilmFormat: String, CaseIterable, ExpressibleByArgument {
  case svg, html, gif, mp4, apng
  case frames = "png-frames"
  case pdf, png

  /// How names of such files end.
  var pathExtension: String { self == .apng ? "png" : rawValue }

  /// Whether this is for films, and whether for single sheets.
  var isFilm: Bool { self != .pdf && self != .png }
  var isSheet: Bool { [.svg, .pdf, .png].contains(self) }

  /// Pictures per second, where the format consists of pictures.
  var picturesPerSecond: Double? {
    switch self {
    case .svg, .html, .pdf, .png: nil
    // A picture more costs bytes here that a calm film does not need.
    case .gif, .apng: 12.5
    case .mp4, .frames: 25
    }
  }
}

/// Draws pictures with rsvg-convert and joins them with ffmpeg.
struct FilmRenderer {
  /// The pictures' width in pixels.
  var width: Int
  var picturesPerSecond: Double

  /// Writes a film of pictures: a file, or for ``FilmFormat/frames`` a folder.
  func write(_ film: Film, as format: FilmFormat, to path: String) throws {
    let rsvg = try Self.rsvg()
    let ffmpeg =
      format == .frames
      ? nil : try Tool("ffmpeg", purpose: "join pictures to a film", package: "ffmpeg")
    let folder = try Self.temporaryFolder(besides: path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let count = max(1, Int((film.duration * picturesPerSecond).rounded()))
    try draw(film, count: count, with: rsvg, into: folder)
    guard let ffmpeg else {
      try Self.move(folder, to: path)
      return
    }
    let result = folder.appending(path: "film.\(format.pathExtension)").path
    try ffmpeg.run([
      ["-nostdin", "-loglevel", "error", "-framerate", "\(picturesPerSecond)"]
        + ["-i", folder.appending(path: Self.pattern).path] + Self.arguments(format) + [result]
    ])
    try Self.move(URL(fileURLWithPath: result), to: path)
  }

  /// Writes a picture that does not move.
  func write(_ svg: String, as format: FilmFormat, to path: String) throws {
    let rsvg = try Self.rsvg()
    let folder = try Self.temporaryFolder(besides: path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "sheet.svg").path
    let result = folder.appending(path: "sheet.\(format.pathExtension)").path
    try RunFolder.write(svg, to: source)
    try rsvg.run([["-f", format.rawValue, "-w", "\(width)", "-o", result, source]])
    try Self.move(URL(fileURLWithPath: result), to: path)
  }

  private static let pattern = "%06d.png"

  private static func rsvg() throws -> Tool {
    try Tool("rsvg-convert", purpose: "draw pictures", package: "librsvg2-bin")
  }

  private func draw(_ film: Film, count: Int, with rsvg: Tool, into folder: URL) throws {
    let bar = ProgressBar(total: count)
    defer { bar.finish() }
    // Each picture's drawing is written just before it is asked for.
    let arguments = (0..<count).lazy.map { index in
      let name = String(format: Self.pattern, index)
      let source = folder.appending(path: "\(index % 16).svg").path
      // A drawing that could not be written, for want of room, is missed by rsvg-convert.
      try? RunFolder.write(film.still(at: Double(index) / picturesPerSecond), to: source)
      return ["-w", "\(width)", "-o", folder.appending(path: name).path, source]
    }
    let processors = min(ProcessInfo.processInfo.activeProcessorCount, 8)
    try rsvg.run(arguments, atOnce: processors) { bar.update($0, "drawing") }
    for index in 0..<16 {
      try? FileManager.default.removeItem(at: folder.appending(path: "\(index).svg"))
    }
  }

  private static func arguments(_ format: FilmFormat) -> [String] {
    switch format {
    case .gif:
      // Few colours occur: one palette for the whole film, and no dithering.
      [
        "-filter_complex",
        "split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none:diff_mode=rectangle",
        "-loop", "0", "-f", "gif",
      ]
    case .apng: ["-plays", "0", "-f", "apng"]
    case .mp4:
      // Players want even sizes and this arrangement of colours.
      [
        "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white,format=yuv420p", "-c:v", "libx264",
        "-crf", "20", "-movflags", "+faststart", "-f", "mp4",
      ]
    case .svg, .html, .frames, .pdf, .png: []
    }
  }

  /// A new folder where the result is to be, so that it can be moved there whole.
  private static func temporaryFolder(besides path: String) throws -> URL {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent).\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError("\(path) cannot be written: \(error.localizedDescription)")
    }
    return folder
  }

  private static func move(_ source: URL, to path: String) throws {
    do {
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
      try FileManager.default.moveItem(at: source, to: URL(fileURLWithPath: path))
    } catch {
      throw CommandError("\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
