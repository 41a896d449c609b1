// Nonlinearities, several numbers at a time.
//
// Goals, in order: the same bits on every run; accuracy of a few units in the last place, since
// small initial weights live on tiny arguments; speed.

/// The nonlinearity of an Elman cell.
public enum Activation: String, CaseIterable, Sendable, Codable {
  case relu
  case tanh
}

/// tanh in every lane, with a relative error of a few units in the last place; NaN stays NaN.
///
/// tanh x = e / (e + 2) with e = exp(2|x|) − 1.
@inline(__always)
func tanhLanes(_ x: Lanes) -> Lanes {
  // Beyond 9.02 the nearest Float is 1, so clamping changes nothing; NaN passes the comparison.
  let magnitude = x.replacing(with: -x, where: x .< 0)
  let e = exponentialMinusOne(magnitude.replacing(with: 10, where: magnitude .> 10) * 2)
  let result = e / (e + 2)
  return result.replacing(with: -result, where: x .< 0)
}

/// exp(y) − 1 for y from 0 to 80 in every lane; NaN stays NaN.
///
/// It is 2ⁿ·p(r) + (2ⁿ − 1) with n = round(y / ln 2), r = y − n·ln 2 in two pieces (W. J. Cody and
/// W. Waite, "Software Manual for the Elementary Functions", 1980), and p(r) = exp(r) − 1 is its
/// Taylor polynomial of degree 8, whose error at |r| ≤ ln 2 / 2 is below 3·10⁻⁹ relative.
@inline(__always)
private func exponentialMinusOne(_ y: Lanes) -> Lanes {
  // Adding 1.5 · 2²³ leaves the nearest integer in the low bits of the number, without the
  // rounding instruction that the oldest processors lack.
  let shift: Float = 12_582_912
  let shifted = y * 1.442_695_04 + shift
  let n = shifted - shift
  let r = (y - n * 0.693_359_375) - n * -2.121_944_4e-4
  var p = Lanes(repeating: 2.480_158_7e-5)
  p = p * r + 1.984_127e-4
  p = p * r + 1.388_888_9e-3
  p = p * r + 8.333_334e-3
  p = p * r + 4.166_666_8e-2
  p = p * r + 0.166_666_67
  p = p * r + 0.5
  p = p * r * r + r
  let bits = unsafe unsafeBitCast(shifted, to: SIMD8<Int32>.self)
  let exponent = (bits &- Int32(bitPattern: shift.bitPattern)) &+ 127
  let power = unsafe unsafeBitCast(exponent &<< 23, to: Lanes.self)
  return power * p + (power - 1)
}
