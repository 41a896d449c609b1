import Automata
import Foundation
import Testing

@testable import Drawing

@Test func `a still at a key frame shows its automaton`() {
  let film = randomFilm(seed: 6, frames: 12, options: .init(patience: 0.5))
  for (key, time) in film.storyboard.times.enumerated() {
    let svg = film.still(at: time)
    let machine = film.storyboard.scenes[key].machine
    #expect(isWellFormed(svg))
    #expect(count("class=\"state ", in: svg) == machine.stateCount)
    #expect(svg.contains(">epoch \(film.storyboard.keys[key].epoch)</text>"))
    #expect(!svg.contains("<animate") && !svg.contains("<set"))
  }
}

@Test func `between key frames everybody is there who comes, stays or goes`() {
  let film = randomFilm(seed: 6, frames: 12, options: .init(patience: 0.5))
  for (key, times) in zip(film.storyboard.times, film.storyboard.times.dropFirst()).enumerated() {
    let svg = film.still(at: 0.4 * times.0 + 0.6 * times.1)
    let present = film.storyboard.tracks.count { $0.first <= key + 1 && $0.last >= key }
    #expect(isWellFormed(svg))
    #expect(count("class=\"state ", in: svg) == present)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }
}

@Test func `states of a still lie between their places in the key frames around it`() {
  let film = smallFilm()
  let (a, b) = (film.storyboard.scenes[2], film.storyboard.scenes[3])
  let early = film.still(at: film.storyboard.times[2] + 1e-6)
  #expect(early.contains(Look.mark(a.machine.output(of: 5), at: a.centres[5], radius: a.radii[5])))
  let after = film.still(at: film.duration + 5)
  #expect(after.contains(Look.mark(b.machine.output(of: 1), at: b.centres[1], radius: b.radii[1])))
  #expect(film.still(at: -1) == film.still(at: 0))
}

@Test func `easing goes from 0 to 1 and is as steep as its curve`() {
  #expect(Easing.glide.eased(0) == 0 && abs(Easing.glide.eased(1) - 1) < 1e-12)
  let values = (0...100).map { Easing.glide.eased(Double($0) / 100) }
  #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
  // At t = 1/2 the curve is at x = (3·0.5 + 3·0.4 + 1)/8 = 0.4625, y = 1/2.
  #expect(abs(Easing.glide.eased(0.4625) - 0.5) < 1e-9)
}

@Test(arguments: [1, 2, 3, 6, 40])
func `a contact sheet has as many automata as asked for, or as there are`(wanted: Int) {
  let film = randomFilm(seed: 4, frames: 12, options: .init(patience: 0.5))
  let keys = film.sheetKeys(wanted)
  let svg = film.contactSheet(wanted)
  #expect(isWellFormed(svg))
  #expect(keys.count == min(wanted, film.keyEpochs.count))
  #expect(keys == keys.sorted() && Set(keys).count == keys.count)
  #expect(keys.last == film.keyEpochs.count - 1 && (wanted == 1 || keys.first == 0))
  #expect(
    count("class=\"state ", in: svg)
      == keys.reduce(0) { $0 + film.storyboard.scenes[$1].machine.stateCount })
  for key in keys { #expect(svg.contains(">epoch \(film.storyboard.keys[key].epoch)</tspan>")) }
}

@Test func `no other sheet with the turning points stands better for the film`() throws {
  let film = randomFilm(seed: 9, frames: 9, options: .init(patience: 0))
  let n = film.keyEpochs.count
  let leaders = film.storyboard.keys.map { key in
    Set(key.extraction.classOfState.map { key.extraction.partition.leader(of: $0) })
  }
  func distance(_ i: Int, _ j: Int) -> Double {
    Double(leaders[i].symmetricDifference(leaders[j]).count)
      / Double(leaders[i].count + leaders[j].count)
  }
  func cost(_ keys: [Int]) -> Double {
    zip(keys, keys.dropFirst()).reduce(0) { sum, pair in
      (pair.0 + 1..<pair.1).reduce(sum) {
        $0 + min(distance(pair.0, $1), distance($1, pair.1))
      }
    }
  }
  // Those that have to be there: first, last, most states, half as many, complete for good.
  let sizes = film.storyboard.scenes.map(\.machine.stateCount)
  let most = try #require(sizes.indices.max { sizes[$0] < sizes[$1] })
  let half = try #require(sizes[most...].firstIndex { 2 * $0 <= sizes[most] })
  let complete = try #require(film.storyboard.scenes.lastIndex { !$0.machine.isComplete }) + 1
  let forced = Set([0, n - 1, most, half, complete])
  let wanted = forced.count + 1
  let found = film.sheetKeys(wanted)
  #expect(found.count == wanted && forced.isSubset(of: found))
  for key in (0..<n) where !forced.contains(key) {
    #expect(cost(found) <= cost(forced.union([key]).sorted()) + 1e-12)
  }
}
