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
    .replacing("</body>", with: probe + "</body>").escapedForXML
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
    let expected = zip(film.score.keys, film.score.scenes).map { key, scene in
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
