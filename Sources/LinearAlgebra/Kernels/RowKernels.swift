// Sums, scalings and distances of rows.

extension MatrixBuffer {
  /// this += factor · other, entry by entry; the shapes must agree.
  public func add(_ other: MatrixBuffer, times factor: Float) {
    precondition(
      rows == other.rows && columns == other.columns,
      "\(other.rows) × \(other.columns) added to \(rows) × \(columns)")
    let target = unsafe base
    let source = unsafe other.base
    for index in 0..<rows * columns { unsafe target[index] += factor * source[index] }
  }

  /// Multiplies every entry by `factor`.
  public func multiply(by factor: Float) {
    for index in 0..<rows * columns { unsafe base[index] *= factor }
  }

  /// Adds row 0 of `row` to each of some rows.
  package func addToRows(_ range: Range<Int>, _ row: MatrixBuffer) {
    check(range)
    precondition(row.rows >= 1 && row.columns == columns)
    for index in range {
      let target = unsafe base + index * columns
      for column in 0..<columns { unsafe target[column] += row.base[column] }
    }
  }

  /// Sets row 0 to the sum of rows of `other`.
  package func setSum(of other: MatrixBuffer, rows range: Range<Int>) {
    other.check(range)
    precondition(rows >= 1 && other.columns == columns)
    clear(rows: 0..<1)
    let target = unsafe base
    for index in range {
      let source = unsafe other.base + index * columns
      for column in 0..<columns { unsafe target[column] += source[column] }
    }
  }

  /// Adds rows of `other`, times `factor`, to rows of this matrix.
  package func addRows(
    _ range: Range<Int>, _ other: MatrixBuffer, from start: Int = 0, times factor: Float = 1
  ) {
    check(range)
    other.check(start..<start + range.count)
    precondition(other.columns == columns)
    let target = unsafe base + range.lowerBound * columns
    let source = unsafe other.base + start * columns
    for index in 0..<range.count * columns { unsafe target[index] += factor * source[index] }
  }

  /// Sets the columns from `column` on to zero in some rows.
  package func clear(rows range: Range<Int>, fromColumn column: Int) {
    check(range)
    precondition(0...columns ~= column)
    for row in range {
      unsafe (base + row * columns + column).update(repeating: 0, count: columns - column)
    }
  }

  /// For each column, whether some of the rows has an entry other than zero in it; NaN counts.
  package func columnsWithNonzero(rows range: Range<Int>) -> [Bool] {
    check(range)
    // A number is zero if no bit but the sign is set.
    var bits = [UInt32](repeating: 0, count: columns)
    for row in range {
      let start = unsafe base + row * columns
      for column in 0..<columns { unsafe bits[column] |= start[column].bitPattern }
    }
    return bits.map { $0 & 0x7fff_ffff != 0 }
  }

  /// The squared Euclidean distance between a row and a row of `other`.
  ///
  /// The sum runs over eight interleaved partial sums, always in the same order, so that equal
  /// rows of equal length always give the same bits. O(columns).
  ///
  /// - Parameters:
  ///   - row: A row of this matrix.
  ///   - other: A matrix with as many columns, which may be this one.
  ///   - otherRow: A row of it.
  ///   - factor: What differences are multiplied by before they are squared.
  @inline(__always)
  public func squaredDistance(
    _ row: Int, _ other: MatrixBuffer, _ otherRow: Int, factor: Float = 1
  ) -> Float {
    check(row..<row + 1)
    other.check(otherRow..<otherRow + 1)
    precondition(other.columns == columns)
    let a = unsafe UnsafeRawPointer(base + row * columns)
    let b = unsafe UnsafeRawPointer(other.base + otherRow * columns)
    var sum = Lanes(repeating: 0)
    var column = 0
    while column + 8 <= columns {
      let difference =
        unsafe (a.loadUnaligned(fromByteOffset: column * 4, as: Lanes.self)
        - b.loadUnaligned(fromByteOffset: column * 4, as: Lanes.self)) * factor
      sum += difference * difference
      column += 8
    }
    var total = sum.sum()
    while column < columns {
      let difference =
        unsafe (a.load(fromByteOffset: column * 4, as: Float.self)
        - b.load(fromByteOffset: column * 4, as: Float.self)) * factor
      total += difference * difference
      column += 1
    }
    return total
  }

  /// The largest absolute value in some rows, 0 where there are none; NaN is passed over.
  ///
  /// - Parameter range: The rows; all if nil.
  public func largestMagnitude(rows range: Range<Int>? = nil) -> Float {
    let range = range ?? 0..<rows
    check(range)
    let start = unsafe base + range.lowerBound * columns
    let count = range.count * columns
    var lanes = Lanes(repeating: 0)
    var index = 0
    while index + 8 <= count {
      let numbers = unsafe load(start + index)
      let magnitudes = numbers.replacing(with: -numbers, where: numbers .< 0)
      lanes.replace(with: magnitudes, where: magnitudes .> lanes)
      index += 8
    }
    var largest = lanes.max()
    while index < count {
      largest = unsafe max(largest, abs(start[index]))
      index += 1
    }
    return largest
  }

  /// The squared Euclidean norm of the difference between rows of this matrix and the same rows
  /// of `other`, summed over rows.
  package func squaredDifference(rows range: Range<Int>, _ other: MatrixBuffer) -> Double {
    check(range)
    other.check(range)
    var total = 0.0
    for row in range { total += Double(squaredDistance(row, other, row)) }
    return total
  }
}
