// Sets that are joined and never parted.

/// A partition of 0 ..< n that only grows coarser.
///
/// Source: R. E. Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", J. ACM 22
/// (1975), with path halving and union by size. Inlined into other modules, which join millions.
@usableFromInline
package struct DisjointSets {
  // A root holds minus the size of its set; anything else holds its parent.
  @usableFromInline var links: [Int32]

  @inlinable package init(count: Int) { links = [Int32](repeating: -1, count: count) }

  /// The representative of an element's set. O(α(n)) amortized.
  @inlinable package mutating func root(of element: Int32) -> Int32 {
    var current = element
    while true {
      let parent = links[Int(current)]
      guard parent >= 0 else { return current }
      let grandparent = links[Int(parent)]
      guard grandparent >= 0 else { return parent }
      links[Int(current)] = grandparent
      current = grandparent
    }
  }

  /// Joins two elements' sets and says whether they were apart. O(α(n)) amortized.
  @discardableResult @inlinable
  package mutating func unite(_ first: Int32, _ second: Int32) -> Bool {
    var large = root(of: first)
    var small = root(of: second)
    guard large != small else { return false }
    if links[Int(large)] > links[Int(small)] { swap(&large, &small) }
    links[Int(large)] += links[Int(small)]
    links[Int(small)] = large
    return true
  }
}
