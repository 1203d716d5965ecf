import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Transferring a bill")
struct TransferTests {
  /// The clock of the tests is fixed in November 2026.
  static let december = CivilDate(year: 2026, month: 12, day: 1).instant
  static let january = CivilDate(year: 2027, month: 1, day: 1).instant

  @discardableResult
  private func ask(
    _ account: String, start: Timestamp = january, name: String = "Acme pays", in world: World
  ) async throws -> Handshake {
    try await world.backend(Cast.acme).inviteToTransferBilling(
      TransferRequest(
        to: .account(Untrusted(account)), start: start, name: Untrusted(name),
        notes: Untrusted("as agreed"))
    ).value
  }

  @Test("It is offered to the other management account, until a day before it starts")
  func asking() async throws {
    let world = try World()
    let sent = try await ask(Cast.globex, in: world)
    #expect(sent.state == .requested)
    #expect(sent.shape == .transfer)
    #expect(sent.action == .transferResponsibility)
    #expect(sent.arn?.contradicts(.transferResponsibility) == false)
    #expect(sent.expires == Self.january - .hours(24))
    #expect(sent.resource(.managementAccount)?.value == Untrusted(Cast.acme))
    #expect(sent.resource(.managementName)?.value == Untrusted("Acme"))
    #expect(sent.resource(.transferType)?.value == Untrusted("BILLING"))
    #expect(
      sent.resource(.transferStartTimestamp)?.value == Untrusted("2027-01-01T00:00:00.000Z"))
    #expect(sent.resource(.responsibilityTransfer)?.value?.bytes.count == 35)
    let received = try await world.backend(Cast.globex).handshakes(Query(.received), page: nil)
    #expect(received.value.handshakes.map(\.id) == [sent.id])
    let accepted = try await world.backend(Cast.globex).accept(sent.idText).value
    #expect(accepted.state == .accepted)
    #expect(
      await said { try await ask(Cast.globex, in: world) }
        == "HandshakeConstraintViolationException RESPONSIBILITY_TRANSFER_ALREADY_EXISTS")
  }

  @Test("An accepted transfer outlives its handshake, another one does not")
  func forgetting() async throws {
    let world = try World()
    _ = try await world.backend(Cast.globex).accept(try await ask(Cast.globex, in: world).idText)
    _ = try await world.backend(Cast.loner).decline(try await ask(Cast.loner, in: world).idText)
    try await world.store.advance(.days(31))
    #expect(try world.count("SELECT count(*) FROM handshakes") == 0)
    #expect(try world.count("SELECT count(*) FROM responsibility_transfers") == 1)
  }

  @Test(
    "Valid start dates",
    arguments: [
      (december, "ok"),
      (january, "ok"),
      (
        CivilDate(year: 2026, month: 11, day: 1).instant,
        "InvalidInputException START_DATE_TOO_EARLY"
      ),
      (
        CivilDate(year: 2027, month: 2, day: 1).instant,
        "InvalidInputException START_DATE_TOO_LATE"
      ),
      (
        CivilDate(year: 2026, month: 12, day: 2).instant,
        "InvalidInputException START_DATE_NOT_BEGINNING_OF_MONTH"
      ),
      (
        CivilDate(year: 2026, month: 12, day: 1, hour: 1).instant,
        "InvalidInputException START_DATE_NOT_BEGINNING_OF_DAY"
      ),
      (Timestamp(milliseconds: .max), "InvalidInputException INVALID_START_DATE"),
    ])
  func start(_ start: Timestamp, _ answer: String) async throws {
    let world = try World()
    #expect(await said { try await ask(Cast.globex, start: start, in: world) } == answer)
  }

  @Test("A start too near to be answered in time is too early")
  func near() async throws {
    let world = try World()
    world.time.set(Self.december - .hours(24))
    #expect(
      await said { try await ask(Cast.globex, start: Self.december, in: world) }
        == "InvalidInputException START_DATE_TOO_EARLY")
  }

  @Test("Invalid names and targets")
  func inputs() async throws {
    let world = try World()
    for (name, answer) in [
      ("", "InvalidInputException MIN_LENGTH_EXCEEDED"),
      ("é", "InvalidInputException INVALID_PATTERN"),
      (String(repeating: "x", count: 129), "InvalidInputException MAX_LENGTH_EXCEEDED"),
    ] {
      #expect(await said { try await ask(Cast.globex, name: name, in: world) } == answer)
    }
    #expect(
      await said { try await ask(Cast.acme, in: world) }
        == "HandshakeConstraintViolationException SOURCE_AND_TARGET_CANNOT_MATCH")
    _ = try await ask(Cast.globex, in: world)
    #expect(await said { try await ask(Cast.globex, in: world) } == "DuplicateHandshakeException")
  }

  @Test("Only a management account can transfer a bill")
  func recipients() async throws {
    let world = try World()
    let standalone = try await ask(Cast.loner, in: world).idText
    #expect(
      await said { try await world.backend(Cast.loner).accept(standalone) }
        == "AWSOrganizationsNotInUseException")
    let member = try await ask(Cast.anna, in: world).idText
    #expect(
      await said { try await world.backend(Cast.anna).accept(member) } == "AccessDeniedException")
  }

  @Test(
    "Debts that prevent the transfer of a bill",
    arguments: [
      ("past_due", "PAST_DUE_INVOICE"),
      ("prepaid_balance", "UNUSED_PREPAYMENT_BALANCE"),
      ("legacy_permissions", "LEGACY_PERMISSIONS_STILL_IN_USE"),
    ])
  func debts(_ column: String, _ reason: String) async throws {
    let world = try World()
    let id = try await ask(Cast.globex, in: world).idText
    try world.change("UPDATE accounts SET \(column) = 1 WHERE id = ?", Cast.globex)
    #expect(
      await said { try await world.backend(Cast.globex).accept(id) }
        == "HandshakeConstraintViolationException \(reason)")
  }
}
