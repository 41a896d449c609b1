// One axis of a sweep: an option of `extract train` with the values that it takes.

import ArgumentParser
import Foundation

/// An option of `train` and its values, as they are written on a command line.
///
/// Written as `0.1:1.0:20`, twenty values from 0.1 to 1.0 in equal steps; as `0.001:1:10:log`, in
/// equal ratios; or as a list, `0.1,0.2,0.5`. Options that take whole numbers round.
struct Axis: Hashable, Codable, Sendable {
  /// The option's name without its dashes.
  let option: String
  let values: [String]

  /// The values as numbers; nil where one of them is none.
  var numbers: [Double]? {
    let numbers = values.compactMap { Double($0) }
    return numbers.count == values.count ? numbers : nil
  }

  /// - Parameters:
  ///   - text: What the user wrote behind the option.
  ///   - kind: What the option takes.
  /// - Returns: nil if the text is a single value, and no axis.
  /// - Throws: `ValidationError`, saying what an axis looks like.
  init?(option: String, text: String, kind: OptionKind) throws {
    self.option = option
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if kind != .text, parts.count > 1 {
      values = try Self.range(parts, of: option, text: text, isWhole: kind == .whole)
    } else if text.contains(",") {
      values = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !values.contains("") else {
        throw ValidationError("--\(option) \(text): a value of the list is empty.")
      }
      if kind != .text, let bad = values.first(where: { Double($0)?.isFinite != true }) {
        throw ValidationError("--\(option) \(text): '\(bad)' is not a number.")
      }
    } else {
      return nil
    }
    if let twice = Self.firstDuplicate(values) {
      throw ValidationError(
        "--\(option) \(text): the value \(twice) comes up twice; every cell must be another one. "
          + "Try fewer values.")
    }
  }

  /// The axis of so many seeds, 1 and up.
  init(seeds: Int) {
    option = "seed"
    values = (1...seeds).map(String.init)
  }

  private static func range(
    _ parts: [String], of option: String, text: String, isWhole: Bool
  ) throws -> [String] {
    let form =
      "needed is first:last:count, such as 0.1:1:20, first:last:count:log, or a list such as 0.1,0.2."
    guard parts.count == 3 || parts.count == 4 && parts[3] == "log" else {
      throw ValidationError("--\(option) \(text) is no axis; \(form)")
    }
    for part in parts.prefix(2) where Double(part)?.isFinite != true {
      throw ValidationError("--\(option) \(text): '\(part)' is not a number; \(form)")
    }
    guard let first = Double(parts[0]), let last = Double(parts[1]), let count = Int(parts[2])
    else {
      throw ValidationError("--\(option) \(text): '\(parts[2])' is not a whole number; \(form)")
    }
    guard count >= 1 else {
      throw ValidationError(
        "--\(option) \(text) is an empty axis; needed is a count of at least 1.")
    }
    guard count <= 1_000_000 else {
      throw ValidationError("--\(option) \(text): needed are at most 1000000 values.")
    }
    guard first < last || first == last && count == 1 else {
      throw ValidationError(
        "--\(option) \(text) runs backwards; needed is a first value below the last. "
          + "Try \(parts[1]):\(parts[0]):\(parts[2]).")
    }
    let isLogarithmic = parts.count == 4
    guard !isLogarithmic || first > 0 else {
      throw ValidationError("--\(option) \(text): a logarithmic axis needs values above 0.")
    }
    return (0..<count).map { step in
      let share = count > 1 ? Double(step) / Double(count - 1) : 0
      let value =
        isLogarithmic
        ? first * pow(last / first, share) : first + (last - first) * share
      return isWhole ? "\(Int(value.rounded()))" : short(value)
    }
  }

  /// The number with at most ten significant digits, which hides what binary fractions add.
  private static func short(_ value: Double) -> String {
    let rounded = Double(String(format: "%.10g", value)) ?? value
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func firstDuplicate(_ values: [String]) -> String? {
    var seen: Set<String> = []
    return values.first { !seen.insert($0).inserted }
  }
}

/// What an option of `train` takes, as its own parser has it.
enum OptionKind {
  case flag, whole, number, text

  /// Asks the parser of `train`; nil if it has no such option.
  init?(option: String) {
    func accepts(_ values: String...) -> Bool {
      (try? TrainCommand.parse(["--out", "x", "--\(option)"] + values)) != nil
    }
    switch option {
    // Their texts could be anything.
    case "task", "alphabet": self = .text
    default:
      if accepts("0.5") {
        self = .number
      } else if accepts("1") {
        self = .whole
      } else if accepts() {
        self = .flag
      } else if TrainCommand.helpMessage(columns: 1000).contains("--\(option) <") {
        self = .text
      } else {
        return nil
      }
    }
  }
}
