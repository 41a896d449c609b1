// Eight numbers at a time. Fixed-width vectors compile to the vector instructions that every
// x86-64 and ARM processor has, and add in the same order everywhere.

typealias Lanes = SIMD8<Float>

@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Float>) -> Lanes {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: Lanes.self)
}

/// The first `count` lanes from memory, 0 in the others.
@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) -> Lanes {
  var lanes = Lanes(repeating: 0)
  if count >= 4 {
    unsafe lanes.lowHalf = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
    for lane in 4..<count { unsafe lanes[lane] = pointer[lane] }
  } else {
    for lane in 0..<count { unsafe lanes[lane] = pointer[lane] }
  }
  return lanes
}

/// Writes the first `count` lanes.
@inline(__always)
func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
  if count >= 4 {
    unsafe UnsafeMutableRawPointer(pointer).storeBytes(
      of: lanes.lowHalf, as: SIMD4<Float>.self)
    for lane in 4..<count { unsafe pointer[lane] = lanes[lane] }
  } else {
    for lane in 0..<count { unsafe pointer[lane] = lanes[lane] }
  }
}
