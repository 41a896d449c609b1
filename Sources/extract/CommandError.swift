// What a command says when it cannot do what it was asked to.

/// A failure that one sentence explains.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
