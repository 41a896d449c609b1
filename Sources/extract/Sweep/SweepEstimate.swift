// How long a sweep will take, roughly.

import Foundation
import Studies

/// What `--dry-run` says: of the results that are there, or of cells that are tried.
struct SweepEstimate {
  let settings: SweepSettings
  let folder: SweepFolder
  let jobs: Int

  /// How long cells are tried for, in seconds.
  private static let patience = 10.0

  func print() throws {
    let total = settings.cellCount
    let axes = settings.axes.map { "\($0.option) \($0.values.count)" }.joined(separator: " × ")
    var results: [CellResult?] = []
    if FileManager.default.fileExists(atPath: folder.settingsPath) {
      try folder.begin(settings)
      results = try folder.results(settings)
    }
    let done = results.compactMap(\.self)
    let seconds = done.compactMap(\.seconds)
    let left = total - done.count
    Swift.print("\(counted(total, "cell")) (\(axes)), \(done.count) of them done")
    guard left > 0 else { return }
    if !seconds.isEmpty {
      report(seconds.reduce(0, +) / Double(seconds.count), left, "those that are done took")
    } else {
      try trial(left)
    }
  }

  /// Trains cells in the order of the sweep until patience is over.
  private func trial(_ left: Int) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var training = CellTraining(settings: settings)
    training.isGivenUp = { (clock.now - begin) / .seconds(1) > Self.patience }
    var tried: [Double] = []
    for cell in settings.order() where tried.count < 5 {
      guard let result = try training.result(of: cell) else { break }
      tried.append(result.seconds ?? 0)
    }
    guard !tried.isEmpty else {
      let cell = settings.order()[0]
      let place = zip(settings.axes, settings.values(of: cell)).map { "\($0.option) \($1)" }
      Swift.print(
        "A cell (\(place.joined(separator: ", "))) had not ended after \(Int(Self.patience)) s: more than "
          + "\(duration(Self.patience * Double(left) / Double(jobs))) with \(counted(jobs, "job")), "
          + "if the others are like it.")
      return
    }
    report(
      tried.reduce(0, +) / Double(tried.count), left,
      tried.count == 1 ? "one that was tried took" : "\(tried.count) that were tried took")
  }

  private func report(_ mean: Double, _ left: Int, _ which: String) {
    let all = mean * Double(left) / Double(jobs)
    Swift.print(
      "\(which) \(mean.brief) s of one core on average: roughly \(duration(all)) with "
        + "\(counted(jobs, "job")) on a machine like this.")
  }

  private func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(seconds.brief) s"
    case ..<5400: "\((seconds / 60).brief) minutes"
    case ..<172_800: "\((seconds / 3600).brief) hours"
    default: "\((seconds / 86_400).brief) days"
    }
  }
}
