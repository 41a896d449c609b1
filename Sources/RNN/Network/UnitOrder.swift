// Which hidden units are at work.
//
// A ReLU unit that is zero after every word takes no part in any product: small initial weights
// leave a quarter of the units so, and more as learning begins. Training works on a copy of the
// network whose units are reordered, the active ones first, and confines its products to them.

internal import Automata
internal import LinearAlgebra

/// An order of the hidden units, those first that are not zero on some longer word.
struct UnitOrder {
  /// The unit at each position; a permutation of 0 ..< H.
  private(set) var units: [Int]
  /// How many units come first because they are active, with a few more to make a number that
  /// products like.
  private(set) var activeCount: Int

  /// The level of the tree from which on units are looked at. The few short words follow the
  /// starting state, where most units are on.
  static let firstLevel = 3

  /// The order in which nothing is known to be zero.
  init(unitCount: Int) {
    units = Array(0..<unitCount)
    activeCount = unitCount
  }

  /// The position of each unit.
  var positions: [Int] {
    var positions = units
    for (position, unit) in units.enumerated() { positions[unit] = position }
    return positions
  }

  /// Puts the units first that are not zero at some node of level 3 or below.
  ///
  /// - Parameter hidden: One row per node of `tree`.
  mutating func update(_ hidden: MatrixBuffer, _ tree: borrowing PrefixTree) {
    guard tree.depth >= Self.firstLevel else { return }
    let isActive = hidden.columnsWithNonzero(rows: tree.levelStarts[Self.firstLevel]..<tree.count)
    units.sort { isActive[$0] != isActive[$1] ? isActive[$0] : $0 < $1 }
    activeCount = min(MatrixBuffer.kernelMultiple(isActive.count { $0 }), units.count)
  }
}

extension Parameters {
  /// Takes over the numbers of `other`, whose unit `units[i]` becomes unit i.
  ///
  /// - Precondition: the same shape, and `units` is a permutation of the hidden units; it leaves
  ///   them where they are, unless this is one layer without gates.
  func assign(_ other: Parameters, units: [Int]) {
    guard layers.count == 1, layers[0].cell == .elman else {
      precondition(
        units == Array(0..<units.count), "units of several gates or layers are reordered")
      return assign(other)
    }
    let (layer, source) = (layers[0], other.layers[0])
    for (unit, old) in units.enumerated() {
      for symbol in 0..<layer.inputWeights.columns {
        layer.inputWeights[unit, symbol] = source.inputWeights[old, symbol]
      }
      for (column, oldColumn) in units.enumerated() {
        layer.recurrentWeights[unit, column] = source.recurrentWeights[old, oldColumn]
      }
      layer.inputBias[0, unit] = source.inputBias[0, old]
      layer.recurrentBias[0, unit] = source.recurrentBias[0, old]
      for output in 0..<readoutWeights.rows {
        readoutWeights[output, unit] = other.readoutWeights[output, old]
      }
      start[0, unit] = other.start[0, old]
    }
    readoutBias.copyRows(other.readoutBias, 0..<1, to: 0)
  }
}
