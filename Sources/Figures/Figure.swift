// A figure: its data, the script that draws it, and what is to be said of it.

public import Files
internal import Studies

/// One figure of a run, or the reason why there is none.
public enum Figure {
  case drawn(Plot)
  /// The name of a figure that this run has nothing to show in, and why.
  case leftOut(name: String, because: String)
}

/// A figure as gnuplot draws it.
public struct Plot {
  /// The name of its files.
  public let name: String
  public let title: String
  /// The figures of the paper that it answers, such as "Fig. 4"; nil where the paper has none.
  public let answers: String?
  /// What is seen in this run, in sentences.
  public let caption: String
  /// Millimetres.
  public let width, height: Double
  /// The files of data by what follows the name: "" for NAME.csv, "-edges" for NAME-edges.csv.
  public let tables: [(suffix: String, table: CSVTable)]
  /// gnuplot's commands that follow the loading of the style.
  public let commands: String

  package init(
    name: String, title: String, answers: String?, caption: String, width: Double, height: Double,
    tables: [(suffix: String, table: CSVTable)], commands: String
  ) {
    self.name = name
    self.title = title
    self.answers = answers
    self.caption = caption
    self.width = width
    self.height = height
    self.tables = tables
    self.commands = commands
  }

  /// The width of one column of a paper, and of two.
  public static let column = 85.0
  public static let doubleColumn = 174.0

  /// The whole script.
  public var script: String {
    """
    # \(title)
    #
    # Redraw with: gnuplot \(name).gp
    # As PDF with: gnuplot -e 'format="pdf"' \(name).gp
    name = "\(name)"
    width = \(width)
    height = \(height)
    load "style.gp"

    \(commands)
    unset output

    """
  }
}

/// The style that all figures share, as gnuplot loads it.
package enum FigureStyle {
  /// Okabe and Ito's colours, told apart with any common kind of colour blindness.
  ///
  /// Source: M. Okabe and K. Ito, "Color Universal Design" (2002).
  package static let blue = "#0072B2"
  package static let vermillion = "#D55E00"
  package static let green = "#009E73"
  package static let orange = "#E69F00"
  package static let sky = "#56B4E9"
  package static let purple = "#CC79A7"
  package static let black = "#000000"
  package static let grey = "#8A8F94"

  /// What stands for the outputs or classes of a task, in order.
  package static let kinds = [blue, orange, green, purple, vermillion, sky, black]

  package static func kind(_ number: Int) -> String { kinds[number % kinds.count] }

  /// Colours from one to another in equal steps.
  package static func ramp(_ count: Int, from: UInt32, to: UInt32) -> [String] {
    (0..<count).map { step in
      let share = count > 1 ? Double(step) / Double(count - 1) : 1
      let channels = [16, 8, 0].map { shift -> String in
        let (a, b) = (Double(from >> shift & 255), Double(to >> shift & 255))
        let digits = String(Int((a + (b - a) * share).rounded()), radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }
      return "#" + channels.joined()
    }
  }

  /// style.gp.
  package static let script = """
    # The style of all figures: thin axes without boxes, Okabe and Ito's colours, 8 pt sans.
    # A script sets name, width and height (mm) and loads this file.
    if (!exists("format")) format = "svg"
    if (!exists("to")) to = name . "." . format
    px = 96 / 25.4
    if (format eq "svg") set terminal svg size width*px, height*px font "Helvetica,10.67" \\
      enhanced linewidth 1 background "white" standalone
    if (format eq "pdf") set terminal pdfcairo size width/25.4, height/25.4 \\
      font "Helvetica,8" fontscale 1 enhanced linewidth 0.75
    if (format eq "png") set terminal pngcairo size width*px*3, height*px*3 \\
      font "Helvetica,8" fontscale 3 enhanced linewidth 3 pointscale 3 background "white"
    if (to eq "-") { unset output } else { set output to }
    set encoding utf8
    set datafile separator ","
    set datafile columnheaders
    set datafile missing ""
    set border 3 linewidth 0.7 linecolor rgb "#333333"
    set tics nomirror out scale 0.5 textcolor rgb "#000000"
    set key noautotitle Left reverse samplen 1.4 spacing 1.05 width 0 font ",9.6"
    if (format ne "svg") set key font ",7.2"
    unset grid
    set style line 1 lc rgb "\(blue)" lw 1.3
    set style line 2 lc rgb "\(vermillion)" lw 1.3
    set style line 3 lc rgb "\(green)" lw 1.3
    set style line 4 lc rgb "\(orange)" lw 1.3
    set style line 5 lc rgb "\(purple)" lw 1.3
    set style line 6 lc rgb "\(sky)" lw 1.3
    set style line 7 lc rgb "\(black)" lw 1.3
    set style line 8 lc rgb "\(grey)" lw 0.9 dt (4,3)
    # From nothing to much: lightness falls evenly, so that it survives a grey print.
    set palette defined (0 "#F4F7FA", 0.25 "#BBD5E8", 0.5 "#6AAED6", 0.75 "#2577B5", 1 "#08306B")
    set style fill solid 1.0 noborder

    """
}
