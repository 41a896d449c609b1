import Foundation
import RNN
import Testing

@Suite struct RecipeOptionTests {
  private let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()

  private func text(_ recipe: Recipe) throws -> String {
    String(decoding: try encoder.encode(recipe), as: UTF8.self)
  }

  /// A value that is not the default, with what else it takes.
  private func unusual(_ option: RecipeOption) throws -> [String: String] {
    let standard = option.text(in: Recipe())
    switch option.name {
    case "nesterov": return ["nesterov": "true", "momentum": "0.5"]
    case "schedule": return ["schedule": "cosine"]
    default: break
    }
    switch option.kind {
    case .flag: return [option.name: "true"]
    case .whole: return [option.name: standard == "3" ? "4" : "3"]
    case .number: return [option.name: standard == "0.5" ? "0.25" : "0.5"]
    case .choice(let names): return [option.name: try #require(names.last { $0 != standard })]
    case .text: return [option.name: "x"]
    }
  }

  @Test func `each row has a name of its own, a sentence and a default that makes sense`() throws {
    #expect(Set(RecipeOption.all.map(\.name)).count == RecipeOption.all.count)
    try Recipe().validate()
    for option in RecipeOption.all {
      #expect(option.name.wholeMatch(of: /[a-z0-9]+(-[a-z]+)*/) != nil)
      #expect(option.help.hasSuffix("."), "\(option.name)")
      #expect(RecipeOption.named(option.name)?.help == option.help)
      // What a default is written as can be given.
      guard let text = option.text(in: Recipe()) else { continue }
      #expect(try Recipe([:]) == Recipe())
      var recipe = Recipe()
      try recipe.set(option.name, to: text)
      #expect(recipe == Recipe(), "\(option.name)")
    }
    #expect(RecipeOption.named("colour") == nil)
  }

  @Test(arguments: RecipeOption.all.map(\.name))
  func `what is set by name is there, changes the recipe, and comes back from its JSON`(
    name: String
  ) throws {
    let option = try #require(RecipeOption.named(name))
    let texts = try unusual(option)
    let recipe = try Recipe(texts)
    #expect(option.text(in: recipe) == texts[name])
    #expect(recipe != Recipe())
    let json = try text(recipe)
    #expect(json != (try text(Recipe())))
    let back = try JSONDecoder().decode(Recipe.self, from: Data(json.utf8))
    #expect(back == recipe)
    #expect(try text(back) == json)
  }

  @Test func `the JSON of a recipe is what it has always been`() throws {
    #expect(
      try text(Recipe())
        == #"{"batchSize":128,"cell":"elman","epochs":1000,"fraction":1,"gain":0.1,"hidden":100,"#
        + #""initialization":"xavier-normal","isBalanced":false,"layers":1,"learningRate":0.02,"#
        + #""learningRateSchedule":{"course":"constant","factor":0.1,"period":1000,"warmUp":0},"#
        + #""loss":"mse","maxLength":10,"minLength":1,"nonlinearity":"relu","optimizer":"#
        + #"{"alpha":0.99,"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"momentum":0,"#
        + #""nesterov":false,"rule":"sgd","weightDecay":0},"readout":"linear","#
        + #""schedule":{"adaptive":{"longest":25,"share":0.015}},"seed":1,"start":1,"#
        + #""supervision":"last","threads":1,"trainsStart":false,"validationLength":50,"#
        + #""validationWords":100,"wordsPerLength":16384}"#)
    let other = try text(
      try Recipe([
        "start": "0.3", "stop-loss": "0.001", "clip": "2", "checkpoint-every": "7",
        "seed": "18446744073709551615", "optimizer": "adamw",
      ]))
    for part in [
      #""start":0.3"#, #""stopLoss":0.001"#, #""clip":2"#, #""schedule":{"every":{"_0":7}}"#,
      #""seed":18446744073709551615"#, #""weightDecay":0.01"#, #""learningRate":0.001"#,
    ] { #expect(other.contains(part), "\(part)") }
  }

  @Test func `what is missing in JSON is named, unless older versions had none`() throws {
    let whole = try #require(
      JSONSerialization.jsonObject(with: encoder.encode(Recipe())) as? [String: Any])
    let new = [
      "cell", "layers", "readout", "initialization", "trainsStart", "optimizer",
      "learningRateSchedule", "threads",
    ]
    for key in whole.keys {
      var part = whole
      part[key] = nil
      let data = try JSONSerialization.data(withJSONObject: part)
      if new.contains(key) {
        #expect(try JSONDecoder().decode(Recipe.self, from: data) == Recipe(), "\(key)")
      } else {
        let error = #expect(throws: DecodingError.self) {
          try JSONDecoder().decode(Recipe.self, from: data)
        }
        guard case .keyNotFound(let missing, _) = error else {
          Issue.record("\(key): \(String(describing: error))")
          continue
        }
        #expect(missing.stringValue == key)
      }
    }
  }

  @Test func `settings do not depend on the order in which they are given`() throws {
    var recipe = Recipe()
    try recipe.set([
      "learning-rate": "0.5", "optimizer": "adamw", "gain": "0.3", "init": "orthogonal",
      "schedule-period": "4", "schedule": "cosine", "warm-up": "2", "epochs": "9",
    ])
    #expect(recipe.learningRate == 0.5 && recipe.gain == 0.3)
    #expect(recipe.optimizer.weightDecay == 0.01 && recipe.learningRateSchedule.period == 4)
    // One after the other, a rule, a way to draw weights and a schedule bring their own defaults.
    try recipe.set("optimizer", to: "rmsprop")
    try recipe.set("init", to: "xavier-normal")
    try recipe.set("schedule", to: "constant")
    try recipe.set("schedule", to: "cosine")
    #expect(recipe.learningRate == 0.01 && recipe.gain == 0.1)
    #expect(recipe.optimizer.weightDecay == 0 && recipe.learningRateSchedule.period == 7)
    // The same once more changes nothing.
    try recipe.set("learning-rate", to: "0.25")
    try recipe.set("optimizer", to: "rmsprop")
    #expect(recipe.learningRate == 0.25)
  }

  @Test func `a part of an adaptive schedule leaves the other part, or brings the default`() throws
  {
    var recipe = Recipe()
    recipe.schedule = .adaptive(share: 0.5, longest: 9)
    try recipe.set("checkpoint-share", to: "0.25")
    #expect(recipe.schedule == .adaptive(share: 0.25, longest: 9))
    try recipe.set("checkpoint-every", to: "4")
    #expect(recipe.schedule == .every(4))
    try recipe.set("checkpoint-at-least-every", to: "8")
    #expect(recipe.schedule == .adaptive(share: 0.015, longest: 8))
  }

  @Test func `defaults in words say what they depend on`() {
    func text(_ name: String) -> String? { RecipeOption.named(name)?.defaultText }
    #expect(text("learning-rate") == "0.02; adam, adamw: 0.001; rmsprop: 0.01")
    #expect(text("weight-decay") == "0; adamw: 0.01")
    #expect(text("gain") == "0.1 for xavier-normal, else 1")
    #expect(text("epsilon") == "1e-8" && text("clip") == "none")
    #expect(text("nesterov") == nil && text("checkpoint-every") == nil)
  }

  @Test func `a wrong value is a fact in one sentence, which names no option of a program`() throws
  {
    for (texts, sentence) in [
      (["hidden": "0"], "hidden is 0; it must be from 1 to 8192."),
      (["hidden": "2.5"], "hidden is 2.5; it must be a whole number."),
      (["seed": "-1"], "seed is -1; it must be a whole number of at least 0."),
      (["nesterov": "yes"], "nesterov is yes; it must be true or false."),
      (["cell": ""], "cell is empty; it must be elman, gru or lstm."),
      (["clip": "0"], "clip is 0; it must be a finite number above 0."),
      (["learning-rate": "nan"], "learning-rate is nan; it must be a finite number of at least 0."),
      (
        ["momentum": "0.5", "optimizer": "adamw"],
        "momentum is 0.5; it must be 0 where the optimizer is adamw."
      ),
      (
        ["min-length": "3", "max-length": "2"],
        "max-length is 2; it must be at least 3, the length of the shortest training words."
      ),
      (
        ["schedule": "step"],
        "schedule is step; it must be given with a schedule-period, the number of epochs from step "
          + "to step."
      ),
    ] {
      let error = #expect(throws: RecipeError.self) { try Recipe(texts) }
      #expect(error?.description == sentence)
    }
    let error = #expect(throws: RecipeError.self) { try Recipe(["colour": "red"]) }
    #expect(
      error?.description.hasPrefix(
        "colour is no option of a recipe; it must be one of cell, layers, hidden, ") == true)
  }

  @Test func `a run's settings are its task's and its recipe's`() throws {
    let run = try RunConfiguration([
      "task": "random:4", "task-seed": "7", "alphabet": "go,stop", "hidden": "3",
    ])
    #expect(run.task == "random:4" && run.taskSeed == 7 && run.alphabet == ["go", "stop"])
    #expect(run.recipe == (try Recipe(["hidden": "3"])))
    #expect(try RunConfiguration([:]) == .standard)
    #expect(RunConfiguration.kind(ofSetting: "task-seed") == .whole)
    #expect(RunConfiguration.kind(ofSetting: "cell") == .choice(["elman", "gru", "lstm"]))
    #expect(RunConfiguration.kind(ofSetting: "out") == nil)
    for (texts, sentence) in [
      (["task-seed": "x"], "task-seed is x; it must be a whole number of at least 0."),
      (
        ["alphabet": "aa"],
        "alphabet is aa; it must be symbols, no two alike, such as 01 or go,stop."
      ),
    ] {
      let error = #expect(throws: RecipeError.self) { try RunConfiguration(texts) }
      #expect(error?.description == sentence)
    }
  }
}
