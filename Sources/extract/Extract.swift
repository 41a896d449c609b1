// The command line: parse, call, print.

import ArgumentParser
import Files
import Foundation

@main
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Watch a recurrent network turn into an algorithm.",
    discussion: """
      Reads off, at every checkpoint of a training run, the finite automaton that the network's \
      hidden states form; lists which states merge when; and films how the tree of memorized \
      words folds into a finite machine.

        extract train --task parity --out run
        extract --checkpoints run

      Exit codes: 0 done, 1 a negative answer or a failure, 64 wrong usage.
      """,
    version: Release.version,
    subcommands: [
      AutomataCommand.self, TrainCommand.self, FiguresCommand.self, FilmCommand.self,
      SweepCommand.self,
      TheoryCommand.self, InspectCommand.self, StatesCommand.self, TasksCommand.self,
      CompareCommand.self, MinimizeCommand.self, ConvertCommand.self, ShowCommand.self,
    ],
    defaultSubcommand: AutomataCommand.self)

  static func main() {
    // What was printed is in a buffer until now; a full disk is found out only here.
    atexit {
      guard fflush(nil) != 0 else { return }
      let reason = unsafe String(cString: strerror(errno))
      FileHandle.standardError.write(
        Data("Error: standard output cannot be written: \(reason).\n".utf8))
      _exit(1)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(withError: error.advised)
    }
  }
}
