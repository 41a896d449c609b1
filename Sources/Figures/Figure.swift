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
