import Model
import Text

/// A test's own data that is not what the test says it is.
public struct FixtureError: Error {
  public let text: String

  public init(text: String) { self.text = text }
}

/// Values that are known to be well formed, made where a test needs them.
public enum Fixture {
  public static func account(_ text: String) throws -> AccountID {
    guard let id = AccountID(text) else { throw FixtureError(text: text) }
    return id
  }

  public static func organization(_ text: String) throws -> OrganizationID {
    guard let id = OrganizationID(text) else { throw FixtureError(text: text) }
    return id
  }

  public static func handshake(_ text: String) throws -> HandshakeID {
    guard let id = HandshakeID(text) else { throw FixtureError(text: text) }
    return id
  }

  public static func identity(
    _ account: String, in organization: String? = nil, managedBy manager: String? = nil,
    features: FeatureSet = .all
  ) throws -> Identity {
    var membership: Organization?
    if let organization {
      membership = Organization(
        id: try Self.organization(organization),
        managementAccount: try Self.account(manager ?? account),
        managementEmail: Untrusted("management@example.com"), featureSet: features)
    }
    return Identity(
      account: try Self.account(account),
      caller: Untrusted("arn:aws:sts::\(account):assumed-role/Operator/tester"),
      organization: membership)
  }
}

/// A sound invitation, in the form that the service sends; change what the test is about.
public struct InvitationFixture: Sendable {
  public var id = "h-7d1f0c2a9b44e8aa"
  public var sender = "999900001111"
  public var organization = "o-a1b2c3d4e5"
  public var recipient = "222233334444"
  public var state = State.open
  public var requested = ManualTime.mockup - .days(9)
  public var expires = ManualTime.mockup + .days(6)
  public var name = "Acme Holdings"
  public var email = "it@acme-holdings.example"
  public var notes: String? = "CHG-4411 move"

  public init() {}

  public func make() throws -> Handshake {
    guard let parsed = HandshakeID(id),
      let arn = HandshakeARN(
        "arn:aws:organizations::\(sender):handshake/\(organization)/invite/\(id)")
    else { throw FixtureError(text: "\(id) \(sender) \(organization)") }
    var resources = [
      Resource(
        type: .organization, value: Untrusted(organization),
        resources: [
          Resource(type: .masterEmail, value: Untrusted(email)),
          Resource(type: .masterName, value: Untrusted(name)),
          Resource(type: .organizationFeatureSet, value: Untrusted("ALL")),
        ]),
      Resource(type: .account, value: Untrusted(recipient)),
    ]
    if let notes { resources.append(Resource(type: .notes, value: Untrusted(notes))) }
    return Handshake(
      id: parsed, arn: arn,
      parties: [
        Party(id: Untrusted(String(organization.dropFirst(2))), type: .organization),
        Party(id: Untrusted(recipient), type: .account),
      ],
      state: state, requested: requested, expires: expires, action: .invite,
      resources: resources)
  }
}
