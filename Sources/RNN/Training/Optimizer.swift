// The rules by which gradients move weights, as PyTorch has them.

internal import LinearAlgebra

/// A rule of `torch.optim`.
public enum UpdateRule: String, CaseIterable, Sendable, Codable {
  /// `torch.optim.SGD`: plain steps, or with momentum, or Nesterov's.
  case sgd
  /// `torch.optim.Adam` (D. P. Kingma and J. Ba, ICLR 2015).
  case adam
  /// `torch.optim.AdamW` (I. Loshchilov and F. Hutter, ICLR 2019).
  case adamw
  /// `torch.optim.RMSprop` (T. Tieleman and G. Hinton, 2012).
  case rmsprop

  /// PyTorch's learning rate, except for `sgd`, where it is the paper's.
  public var defaultLearningRate: Double {
    switch self {
    case .sgd: 0.02
    case .adam, .adamw: 0.001
    case .rmsprop: 0.01
    }
  }

  /// PyTorch's weight decay.
  public var defaultWeightDecay: Double { self == .adamw ? 0.01 : 0 }
}

/// A rule and its numbers; the defaults are PyTorch's.
public struct OptimizerSettings: Hashable, Sendable {
  public var rule = UpdateRule.sgd
  /// Of `sgd` and `rmsprop`.
  public var momentum = 0.0
  /// Whether momentum is Nesterov's; of `sgd`.
  public var nesterov = false
  /// What is kept of the running mean of gradients; of `adam` and `adamw`.
  public var beta1 = 0.9
  /// What is kept of the running mean of squared gradients; of `adam` and `adamw`.
  public var beta2 = 0.999
  /// What is kept of the running mean of squared gradients; of `rmsprop`.
  public var alpha = 0.99
  /// Added to the denominator; of `adam`, `adamw` and `rmsprop`.
  public var epsilon = 1e-8
  /// Times the weights, added to the gradient; for `adamw`, the share by which weights shrink, times
  /// the learning rate.
  public var weightDecay: Double
  /// The norm to which gradients of all weights together are cut; nil for none.
  public var clip: Double? = nil

  public init() {
    weightDecay = rule.defaultWeightDecay
  }

  /// How many numbers per weight the rule remembers from step to step.
  var memoryCount: Int {
    switch rule {
    case .sgd: momentum == 0 ? 0 : 1
    case .adam, .adamw: 2
    case .rmsprop: momentum == 0 ? 1 : 2
    }
  }

  /// What those numbers are called on disk: PyTorch's names in an optimizer's state.
  var memoryNames: [String] {
    switch rule {
    case .sgd: ["momentum_buffer"]
    case .adam, .adamw: ["exp_avg", "exp_avg_sq"]
    case .rmsprop: ["square_avg", "momentum_buffer"]
    }
  }
}

/// Moves a network's weights along gradients, and remembers what its rule needs to.
public final class Optimizer {
  public let settings: OptimizerSettings
  /// The number of steps taken.
  public internal(set) var stepCount = 0
  // What the rule remembers, one number per weight each; see `OptimizerSettings.memoryNames`.
  let memory: [Parameters]

  private let movesStart: Bool
  private let direction: Parameters

  /// - Parameters:
  ///   - settings: The rule and its numbers.
  ///   - network: One of the shape of those that are trained.
  ///   - movesStart: Whether the starting state is trained too.
  public init(
    _ settings: OptimizerSettings, for network: RecurrentNetwork, movesStart: Bool = false
  ) {
    self.settings = settings
    self.movesStart = movesStart
    memory = (0..<settings.memoryCount).map { _ in Parameters(network.shape) }
    direction = Parameters(network.shape)
  }

  private func trained(_ parameters: Parameters) -> [MatrixBuffer] {
    movesStart ? parameters.tensors + [parameters.start] : parameters.tensors
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - parameters: What is moved.
  ///   - gradient: That of the loss; clipping and weight decay change it.
  ///   - learningRate: How far.
  public func step(
    _ parameters: Parameters, along gradient: Parameters, learningRate: Double
  ) {
    stepCount += 1
    let gradients = trained(gradient)
    let weights = trained(parameters)
    if let clip = settings.clip { Self.clip(gradients, to: clip) }
    if settings.weightDecay != 0 {
      for (weight, gradient) in zip(weights, gradients) {
        if settings.rule == .adamw {
          weight.multiply(by: Float(1 - learningRate * settings.weightDecay))
        } else {
          gradient.add(weight, times: Float(settings.weightDecay))
        }
      }
    }
    switch settings.rule {
    case .sgd where settings.momentum == 0:
      for (weight, gradient) in zip(weights, gradients) {
        weight.add(gradient, times: Float(-learningRate))
      }
    case .sgd:
      let velocities = trained(memory[0])
      for ((weight, gradient), velocity) in zip(zip(weights, gradients), velocities) {
        velocity.decay(by: Float(settings.momentum), adding: gradient)
        if settings.nesterov {
          weight.add(gradient, times: Float(-learningRate))
          weight.add(velocity, times: Float(-learningRate * settings.momentum))
        } else {
          weight.add(velocity, times: Float(-learningRate))
        }
      }
    case .adam, .adamw: adam(weights, gradients, learningRate)
    case .rmsprop: rmsprop(weights, gradients, learningRate)
    }
  }

  private func adam(
    _ weights: [MatrixBuffer], _ gradients: [MatrixBuffer], _ learningRate: Double
  ) {
    let (means, squares) = (trained(memory[0]), trained(memory[1]))
    let rate = learningRate / (1 - power(settings.beta1, stepCount))
    let scale = 1 / (1 - power(settings.beta2, stepCount)).squareRoot()
    for index in weights.indices {
      means[index].average(gradients[index], keeping: settings.beta1)
      squares[index].averageSquares(gradients[index], keeping: settings.beta2)
      weights[index].addQuotient(
        means[index], squares: squares[index], scale: Float(scale),
        epsilon: Float(settings.epsilon), times: Float(-rate))
    }
  }

  private func rmsprop(
    _ weights: [MatrixBuffer], _ gradients: [MatrixBuffer], _ learningRate: Double
  ) {
    let squares = trained(memory[0])
    let epsilon = Float(settings.epsilon)
    let moves = trained(direction)
    for index in weights.indices {
      squares[index].averageSquares(gradients[index], keeping: settings.alpha)
      guard settings.momentum != 0 else {
        weights[index].addQuotient(
          gradients[index], squares: squares[index], scale: 1, epsilon: epsilon,
          times: Float(-learningRate))
        continue
      }
      let velocity = trained(memory[1])[index]
      moves[index].clear()
      moves[index].addQuotient(
        gradients[index], squares: squares[index], scale: 1, epsilon: epsilon, times: 1)
      velocity.decay(by: Float(settings.momentum), adding: moves[index])
      weights[index].add(velocity, times: Float(-learningRate))
    }
  }

  /// Multiplies gradients by what brings their common norm down to `limit`, as
  /// `torch.nn.utils.clip_grad_norm_` does (R. Pascanu, T. Mikolov and Y. Bengio, ICML 2013).
  private static func clip(_ gradients: [MatrixBuffer], to limit: Double) {
    let norm = gradients.reduce(0) { $0 + $1.sumOfSquares() }.squareRoot()
    let factor = limit / (norm + 1e-6)
    guard factor < 1 else { return }
    for gradient in gradients { gradient.multiply(by: Float(factor)) }
  }

  /// By squaring, so that these powers have the same bits whatever the C library; a step also takes
  /// others' functions from it, the loss `exp` and `log`, a schedule `pow` and `cos`.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
