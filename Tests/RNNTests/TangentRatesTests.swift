import Automata
import LinearAlgebra
import RNN
import Tasks
import Testing

@Suite struct TangentRatesTests {
  /// A network in which every unit is away from ReLU's kink.
  private func network(_ activation: Activation) -> RecurrentNetwork {
    var generator = SplitMix64(seed: 4)
    let network = RecurrentNetwork(
      shape: NetworkShape(inputs: 2, hidden: 6, outputs: 2, activation: activation), gain: 0.7,
      start: 1, using: &generator)
    for unit in 0..<6 { network.parameters.layers[0].inputBias[0, unit] = unit < 4 ? 0.5 : -0.5 }
    return network
  }

  @Test(arguments: [Activation.relu, .tanh])
  func `rates are squared gradients, as small changes of every weight tell them`(
    activation: Activation
  ) throws {
    let network = network(activation)
    let words = PrefixTree.complete(symbolCount: 2, depth: 5)
    let hidden = network.preciseRows(of: words).hidden
    let rates = TangentRates(network, on: words, hidden: hidden)
    func row(_ rows: [Double], _ node: Int) -> [Double] { Array(rows[node * 6..<node * 6 + 6]) }
    let pairs = [
      ([0], [1]), ([0, 1], [1]), ([1, 0, 1], [0, 0, 1]), ([1, 1, 0, 1, 0], [0, 1, 0]),
    ]
    for (a, b) in pairs {
      let first = try #require(words.node(of: a))
      let second = try #require(words.node(of: b))
      let difference = zip(row(hidden, first), row(hidden, second)).map { $0 - $1 }
      let length = difference.map { $0 * $0 }.reduce(0, +).squareRoot()
      let direction = difference.map { $0 / length }
      // ∂(u · h)/∂θ for both words, parameter by parameter, but for the readout.
      var (own, together) = (0.0, 0.0)
      for tensor in network.parameters.tensors.prefix(4) {
        for i in 0..<tensor.rows {
          for j in 0..<tensor.columns {
            let value = tensor[i, j]
            func moved(_ by: Float) -> (Double, Double, Double) {
              tensor[i, j] = value + by
              defer { tensor[i, j] = value }
              let rows = network.preciseRows(of: words).hidden
              func along(_ node: Int) -> Double {
                zip(row(rows, node), direction).map { $0 * $1 }.reduce(0, +)
              }
              return (along(first), along(second), Double(tensor[i, j]))
            }
            let (up, down) = (moved(1e-3), moved(-1e-3))
            let step = up.2 - down.2
            let (x, y) = ((up.0 - down.0) / step, (up.1 - down.1) / step)
            own += x * x + y * y
            together += (x - y) * (x - y)
          }
        }
      }
      let found = rates.rates(first, second)
      #expect(abs(found.own - own) <= 1e-3 * own, "\(a), \(b)")
      #expect(abs(found.difference - together) <= 1e-3 * own, "\(a), \(b)")
      let swapped = rates.rates(second, first)
      #expect(abs(swapped.difference - found.difference) <= 1e-12 * found.own)
    }
    #expect(rates.rates(3, 3) == (0, 0))
  }
}
