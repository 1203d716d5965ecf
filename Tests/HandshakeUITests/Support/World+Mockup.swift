import Model
import ReviewInbox
import TestSupport
import Text

extension World {
  /// The accounts and invitations of the mock-ups.
  static func mockup() throws -> World {
    var content = Content()
    var profiles: [Profile] = []
    for (account, name, organization, manager) in members {
      let id = try Fixture.account(account)
      profiles.append(Profile(account: id, name: Untrusted(name)))
      content.identities[id] = try Fixture.identity(
        account, in: organization, managedBy: manager)
    }
    let old = try Fixture.account("181818181818")
    content.failures[old] = BackendError(
      .service(.expiredToken, reason: nil, message: Untrusted("The token has expired")),
      in: .getCallerIdentity, applied: .refused, requestID: Untrusted("7d0c2c1e-7a1e-4f52"),
      time: ManualTime.mockup)
    content.handshakes = try invitations.map { try $0.make() } + [consentParent()]
    return World(content, profiles: profiles)
  }

  static let trusted = "o-a1b2c3d4e5"

  private static let members: [(String, String, String?, String?)] = [
    ("111122223333", "acme-prod", "o-a1b2c3d4e5", "999900001111"),
    ("222233334444", "acme-dev", nil, nil),
    ("333344445555", "data-lake", nil, nil),
    ("444455556666", "sandbox-7", nil, nil),
    ("121212121212", "research-1", nil, nil),
    ("181818181818", "legacy-old", nil, nil),
    ("999900001111", "acme-main", "o-a1b2c3d4e5", "999900001111"),
  ]

  private static var invitations: [InvitationFixture] {
    [
      invitation("h-7d1f0c2a9b44e8aa", "o-zz9y8x7w6v", "888800002222", "111122223333", hours: 42) {
        $0.name = "Acme Ho1dings"
        $0.email = "it@acme-hoIdings.example"
        $0.notes = "URGENT - accept today or billing stops.\n\u{1B}[2K\u{202E}All ok - trusted"
      },
      invitation("h-222200001111aaaa", trusted, "999900001111", "222233334444", hours: 150) {
        $0.notes = "CHG-4411 move"
      },
      invitation("h-333300001111aaaa", trusted, "999900001111", "333344445555", hours: 151) {
        $0.notes = "CHG-4411"
      },
      invitation("h-444400007777bbbb", "o-q7w8e9r0t1", "777700003333", "444455556666", hours: 270) {
        $0.name = "Globex Corp"
        $0.notes = "Globex pilot"
      },
      invitation("h-444400001111aaaa", trusted, "999900001111", "444455556666", hours: 295) {
        $0.notes = "CHG-4420"
      },
      invitation("h-121200005555cccc", "o-lab0lab1la", "999900005555", "121212121212", hours: 340) {
        $0.name = "研究所 Labs"
        $0.notes = nil
      },
      invitation("h-181800001111aaaa", trusted, "999900001111", "555566667777", hours: 350) {
        $0.notes = "to an account outside"
      },
      invitation("h-99990000dddddddd", trusted, "999900001111", "222233334444", hours: -20) {
        $0.state = .declined
      },
    ]
  }

  private static func invitation(
    _ id: String, _ organization: String, _ sender: String, _ recipient: String, hours: Int64,
    _ change: (inout InvitationFixture) -> Void
  ) -> InvitationFixture {
    var fixture = InvitationFixture()
    fixture.id = id
    fixture.organization = organization
    fixture.sender = sender
    fixture.recipient = recipient
    fixture.expires = ManualTime.mockup + .hours(hours)
    fixture.requested = fixture.expires - .days(15)
    change(&fixture)
    return fixture
  }

  /// A parent that every member has consented to.
  private static func consentParent() throws -> Handshake {
    var parent = try invitation(
      "h-e0e0000011110000", trusted, "999900001111", "999900001111", hours: 1_680
    ) { _ in
    }.make()
    parent.parties = parent.parties.filter { $0.type == .organization }
    parent.resources = parent.resources.filter { $0.type == .organization }
    parent.action = .enableAllFeatures
    return parent
  }
}
