import Model
import Text

/// Invalid test data.
public struct FixtureError: Error {
  /// The malformed value, or the error.
  public let text: String

  /// Creates an error with this text.
  public init(text: String) { self.text = text }
}

/// Values that are known to be well formed, made where a test needs them.
public enum Fixture {
  /// Parses an account id.
  ///
  /// - Throws: `FixtureError` unless the text is twelve digits.
  public static func account(_ text: String) throws -> AccountID {
    guard let id = AccountID(text) else { throw FixtureError(text: text) }
    return id
  }

  /// Parses an organization id.
  ///
  /// - Throws: `FixtureError` unless the text is a valid organization id.
  public static func organization(_ text: String) throws -> OrganizationID {
    guard let id = OrganizationID(text) else { throw FixtureError(text: text) }
    return id
  }

  /// Parses a handshake id.
  ///
  /// - Throws: `FixtureError` unless the text is a valid handshake id.
  public static func handshake(_ text: String) throws -> HandshakeID {
    guard let id = HandshakeID(text) else { throw FixtureError(text: text) }
    return id
  }

  /// Returns the identity of an account, in an organization unless `organization` is nil.
  ///
  /// Without `manager` the account is the management account.
  ///
  /// - Throws: `FixtureError` if an account id or the organization id is malformed.
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
  /// The id, also the last part of the ARN.
  public var id = "h-7d1f0c2a9b44e8aa"
  /// The management account of the sending organization, twelve digits; only the ARN has it.
  public var sender = "999900001111"
  /// The id of the sending organization, with its `o-`.
  public var organization = "o-a1b2c3d4e5"
  /// The invited account, twelve digits.
  public var recipient = "222233334444"
  /// The state, OPEN as that of a new invitation.
  public var state = HandshakeState.open
  /// The time of the request, 9 days before `ManualTime.mockup`.
  public var requested = ManualTime.mockup - .days(9)
  /// The expiry, 15 days after the request.
  public var expires = ManualTime.mockup + .days(6)
  /// The sender's MASTER_NAME.
  public var name = "Acme Holdings"
  /// The sender's MASTER_EMAIL.
  public var email = "it@acme-holdings.example"
  /// The sender's NOTES; no such resource if nil.
  public var notes: String? = "CHG-4411 move"

  /// Creates an open, well-formed invitation.
  public init() {}

  /// Returns the handshake with these values.
  ///
  /// - Throws: `FixtureError` if the id is malformed or the ARN made of the id, `sender` and
  ///   `organization` is.
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
