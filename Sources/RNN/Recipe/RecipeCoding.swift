// A recipe in `config.json`: an object with an entry for each row of the table of options.

extension RecipeOption {
  /// How a value lies in `config.json`.
  struct Storage: Sendable {
    /// The object in the recipe's that holds it; nil if it lies in the recipe's own.
    let group: StorageKey?
    private let read: @Sendable (inout Recipe, KeyedDecodingContainer<StorageKey>) throws -> Void
    private let write: @Sendable (Recipe, inout KeyedEncodingContainer<StorageKey>) throws -> Void

    /// - Parameters:
    ///   - key: The name, with a dot behind that of the group.
    ///   - isNew: Whether it may be missing; then the value is left as it was.
    init<Value: OptionValue>(
      _ key: String, _ place: any WritableKeyPath<Recipe, Value> & Sendable, isNew: Bool
    ) {
      let names = key.split(separator: ".").map { StorageKey(String($0)) }
      let name = names[names.count - 1]
      group = names.count > 1 ? names[0] : nil
      // What a recipe can do without is left out.
      let isNeeded = !isNew && Value.self == Value.Given.self
      read = { recipe, values in
        let given =
          isNeeded
          ? try values.decode(Value.Given.self, forKey: name)
          : try values.decodeIfPresent(Value.Given.self, forKey: name)
        if let given { recipe[keyPath: place] = Value(given: given) }
      }
      write = { recipe, values in
        if let given = recipe[keyPath: place].given { try values.encode(given, forKey: name) }
      }
    }

    /// Several options as one value.
    init<Value: Codable & Sendable>(
      whole key: String, _ place: any WritableKeyPath<Recipe, Value> & Sendable
    ) {
      let name = StorageKey(key)
      group = nil
      read = { $0[keyPath: place] = try $1.decode(Value.self, forKey: name) }
      write = { try $1.encode($0[keyPath: place], forKey: name) }
    }

    /// A group that is missing leaves its values as they were.
    func decode(
      into recipe: inout Recipe, from values: KeyedDecodingContainer<StorageKey>
    ) throws {
      guard let group else { return try read(&recipe, values) }
      guard values.contains(group), try !values.decodeNil(forKey: group) else { return }
      try read(&recipe, values.nestedContainer(keyedBy: StorageKey.self, forKey: group))
    }

    func encode(
      _ recipe: Recipe, into values: inout KeyedEncodingContainer<StorageKey>
    ) throws {
      try write(recipe, &values)
    }
  }

  struct StorageKey: CodingKey, Hashable {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension Recipe: Codable {
  /// Reads a recipe; what older versions did not know has its default.
  ///
  /// - Throws: `DecodingError` for what is missing or of another kind. Whether the numbers make
  ///   sense is a question for ``validate()``.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: RecipeOption.StorageKey.self)
    self.init()
    for storage in RecipeOption.all.compactMap(\.storage) {
      try storage.decode(into: &self, from: values)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: RecipeOption.StorageKey.self)
    let storages = RecipeOption.all.compactMap(\.storage)
    for storage in storages where storage.group == nil { try storage.encode(self, into: &values) }
    for (group, members) in Dictionary(grouping: storages, by: \.group) {
      guard let group else { continue }
      var nested = values.nestedContainer(keyedBy: RecipeOption.StorageKey.self, forKey: group)
      for storage in members { try storage.encode(self, into: &nested) }
    }
  }
}
