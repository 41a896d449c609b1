// Normally distributed numbers.

import Glibc

/// A number from the standard normal distribution.
///
/// Source: G. E. P. Box and M. E. Muller, "A Note on the Generation of Random Normal Deviates",
/// Annals of Mathematical Statistics 29 (1958), 610–611.
func standardNormal(using generator: inout some RandomNumberGenerator) -> Double {
  // 1 − u lies in (0, 1], where the logarithm is finite.
  let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &generator))).squareRoot()
  return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &generator))
}
