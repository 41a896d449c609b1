// One training run on parity without evaluation: a line of JSON for compare.py and cells.py.
//
// TrainAlone [epochs [cell [hidden [longest [symbols [threads]]]]]], the default recipe else.

import Glibc
import LinearAlgebra
import RNN
import Tasks

#if DEBUG
  #warning("A debug build: its times mean nothing. Build with -c release.")
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.map { Int($0) }
@MainActor func number(_ place: Int, or preset: Int) -> Int {
  place < numbers.count ? numbers[place] ?? preset : preset
}

var recipe = Recipe()
recipe.epochs = number(0, or: recipe.epochs)
if arguments.count > 1, let cell = Cell(rawValue: arguments[1]) { recipe.cell = cell }
recipe.hidden = number(2, or: recipe.hidden)
recipe.maxLength = number(3, or: recipe.maxLength)
// All words of every length.
recipe.wordsPerLength = 1 << 20
let symbols = number(4, or: 2)
recipe.threads = number(5, or: 1)
// Whether the last symbol has come an even number of times.
let others = (0..<symbols - 1).map(String.init).joined(separator: "|")
let language = try Language(
  named: "regex:(\(others)|\(symbols - 1)(\(others))*\(symbols - 1))*", seed: 1,
  alphabet: .digits(symbols))
let trainer = try Trainer(recipe, language: symbols == 2 ? .parity : language)
let clock = ContinuousClock()
let processorBefore = Glibc.clock()
let time = clock.measure {
  for _ in 0..<recipe.epochs { trainer.trainEpoch() }
}
let processor = Double(Glibc.clock() - processorBefore) / Double(CLOCKS_PER_SEC)
let answer = trainer.evaluate()
print(
  """
  {"epochs": \(recipe.epochs), "training_seconds": \(time / .seconds(1)), \
  "training_cpu_seconds": \(processor), \
  "kernels": "\(OpenBLAS.kernelName)", "train_loss": \(answer.trainLoss), \
  "validation_loss": \(answer.validationLoss)}
  """)
