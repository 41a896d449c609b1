// All figures of a run on one page.

internal import Drawing

/// figures.html: one file that needs nothing else.
struct FigurePage {
  let title: String
  let introduction: String
  let figures: [Figure]
  /// SVG by the figure's name.
  let pictures: [String: String]

  var html: String {
    var text = """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title.escapedForMarkup)</title>
      <style>
      body { margin: 2.5rem auto; max-width: 78rem; padding: 0 1.25rem; color: #1b1f24;
        background: #fff; font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif }
      h1 { font-size: 1.6rem; margin: 0 0 .4rem } p { max-width: 46rem }
      main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr));
        gap: 3rem 2.5rem; grid-auto-flow: dense; align-items: start; margin-top: 2rem }
      figure { margin: 0; min-width: 0 } figure.wide { grid-column: 1 / -1 }
      figure svg { display: block; width: 100%; height: auto }
      figure:not(.wide) svg { max-width: 32rem }
      figcaption { font-size: .92rem; margin-top: .6rem; max-width: 46rem }
      .files { color: #5b646d } code, a { font-size: .92em } a { color: #0072B2 }
      @media print { main { display: block } figure { break-inside: avoid; margin-bottom: 2rem } }
      </style>
      <h1>\(title.escapedForMarkup)</h1>
      <p>\(introduction.escapedForMarkup)</p>
      <main>

      """
    var number = 0
    var reasons = ""
    for figure in figures {
      switch figure {
      case .drawn(let plot):
        number += 1
        text += "<figure id=\"\(plot.name)\""
        text += plot.width > Plot.column ? " class=\"wide\">\n" : ">\n"
        text += pictures[plot.name].map { Self.inlined($0, name: plot.name) } ?? ""
        text +=
          "<figcaption><b>\(number). \(plot.title.escapedForMarkup).</b> \(plot.caption.escapedForMarkup) "
        text += plot.answers.map { "<i>Answers the paper’s \($0.escapedForMarkup).</i> " } ?? ""
        text += "<span class=\"files\">Data: "
        text += plot.tables.map { suffix, _ in
          "<a href=\"\(plot.name)\(suffix).csv\">\(plot.name)\(suffix).csv</a>"
        }.joined(separator: ", ")
        text += "; redraw: <code>gnuplot \(plot.name).gp</code>.</span></figcaption>\n</figure>\n"
      case .leftOut(let name, let reason):
        reasons += "<li><code>\(name)</code>: \(reason.escapedForMarkup)</li>\n"
      }
    }
    text += "</main>\n"
    if pictures.isEmpty && number > 0 { text += "<p>\(FigureFolder.advice.escapedForMarkup)</p>\n" }
    if !reasons.isEmpty {
      text += "<h2>Figures that this run has nothing to show in</h2>\n<ul>\n\(reasons)</ul>\n"
    }
    return text + "</html>\n"
  }

  /// An SVG document as an element of a page: without what comes before it, and with names that no
  /// other picture on the page has.
  private static func inlined(_ svg: String, name: String) -> String {
    guard let start = svg.range(of: "<svg") else { return "" }
    var text = String(svg[start.lowerBound...])
    for (old, new) in [
      ("id=\"", "id=\"\(name)-"), ("id='", "id='\(name)-"), ("url(#", "url(#\(name)-"),
      ("href=\"#", "href=\"#\(name)-"), ("href='#", "href='#\(name)-"),
    ] {
      text = text.replacing(old, with: new)
    }
    return text
  }
}
