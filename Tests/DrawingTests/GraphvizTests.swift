import Testing

@testable import Drawing

@Test func `a layout has every node and edge and is the same every time`() throws {
  let dot = "digraph { rankdir=LR; a -> b [label=x]; b -> c; c -> a; a -> a }"
  let layout = try GraphvizLayout(dot: dot)
  #expect(Set(layout.nodes.keys) == ["a", "b", "c"])
  #expect(layout.edges.map { $0.tail + $0.head }.sorted() == ["aa", "ab", "bc", "ca"])
  for edge in layout.edges { #expect(edge.points.count % 3 == 1 && edge.points.count >= 4) }
  #expect(layout.edges.filter { $0.label != nil }.map(\.head) == ["b"])
  #expect(try GraphvizLayout(dot: dot) == layout)
  for place in layout.nodes.values {
    #expect(0...layout.size.width ~= place.x && 0...layout.size.height ~= place.y)
  }
}

@Test(arguments: ["", "graph {", "digraph { a -> }", "no graph at all", "digraph { \"a }"])
func `text that is no graph throws and harms nothing after it`(text: String) throws {
  #expect(throws: LayoutError.self) { try GraphvizLayout(dot: text) }
  let layout = try GraphvizLayout(dot: "digraph { a -> b -> c }")
  #expect(layout.nodes.count == 3 && layout.edges.count == 2)
}

@Test func `an engine that is not there throws`() {
  #expect(throws: LayoutError.self) { try GraphvizLayout(dot: "digraph { a }", engine: "none") }
}

@Test func `errors say what was found`() {
  #expect(
    LayoutError.unreadable(reason: "syntax error in line 1").description
      == "Graphviz cannot read this graph: syntax error in line 1")
  #expect(
    LayoutError.failed(engine: "dot", reason: "no room").description
      == "Graphviz's 'dot' cannot lay this graph out: no room")
}

@Test func `many threads may ask for layouts`() async throws {
  let alone = try GraphvizLayout(dot: "digraph { a -> b -> c -> a }")
  await withTaskGroup { group in
    for _ in 0..<40 {
      group.addTask { try? GraphvizLayout(dot: "digraph { a -> b -> c -> a }") }
    }
    for await layout in group { #expect(layout == alone) }
  }
}
