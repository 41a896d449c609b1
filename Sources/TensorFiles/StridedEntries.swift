// Arrays whose entries lie in another order than row by row.

internal import Foundation

extension Data {
  /// The entries of an array, row by row.
  ///
  /// - Parameters:
  ///   - shape: The array's extents; an array without any has one entry.
  ///   - strides: How many entries further on the next index along each axis lies, not negative.
  ///   - offset: The number of the array's first entry in these bytes.
  ///   - size: The bytes of an entry.
  ///   - reversingBytes: Whether the bytes of each entry are to be put the other way round.
  /// - Precondition: every entry lies within these bytes.
  /// - Complexity: O(entries · (size + axes)).
  func entries(
    shape: [Int], strides: [Int], offset: Int = 0, size: Int, reversingBytes: Bool = false
  ) -> Data {
    let count = shape.reduce(1, *)
    var copy = Data(capacity: count * size)
    var index = [Int](repeating: 0, count: shape.count)
    var place = startIndex + offset * size
    for _ in 0..<count {
      let entry = self[place..<place + size]
      if reversingBytes { copy.append(contentsOf: entry.reversed()) } else { copy.append(entry) }
      // Along an axis of one index the stride can be anything.
      for axis in shape.indices.reversed() where shape[axis] > 1 {
        index[axis] += 1
        place += strides[axis] * size
        if index[axis] < shape[axis] { break }
        place -= index[axis] * strides[axis] * size
        index[axis] = 0
      }
    }
    return copy
  }
}
