import Model
import Review
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("trust.toml") struct TrustTextTests {
  private func entry(_ id: String, _ account: String, _ name: String) throws -> TrustedOrganization
  {
    TrustedOrganization(
      organization: try Fixture.organization(id), managementAccount: try Fixture.account(account),
      name: Untrusted(name), addedAt: ManualTime.mockup, addedBy: Untrusted("anna"))
  }

  @Test("what is written is read back, whatever the name holds")
  func roundTrip() throws {
    let list = TrustList([
      try entry("o-zzzzzzzzzz", "999900001111", "Gl\"ób\\ex\u{202E}\n\u{1F600}"),
      try entry("o-aaaaaaaaaa", "111122223333", ""),
    ])
    let text = TrustText.write(list)
    #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    #expect(try TrustText.read(Array(text.utf8)) == list)
  }

  @Test("it is sorted by organization")
  func sorted() throws {
    let text = TrustText.write(
      TrustList([
        try entry("o-zzzzzzzzzz", "999900001111", "Z"),
        try entry("o-aaaaaaaaaa", "111122223333", "A"),
      ]))
    let first = try #require(text.firstRange(of: "o-aaaaaaaaaa"))
    let second = try #require(text.firstRange(of: "o-zzzzzzzzzz"))
    #expect(first.lowerBound < second.lowerBound)
  }

  struct Bad: Sendable {
    var text: String
    var line: Int
  }

  @Test(
    "a list that is not understood is refused with its line",
    arguments: [
      Bad(text: "[o-aaaaaaaaaa]\nname = \"x\"\n", line: 1),
      Bad(text: "\n[o-short]\nmanagement_account = \"111122223333\"\n", line: 2),
      Bad(text: "[o-aaaaaaaaaa]\nmanagement_account = \"11112222333\"\n", line: 1),
      Bad(text: "[o-aaaaaaaaaa]\nmanagement_account = \"111122223333\"\nnotes = 1\n", line: 1),
      Bad(text: "[o-aaaaaaaaaa\n", line: 1),
    ])
  func refused(_ bad: Bad) throws {
    let error = try #require(throws: TrustFileError.self) {
      try TrustText.read(Array(bad.text.utf8))
    }
    #expect(error.line == bad.line)
  }
}
