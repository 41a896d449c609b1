import LinearAlgebra
import Testing

@Suite struct MatrixViewTests {
  private let buffer = MatrixBuffer(
    Matrix(rows: 4, columns: 3, values: (0..<12).map { Float($0 * $0) }))

  @Test func `a view reads the first rows of a buffer, as they are at the time`() {
    let view = MatrixView(buffer, rows: 2)
    #expect(view.rows == 2 && view.columns == 3)
    #expect(view[1, 2] == 25)
    #expect(view.matrix() == buffer.matrix(rows: 0..<2))
    #expect(view.matrix(rows: 1..<2).values == [9, 16, 25])
    #expect(view.squaredDistance(0, 1) == 747)
    let copy = view.matrix()
    buffer[1, 2] = 7
    #expect(view[1, 2] == 7 && copy[1, 2] == 25)
  }

  @Test func `spread and components of a view are those of its rows`() {
    let view = MatrixView(buffer, rows: 3)
    var ours = ColumnMoments(columns: 3)
    ours.add(view)
    var theirs = ColumnMoments(columns: 3)
    theirs.add(buffer, rows: 0..<3)
    #expect(ours.count == 3 && ours.scale == theirs.scale)
    #expect(ours.columnMeans == theirs.columnMeans)
    var covariance = Covariance(columns: 3)
    covariance.add(view)
    #expect(covariance.means == theirs.columnMeans)
    let components = covariance.principalComponents(2)
    #expect(
      components.coordinates(of: view) == components.coordinates(of: buffer, rows: 0..<3))
    // The spread is the root of the covariance's trace.
    let trace = (0..<3).reduce(0) { $0 + covariance[$1, $1] }
    #expect(abs(trace.squareRoot() - ours.scale) <= 1e-12 * ours.scale)
  }
}
