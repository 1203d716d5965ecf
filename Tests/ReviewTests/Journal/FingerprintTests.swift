import Model
import ReviewJournal
import TestSupport
import Testing
import Text

@Suite("The fingerprint of the handshake as shown (SEC-4.2.1)")
struct FingerprintTests {
  private func print(
    _ handshake: Handshake, account: String = "222233334444", place: ServicePlace = Events.place
  ) throws -> Fingerprint {
    Fingerprint(of: handshake, for: try Fixture.account(account), at: place)
  }

  /// Each changes one thing, and names it.
  private static let changes: [(Change.Field, @Sendable (inout Handshake) -> Void)] = [
    (.id, { $0.id = HandshakeID("h-00000000") }),
    (.arn, { $0.arn = nil }),
    (.action, { $0.action = .unknown(Untrusted("INVITE ")) }),
    (.state, { $0.state = .accepted }),
    (.requested, { $0.requested = nil }),
    (.expires, { $0.expires = $0.expires.map { $0 + Span(milliseconds: 1) } }),
    (.party(.account), { $0.parties.removeLast() }),
    (.party(.email), { $0.parties.append(Party(id: Untrusted("a@b"), type: .email)) }),
    (.party(.organization), { $0.parties.append($0.parties[0]) }),
    (.resource([.notes]), { $0.resources[2].value = Untrusted("CHG-4411 Move") }),
    (.resource([.notes]), { $0.resources[2].value = nil }),
    (.resource([.notes]), { $0.resources.removeLast() }),
    (.resource([.account]), { $0.resources[1].deeper = 1 }),
    (.resource([.organization, .masterName]), { $0.resources[0].resources[1].value = nil }),
    (
      .resource([.organization, .masterEmail]),
      { $0.resources[0].resources[0].type = .managementEmail }
    ),
    (
      .resource([.organization, .masterName, .notes]),
      { $0.resources[0].resources[1].resources = [Resource(type: .notes, value: nil)] }
    ),
    (.damage, { $0.damage.append(Damage(.duplicateKey, at: "Id")) }),
  ]

  @Test("any change of any member changes it, and is named", arguments: changes.indices)
  func everyMember(index: Int) throws {
    let (field, change) = Self.changes[index]
    let seen = try InvitationFixture().make()
    var now = seen
    change(&now)
    #expect(try print(seen) != print(now))
    let changes = Change.difference(seen: seen, now: now)
    #expect(changes.map(\.field).contains(field))
    #expect(changes.count <= 2)
  }

  @Test("the acting account and the service are part of it")
  func context() throws {
    let handshake = try InvitationFixture().make()
    let here = try print(handshake)
    #expect(try here != print(handshake, account: "222233334445"))
    let address = Events.place.address
    for place in [
      ServicePlace(.aws, at: address), ServicePlace(.local, at: Untrusted("/other")),
      ServicePlace(.local, at: address, partition: "aws-cn"),
    ] {
      #expect(try here != print(handshake, place: place))
    }
  }

  @Test("a dot at the end of a host's name does not change the endpoint")
  func dot() {
    let plain = "https://organizations.us-east-1.amazonaws.com"
    for rest in ["", ":8443", "/path", ":8443/path"] {
      #expect(
        ServicePlace(.aws, at: Untrusted(plain + "." + rest))
          == ServicePlace(.aws, at: Untrusted(plain + rest)))
    }
    for other in ["https://host/a.", "host.", "://"] {
      #expect(ServicePlace(.aws, at: Untrusted(other)).address == Untrusted(other))
    }
    #expect(ServicePlace(.local, at: Untrusted("/a://b.")).address == Untrusted("/a://b."))
  }

  @Test("the order of the parties is ignored, that of the resources is not")
  func order() throws {
    let seen = try InvitationFixture().make()
    var now = seen
    now.parties.reverse()
    #expect(try print(seen) == print(now))
    #expect(Change.difference(seen: seen, now: now).isEmpty)
    now.resources.reverse()
    #expect(try print(seen) != print(now))
  }

  @Test("a value cannot pass for two, nor a child for a sibling")
  func noConfusion() throws {
    var flat = try InvitationFixture().make()
    flat.resources = [
      Resource(type: .notes, value: Untrusted("a")), Resource(type: .notes, value: Untrusted("b")),
    ]
    var nested = flat
    nested.resources = [
      Resource(
        type: .notes, value: Untrusted("a"),
        resources: [Resource(type: .notes, value: Untrusted("b"))])
    ]
    var joined = flat
    joined.resources = [Resource(type: .notes, value: Untrusted("aNOTESb"))]
    #expect(Set([try print(flat), try print(nested), try print(joined)]).count == 3)
  }

  @Test("names the value before and the value now")
  func beforeAndNow() throws {
    let seen = try InvitationFixture().make()
    var now = seen
    now.resources[2].value = Untrusted("pay here")
    now.state = .canceled
    #expect(
      Change.difference(seen: seen, now: now) == [
        Change(.state, before: Untrusted("OPEN"), now: Untrusted("CANCELED")),
        Change(
          .resource([.notes]), before: Untrusted("CHG-4411 move"), now: Untrusted("pay here")),
      ])
  }

  @Test("a deep tree is included")
  func deep() throws {
    var handshake = try InvitationFixture().make()
    var resource = Resource(type: .notes, value: Untrusted("bottom"))
    for _ in 0..<200 { resource = Resource(type: .organization, value: nil, resources: [resource]) }
    handshake.resources = [resource]
    #expect(try print(handshake) == print(handshake))
  }

  @Test("is written and read as 64 hexadecimal digits")
  func hex() throws {
    let print = try print(try InvitationFixture().make())
    #expect(print.hex.utf8.count == 64)
    #expect(Fingerprint(hex: print.hex) == print)
    for bad in ["", "00", print.hex.uppercased() + "g", String(print.hex.dropLast()) + "G"] {
      #expect(Fingerprint(hex: bad) == nil)
    }
  }
}
