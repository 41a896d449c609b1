// The film at one time, for readers that know no motion: the pictures of other formats.

import Automata

extension Film {
  /// The film at one time as an SVG document without motion.
  ///
  /// - Parameter time: Seconds from the start; what lies outside the film shows its first or last
  ///   key frame.
  public func still(at time: Double) -> String {
    let (key, share) = storyboard.position(at: time)
    let between = InBetween(of: self, after: key, share: share)
    var text = opening(
      width: FilmGeometry.size.width, height: FilmGeometry.size.height, title: title,
      description: summary, theme: options.theme)
    appendSurroundings(to: &text)
    let panels = panels
    for panel in panels { panel.appendFuture(to: &text) }
    between.appendAutomaton(to: &text)
    between.appendDots(to: &text)
    appendCaption(ofKey: between.nearest, to: &text)
    let ribbon = FilmGeometry.ribbon
    let head = ribbon.left + ribbon.width * min(max(time / duration, 0), 1)
    text += "<path class=\"mark head\" d=\"\(Ribbon.head(head))\"/>"
    for (index, panel) in panels.enumerated() {
      let now = between.mix(
        panel.chart.x(storyboard.keys[between.before].epoch),
        panel.chart.x(storyboard.keys[between.after].epoch))
      panel.appendPast(
        id: "past\(index)",
        clip: (attributes: " width=\"\(number(now - panel.chart.left))\"", content: ""),
        mark: (attributes: " d=\"\(panel.mark(at: now))\"", content: ""), to: &text)
    }
    return text + "</svg>\n"
  }
}
