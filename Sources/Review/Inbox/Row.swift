import Model
import Text

/// What a row is known by. Focus, marks, folds and the plan hold keys, never positions.
public enum RowKey: Hashable, Sendable {
  case handshake(HandshakeID)
  /// A record without a readable id of its own, or that shares its id with another: known by its
  /// content, and by which one it is among equals.
  case damaged(Fingerprint, Int)

  public var id: HandshakeID? {
    if case .handshake(let id) = self { id } else { nil }
  }
}

/// One handshake as seen through one or several profiles.
public struct Row: Hashable, Sendable {
  public let key: RowKey
  /// As it was last read.
  public private(set) var handshake: Handshake
  /// What kind it is, worked out once.
  public private(set) var shape: Shape
  /// The account that the parties name, looked up once.
  private var recipient: AccountID?
  /// The listings that hold it, in the order they were read. Empty once none does any more.
  public internal(set) var sources: [SourceKey]
  /// The service's time when it was last read.
  public private(set) var read: Timestamp
  /// When that was on our monotonic clock.
  private(set) var heard: Span
  public private(set) var origin: Origin

  public enum Origin: Hashable, Sendable {
    case service
    /// A saved document, which tells nothing about accounts that it does not name.
    case document
    /// The service has forgotten it; our journal has not.
    case journal
  }

  public init(
    key: RowKey, handshake: Handshake, sources: [SourceKey], read: Timestamp,
    heard: Span = .zero, origin: Origin = .service
  ) {
    self.key = key
    self.handshake = handshake
    shape = origin == .journal ? handshake.rememberedShape : handshake.shape
    recipient = handshake.recipientAccount
    self.sources = sources
    self.read = read
    self.heard = heard
    self.origin = origin
  }

  /// Takes over what a later reply of the service says.
  mutating func replace(_ handshake: Handshake, read: Timestamp, heard: Span) {
    self.handshake = handshake
    shape = handshake.shape
    recipient = handshake.recipientAccount
    touch(read: read, heard: heard)
    if origin == .journal { origin = .service }
  }

  mutating func touch(read: Timestamp, heard: Span) {
    self.read = read
    self.heard = heard
  }

  /// A second record with the same id came in the same listing: which one counts cannot be told.
  mutating func markShared() {
    guard !handshake.damage.contains(where: { $0.fault == .duplicateID }) else { return }
    handshake.damage.append(Damage(.duplicateID, at: "Id"))
  }
}

extension Row {
  /// Nil for a damaged row.
  public var id: HandshakeID? { key.id }

  public func isSeen(by source: SourceKey) -> Bool { sources.contains(source) }

  /// Whether it was listed and is not any more: the service forgot it, or shows it to nobody here.
  public var isGone: Bool { origin == .service && sources.isEmpty }

  /// Whether one of the operator's accounts was asked.
  public var isReceived: Bool { sources.contains { isReceived(by: $0) } }

  /// Whether one of the operator's organizations asked.
  public var isSent: Bool { sources.contains { isSent(by: $0) } }

  /// An organization's listing may hold what its management account was asked: that was not sent by it.
  private func isSent(by source: SourceKey) -> Bool {
    source.direction == .sent && recipient != source.account
  }

  private func isReceived(by source: SourceKey) -> Bool {
    source.direction == .received || recipient == source.account
  }

  /// Whether it belongs to a side because this listing holds it.
  func belongs(to side: RowSelection.Side, by source: SourceKey) -> Bool {
    switch side {
    case .received: isReceived(by: source) || isFinalisable && isSent(by: source)
    case .sent: isSent(by: source)
    case .either: true
    }
  }

  /// Whether it belongs to a side as one account sees it: what it received it did not send.
  func belongs(to side: RowSelection.Side, of account: AccountID) -> Bool {
    sources.contains { $0.account == account && belongs(to: side, by: $0) }
  }

  /// A parent to which every member has consented, seen from the side that can finalise it.
  public var isFinalisable: Bool {
    shape == .finalisation && handshake.state == .open && isSent
  }

  /// The account that is asked: named by the parties, else the one that the service showed it to (it may
  /// have been sent to an e-mail address). Who received what a document holds, only the parties tell.
  public var askedAccount: AccountID? {
    if shape == .finalisation { return handshake.senderAccount }
    if origin == .document { return recipient }
    return recipient
      ?? sources.first { $0.direction == .received && $0.account != handshake.senderAccount }?
      .account
  }

  /// The account whose part `answer` is, by the parties; nil when they do not tell.
  public func actor(for answer: Answer) -> AccountID? {
    switch answer {
    case .cancel: handshake.senderAccount
    case .accept, .decline: askedAccount
    }
  }

  /// The account that an invitation still asks to join.
  var invitedAccount: AccountID? {
    shape == .invitation && handshake.isPending ? askedAccount : nil
  }
}

extension Row {
  /// Whether any listing of this account's holds it.
  public func isSeen(by account: AccountID) -> Bool { sources.contains { $0.account == account } }
}
