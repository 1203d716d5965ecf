import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Sending invitations")
struct InvitationTests {
  private func invite(_ address: String, from account: String, in world: World) async throws
    -> Handshake
  {
    try await world.backend(account).invite(Invitation(to: .email(Untrusted(address)))).value
  }

  @Test("Ids are `h-` and a version 4 UUID; the ARN is the sender's; nothing is left out")
  func shape() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme, notes: "CHG-1")
    let shown = try await world.describe(id, as: Cast.loner)
    let digits = Array(try #require(shown.id).bare)
    #expect(digits.count == 32)
    #expect(digits[12] == "4")
    #expect("89ab".contains(digits[16]))
    #expect(shown.arn?.account.text == Cast.acme)
    #expect(shown.arn?.organization.text == Cast.acmes)
    #expect(shown.arn?.contradicts(.invite) == false)
    #expect(
      Set(shown.parties) == [
        Party(id: Untrusted("acmeacme01"), type: .organization),
        Party(id: Untrusted(Cast.loner), type: .account),
      ])
    #expect(shown.resource(.organization)?.value == Untrusted(Cast.acmes))
    #expect(shown.senderName == Untrusted("Acme"))
    #expect(shown.senderEmail == Untrusted("Acme@example.com"))
    #expect(shown.featureSet == .all)
    #expect(shown.resource(.account)?.value == Untrusted(Cast.loner))
    #expect(shown.notes == Untrusted("CHG-1"))
    #expect(shown.damage.isEmpty)
  }

  @Test("Notes are kept byte for byte, whatever they would do to a terminal")
  func hostileNotes() async throws {
    let world = try World()
    let notes = Untrusted(bytes: [0x1B, 0x5D, 0x30, 0x07, 0x00, 0xED, 0xA0, 0x80, 0xFF, 0x0A])
    let id = try await world.backend(Cast.acme).invite(
      Invitation(to: .account(Untrusted(Cast.loner)), notes: notes)
    ).value.idText
    #expect(try await world.describe(id, as: Cast.loner).notes == notes)
  }

  @Test(
    "An address finds the account that has it, in either case, and becomes its id when accepted")
  func address() async throws {
    let world = try World()
    let sent = try await invite("Loner@Example.com", from: Cast.acme, in: world)
    #expect(sent.recipientEmail == Untrusted("Loner@Example.com"))
    #expect(sent.recipientAccount == nil)
    let received = try await world.backend(Cast.loner).handshakes(Query(.received), page: nil).value
    #expect(received.handshakes.map(\.id) == [sent.id])
    let accepted = try await world.backend(Cast.loner).accept(sent.idText).value
    #expect(accepted.parties.contains(Party(id: Untrusted("Loner@Example.com"), type: .email)))
    #expect(accepted.recipientAccount?.text == Cast.loner)
  }

  @Test("An address that no account has yet waits for the account that will have it")
  func futureAddress() async throws {
    let world = try World()
    let sent = try await invite("new@example.com", from: Cast.globex, in: world)
    let made = try await world.createAccount("new@example.com", by: Cast.acme)
    let account = try #require(made.account)
    let received = try await world.backend(account.text).handshakes(
      Query(.received), page: nil
    ).value
    #expect(received.handshakes.map(\.id) == [sent.id])
  }

  @Test(
    "One pending invitation for a target, by id or by address; another organization may invite too")
  func duplicates() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let duplicate = "DuplicateHandshakeException"
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == duplicate)
    #expect(
      await said { try await invite("loner@example.com", from: Cast.acme, in: world) } == duplicate)
    #expect(await said { try await world.invite(Cast.loner, from: Cast.globex) } == "ok")
    _ = try await world.backend(Cast.loner).decline(id)
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == "ok")
  }

  @Test("An expired invitation does not block the next")
  func afterExpiry() async throws {
    let world = try World()
    _ = try await world.invite(Cast.loner, from: Cast.acme)
    world.time.pass(.days(15))
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == "ok")
  }

  @Test("Members and pending invitations share one quota; a declined one is returned")
  func accountQuota() async throws {
    let world = try World()
    try world.change("UPDATE organizations SET account_limit = 4 WHERE id = ?", Cast.acmes)
    let full = "HandshakeConstraintViolationException ACCOUNT_NUMBER_LIMIT_EXCEEDED"
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    #expect(await said { try await world.invite(Cast.other, from: Cast.acme) } == full)
    _ = try await world.backend(Cast.loner).decline(id)
    _ = try await world.invite(Cast.other, from: Cast.acme)
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == full)
    world.time.pass(.days(15))
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == "ok")
  }

  @Test("Twenty attempts in 24 hours: cancelled ones count, accepted ones are returned")
  func attempts() async throws {
    let world = try World()
    let acme = try world.backend(Cast.acme)
    let accepted = try await world.invite(Cast.other, from: Cast.acme)
    for _ in 0..<19 {
      _ = try await acme.cancel(try await world.invite(Cast.loner, from: Cast.acme))
    }
    let tooMany = "HandshakeConstraintViolationException HANDSHAKE_RATE_LIMIT_EXCEEDED"
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == tooMany)
    _ = try await world.backend(Cast.other).accept(accepted)
    _ = try await acme.cancel(try await world.invite(Cast.loner, from: Cast.acme))
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == tooMany)
    world.time.pass(.days(1))
    #expect(await said { try await world.invite(Cast.loner, from: Cast.acme) } == "ok")
  }

  struct Input: CustomTestStringConvertible, Sendable {
    var what: String
    var invitation: Invitation
    var said: String
    var testDescription: String { what }
  }

  static let loner = Invitation.Target.account(Untrusted(Cast.loner))

  static let inputs: [Input] = [
    Input(
      what: "an id of eleven digits",
      invitation: Invitation(to: .account(Untrusted("12345678901"))),
      said: "InvalidInputException INVALID_PATTERN_TARGET_ID"),
    Input(
      what: "digits of another script",
      invitation: Invitation(to: .account(Untrusted("١٢٣٤٥٦٧٨٩٠١٢"))),
      said: "InvalidInputException INVALID_PATTERN_TARGET_ID"),
    Input(
      what: "no at sign", invitation: Invitation(to: .email(Untrusted("loner.example.com"))),
      said: "InvalidInputException INVALID_EMAIL_ADDRESS_TARGET"),
    Input(
      what: "two at signs", invitation: Invitation(to: .email(Untrusted("a@b@example.com"))),
      said: "InvalidInputException INVALID_EMAIL_ADDRESS_TARGET"),
    Input(
      what: "a domain without a dot", invitation: Invitation(to: .email(Untrusted("a@example"))),
      said: "InvalidInputException INVALID_EMAIL_ADDRESS_TARGET"),
    Input(
      what: "1,025 characters of notes",
      invitation: Invitation(to: loner, notes: Untrusted(String(repeating: "ü", count: 1_025))),
      said: "InvalidInputException MAX_LENGTH_EXCEEDED"),
    Input(
      what: "1,024 characters of notes",
      invitation: Invitation(to: loner, notes: Untrusted(String(repeating: "ü", count: 1_024))),
      said: "ok"),
    Input(
      what: "a script in the notes",
      invitation: Invitation(to: loner, notes: Untrusted("x<SCRIPT>")),
      said: "InvalidInputException INVALID_PATTERN"),
    Input(
      what: "a tag twice",
      invitation: Invitation(to: loner, tags: [tag("a", "1"), tag("a", "2")]),
      said: "InvalidInputException DUPLICATE_TAG_KEY"),
    Input(
      what: "a system tag", invitation: Invitation(to: loner, tags: [tag("AWS:x", "1")]),
      said: "InvalidInputException INVALID_SYSTEM_TAGS_PARAMETER"),
    Input(
      what: "51 tags", invitation: Invitation(to: loner, tags: (0...50).map { tag("k\($0)", "") }),
      said: "ConstraintViolationException MAX_TAG_LIMIT_EXCEEDED"),
    Input(
      what: "a member of one's own",
      invitation: Invitation(to: .account(Untrusted(Cast.clerk))),
      said: "HandshakeConstraintViolationException ALREADY_IN_AN_ORGANIZATION"),
  ]

  static func tag(_ key: String, _ value: String) -> Invitation.Tag {
    Invitation.Tag(key: Untrusted(key), value: Untrusted(value))
  }

  @Test("Requests that are refused before anything is sent", arguments: inputs)
  func input(_ input: Input) async throws {
    let world = try World()
    #expect(
      await said { try await world.backend(Cast.acme).invite(input.invitation) } == input.said)
  }

  @Test("Accounts that may send")
  func senders() async throws {
    let world = try World()
    #expect(
      await said { try await world.invite(Cast.other, from: Cast.loner) }
        == "AWSOrganizationsNotInUseException")
    #expect(
      await said { try await world.invite(Cast.other, from: Cast.clerk) } == "AccessDeniedException"
    )
    try world.change("UPDATE accounts SET email_verified = 0 WHERE id = ?", Cast.acme)
    #expect(
      await said { try await world.invite(Cast.other, from: Cast.acme) }
        == "AccountOwnerNotVerifiedException")
    try world.change(
      "UPDATE organizations SET ready = \((world.time.now() + .hours(1)).milliseconds)")
    #expect(
      await said { try await world.invite(Cast.other, from: Cast.globex) }
        == "FinalizingOrganizationException")
    world.time.pass(.hours(1))
    #expect(await said { try await world.invite(Cast.other, from: Cast.globex) } == "ok")
  }

  @Test("Tags arrive with the invitation and are removed with the membership")
  func tags() async throws {
    let world = try World()
    let invitation = Invitation(to: Self.loner, tags: [Self.tag("team", "pay"), Self.tag("x", "")])
    let id = try await world.backend(Cast.acme).invite(invitation).value.idText
    _ = try await world.backend(Cast.loner).accept(id)
    let tags = "SELECT count(*) FROM account_tags WHERE account = '\(Cast.loner)'"
    #expect(try world.count(tags) == 2)
    _ = try await world.backend(Cast.loner).leaveOrganization()
    #expect(try world.count(tags) == 0)
  }
}

@Suite("An invitation from sending to joining")
struct ThinLineTests {
  @Test("It is OPEN from the start, both sides see it, and accepting moves the account")
  func invitation() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme, notes: "welcome")
    let received = try await world.backend(Cast.loner).handshakes(Query(.received), page: nil).value
    #expect(received.handshakes.map(\.idText) == [id])
    let sent = try await world.backend(Cast.acme).handshakes(Query(.sent), page: nil).value
    #expect(sent.handshakes.map(\.idText) == [id])
    let shown = try await world.describe(id, as: Cast.loner)
    #expect(shown.state == .open)
    #expect(shown.shape == .invitation)
    #expect(shown.expires == shown.requested.map { $0 + .days(15) })

    let accepted = try await world.backend(Cast.loner).accept(id)
    #expect(accepted.value.state == .accepted)
    #expect(accepted.time == world.time.now())
    #expect(try world.organization(of: Cast.loner) == Cast.acmes)
    let identity = try await world.backend(Cast.loner).identity().value
    #expect(identity.role == .member)
    #expect(
      identity.caller == Untrusted("arn:aws:sts::333333333331:assumed-role/Operator/tester"))
  }
}
