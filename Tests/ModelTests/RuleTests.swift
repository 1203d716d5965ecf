import Model
import TestSupport
import Testing
import Text

/// Who may answer in which state (DOM-3, DOM-4).
@Suite struct RuleTests {
  /// One cell each: accept, decline, cancel.
  @Test(
    "the service's answer follows from state and shape",
    arguments: [
      (.open, .invitation, [.allowed, .allowed, .allowed]),
      (.open, .consent, [.allowed, .allowed, .allowed]),
      (.open, .transfer, [.allowed, .allowed, .allowed]),
      (.open, .finalisation, [.allowed, .denied, .allowed]),
      (.requested, .transfer, [.allowed, .allowed, .allowed]),
      (.requested, .invitation, [.allowed, .allowed, .allowed]),
      (.requested, .finalisation, [.invalid, .denied, .allowed]),
      (.accepted, .invitation, [.alreadyInState, .invalid, .invalid]),
      (.declined, .invitation, [.invalid, .alreadyInState, .invalid]),
      (.canceled, .invitation, [.invalid, .invalid, .alreadyInState]),
      (.expired, .invitation, [.invalid, .invalid, .invalid]),
      (.accepted, .finalisation, [.alreadyInState, .denied, .invalid]),
      (.canceled, .finalisation, [.invalid, .denied, .alreadyInState]),
      (.expired, .finalisation, [.invalid, .denied, .invalid]),
      (.unknown(Untrusted("NEW")), .invitation, [.invalid, .invalid, .invalid]),
    ] as [(HandshakeState, Shape, [Transition])])
  func transitions(_ state: HandshakeState, _ shape: Shape, _ expected: [Transition]) {
    #expect(Answer.allCases.map { Transition.of($0, in: state, shape) } == expected)
  }

  @Test(
    "the shape follows from parties and resources, whatever the action is; a request for the role is a consent"
  )
  func shapes() throws {
    let organization = Party(id: Untrusted("a1b2c3d4e5"), type: .organization)
    let account = Party(id: Untrusted("222233334444"), type: .account)
    let email = Party(id: Untrusted("a@b.example"), type: .email)
    let parent = Resource(type: .parentHandshake, value: Untrusted("c440da758cab4406"))
    let transfer = Resource(type: .transferType, value: Untrusted("BILLING"))
    let responsibility = Resource(type: .responsibilityTransfer, value: Untrusted("rt-12345678"))
    let rows: [([Party], [Resource], Shape)] = [
      ([organization, account], [], .invitation), ([account, organization], [], .invitation),
      ([organization, email], [], .invitation), ([organization], [], .finalisation),
      ([organization, account], [parent], .consent),
      ([organization, account], [transfer], .transfer),
      ([organization, email], [responsibility], .transfer),
      ([], [], .unknown), ([account], [], .unknown), ([account, email], [], .unknown),
      ([organization, organization], [], .unknown),
      ([organization, account, email], [], .unknown),
      ([organization, Party(id: Untrusted("x"), type: .unknown(Untrusted("NEW")))], [], .unknown),
      ([account, email], [parent], .unknown),
    ]
    for action in Action.allKnown {
      for (parties, resources, shape) in rows {
        var handshake = try InvitationFixture().make()
        handshake.action = action
        handshake.parties = parties
        handshake.resources = resources
        let isRole = action == .addOrganizationsServiceLinkedRole
        let expected = shape == .invitation && isRole ? Shape.consent : shape
        #expect(handshake.shape == expected, "\(parties) \(action)")
      }
    }
  }

  private static let sender = "999900001111"
  private static let recipient = "222233334444"
  private static let stranger = "555566667777"

  private func viewer(_ account: String, _ role: Identity.Role = .standalone) throws -> Viewpoint {
    let identity =
      switch role {
      case .unknown: Identity.untold(try Fixture.account(account))
      case .standalone: try Fixture.identity(account)
      case .member: try Fixture.identity(account, in: "o-zzzzzzzzzz", managedBy: Self.stranger)
      case .management: try Fixture.identity(account, in: "o-zzzzzzzzzz", managedBy: account)
      }
    return Viewpoint(identity, received: account == Self.recipient)
  }

  private func impediments(
    _ handshake: Handshake, _ viewer: Viewpoint, at now: Timestamp = ManualTime.mockup
  ) -> [Ineligibility?] {
    Answer.allCases.map { handshake.impediment(to: $0, for: viewer, at: now) }
  }

  @Test("the recipient answers an invitation, and the sender cancels it")
  func invitation() throws {
    let handshake = try InvitationFixture().make()
    let sender = try Fixture.account(Self.sender)
    let recipient = try Fixture.account(Self.recipient)
    let others: [Ineligibility?] = [.onlyRecipient(recipient), .onlyRecipient(recipient)]
    #expect(impediments(handshake, try viewer(Self.recipient)) == [nil, nil, .onlySender(sender)])
    #expect(
      impediments(handshake, try viewer(Self.recipient, .member)) == [
        nil, nil, .onlySender(sender),
      ])
    #expect(impediments(handshake, try viewer(Self.sender, .management)) == others + [nil])
    #expect(impediments(handshake, try viewer(Self.stranger)) == others + [.onlySender(sender)])
    #expect(
      impediments(handshake, try viewer(Self.recipient, .management)) == [
        .managementAccountCannotJoin, nil, .onlySender(sender),
      ])
    let member = Viewpoint(
      try Fixture.identity(Self.recipient, in: "o-a1b2c3d4e5", managedBy: Self.sender),
      received: true)
    #expect(
      handshake.impediment(to: .accept, for: member, at: ManualTime.mockup)
        == .alreadyMember(try Fixture.organization("o-a1b2c3d4e5")))
  }

  @Test("an invitation to an address is answered by the account that the service lists it for")
  func address() throws {
    var handshake = try InvitationFixture().make()
    handshake.parties[1] = Party(id: Untrusted("juan@example.com"), type: .email)
    handshake.resources[1] = Resource(type: .email, value: Untrusted("juan@example.com"))
    #expect(
      handshake.impediment(to: .accept, for: try viewer(Self.recipient), at: ManualTime.mockup)
        == nil)
    #expect(
      handshake.impediment(to: .accept, for: try viewer(Self.stranger), at: ManualTime.mockup)
        == .onlyRecipient(nil))
  }

  @Test("the management account finalises a parent, once every member has consented")
  func finalisation() throws {
    var handshake = try InvitationFixture().make()
    handshake.parties.removeLast()
    handshake.resources.removeLast(2)
    let sender = try Fixture.account(Self.sender)
    #expect(
      impediments(handshake, try viewer(Self.sender, .management)) == [nil, .nothingToDecline, nil])
    #expect(
      impediments(handshake, try viewer(Self.recipient)) == [
        .onlyManagement(sender), .nothingToDecline, .onlySender(sender),
      ])
    handshake.state = .requested
    #expect(
      impediments(handshake, try viewer(Self.sender, .management)) == [
        .waitingForMembers, .nothingToDecline, nil,
      ])
  }

  @Test("only a management account transfers a bill")
  func transfer() throws {
    var handshake = try InvitationFixture().make()
    handshake.resources.append(Resource(type: .transferType, value: Untrusted("BILLING")))
    let accept = { (viewer: Viewpoint) in
      handshake.impediment(to: .accept, for: viewer, at: ManualTime.mockup)
    }
    #expect(accept(try viewer(Self.recipient, .management)) == nil)
    #expect(accept(try viewer(Self.recipient, .member)) == .onlyManagementTransfers)
    #expect(accept(try viewer(Self.recipient)) == .onlyManagementTransfers)
  }

  @Test("settled, expired, damaged and unknown handshakes cannot be answered")
  func general() throws {
    let viewer = try viewer(Self.recipient)
    func all(_ change: (inout Handshake) -> Void) throws -> Set<Ineligibility?> {
      var handshake = try InvitationFixture().make()
      change(&handshake)
      return Set(impediments(handshake, viewer))
    }
    for state in HandshakeState.allKnown where state.isTerminal {
      #expect(try all { $0.state = state } == [.settled(state)])
    }
    let now = ManualTime.mockup
    #expect(try all { $0.expires = now } == [.expired(now)])
    #expect(try all { $0.expires = now + Span(milliseconds: 1) }.contains(nil))
    #expect(try all { $0.damage = [Damage(.malformed, at: "Id")] } == [.damaged])
    #expect(try all { $0.id = nil } == [.damaged])
    #expect(try all { $0.arn = nil } == [.damaged])
    #expect(try all { $0.state = nil } == [.damaged])
    #expect(try all { $0.parties = [] } == [.unknownKind])
    #expect(try all { $0.action = .unknown(Untrusted("NEW")) } == [.unknownKind])
    let unknown = HandshakeState.unknown(Untrusted("NEW"))
    #expect(try all { $0.state = unknown } == [.settled(unknown)])
  }

  @Test("the role follows from the organization and its management account")
  func roles() throws {
    #expect(try Fixture.identity("111111111111").role == .standalone)
    #expect(
      try Fixture.identity("111111111111", in: "o-a1b2c3d4e5", managedBy: "222222222222").role
        == .member)
    #expect(try Fixture.identity("111111111111", in: "o-a1b2c3d4e5").role == .management)
  }

  @Test("each answer has its operation and its resulting state")
  func answers() {
    #expect(Answer.allCases.map(\.target) == [.accepted, .declined, .canceled])
    #expect(
      Answer.allCases.map(Operation.sending) == [
        .acceptHandshake, .declineHandshake, .cancelHandshake,
      ])
  }
}
