// What a network says of words too long to keep every hidden state of.

internal import Automata
public import Tasks

extension RecurrentNetwork {
  /// The output class, the position of the largest output, after each word of `words`.
  ///
  /// The words are read side by side, one symbol at a time, without sharing prefixes; memory is a
  /// few states per word whatever the length.
  ///
  /// - Precondition: the words' symbols are among the network's I.
  /// - Complexity: O(count · length · layers · G · H²).
  public func outputClasses(after words: WordSet) -> [Int32] {
    guard words.count > 0 else { return [] }
    // After ε alone, a pass holds the starting state.
    let pass = TreePass(self)
    pass.run(PrefixTree(symbolCount: shape.inputs))
    let states = pass.states(of: Array(repeating: 0, count: words.count))
    var symbols = [Int32](repeating: 0, count: words.count)
    for time in 0..<words.length {
      for row in 0..<words.count { symbols[row] = words.symbols[row * words.length + time] }
      pass.advance(states, reading: symbols)
    }
    return pass.outputClasses(of: states)
  }
}
