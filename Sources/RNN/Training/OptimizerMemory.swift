// What an optimizer remembers from epoch to epoch, and how it is kept on disk.

internal import LinearAlgebra
package import TensorFiles

/// What an update rule remembers, in the order of the network's own units.
package struct OptimizerMemory {
  /// The number of steps taken.
  package internal(set) var stepCount = 0
  // One number per weight each; `names` says what they are.
  let tensors: [Parameters]
  private let names: [String]
  private let shape: NetworkShape

  /// Nothing yet.
  init(_ settings: OptimizerSettings, shape: NetworkShape) {
    self.shape = shape
    names = Array(settings.memoryNames.prefix(settings.memoryCount))
    tensors = names.map { _ in Parameters(shape) }
  }

  /// Whether the rule remembers nothing, as plain gradient descent.
  package var isEmpty: Bool { tensors.isEmpty }

  private func entries(_ parameters: Parameters) -> [(key: String, tensor: MatrixBuffer)] {
    Array(zip(shape.keys + ["start"], parameters.tensors + [parameters.start]))
      .map { (key: $0.0, tensor: $0.1) }
  }

  /// The memory as a file: a tensor for each weight and name, such as `exp_avg.fc.bias`.
  package func file() -> TensorFile {
    var file = TensorFile(metadata: ["steps": "\(stepCount)"])
    for (name, parameters) in zip(names, tensors) {
      for (key, tensor) in entries(parameters) {
        let matrix = tensor.matrix()
        file.tensors["\(name).\(key)"] = Tensor(
          shape: [matrix.rows, matrix.columns], values: matrix.values)
      }
    }
    return file
  }

  /// Reads the memory of the rule of `settings` for networks of a shape.
  ///
  /// - Parameters:
  ///   - file: What ``file()`` wrote.
  ///   - settings: The optimizer's, as they were then.
  ///   - shape: The network's shape.
  /// - Returns: nil if the file is not one.
  package init?(_ file: TensorFile, _ settings: OptimizerSettings, shape: NetworkShape) {
    self.init(settings, shape: shape)
    guard let steps = file.metadata["steps"].flatMap({ Int($0) }), steps >= 0 else { return nil }
    stepCount = steps
    var count = 0
    for (name, parameters) in zip(names, tensors) {
      for (key, tensor) in entries(parameters) {
        guard let found = file.tensors["\(name).\(key)"],
          found.shape == [tensor.rows, tensor.columns], let values = found.floats,
          values.allSatisfy(\.isFinite)
        else { return nil }
        tensor.assign(Matrix(rows: tensor.rows, columns: tensor.columns, values: values))
        count += 1
      }
    }
    guard file.tensors.count == count else { return nil }
  }
}
