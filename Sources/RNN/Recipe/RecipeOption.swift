// What is known of one option of a recipe; `RecipeOptionTable.swift` has the table of them all.

/// An option of a recipe: a row of ``all``.
///
/// Reading text, checking, `config.json`, the help of a command line and the axes of a sweep all go
/// over these rows; nothing else lists the options of a recipe.
public struct RecipeOption: Sendable {
  /// What an option takes.
  public enum Kind: Hashable, Sendable {
    /// "true" or "false"; on a command line the name alone.
    case flag
    case whole
    case number
    /// Any text.
    case text
    /// One of these names.
    case choice([String])

    /// What a text of this kind must be, as the end of a sentence.
    public var needed: String {
      switch self {
      case .flag: "true or false"
      case .whole: "a whole number"
      case .number: "a number"
      case .text: "a text"
      case .choice(let names):
        names.count < 2
          ? names.joined()
          : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
      }
    }
  }

  /// As it is spelled, without dashes: "learning-rate".
  public let name: String
  public let kind: Kind
  /// What it is, in a sentence or two.
  public let help: String
  /// What its value is called in a help text, such as "count"; nil for flags and choices.
  public let valueName: String?
  /// What its values must be, as the end of a sentence: "from 1 to 4".
  public let range: String
  /// The default in words, with what it depends on: "0.1 for xavier-normal, else 1"; nil for flags
  /// and where there is none.
  public let defaultText: String?
  /// The name of the option which brings this one another default when it is changed, if there is
  /// one.
  public let determiner: String?

  /// How it lies in `config.json`; nil for what lies there with another option.
  private(set) var storage: Storage?
  private let neededText: String
  private let textOf: @Sendable (Recipe) -> String?
  private let write: @Sendable (inout Recipe, String) -> Bool
  private let writeDefault: @Sendable (inout Recipe) -> Void
  private let needed: @Sendable (Recipe) -> String?

  /// - Parameters:
  ///   - place: Where the value lies in a recipe.
  ///   - key: The name in `config.json`, with a dot behind that of a group.
  ///   - isNew: Whether there are runs whose `config.json` does not have it yet.
  ///   - allowed: The values that make sense, whatever the others are.
  ///   - also: What the value must be with the others as they are, if it is not that.
  ///   - valueName: See ``valueName``.
  ///   - determiner: See ``determiner``.
  ///   - preset: The default in a recipe whose determiner has changed.
  ///   - defaultText: The default in words where it is not simply that of `Recipe()`.
  init<Value: OptionValue>(
    _ name: String, _ place: any WritableKeyPath<Recipe, Value> & Sendable, key: String? = nil,
    isNew: Bool = false, _ allowed: Allowed<Value.Given> = .all,
    also: @escaping @Sendable (Recipe) -> String? = { _ in nil }, value valueName: String? = nil,
    determiner: String? = nil, preset: (@Sendable (Recipe) -> Value)? = nil,
    default defaultText: String? = nil, help: String
  ) {
    self.name = name
    kind = Value.Given.kind
    self.help = help
    self.valueName = valueName
    range = allowed.text
    neededText = Value.Given.needed
    let standard = Recipe()[keyPath: place]
    self.defaultText = kind == .flag ? nil : defaultText ?? standard.given?.text
    self.determiner = determiner
    storage = key.map { Storage($0, place, isNew: isNew) }
    textOf = { $0[keyPath: place].given?.text }
    write = { recipe, text in
      guard let value = Value.Given(text: text) else { return false }
      recipe[keyPath: place] = Value(given: value)
      return true
    }
    writeDefault = { recipe in recipe[keyPath: place] = preset?(recipe) ?? standard }
    needed = { recipe in
      guard let value = recipe[keyPath: place].given else { return nil }
      return allowed.contains(value) ? also(recipe) : allowed.text
    }
  }

  /// The same, but in `config.json` with others as a whole that is called `key`.
  func storing<Value: Codable & Sendable>(
    _ place: any WritableKeyPath<Recipe, Value> & Sendable, as key: String
  ) -> RecipeOption {
    var option = self
    option.storage = Storage(whole: key, place)
    return option
  }

  /// The row of an option, or nil if there is none of that name.
  public static func named(_ name: String) -> RecipeOption? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The value in a recipe as a user writes it; nil where the recipe has none.
  public func text(in recipe: Recipe) -> String? { textOf(recipe) }

  /// Checks the value in a recipe.
  ///
  /// - Throws: `RecipeError` if it makes no sense, alone or with the others.
  func validate(_ recipe: Recipe) throws(RecipeError) {
    guard let needed = needed(recipe) else { return }
    throw RecipeError(name: name, found: text(in: recipe) ?? "", needed: needed)
  }

  /// Puts the value that a text says into a recipe, and the defaults that go with it, if it is
  /// another one than before.
  ///
  /// - Throws: `RecipeError` if the text is not of the option's kind.
  func set(_ text: String, in recipe: inout Recipe) throws(RecipeError) {
    let before = textOf(recipe)
    guard write(&recipe, text) else {
      throw RecipeError(name: name, found: text.isEmpty ? "empty" : text, needed: neededText)
    }
    guard textOf(recipe) != before else { return }
    for option in Self.all where option.determiner == name { option.writeDefault(&recipe) }
  }
}
