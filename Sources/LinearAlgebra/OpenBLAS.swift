// The one file that imports OpenBLAS.
//
// OpenBLAS runs on one thread here: the products of a small network are too small to split, and
// one thread gives the same bits on every run.

internal import COpenBLAS

/// Evaluated once, before the first product.
let singleThreaded: Void = openblas_set_num_threads(1)

/// The library that computes the products of this module.
///
/// The first product, or the first principal components, sets OpenBLAS to one thread, for the whole
/// process and for good (`openblas_set_num_threads(1)`): one thread gives the same bits on every
/// run, and the products of a small network are too small to split. A program that uses OpenBLAS
/// itself and wants more threads sets their number again after that; the bits may then differ from
/// run to run here, too.
public enum OpenBLAS {
  /// What OpenBLAS calls the kernels that it chose for this processor, such as "Haswell"; "unknown"
  /// where it does not say.
  public static var kernelName: String {
    guard let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }
}

// Each product can be confined to the leading columns of its factors, where the caller knows the
// others to be zero.
extension MatrixBuffer {
  /// The least multiple of 4 that is not below `count`.
  ///
  /// The kernels work on 4 rows or columns at a time, and take longer over 1 to 3 left over than
  /// over 4: a product of 95 × 95 takes a quarter longer than one of 96 × 96.
  package static func kernelMultiple(_ count: Int) -> Int { (count + 3) & ~3 }

  /// Sets rows of this matrix to rows of `left` times the transpose of `right`:
  /// this[i] = Σ_k left[i, k] · right[·, k].
  ///
  /// Shapes: left n × K, right M × K, result n × M, with n the length of both row ranges.
  ///
  /// - Parameters:
  ///   - range: The rows of this matrix to set.
  ///   - left: The left factor, another matrix than this.
  ///   - leftRange: As many rows of it.
  ///   - right: The right factor before it is transposed.
  ///   - inner: The number of leading columns k to sum over; all K by default.
  /// - Complexity: n · M · inner multiplications and additions.
  public func setProduct(
    rows range: Range<Int>, _ left: MatrixBuffer, rows leftRange: Range<Int>,
    transposed right: MatrixBuffer, inner: Int? = nil
  ) {
    let inner = inner ?? left.columns
    checkProduct(range, left, leftRange)
    precondition(
      left.columns == right.columns && columns == right.rows && inner <= left.columns,
      "\(left.columns) columns times the transpose of \(right.rows) × \(right.columns) "
        + "into \(columns) columns")
    guard !range.isEmpty else { return }
    measureProduct(rows: range.count) {
      let target = unsafe base + range.lowerBound * columns
      let source = unsafe left.base + leftRange.lowerBound * left.columns
      // gemm packs `right` at every call, which costs more than a few rows of product.
      if range.count <= Self.gemvRows {
        for row in 0..<range.count {
          unsafe cblas_sgemv(
            CblasRowMajor, CblasNoTrans, Int32(right.rows), Int32(inner), 1, right.base,
            Int32(right.columns), source + row * left.columns, 1, 0, target + row * columns, 1)
        }
      } else {
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, Int32(range.count), Int32(columns),
          Int32(inner), 1, source, Int32(left.columns), right.base, Int32(right.columns), 0,
          target, Int32(columns))
      }
    }
  }

  /// Sets the leading columns of rows of this matrix to rows of `left` times `right`:
  /// this[i] = Σ_k left[i, k] · right[k, ·].
  ///
  /// Shapes: left n × K, right K × M, result n × M, with n the length of both row ranges.
  ///
  /// - Parameters:
  ///   - range: The rows of this matrix to set.
  ///   - left: The left factor, another matrix than this.
  ///   - leftRange: As many rows of it.
  ///   - right: The right factor.
  ///   - inner: The number of leading k to sum over; all K by default.
  ///   - width: The number of leading columns to set; all M by default.
  /// - Complexity: n · width · inner multiplications and additions.
  public func setProduct(
    rows range: Range<Int>, _ left: MatrixBuffer, rows leftRange: Range<Int>,
    _ right: MatrixBuffer, inner: Int? = nil, width: Int? = nil
  ) {
    let inner = inner ?? left.columns
    let width = width ?? columns
    checkProduct(range, left, leftRange)
    precondition(
      left.columns == right.rows && columns == right.columns && inner <= left.columns
        && width <= columns,
      "\(left.columns) columns times \(right.rows) × \(right.columns) into \(columns) columns")
    guard !range.isEmpty else { return }
    measureProduct(rows: range.count) {
      let target = unsafe base + range.lowerBound * columns
      let source = unsafe left.base + leftRange.lowerBound * left.columns
      if range.count <= Self.gemvRows {
        for row in 0..<range.count {
          unsafe cblas_sgemv(
            CblasRowMajor, CblasTrans, Int32(inner), Int32(width), 1, right.base,
            Int32(right.columns), source + row * left.columns, 1, 0, target + row * columns, 1)
        }
      } else {
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(range.count), Int32(width),
          Int32(inner), 1, source, Int32(left.columns), right.base, Int32(right.columns), 0,
          target, Int32(columns))
      }
    }
  }

  /// Adds to rows of this matrix rows of `left` times `right`.
  ///
  /// Shapes and complexity: those of ``setProduct(rows:_:rows:_:inner:width:)``.
  public func addProduct(
    rows range: Range<Int>, _ left: MatrixBuffer, rows leftRange: Range<Int>,
    _ right: MatrixBuffer
  ) {
    checkProduct(range, left, leftRange)
    precondition(
      left.columns == right.rows && columns == right.columns,
      "\(left.columns) columns times \(right.rows) × \(right.columns) into \(columns) columns")
    guard !range.isEmpty else { return }
    measureProduct(rows: range.count) {
      unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(range.count), Int32(columns),
        Int32(left.columns), 1, left.base + leftRange.lowerBound * left.columns,
        Int32(left.columns), right.base, Int32(right.columns), 1,
        base + range.lowerBound * columns, Int32(columns))
    }
  }

  /// Sets this[i, j] to the product of row i of `leftRange` and row j of `rightRange`, the first
  /// of each range at position 0; other entries are left alone.
  func setProductOfRows(
    _ left: MatrixBuffer, _ leftRange: Range<Int>, _ right: MatrixBuffer, _ rightRange: Range<Int>
  ) {
    left.check(leftRange)
    right.check(rightRange)
    precondition(
      left.columns == right.columns && leftRange.count <= rows && rightRange.count <= columns)
    guard !leftRange.isEmpty, !rightRange.isEmpty else { return }
    measureProduct(rows: leftRange.count) {
      unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(leftRange.count), Int32(rightRange.count),
        Int32(left.columns), 1, left.base + leftRange.lowerBound * left.columns,
        Int32(left.columns), right.base + rightRange.lowerBound * right.columns,
        Int32(right.columns), 0, base, Int32(columns))
    }
  }

  /// Sets this whole matrix to the transpose of rows of `left` times the same number of rows of
  /// `right`: this = Σ_i left[i]ᵀ · right[i], a sum of outer products.
  ///
  /// Shapes: left n × M, right n × K, result M × K. An empty range gives zeros.
  ///
  /// - Complexity: n · M · K multiplications and additions.
  public func setOuterProducts(
    _ left: MatrixBuffer, rows leftRange: Range<Int>, _ right: MatrixBuffer,
    rows rightRange: Range<Int>
  ) {
    outerProducts(left, leftRange, right, rightRange, width: nil, adding: false)
  }

  /// Adds to the leading `width` × `width` entries of this matrix those of
  /// Σ_i left[i]ᵀ · right[i].
  ///
  /// - Complexity: n · width² multiplications and additions, n the length of both row ranges.
  package func addOuterProducts(
    _ left: MatrixBuffer, rows leftRange: Range<Int>, _ right: MatrixBuffer,
    rows rightRange: Range<Int>, width: Int
  ) {
    outerProducts(left, leftRange, right, rightRange, width: width, adding: true)
  }

  private func outerProducts(
    _ left: MatrixBuffer, _ leftRange: Range<Int>, _ right: MatrixBuffer,
    _ rightRange: Range<Int>, width: Int?, adding: Bool
  ) {
    left.check(leftRange)
    right.check(rightRange)
    precondition(
      leftRange.count == rightRange.count && rows == left.columns && columns == right.columns
        && width ?? 0 <= min(rows, columns),
      "\(leftRange.count) × \(left.columns) transposed times \(rightRange.count) × "
        + "\(right.columns) into \(rows) × \(columns)")
    guard !leftRange.isEmpty else { return adding ? () : clear() }
    measureProduct(rows: leftRange.count) {
      unsafe cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(width ?? rows), Int32(width ?? columns),
        Int32(leftRange.count), 1, left.base + leftRange.lowerBound * left.columns,
        Int32(left.columns), right.base + rightRange.lowerBound * right.columns,
        Int32(right.columns), adding ? 1 : 0, base, Int32(columns))
    }
  }

  private static var gemvRows: Int { 3 }

  func checkProduct(_ range: Range<Int>, _ left: MatrixBuffer, _ leftRange: Range<Int>) {
    check(range)
    left.check(leftRange)
    precondition(range.count == leftRange.count, "\(leftRange.count) rows into \(range.count)")
    precondition(left !== self, "a product cannot overwrite its own factor")
  }
}

// MARK: Double precision

/// Adds Σ_i rows[i]ᵀ · rows[i] to the upper triangle of a square matrix.
///
/// - Parameters:
///   - rows: n rows of `columns` numbers.
///   - sums: `columns` × `columns` numbers, row by row; those below the diagonal are left alone.
func addSquares(of rows: [Double], columns: Int, to sums: inout [Double]) {
  precondition(columns > 0 && rows.count % columns == 0 && sums.count == columns * columns)
  guard !rows.isEmpty else { return }
  _ = singleThreaded
  unsafe rows.withUnsafeBufferPointer { source in
    unsafe sums.withUnsafeMutableBufferPointer { target in
      unsafe cblas_dsyrk(
        CblasRowMajor, CblasUpper, CblasTrans, Int32(columns), Int32(source.count / columns), 1,
        source.baseAddress, Int32(columns), 1, target.baseAddress, Int32(columns))
    }
  }
}

/// The eigenvalues of a symmetric matrix, increasing, and an orthonormal eigenvector for each.
///
/// LAPACK's dsyevd. The sign of a vector is whatever comes out.
///
/// - Parameter matrix: `order` × `order` finite numbers, row by row, of which the upper triangle
///   is read.
/// - Returns: Vector i at `vectors[i * order..<(i + 1) * order]`.
/// - Complexity: O(order³).
func symmetricEigenvectors(
  of matrix: [Double], order: Int
) -> (values: [Double], vectors: [Double]) {
  precondition(matrix.count == order * order, "\(matrix.count) numbers for order \(order)")
  guard order > 0 else { return ([], []) }
  _ = singleThreaded
  var vectors = matrix
  var values = [Double](repeating: 0, count: order)
  let n = blasint(order)
  // The room that the procedure's documentation asks for, with vectors wanted.
  let roomCount = 1 + 6 * n + 2 * n * n
  let indexCount = 3 + 5 * n
  var room = [Double](repeating: 0, count: Int(roomCount))
  var indices = [blasint](repeating: 0, count: Int(indexCount))
  var info: blasint = 0
  // What is the upper triangle row by row is the lower one to Fortran, column by column; and its
  // columns, the vectors, are rows here.
  unsafe dsyevd_(
    "V", "L", [n], &vectors, [n], &values, &room, [roomCount], &indices, [indexCount], &info, 1, 1)
  // Finite matrices always converge in practice; a failure would be a fault of the library.
  precondition(info == 0, "dsyevd failed with \(info) on a matrix of order \(order)")
  return (values, vectors)
}
