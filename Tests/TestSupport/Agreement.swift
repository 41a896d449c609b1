// Whether numbers are equal but for rounding.

/// Whether two numbers agree within `bound`, absolute plus relative; NaN agrees with nothing.
package func agree(_ a: Double, _ b: Double, within bound: Double = 1e-5) -> Bool {
  abs(a - b) <= bound * (1 + abs(b))
}
