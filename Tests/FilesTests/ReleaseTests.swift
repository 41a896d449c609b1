import Files
import Foundation
import Testing

@Suite struct ReleaseTests {
  @Test func `the version is three numbers, and the newest release of the changelog`() throws {
    let parts = Release.version.split(separator: ".", omittingEmptySubsequences: false)
    #expect(parts.count == 3 && parts.allSatisfy { Int($0) != nil })
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try WholeFile.read(root.appendingPathComponent("CHANGELOG.md").path)
    let headings = String(decoding: text, as: UTF8.self).split(separator: "\n")
      .filter { $0.hasPrefix("## [") }
    #expect(headings.first == "## [Unreleased]")
    #expect(headings.dropFirst().first?.hasPrefix("## [\(Release.version)]") == true)
  }
}
