// The least machine that says the same about every word, in time O(n · k · log n).
//
// Goals, in order: the bound, also in the worst case; speed on random machines; brevity.
// Hopcroft's algorithm has the bound, but jumps about in memory. Moore's rounds over all states
// are plain passes, and uniformly random machines of 10^3 to 10^6 states need only 4 to 6 of
// them over 2 symbols, 2 or 3 over 26; so they go first for as long as they pay.

extension MooreMachine {
  /// The machine with the fewest states that has the same output, or the same lack of one,
  /// after every word.
  ///
  /// It is unique; states are numbered as by ``reachable()``, so machines over the same
  /// alphabets are equivalent exactly if their minimal machines are equal. An open transition
  /// counts as leading to a state whose output is none of the outputs, and stays open; to have
  /// it mean "rejected", call ``completed(sinkOutput:)`` first. The alphabets are kept whole.
  ///
  /// - Complexity: O(n · k · log n) time for n reached states and k symbols, given that hashing
  ///   spreads; about (12 k + 50) n bytes beside the machine.
  ///
  /// Source: E. F. Moore, "Gedanken-Experiments on Sequential Machines" (1956); J. E. Hopcroft, "An
  /// n log n Algorithm for Minimizing States in a Finite Automaton" (1971), on the data structure
  /// of A. Valmari and P. Lehtinen, "Efficient Minimization of DFAs with Partial Transition
  /// Functions" (2008).
  public func minimized() -> MooreMachine {
    let machine = reachable()
    let (classes, count) = machine.equivalenceClasses()
    guard count < machine.stateCount else { return machine }
    let k = alphabet.count
    // Any member speaks for its class; the last one written stays.
    var members = [Int32](repeating: 0, count: count)
    for state in 0..<machine.stateCount { members[Int(classes[state])] = Int32(state) }
    var table: [Int32] = []
    table.reserveCapacity(count * k)
    for member in members {
      for index in Int(member) * k..<(Int(member) + 1) * k {
        let successor = machine.successors[index]
        table.append(successor == Self.open ? Self.open : classes[Int(successor)])
      }
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet,
      outputs: members.map { machine.outputs[Int($0)] }, successors: table
    ).renumbered(from: classes[0])
  }

  /// The class of each state in the coarsest partition that respects outputs and transitions,
  /// open ones counting as leading outside; and the number of classes.
  package func equivalenceClasses() -> (classes: [Int32], count: Int) {
    var (classes, count) = MooreMachine.numbered(outputs)
    // A round that at least doubles the classes pays for itself: there are at most log₂ n of
    // them. A few more are granted because the last one often only finds that nothing is left.
    var grants = 3
    while grants > 0 {
      let (finer, finerCount) = refined(classes)
      if finerCount == count || finerCount == stateCount { return (finer, finerCount) }
      if finerCount < 2 * count { grants -= 1 }
      (classes, count) = (finer, finerCount)
    }
    let partition = coarsestStablePartition(refining: classes)
    return (partition.classes, partition.count)
  }

  /// Labels as numbers from 0 in order of appearance, and how many there are.
  private static func numbered(_ labels: [Int32]) -> (classes: [Int32], count: Int) {
    var numbers: [Int32: Int32] = [:]
    let classes = labels.map { label in
      if let number = numbers[label] { return number }
      let number = Int32(numbers.count)
      numbers[label] = number
      return number
    }
    return (classes, numbers.count)
  }

  /// One of Moore's rounds: states stay together if they and, symbol by symbol, their successors
  /// are in one class. Exact: the hash only finds a state to compare with.
  private func refined(_ classes: [Int32]) -> (classes: [Int32], count: Int) {
    let k = alphabet.count
    func classAfter(_ index: Int) -> Int32 {
      let successor = successors[index]
      return successor == Self.open ? -1 : classes[Int(successor)]
    }
    var bits = 1
    while 1 << bits < 2 * stateCount { bits += 1 }
    // An open hash table of the first state of each new class.
    var slots = [Int32](repeating: -1, count: 1 << bits)
    let mask = slots.count - 1
    var finer = classes
    var count: Int32 = 0
    for state in 0..<stateCount {
      var hash = UInt64(truncatingIfNeeded: classes[state])
      for index in state * k..<(state + 1) * k {
        // The multiplier and the shifts are SplitMix64's.
        hash = (hash ^ UInt64(truncatingIfNeeded: classAfter(index))) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 29
      }
      var slot = Int(truncatingIfNeeded: (hash &* 0x94D0_49BB_1331_11EB) >> (64 - UInt64(bits)))
      while true {
        let first = Int(slots[slot])
        if first < 0 {
          slots[slot] = Int32(state)
          finer[state] = count
          count += 1
          break
        }
        let isSame =
          classes[first] == classes[state]
          && (0..<k).allSatisfy { classAfter(first * k + $0) == classAfter(state * k + $0) }
        if isSame {
          finer[state] = finer[first]
          break
        }
        slot = (slot + 1) & mask
      }
    }
    return (finer, Int(count))
  }

  /// Hopcroft's algorithm, from classes that are already known to part states.
  private func coarsestStablePartition(refining classes: [Int32]) -> RefinablePartition {
    let k = alphabet.count
    let n = stateCount
    // Sources of the transitions into state q on symbol a: sources[starts[c] ..< starts[c + 1]]
    // with c = q·k + a. Filling each cell from its end downwards turns ends into starts.
    var starts = [Int32](repeating: 0, count: n * k + 1)
    for index in successors.indices where successors[index] != Self.open {
      starts[Int(successors[index]) * k + index % k] += 1
    }
    for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
    var sources = [Int32](repeating: 0, count: Int(starts[n * k]))
    for state in stride(from: n - 1, through: 0, by: -1) {
      for symbol in 0..<k {
        let successor = successors[state * k + symbol]
        guard successor != Self.open else { continue }
        let cell = Int(successor) * k + symbol
        starts[cell] -= 1
        sources[Int(starts[cell])] = Int32(state)
      }
    }

    var partition = RefinablePartition(labels: classes)
    // The state outside is alone in its class; as a splitter it parts, for each symbol, the
    // states that are open there from the others.
    if sources.count < n * k {
      for symbol in 0..<k {
        for state in 0..<n where successors[state * k + symbol] == Self.open {
          partition.mark(Int32(state))
        }
        partition.splitMarked()
      }
    }
    // Hopcroft's rule "after a split, wait for both halves if the block was waiting, else for the
    // smaller" needs no book-keeping: the smaller half gets the new number, so each block waits
    // once, from its birth until the loop comes to its number. One of the first blocks can be
    // spared; the largest costs most.
    let spared = partition.largestBlock
    var splitter: [Int32] = []
    var waiting = 0
    while waiting < partition.count {
      if waiting != spared {
        // A copy, since marking moves the block's own members.
        splitter.removeAll(keepingCapacity: true)
        splitter.append(contentsOf: partition.members(of: waiting))
        for symbol in 0..<k {
          for target in splitter {
            let cell = Int(target) * k + symbol
            for index in Int(starts[cell])..<Int(starts[cell + 1]) {
              partition.mark(sources[index])
            }
          }
          partition.splitMarked()
        }
      }
      waiting += 1
    }
    return partition
  }
}

/// A partition of 0 ..< n that only grows finer: mark some elements, then part the marked
/// from the unmarked in every block at once. Both cost O(1) per marked element.
struct RefinablePartition {
  // The elements, block by block, each block's marked ones first.
  private var elements: [Int32]
  private var records: [Record]
  private var bounds: [Block]
  // The blocks with a marked element.
  private var touched: [Int32] = []

  // Side by side, since whoever asks for one asks for the other.
  private struct Record {
    var block: Int32
    /// Where the element stands in `elements`.
    var place: Int32
  }

  private struct Block {
    var first: Int32
    var end: Int32
    var markedEnd: Int32
  }

  /// One block for each label that occurs, in order of the labels. O(n + largest label).
  init(labels: [Int32]) {
    var ends = [Int32](repeating: 0, count: Int(labels.max() ?? -1) + 1)
    for label in labels { ends[Int(label)] += 1 }
    bounds = []
    bounds.reserveCapacity(labels.count)
    var numbers = ends
    var end: Int32 = 0
    for label in ends.indices {
      let first = end
      end += ends[label]
      ends[label] = end
      numbers[label] = Int32(bounds.count)
      if first < end { bounds.append(Block(first: first, end: end, markedEnd: first)) }
    }
    records = labels.map { Record(block: numbers[Int($0)], place: 0) }
    elements = [Int32](repeating: 0, count: labels.count)
    for element in labels.indices.reversed() {
      let label = Int(labels[element])
      ends[label] -= 1
      elements[Int(ends[label])] = Int32(element)
      records[element].place = ends[label]
    }
  }

  /// The number of blocks.
  var count: Int { bounds.count }

  /// The block of each element.
  var classes: [Int32] { records.map(\.block) }

  /// The elements of a block, in no particular order.
  func members(of block: Int) -> ArraySlice<Int32> {
    elements[Int(bounds[block].first)..<Int(bounds[block].end)]
  }

  /// The number of the first of the largest blocks.
  var largestBlock: Int {
    bounds.indices.max {
      let (left, right) = (bounds[$0], bounds[$1])
      return (left.end - left.first, $1) < (right.end - right.first, $0)
    } ?? 0
  }

  /// Marks an element; marking it again changes nothing.
  @inline(__always)
  mutating func mark(_ element: Int32) {
    let block = Int(records[Int(element)].block)
    let place = records[Int(element)].place
    let target = bounds[block].markedEnd
    guard place >= target else { return }
    if target == bounds[block].first { touched.append(Int32(block)) }
    bounds[block].markedEnd = target + 1
    let other = elements[Int(target)]
    elements[Int(target)] = element
    elements[Int(place)] = other
    records[Int(element)].place = target
    records[Int(other)].place = place
  }

  /// Parts every block that has both marked and unmarked elements; the smaller part gets a new
  /// number, the next. Afterwards nothing is marked.
  mutating func splitMarked() {
    for number in touched {
      let block = bounds[Int(number)]
      bounds[Int(number)].markedEnd = block.first
      guard block.markedEnd < block.end else { continue }
      let middle = block.markedEnd
      let part: Block
      if middle - block.first <= block.end - middle {
        part = Block(first: block.first, end: middle, markedEnd: block.first)
        bounds[Int(number)] = Block(first: middle, end: block.end, markedEnd: middle)
      } else {
        part = Block(first: middle, end: block.end, markedEnd: middle)
        bounds[Int(number)] = Block(first: block.first, end: middle, markedEnd: block.first)
      }
      let fresh = Int32(bounds.count)
      for index in part.first..<part.end {
        records[Int(elements[Int(index)])].block = fresh
      }
      bounds.append(part)
    }
    touched.removeAll(keepingCapacity: true)
  }
}
