// What makes a run, as settings by name: its task, and the options of its recipe.

internal import Automata

extension RunConfiguration {
  /// The run that is meant where nothing else is said: the default recipe, on parity.
  public static let standard = RunConfiguration(task: "parity", recipe: Recipe())

  /// What a setting takes: `task`, `task-seed`, `alphabet`, or an option of the recipe; nil if
  /// there is none of that name.
  public static func kind(ofSetting name: String) -> RecipeOption.Kind? {
    switch name {
    case "task", "alphabet": .text
    case "task-seed": .whole
    default: RecipeOption.named(name)?.kind
    }
  }

  /// ``standard`` with some settings changed, each to what a user would write.
  ///
  /// - Parameter texts: The values by the names of the settings; "true" or "false" for a flag.
  /// - Throws: `RecipeError` for the first that makes no sense, by itself or with the others.
  ///   Whether there is such a task is found out when it is made.
  public init(_ texts: [String: String]) throws(RecipeError) {
    self = .standard
    var rest = texts
    if let task = rest.removeValue(forKey: "task") { self.task = task }
    if let text = rest.removeValue(forKey: "task-seed") {
      guard let seed = UInt64(text: text) else {
        throw RecipeError(
          name: "task-seed", found: text.isEmpty ? "empty" : text, needed: UInt64.needed)
      }
      taskSeed = seed
    }
    if let text = rest.removeValue(forKey: "alphabet") {
      guard let symbols = try? Alphabet(listed: text) else {
        throw RecipeError(
          name: "alphabet", found: text.isEmpty ? "empty" : text,
          needed: "symbols, no two alike, such as 01 or go,stop")
      }
      alphabet = symbols.symbols
    }
    recipe = try Recipe(rest)
  }
}
