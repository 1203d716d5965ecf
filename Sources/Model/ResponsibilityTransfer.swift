import Text

/// An arrangement by which one organization pays another's bill, or an offer of one (AWS
/// Organizations API reference, `ResponsibilityTransfer`).
public struct ResponsibilityTransfer: Hashable, Sendable {
  /// The transfer's ARN as the caller sees it.
  ///
  /// It names the caller's organization, and `inbound` if that pays, else `outbound`.
  public var arn: Untrusted
  /// The sender's name for the transfer, 1 to 128 printable characters.
  public var name: Untrusted
  /// The transfer's id, `rt-…`, which is not that of its handshake.
  public var id: Untrusted
  /// The responsibility that is handed over.
  public var type: Kind
  /// The status of the transfer, which is kept after its handshake is gone.
  public var status: Status
  /// The side that hands its bill over.
  public var source: Participant
  /// The side that pays.
  public var target: Participant
  /// The time from which the target pays.
  public var start: Timestamp
  /// The time at which the transfer ends; nil while nobody has ended it.
  public var end: Timestamp?
  /// The handshake by which the transfer was agreed, while the service still has it.
  public var handshake: HandshakeID?

  /// Creates a transfer from the members of a reply.
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

  /// One side of a transfer (AWS Organizations API reference, `TransferParticipant`).
  ///
  /// An address that has no account yet is given without one.
  public struct Participant: Hashable, Sendable {
    /// The management account; nil if only its address is known.
    public var managementAccount: AccountID?
    /// The address of the management account.
    public var managementEmail: Untrusted?

    /// Creates a side from the members of a reply.
    public init(managementAccount: AccountID?, managementEmail: Untrusted?) {
      self.managementAccount = managementAccount
      self.managementEmail = managementEmail
    }
  }

  /// The type of a transfer (AWS Organizations API reference, `ResponsibilityTransferType`).
  public enum Kind: Hashable, Sendable {
    case billing
    case unknown(Untrusted)
  }

  /// The status of a transfer (AWS Organizations API reference, `ResponsibilityTransferStatus`).
  public enum Status: Hashable, Sendable {
    case requested
    case declined
    case canceled
    case expired
    case accepted
    case withdrawn
    case unknown(Untrusted)
  }

  /// The direction of a transfer as seen from one organization.
  public enum Direction: String, Hashable, CaseIterable, Sendable {
    /// The organization pays another's bill.
    case inbound
    /// Another organization pays this one's bill.
    case outbound
  }
}

/// One page of a listing of transfers.
///
/// An empty page that still has a `next` is normal.
public struct TransferPage: Hashable, Sendable {
  /// The transfers of this page, in the service's order.
  public var transfers: [ResponsibilityTransfer]
  /// The token of the next page; nil on the last page.
  public var next: PageToken?

  /// Creates a page.
  public init(transfers: [ResponsibilityTransfer], next: PageToken?) {
    self.transfers = transfers
    self.next = next
  }
}

extension ResponsibilityTransfer.Kind: WireName {
  /// The names in AWS's `ResponsibilityTransferType`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [("BILLING", .billing)]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

extension ResponsibilityTransfer.Status: WireName {
  /// The names in AWS's `ResponsibilityTransferStatus`, each with its case.
  public static let named: [(name: StaticString, value: Self)] = [
    ("REQUESTED", .requested), ("DECLINED", .declined), ("CANCELED", .canceled),
    ("EXPIRED", .expired), ("ACCEPTED", .accepted), ("WITHDRAWN", .withdrawn),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}

/// The input of InviteOrganizationToTransferResponsibility: an offer to pay another's bill.
///
/// Text is passed on as given; the service validates it.
public struct TransferRequest: Hashable, Sendable {
  /// The responsibility to take over.
  public var type: ResponsibilityTransfer.Kind
  /// The management account, or its address, whose bill the sender would pay.
  public var target: Invitation.Target
  /// The time from which the sender pays: the first instant of one of the next two months (UTC).
  public var start: Timestamp
  /// The sender's name for the transfer, 1…128 printable characters.
  public var name: Untrusted
  /// The message to the recipient, at most 1,024 characters.
  public var notes: Untrusted?
  /// The tags of the transfer, in the order given.
  public var tags: [Invitation.Tag]

  /// Creates an offer to `target`, of type BILLING unless another is given.
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

/// A listing of transfers: its direction and its filter.
///
/// Text is passed on as given; the service validates it.
public struct TransferQuery: Hashable, Sendable {
  /// Whether the transfers that the caller pays are listed, or those of its own bill.
  public var direction: ResponsibilityTransfer.Direction
  /// The type of the transfers that are listed.
  public var type: ResponsibilityTransfer.Kind
  /// The only transfer to list; nil for all.
  ///
  /// The service takes an id for inbound transfers only.
  public var id: Untrusted?

  /// Creates a query.
  public init(
    _ direction: ResponsibilityTransfer.Direction, type: ResponsibilityTransfer.Kind = .billing,
    id: Untrusted? = nil
  ) {
    self.direction = direction
    self.type = type
    self.id = id
  }
}
