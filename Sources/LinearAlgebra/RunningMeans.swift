// Means of rows that come in pieces.

/// Means of columns over rows that come in pieces, in double precision, and how each piece differs
/// from those before it, which is what sums of squared deviations need beside the piece's own.
///
/// Source: T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating formulae and a pairwise algorithm
/// for computing sample variances", 1979: no difference of large numbers is taken.
struct RunningMeans: Sendable {
  /// The number of rows so far.
  private(set) var count = 0
  /// The mean of each column; 0 without rows.
  private(set) var means: [Double]

  init(columns: Int) { means = Array(repeating: 0, count: columns) }

  /// Some rows beside those before them.
  struct Piece {
    /// The means of the piece's own rows.
    let means: [Double]
    /// Those less the means of all rows before.
    let differences: [Double]
    /// The number of rows before, in the piece, and in all.
    let before, own, total: Double
  }

  /// Takes in rows of `matrix`, of which there is one. O(range.count × columns).
  mutating func add(_ matrix: MatrixBuffer, rows range: Range<Int>) -> Piece {
    let columns = means.count
    var sums = [Double](repeating: 0, count: columns)
    for row in range {
      let source = unsafe matrix.base + row * columns
      for column in 0..<columns { unsafe sums[column] += Double(source[column]) }
    }
    let own = Double(range.count)
    let pieceMeans = sums.map { $0 / own }
    let piece = Piece(
      means: pieceMeans, differences: zip(pieceMeans, means).map { $0 - $1 },
      before: Double(count), own: own, total: Double(count) + own)
    for column in 0..<columns { means[column] += piece.differences[column] * own / piece.total }
    count += range.count
    return piece
  }
}
