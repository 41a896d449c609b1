// What a run gives to its film.

import Drawing
import Studies

extension Study {
  /// What each checkpoint gives.
  var frames: [FilmFrame] {
    zip(history.entries, projections).map {
      FilmFrame(
        epoch: $0.epoch, extraction: $0.extraction,
        hidden: HiddenStates(places: $1.places, outputs: $1.outputs),
        change: $0.change, lastingChange: $0.lastingChange, minimal: $0.minimal)
    }
  }

  /// The film of some of the frames, at least one.
  ///
  /// - Parameter epochs: Whose losses are drawn; by default all that are known.
  func film(
    _ frames: [FilmFrame], epochs: ClosedRange<Int>? = nil, options: Film.Options = .init()
  ) -> Film {
    let source = subject.source
    return Film(
      tree: source.words, alphabet: source.alphabet, outputAlphabet: source.outputAlphabet,
      frames: frames,
      losses: metrics.filter { epochs?.contains($0.epoch) ?? true }.map {
        LossPoint(epoch: $0.epoch, train: $0.trainLoss, validation: $0.validationLoss)
      },
      title: subject.task?.name ?? subject.folder.path, componentShares: spread.components.shares,
      options: options)
  }
}
