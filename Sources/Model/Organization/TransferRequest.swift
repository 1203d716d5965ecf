import Text

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
