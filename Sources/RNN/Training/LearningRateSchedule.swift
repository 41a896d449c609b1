// How the learning rate changes from epoch to epoch.

import Glibc

/// The learning rate of each epoch as a share of the recipe's, as PyTorch's schedulers have it when
/// they are stepped once an epoch.
public struct LearningRateSchedule: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable, Codable {
    /// The same for all epochs.
    case constant
    /// `torch.optim.lr_scheduler.StepLR`: multiplied by ``LearningRateSchedule/factor`` every
    /// ``LearningRateSchedule/period`` epochs.
    case step
    /// `CosineAnnealingLR` to 0: half a wave of ``LearningRateSchedule/period`` epochs, after which
    /// it stays at 0.
    case cosine
  }

  public var kind = Kind.constant
  /// Of `step` and `cosine`, in epochs; a constant rate has none.
  public var period = 1000
  /// Of `step`; PyTorch's `gamma`.
  public var factor = 0.1
  /// The number of epochs at the beginning in which the rate rises linearly from a third to the
  /// whole, as with `LinearLR`; the schedule proper begins after them (`SequentialLR`).
  public var warmUp = 0

  public init() {}

  /// The share for epoch `epoch`, of which the first is 1.
  public func share(epoch: Int) -> Double {
    let done = epoch - 1
    guard done >= warmUp else { return (1 + 2 * Double(done) / Double(warmUp)) / 3 }
    let time = done - warmUp
    switch kind {
    case .constant: return 1
    case .step: return pow(factor, Double(time / period))
    case .cosine: return (1 + cos(Double.pi * Double(min(time, period)) / Double(period))) / 2
    }
  }
}
