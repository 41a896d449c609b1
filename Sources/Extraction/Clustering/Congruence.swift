// Classes split until they are an automaton's.

internal import Automata
internal import LinearAlgebra

extension Partition {
  /// Splits classes until the words of each have the same output and go on alike: on each symbol,
  /// wherever it is known where they lead, to one class. The result is a congruence on the set, so that
  /// its consistency is 1.
  ///
  /// Words of which not everything is known, such as those of the greatest length, follow the nearest
  /// word of their class of which all is known, among those that they do not contradict; where there
  /// is none, those of which the same is known stay together.
  ///
  /// It is the partition refinement of E. F. Moore, "Gedanken-experiments on Sequential Machines"
  /// (1956), on words in place of states.
  ///
  /// - Parameters:
  ///   - outputs: The output after each word; nil where it is not known.
  ///   - clusterer: Holds the words' representations.
  /// - Complexity: O(words · k) for each round, of which there are at most as many as words, and
  ///   O(a · b · H) for each class that is split, with a words of which not all is known and b others.
  func refinedToCongruence(
    _ words: PrefixTree, outputs: [Int?], _ clusterer: Clusterer
  ) -> Partition {
    let byOutput = split(clusterer) { [outputs[$0]] }
    var current = byOutput
    while true {
      let next = current.split(clusterer) { word in
        var signature = [Int?](repeating: nil, count: words.symbolCount)
        for child in words.children(of: word) {
          signature[Int(words.symbols[child])] = current.class(of: child)
        }
        return signature
      }
      if next.count == current.count { return next }
      current = next
    }
  }

  /// Splits every class by what is known of its words.
  ///
  /// - Parameter signature: As long for each word; nil where something is not known.
  private func split(_ clusterer: Clusterer, by signature: (Int) -> [Int?]) -> Partition {
    let signatures = classes.indices.map(signature)
    var labels = [Int](repeating: 0, count: classes.count)
    var labelCount = 0
    for members in members {
      var labelOf: [[Int?]: Int] = [:]
      func label(_ signature: [Int?]) -> Int {
        if let label = labelOf[signature] { return label }
        labelOf[signature] = labelCount
        labelCount += 1
        return labelCount - 1
      }
      let known = members.filter { !signatures[$0].contains(nil) }
      for word in known { labels[word] = label(signatures[word]) }
      let isOneGroup = labelOf.count == 1
      for word in members where signatures[word].contains(nil) {
        let compatible = known.filter { Self.agree(signatures[word], signatures[$0]) }
        if let first = compatible.first {
          let nearest =
            isOneGroup
            ? first : clusterer.nearest(to: clusterer.points, word, among: compatible)
          labels[word] = labels[nearest]
        } else {
          labels[word] = label(signatures[word])
        }
      }
    }
    return Partition(labels: labels)
  }

  /// Whether two words can go on alike as far as is known.
  private static func agree(_ first: [Int?], _ second: [Int?]) -> Bool {
    zip(first, second).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }
}

extension Clusters {
  /// The same rule for finer classes: a point that belongs to a class belongs to that part of it which
  /// holds the member that is nearest to the point.
  func refined(to finer: Partition, _ clusterer: Clusterer) -> Clusters {
    let members = partition.members
    return Clusters(
      partition: finer,
      place: { rows, count in
        classes(ofRowsOf: rows, count: count).enumerated().map { row, number in
          number.map { finer.class(of: clusterer.nearest(to: rows, row, among: members[$0])) }
        }
      })
  }
}
