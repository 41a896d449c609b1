// One training run by the default recipe without evaluation: a line of JSON for compare.py.

import LinearAlgebra
import RNN
import Tasks

#if DEBUG
  #warning("A debug build: its times mean nothing. Build with -c release.")
#endif

var recipe = Recipe()
if CommandLine.arguments.count > 1, let epochs = Int(CommandLine.arguments[1]) {
  recipe.epochs = epochs
}
let trainer = try Trainer(recipe, language: .parity)
let clock = ContinuousClock()
let time = clock.measure {
  for _ in 0..<recipe.epochs { trainer.trainEpoch() }
}
let answer = trainer.evaluate()
print(
  """
  {"epochs": \(recipe.epochs), "training_seconds": \(time / .seconds(1)), \
  "kernels": "\(blasKernelName())", "train_loss": \(answer.trainLoss), \
  "validation_loss": \(answer.validationLoss)}
  """)
