// Chance with a seed.

/// A small, fast generator of random numbers with 64 bits of state.
///
/// Source: G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014; the constants are those of S. Vigna's splitmix64.c.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The generator that `seed` stands for.
  public init(seed: UInt64) {
    state = seed
  }

  /// The generator of one part of a run: streams of different names, or of different indices
  /// under one name, are unrelated, so that no part depends on how much another has drawn.
  ///
  /// - Parameters:
  ///   - seed: The seed of the run.
  ///   - stream: The name of the part.
  ///   - index: Its number among those of that name, such as an epoch.
  public init(seed: UInt64, stream: String, index: Int = 0) {
    // One mixing step per ingredient.
    state = seed
    state = next() ^ stream.fnv1a
    state = next() ^ UInt64(bitPattern: Int64(index))
    state = next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension String {
  /// FNV-1a, a hash of 64 bits of the text's UTF-8 that is the same on every run.
  ///
  /// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake and T. Hansen, "The FNV Non-Cryptographic
  /// Hash Algorithm", IETF draft-eastlake-fnv.
  package var fnv1a: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
