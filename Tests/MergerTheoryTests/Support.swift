// What the tests of the theory share.

import Foundation
import MergerTheory

/// A small generator with a seed: xorshift64* (S. Vigna, 2016).
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_f491_4f6c_dd1d
  }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    Double.random(in: range, using: &self)
  }

  /// A number whose logarithm is uniform.
  mutating func logUniform(_ low: Double, _ high: Double) -> Double {
    low * pow(high / low, uniform(0...1))
  }
}

/// The classical method of Runge and Kutta with steps of one length: slow and obvious.
func smallSteps(
  from start: [Double], to end: Double, count: Int, _ derivative: ([Double]) -> [Double]
) -> [Double] {
  func add(_ a: [Double], _ factor: Double, _ b: [Double]) -> [Double] {
    zip(a, b).map { $0 + factor * $1 }
  }
  let step = end / Double(count)
  var state = start
  for _ in 0..<count {
    let a = derivative(state)
    let b = derivative(add(state, step / 2, a))
    let c = derivative(add(state, step / 2, b))
    let d = derivative(add(state, step, c))
    for index in state.indices {
      state[index] += step / 6 * (a[index] + 2 * b[index] + 2 * c[index] + d[index])
    }
  }
  return state
}

/// Whether two numbers differ by at most a share of the larger one.
func close(_ a: Double, _ b: Double, _ share: Double, floor: Double = 0) -> Bool {
  abs(a - b) <= share * max(abs(a), abs(b)) + floor
}

/// Vectors in the plane, one per continuation, for networks as the theory sees them.
struct Outputs {
  var rows: [[Double]]

  static func random(_ count: Int, size: Double, using chance: inout Chance) -> Outputs {
    Outputs(rows: (0..<count).map { _ in (0..<3).map { _ in size * chance.uniform(-1...1) } })
  }

  /// ⟨a_i · b_i⟩.
  static func mean(_ a: Outputs, _ b: Outputs) -> Double {
    var sum = 0.0
    for (x, y) in zip(a.rows, b.rows) { sum += zip(x, y).map { $0 * $1 }.reduce(0, +) }
    return sum / Double(a.rows.count)
  }

  var flat: [Double] { rows.flatMap { $0 } }

  init(rows: [[Double]]) { self.rows = rows }

  init(flat: some Collection<Double>) {
    let numbers = Array(flat)
    rows = stride(from: 0, to: numbers.count, by: 3).map { Array(numbers[$0..<$0 + 3]) }
  }
}
