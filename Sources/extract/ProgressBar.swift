// A line on the terminal that says how far long work has come.

import Foundation
import Studies

/// Redraws one line of standard error; silent where that is no terminal.
final class ProgressBar {
  private let total: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant
  private let first: Int
  private var lastDrawn: ContinuousClock.Instant?

  /// - Parameters:
  ///   - total: The number of steps in all.
  ///   - first: How many were done before this process began.
  init(total: Int, first: Int = 0) {
    self.total = max(total, 1)
    self.first = first
    begin = clock.now
  }

  /// Says that `done` steps are done; `note` follows the bar.
  func update(_ done: Int, _ note: @autoclosure () -> String) {
    guard isTerminal else { return }
    let now = clock.now
    // Ten times a second is as often as anybody reads.
    if let lastDrawn, now - lastDrawn < .milliseconds(100), done < total { return }
    lastDrawn = now
    let share = Double(done) / Double(total)
    let width = 24
    let filled = min(width, Int(share * Double(width)))
    let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
    var left = ""
    if done > first, done < total {
      let elapsed = now - begin
      let seconds = elapsed / .seconds(1) / Double(done - first) * Double(total - done)
      left = "  \(Self.format(seconds: seconds)) left"
    }
    write("\r\u{1b}[2K\(bar) \(done)/\(total)  \(note())\(left)")
  }

  /// Takes the line away.
  func finish() {
    guard isTerminal, lastDrawn != nil else { return }
    write("\r\u{1b}[2K")
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  private static func format(seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}

extension Study {
  /// Studies a subject and draws a bar meanwhile.
  init(watching subject: Subject<Source>, longWords: LongWordOptions? = nil) throws {
    let bar = ProgressBar(total: 2 * subject.source.files.count)
    defer { bar.finish() }
    try self.init(
      subject, longWords: longWords,
      progress: { bar.update($0.done, "epoch \($0.epoch)") })
  }
}
