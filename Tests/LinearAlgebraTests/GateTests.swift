import Foundation
import LinearAlgebra
import Testing

@Suite struct GateTests {
  /// One LSTM step on states of some width whose sums inside the gates are all `sum`, from a cell
  /// state of 0.5.
  private func step(_ sum: Float, units: Int) -> (cell: [Float], state: [Float]) {
    let states = MatrixBuffer(rows: 2, columns: units)
    let cells = MatrixBuffer(rows: 2, columns: units)
    let inputs = MatrixBuffer(rows: 1, columns: 4 * units)
    for column in 0..<4 * units { inputs[0, column] = sum }
    for unit in 0..<units { cells[0, unit] = 0.5 }
    states.setLSTMStates(
      rows: 1..<2, cells: cells, gates: MatrixBuffer(rows: 1, columns: lstmGateColumns * units),
      keeping: false, products: MatrixBuffer(rows: 1, columns: 4 * units), firstParent: 0,
      inputs: inputs, TreeLinks(parents: [0, 0], inputRows: [0, 0]))
    return (cells.matrix(rows: 1..<2).values, states.matrix(rows: 1..<2).values)
  }

  @Test(arguments: [1, 7, 16, 37])
  func `gates are right for every sum, however large, at every width`(units: Int) {
    for sum in [-1000, -90, -30, -5, -0.7, -1e-6, 0, 1e-6, 0.3, 4, 30, 90, 1000] as [Float] {
      let (cell, state) = step(sum, units: units)
      let gate = 1 / (1 + exp(-Double(sum)))
      let expected = gate * 0.5 + gate * tanh(Double(sum))
      for unit in 0..<units {
        #expect(abs(Double(cell[unit]) - expected) <= 1e-6, "\(sum)")
        #expect(abs(Double(state[unit]) - gate * tanh(expected)) <= 1e-6, "\(sum)")
      }
    }
  }

  @Test func `what is no number stays none, so that divergence is noticed`() {
    let (cell, state) = step(.nan, units: 37)
    #expect(cell.allSatisfy(\.isNaN) && state.allSatisfy(\.isNaN))
  }
}
