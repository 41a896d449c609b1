// One axis of a sweep: a setting of a run with the values that it takes.

internal import Foundation
internal import RNN

/// A setting of a run, by name, and its values, as a user writes them.
///
/// Written as `0.1:1.0:20`, twenty values from 0.1 to 1.0 in equal steps; as `0.001:1:10:log`, in
/// equal ratios; or as a list, `0.1,0.2,0.5`. Settings that take whole numbers round.
public struct Axis: Hashable, Codable, Sendable {
  /// The setting's name, such as "learning-rate".
  public let option: String
  public let values: [String]

  /// The values as numbers; nil where one of them is none.
  public var numbers: [Double]? {
    let numbers = values.compactMap { Double($0) }
    return numbers.count == values.count ? numbers : nil
  }

  /// No axis has more values.
  static let largestCount = 1_000_000

  /// - Parameters:
  ///   - text: What the user wrote behind the option.
  ///   - kind: What the option takes.
  /// - Returns: nil if the text is a single value, and no axis.
  /// - Throws: `SweepSettingsError`, saying what an axis looks like. Whether its values make sense
  ///   for the setting is not looked at.
  init?(option: String, text: String, kind: RecipeOption.Kind) throws(SweepSettingsError) {
    self.option = option
    let isNumeric = kind == .whole || kind == .number
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if isNumeric, parts.count > 1 {
      values = try Self.range(parts, of: option, text: text, isWhole: kind == .whole)
    } else if text.contains(",") {
      values = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !values.contains("") else {
        throw SweepSettingsError(option, "\(text): a value of the list is empty.")
      }
      if isNumeric, let bad = values.first(where: { Double($0)?.isFinite != true }) {
        throw SweepSettingsError(option, "\(text): '\(bad)' is not a number.")
      }
    } else {
      return nil
    }
    if let twice = Self.firstDuplicate(values) {
      throw SweepSettingsError(
        option,
        "\(text): the value \(twice) comes up twice; every cell must be another one. Try fewer "
          + "values.")
    }
  }

  /// The axis of the seeds from 1 up to a number.
  ///
  /// - Throws: `SweepSettingsError` unless there is a seed, and no more than ``largestCount``.
  init(seeds: Int) throws(SweepSettingsError) {
    guard 1...Self.largestCount ~= seeds else {
      throw SweepSettingsError(
        "seeds", "is \(seeds); it must be from 1 to \(Self.largestCount).")
    }
    option = "seed"
    values = (1...seeds).map(String.init)
  }

  private static func range(
    _ parts: [String], of option: String, text: String, isWhole: Bool
  ) throws(SweepSettingsError) -> [String] {
    func wrong(_ what: String) -> SweepSettingsError { SweepSettingsError(option, text + what) }
    let form =
      "it must be first:last:count, such as 0.1:1:20, first:last:count:log, or a list such as "
      + "0.1,0.2."
    guard parts.count == 3 || parts.count == 4 && parts[3] == "log" else {
      throw wrong(" is no axis; \(form)")
    }
    for part in parts.prefix(2) where Double(part)?.isFinite != true {
      throw wrong(": '\(part)' is not a number; \(form)")
    }
    guard let first = Double(parts[0]), let last = Double(parts[1]), let count = Int(parts[2])
    else {
      throw wrong(": '\(parts[2])' is not a whole number; \(form)")
    }
    guard count >= 1 else {
      throw wrong(" is an empty axis; its count must be at least 1.")
    }
    guard count <= largestCount else {
      throw wrong(" has \(count) values; an axis must have at most \(largestCount).")
    }
    guard first < last || first == last && count == 1 else {
      throw wrong(
        " runs backwards; its first value must be below the last. "
          + "Try \(parts[1]):\(parts[0]):\(parts[2]).")
    }
    let isLogarithmic = parts.count == 4
    guard !isLogarithmic || first > 0 else {
      throw wrong(": the values of a logarithmic axis must be above 0.")
    }
    guard (isLogarithmic ? last / first : last - first).isFinite else {
      throw wrong(" is too wide; its values must be closer together.")
    }
    var values: [String] = []
    for step in 0..<count {
      let share = count > 1 ? Double(step) / Double(count - 1) : 0
      let value =
        isLogarithmic
        ? first * pow(last / first, share) : first + (last - first) * share
      if isWhole {
        guard let whole = Int(exactly: value.rounded()) else {
          throw wrong(": \(short(value)) is too large for a whole number.")
        }
        values.append("\(whole)")
      } else {
        values.append(short(value))
      }
    }
    return values
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
