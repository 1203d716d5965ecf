import LocalBackend
import Model
import Sandbox
import TestSupport
import Testing
import Text
import Wire

@Suite("Requests with invalid content")
struct ServingTests {
  private static let acme = "999900001111"
  private static let stranger = "252525252525"

  @Test("Filters: one, never both, and a parent that is an id")
  func filters() async throws {
    let demo = try DemoService()
    let parent = Untrusted("h-00000000")
    for (action, parent, answer) in [
      (Action.invite, nil, "ok"), (nil, parent, "ok"),
      (.invite, parent, "InvalidInputException MAX_LIMIT_EXCEEDED_FILTER"),
      (.unknown(Untrusted("X")), parent, "InvalidInputException MAX_LIMIT_EXCEEDED_FILTER"),
      (.unknown(Untrusted("X")), nil, "InvalidInputException INVALID_ENUM"),
      (nil, Untrusted("h-1"), "InvalidInputException INVALID_PATTERN"),
      (
        nil, Untrusted(String(repeating: "h", count: 35)),
        "InvalidInputException MAX_LENGTH_EXCEEDED"
      ),
    ] as [(Action?, Untrusted?, String)] {
      let listing = ServiceRequest.Listing(.sent, action: action, parent: parent)
      #expect(try await demo.said(.list(listing), as: Self.acme) == answer)
    }
  }

  @Test("Targets that are neither an account nor an address")
  func targets() async throws {
    let demo = try DemoService()
    for (type, reason) in [
      (PartyType.organization, "INVALID_PARTY_TYPE_TARGET"),
      (.unknown(Untrusted("ROBOT")), "INVALID_ENUM"),
    ] {
      let answer = "InvalidInputException \(reason)"
      let invite = ServiceRequest.Inviting(
        targetID: Untrusted("o-a1b2c3d4e5"), targetType: type, notes: nil, tags: [])
      #expect(try await demo.said(.invite(invite), as: Self.acme) == answer)
      let transfer = ServiceRequest.InvitingToTransfer(
        type: .billing, targetID: Untrusted("o-a1b2c3d4e5"), targetType: type, notes: nil,
        start: Timestamp(milliseconds: 0), name: Untrusted("n"), tags: [])
      #expect(try await demo.said(.inviteToTransfer(transfer), as: Self.acme) == answer)
    }
  }

  @Test("An unknown account is denied everything, before its input is checked")
  func nobody() async throws {
    let demo = try DemoService()
    let both = ServiceRequest.Listing(.sent, action: .invite, parent: Untrusted("x"))
    for request in [
      ServiceRequest.list(both), .describeOrganization, .answer(.accept, Untrusted("x")),
      .leaveOrganization, .removeAccount(Untrusted("x")), .createOrganization(nil),
      .listTransfers(TransferQuery(.inbound), PageRequest(limit: 99)),
    ] {
      #expect(try await demo.said(request, as: "123456789012") == "AccessDeniedException")
    }
  }

  @Test("A reply has the store's time and a request id, refused or not")
  func envelope() async throws {
    let demo = try DemoService()
    try await demo.store.advance(.days(3))
    for (account, applied) in [
      (Self.acme, ServedReply.Applied.yes), (Self.stranger, .no),
    ] {
      let reply = try await demo.reply(to: .describeOrganization, as: account)
      #expect(reply.time == demo.time.now() + .days(3))
      #expect(reply.requestID?.bytes.count == 36)
      #expect(reply.applied == applied)
    }
  }
}
