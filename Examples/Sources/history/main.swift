// From a folder of checkpoints to the history of its automata.
import Extraction
import Studies

let study = try Study(run: CommandLine.arguments[1])
for entry in study.history.entries {
  let mergers = entry.change?.mergers.count ?? 0
  print("epoch \(entry.epoch): \(entry.states) states after \(mergers) mergers")
}
if let last = study.history.entries.last, let minimal = last.minimal {
  print(last.isEquivalentToTask ? "the task was learnt:" : "something else was learnt:")
  print(minimal.dot())
}
