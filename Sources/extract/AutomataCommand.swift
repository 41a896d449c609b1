// `extract --checkpoints run/`: the main job.

import ArgumentParser

struct AutomataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "automata",
    abstract: "Read off the automaton at every checkpoint of a run (the default command).")

  @Option(help: "The folder of a run, or of checkpoints.") var checkpoints: String

  func run() throws {
  }
}
