// Programs that do what this one does not, such as making films of pictures.

/// A program that is looked for in PATH.
public struct Tool: Sendable {
  private let name: String
  private let executable: String

  /// - Parameters:
  ///   - name: The program's name.
  ///   - purpose: What it is needed for, as in "rsvg-convert is needed to draw pictures".
  ///   - package: The Debian package that it comes in.
  /// - Throws: `ProcessError.notInstalled`.
  public init(_ name: String, purpose: String, package: String) throws(ProcessError) {
    guard let path = ChildProcess.path(of: name) else {
      throw .notInstalled(name, purpose: purpose, package: package)
    }
    self.name = name
    executable = path
  }

  /// Runs the program for each of some lists of arguments, some at a time.
  ///
  /// - Parameters:
  ///   - argumentLists: One list for each run.
  ///   - atOnce: How many runs at a time.
  ///   - report: Called with the number of runs that are over.
  /// - Throws: `ProcessError` with what the program complained of, when one run fails.
  public func run(
    _ argumentLists: some Sequence<[String]>, atOnce: Int = 1, report: (Int) -> Void = { _ in }
  ) throws {
    var running: [ChildProcess] = []
    var done = 0
    func finishFirst() throws {
      let ending = running.removeFirst().finish()
      guard ending.isSuccess else {
        throw ProcessError.failed(
          name, ending.text.split(separator: "\n").joined(separator: " "))
      }
      done += 1
      report(done)
    }
    defer { for process in running { _ = process.finish() } }
    for arguments in argumentLists {
      if running.count >= atOnce { try finishFirst() }
      running.append(try ChildProcess(executable, arguments, reading: .standardError))
    }
    while !running.isEmpty { try finishFirst() }
  }
}
