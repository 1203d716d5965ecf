import Model
import TestSupport
import Testing
import Text

@testable import ReviewInbox

@Suite("Rows of a document") struct DocumentRowTests {
  private func row(_ handshake: Handshake, _ origin: Row.Origin) throws -> Row {
    Row(
      key: .handshake(try #require(handshake.id)), handshake: handshake,
      sources: [SourceKey(try Fixture.account("555566667777"), .received)],
      read: ManualTime.mockup, origin: origin)
  }

  private func toAddress() throws -> Handshake {
    var handshake = try InvitationFixture().make()
    handshake.parties[1] = Party(id: Untrusted("owner@shop.example"), type: .email)
    handshake.resources.removeAll { $0.type == .account }
    return handshake
  }

  @Test("only the service can say which account received an invitation to an address")
  func address() throws {
    let handshake = try toAddress()
    #expect(try row(handshake, .service).askedAccount?.text == "555566667777")
    #expect(try row(handshake, .document).askedAccount == nil)
    let inbox = Inbox(profiles: [], origin: .document)
    #expect(
      inbox.standing(.accept, of: try row(handshake, .document), at: ManualTime.mockup)
        == .closed(.unnamedRecipient))
  }

  @Test("nothing else is known of the named account, whether it is in the rows or not")
  func named() throws {
    let handshake = try InvitationFixture().make()
    let recipient = try Fixture.account("222233334444")
    for profiles in [[], [Profile(account: recipient, name: Untrusted(""))]] {
      let inbox = Inbox(profiles: profiles, origin: .document)
      let row = try row(handshake, .document)
      #expect(inbox.standing(.accept, of: row, at: ManualTime.mockup) == .unidentified(recipient))
      #expect(inbox.identity(recipient)?.membership == .untold)
      #expect(inbox.openInvitations(for: recipient) == 0)
    }
  }

  @Test("warnings that hold for every viewer are shown for a document's row, too")
  func settled() throws {
    var handshake = try toAddress()
    handshake.state = .declined
    let inbox = Inbox(profiles: [], origin: .document)
    #expect(
      inbox.standing(.accept, of: try row(handshake, .document), at: ManualTime.mockup)
        == .closed(.settled(.declined)))
  }
}
