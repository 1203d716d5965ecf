import Model
import ReviewJournal
import Text

/// The key of a row.
///
/// Focus, marks, folds and the plan store keys, never positions.
public enum RowKey: Hashable, Sendable {
  case handshake(HandshakeID)
  /// A record that has no readable id, or that shares its id with another record. The key is the
  /// fingerprint of its content and an ordinal among records with the same content.
  case damaged(Fingerprint, Int)

  /// The handshake id of the key; nil for a damaged record.
  public var id: HandshakeID? {
    if case .handshake(let id) = self { id } else { nil }
  }
}

/// One handshake, as seen by one or several accounts.
public struct Row: Hashable, Sendable {
  /// The key, which stays the same when the handshake is read again.
  public let key: RowKey
  /// The record as it was last read.
  public private(set) var handshake: Handshake
  /// The kind of the handshake, computed once for each reading.
  public private(set) var shape: Shape
  /// The account that the parties name, looked up once for each reading.
  private var recipient: AccountID?
  /// The listings that hold the handshake, in the order in which they were read.
  ///
  /// Empty when no listing holds it any more, and for a row from the journal.
  public internal(set) var sources: [SourceKey]
  /// The service's time when the record was last read.
  ///
  /// For a row from the journal, the wall-clock time at which the attempt was written.
  public private(set) var read: Timestamp
  /// The time on our monotonic clock when the record was last read.
  private(set) var heard: Span
  /// The origin of the record.
  public private(set) var origin: Origin

  /// The place that a record was read from.
  public enum Origin: Hashable, Sendable {
    case service
    /// A saved document, which says nothing about accounts that it does not name.
    case document
    /// Our journal; the service no longer lists the handshake.
    case journal
  }

  /// Creates a row and computes its kind and recipient.
  ///
  /// The kind of a row from the journal is derived from its action and parties, because the journal
  /// does not keep the resources that determine it.
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

  /// Replaces the record with the one in a later reply of the service.
  mutating func replace(_ handshake: Handshake, read: Timestamp, heard: Span) {
    self.handshake = handshake
    shape = handshake.shape
    recipient = handshake.recipientAccount
    touch(read: read, heard: heard)
    if origin == .journal { origin = .service }
  }

  /// Sets the time of the last reading; the record itself is unchanged.
  mutating func touch(read: Timestamp, heard: Span) {
    self.read = read
    self.heard = heard
  }

  /// Marks the record as damaged because another record in the same listing has its id.
  ///
  /// Which of the two counts is unknown.
  mutating func markShared() {
    guard !isShared else { return }
    handshake.damage.append(Damage(.duplicateID, at: "Id"))
  }
}

extension Row {
  /// Whether another record of a listing has the same id.
  var isShared: Bool { handshake.damage.contains { $0.fault == .duplicateID } }

  /// The handshake id; nil for a damaged row.
  public var id: HandshakeID? { key.id }

  /// Returns whether the listing `source` holds the handshake.
  public func isSeen(by source: SourceKey) -> Bool { sources.contains(source) }

  /// Whether the handshake was listed and is not listed any more: the service deleted it, or shows
  /// it to none of the accounts viewed.
  public var isGone: Bool { origin == .service && sources.isEmpty }

  /// Whether one of the operator's accounts is the recipient.
  public var isReceived: Bool { sources.contains { isReceived(by: $0) } }

  /// Whether one of the operator's organizations is the sender.
  public var isSent: Bool { sources.contains { isSent(by: $0) } }

  /// Returns whether the account of `source` is on the sending side.
  ///
  /// The listing of what an organization sent may also hold requests to its management account.
  /// Those were not sent by that account.
  private func isSent(by source: SourceKey) -> Bool {
    source.direction == .sent && recipient != source.account
  }

  private func isReceived(by source: SourceKey) -> Bool {
    source.direction == .received || recipient == source.account
  }

  /// Returns whether the row belongs to `side` because the listing `source` holds it.
  func belongs(to side: RowSelection.Side, by source: SourceKey) -> Bool {
    switch side {
    case .received: isReceived(by: source) || isFinalisable && isSent(by: source)
    case .sent: isSent(by: source)
    case .either: true
    }
  }

  /// Returns whether the row belongs to `side` for one account.
  ///
  /// A handshake that the account received does not count as sent by it.
  func belongs(to side: RowSelection.Side, of account: AccountID) -> Bool {
    sources.contains { $0.account == account && belongs(to: side, by: $0) }
  }

  /// Whether it is a request for all features to which every member has consented, seen from the
  /// side that can finalise it.
  public var isFinalisable: Bool {
    shape == .finalisation && handshake.state == .open && isSent
  }

  /// The account that is asked to answer; nil when it is unknown.
  ///
  /// For a finalisation this is the sender's management account. Otherwise it is the account that
  /// the parties name, or else the account that the service lists it for as received: the handshake
  /// may have been sent to an e-mail address. For a row from a document only the parties are used.
  public var askedAccount: AccountID? {
    if shape == .finalisation { return handshake.senderAccount }
    if origin == .document { return recipient }
    return recipient
      ?? sources.first { $0.direction == .received && $0.account != handshake.senderAccount }?
      .account
  }

  /// Returns the account that has to give `answer`; nil when the record does not name it.
  ///
  /// The sender cancels; the account that is asked accepts or declines.
  public func actor(for answer: Answer) -> AccountID? {
    switch answer {
    case .cancel: handshake.senderAccount
    case .accept, .decline: askedAccount
    }
  }

  /// The account that is asked to join; nil unless the row is a pending invitation.
  var invitedAccount: AccountID? {
    shape == .invitation && handshake.isPending ? askedAccount : nil
  }
}

extension Row {
  /// Returns whether any listing of `account` holds the handshake.
  public func isSeen(by account: AccountID) -> Bool { sources.contains { $0.account == account } }
}
