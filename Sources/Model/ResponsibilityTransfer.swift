import Text

/// An arrangement by which one organization pays another's bill, or an offer of one (AWS
/// Organizations API reference, `ResponsibilityTransfer`).
public struct ResponsibilityTransfer: Hashable, Sendable {
  /// Of the side that asks: its organization, and `inbound` for who pays.
  public var arn: Untrusted
  public var name: Untrusted
  /// `rt-…`
  public var id: Untrusted
  public var type: Kind
  public var status: Status
  /// Who gives its bill away.
  public var source: Participant
  /// Who pays.
  public var target: Participant
  public var start: Timestamp
  /// Nil while nobody has ended it.
  public var end: Timestamp?
  /// The handshake that it was agreed by, while the service remembers it.
  public var handshake: HandshakeID?

  public init(
    arn: Untrusted, name: Untrusted, id: Untrusted, type: Kind, status: Status,
    source: Participant, target: Participant, start: Timestamp, end: Timestamp? = nil,
    handshake: HandshakeID? = nil
  ) {
    self.arn = arn
    self.name = name
    self.id = id
    self.type = type
    self.status = status
    self.source = source
    self.target = target
    self.start = start
    self.end = end
    self.handshake = handshake
  }

  /// AWS Organizations API reference, `TransferParticipant`. An address that no account has yet
  /// stands alone.
  public struct Participant: Hashable, Sendable {
    public var managementAccount: AccountID?
    public var managementEmail: Untrusted?

    public init(managementAccount: AccountID?, managementEmail: Untrusted?) {
      self.managementAccount = managementAccount
      self.managementEmail = managementEmail
    }
  }

  /// AWS Organizations API reference, `ResponsibilityTransferType`.
  public enum Kind: Hashable, Sendable {
    case billing
    case unknown(Untrusted)
  }

  /// AWS Organizations API reference, `ResponsibilityTransferStatus`.
  public enum Status: Hashable, Sendable {
    case requested
    case declined
    case canceled
    case expired
    case accepted
    case withdrawn
    case unknown(Untrusted)
  }

  /// Whose bill it is, seen from an organization.
  public enum Direction: String, Hashable, CaseIterable, Sendable {
    /// It pays another's.
    case inbound
    /// Another pays its own.
    case outbound
  }
}

/// One page of a listing of transfers. A page without any that still has a `next` is normal.
public struct TransferPage: Hashable, Sendable {
  public var transfers: [ResponsibilityTransfer]
  /// Nil on the last page.
  public var next: PageToken?

  public init(transfers: [ResponsibilityTransfer], next: PageToken?) {
    self.transfers = transfers
    self.next = next
  }
}

extension ResponsibilityTransfer.Kind: WireName {
  public static let named: [(name: StaticString, value: Self)] = [("BILLING", .billing)]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension ResponsibilityTransfer.Status: WireName {
  public static let named: [(name: StaticString, value: Self)] = [
    ("REQUESTED", .requested), ("DECLINED", .declined), ("CANCELED", .canceled),
    ("EXPIRED", .expired), ("ACCEPTED", .accepted), ("WITHDRAWN", .withdrawn),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

/// InviteOrganizationToTransferResponsibility's input: an offer to pay another organization's bill.
/// Text is as it was given: the service checks it.
public struct TransferRequest: Hashable, Sendable {
  public var type: ResponsibilityTransfer.Kind
  public var target: Invitation.Target
  /// When the sender begins to pay: the first instant of one of the next two months (UTC).
  public var start: Timestamp
  /// The sender's name for the transfer, 1…128 printable characters.
  public var name: Untrusted
  /// At most 1,024 characters.
  public var notes: Untrusted?
  public var tags: [Invitation.Tag]

  public init(
    _ type: ResponsibilityTransfer.Kind = .billing, to target: Invitation.Target,
    start: Timestamp, name: Untrusted, notes: Untrusted? = nil, tags: [Invitation.Tag] = []
  ) {
    self.type = type
    self.target = target
    self.start = start
    self.name = name
    self.notes = notes
    self.tags = tags
  }
}

/// Which transfers to list. Text is as it was given: the service checks it.
public struct TransferQuery: Hashable, Sendable {
  public var direction: ResponsibilityTransfer.Direction
  public var type: ResponsibilityTransfer.Kind
  /// That one alone; the service takes it for inbound transfers only.
  public var id: Untrusted?

  public init(
    _ direction: ResponsibilityTransfer.Direction, type: ResponsibilityTransfer.Kind = .billing,
    id: Untrusted? = nil
  ) {
    self.direction = direction
    self.type = type
    self.id = id
  }
}
