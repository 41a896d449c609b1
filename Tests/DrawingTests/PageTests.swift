import Automata
import Foundation
import Testing

@testable import Drawing

/// The page in a real browser, where one is installed.
private let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

/// Opens a page, runs a script in it after it has loaded, and returns the lines that the script
/// gave to `say`; an error on the page is a line that begins with "error".
///
/// The page stands in a frame `width` wide, since browsers do not open windows under 500.
private func run(_ script: String, in html: String, width: Int = 1200) throws -> [String] {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let page = folder.appending(path: "page.html")
  let listener = """
    <script>const said=[];const say=text=>said.push(text);
    addEventListener("error",e=>say("error "+e.message));</script>
    """
  let probe = """
    <script>addEventListener("load",()=>{film.play(false);try{\(script)}
    catch(e){say("error "+e.message)}
    const p=document.createElement("pre");p.id="said";p.textContent=said.join("\\n");
    parent.document.body.append(p)});</script>
    """
  let inside = html.replacing("<head>", with: "<head>" + listener)
    .replacing("</body>", with: probe + "</body>").escapedForMarkup
  try "<body><iframe style=\"width:\(width)px;height:900px\" srcdoc=\"\(inside)\"></iframe></body>"
    .write(to: page, atomically: true, encoding: .utf8)

  let browser = Process()
  browser.executableURL = URL(fileURLWithPath: try #require(chromium))
  browser.arguments = [
    "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
    "--window-size=1800,1000", "--virtual-time-budget=3000", "--dump-dom", page.absoluteString,
  ]
  let output = Pipe()
  browser.standardOutput = output
  browser.standardError = FileHandle.nullDevice
  try browser.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  browser.waitUntilExit()
  let dom = String(decoding: data, as: UTF8.self)
  let said = try #require(dom.firstRange(of: "<pre id=\"said\">")?.upperBound)
  let end = try #require(dom[said...].firstRange(of: "</pre>")?.lowerBound)
  return dom[said..<end].split(separator: "\n").map(String.init)
}

/// Node, where it is installed.
private let node = ["/usr/bin/node", "/usr/bin/nodejs", "/usr/local/bin/node"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

@Test(.enabled(if: node != nil, "node is not installed"))
func `the page's script parses`() throws {
  let script = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).js")
  try Data(PackageResources.film_js).write(to: script)
  defer { try? FileManager.default.removeItem(at: script) }
  let check = Process()
  check.executableURL = URL(fileURLWithPath: try #require(node))
  check.arguments = ["--check", script.path]
  try check.run()
  check.waitUntilExit()
  #expect(check.terminationStatus == 0)
}

@Test func `the page is one file that asks for no other`() {
  let html = smallFilm().html()
  #expect(html.contains(String(decoding: PackageResources.film_js, as: UTF8.self)))
  #expect(html.contains(String(decoding: PackageResources.film_css, as: UTF8.self)))
  for name in [" src=", "href=", "@import", "import(", "fetch(", "url(http", "{{"] {
    #expect(!html.contains(name), "\(name)")
  }
}

/// An automaton as the page shows it at a time.
private struct Drawn: Decodable {
  struct Mark: Decodable {
    let x, y, radius: Double
    let path, fill: String
  }
  struct Edge: Decodable {
    let path: String
    let opacity: Double
  }
  struct Symbol: Decodable {
    let text: String
    let x, y: Double
  }
  let states: [Mark]
  let edges: [String: [Edge]]
  let symbols: [Symbol]
  let widths: [String: Double]
  let foldOpacity, rimWidth, symbolOpacity: Double
  let start: String
}

/// The rectangle that the automaton stands in on the page.
private struct PageStage: Decodable {
  let left, top, width, height, stateScale: Double
}

extension Film {
  /// The film with its automata where the page puts them, from the numbers that the page is given.
  fileprivate func laidOut(on page: PageStage) -> Film {
    var film = self
    let own = storyboard.stage
    func share(_ value: Double) -> Double { (10_000 * value).rounded() / 10_000 }
    film.storyboard.times = storyboard.times.map { (1000 * $0).rounded() / 1000 }
    for index in storyboard.scenes.indices {
      let scene = storyboard.scenes[index]
      film.storyboard.scenes[index].columnWidth =
        page.width * share(scene.columnWidth / own.width)
      film.storyboard.scenes[index].radii = scene.radii.map { $0 * page.stateScale }
      film.storyboard.scenes[index].centres = scene.centres.map {
        Point(
          x: page.left + page.width * share(($0.x - own.left) / own.width),
          y: page.top + page.height * share(($0.y - own.top) / own.height))
      }
    }
    return film
  }
}

/// What a still shows must be what the page shows, element by element and in the same order.
private func expect(_ drawn: Drawn, toBe still: String) throws {
  let all = elements(of: still)
  func children(of group: (Element) -> Bool) -> (Element?, [Element]) {
    guard let index = all.firstIndex(where: { $0.name == "g" && group($0) }) else {
      return (nil, [])
    }
    return (all[index], all.filter { $0.parent == index })
  }
  func attribute(_ name: String, of element: Element?) -> Double? {
    element?.attributes[name].flatMap(Double.init)
  }
  for (kind, edges) in drawn.edges {
    let (group, paths) = children { $0.classes == [kind[...]] }
    #expect(abs(try #require(attribute("stroke-width", of: group)) - drawn.widths[kind]!) <= 0.011)
    if kind == "fold" {
      #expect(abs(try #require(attribute("opacity", of: group)) - drawn.foldOpacity) <= 0.011)
    }
    try #require(paths.count == edges.count)
    for (path, edge) in zip(paths, edges) {
      #expect(
        agree(points(of: path.attributes["d"] ?? ""), points(of: edge.path), within: 0.25))
      #expect(abs((attribute("stroke-opacity", of: path) ?? 1) - edge.opacity) <= 0.011)
    }
  }
  let states = all.filter { $0.classes.first == "state" }
  try #require(states.count == drawn.states.count)
  for (state, mark) in zip(states, drawn.states) {
    let corners = points(of: mark.path).map {
      Point(x: mark.x, y: mark.y) + mark.radius * $0
    }
    #expect(agree(points(of: state.attributes["d"] ?? ""), corners, within: 0.25))
    #expect(mark.fill == "var(--\(state.classes[1]))")
  }
  let rim = states.first.flatMap { attribute("stroke-width", of: all[$0.parent]) }
  #expect(abs(try #require(rim) - drawn.rimWidth) <= 0.011)
  let symbols = all.filter { $0.classes.first == "label" }
  try #require(symbols.count == drawn.symbols.count)
  for (symbol, other) in zip(symbols, drawn.symbols) {
    let place = Point(
      x: attribute("x", of: symbol) ?? .nan, y: attribute("y", of: symbol) ?? .nan)
    #expect((place - Point(x: other.x, y: other.y)).length <= 0.25)
    #expect(symbol.text == other.text)
  }
  if let symbol = symbols.first {
    let opacity = attribute("opacity", of: all[symbol.parent])
    #expect(abs(try #require(opacity) - drawn.symbolOpacity) <= 0.011)
  }
  let start = all.first { $0.classes.first == "start" }?.attributes["d"]
  #expect(agree(points(of: start ?? ""), points(of: drawn.start), within: 0.25))
}

/// A script that says, for each time, what the page shows, as JSON.
private let describe = """
  const seen=(layer,name)=>[...document.querySelectorAll("#stage "+layer+" "+name)]
    .filter(e=>e.style.display!=="none");
  const value=(layer,name)=>+document.querySelector("#stage "+layer).getAttribute(name);
  const describe=()=>say(JSON.stringify({
    states:seen(".states","path").map(e=>{
      const [x,y,radius]=e.getAttribute("transform").match(/-?[\\d.]+/g).map(Number);
      return {x,y,radius,path:e.getAttribute("d"),fill:e.style.fill}}),
    edges:Object.fromEntries(["fold","open","tree"].map(n=>[n,seen("."+n,"path")
      .map(e=>({path:e.getAttribute("d"),opacity:+e.getAttribute("stroke-opacity")}))])),
    symbols:seen(".labels","text")
      .map(e=>({text:e.textContent,x:+e.getAttribute("x"),y:+e.getAttribute("y")})),
    widths:Object.fromEntries(["fold","open","tree"].map(n=>[n,value("."+n,"stroke-width")])),
    foldOpacity:value(".fold","opacity"),rimWidth:value(".states","stroke-width"),
    symbolOpacity:value(".labels","opacity"),
    start:document.querySelector("#stage .start").getAttribute("d")}));
  say(JSON.stringify(film.stage()));
  """

@Suite(.enabled(if: chromium != nil), .serialized)
struct `The page in a browser` {
  let film = randomFilm(seed: 8, frames: 14, options: .init(patience: 0.5))

  @Test func `every key frame shows the automaton's states and transitions`() throws {
    let lines = try run(
      """
      for(const key of film.keys){film.seek(key.time);const s=film.shown();
      const seen=[...document.querySelectorAll(".state")].filter(e=>e.style.display!=="none").length;
      say([s.epoch,s.states,s.edges,seen].join(" "))}
      """, in: film.html())
    let expected = zip(film.storyboard.keys, film.storyboard.scenes).map { key, scene in
      let n = scene.machine.stateCount
      return "\(key.epoch) \(n) \(2 * n) \(n)"
    }
    #expect(lines == expected)
  }

  @Test func `the page draws as stills do, at key frames and between them`() throws {
    for film in [colourfulFilm(seed: 3), film] {
      let lines = try run(
        describe + """
          for(const [i,key] of film.keys.entries()){film.seek(key.time);describe();
          if(i+1<film.keys.length)for(const u of [.3,.6]){
          film.seek((1-u)*key.time+u*film.keys[i+1].time);describe()}}
          """, in: film.html())
      let pageStage = try JSONDecoder().decode(
        PageStage.self, from: Data(try #require(lines.first).utf8))
      #expect(pageStage.width > 760)
      let expected = film.laidOut(on: pageStage)
      let times = expected.storyboard.times
      var asked: [Double] = []
      for (index, time) in times.enumerated() {
        asked.append(time)
        guard index + 1 < times.count else { continue }
        asked += [0.3, 0.6].map { (1 - $0) * time + $0 * times[index + 1] }
      }
      try #require(lines.count == asked.count + 1)
      for (line, time) in zip(lines.dropFirst(), asked) {
        try expect(
          try JSONDecoder().decode(Drawn.self, from: Data(line.utf8)),
          toBe: expected.still(at: time))
      }
    }
  }

  @Test func `the page's easing is the film's`() throws {
    let lines = try run(
      "for(let i=0;i<=50;i++)say(film.ease(i/50))", in: smallFilm().html())
    try #require(lines.count == 51)
    for (index, line) in lines.enumerated() {
      let eased = try #require(Double(line))
      #expect(abs(eased - Easing.glide.eased(Double(index) / 50)) <= 1e-9)
    }
  }

  @Test(arguments: [360, 1600])
  func `nothing is wider than the window, between key frames too`(width: Int) throws {
    let lines = try run(
      """
      for(let t=0;t<film.duration;t+=film.duration/50){film.seek(t);
      for(const e of document.querySelectorAll("[d]"))if(e.getAttribute("d").includes("NaN"))say("error NaN")}
      if(document.documentElement.scrollWidth>innerWidth)say("error wider");
      say("done")
      """, in: film.html(), width: width)
    #expect(lines == ["done"])
  }

  @Test func `a word is traced`() throws {
    let machine = try #require(film.frames.last).extraction.automaton
    let lines = try run(
      """
      film.seek(film.duration);
      const field=document.getElementById("word"),note=()=>say(document.getElementById("note").textContent);
      for(const word of ["","0","0110","2"]){field.value=word;field.dispatchEvent(new Event("input"));note()}
      """, in: film.html())
    try #require(lines.count == 4)
    for (line, word) in zip(lines[1...2], [[0], [0, 1, 1, 0]]) {
      let state = try #require(machine.state(after: word))
      #expect(line.contains("leads to state \(state), which says \(machine.output(of: state))."))
    }
    #expect(lines[0].contains("Point at a state"))
    #expect(lines[3].contains("Words are written with 0, 1."))
  }

  @Test func `a traced word shows what the network says beside the automaton`() throws {
    let tree = PrefixTree.complete(symbolCount: 2, depth: 4)
    let says = parity(over: tree)
    // The network disagrees with its automaton on one word, 0110.
    let odd = try #require(tree.node(of: [0, 1, 1, 0]))
    let outputs = says.indices.map { Int32($0 == odd ? 1 : says[$0]) }
    let film = Film(
      tree: tree, alphabet: .digits(2), outputAlphabet: .digits(2),
      frames: [
        FilmFrame(
          epoch: 7, extraction: extraction(tree, labels: says, outputs: says),
          hidden: HiddenStates(
            places: says.indices.map { SIMD2(Float($0), Float($0 % 3)) }, outputs: outputs))
      ], losses: [], title: "two")
    let lines = try run(
      """
      const field=document.getElementById("word"),row=i=>[...document.querySelectorAll("#steps tr")[i].cells]
      .slice(1).map(c=>c.querySelector("svg")?c.querySelector("svg").getAttribute("aria-label"):c.textContent).join("");
      for(const word of ["0110","01101"]){field.value=word;field.dispatchEvent(new Event("input"));
      say([row(0),row(1),row(2),document.querySelectorAll("#steps .differs").length].join(" "));
      say(document.getElementById("note").textContent)}
      say(film.shown().dots)
      """, in: film.html())
    #expect(
      lines == [
        "0110 0100 0101 1", "0110 leads to state 0, which says 0. The network says 1.",
        "01101 01001 0101? 1",
        "01101 leads to state 1, which says 1. What the network says is known here up to length 4.",
        "30",
      ])
  }

  @Test func `a branch is opened by the keyboard and closed again`() throws {
    let tree = PrefixTree.complete(symbolCount: 2, depth: 6)
    let film = DrawingTests.film(tree, labels: [Array(0..<tree.count)])
    let lines = try run(
      """
      const stage=document.getElementById("stage"),key=name=>stage.dispatchEvent(
      new KeyboardEvent("keydown",{key:name,bubbles:true}));
      const places=()=>[...document.querySelectorAll(".state")].map(e=>e.getAttribute("transform")
      .match(/-?[\\d.]+/g).map(Number));
      const inside=()=>places().filter(([x,y])=>x>=0&&x<=stage.clientWidth&&y>=0&&y<=stage.clientHeight).length;
      const before=JSON.stringify(places());stage.focus();
      for(const name of ["ArrowRight","ArrowRight","ArrowDown"])key(name);
      say(document.getElementById("note").textContent.split(" says")[0]);
      const now=performance.now.bind(performance);
      key("Enter");performance.now=()=>now()+1e4;film.seek(0);
      say(inside());say(getComputedStyle(document.getElementById("whole")).display);
      key("Escape");performance.now=()=>now()+2e4;film.seek(0);
      say(JSON.stringify(places())===before);say(getComputedStyle(document.getElementById("whole")).display)
      """, in: film.html())
    // The word 01 is state 4; 31 of the 127 words begin with it.
    #expect(lines == ["State 4", "31", "block", "true", "none"])
  }

  @Test func `the axis of the loss can be switched`() throws {
    let lines = try run(
      """
      const axis=document.getElementById("lossaxis"),curve=()=>document.querySelector("#loss .train").getAttribute("d");
      const before=curve();say(axis.textContent);axis.click();say(axis.textContent);say(curve()===before);
      axis.click();say(curve()===before)
      """, in: film.html())
    #expect(lines == ["log", "linear", "false", "true"])
  }

  @Test func `every control has a name, and text stands out from the paper`() throws {
    for theme in [Theme.light, .dark] {
      let film = randomFilm(seed: 8, frames: 6, options: .init(theme: theme))
      let lines = try run(
        """
        for(const e of document.querySelectorAll("button,input,select,[tabindex],[role=img],section")){
          const hidden=!e.getClientRects().length;
          const name=e.getAttribute("aria-label")||e.textContent.trim()||(e.labels&&e.labels[0]&&e.labels[0].textContent);
          if(!hidden&&!name)say("error no name "+e.outerHTML.slice(0,80))}
        const ids=[...document.querySelectorAll("[id]")].map(e=>e.id);
        if(new Set(ids).size!==ids.length)say("error ids");
        const rgb=c=>{const x=document.createElement("canvas").getContext("2d");x.fillStyle=c;x.fillRect(0,0,1,1);
          return x.getImageData(0,0,1,1).data};
        const light=c=>{const [r,g,b]=[...rgb(c)].map(v=>v/255).map(v=>v<=.04045?v/12.92:((v+.055)/1.055)**2.4);
          return .2126*r+.7152*g+.0722*b};
        const paper=light(getComputedStyle(document.documentElement).backgroundColor);
        const style=getComputedStyle(document.documentElement);
        const ratio=n=>{const l=light(style.getPropertyValue(n));return (Math.max(l,paper)+.05)/(Math.min(l,paper)+.05)};
        // WCAG 2.2: 4.5 for text, 3 for graphics.
        for(const n of ["--ink","--soft"])if(!(ratio(n)>=4.5))say("error text "+n+" "+ratio(n));
        for(const n of ["--o0","--o1","--o2","--o3","--o4","--o5","--open","--fold","--accent"])
          if(!(ratio(n)>=3))say("error graphics "+n+" "+ratio(n));
        say("done")
        """, in: film.html())
      #expect(lines == ["done"])
    }
  }

  @Test func `colours by minimal class count the classes`() throws {
    let lines = try run(
      """
      film.seek(film.duration);const c=document.getElementById("colour");c.value="minimal";
      c.dispatchEvent(new Event("change"));say(document.getElementById("what").textContent)
      """, in: film.html())
    #expect(lines == ["2 states · complete · 2 minimal classes"])
  }

  @Test func `odd names and a single frame are no trouble`() throws {
    let tree = PrefixTree.complete(symbolCount: 6, depth: 2)
    let film = try DrawingTests.film(
      tree, labels: [parity(over: tree)], alphabet: Alphabet(oddNames),
      outputAlphabet: Alphabet(["<no>", "&"]), title: "</title><script>say('error')</script>")
    let lines = try run(
      "say(document.querySelectorAll('.legend li')[0].textContent);say(film.shown().states)",
      in: film.html())
    #expect(lines == ["says &lt;no&gt;", "2"])
  }
}
