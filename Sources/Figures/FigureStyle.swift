// The colours and the style that all figures share.

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

  /// style.gp, with the colours in their places.
  package static let script: String = {
    let colours = [
      "blue": blue, "vermillion": vermillion, "green": green, "orange": orange, "purple": purple,
      "sky": sky, "black": black, "grey": grey,
    ]
    let text = String(decoding: PackageResources.style_gp, as: UTF8.self)
    return colours.reduce(text) { $0.replacing("@\($1.key)@", with: $1.value) }
  }()
}
