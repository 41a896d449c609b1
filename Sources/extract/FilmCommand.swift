// `extract film run/`: the film in other formats, of other epochs, in other dress.

public import ArgumentParser
public import Drawing
import Files
import Studies

struct FilmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "film",
    abstract: "Film a run: as SVG, page, GIF, video or contact sheet.",
    discussion: """
      Reads the run as `extract --checkpoints` does and writes nothing but the film. Give both the \
      same options on how the run is looked at, and film and tables agree.

        extract film run --format gif --size 800 --epochs 400..700
        extract film run --sheet 6 --format pdf

      Pictures are drawn with rsvg-convert (librsvg2-bin) and joined with ffmpeg.
      """)

  @Argument(help: ArgumentHelp("The folder of a run, or of checkpoints.", valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Where to write. (default: movie or sheet in automata/ of the run)", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      """
      svg, html, gif, mp4, apng or png-frames, a folder of pictures; for a sheet svg, pdf or png.
      """, valueName: "format"))
  var format = FilmFormat.svg

  @Option(
    help: ArgumentHelp(
      "A contact sheet of this many key frames instead of the film.", valueName: "count"))
  var sheet: Int?

  @Option(help: ArgumentHelp("Only checkpoints of these epochs.", valueName: "first..last"))
  var epochs: EpochRange?

  @Option(help: ArgumentHelp("2 is twice as fast, 0.5 half as fast.", valueName: "factor"))
  var speed = 1.0

  @Option(
    help: ArgumentHelp(
      "Width of pictures in pixels; their height is two thirds of it. (default: 1280)",
      valueName: "pixels"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "Pictures per second. (default: 25; 12.5 for gif and apng)", valueName: "number"))
  var fps: Double?

  @Option(help: "The paper: as the viewer's system asks for, light or dark.")
  var theme = Theme.automatic

  @Option(
    help: """
      What colours of states say: their outputs, or their classes in the minimal machine, so that \
      redundant states look alike.
      """)
  var colours = Film.Colours.outputs

  @Flag(help: "Draw losses on a linear axis.")
  var linearLoss = false

  @Option(
    help: ArgumentHelp(
      """
      A passing change is shown if it lasts for more than twice this many checkpoints; 0 shows every \
      change.
      """, valueName: "checkpoints"))
  var patience = 1.5

  @OptionGroup(title: "How the run is looked at")
  var reading: RunOptions

  func validate() throws {
    if let sheet, !(1...1000 ~= sheet) {
      throw ValidationError("--sheet is \(sheet); it must be a number from 1 to 1000.")
    }
    guard sheet == nil ? format.isFilm : format.isSheet else {
      throw ValidationError(
        sheet == nil
          ? "--format \(format.rawValue) is for sheets. Try svg, html, gif, mp4, apng or "
            + "png-frames, or --sheet with a number of key frames."
          : "--format \(format.rawValue) is for films. For a sheet try svg, pdf or png.")
    }
    guard speed.isFinite, 0.01...100 ~= speed else {
      throw ValidationError("--speed is \(speed); it must be a number from 0.01 to 100.")
    }
    if let size {
      guard 100...8000 ~= size else {
        throw ValidationError("--size is \(size); it must be a number from 100 to 8000.")
      }
      guard format != .svg, format != .html else {
        throw ValidationError("--size is for pictures; \(format.rawValue) has any size.")
      }
    }
    if let fps {
      guard fps.isFinite, 0.1...120 ~= fps else {
        throw ValidationError("--fps is \(fps); it must be a number from 0.1 to 120.")
      }
      guard format.picturesPerSecond != nil else {
        throw ValidationError("--fps is for pictures; \(format.rawValue) has none.")
      }
    }
    guard patience.isFinite, patience >= 0 else {
      throw ValidationError("--patience is \(patience); it must be at least 0.")
    }
  }

  func run() throws {
    let study = try Study(watching: reading.open(folder))
    let all = study.frames
    let frames = all.filter { epochs?.range.contains($0.epoch) ?? true }
    guard !frames.isEmpty else {
      throw CommandError(
        "\(folder) has no checkpoint from epoch \(epochs?.range.lowerBound ?? 0) to "
          + "\(epochs?.range.upperBound ?? 0); its \(all.count) checkpoints are from epoch "
          + "\(all[0].epoch) to \(all[all.count - 1].epoch).")
    }
    let film = study.film(
      frames, epochs: epochs?.range,
      options: Film.Options(
        patience: patience, speed: speed, theme: theme, colours: colours,
        lossIsLogarithmic: !linearLoss))
    let path = out ?? "\(study.subject.folder.automataPath)/\(name)"
    let renderer = FilmRenderer(
      width: size ?? 1280, picturesPerSecond: fps ?? format.picturesPerSecond ?? 25)
    if let sheet {
      let svg = film.contactSheet(sheet)
      if format == .svg {
        try WholeFile.write(svg, to: path)
      } else {
        try renderer.write(svg, as: format, to: path)
      }
    } else {
      switch format {
      case .svg: try WholeFile.write(film.svg(), to: path)
      case .html: try WholeFile.write(film.html(), to: path)
      case .gif, .mp4, .apng, .frames, .pdf, .png:
        var bar: ProgressBar?
        try renderer.write(film, as: format, to: path) { done, total in
          let drawn = bar ?? ProgressBar(total: total)
          bar = drawn
          drawn.update(done, "drawing")
        }
        bar?.finish()
      }
    }
    print(
      "Written to \(path): \(film.keyEpochs.count) of \(frames.count) checkpoints, "
        + "\(Int(film.duration.rounded())) seconds")
    let moves = film.displacements.sorted()
    if !moves.isEmpty {
      print(
        "States whose words stay the same move by \((100 * moves[moves.count / 2]).fixed(1)) % of "
          + "the picture's width from one to the next in the median, "
          + "\((100 * moves.reduce(0, +) / Double(moves.count)).fixed(1)) % in the mean.")
    }
  }

  private var name: String {
    if sheet != nil { return "sheet.\(format.pathExtension)" }
    return format == .frames ? "movie-frames" : "movie.\(format.pathExtension)"
  }
}

/// Epochs as a user writes them: 400..700, 400.. or ..700.
struct EpochRange: ExpressibleByArgument, Equatable {
  let range: ClosedRange<Int>

  init?(argument: String) {
    guard let dots = argument.firstRange(of: "..") else { return nil }
    let (first, last) = (argument[..<dots.lowerBound], argument[dots.upperBound...])
    guard !(first.isEmpty && last.isEmpty) else { return nil }
    guard let low = first.isEmpty ? 0 : Int(first), let high = last.isEmpty ? .max : Int(last),
      0 <= low, low <= high
    else { return nil }
    range = low...high
  }
}

extension FilmFormat: ExpressibleByArgument {}
extension Theme: ExpressibleByArgument {}
extension Film.Colours: ExpressibleByArgument {}
