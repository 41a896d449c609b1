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
