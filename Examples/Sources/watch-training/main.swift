// A network learns parity; every 50 epochs its automaton is read off.
import Automata
import Extraction
import RNN
import Studies
import Tasks

let trainer = try Trainer(Recipe(), language: .parity)
let words = PrefixTree.complete(symbolCount: 2, depth: 10)
while trainer.epoch < trainer.recipe.epochs {
  for _ in 1...50 { trainer.trainEpoch() }
  let extraction = try Extraction(
    of: trainer.network, on: words, mergeDistance: .share(0.1), emptyWordCounts: false)
  let machine = extraction.automaton
  let isParity = try machine.isEquivalent(to: Language.parity.machine)
  print("epoch \(trainer.epoch): \(machine.stateCount) states,", isParity ? "parity" : "not parity")
}
