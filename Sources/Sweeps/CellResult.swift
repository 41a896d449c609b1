// What became of one cell of a sweep.

internal import Foundation

/// How a cell ended.
public enum CellStatus: String, Codable, Sendable {
  /// The training loss fell to the one asked for.
  case done
  /// All epochs were trained before it did.
  case epochs
  /// The training loss had not reached a new minimum for as many epochs as `--patience` says.
  case stalled
  /// No hidden unit says anything any more, so that nothing before the readout learns.
  case dead
  /// A loss or a weight was no longer a finite number.
  case diverged
  /// The process ended without a result.
  case crashed
}

/// One cell's measurements. What is unknown, as all is of a crashed cell, is nil.
public struct CellResult: Hashable, Codable, Sendable {
  public let cell: Int
  /// The cell's values on the sweep's axes.
  public let values: [String]
  public let status: CellStatus
  /// What went wrong.
  public var message: String? = nil
  public var epochs: Int? = nil
  public var trainLoss: Double? = nil
  public var validationAccuracy: Double? = nil
  public var longAccuracy: Double? = nil
  public var states: Int? = nil
  public var isComplete: Bool? = nil
  public var openTransitions: Int? = nil
  public var isEquivalent: Bool? = nil
  /// Processor time.
  public var seconds: Double? = nil

  /// The columns of `cells.csv` that follow the axes.
  static let columns = [
    "status", "epochs", "train_loss", "validation_accuracy", "long_accuracy", "states", "complete",
    "open_transitions", "equivalent_to_task", "seconds",
  ]

  /// The row of `cells.csv`.
  var fields: [(any CustomStringConvertible)?] {
    values as [(any CustomStringConvertible)?] + [
      status.rawValue, epochs, trainLoss, validationAccuracy, longAccuracy, states, isComplete,
      openTransitions, isEquivalent, seconds,
    ]
  }

  /// One line of JSON.
  public var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("numbers of a result are finite")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads a line; nil for anything else, such as a line that a killed process left half written.
  init?(line: some StringProtocol) {
    guard let result = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else {
      return nil
    }
    self = result
  }

  init(cell: Int, values: [String], status: CellStatus, message: String? = nil) {
    self.cell = cell
    self.values = values
    self.status = status
    self.message = message
  }
}
