// The words that a machine gives an output: whether there are any, how many, and fair draws.

extension MooreMachine {
  /// The shortlex-least word after which the machine says `output`, or nil if there is none.
  ///
  /// - Parameter output: A position in ``outputAlphabet``; by default the second, "accepted".
  /// - Precondition: `output` is an output.
  /// - Complexity: O(n · k).
  public func leastWord(withOutput output: Int = 1) -> [Int]? {
    precondition(0..<outputAlphabet.count ~= output, "output \(output) of \(outputAlphabet.count)")
    var order: [Int32] = [0]
    var origins = [(parent: Int, symbol: Int)](repeating: (-1, 0), count: stateCount)
    var isReached = [Bool](repeating: false, count: stateCount)
    isReached[0] = true
    var next = 0
    while next < order.count {
      let state = Int(order[next])
      next += 1
      if outputs[state] == output {
        var word: [Int] = []
        var current = state
        while origins[current].parent >= 0 {
          word.append(origins[current].symbol)
          current = origins[current].parent
        }
        return word.reversed()
      }
      for symbol in 0..<alphabet.count {
        let successor = successors[state * alphabet.count + symbol]
        guard successor != Self.open, !isReached[Int(successor)] else { continue }
        isReached[Int(successor)] = true
        origins[Int(successor)] = (state, symbol)
        order.append(successor)
      }
    }
    return nil
  }

  /// Whether no word has `output`, by default the second, "accepted". O(n · k).
  public func isEmpty(output: Int = 1) -> Bool { leastWord(withOutput: output) == nil }

  /// How many words of a length have each output; words that meet an open transition have none.
  ///
  /// - Returns: One count per output, exact, or nil if one reaches 2^128 ≈ 3.4 · 10^38 (with two
  ///   symbols, not before length 128).
  /// - Precondition: `length` is not negative.
  /// - Complexity: O(n · k · length) time, O(n) memory.
  public func wordCounts(ofLength length: Int) -> [UInt128]? {
    precondition(length >= 0, "no word has length \(length)")
    var overflows = false
    var counts = [UInt128](repeating: 0, count: stateCount)
    counts[0] = 1
    func add(_ count: UInt128, to sum: inout UInt128) {
      let (result, overflow) = sum.addingReportingOverflow(count)
      sum = result
      overflows = overflows || overflow
    }
    for _ in 0..<length {
      var next = [UInt128](repeating: 0, count: stateCount)
      for (index, successor) in successors.enumerated() where successor != Self.open {
        add(counts[index / alphabet.count], to: &next[Int(successor)])
      }
      counts = next
      if overflows { return nil }
    }
    var totals = [UInt128](repeating: 0, count: outputAlphabet.count)
    for (state, count) in counts.enumerated() { add(count, to: &totals[Int(outputs[state])]) }
    return overflows ? nil : totals
  }

  /// The share of each output among all words of a length; words that meet an open transition
  /// have none, so the shares of a complete machine add up to 1.
  ///
  /// - Returns: One share in 0...1 per output, with a relative error below
  ///   (length + 1) · n · k · 2^−52; shares below 10^−300 may come out as 0.
  /// - Precondition: `length` is not negative.
  /// - Complexity: O(n · k · length) time, O(n) memory.
  public func outputShares(ofLength length: Int) -> [Double] {
    precondition(length >= 0, "no word has length \(length)")
    var shares = [Double](repeating: 0, count: stateCount)
    shares[0] = 1
    for _ in 0..<length {
      var next = [Double](repeating: 0, count: stateCount)
      for (index, successor) in successors.enumerated() where successor != Self.open {
        next[Int(successor)] += shares[index / alphabet.count] / Double(alphabet.count)
      }
      shares = next
    }
    var totals = [Double](repeating: 0, count: outputAlphabet.count)
    for (state, share) in shares.enumerated() { totals[Int(outputs[state])] += share }
    return totals
  }
}

/// Draws words of one length that a machine gives one output, all equally likely.
///
/// Where k^length < 2^128 the counts are integers and the draw is exactly uniform. Beyond, the
/// counts are floating-point numbers with an exponent of their own, and the distribution's total
/// variation distance from uniform is below length · (k + 1) · 2^−52, so below 10^−11 at length
/// 10,000 over two symbols: the counts' own roundings cancel along a word, and only those of one
/// sum and one draw remain per symbol.
///
/// Source: the recursive method of P. Flajolet, P. Zimmermann, B. Van Cutsem, "A Calculus for the
/// Random Generation of Labelled Combinatorial Structures", TCS 132 (1994).
public struct WordSampler: Sendable {
  /// The length of the words.
  public let length: Int
  private let machine: MooreMachine
  // weights[rest · n + state]: how many words of length `rest` lead from a state to the output.
  private let weights: Weights

  private enum Weights: Sendable {
    case exact([UInt128])
    case scaled([ScaledCount])
  }

  /// Counts the words.
  ///
  /// - Parameters:
  ///   - machine: The machine whose words are counted.
  ///   - output: A position in the machine's output alphabet; by default "accepted".
  ///   - length: The length of the words.
  /// - Precondition: `output` is an output, and `length` is not negative.
  /// - Complexity: O(n · k · length) time, 16 · n · (length + 1) bytes, for n reached states.
  public init(machine: MooreMachine, output: Int = 1, length: Int) {
    precondition(
      0..<machine.outputAlphabet.count ~= output,
      "output \(output) of \(machine.outputAlphabet.count)")
    precondition(length >= 0, "no word has length \(length)")
    self.machine = machine.reachable()
    self.length = length
    var power = UInt128(1)
    var fits = true
    for _ in 0..<length where fits {
      let (product, overflow) = power.multipliedReportingOverflow(
        by: UInt128(machine.alphabet.count))
      power = product
      fits = !overflow
      if machine.alphabet.count == 1 { break }
    }
    weights =
      fits
      ? .exact(self.machine.continuationCounts(upTo: length, output: output))
      : .scaled(self.machine.continuationCounts(upTo: length, output: output))
  }

  /// Whether there is no such word.
  public var isEmpty: Bool {
    switch weights {
    case .exact(let counts): counts[length * machine.stateCount] == 0
    case .scaled(let counts): counts[length * machine.stateCount] == .zero
    }
  }

  /// A word, drawn uniformly from those with the output; nil if there is none.
  ///
  /// - Complexity: O(length · k).
  public func sample(using generator: inout some RandomNumberGenerator) -> [Int]? {
    guard !isEmpty else { return nil }
    return switch weights {
    case .exact(let counts): sample(counts, using: &generator)
    case .scaled(let counts): sample(counts, using: &generator)
    }
  }

  private func sample<Count: WordCount>(
    _ counts: [Count], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    let (n, k) = (machine.stateCount, machine.alphabet.count)
    var word: [Int] = []
    word.reserveCapacity(length)
    var state = 0
    var options = [Count](repeating: .zero, count: k)
    for rest in (0..<length).reversed() {
      for symbol in 0..<k {
        options[symbol] =
          machine.successor(of: state, on: symbol).map { counts[rest * n + $0] } ?? .zero
      }
      let symbol = Count.pick(options, using: &generator)
      word.append(symbol)
      state = machine.successor(of: state, on: symbol)!  // an open transition's count is 0
    }
    return word
  }
}

extension MooreMachine {
  /// For each length up to `length` and each state, the number of words that lead to the output.
  fileprivate func continuationCounts<Count: WordCount>(
    upTo length: Int, output: Int
  ) -> [Count] {
    let (n, k) = (stateCount, alphabet.count)
    var counts = outputs.map { $0 == output ? Count.one : .zero }
    counts.reserveCapacity(n * (length + 1))
    for rest in 0..<length {
      for state in 0..<n {
        var sum = Count.zero
        for index in state * k..<(state + 1) * k where successors[index] != Self.open {
          sum = sum.adding(counts[rest * n + Int(successors[index])])
        }
        counts.append(sum)
      }
    }
    return counts
  }
}

/// What a sampler asks of numbers of words.
private protocol WordCount: Equatable {
  static var zero: Self { get }
  static var one: Self { get }
  func adding(_ other: Self) -> Self
  /// An index drawn in proportion to the counts, of which at least one is not zero.
  static func pick(_ counts: [Self], using generator: inout some RandomNumberGenerator) -> Int
}

extension UInt128: WordCount {
  fileprivate static var one: UInt128 { 1 }

  // Never more than k^length, which the sampler has found to fit.
  fileprivate func adding(_ other: UInt128) -> UInt128 { self + other }

  fileprivate static func pick(
    _ counts: [UInt128], using generator: inout some RandomNumberGenerator
  ) -> Int {
    var rest = UInt128.random(in: 0..<counts.reduce(0, +), using: &generator)
    for (index, count) in counts.enumerated() {
      if rest < count { return index }
      rest -= count
    }
    preconditionFailure("\(rest) beyond the counts' sum")
  }
}

/// A number significand · 2^exponent with 53 bits of precision and no practical overflow.
private struct ScaledCount: WordCount, Sendable {
  // Zero, or in 1 ..< 2.
  var significand: Double
  var exponent: Int

  static let zero = ScaledCount(significand: 0, exponent: 0)
  static let one = ScaledCount(significand: 1, exponent: 0)

  /// The value divided by 2^`reference`, 0 if that is too small for a Double.
  func value(relativeTo reference: Int) -> Double {
    Double(sign: .plus, exponent: max(exponent - reference, -2000), significand: significand)
  }

  func adding(_ other: ScaledCount) -> ScaledCount {
    if self == .zero { return other }
    if other == .zero { return self }
    let top = max(exponent, other.exponent)
    let sum = value(relativeTo: top) + other.value(relativeTo: top)
    return ScaledCount(significand: sum.significand, exponent: top + Int(sum.exponent))
  }

  static func pick(
    _ counts: [ScaledCount], using generator: inout some RandomNumberGenerator
  ) -> Int {
    var top = Int.min
    for count in counts where count != .zero { top = max(top, count.exponent) }
    var total = 0.0
    for count in counts where count != .zero { total += count.value(relativeTo: top) }
    var rest = Double.random(in: 0..<total, using: &generator)
    var last = 0
    for (index, count) in counts.enumerated() where count != .zero {
      let value = count.value(relativeTo: top)
      if rest < value { return index }
      rest -= value
      last = index
    }
    return last  // rounding can leave a last crumb, which belongs to the last choice
  }
}
