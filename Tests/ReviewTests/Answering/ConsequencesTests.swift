import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("Consequences of an answer (DOM-6)")
struct ConsequencesTests {
  private func effects(
    _ answer: Answer, _ handshake: Handshake, _ identity: Identity, trust: TrustList = TrustList()
  ) -> [Consequence] {
    Consequences(answer, to: handshake, as: identity, trust: trust).effects
  }

  @Test("A standalone account leaves nothing; a member leaves its organization, by name")
  func joining() throws {
    let invitation = try World.invitation(1)
    let alone = try Fixture.identity(World.acmeDev)
    let standalone = effects(.accept, invitation, alone)
    #expect(
      standalone == [
        .joins(
          try Fixture.organization(World.acme), managedBy: try Fixture.account(World.acmeManager)),
        .policiesBind, .payer(try Fixture.account(World.acmeManager)), .createsServiceRole,
        .noAccessRole, .trustedServicesMayAct, .noUndo,
      ])
    let member = try Fixture.identity(
      World.acmeDev, in: World.globex, managedBy: World.globexManager)
    let moving = effects(
      .accept, invitation, member,
      trust: try World.trusting(World.globex, World.globexManager))
    let globex = try Fixture.organization(World.globex)
    #expect(moving.first == .leaves(globex, name: Untrusted("Acme Holdings")))
    #expect(moving.contains(.losesOldOrganization))
    #expect(moving.contains(.costHistoryStays(globex)))
    // A name in the trust list under another management account is not this organization's.
    let unnamed = effects(.accept, invitation, member, trust: try World.trusting(World.globex))
    #expect(unnamed.first == .leaves(globex, name: nil))
  }

  @Test(
    "The feature set decides whether policies bind",
    arguments: [
      ("ALL", Consequence.policiesBind), ("CONSOLIDATED_BILLING", .billingOnly),
      ("FULL", .featuresUnknown),
    ])
  func features(text: String, expected: Consequence) throws {
    var invitation = try World.invitation(1)
    invitation.resources[0].resources[2].value = Untrusted(text)
    #expect(effects(.accept, invitation, try Fixture.identity(World.acmeDev)).contains(expected))
  }

  @Test("The other kinds have their own consequences")
  func kinds() throws {
    let identity = try Fixture.identity(World.acmeDev)
    let acme = try Fixture.organization(World.acme)
    let consent = try World.invitation(1).asConsent(of: "abcdefgh12")
    #expect(effects(.accept, consent, identity).first == .consents(acme))
    let parent = try World.invitation(1).asFinalisation(.open)
    #expect(effects(.accept, parent, identity).contains(.oneWay))
    #expect(effects(.cancel, parent, identity) == [.endsAllFeaturesRequest])
    let transfer = try World.invitation(1).asTransfer()
    let start = CivilDate(year: 2027, month: 1, day: 1).instant
    #expect(
      effects(.accept, transfer, identity).first
        == .handsBillOver(to: try Fixture.account(World.acmeManager), from: start))
    #expect(effects(.decline, try World.invitation(1), identity).contains(.needsNewInvitation))
  }

  @Test("What only AWS knows is listed as possible refusals, by the account that accepts")
  func refusals() throws {
    let invitation = try World.invitation(1)
    let alone = Consequences(
      .accept, to: invitation, as: try Fixture.identity(World.acmeDev), trust: TrustList())
    #expect(!alone.mayBeRefused.contains(.leavingDenied))
    #expect(alone.mayBeRefused.contains(.permission("iam:CreateServiceLinkedRole")))
    let member = Consequences(
      .accept, to: invitation,
      as: try Fixture.identity(World.acmeDev, in: World.globex, managedBy: World.globexManager),
      trust: TrustList())
    #expect(member.mayBeRefused.contains(.leavingDenied))
    #expect(member.mayBeRefused.contains(.delegatedAdministrator))
  }

  @Test("Every consequence, refusal and step has printable words")
  func words() throws {
    let hostile = try World.trusting(World.globex, World.globexManager)
    let member = try Fixture.identity(
      World.acmeDev, in: World.globex, managedBy: World.globexManager)
    let base = try World.invitation(1)
    let kinds = [
      base, base.asConsent(of: "abcdefgh12"), base.asFinalisation(.open), base.asTransfer(),
      base.toEmail("a\u{202E}b@example.com"),
    ]
    for handshake in kinds {
      for answer in Answer.allCases {
        let all = Consequences(answer, to: handshake, as: member, trust: hostile)
        let lines =
          all.effects.map { "\($0.label) \($0.words(in: .ascii))" }
          + all.mayBeRefused.map(\.words)
          + AfterAccept.steps(after: handshake, as: member).map(\.words)
        for line in lines {
          #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(line)")
        }
      }
    }
  }

  @Test(
    "After joining: unit, access role, Control Tower, tags, billing; a member that moves checks its access"
  )
  func afterwards() throws {
    let invitation = try World.invitation(1)
    let alone = AfterAccept.steps(after: invitation, as: try Fixture.identity(World.acmeDev))
    #expect(alone.count == 5)
    let mover = AfterAccept.steps(
      after: invitation,
      as: try Fixture.identity(World.acmeDev, in: World.globex, managedBy: World.globexManager))
    #expect(mover.first == .checkWayIn(try Fixture.account(World.acmeDev)))
    #expect(mover.dropFirst() == alone[...])
  }
}

@Suite("Checks before an answer")
struct CheckTests {
  @Test("Only known facts are checked; each is listed once")
  func facts() throws {
    var world = try World(trust: try World.trusting())
    world.read(
      try World.source(World.acmeDev),
      [
        try World.invitation(1) { $0.notes = "a\u{202E}b" },
        try World.invitation(2) { $0.expires = World.now + .days(9) },
      ])
    var plan = Plan()
    let first = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    let second = try #require(world.inbox.row(try Fixture.handshake(World.id(2))))
    _ = plan.stage(.accept, second, in: world.inbox, from: World.place, at: World.now)
    let checks = Check.all(.accept, to: first, in: world.inbox, with: plan, at: World.now)
    let account = try Fixture.account(World.acmeDev)
    #expect(
      checks == [
        Check(.identified(account), .passed), Check(.mayAnswer(.accept, nil), .passed),
        Check(.timeLeft(.hours(1)), .attention),
        Check(
          .trust(
            .ok, try Fixture.organization(World.acme),
            managedBy: try Fixture.account(World.acmeManager)), .passed),
        Check(.onlyAccept(account, other: second.id), .failed),
        Check(.openInvitations(account, 2), .attention), Check(.hiddenText(1), .attention),
        Check(.openAttempt(nil), .attention),
      ])
    for check in checks { #expect(!check.words(in: .utf8).isEmpty) }
    let own = Check.all(.accept, to: second, in: world.inbox, with: plan, at: World.now)
    #expect(own.filter { $0.verdict == .failed }.isEmpty)
  }

  @Test("An expired handshake, the other side and a lock are failures")
  func failures() throws {
    var world = try World()
    world.read(try World.source(World.acmeDev), [try World.invitation(1)])
    let row = try #require(world.inbox.row(try Fixture.handshake(World.id(1))))
    var plan = Plan()
    plan.recordMismatch(try Fixture.handshake(World.id(1)))
    plan.recordMismatch(try Fixture.handshake(World.id(1)))
    let late = Check.all(
      .accept, to: row, in: world.inbox, with: plan, at: World.now + .hours(2))
    #expect(late.contains(Check(.timeLeft(.hours(-1)), .failed)))
    #expect(late.contains(Check(.locked, .failed)))
    let cancel = Check.all(.cancel, to: row, in: world.inbox, with: plan, at: World.now)
    let sender = try Fixture.account(World.acmeManager)
    #expect(cancel.contains(Check(.mayAnswer(.cancel, .onlySender(sender)), .failed)))
  }

  @Test(
    "Time left in words, and short",
    arguments: [
      (Span.days(6), "6 d 0 h", "6d"), (.hours(42), "1 d 18 h", "42h"),
      (.hours(48), "2 d 0 h", "2d"), (.minutes(119), "1 h 59 min", "1h"),
      (.seconds(59), "0 min", "0m"), (.hours(-3), "0 min", "0m"),
    ])
  func spans(span: Span, long: String, short: String) {
    #expect(span.words == long)
    #expect(span.shortWords == short)
  }
}
