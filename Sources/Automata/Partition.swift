// The classes that words fall into at one checkpoint.

/// A partition of the words 0 ..< n into classes, numbered by their least word.
///
/// Class c's *leader* is its first word; leaders increase with the class number, so equal
/// partitions are equal values.
public struct Partition: Hashable, Sendable {
  /// The class of each word.
  public let classes: [Int32]
  /// The first word of each class, increasing.
  public let leaders: [Int32]

  /// Creates a partition from one label per word; equal labels make a class.
  ///
  /// - Parameter labels: One per word; words with the same one are in one class.
  public init(labels: some Sequence<Int>) {
    var numbers: [Int: Int32] = [:]
    var classes: [Int32] = []
    var leaders: [Int32] = []
    for (word, label) in labels.enumerated() {
      if let number = numbers[label] {
        classes.append(number)
      } else {
        numbers[label] = Int32(leaders.count)
        classes.append(Int32(leaders.count))
        leaders.append(Int32(word))
      }
    }
    self.classes = classes
    self.leaders = leaders
  }

  /// For algorithms that number classes by their first word on their own.
  package init(classes: [Int32], leaders: [Int32]) {
    self.classes = classes
    self.leaders = leaders
    assert(invariantsHold)
  }

  /// The number of classes.
  public var count: Int { leaders.count }

  /// The class of a word.
  public func `class`(of word: Int) -> Int { Int(classes[word]) }

  /// The first word of a class.
  public func leader(of number: Int) -> Int { Int(leaders[number]) }

  /// The words of each class, in order. O(n).
  public var members: [[Int]] {
    var members = [[Int]](repeating: [], count: count)
    for (word, number) in classes.enumerated() { members[Int(number)].append(word) }
    return members
  }

  /// The number of words in each class. O(n).
  public var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for number in classes { sizes[Int(number)] += 1 }
    return sizes
  }

  /// Every leader is the first word of its class, and leaders increase.
  var invariantsHold: Bool {
    var next: Int32 = 0
    for (word, number) in classes.enumerated() {
      if number > next { return false }
      if number == next {
        guard next < leaders.count, leaders[Int(next)] == word else { return false }
        next += 1
      }
    }
    return next == leaders.count
  }
}
