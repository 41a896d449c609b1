import Automata
import Foundation
import Testing

@testable import TensorFiles

/// A table of three words over two symbols, with vectors of two numbers.
private func sample() -> TensorFile {
  TensorFile(tensors: [
    "words": Tensor(shape: [3, 2], values: [-1, -1, 0, -1, 0, 1] as [Int64]),
    "vectors": Tensor(shape: [3, 2], values: [0, 1, 2, 3, 4, 5] as [Float]),
    "outputs": Tensor(shape: [3], values: [0, 1, 0] as [Int64]),
  ])
}

/// The sentence with which reading a changed sample fails.
private func complaint(_ change: (inout [String: Tensor]) -> Void) -> String {
  var file = sample()
  change(&file.tensors)
  do {
    _ = try RepresentationFile(TensorArchive(file))
    return "no complaint"
  } catch {
    return "\(error)"
  }
}

@Suite struct RepresentationFileTests {
  @Test func `one column of outputs is a logit beside its threshold`() throws {
    var file = sample()
    file.tensors["outputs"] = Tensor(shape: [3, 1], values: [-0.5, 0, 2] as [Float])
    #expect(
      try RepresentationFile(TensorArchive(file)).outputs
        == .scores([0, -0.5, 0, 0, 0, 2], classes: 2))
    #expect(
      try RepresentationFile(TensorArchive(file), threshold: 1).outputs
        == .scores([1, -0.5, 1, 0, 1, 2], classes: 2))
  }

  @Test func `words are text, padded numbers, or numbers with lengths`() throws {
    let padded = try RepresentationFile(TensorArchive(sample()))
    #expect(padded.words == .positions([[], [0], [0, 1]]))
    #expect(padded.vectors == [0, 1, 2, 3, 4, 5] && padded.columns == 2)
    #expect(padded.outputs == .classes([0, 1, 0]) && padded.alphabet == nil)

    var file = sample()
    file.tensors["words"] = Tensor(shape: [3, 2], values: [7, 9, 0, -5, 0, 1] as [Int64])
    file.tensors["lengths"] = Tensor(shape: [3], values: [0, 1, 2] as [Int64])
    file.metadata["alphabet"] = "go,stop"
    let long = try RepresentationFile(TensorArchive(file))
    #expect(long.words == padded.words && long.alphabet == ["go", "stop"])

    file.tensors["words"] = nil
    file.tensors["outputs"] = Tensor(shape: [3, 2], values: [1, 0, 0, 1, 0, 0] as [Float])
    let npz = try file.npz(texts: ["words": TextArray(shape: [3], values: ["", "a", "a b"])])
    let text = try RepresentationFile(TensorArchive(data: npz))
    #expect(text.words == .text(["", "a", "a b"]))
    #expect(text.outputs == .scores([1, 0, 0, 1, 0, 0], classes: 2))
  }

  @Test func `shapes and numbers that do not fit are named`() {
    #expect(
      complaint { $0["vectors"] = Tensor(shape: [6], values: [0, 1, 2, 3, 4, 5] as [Float]) }
        == "'vectors' has shape [6] and type F32; it must be floating-point numbers, a row for "
        + "each word.")
    #expect(
      complaint { $0["outputs"] = Tensor(shape: [2], values: [0, 1] as [Int64]) }
        == "'outputs' has 2 rows, but 'vectors' has 3.")
    #expect(
      complaint { $0["outputs"] = Tensor(shape: [3], values: [0, 1, 0] as [Float]) }
        == "'outputs' has shape [3] and type F32; it must be whole numbers of shape [n], or "
        + "floating-point numbers of shape [n, outputs], of which the largest counts, or [n, 1], a logit."
    )
    for bad in [-1, 4096, .max] as [Int64] {
      #expect(
        complaint { $0["outputs"] = Tensor(shape: [3], values: [0, bad, 0]) }
          == "'outputs' has a class below 0 or from 4096 on.")
      #expect(
        complaint { $0["words"] = Tensor(shape: [3, 2], values: [-1, -1, bad, 0, 0, 1]) }
          == "row 1 of 'words' has symbols below 0 or from 4096 on; they must be 0, 1, … and, "
          + "without 'lengths', -1 to fill up the end.")
    }
    #expect(
      complaint { $0["words"] = Tensor(shape: [2, 2], values: [-1, -1, 0, -1] as [Int64]) }
        == "'words' has 2 rows, but 'vectors' has 3.")
    #expect(
      complaint { $0["lengths"] = Tensor(shape: [3], values: [0, 1, 3] as [Int64]) }
        == "'lengths' has shape [3]; it must be a whole number for each row of 'words', of shape "
        + "[3, 2], and none larger than a row.")
    #expect(
      complaint { $0["words"] = nil }
        == "'words' is missing; a table of representations has words, vectors and outputs, but the "
        + "file has outputs, vectors.")
    #expect(
      complaint { $0["vectors"] = Tensor(shape: [3, 1], values: [0, .infinity, 0] as [Float]) }
        == "row 1 of 'vectors' holds a number that is not finite.")
  }

  @Test(arguments: UInt64(0)..<20)
  func `a damaged table is refused with a sentence or is a sane table`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed, stream: "table corruption")
    let good = try [
      sample().data(),
      sample().npz(texts: ["names": TextArray(shape: [3], values: ["", "0", "01"])]),
    ]
    var accepted = 0
    for round in 0..<500 {
      var data = good[round % 2]
      if round % 2 == 1 {
        // Damage behind the checksums.
        var files = try files(of: data)
        let name = try #require(files.keys.sorted().randomElement(using: &generator))
        corrupt(&files[name]!, using: &generator)
        data = try zip(files)
      } else {
        corrupt(&data, using: &generator)
      }
      do {
        let table = try RepresentationFile(TensorArchive(data: data))
        accepted += 1
        #expect(table.vectors.count == table.words.count * table.columns)
        #expect(table.vectors.count < data.count)
      } catch {
        let sentence = "\(error)"
        #expect(sentence.hasSuffix(".") || sentence.hasSuffix("?"), "\(sentence)")
      }
    }
    #expect(accepted > 0 && accepted < 500)
  }
}
