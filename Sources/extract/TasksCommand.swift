// `extract tasks`: what can be trained on.

import ArgumentParser

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "List the tasks that can be trained on.")

  func run() {
    print(
      """
      parity   whether the number of 1s so far is odd
      mod-k    the number of 1s so far modulo k, for k from 2 to 64
      """)
  }
}
