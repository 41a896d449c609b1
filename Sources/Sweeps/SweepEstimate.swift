// How long a sweep will take, roughly.

internal import Foundation
internal import Studies

/// How long the rest of a sweep takes: by the results that are there, or by cells that are tried.
public struct SweepEstimate {
  let settings: SweepSettings
  let folder: SweepFolder
  let jobs: Int

  /// - Parameters:
  ///   - settings: The sweep.
  ///   - folder: Where results may be already.
  ///   - jobs: How many cells run at a time.
  public init(settings: SweepSettings, folder: SweepFolder, jobs: Int) {
    self.settings = settings
    self.folder = folder
    self.jobs = jobs
  }

  /// How long cells are tried for, in seconds.
  private static let patience = 10.0

  /// The estimate in sentences, one a line; tries some cells where none is done.
  ///
  /// - Throws: As ``SweepFolder/results(_:)`` and training a cell do.
  public func lines() throws -> [String] {
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
    let first = "\(counted(total, "cell")) (\(axes)), \(done.count) of them done"
    guard left > 0 else { return [first] }
    if !seconds.isEmpty {
      return [
        first,
        report(seconds.reduce(0, +) / Double(seconds.count), left, "those that are done took"),
      ]
    }
    return [first, try trial(left)]
  }

  /// Trains cells in the order of the sweep until patience is over.
  private func trial(_ left: Int) throws -> String {
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
      return
        "A cell (\(place.joined(separator: ", "))) had not ended after \(Int(Self.patience)) s: more than "
        + "\(duration(Self.patience * Double(left) / Double(jobs))) with \(counted(jobs, "job")), "
        + "if the others are like it."
    }
    return report(
      tried.reduce(0, +) / Double(tried.count), left,
      tried.count == 1 ? "one that was tried took" : "\(tried.count) that were tried took")
  }

  private func report(_ mean: Double, _ left: Int, _ which: String) -> String {
    let all = mean * Double(left) / Double(jobs)
    return "\(which) \(mean.brief) s of one core on average: roughly \(duration(all)) with "
      + "\(counted(jobs, "job")) on a machine like this."
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
