// Reading pictures back: the elements of an SVG document, the points of a path.

import Foundation
import FoundationXML

@testable import Drawing

/// One element of a document.
struct Element {
  let name: String
  let attributes: [String: String]
  /// The position of the element around it, -1 for the root.
  let parent: Int
  var text = ""

  var classes: [Substring] { (attributes["class"] ?? "").split(separator: " ") }
}

/// All elements of a document, in its order.
func elements(of document: String) -> [Element] {
  let reader = ElementReader()
  let parser = XMLParser(data: Data(document.utf8))
  parser.delegate = reader
  return parser.parse() ? reader.elements : []
}

private final class ElementReader: NSObject, XMLParserDelegate {
  var elements: [Element] = []
  private var open: [Int] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes, parent: open.last ?? -1))
    open.append(elements.count - 1)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let element = open.last { elements[element].text += text }
  }
}

/// All points that a path names, control points too, in absolute coordinates.
func points(of path: String) -> [Point] {
  var points: [Point] = []
  var here = Point(x: 0, y: 0)
  for command in path.matches(of: /([A-Za-z])([^A-Za-z]*)/) {
    let numbers = command.2.matches(of: /-?(\d+\.?\d*|\.\d+)/).compactMap { Double($0.0) }
    let isRelative = command.1.first?.isLowercase ?? false
    let origin = isRelative ? here : Point(x: 0, y: 0)
    switch command.1.lowercased() {
    case "h": here = Point(x: origin.x + numbers[0], y: here.y)
    case "v": here = Point(x: here.x, y: origin.y + numbers[0])
    case "z": continue
    // Of arcs only their ends.
    case "a":
      for end in stride(from: 5, to: numbers.count, by: 7) {
        if end > 5 { points.append(here) }
        here = (isRelative ? here : origin) + Point(x: numbers[end], y: numbers[end + 1])
      }
    default:
      let pairs = stride(from: 0, to: numbers.count, by: 2).map {
        origin + Point(x: numbers[$0], y: numbers[$0 + 1])
      }
      points += pairs.dropLast()
      here = pairs[pairs.count - 1]
    }
    points.append(here)
  }
  return points
}

/// Whether two lists of points are the same within a distance.
func agree(_ a: [Point], _ b: [Point], within distance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).length <= distance }
}
