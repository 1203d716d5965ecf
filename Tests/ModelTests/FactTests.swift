import Model
import TestSupport
import Testing
import Text

@Suite struct FactTests {
  @Test("the sender is read from the ARN before any other field of the record")
  func sender() throws {
    var handshake = try InvitationFixture().make()
    handshake.resources[0].value = Untrusted("o-zzzzzzzzzz")
    #expect(handshake.senderAccount?.text == "999900001111")
    #expect(handshake.senderOrganization?.text == "o-a1b2c3d4e5")
    handshake.arn = nil
    #expect(handshake.senderAccount == nil)
    #expect(handshake.senderOrganization?.text == "o-a1b2c3d4e5")
    handshake.parties.removeAll()
    #expect(handshake.senderOrganization?.text == "o-zzzzzzzzzz")
  }

  @Test("facts are searched level by level")
  func resources() throws {
    var handshake = try InvitationFixture().make()
    #expect(handshake.senderName == Untrusted("Acme Holdings"))
    #expect(handshake.senderEmail == Untrusted("it@acme-holdings.example"))
    #expect(handshake.featureSet == .all)
    #expect(handshake.notes == Untrusted("CHG-4411 move"))
    // A name deeper down does not hide one of a higher level.
    handshake.resources[1].resources = [Resource(type: .notes, value: Untrusted("hidden"))]
    #expect(handshake.notes == Untrusted("CHG-4411 move"))
    handshake.resources.append(
      Resource(type: .managementName, value: Untrusted("second choice")))
    #expect(handshake.senderName == Untrusted("Acme Holdings"))
  }

  @Test("the account asked is the ACCOUNT party, else the account that an address resolved to")
  func recipient() throws {
    var handshake = try InvitationFixture().make()
    #expect(handshake.recipientAccount?.text == "222233334444")
    #expect(handshake.recipientEmail == nil)
    handshake.parties[1] = Party(id: Untrusted("juan@example.com"), type: .email)
    #expect(handshake.recipientAccount?.text == "222233334444")
    #expect(handshake.recipientEmail == Untrusted("juan@example.com"))
    handshake.resources.remove(at: 1)
    #expect(handshake.recipientAccount == nil)
  }

  @Test("a parent is named with or without its prefix")
  func parent() throws {
    var handshake = try InvitationFixture().make()
    #expect(handshake.parent == nil)
    for value in ["c440da758cab4406", "h-c440da758cab4406"] {
      handshake.resources = [Resource(type: .parentHandshake, value: Untrusted(value))]
      #expect(handshake.parent?.text == "h-c440da758cab4406")
    }
  }

  @Test("a backend's error has its exception and reason when it is the service's")
  func errors() {
    let service = BackendError(
      .service(.invalidInput, reason: .invalidPattern, message: Untrusted("m")),
      in: .acceptHandshake, applied: .refused)
    #expect(service.exception == .invalidInput)
    #expect(service.reason == .invalidPattern)
    for failure in [
      BackendError.Failure.unreadable(Untrusted("")), .transport(Untrusted("")),
      .store(Untrusted("")), .cancelled,
    ] {
      let error = BackendError(failure, in: .acceptHandshake, applied: .unknown)
      #expect(error.exception == nil)
      #expect(error.reason == nil)
    }
  }
}
