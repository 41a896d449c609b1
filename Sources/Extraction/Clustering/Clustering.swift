// The ways to divide representations into classes.

/// A way to divide representations into classes, with the one number that it needs.
///
/// Only ``leaders(distance:)`` is the definition of a state that everything else in this package
/// builds on; the others are there to be compared with it. None knows what the words are or say.
public enum Clustering: Hashable, Sendable {
  /// Words are taken in shortlex order; a word joins the first class whose leader, its first word,
  /// lies at most `distance` away, else it founds a class. O(words · H) where classes lie apart.
  ///
  /// The leader algorithm of J. A. Hartigan, "Clustering Algorithms" (1975), section 3.
  case leaders(distance: Double)

  /// The connected components of the graph whose edges join words at most `distance` apart: a chain
  /// of near words is one class, however long. O(words² · H).
  ///
  /// It is single linkage, cut at `distance`: K. Florek et al., "Sur la liaison et la division des
  /// points d'un ensemble fini" (1951); J. C. Gower, G. J. S. Ross, "Minimum Spanning Trees and
  /// Single Linkage Cluster Analysis" (1969).
  case components(distance: Double)

  /// Begins with a class for each word and joins the two classes that lie closest, as long as
  /// these are at most `distance` apart. O(words² · H) time, 4 · words² bytes.
  case hierarchical(Linkage, distance: Double)

  /// Looks for the `count` centres to which the words' squared distances have the least sum. The
  /// number of classes is smaller where there are not as many different representations.
  /// O(words · count · H) for each of up to 100 rounds.
  ///
  /// S. P. Lloyd, "Least Squares Quantization in PCM" (1982). It begins, without chance, with ε's
  /// representation and then always the one that is furthest from those chosen: T. F. Gonzalez,
  /// "Clustering to Minimize the Maximum Intercluster Distance" (1985). For networks: P. Frasconi
  /// et al., "Representation of Finite State Automata in Recurrent Radial Basis Function Networks"
  /// (1996), and A. Cleeremans, D. Servan-Schreiber, J. L. McClelland, "Finite State Automata and
  /// Simple Recurrent Networks" (1989).
  case kMeans(count: Int)

  /// Cuts the range of the units' activations, from the least to the largest of all words and units,
  /// into `levels` equal intervals; words in the same interval for every unit are one class.
  /// O(words · H).
  ///
  /// C. W. Omlin, C. L. Giles, "Extraction of Rules from Discrete-Time Recurrent Neural Networks"
  /// (1996), where units are sigmoids and the range is 0 to 1.
  case quantization(levels: Int)

  /// How far apart two classes are said to be.
  public enum Linkage: String, CaseIterable, Sendable {
    /// The mean distance of their words (UPGMA; R. R. Sokal, C. D. Michener, 1958).
    case average
    /// The largest distance of their words (T. Sørensen, 1948).
    case complete
  }

  /// The greatest number of words of which all pairs are looked at: their distances take 268 MB.
  public static let mostWordsInPairs = 8192

  /// Whether all pairs of words are looked at.
  public var looksAtPairs: Bool {
    switch self {
    case .components, .hierarchical: true
    case .leaders, .kMeans, .quantization: false
    }
  }

  /// Whether the number makes sense: a finite distance of at least 0, a count or level of at least 1.
  public var isValid: Bool {
    switch self {
    case .leaders(let distance), .components(let distance), .hierarchical(_, let distance):
      distance.isFinite && distance >= 0
    case .kMeans(let count): count >= 1
    case .quantization(let levels): 1...Int(Int32.max) ~= levels
    }
  }
}
