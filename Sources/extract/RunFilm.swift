// What a run gives to its film.

import Drawing
import RNN

extension Study {
  /// What each checkpoint gives.
  var frames: [FilmFrame] {
    zip(history.entries, hidden).map {
      FilmFrame(
        epoch: $0.epoch, extraction: $0.extraction, hidden: $1, lastingChange: $0.lastingChange)
    }
  }

  /// The film of some of the frames, at least one.
  ///
  /// - Parameter epochs: Whose losses are drawn; by default all that are known.
  func film(
    _ frames: [FilmFrame], epochs: ClosedRange<Int>? = nil, options: Film.Options = .init()
  ) -> Film {
    let analysis = run.analysis
    return Film(
      tree: analysis.words, alphabet: analysis.alphabet, outputAlphabet: analysis.outputAlphabet,
      frames: frames,
      losses: metrics.filter { epochs?.contains($0.epoch) ?? true }.map {
        LossPoint(epoch: $0.epoch, train: $0.trainLoss, validation: $0.validationLoss)
      },
      title: run.task?.name ?? run.folder.path, componentShares: spread.components.shares,
      options: options)
  }
}
