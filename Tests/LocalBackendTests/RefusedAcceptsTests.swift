import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

/// An accept of the demonstration that the service refuses, and the error.
struct RefusedAccept: Sendable, CustomStringConvertible {
  var account: String
  var sender: String
  var exception: ServiceException
  var reason: Reason?

  init(
    _ account: String, from sender: String, _ exception: ServiceException, _ reason: Reason? = nil
  ) {
    self.account = account
    self.sender = sender
    self.exception = exception
    self.reason = reason
  }

  var description: String { "\(account): \(exception.knownName ?? "?") \(reason?.knownName ?? "")" }

  static let all = [
    RefusedAccept(
      "333344445555", from: Demo.acme, .accessDeniedForDependency,
      .accessDeniedDuringCreateServiceLinkedRole),
    RefusedAccept("141414141414", from: Demo.acme, .accessDenied),
    RefusedAccept("151515151515", from: Demo.acme, .accessDenied),
    RefusedAccept("161616161616", from: Demo.acme, .constraintViolation, .waitPeriodActive),
    RefusedAccept(
      "171717171717", from: Demo.acme, .constraintViolation,
      .cannotRemoveDelegatedAdministratorFromOrg),
    RefusedAccept(
      "181818181818", from: Demo.acme, .handshakeConstraintViolation, .paymentInstrumentRequired),
    RefusedAccept(
      "202020202020", from: Demo.acme, .handshakeConstraintViolation,
      .organizationFromDifferentSellerOfRecord),
    RefusedAccept(
      "232323232323", from: Demo.acme, .handshakeConstraintViolation, .alreadyInAnOrganization),
    RefusedAccept("212121212121", from: Demo.hooli, .concurrentModification),
    RefusedAccept("282828282828", from: Demo.newcomer, .constraintViolation, .waitPeriodActive),
    RefusedAccept("252525252525", from: Demo.globex, .awsOrganizationsNotInUse),
  ]
}

@Suite("Accepts that the demonstration refuses")
struct RefusedAcceptsTests {
  @Test("each for its own reason, with nothing changed", arguments: RefusedAccept.all)
  func refused(_ accept: RefusedAccept) async throws {
    let world = try SeededWorld()
    let id = try await world.received(by: accept.account, from: accept.sender)
    let backend = try world.backend(accept.account)
    let before = try await backend.identity().value
    let error = await #expect(throws: BackendError.self) { _ = try await backend.accept(id) }
    #expect(error?.exception == accept.exception)
    #expect(error?.reason == accept.reason)
    #expect(error?.applied == .refused)
    #expect(try await backend.identity().value == before)
  }

  @Test("a management account that is invited does not see it, and is told why it cannot accept")
  func management() async throws {
    let world = try SeededWorld()
    let listed = try await world.all(Query(.received), as: "242424242424")
    #expect(listed.allSatisfy { $0.shape == .transfer })
    let id = try await world.store.reader.read { db in
      try db.text(
        "SELECT id FROM handshakes WHERE recipient = '242424242424' AND kind = 'invitation'")
    }
    let backend = try world.backend("242424242424")
    let error = await #expect(throws: BackendError.self) {
      _ = try await backend.accept(Untrusted(try #require(id)))
    }
    #expect(error?.exception == .masterCannotLeaveOrganization)
  }
}
