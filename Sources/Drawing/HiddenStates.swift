// Where the words lie in the network itself, beside the automaton that is read off.

/// What a checkpoint's network says after each word, and where its hidden states lie in a plane
/// that is the same for the whole film, such as that of the run's first two principal components.
public struct HiddenStates: Sendable {
  /// Coordinates of the first words; a whole number of words per level is drawn.
  let places: [SIMD2<Float>]
  /// The position in the output alphabet of what the network says after each word.
  let outputs: [Int32]

  /// The most words whose places are of use.
  public static let mostWords = 255

  /// - Parameters:
  ///   - places: Coordinates of the words of the evaluation set in its order, at least of the
  ///     first ``mostWords``; finite. What lies beyond is dropped.
  ///   - outputs: One per word of the evaluation set.
  public init(places: some Sequence<SIMD2<Float>>, outputs: [Int32]) {
    self.places = Array(places.prefix(Self.mostWords))
    self.outputs = outputs
  }
}
