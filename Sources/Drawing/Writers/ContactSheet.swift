// Some of the film's automata side by side, for paper.

import Automata

extension Film {
  /// Some of the key frames on one sheet, as an SVG document.
  ///
  /// The turning points come first, then those that stand best for the others.
  ///
  /// - Parameters:
  ///   - count: How many, at least 1; of a film with fewer, all.
  ///   - columns: How many stand side by side; by default as many as make the sheet look best.
  public func contactSheet(_ count: Int, columns: Int? = nil) -> String {
    precondition(count >= 1 && columns ?? 1 >= 1, "\(count) frames in \(columns ?? 1) columns")
    let keys = sheetKeys(count)
    // Two side by side where there are few, so that they stay large.
    let columns = min(columns ?? (keys.count <= 4 ? 2 : 3), keys.count)
    let rows = (keys.count + columns - 1) / columns
    let gap = 44.0
    let width =
      (FilmGeometry.right - FilmGeometry.left - gap * Double(columns - 1)) / Double(columns)
    let height = 0.52 * width
    let top = 104.0
    let pitch = height + 58
    var text = opening(
      width: FilmGeometry.size.width, height: top + pitch * Double(rows), title: title,
      description: summary, theme: options.theme)
    text +=
      "<text class=\"h\" x=\"\(number(FilmGeometry.left))\" y=\"48\" font-size=\"24\">\(title.escapedForMarkup)</text>"
    appendLegend(
      of: outputAlphabet, colours: options.colours, x: FilmGeometry.left, y: 76, to: &text)
    for (index, key) in keys.enumerated() {
      let left = FilmGeometry.left + Double(index % columns) * (width + gap)
      let y = top + Double(index / columns) * pitch
      text += "<text x=\"\(number(left))\" y=\"\(number(y + 14))\" font-size=\"15\">"
      text += "<tspan class=\"num\">epoch \(storyboard.keys[key].epoch)</tspan>"
      text += "<tspan class=\"soft\" dx=\"10\">\(storyboard.scenes[key].caption)</tspan></text>"
      let stage = Stage(left: left + 32, top: y + 42, width: width - 46, height: height - 32)
      let scene = Scene(storyboard.keys[key].extraction, on: stage).arranged(on: stage)
      Drawing.appendAutomaton(
        scene, colours: stateColours[key], scale: width / Stage.film.width, to: &text)
    }
    return text + "</svg>\n"
  }

  /// The key frames that tell the story in a given number of pictures.
  ///
  /// First the turning points, as far as there is room: the last, the first, the one with most
  /// states, the first after it with at most half as many, and the first from which on all are
  /// complete. Then those that stand best for the rest: the sum, over all key frames, of the
  /// distance to the nearer of the two chosen around it is least. A distance is the share of states
  /// that only one of two automata has.
  ///
  /// - Returns: Positions in the key frames, increasing.
  func sheetKeys(_ count: Int) -> [Int] {
    let n = storyboard.keys.count
    guard count < n else { return Array(0..<n) }
    guard count > 1 else { return [n - 1] }
    let isForced = turningPoints(count)
    let table = KeyFrames.distances(between: storyboard.keys.map(\.extraction))
    let sizes = storyboard.scenes.map { Double($0.machine.stateCount) }
    func distance(_ i: Int, _ j: Int) -> Double { Double(table[i * n + j]) / (sizes[i] + sizes[j]) }
    // What those between two chosen ones pay.
    var misfit = [Double](repeating: .infinity, count: n * n)
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) {
        misfit[i * n + j] = (i + 1..<j).reduce(0) { $0 + min(distance(i, $1), distance($1, j)) }
        if isForced[j] { break }
      }
    }
    return CheapestPath.positions(count: n, stops: count) { $0 + misfit[$1 * n + $2] }
  }

  /// Which key frames a sheet of at least two has to have.
  private func turningPoints(_ count: Int) -> [Bool] {
    let turns = TurningPoints(of: storyboard.scenes.map(\.machine))
    var isForced = [Bool](repeating: false, count: storyboard.scenes.count)
    var left = count
    let inOrder = [
      turns.last, turns.first, turns.largest, turns.fold(toQuarters: 2), turns.complete,
    ]
    for key in inOrder.compactMap({ $0 }) where left > 0 && !isForced[key] {
      isForced[key] = true
      left -= 1
    }
    return isForced
  }
}
