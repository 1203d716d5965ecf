import Model
import ReviewInbox
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

  @Test("a written list is read back, whatever the name contains")
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

  private static let short = "[o-aaaaaaaaaa]\nmanagement_account = \"111122223333\"\n"

  @Test(
    "an entry written by hand requires its account only; comments and a byte order mark are allowed"
  )
  func byHand() throws {
    let text =
      "\u{FEFF}# mine\r\n[ \"o-aaaaaaaaaa\" ] # Acme\r\nmanagement_account = '111122223333'"
    let list = try TrustText.read(Array(text.utf8))
    #expect(list.sorted.map(\.managementAccount.text) == ["111122223333"])
  }

  @Test("bytes that are not UTF-8 are refused with their line")
  func notUTF8() throws {
    let error = try #require(throws: TrustFileError.self) {
      try TrustText.read(Array(Self.short.utf8) + [0x23, 0xFF, 0x0A])
    }
    #expect(error.line == 3)
  }

  static let bad = [
    Bad(text: "[o-aaaaaaaaaa]\nname = \"x\"\n", line: 1),
    Bad(text: "\n[o-short]\nmanagement_account = \"111122223333\"\n", line: 2),
    Bad(text: "[o-aaaaaaaaaa]\nmanagement_account = \"11112222333\"\n", line: 2),
    Bad(text: "[o-aaaaaaaaaa]\nmanagement_account = \"111122223333\"\nnotes = 1\n", line: 3),
    Bad(text: "[o-aaaaaaaaaa\n", line: 1),
    Bad(text: "[/a]\n", line: 1),
    Bad(text: "# listed\n[/]", line: 2),
    Bad(text: "name = \"x\"\n", line: 1),
    Bad(text: short + "name = 5\n", line: 3),
    Bad(text: short + "added_by = [\"anna\"]\n", line: 3),
    Bad(text: short + "added_at = \"yesterday\"\n", line: 3),
    Bad(text: short + "added_at = 2026-11-22\n", line: 3),
    Bad(text: short + short, line: 3),
    Bad(text: short + "\0\n[o-bbbbbbbbbb]\nmanagement_account = \"111122223333\"\n", line: 3),
    Bad(text: short + "# \0", line: 3),
    Bad(text: "o-aaaaaaaaaa = { management_account = \"111122223333\" }", line: 1),
    Bad(text: "o-aaaaaaaaaa.management_account = \"111122223333\"", line: 1),
  ]

  @Test("an invalid list is refused with its line", arguments: bad)
  func refused(_ bad: Bad) throws {
    let error = try #require(throws: TrustFileError.self) {
      try TrustText.read(Array(bad.text.utf8))
    }
    #expect(error.line == bad.line)
  }
}
