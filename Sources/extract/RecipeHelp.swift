// The options of a recipe on a command line: what they are called and what is said of them there.

public import ArgumentParser
public import LinearAlgebra
import RNN

extension Option where Value == String? {
  /// An option of a recipe. Its text is read where the recipe is made, so that what is wrong with
  /// it is said in the same words wherever it comes from.
  init(recipe name: String) {
    let option = RecipeOption.onCommandLine(name)
    var completion: CompletionKind?
    if case .choice(let names) = option.kind { completion = .list(names) }
    self.init(name: .customLong(name), help: option.argumentHelp, completion: completion)
  }
}

extension Flag where Value == Bool {
  /// A flag of a recipe.
  init(wrappedValue: Bool, recipe name: String) {
    self.init(
      wrappedValue: wrappedValue, name: .customLong(name),
      help: RecipeOption.onCommandLine(name).argumentHelp)
  }
}

extension RecipeOption {
  /// - Precondition: There is a row of that name.
  fileprivate static func onCommandLine(_ name: String) -> RecipeOption {
    guard let option = named(name) else {
      preconditionFailure("the table of a recipe's options has no row for '\(name)'")
    }
    return option
  }

  fileprivate var argumentHelp: ArgumentHelp {
    var text = help
    if let defaultText { text += " (default: \(defaultText))" }
    if case .choice(let names) = kind { text += " (values: \(names.joined(separator: ", ")))" }
    return ArgumentHelp("\(text)", valueName: valueName)
  }
}

extension RecipeError {
  /// The sentence about an option that was given on a command line.
  var commandLineText: String { "--\(self)" }
}

// Of networks whose files do not say which they have.
extension Activation: ExpressibleByArgument {}
