import Automata
import Testing

@testable import TensorFiles

@Suite struct SymbolListTests {
  @Test func `names without commas stand between commas, as they always did`() {
    #expect(SymbolList.text(["0", "1"]) == "0,1")
    #expect(SymbolList.text(["go", "stop", "[", "\""]) == "go,stop,[,\"")
    #expect(SymbolList.text(["[]"]) == "[]")
  }

  @Test func `names that commas would leave in doubt are a JSON array`() {
    #expect(SymbolList.text(["a,b", "c"]) == #"["a,b","c"]"#)
    #expect(SymbolList.text([#"["x"]"#]) == #"["[\"x\"]"]"#)
    #expect(SymbolList.text([",", "\n", "\\"]) == #"[",","\n","\\"]"#)
  }

  @Test(arguments: [
    ["a,b"], [",", "a"], [",", ",,"], ["["], ["\""], [#"["x"]"#], ["[]"], ["[", "]"],
    [#"["a"#, #"b"]"#], [#"["a""#, #""b"]"#], ["\n", "\r\n", "\t", "\u{1}"], ["'", "`", "\\"],
    ["a", "\u{301}b"], ["ε", "🙂", "\u{7f}"], ["[1]"], ["[null]"], [" [\"x\"]"],
  ])
  func `names survive, whether their number is known or not`(symbols: [String]) {
    let text = SymbolList.text(symbols)
    #expect(SymbolList.symbols(text) == symbols)
    #expect(SymbolList.symbols(text, count: symbols.count) == symbols)
  }

  @Test(arguments: UInt64(0)..<50)
  func `names of quotes, brackets and commas at random survive`(seed: UInt64) {
    var generator = SplitMix64(seed: seed, stream: "symbols")
    let pieces = ["\"", "[", "]", ",", "a", "\\", " ", "\n"]
    for _ in 0..<200 {
      let symbols = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        (0..<Int.random(in: 1...5, using: &generator)).map { _ in
          pieces.randomElement(using: &generator) ?? ""
        }.joined()
      }
      let text = SymbolList.text(symbols)
      #expect(SymbolList.symbols(text) == symbols)
      #expect(SymbolList.symbols(text, count: symbols.count) == symbols)
    }
  }

  @Test func `an array of another length than asked for is a name`() {
    #expect(SymbolList.symbols(#"["a","b"]"#, count: 2) == ["a", "b"])
    #expect(SymbolList.symbols(#"["a,b"]"#, count: 2) == [#"["a"#, #"b"]"#])
    #expect(SymbolList.symbols("[0,1]", count: 2) == ["[0", "1]"])
    #expect(SymbolList.symbols("") == [""])
  }
}
