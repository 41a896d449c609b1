// The memory that hot loops work in.
//
// Goals, in order: no unsafe expression outside this module; no allocation and no copy inside a
// training step; one answer bit for bit on every run, hence a fixed alignment.

import Glibc

/// A row-major matrix of single-precision numbers with reference semantics: rows of it can be
/// handed to a kernel without copying, and the kernel writes into them.
///
/// Row ranges are checked where a kernel is called, not per element. A buffer is not
/// synchronized: it may be read from several threads, but written from one only.
///
/// Products are OpenBLAS's, on one thread; see ``OpenBLAS`` for what that means to a program that
/// uses OpenBLAS itself.
@safe
public final class MatrixBuffer {
  /// The number of columns, which is also the distance between rows.
  public let columns: Int
  /// The number of rows there is room for.
  @inlinable
  public var rows: Int { unsafe rowCount }

  // Checking at run time that nobody changes these two while they are read took 2.5 % of training.
  // Nobody can: they change in reserveRows(_:) alone, which hands them to no one.
  @exclusivity(unchecked) @usableFromInline var rowCount: Int
  @exclusivity(unchecked) @usableFromInline var base: UnsafeMutablePointer<Float>

  /// Creates a matrix of zeros. The memory is aligned to 64 bytes.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) × \(columns)")
    unsafe rowCount = rows
    self.columns = columns
    unsafe base = allocateFloats(rows * columns)
  }

  /// Creates a matrix with the numbers of `matrix`.
  public convenience init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    assign(matrix)
  }

  deinit { unsafe free(base) }

  /// Makes room for at least `count` rows; what all rows hold is lost when the room grows.
  public func reserveRows(_ count: Int) {
    guard count > rows else { return }
    unsafe free(base)
    unsafe rowCount = count
    unsafe base = allocateFloats(rows * columns)
  }

  /// One entry; checked.
  @inlinable
  public subscript(row: Int, column: Int) -> Float {
    get {
      check(row..<row + 1)
      precondition(0..<columns ~= column, "column \(column) of \(columns)")
      return unsafe base[row * columns + column]
    }
    set {
      check(row..<row + 1)
      precondition(0..<columns ~= column, "column \(column) of \(columns)")
      unsafe base[row * columns + column] = newValue
    }
  }

  /// A copy of some rows, or of all.
  ///
  /// - Parameter range: The rows; all if nil.
  public func matrix(rows range: Range<Int>? = nil) -> Matrix {
    let range = range ?? 0..<rows
    check(range)
    let numbers = unsafe UnsafeBufferPointer(
      start: base + range.lowerBound * columns, count: range.count * columns)
    return Matrix(rows: range.count, columns: columns, values: unsafe Array(numbers))
  }

  /// Overwrites the first rows with those of `matrix`.
  ///
  /// - Precondition: as many columns, and no more rows, than the buffer has.
  public func assign(_ matrix: Matrix) {
    precondition(
      matrix.columns == columns && matrix.rows <= rows,
      "\(matrix.rows) × \(matrix.columns) into \(rows) × \(columns)")
    unsafe matrix.values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        unsafe base.update(from: start, count: source.count)
      }
    }
  }

  /// Copies rows of another buffer, which may not be this one.
  ///
  /// - Parameters:
  ///   - source: A buffer with as many columns.
  ///   - range: The rows of `source` to copy.
  ///   - start: The row of this matrix that the first of them is copied to.
  public func copyRows(_ source: MatrixBuffer, _ range: Range<Int>, to start: Int) {
    precondition(source !== self && source.columns == columns)
    source.check(range)
    check(start..<start + range.count)
    unsafe (base + start * columns).update(
      from: source.base + range.lowerBound * columns, count: range.count * columns)
  }

  /// Sets this matrix to the transpose of `other`.
  ///
  /// - Precondition: `other` has as many columns as this has rows, and the other way round.
  package func setTranspose(of other: MatrixBuffer) {
    precondition(
      other !== self && rows == other.columns && columns == other.rows,
      "\(other.rows) × \(other.columns) transposed into \(rows) × \(columns)")
    let rows = self.rows
    let columns = self.columns
    let target = unsafe base
    let source = unsafe other.base
    // Squares of 4 × 4, which fit the registers of every processor.
    for row in stride(from: 0, to: rows, by: 4) {
      for column in stride(from: 0, to: columns, by: 4) {
        if row + 4 <= rows, column + 4 <= columns {
          let start = unsafe UnsafeRawPointer(source + column * rows + row)
          let a = unsafe start.loadUnaligned(as: SIMD4<Float>.self)
          let b = unsafe start.loadUnaligned(fromByteOffset: rows * 4, as: SIMD4<Float>.self)
          let c = unsafe start.loadUnaligned(fromByteOffset: rows * 8, as: SIMD4<Float>.self)
          let d = unsafe start.loadUnaligned(fromByteOffset: rows * 12, as: SIMD4<Float>.self)
          let end = unsafe UnsafeMutableRawPointer(target + row * columns + column)
          for lane in 0..<4 {
            unsafe end.storeBytes(
              of: SIMD4(a[lane], b[lane], c[lane], d[lane]), toByteOffset: lane * columns * 4,
              as: SIMD4<Float>.self)
          }
        } else {
          for i in row..<min(row + 4, rows) {
            for j in column..<min(column + 4, columns) {
              unsafe target[i * columns + j] = source[j * rows + i]
            }
          }
        }
      }
    }
  }

  /// Sets rows to zero.
  ///
  /// - Parameter range: The rows; all if nil.
  public func clear(rows range: Range<Int>? = nil) {
    let range = range ?? 0..<rows
    check(range)
    unsafe (base + range.lowerBound * columns).update(repeating: 0, count: range.count * columns)
  }

  /// Whether every number is finite. O(rows × columns), a pass over the memory.
  ///
  /// - Parameter range: The rows to look at; all if nil.
  public func isFinite(rows range: Range<Int>? = nil) -> Bool {
    let range = range ?? 0..<rows
    check(range)
    // x · 0 is 0 for finite x and NaN else; the sum carries a NaN along.
    var sum = SIMD8<Float>(repeating: 0)
    let count = range.count * columns
    let start = unsafe base + range.lowerBound * columns
    var index = 0
    while index + 8 <= count {
      unsafe sum +=
        UnsafeRawPointer(start + index).loadUnaligned(as: SIMD8<Float>.self) * 0
      index += 8
    }
    var rest: Float = sum.sum()
    while index < count {
      unsafe rest += start[index] * 0
      index += 1
    }
    return rest == 0
  }

  @inlinable
  func check(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
  }
}

/// Memory for `count` floats and up to 15 more, all zero, aligned to 64 bytes; to be given to
/// `free`.
///
/// Large memory is in large pages where the system has them: a step of a large network walks
/// through more small pages than the processor remembers.
func allocateFloats(_ count: Int) -> UnsafeMutablePointer<Float> {
  let largePage = 1 << 21
  // At least one element, so that the pointer is never nil; a vector's width to spare, so that
  // kernels may round a row up.
  let needed = (max(count, 1) * MemoryLayout<Float>.stride + 63) / 64 * 64
  let isLarge = needed >= largePage / 8
  let bytes = isLarge ? (needed + largePage - 1) / largePage * largePage : needed
  guard let raw = unsafe aligned_alloc(isLarge ? largePage : 64, bytes) else {
    fatalError("out of memory: \(bytes) bytes for a matrix")
  }
  // Only advice: what it returns makes no difference.
  if isLarge { _ = unsafe madvise(raw, bytes, MADV_HUGEPAGE) }
  let pointer = unsafe raw.bindMemory(to: Float.self, capacity: bytes / 4)
  unsafe pointer.initialize(repeating: 0, count: needed / 4)
  return unsafe pointer
}
