// Networks with one output: a logit, as `nn.Linear(H, 1)` under `BCEWithLogitsLoss` has it.

package import TensorFiles

extension TensorFile {
  /// The same network with two outputs in place of one: the threshold, which no hidden state moves,
  /// and the logit. The larger of the two says the class: 1 where the logit is above the threshold,
  /// else 0.
  ///
  /// A file that `extract` wrote, which says its cell, has as many outputs as its task: one output is
  /// then a task with one.
  ///
  /// - Parameter threshold: What the logit has to be above.
  /// - Returns: The file unchanged if its readout `fc.weight` [O, H] has another number of outputs, or if
  ///   its numbers cannot be read.
  package func readingLogit(threshold: Float) -> TensorFile {
    guard metadata["cell"] == nil, let weight = tensors["fc.weight"], let bias = tensors["fc.bias"],
      weight.shape.count == 2, weight.shape[0] == 1, bias.shape == [1],
      let weights = weight.floats, let biases = bias.floats
    else { return self }
    var file = self
    file.tensors["fc.weight"] = Tensor(
      shape: [2, weight.shape[1]],
      values: [Float](repeating: 0, count: weights.count) + weights)
    file.tensors["fc.bias"] = Tensor(shape: [2], values: [threshold] + biases)
    return file
  }
}
