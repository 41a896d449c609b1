// The values that an option of a recipe can have, and how they are written as text.

internal import LinearAlgebra

/// A value of one of the kinds of ``RecipeOption/Kind``.
protocol OptionText: Codable, Hashable, Sendable {
  static var kind: RecipeOption.Kind { get }
  /// What a text must be to be one, as the end of a sentence.
  static var needed: String { get }
  /// Reads what ``text`` writes, and whatever else means the same; nil for anything else.
  init?(text: String)
  /// As a user writes it.
  var text: String { get }
}

/// What lies at the key path of an option: a value, or one that may be missing.
protocol OptionValue: Codable, Hashable, Sendable {
  associatedtype Given: OptionText
  var given: Given? { get }
  init(given: Given)
}

extension OptionText where Self: OptionValue {
  var given: Self? { self }
  init(given: Self) { self = given }
}

extension OptionText {
  static var needed: String { kind.needed }
}

extension OptionText where Self: LosslessStringConvertible {
  init?(text: String) { self.init(text) }
}

extension Bool: OptionText, OptionValue {
  static var kind: RecipeOption.Kind { .flag }
  var text: String { "\(self)" }
}

extension Int: OptionText, OptionValue {
  static var kind: RecipeOption.Kind { .whole }
  var text: String { "\(self)" }
}

extension UInt64: OptionText, OptionValue {
  static var kind: RecipeOption.Kind { .whole }
  static var needed: String { "a whole number of at least 0" }
  var text: String { "\(self)" }
}

extension Double: OptionText, OptionValue {
  static var kind: RecipeOption.Kind { .number }
  var text: String { shortened("\(self)") }
}

extension Float: OptionText, OptionValue {
  static var kind: RecipeOption.Kind { .number }
  var text: String { shortened("\(self)") }
}

/// A number's shortest description without what it can do without: "2" for "2.0", "1e-8" for
/// "1e-08".
private func shortened(_ description: String) -> String {
  description.hasSuffix(".0")
    ? String(description.dropLast(2)) : description.replacing("e-0", with: "e-")
}

extension OptionText where Self: RawRepresentable & CaseIterable, RawValue == String {
  static var kind: RecipeOption.Kind { .choice(allCases.map(\.rawValue)) }
  init?(text: String) { self.init(rawValue: text) }
  var text: String { rawValue }
}

extension Activation: OptionText, OptionValue {}
extension Cell: OptionText, OptionValue {}
extension Initialization: OptionText, OptionValue {}
extension LearningRateSchedule.Kind: OptionText, OptionValue {}
extension Loss: OptionText, OptionValue {}
extension Readout: OptionText, OptionValue {}
extension Supervision: OptionText, OptionValue {}
extension UpdateRule: OptionText, OptionValue {}

extension Optional: OptionValue where Wrapped: OptionText {
  var given: Wrapped? { self }
  init(given: Wrapped) { self = given }
}

/// Which values make sense.
struct Allowed<Value: Sendable>: Sendable {
  /// What a value must be, as the end of a sentence.
  let text: String
  let contains: @Sendable (Value) -> Bool
}

extension Allowed where Value: OptionText {
  /// Every value of the kind.
  static var all: Self { Self(text: Value.needed) { _ in true } }
}

extension Allowed where Value == Int {
  static func from(_ least: Int, to most: Int) -> Self {
    Self(text: "from \(least) to \(most)") { least...most ~= $0 }
  }

  static func atLeast(_ least: Int) -> Self { Self(text: "at least \(least)") { $0 >= least } }
}

extension Allowed where Value: BinaryFloatingPoint {
  static var finite: Self { Self(text: "a finite number") { $0.isFinite } }

  static var finiteAtLeast0: Self {
    Self(text: "a finite number of at least 0") { $0.isFinite && $0 >= 0 }
  }

  static var finiteAbove0: Self {
    Self(text: "a finite number above 0") { $0.isFinite && $0 > 0 }
  }

  static var above0AtMost1: Self { Self(text: "above 0 and at most 1") { $0 > 0 && $0 <= 1 } }

  static var atLeast0Below1: Self { Self(text: "at least 0 and below 1") { $0 >= 0 && $0 < 1 } }
}
