// Programs that do what this one does not, such as making films of pictures.

/// A program that is looked for in PATH.
struct Tool: Sendable {
  private let name: String
  private let executable: String

  /// - Parameters:
  ///   - purpose: What it is needed for, as in "rsvg-convert is needed to draw pictures".
  ///   - package: The Debian package that it comes in.
  /// - Throws: `CommandError` where it is not installed.
  init(_ name: String, purpose: String, package: String) throws {
    guard let path = ChildProcess.path(of: name) else {
      throw CommandError(
        "\(name) is needed to \(purpose), but it is not installed. Try: apt-get install \(package)")
    }
    self.name = name
    executable = path
  }

  /// Runs the program for each of some lists of arguments, so many at a time.
  ///
  /// - Parameter report: Called with the number of runs that are over.
  /// - Throws: `CommandError` with what the program complained of, when one run fails.
  func run(
    _ argumentLists: some Sequence<[String]>, atOnce: Int = 1, report: (Int) -> Void = { _ in }
  ) throws {
    var running: [ChildProcess] = []
    var done = 0
    func finishFirst() throws {
      let ending = running.removeFirst().finish()
      guard ending.isFine else {
        throw CommandError(
          "\(name) failed: " + ending.text.split(separator: "\n").joined(separator: " "))
      }
      done += 1
      report(done)
    }
    defer { for process in running { _ = process.finish() } }
    for arguments in argumentLists {
      if running.count >= atOnce { try finishFirst() }
      running.append(try ChildProcess(executable, arguments, listeningTo: .errors))
    }
    while !running.isEmpty { try finishFirst() }
  }
}
