import LinearAlgebra
import Testing

@Suite struct SortedNumbersTests {
  @Test func `a quantile lies between two numbers, and the nearest rank on one of them`() {
    let numbers = SortedNumbers([4, 2, 1, 3])
    #expect(numbers.values == [1, 2, 3, 4])
    #expect(numbers.quantile(0.5) == 2.5 && numbers.nearestRank(0.5) == 3)
    #expect(numbers.quantile(0.25) == 1.75 && numbers.nearestRank(0.25) == 2)
    for share in [0.0, 1] {
      #expect(numbers.quantile(share) == numbers.nearestRank(share))
    }
    #expect(numbers.quantile(0) == 1 && numbers.quantile(1) == 4)
  }

  @Test func `no number has no quantile, and infinities are numbers`() {
    #expect(SortedNumbers([]).quantile(0.5) == nil && SortedNumbers([]).nearestRank(0.5) == nil)
    #expect(SortedNumbers([7]).quantile(0.3) == 7 && SortedNumbers([7]).nearestRank(0.3) == 7)
    #expect(SortedNumbers([.infinity, .infinity]).quantile(0.5) == .infinity)
  }
}
