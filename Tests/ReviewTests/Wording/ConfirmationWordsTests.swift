import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("Words of a confirmation")
struct ConfirmationWordsTests {
  static func item(_ answer: Answer, _ handshake: Handshake) throws -> PlanItem {
    let account = try Fixture.account(answer == .cancel ? World.acmeManager : World.acmeDev)
    return PlanItem(
      id: try Fixture.handshake(World.id(1)), answer: answer, account: account, seen: handshake,
      fingerprint: Fingerprint(of: handshake, for: account, at: World.place))
  }

  @Test("Every answer to every kind of handshake has its own sentence")
  func sentences() throws {
    var strange = try World.invitation(1)
    strange.parties = []
    let kinds = [
      try World.invitation(1), try World.invitation(1).asConsent(of: "abcdefgh12"),
      try World.invitation(1).asFinalisation(.open), try World.invitation(1).asTransfer(), strange,
    ]
    #expect(Set(kinds.map(\.shape)).count == 5)
    var sentences: Set<String> = []
    for kind in kinds {
      for answer in Answer.allCases {
        let sentence = try Self.item(answer, kind).sentence()
        #expect(sentence.contains(World.acme))
        sentences.insert(sentence)
      }
    }
    // A finalisation and an unknown kind cannot be declined, and share their words.
    #expect(sentences.count == 14)
  }

  @Test("The words name exactly what will be sent")
  func whole() throws {
    let accept = try Self.item(.accept, try World.invitation(1))
    let decline = try Self.item(.decline, try World.invitation(1))
    let words = ConfirmationWords(
      .batch([decline, accept], accepts: 1), letters: "kq")
    #expect(words.title == "ACCEPT 1, DECLINE 1")
    #expect(
      words.lines == [
        "222233334444 does not join o-a1b2c3d4e5",
        "222233334444 JOINS o-a1b2c3d4e5, managed and paid for by 999900001111",
      ])
    #expect(words.warning == "An accept cannot be undone.")
    #expect(words.prompt.contains("accept 1 kq"))
    let cancel = try Self.item(.cancel, try World.invitation(1))
    let declines = ConfirmationWords(.noAccepts([decline]), letters: "kq")
    #expect(declines.prompt == "Type decline 1, then Enter.")
    #expect(declines.title == "DECLINE 1")
    let both = ConfirmationWords(.noAccepts([decline, decline, cancel]), letters: "kq")
    #expect(both.prompt == "Type decline 2 cancel 1, then Enter.")
    #expect(declines.warning == "No undo: the sender must invite again.")
    #expect(
      ConfirmationWords(.noAccepts([cancel]), letters: "kq").warning
        == "No undo: you must invite again.")
  }

  @Test("The organization is not named until the operator has entered it")
  func hiding() throws {
    let organization = try Fixture.organization(World.acme)
    for handshake in [
      try World.invitation(1), try World.invitation(1).asTransfer(),
      try World.invitation(1).asFinalisation(.open),
    ] {
      let item = try Self.item(.accept, handshake)
      let hidden = ConfirmationWords(.alone(item, organization), letters: "kq", isHiding: true)
      let text = [hidden.title, hidden.warning, hidden.prompt] + hidden.lines
      for line in text {
        #expect(!line.contains("a1b2c3d4e5"))
        #expect(!line.contains(World.acmeManager))
      }
    }
  }
}
