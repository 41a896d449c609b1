// The film as a file of some format, made by other programs out of its pictures.

internal import Files
internal import Foundation
internal import Processes

/// What a film can be written as.
public enum FilmFormat: String, CaseIterable, Sendable {
  case svg, html, gif, mp4, apng
  case frames = "png-frames"
  case pdf, png

  /// How names of such files end.
  public var pathExtension: String { self == .apng ? "png" : rawValue }

  /// Whether this is for films, and whether for single sheets.
  public var isFilm: Bool { self != .pdf && self != .png }
  public var isSheet: Bool { [.svg, .pdf, .png].contains(self) }

  /// Pictures per second, where the format consists of pictures.
  public var picturesPerSecond: Double? {
    switch self {
    case .svg, .html, .pdf, .png: nil
    // A picture more costs bytes here that a calm film does not need.
    case .gif, .apng: 12.5
    case .mp4, .frames: 25
    }
  }
}

/// Draws pictures with rsvg-convert and joins them with ffmpeg.
public struct FilmRenderer {
  /// The pictures' width in pixels.
  public var width: Int
  public var picturesPerSecond: Double

  /// - Parameters:
  ///   - width: The pictures' width in pixels; at least 1.
  ///   - picturesPerSecond: Above 0; for films.
  public init(width: Int, picturesPerSecond: Double) {
    self.width = width
    self.picturesPerSecond = picturesPerSecond
  }

  /// Writes a film of pictures: a file, or for ``FilmFormat/frames`` a folder.
  ///
  /// - Parameters:
  ///   - film: The film.
  ///   - format: One that consists of pictures.
  ///   - path: Where it goes, whole or not at all.
  ///   - progress: Called with the number of pictures drawn so far, and of all.
  /// - Throws: `ProcessError` if a program is missing or fails, `FileError` if nothing can be written.
  public func write(
    _ film: Film, as format: FilmFormat, to path: String,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let rsvg = try Self.rsvg()
    let ffmpeg =
      format == .frames
      ? nil : try Tool("ffmpeg", purpose: "join pictures to a film", package: "ffmpeg")
    try WholeFile.replace(path) { work in
      let folder = work + "/pictures"
      try Self.createFolder(folder, for: path)
      let count = max(1, Int((film.duration * picturesPerSecond).rounded()))
      try draw(film, count: count, with: rsvg, into: folder, progress)
      guard let ffmpeg else { return folder }
      let result = "\(work)/film.\(format.pathExtension)"
      try ffmpeg.run([
        ["-nostdin", "-loglevel", "error", "-framerate", "\(picturesPerSecond)"]
          + ["-i", "\(folder)/\(Self.pattern)"] + Self.arguments(format) + [result]
      ])
      return result
    }
  }

  /// Writes a picture that does not move.
  ///
  /// - Parameters:
  ///   - svg: The picture.
  ///   - format: PDF or PNG.
  ///   - path: Where it goes, whole or not at all.
  /// - Throws: `ProcessError` if rsvg-convert is missing or fails, `FileError` if nothing can be written.
  public func write(_ svg: String, as format: FilmFormat, to path: String) throws {
    let rsvg = try Self.rsvg()
    try WholeFile.replace(path) { work in
      let source = work + "/sheet.svg"
      let result = "\(work)/sheet.\(format.pathExtension)"
      try WholeFile.write(svg, to: source)
      try rsvg.run([["-f", format.rawValue, "-w", "\(width)", "-o", result, source]])
      return result
    }
  }

  private static let pattern = "%06d.png"

  private static func rsvg() throws -> Tool {
    try Tool("rsvg-convert", purpose: "draw pictures", package: "librsvg2-bin")
  }

  private func draw(
    _ film: Film, count: Int, with rsvg: Tool, into folder: String,
    _ progress: (Int, Int) -> Void
  ) throws {
    // Each picture's drawing is written just before it is asked for.
    let arguments = (0..<count).lazy.map { index in
      let name = String(format: Self.pattern, index)
      let source = "\(folder)/\(index % 16).svg"
      // A drawing that could not be written, for want of room, is missed by rsvg-convert.
      try? WholeFile.write(film.still(at: Double(index) / picturesPerSecond), to: source)
      return ["-w", "\(width)", "-o", "\(folder)/\(name)", source]
    }
    let processors = min(ProcessInfo.processInfo.activeProcessorCount, 8)
    try rsvg.run(arguments, atOnce: processors) { progress($0, count) }
    for index in 0..<16 {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(index).svg")
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

  private static func createFolder(_ folder: String, for path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .write(path, error.localizedDescription)
    }
  }
}
