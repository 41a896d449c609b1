// mergers.csv: which states merged or split when.

internal import Automata
public import Extraction
internal import Files

extension History {
  /// One row per merger or split: between which epochs, which state (its first word), which part
  /// of the words joined or left it (its first word), how many words that part has, and whether it
  /// is an event of the lasting classes or of the raw ones.
  public var mergersTable: String {
    var table = CSVTable(["from_epoch", "to_epoch", "event", "state", "part", "words", "kind"])
    for (before, after) in zip(entries, entries.dropFirst()) {
      for (kind, change) in [("raw", after.change), ("lasting", after.lastingChange)] {
        // Every entry but the first has a raw change; pairs may not have been measured.
        guard let change else { continue }
        for (name, events) in [("split", change.splits), ("merger", change.mergers)] {
          for event in events {
            table.add([
              before.epoch, after.epoch, name, alphabet.format(words.word(of: event.state)),
              alphabet.format(words.word(of: event.part)), event.words, kind,
            ])
          }
        }
      }
    }
    return table.text
  }
}
