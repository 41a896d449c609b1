// What to make of the output before the first symbol, when nobody asked for it.
//
// A network trained on words of length 1 and more is never told what to say after the empty word,
// and what it happens to say is not part of what it has learnt.

extension MooreMachine {
  /// The machine with its start's output taken as free: where some other state has the same
  /// future, the start says what that state says, so that minimizing merges the two.
  ///
  /// Only words of length 0 can notice. Of several such states with different outputs, one that
  /// agrees with the start's own output is preferred, then the first. The machine is unchanged
  /// where there is no such state or where some transition leads back to the start, whose output
  /// is then asked for after longer words.
  ///
  /// - Complexity: O(n · k · log n).
  public func settingStartOutputFree() -> MooreMachine {
    guard !successors.contains(0) else { return self }
    let k = alphabet.count
    // With an output of its own the start is equivalent to nothing, and as no transition leads to
    // it, the classes of the other states are what they were.
    var labels = outputs
    labels[0] = Int32(outputAlphabet.count)
    let (classes, _) = MooreMachine(
      unchecked: alphabet, outputAlphabet: .digits(outputAlphabet.count + 1), outputs: labels,
      successors: successors
    ).equivalenceClasses()
    func future(_ state: Int) -> [Int32] {
      successors[state * k..<(state + 1) * k].map {
        $0 == Self.open ? Self.open : classes[Int($0)]
      }
    }
    let own = future(0)
    let candidates = (1..<max(stateCount, 1)).filter { future($0) == own }.map { outputs[$0] }
    guard let first = candidates.first, !candidates.contains(outputs[0]) else { return self }
    var chosen = outputs
    chosen[0] = first
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet, outputs: chosen,
      successors: successors)
  }
}
