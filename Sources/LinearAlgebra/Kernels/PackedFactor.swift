// Products with a factor that is laid out once for many of them; CKernels' products.c computes
// them.

internal import CKernels
import Glibc

/// Processors to compute for.
package enum ProcessorGeneration: Sendable {
  case any, avx2, avx512

  /// Those whose instructions this processor has, oldest first.
  package static var available: [ProcessorGeneration] {
    switch processor_generation() {
    case GENERATION_AVX512: [.any, .avx2, .avx512]
    case GENERATION_AVX2: [.any, .avx2]
    default: [.any]
    }
  }

  /// The latest one; or AVX2 where OPENBLAS_CORETYPE tells OpenBLAS to leave AVX-512 alone, so that
  /// one variable does for both.
  package static let preferred: ProcessorGeneration = {
    let own = available.last ?? .any
    guard own == .avx512, let name = unsafe getenv("OPENBLAS_CORETYPE") else { return own }
    let latest = ["skylakex", "cooperlake", "sapphirerapids"]
    return latest.contains(unsafe String(cString: name).lowercased()) ? own : .avx2
  }()

  fileprivate var inC: processor_generation {
    switch self {
    case .any: GENERATION_ANY
    case .avx2: GENERATION_AVX2
    case .avx512: GENERATION_AVX512
    }
  }
}

/// The right factor of products with few rows, laid out as the processor reads it.
///
/// sgemm lays its right factor out at every call. For a level of a prefix tree, of 1 to about 120
/// rows, that costs as much as 20 rows more; here it is done once, and a product of any number of
/// rows above two runs at the processor's full speed.
///
/// Each entry of a product is the sum over k in increasing order, with nothing rounded between
/// multiplication and addition where the processor has AVX2: the same bits whatever the number of
/// rows, with AVX-512 or without.
@safe
package final class PackedFactor {
  /// K, over which products sum.
  package let inner: Int
  /// M, the columns of products.
  package let columns: Int

  private let panels: UnsafeMutablePointer<Float>
  private let generation: ProcessorGeneration

  /// Creates a factor of shape K × M with all entries zero.
  ///
  /// - Parameter generation: One of those ``ProcessorGeneration/available``.
  package init(inner: Int, columns: Int, generation: ProcessorGeneration = .preferred) {
    precondition(inner > 0 && columns > 0, "a factor of \(inner) × \(columns)")
    self.inner = inner
    self.columns = columns
    self.generation = generation
    unsafe panels = allocateFloats(panels_size(inner, columns))
  }

  deinit { unsafe free(panels) }

  /// Lays out a matrix of shape K × M. O(K M).
  package func pack(_ matrix: MatrixBuffer) {
    precondition(
      matrix.rows == inner && matrix.columns == columns,
      "\(matrix.rows) × \(matrix.columns) as a factor of \(inner) × \(columns)")
    unsafe lay_out_panels(
      generation.inC, inner, columns, matrix.base, matrix.columns, panels)
  }

  /// Lays out the transpose of a matrix of shape M × K. O(K M).
  package func packTranspose(of matrix: MatrixBuffer) {
    precondition(
      matrix.rows == columns && matrix.columns == inner,
      "\(matrix.rows) × \(matrix.columns) transposed as a factor of \(inner) × \(columns)")
    unsafe lay_out_transposed_panels(
      generation.inC, inner, columns, matrix.base, matrix.columns, panels)
  }

  fileprivate func multiply(
    rows: Int, _ left: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, adding: Bool
  ) {
    unsafe multiply_panels(
      generation.inC, rows, inner, columns, left, inner, panels, target, columns, adding)
  }
}

extension MatrixBuffer {
  /// Sets rows of this matrix to rows of `left` times `right`, or adds them.
  ///
  /// Shapes: left n × K, right K × M, result n × M, with n the length of both row ranges.
  ///
  /// - Complexity: n · M · K multiplications and additions.
  package func setProduct(
    rows range: Range<Int>, _ left: MatrixBuffer, rows leftRange: Range<Int>,
    _ right: PackedFactor, adding: Bool = false
  ) {
    checkProduct(range, left, leftRange)
    precondition(
      left.columns == right.inner && columns == right.columns,
      "\(left.columns) columns times \(right.inner) × \(right.columns) into \(columns) columns")
    ProductMeter.measure(rows: range.count) {
      unsafe right.multiply(
        rows: range.count, left.base + leftRange.lowerBound * left.columns,
        into: base + range.lowerBound * columns, adding: adding)
    }
  }
}

/// Memory for sums of outer products, which lays out both factors; reused from call to call.
@safe
package final class OuterProductMemory {
  private let generation: ProcessorGeneration
  private var slices = MatrixBuffer(rows: 0, columns: 1)
  private var panels = MatrixBuffer(rows: 0, columns: 1)

  /// - Parameter generation: One of those ``ProcessorGeneration/available``.
  package init(generation: ProcessorGeneration = .preferred) { self.generation = generation }

  fileprivate func multiply(
    _ count: Int, _ left: UnsafePointer<Float>, columns rows: Int,
    _ right: UnsafePointer<Float>, columns: Int, into target: UnsafeMutablePointer<Float>
  ) {
    slices.reserveRows(slices_size(count, rows))
    panels.reserveRows(panels_size(count, columns))
    unsafe lay_out_slices(count, rows, left, rows, slices.base)
    unsafe lay_out_panels(generation.inC, count, columns, right, columns, panels.base)
    unsafe multiply_slices(
      generation.inC, rows, count, columns, slices.base, panels.base, target, columns, false)
  }
}

extension MatrixBuffer {
  /// Does what ``setOuterProducts(_:rows:_:rows:)`` does, in memory of the caller's.
  ///
  /// At 256 columns it is 10 % faster. It falls back to the other where the number of columns is no
  /// multiple of 16: at 100 columns OpenBLAS is 3 % faster.
  package func setOuterProducts(
    _ left: MatrixBuffer, rows leftRange: Range<Int>, _ right: MatrixBuffer,
    rows rightRange: Range<Int>, in memory: OuterProductMemory
  ) {
    guard columns.isMultiple(of: 16) else {
      return setOuterProducts(left, rows: leftRange, right, rows: rightRange)
    }
    left.check(leftRange)
    right.check(rightRange)
    precondition(
      leftRange.count == rightRange.count && rows == left.columns && columns == right.columns,
      "\(leftRange.count) × \(left.columns) transposed times \(rightRange.count) × "
        + "\(right.columns) into \(rows) × \(columns)")
    guard !leftRange.isEmpty else { return clear() }
    ProductMeter.measure(rows: leftRange.count) {
      unsafe memory.multiply(
        leftRange.count, left.base + leftRange.lowerBound * left.columns, columns: rows,
        right.base + rightRange.lowerBound * columns, columns: columns, into: base)
    }
  }
}
