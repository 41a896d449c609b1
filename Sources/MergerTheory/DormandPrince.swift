// Ordinary differential equations, solved with control of the error.
//
// Goals, in order: an answer within its tolerance or an error that says where it got stuck, never a
// wrong number and never a hang; samples where they are asked for; speed.

/// The Runge–Kutta method of order 5 with an embedded one of order 4 that judges its steps.
///
/// A step is taken where the estimated error, the root mean square over the components of error /
/// (absolute tolerance + relative tolerance · magnitude), is at most 1. Samples between steps come
/// from the method's continuous extension of order 4, so that they do not shorten steps. The method
/// is explicit: on a stiff system it takes many steps and, beyond ``mostSteps``, gives up.
///
/// Sources: J. R. Dormand and P. J. Prince, "A Family of Embedded Runge–Kutta Formulae", J. Comp.
/// Appl. Math. 6 (1980), for the coefficients; E. Hairer, S. P. Nørsett and G. Wanner, "Solving
/// Ordinary Differential Equations I" (1993), sections II.4 and II.6, for the choice of steps and
/// the continuous extension.
public struct DormandPrince: Sendable {
  public let relativeTolerance: Double
  /// One number for all components, or one for each.
  public let absoluteTolerances: [Double]
  /// The most steps, taken or refused, before an integration gives up.
  public let mostSteps: Int

  /// The least relative tolerance that rounding leaves a meaning.
  public static let leastRelativeTolerance = 1e-14

  /// - Parameters:
  ///   - relative: The relative tolerance of each step.
  ///   - absolute: One number for all components, or one for each; 0 asks for the relative
  ///     tolerance however small a component becomes.
  ///   - mostSteps: With more steps the solution is given up.
  /// - Throws: `IntegrationError.tolerance` for a relative tolerance below
  ///   ``leastRelativeTolerance``, a negative absolute one, or one that is not finite.
  /// - Precondition: `absolute` is not empty, and `mostSteps` is positive.
  public init(
    relative: Double = 1e-9, absolute: [Double] = [1e-12], mostSteps: Int = 100_000
  ) throws(IntegrationError) {
    precondition(mostSteps > 0 && !absolute.isEmpty, "at most \(mostSteps) steps")
    guard relative >= Self.leastRelativeTolerance, relative.isFinite else {
      throw .tolerance(relative)
    }
    for number in absolute where !(number >= 0 && number.isFinite) { throw .tolerance(number) }
    relativeTolerance = relative
    absoluteTolerances = absolute
    self.mostSteps = mostSteps
  }

  /// Solves y' = f(t, y) from y(0) = `start`.
  ///
  /// - Parameters:
  ///   - start: y(0).
  ///   - times: When to sample the solution: not negative, in increasing order.
  ///   - derivative: Writes f(t, y) into its last argument, which has as many entries as y and
  ///     holds whatever was there before.
  /// - Returns: One state for each of `times`.
  /// - Throws: `IntegrationError` where the solution or its derivative stops being finite, steps
  ///   become too short for the clock to move, or there are too many of them.
  /// - Precondition: there are absolute tolerances for as many components as `start` has.
  /// - Complexity: six evaluations of `derivative` per step.
  public func solution(
    from start: [Double], at times: [Double],
    derivative: (_ time: Double, _ state: [Double], _ change: inout [Double]) -> Void
  ) throws(IntegrationError) -> [[Double]] {
    let count = start.count
    precondition(
      absoluteTolerances.count == 1 || absoluteTolerances.count == count,
      "\(absoluteTolerances.count) absolute tolerances for \(count) components")
    precondition(
      zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
        && times.allSatisfy { $0 >= 0 && $0.isFinite }, "times are from 0 up and increase")
    guard let end = times.last else { return [] }
    var samples: [[Double]] = []
    samples.reserveCapacity(times.count)
    var time = 0.0
    var state = start
    var slopes = [[Double]](repeating: [Double](repeating: 0, count: count), count: 7)
    derivative(time, state, &slopes[0])
    guard state.allSatisfy(\.isFinite), slopes[0].allSatisfy(\.isFinite) else {
      throw .notFinite(time: time)
    }
    while samples.count < times.count, times[samples.count] == 0 { samples.append(state) }

    var step = firstStep(state, slopes[0], end: end, derivative)
    var lastError = 1e-4
    var wasRefused = false
    var steps = 0
    var stage = state
    var next = state
    while samples.count < times.count {
      steps += 1
      guard steps <= mostSteps else { throw .tooManySteps(time: time, steps: mostSteps) }
      // What would remain after a step that nearly reaches the end could be too short for another.
      let isLast = time + 1.01 * step >= end
      if isLast { step = end - time }
      // Below this, adding a step to the time rounds away most of it.
      guard step > 8 * time.ulp else { throw .stepTooShort(time: time) }
      for row in 1...6 {
        let weights = Self.weights[row - 1]
        for component in 0..<count {
          var sum = 0.0
          for (earlier, weight) in weights.enumerated() {
            sum += weight * slopes[earlier][component]
          }
          stage[component] = state[component] + step * sum
        }
        if row == 6 { next = stage }
        derivative(time + Self.nodes[row] * step, stage, &slopes[row])
      }
      let isFinite = next.allSatisfy(\.isFinite) && slopes[6].allSatisfy(\.isFinite)
      let error = isFinite ? self.error(state, next, slopes, step) : .infinity
      guard error.isFinite else {
        // What lies a whole step away may be out of range while the way there is not.
        wasRefused = true
        step /= 10
        guard step > 8 * time.ulp, step > .leastNormalMagnitude else {
          throw .notFinite(time: time)
        }
        continue
      }
      // Proportional-integral control (Hairer, Nørsett and Wanner, IV.2, with β = 0.04).
      let scale = power(error, 0.17)
      if error > 1 {
        wasRefused = true
        step /= min(5, scale / 0.9)
        continue
      }
      let nextTime = isLast ? end : time + step
      if times[samples.count] <= nextTime {
        let within = ContinuousExtension(from: state, to: next, slopes: slopes, step: step)
        while samples.count < times.count, times[samples.count] <= nextTime {
          let sampleTime = times[samples.count]
          samples.append(
            sampleTime == nextTime ? next : within.state(at: (sampleTime - time) / step))
        }
      }
      let growth = max(0.1, min(5, scale / power(lastError, 0.04) / 0.9))
      lastError = max(error, 1e-4)
      time = nextTime
      state = next
      slopes.swapAt(0, 6)
      // A step that follows a refused one is not longer.
      step = wasRefused ? min(step, step / growth) : step / growth
      wasRefused = false
    }
    return samples
  }

  /// The error of a step in units of the tolerance.
  private func error(
    _ state: [Double], _ next: [Double], _ slopes: [[Double]], _ step: Double
  ) -> Double {
    var sum = 0.0
    for component in state.indices {
      var estimate = 0.0
      for (row, weight) in Self.errorWeights.enumerated() {
        estimate += weight * slopes[row][component]
      }
      // A component that is and stays 0 without absolute tolerance has no error.
      if estimate == 0 { continue }
      let share =
        step * estimate
        / tolerance(component, magnitude: max(abs(state[component]), abs(next[component])))
      sum += share * share
    }
    return (sum / Double(max(state.count, 1))).squareRoot()
  }

  private func tolerance(_ component: Int, magnitude: Double) -> Double {
    let absolute = absoluteTolerances[absoluteTolerances.count == 1 ? 0 : component]
    return absolute + relativeTolerance * magnitude
  }

  /// A first step over which the solution changes little, as its first two derivatives tell.
  ///
  /// Source: Hairer, Nørsett and Wanner, section II.4, "Starting Step Size".
  private func firstStep(
    _ state: [Double], _ slope: [Double], end: Double,
    _ derivative: (Double, [Double], inout [Double]) -> Void
  ) -> Double {
    func norm(_ numbers: [Double]) -> Double {
      var sum = 0.0
      for (component, number) in numbers.enumerated() where number != 0 {
        let share = number / tolerance(component, magnitude: abs(state[component]))
        sum += share * share
      }
      return (sum / Double(max(numbers.count, 1))).squareRoot()
    }
    let size = norm(state)
    let speed = norm(slope)
    var guess = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed
    guess = min(guess, end)
    var later = slope
    derivative(guess, zip(state, slope).map { $0 + guess * $1 }, &later)
    let bend = norm(zip(later, slope).map { $0 - $1 }) / guess
    let largest = max(speed, bend)
    let other = largest <= 1e-15 ? max(1e-6, guess * 1e-3) : power(0.01 / largest, 0.2)
    let step = min(100 * guess, other, end)
    return step > 0 && step.isFinite ? step : min(1e-6, end)
  }

  // MARK: The coefficients

  static let nodes = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1]
  // The last row gives the solution of order 5; its slope is the first one of the next step.
  static let weights: [[Double]] = [
    [1.0 / 5],
    [3.0 / 40, 9.0 / 40],
    [44.0 / 45, -56.0 / 15, 32.0 / 9],
    [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
    [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
    [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
  ]
  // Those of order 5 minus those of order 4.
  static let errorWeights = [
    71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
  ]
}

/// The solution within one step.
private struct ContinuousExtension {
  private let coefficients: [[Double]]

  private static let weights = [
    -12715105075.0 / 11282082432, 0, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072,
    701980252875.0 / 199316789632, -1453857185.0 / 822651844, 69997945.0 / 29380423,
  ]

  init(from state: [Double], to next: [Double], slopes: [[Double]], step: Double) {
    coefficients = state.indices.map { component in
      let change = next[component] - state[component]
      let bend = step * slopes[0][component] - change
      var rest = 0.0
      for (row, weight) in Self.weights.enumerated() { rest += weight * slopes[row][component] }
      return [
        state[component], change, bend, change - step * slopes[6][component] - bend, step * rest,
      ]
    }
  }

  /// - Parameter share: Of the step, from 0 to 1.
  func state(at share: Double) -> [Double] {
    let left = 1 - share
    return coefficients.map { c in
      c[0] + share * (c[1] + left * (c[2] + share * (c[3] + left * c[4])))
    }
  }
}

/// Why an integration gave no answer.
public enum IntegrationError: Error, Equatable, CustomStringConvertible {
  case tolerance(Double)
  case notFinite(time: Double)
  case stepTooShort(time: Double)
  case tooManySteps(time: Double, steps: Int)

  public var description: String {
    switch self {
    case .tolerance(let number):
      "a tolerance of \(number) cannot be met; a relative one must be at least "
        + "\(DormandPrince.leastRelativeTolerance), absolute ones at least 0. Try 1e-9 and 1e-12."
    case .notFinite(let time):
      "the solution or its derivative is no finite number from time \(time) on; does it blow up? "
        + "Try an earlier end."
    case .stepTooShort(let time):
      "at time \(time) no step is short enough for the tolerance; try a larger tolerance or an "
        + "earlier end."
    case .tooManySteps(let time, let steps):
      "\(steps) steps led only to time \(time); the system is stiff or the tolerance small. Try a "
        + "larger tolerance, more steps or an earlier end."
    }
  }
}
