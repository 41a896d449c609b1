// The one file that imports CGraphviz: DOT text goes in, places come out.
//
// man 3 cgraph: "The library is not thread safe", and tests run in parallel, so every call is
// made under one lock. Graphs, layouts and strings are freed before the lock is let go; only
// the context, which holds the loaded plugins, lives as long as the process.

internal import CGraphviz
internal import Synchronization

/// Where Graphviz puts the nodes and edges of a graph.
///
/// Lengths are points (1/72 inch). Unlike in Graphviz itself y grows *downwards*, as in SVG, and
/// the bounding box begins at (0, 0).
struct GraphvizLayout: Equatable, Sendable {
  /// One edge, in the order of the graph's nodes and of each node's outgoing edges.
  struct Edge: Equatable, Sendable {
    var tail: String
    var head: String
    /// Bézier control points, 3n + 1 of them; the last is where the arrow's tip belongs.
    /// Empty if the layout drew no line.
    var points: [Point]
    /// The centre of the label, where there is one.
    var label: Point?
  }

  var size: Size
  /// The centre of each node, by name.
  var nodes: [String: Point]
  var edges: [Edge]

  /// Lays out a graph.
  ///
  /// Equal texts give equal layouts. Nothing is printed, whatever the text.
  ///
  /// - Parameters:
  ///   - dot: One graph in the DOT language; more after it are ignored.
  ///   - engine: A layout program of Graphviz, such as `dot`.
  /// - Throws: `LayoutError` if the text is no graph, or there is no such engine.
  init(dot: String, engine: String = "dot") throws(LayoutError) {
    let result: Result<GraphvizLayout, LayoutError> = graphviz.withLock { library in
      do throws(LayoutError) {
        return .success(try library.layout(dot: dot, engine: engine))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  fileprivate init(size: Size, nodes: [String: Point], edges: [Edge]) {
    self.size = size
    self.nodes = nodes
    self.edges = edges
  }
}

/// Why a graph could not be laid out.
enum LayoutError: Error, Equatable, CustomStringConvertible {
  /// The text is no graph in the DOT language.
  case unreadable(reason: String)
  /// Graphviz read the graph but could not place it.
  case failed(engine: String, reason: String)

  var description: String {
    switch self {
    case .unreadable(let reason):
      "Graphviz cannot read this graph: \(reason)"
    case .failed(let engine, let reason):
      "Graphviz's '\(engine)' cannot lay this graph out: \(reason)"
    }
  }
}

private let graphviz = Mutex(Library())

/// Graphviz itself. Lives inside the lock; made when first asked for a layout.
@safe private struct Library: ~Copyable {
  // Only ever touched under the lock, and never handed out.
  // Loading the plugins takes about 2 ms, so one context serves every layout. Freeing it would
  // not unload them, and process exit frees the rest.
  private var context: OpaquePointer?

  mutating func layout(dot: String, engine: String) throws(LayoutError) -> GraphvizLayout {
    extract_collect_complaints()
    guard let graph = unsafe agmemread(dot) else { throw .unreadable(reason: complaints) }
    defer { unsafe _ = agclose(graph) }

    if unsafe context == nil { unsafe context = gvContext() }
    guard unsafe gvLayout(context, graph, engine) == 0 else {
      throw .failed(engine: engine, reason: complaints)
    }
    defer { unsafe _ = gvFreeLayout(context, graph) }

    let box = unsafe extract_bounding_box(graph)
    func point(_ p: pointf) -> Point { Point(x: p.x - box.LL.x, y: box.UR.y - p.y) }

    var nodes: [String: Point] = [:]
    var edges: [GraphvizLayout.Edge] = []
    var node = unsafe agfstnode(graph)
    while let current = unsafe node {
      let name = unsafe String(cString: agnameof(UnsafeMutableRawPointer(current)))
      nodes[name] = unsafe point(extract_node_centre(current))
      var edge = unsafe agfstout(graph, current)
      while let out = unsafe edge {
        unsafe edges.append(read(out, from: name, point: point))
        unsafe edge = agnxtout(graph, out)
      }
      unsafe node = agnxtnode(graph, current)
    }
    return GraphvizLayout(
      size: Size(width: box.UR.x - box.LL.x, height: box.UR.y - box.LL.y), nodes: nodes,
      edges: edges)
  }

  private func read(
    _ edge: UnsafeMutablePointer<Agedge_t>, from tail: String, point: (pointf) -> Point
  ) -> GraphvizLayout.Edge {
    let head = unsafe String(cString: agnameof(UnsafeMutableRawPointer(edge.pointee.node)))
    var points: [Point] = []
    for index in unsafe 0..<extract_piece_count(edge) {
      let piece = unsafe extract_piece(edge, index)
      // Pieces join: each begins where the one before ended.
      for i in unsafe (points.isEmpty ? 0 : 1)..<Int(piece.size) {
        unsafe points.append(point(piece.list[i]))
      }
      if unsafe piece.eflag != 0, !points.isEmpty {
        unsafe points[points.count - 1] = point(piece.ep)
      }
    }
    let label = unsafe extract_has_label(edge) != 0 ? point(extract_label_centre(edge)) : nil
    return GraphvizLayout.Edge(tail: tail, head: head, points: points, label: label)
  }

  private var complaints: String {
    let text = unsafe String(cString: extract_complaints())
    let line = text.split(separator: "\n").joined(separator: " ")
    return line.isEmpty ? "no reason given" : line
  }
}
