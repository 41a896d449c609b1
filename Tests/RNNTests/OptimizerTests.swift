import Automata
import Foundation
import LinearAlgebra
import RNN
import Tasks
import Testing

/// What PyTorch's optimizers and schedules do; see fixtures/optimizers/README.md.
private struct Golden: Decodable {
  struct Run: Decodable {
    let rule: UpdateRule
    let clip: Double?
    let given: [String]
    let momentum: Double?
    let nesterov: Bool?
    let betas: [Double]?
    let alpha: Double?
    let eps: Double?
    let weight_decay: Double
    let lr: Double
    let steps: [[Double]]
  }

  struct Course: Decodable {
    let course: LearningRateSchedule.Kind
    let period: Int?
    let factor: Double?
    let warmUp: Int
    let shares: [Double]
  }

  let optimizers: [Run]
  let schedules: [Course]

  static func load() throws -> Golden {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../fixtures/optimizers/optimizers.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
  }
}

@Suite struct OptimizerTests {
  @Test func `every step of every optimizer is PyTorch's`() throws {
    let runs = try Golden.load().optimizers
    #expect(Set(runs.map(\.rule)) == Set(UpdateRule.allCases))
    for run in runs {
      var settings = OptimizerSettings()
      settings.rule = run.rule
      settings.clip = run.clip
      settings.weightDecay = run.weight_decay
      settings.momentum = run.momentum ?? settings.momentum
      settings.nesterov = run.nesterov ?? settings.nesterov
      settings.alpha = run.alpha ?? settings.alpha
      settings.epsilon = run.eps ?? settings.epsilon
      if let betas = run.betas { (settings.beta1, settings.beta2) = (betas[0], betas[1]) }
      // Six weights, a tensor each.
      let network = RecurrentNetwork(
        shape: NetworkShape(inputs: 1, hidden: 1, outputs: 1), start: 0)
      let gradient = Parameters(network.shape)
      for (tensor, weight) in zip(network.parameters.tensors, [Float(1), -0.5, 0.25, 2, -1, 0.125])
      {
        tensor[0, 0] = weight
      }
      let optimizer = Optimizer(settings, for: network)
      for (t, expected) in run.steps.enumerated() {
        for (i, tensor) in gradient.tensors.enumerated() {
          tensor[0, 0] = 0.1 * Float((7 * t + 3 * i) % 11 - 5)
        }
        optimizer.step(network.parameters, along: gradient, learningRate: run.lr)
        #expect(
          disagreement(network.parameters.numbers, expected, within: 2e-6) == nil,
          "\(run.rule), step \(t)")
      }
      // The starting state is not moved unless asked for.
      #expect(network.start == [0])
    }
  }

  @Test func `defaults are PyTorch's`() throws {
    for run in try Golden.load().optimizers where run.given.isEmpty {
      let settings = OptimizerSettings()
      if let betas = run.betas { #expect(betas == [settings.beta1, settings.beta2]) }
      #expect(run.eps == nil || run.eps == settings.epsilon)
      #expect(run.alpha == nil || run.alpha == settings.alpha)
      #expect(run.momentum == nil || run.momentum == settings.momentum)
      #expect(run.weight_decay == run.rule.defaultWeightDecay)
      #expect(run.lr == run.rule.defaultLearningRate)
    }
  }

  @Test func `learning rates of every epoch are those of PyTorch's schedules`() throws {
    for course in try Golden.load().schedules {
      var schedule = LearningRateSchedule()
      schedule.kind = course.course
      schedule.period = course.period ?? schedule.period
      schedule.factor = course.factor ?? schedule.factor
      schedule.warmUp = course.warmUp
      for (index, share) in course.shares.enumerated() {
        #expect(abs(schedule.share(epoch: index + 1) - share) <= 1e-12)
      }
    }
  }
}

@Suite struct InitializationTests {
  @Test(arguments: Initialization.allCases, Cell.allCases)
  func `weights have the spread of their distribution, as PyTorch scales it`(
    initialization: Initialization, cell: Cell
  ) {
    var generator = SplitMix64(seed: 3, stream: initialization.rawValue)
    let shape = NetworkShape(cell, layers: 2, inputs: 90, hidden: 60, outputs: 40)
    let network = RecurrentNetwork(
      shape: shape, initialization: initialization, gain: 0.7, start: 0, using: &generator)
    for (key, tensor) in zip(shape.keys, network.parameters.tensors) {
      let numbers = tensor.matrix().values.map(Double.init)
      if initialization != .pytorch, key.contains("bias") {
        #expect(numbers.allSatisfy { $0 == 0 })
        continue
      }
      let (rows, columns) = (Double(tensor.rows), Double(tensor.columns))
      let expected =
        switch initialization {
        case .xavierNormal, .xavierUniform: 0.7 * (2 / (rows + columns)).squareRoot()
        case .kaimingNormal, .kaimingUniform: 0.7 / columns.squareRoot()
        case .orthogonal: 0.7 / max(rows, columns).squareRoot()
        case .pytorch: 0.7 / 180.0.squareRoot()
        }
      let count = Double(numbers.count)
      let deviation = (numbers.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
      #expect(abs(deviation - expected) <= 5 * expected / (2 * count).squareRoot(), "\(key)")
      let largest = numbers.map(abs).max() ?? 0
      switch initialization {
      case .xavierUniform, .kaimingUniform, .pytorch:
        #expect(largest <= expected * 3.0.squareRoot() * 1.0001)
      case .xavierNormal, .kaimingNormal, .orthogonal:
        #expect(largest > expected * 2)
      }
    }
  }

  @Test func `orthogonal weights have orthonormal columns, or rows where there are fewer`() {
    var generator = SplitMix64(seed: 4)
    let shape = NetworkShape(.gru, inputs: 5, hidden: 12, outputs: 3)
    let network = RecurrentNetwork(
      shape: shape, initialization: .orthogonal, gain: 1, start: 0, using: &generator)
    for tensor in [
      network.parameters.layers[0].recurrentWeights, network.parameters.readoutWeights,
    ] {
      let matrix = tensor.matrix()
      let isTall = matrix.rows >= matrix.columns
      let count = isTall ? matrix.columns : matrix.rows
      func vector(_ index: Int) -> [Float] {
        isTall ? (0..<matrix.rows).map { matrix[$0, index] } : Array(matrix.row(index))
      }
      for a in 0..<count {
        for b in 0..<count {
          let product = zip(vector(a), vector(b)).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (a == b ? 1 : 0)) <= 1e-5)
        }
      }
    }
  }
}
