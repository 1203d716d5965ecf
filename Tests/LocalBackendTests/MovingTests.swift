import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Joining, moving and leaving (DOM-6.6, DOM-7.2)")
struct MovingTests {
  static let denied = "AccessDeniedException"

  @Test("A member of another organization moves in one step: the old one loses it")
  func direct() async throws {
    let world = try World()
    let id = try await world.invite(Cast.anna, from: Cast.acme)
    _ = try await world.backend(Cast.anna).accept(id)
    #expect(try world.organization(of: Cast.anna) == Cast.acmes)
    #expect(
      try world.count(
        "SELECT count(*) FROM memberships WHERE account = '\(Cast.anna)' AND method = 'INVITED'")
        == 1)
    #expect(
      await said { try await world.backend(Cast.globex).remove(Untrusted(Cast.anna)) }
        == "AccountNotFoundException")
  }

  @Test("Moving closes the requests of the old organization to its member")
  func movingDuringMigration() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let parent = try await globex.enableAllFeatures().value.idText
    let id = try await world.invite(Cast.anna, from: Cast.acme)
    _ = try await world.backend(Cast.anna).accept(id)
    let berts = try await world.backend(Cast.bert).handshakes(Query(.received), page: nil).value
    _ = try await world.backend(Cast.bert).accept(try #require(berts.handshakes.first).idText)
    #expect(await said { try await globex.accept(parent) } == "ok")
  }

  struct Obstacle: CustomTestStringConvertible, Sendable {
    var what: String
    var change: String
    var account = Cast.robot
    var reading = Store.Reading.guide
    var said: String
    var testDescription: String { what }
  }

  static let obstacles: [Obstacle] = [
    Obstacle(
      what: "LeaveOrganization denied by the account",
      change:
        "INSERT INTO denied_actions VALUES ('\(Cast.robot)', 'organizations:LeaveOrganization')",
      said: denied),
    Obstacle(
      what: "LeaveOrganization denied by the organization's policy",
      change:
        "INSERT INTO policy_denials VALUES ('\(Cast.acmes)', 'organizations:LeaveOrganization')",
      said: denied),
    Obstacle(
      what: "the same in the reference's reading, which does not ask for it",
      change:
        "INSERT INTO policy_denials VALUES ('\(Cast.acmes)', 'organizations:LeaveOrganization')",
      reading: .reference, said: "ok"),
    Obstacle(
      what: "a policy of an organization without all features binds nobody",
      change:
        "INSERT INTO policy_denials VALUES ('\(Cast.globexes)', 'organizations:LeaveOrganization')",
      account: Cast.anna, said: "ok"),
    Obstacle(
      what: "AcceptHandshake denied",
      change:
        "INSERT INTO denied_actions VALUES ('\(Cast.robot)', 'organizations:AcceptHandshake')",
      said: denied),
    Obstacle(
      what: "an account closed",
      change: "UPDATE accounts SET status = 'SUSPENDED' WHERE id = '\(Cast.robot)'", said: denied),
    Obstacle(
      what: "a delegated administrator",
      change: """
        INSERT INTO delegated_administrators VALUES
          ('\(Cast.robot)', '\(Cast.acmes)', 'config.amazonaws.com')
        """,
      said: "ConstraintViolationException CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"),
    Obstacle(
      what: "created less than four days ago",
      change: """
        UPDATE accounts SET created = \((ManualTime.mockup - .days(4)).milliseconds + 1)
        WHERE id = '\(Cast.robot)'
        """,
      said: "ConstraintViolationException WAIT_PERIOD_ACTIVE"),
    Obstacle(
      what: "created four days ago",
      change: """
        UPDATE accounts SET created = \((ManualTime.mockup - .days(4)).milliseconds)
        WHERE id = '\(Cast.robot)'
        """,
      said: "ok"),
    Obstacle(
      what: "an organization less than seven days old",
      change: """
        UPDATE organizations SET created = \((ManualTime.mockup - .days(7)).milliseconds + 1)
        WHERE id IN ('\(Cast.globexes)', '\(Cast.acmes)')
        """,
      said: "ConstraintViolationException WAIT_PERIOD_ACTIVE"),
    Obstacle(
      what: "another seller of record",
      change: "UPDATE accounts SET seller = 'AWS India' WHERE id = '\(Cast.robot)'",
      said: "HandshakeConstraintViolationException ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD"),
    Obstacle(
      what: "no payment method, which a mover does not need",
      change: "UPDATE accounts SET payment = 'none'", said: "ok"),
    Obstacle(
      what: "the management account of another organization",
      change: "", account: Cast.acme, said: "MasterCannotLeaveOrganizationException"),
  ]

  @Test("Reasons that prevent moving", arguments: obstacles)
  func disabledReason(_ disabledReason: Obstacle) async throws {
    let world = try World(Store.Options(reading: disabledReason.reading))
    let sender = disabledReason.account == Cast.anna ? Cast.acme : Cast.globex
    let id = try await world.invite(disabledReason.account, from: sender)
    if !disabledReason.change.isEmpty { try world.change(disabledReason.change) }
    let before = try world.organization(of: disabledReason.account)
    #expect(
      await said { try await world.backend(disabledReason.account).accept(id) }
        == disabledReason.said)
    if disabledReason.said != "ok" {
      #expect(try world.organization(of: disabledReason.account) == before)
      #expect(try await world.describe(id, as: sender).state == .open)
    }
  }

  @Test("A standalone account needs a payment method to join")
  func payment() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    try world.change("UPDATE accounts SET payment = 'none' WHERE id = ?", Cast.loner)
    #expect(
      await said { try await world.backend(Cast.loner).accept(id) }
        == "HandshakeConstraintViolationException PAYMENT_INSTRUMENT_REQUIRED")
  }

  @Test("An account that is in the organization already cannot join it again")
  func alreadyIn() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    try world.change(
      "INSERT INTO memberships VALUES (?, ?, 'INVITED', 0)", Cast.loner, Cast.acmes)
    #expect(
      await said { try await world.backend(Cast.loner).accept(id) }
        == "HandshakeConstraintViolationException ALREADY_IN_AN_ORGANIZATION")
  }

  @Test("Joining creates the service's role, which must be allowed unless it exists")
  func role() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    try world.change(
      "INSERT INTO denied_actions VALUES (?, 'iam:CreateServiceLinkedRole')", Cast.loner)
    let refused =
      "AccessDeniedForDependencyException ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE"
    #expect(await said { try await world.backend(Cast.loner).accept(id) } == refused)
    #expect(try world.organization(of: Cast.loner) == nil)
    try world.change("UPDATE accounts SET service_linked_role = 1 WHERE id = ?", Cast.loner)
    #expect(await said { try await world.backend(Cast.loner).accept(id) } == "ok")

    let second = try await world.invite(Cast.other, from: Cast.acme)
    _ = try await world.backend(Cast.other).accept(second)
    #expect(
      try world.count("SELECT service_linked_role FROM accounts WHERE id = '\(Cast.other)'") == 1)
  }

  @Test("Leaving requires what a standalone account needs")
  func leaving() async throws {
    let world = try World()
    let anna = try world.backend(Cast.anna)
    for (change, reason) in [
      ("payment = 'none'", "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED"),
      ("payment = 'invalid'", "INVALID_PAYMENT_INSTRUMENT"),
      ("payment = 'valid', agreement_accepted = 0", "ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA"),
      (
        "agreement_accepted = 1, phone_verified = 0",
        "ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION"
      ),
    ] {
      try world.change("UPDATE accounts SET \(change)")
      #expect(
        await said { try await anna.leaveOrganization() }
          == "ConstraintViolationException \(reason)")
      #expect(
        await said { try await world.backend(Cast.globex).remove(Untrusted(Cast.anna)) }
          == "ConstraintViolationException \(reason)")
    }
    try world.change("UPDATE accounts SET phone_verified = 1")
    _ = try await anna.leaveOrganization()
    #expect(try await anna.identity().value.role == .standalone)
    #expect(
      await said { try await anna.leaveOrganization() } == "AWSOrganizationsNotInUseException")
    let master = "MasterCannotLeaveOrganizationException"
    let globex = try world.backend(Cast.globex)
    #expect(await said { try await globex.leaveOrganization() } == master)
    #expect(await said { try await globex.remove(Untrusted(Cast.globex)) } == master)
    #expect(
      await said { try await anna.remove(Untrusted(Cast.globex)) }
        == "AWSOrganizationsNotInUseException")
  }

  @Test("The schema itself keeps a management account and a delegated administrator in place")
  func schema() throws {
    let world = try World()
    #expect(throws: (any Error).self) {
      try world.change("DELETE FROM memberships WHERE account = ?", Cast.acme)
    }
    try world.change(
      "INSERT INTO delegated_administrators VALUES (?, ?, 'x')", Cast.clerk, Cast.acmes)
    #expect(throws: (any Error).self) {
      try world.change("DELETE FROM memberships WHERE account = ?", Cast.clerk)
    }
  }
}
