import Automata
import Extraction
import LinearAlgebra
import RNN
import Tasks
import Testing

/// The definitions, word for word, with a look at every leader.
private struct NaiveExtraction {
  var classes: [Int] = []
  var leaders: [Int] = []
  var successors: [[Int?]] = []
  var outputs: [Int] = []
  var disagreements: [Int] = []
  var consistency = 1.0

  /// - Parameters:
  ///   - words: All words of the set, in shortlex order.
  ///   - vectors: One per word.
  ///   - step: The vector that a word and one more symbol lead to, inside the set or out of it.
  ///   - isNear: Whether two vectors are one state.
  init(
    words: [[Int]], vectors: [[Float]], outputs says: [Int], symbols: Int,
    step: (Int, Int) -> [Float], isNear: ([Float], [Float]) -> Bool
  ) {
    for word in words.indices {
      if let number = leaders.firstIndex(where: { isNear(vectors[$0], vectors[word]) }) {
        classes.append(number)
      } else {
        classes.append(leaders.count)
        leaders.append(word)
      }
    }
    successors = leaders.map { leader in
      (0..<symbols).map { symbol in
        if let next = words.firstIndex(of: words[leader] + [symbol]) { return classes[next] }
        let vector = step(leader, symbol)
        return leaders.firstIndex { isNear(vectors[$0], vector) }
      }
    }
    outputs = leaders.map { says[$0] }
    disagreements = leaders.indices.map { number in
      words.indices.count { classes[$0] == number && says[$0] != outputs[number] }
    }
    var consistent = 0
    var pairs = 0
    for (word, symbols) in words.enumerated() where !symbols.isEmpty {
      let parent = words.firstIndex(of: Array(symbols.dropLast()))!
      pairs += 1
      consistent += successors[classes[parent]][symbols.last!] == classes[word] ? 1 : 0
    }
    if pairs > 0 { consistency = Double(consistent) / Double(pairs) }
  }

  /// The states reached from class 0, in order.
  var reached: [Int] {
    var reached: Set<Int> = [0]
    var queue = [0]
    while let number = queue.popLast() {
      for case .some(let next) in successors[number] where reached.insert(next).inserted {
        queue.append(next)
      }
    }
    return reached.sorted()
  }
}

/// Points, outputs and a rule for successors outside of the set.
private struct Scene {
  let tree: PrefixTree
  let vectors: [[Float]]
  let outputs: [Int]
  /// The vector one symbol after a word of the last level, k per such word in order.
  let beyond: [[Float]]

  /// Every vector is drawn by `draw`.
  init(
    symbols: Int, depth: Int, outputs outputCount: Int = 3,
    using generator: inout SplitMix64, draw: (inout SplitMix64) -> [Float]
  ) {
    tree = .complete(symbolCount: symbols, depth: depth)
    vectors = (0..<tree.count).map { _ in draw(&generator) }
    outputs = (0..<tree.count).map { _ in Int.random(in: 0..<outputCount, using: &generator) }
    let last = tree.count - tree.levelStarts[depth]
    beyond = (0..<last * symbols).map { _ in draw(&generator) }
  }

  private func step(_ word: Int, _ symbol: Int) -> [Float] {
    if let child = tree.child(of: word, on: symbol) { return vectors[child] }
    return beyond[(word - tree.levelStarts[tree.depth]) * tree.symbolCount + symbol]
  }

  /// What is wrong with the fast extraction, or nil.
  func difference(mergeDistance: Double) throws -> String? {
    let columns = vectors[0].count
    func buffer(_ rows: [[Float]]) -> MatrixBuffer {
      MatrixBuffer(Matrix(rows: rows.count, columns: columns, values: rows.flatMap { $0 }))
    }
    let table = RepresentationTable(
      words: tree, vectors: buffer(vectors), outputs: outputs.map(Int32.init))
    let extractor = Extractor(
      alphabet: .digits(tree.symbolCount), outputAlphabet: .digits(3),
      mergeDistance: mergeDistance, emptyWordCounts: true)
    let fast = try extractor.extract(table) { words in
      buffer(words.flatMap { word in (0..<tree.symbolCount).map { step(word, $0) } })
    }
    let nearness = Nearness(limit: mergeDistance)
    let slow = NaiveExtraction(
      words: (0..<tree.count).map(tree.word(of:)), vectors: vectors, outputs: outputs,
      symbols: tree.symbolCount, step: step,
      isNear: { nearness.holds(buffer([$0]), 0, buffer([$1]), 0) })
    return automata(fast, differFrom: slow)
  }
}

/// Where a fast extraction and a naive one differ, or nil.
private func automata(_ fast: Extraction, differFrom slow: NaiveExtraction) -> String? {
  if fast.partition.classes.map(Int.init) != slow.classes { return "classes" }
  if fast.partition.leaders.map(Int.init) != slow.leaders { return "leaders" }
  if fast.successors != slow.successors.flatMap({ $0 }) { return "successors" }
  if fast.outputs != slow.outputs { return "outputs" }
  if fast.disagreements != slow.disagreements { return "disagreements" }
  if !(abs(fast.consistency - slow.consistency) <= 1e-12) { return "consistency" }
  let reached = slow.reached
  if fast.classOfState != reached { return "reached states" }
  let stateOfClass = slow.leaders.indices.map { reached.firstIndex(of: $0) }
  if fast.stateOfClass != stateOfClass { return "states of classes" }
  let machine = fast.automaton
  for (state, number) in reached.enumerated() {
    if machine.output(of: state) != slow.outputs[number] { return "output of state \(state)" }
    for (symbol, next) in slow.successors[number].enumerated()
    where machine.successor(of: state, on: symbol) != next.flatMap({ stateOfClass[$0] }) {
      return "successor of state \(state)"
    }
  }
  let isComplete = reached.allSatisfy { slow.successors[$0].allSatisfy { $0 != nil } }
  return machine.isComplete == isComplete ? nil : "completeness"
}

@Suite struct ExtractionTests {
  @Test(arguments: UInt64(0)..<150)
  func `random points give what a look at every leader gives`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    // Both sides of the eight projections that leaders are first looked at by.
    let columns = Int.random(in: 1...(seed % 4 == 0 ? 60 : 9), using: &generator)
    let symbols = Int.random(in: 1...3, using: &generator)
    // Few enough values that points coincide, or a continuum.
    let steps: Float? = [nil, 2, 5, 50].randomElement(using: &generator)!
    let scene = Scene(
      symbols: symbols, depth: symbols == 1 ? 40 : 6 - symbols, using: &generator
    ) { generator in
      (0..<columns).map { _ in
        let x = Float.random(in: -1...1, using: &generator)
        return steps.map { (x * $0).rounded() / $0 } ?? x
      }
    }
    for distance in [0, 0.01, 0.2, 0.5, 1, 3, 100] {
      #expect(try scene.difference(mergeDistance: distance) == nil, "distance \(distance)")
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `points on a line exactly at the merge distance give the same`(seed: UInt64) throws {
    // Steps of the merge distance along one axis: every neighbour is just within reach.
    var generator = SplitMix64(seed: seed)
    let columns = Int.random(in: 1...5, using: &generator)
    let axis = Int.random(in: 0..<columns, using: &generator)
    let scene = Scene(symbols: 2, depth: 5, using: &generator) { generator in
      (0..<columns).map {
        $0 == axis ? Float(Int.random(in: -40...40, using: &generator)) * 0.25 : 7
      }
    }
    for distance in [0.25, 0.25 - 1e-9, 0.25 + 1e-9, 0.5, 0.75, 1] {
      #expect(try scene.difference(mergeDistance: distance) == nil, "distance \(distance)")
    }
  }

  @Test(arguments: [Float(1e-42), 1e-30, 1e-12, 1e12, 1e25, 1e30, 1e37])
  func `points of any order of magnitude give the same`(unit: Float) throws {
    // Before differences were scaled, these were all one state or crashed the program.
    for seed in UInt64(0)..<10 {
      var generator = SplitMix64(seed: seed)
      let columns = Int.random(in: 1...6, using: &generator)
      let scene = Scene(symbols: 2, depth: 4, using: &generator) { generator in
        (0..<columns).map { _ in Float(Int.random(in: -3...3, using: &generator)) * unit }
      }
      for share in [0, 0.5, 1, 1.5, 3] {
        #expect(try scene.difference(mergeDistance: Double(unit) * share) == nil, "\(share)")
      }
      #expect(try scene.difference(mergeDistance: 1e300) == nil)
    }
  }

  @Test func `huge and tiny points side by side give the same`() throws {
    for seed in UInt64(0)..<30 {
      var generator = SplitMix64(seed: seed)
      let scene = Scene(symbols: 2, depth: 4, using: &generator) { generator in
        (0..<3).map { _ in
          [0, 1e-30, 2e-30, 1, 1.001, -1e20, 3e38, -3e38].randomElement(using: &generator)!
        }
      }
      for distance in [0, 1.5e-30, 0.01, 2, 1e21, 1e38] {
        #expect(try scene.difference(mergeDistance: distance) == nil, "distance \(distance)")
      }
    }
  }

  @Test func `equal points are one state with a loop on every symbol`() throws {
    for value in [0, 1, -3e38, Float.leastNonzeroMagnitude] {
      var generator = SplitMix64(seed: 1)
      let scene = Scene(symbols: 3, depth: 3, using: &generator) { _ in [value, value, value] }
      for distance in [0, 1e-3, 1e30] {
        #expect(try scene.difference(mergeDistance: distance) == nil)
      }
    }
  }

  @Test func `without a step the frontier is open`() throws {
    let tree = PrefixTree.complete(symbolCount: 2, depth: 2)
    let vectors = MatrixBuffer(rows: 7, columns: 1)
    for row in 0..<7 { vectors[row, 0] = Float(row) }
    let table = RepresentationTable(
      words: tree, vectors: vectors, outputs: [0, 1, 0, 1, 0, 1, 0])
    let extractor = Extractor(
      alphabet: .digits(2), outputAlphabet: .digits(2), mergeDistance: 0.5,
      emptyWordCounts: true)
    let tall = try extractor.extract(table, step: nil)
    #expect(tall.partition.count == 7)
    #expect(tall.automaton.openTransitionCount == 8)
    #expect(tall.consistency == 1)
    // From the leaves on everything leads to ε's vector, or to none.
    let closed = try extractor.extract(table) { words in
      #expect(words == [3, 4, 5, 6])
      return MatrixBuffer(rows: 8, columns: 1)
    }
    #expect(closed.automaton.isComplete)
    #expect(closed.successors.suffix(8).allSatisfy { $0 == 0 })
    let far = try extractor.extract(table) { words in
      MatrixBuffer(Matrix(rows: words.count * 2, columns: 1, repeating: 100))
    }
    #expect(far.automaton.openTransitionCount == 8)
  }

  @Test func `vectors that are not finite are refused by name`() throws {
    let tree = PrefixTree.complete(symbolCount: 2, depth: 2)
    let extractor = Extractor(
      alphabet: .digits(2), outputAlphabet: .digits(2), mergeDistance: 0.5,
      emptyWordCounts: true)
    for bad in [Float.nan, .infinity] {
      let vectors = MatrixBuffer(rows: 7, columns: 3)
      vectors[4, 1] = bad
      let table = RepresentationTable(
        words: tree, vectors: vectors, outputs: Array(repeating: 0, count: 7))
      #expect(throws: ExtractionError.notFinite(word: "01")) {
        try extractor.extract(table, step: nil)
      }
    }
    #expect(
      ExtractionError.notFinite(word: "01").description
        == "the hidden state after '01' is not finite; had training diverged?")
  }

  @Test func `the output of an empty word that nobody asked about is that of its class`() throws {
    // ε and 1 are one state; 0 is another. ε says 1, the word 1 says 0.
    let tree = PrefixTree.complete(symbolCount: 2, depth: 1)
    let vectors = MatrixBuffer(Matrix(rows: 3, columns: 1, values: [0, 5, 0]))
    let table = RepresentationTable(words: tree, vectors: vectors, outputs: [1, 0, 0])
    for (counts, output, disagreements) in [(true, 1, [1, 0]), (false, 0, [0, 0])] {
      let extraction = try Extractor(
        alphabet: .digits(2), outputAlphabet: .digits(2), mergeDistance: 1,
        emptyWordCounts: counts
      ).extract(table, step: nil)
      #expect(extraction.outputs == [output, 0])
      #expect(extraction.disagreements == disagreements)
      #expect(extraction.automaton.output(of: 0) == output)
    }
  }
}

@Suite struct TrainedNetworkExtractionTests {
  @Test(arguments: [
    ("parity", Activation.relu, 2, 6), ("mod-3", .tanh, 2, 5), ("cycle-navigation-3", .relu, 3, 4),
  ])
  func `checkpoints of a small run give what a look at every leader gives`(
    task: String, activation: Activation, symbols: Int, depth: Int
  ) throws {
    var recipe = Recipe()
    recipe.hidden = 12
    recipe.nonlinearity = activation
    recipe.gain = 1
    recipe.learningRate = 0.2
    recipe.maxLength = depth
    let trainer = try Trainer(recipe, language: Language(named: task))
    let network = trainer.network
    let tree = trainer.evaluationTree
    let words = (0..<tree.count).map(tree.word(of:))
    var counts: Set<Int> = []
    for epoch in 0..<60 {
      if epoch % 12 == 0 {
        let pass = TreePass(network)
        pass.run(tree)
        let said = pass.outputClasses(count: tree.count)
        let vectors = (0..<tree.count).map { pass.hidden.matrix(rows: $0..<$0 + 1).values }
        for distance in [0.003, 0.03, 0.3] {
          let extractor = Extractor(
            alphabet: .digits(symbols), outputAlphabet: trainer.data.outputAlphabet,
            mergeDistance: distance, emptyWordCounts: true)
          let table = RepresentationTable(words: tree, vectors: pass.hidden, outputs: said)
          let fast = try extractor.extract(table, step: pass.successors(of:))
          let nearness = Nearness(limit: distance)
          func row(_ vector: [Float]) -> MatrixBuffer {
            MatrixBuffer(Matrix(rows: 1, columns: vector.count, values: vector))
          }
          let slow = NaiveExtraction(
            words: words, vectors: vectors, outputs: said.map(Int.init), symbols: symbols,
            step: { word, symbol in
              pass.successors(of: [word]).matrix(rows: symbol..<symbol + 1).values
            },
            isNear: { nearness.holds(row($0), 0, row($1), 0) })
          #expect(automata(fast, differFrom: slow) == nil, "epoch \(epoch), distance \(distance)")
          counts.insert(fast.partition.count)
        }
      }
      trainer.trainEpoch()
    }
    // Not always one class, nor always a class per word.
    #expect(counts.count > 3)
  }
}
