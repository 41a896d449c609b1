// Which of the words that are looked at a run was trained on.

internal import Automata
internal import RNN
internal import Tasks

extension Subject where Source == NetworkCheckpoints {
  /// For each word of the evaluation set, whether the run was trained on it; without a configuration
  /// all but the empty word.
  ///
  /// - Throws: What is wrong with the run's configuration or its task.
  public func trainedWords() throws -> [Bool] {
    let words = source.words
    guard let configuration = try folder.configuration() else {
      return (0..<words.count).map { $0 > 0 }
    }
    let data = try configuration.data()
    var isTrained = [Bool](repeating: false, count: words.count)
    for set in data.training where set.stepTargets != nil || set.length <= words.depth {
      for index in 0..<set.count {
        var node = 0
        for (read, symbol) in set.word(index).enumerated() {
          guard let next = words.child(of: node, on: Int(symbol)) else { break }
          node = next
          if set.stepTargets != nil || read + 1 == set.length { isTrained[node] = true }
        }
        if set.length == 0 { isTrained[0] = true }
      }
    }
    return isTrained
  }
}
