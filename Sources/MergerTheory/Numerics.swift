// Elementary functions of the C library, in one place.

import Glibc

/// `base` to the power of `exponent`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// (1 − exp(−x)) / x, which is 1 at x = 0, without cancellation near it.
func relativeDecay(_ x: Double) -> Double { x == 0 ? 1 : -expm1(-x) / x }

/// exp(x).
func exponential(_ x: Double) -> Double { exp(x) }

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
