// The least machine that says the same about every word, in time O(n · k · log n).
//
// Goals, in order: the bound, also in the worst case; flat tables, because at a million states
// the time is that of the cache misses; brevity.

extension MooreMachine {
  /// The machine with the fewest states that has the same output, or the same lack of one,
  /// after every word.
  ///
  /// It is unique; states are numbered as by ``reachable()``, so machines over the same
  /// alphabets are equivalent exactly if their minimal machines are equal. An open transition
  /// counts as leading to a state whose output is none of the outputs, and stays open; to have
  /// it mean "rejected", call ``completed(sinkOutput:)`` first. The alphabets are kept whole.
  ///
  /// - Complexity: O(n · k · log n) time for n reached states and k symbols; about
  ///   (8 k + 40) n bytes beside the machine.
  ///
  /// Source: J. E. Hopcroft, "An n log n Algorithm for Minimizing States in a Finite Automaton"
  /// (1971), on the data structure of A. Valmari and P. Lehtinen, "Efficient Minimization of DFAs
  /// with Partial Transition Functions" (2008).
  public func minimized() -> MooreMachine {
    let machine = reachable()
    let classes = machine.equivalenceClasses()
    let count = classes.count
    guard count < machine.stateCount else { return machine }
    let k = alphabet.count
    // Any member speaks for its class; the last one written stays.
    var members = [Int32](repeating: 0, count: count)
    for state in 0..<machine.stateCount { members[Int(classes.blocks[state])] = Int32(state) }
    var table: [Int32] = []
    table.reserveCapacity(count * k)
    for member in members {
      for index in Int(member) * k..<(Int(member) + 1) * k {
        let successor = machine.successors[index]
        table.append(successor == Self.open ? Self.open : classes.blocks[Int(successor)])
      }
    }
    return MooreMachine(
      unchecked: alphabet, outputAlphabet: outputAlphabet,
      outputs: members.map { machine.outputs[Int($0)] }, successors: table
    ).renumbered(from: classes.blocks[0])
  }

  /// The coarsest partition of the states that respects outputs and transitions, open ones
  /// counting as leading outside.
  func equivalenceClasses() -> RefinablePartition {
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

    var partition = RefinablePartition(labels: outputs)
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
  /// The block of each element.
  private(set) var blocks: [Int32]
  // The elements, block by block, each block's marked ones first.
  private var elements: [Int32]
  // Where each element stands in `elements`.
  private var places: [Int32]
  private var bounds: [Block]
  // The blocks with a marked element.
  private var touched: [Int32] = []

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
    blocks = labels.map { numbers[Int($0)] }
    elements = [Int32](repeating: 0, count: labels.count)
    places = elements
    for element in labels.indices.reversed() {
      let label = Int(labels[element])
      ends[label] -= 1
      elements[Int(ends[label])] = Int32(element)
      places[element] = ends[label]
    }
  }

  /// The number of blocks.
  var count: Int { bounds.count }

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
    let block = Int(blocks[Int(element)])
    let place = places[Int(element)]
    let target = bounds[block].markedEnd
    guard place >= target else { return }
    if target == bounds[block].first { touched.append(Int32(block)) }
    bounds[block].markedEnd = target + 1
    let other = elements[Int(target)]
    elements[Int(target)] = element
    elements[Int(place)] = other
    places[Int(element)] = target
    places[Int(other)] = place
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
      for index in part.first..<part.end { blocks[Int(elements[Int(index)])] = fresh }
      bounds.append(part)
    }
    touched.removeAll(keepingCapacity: true)
  }
}
