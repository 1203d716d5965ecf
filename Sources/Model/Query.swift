import Text

/// A listing of handshakes: its direction and its filter.
public struct Query: Hashable, Sendable {
  /// Whether received or sent handshakes are listed.
  public var direction: Direction
  /// The service's filter; nil to list all.
  public var filter: Filter?

  /// Creates a query.
  public init(_ direction: Direction, filter: Filter? = nil) {
    self.direction = direction
    self.filter = filter
  }

  /// The side of the handshakes that are listed.
  public enum Direction: Hashable, Sendable {
    /// The handshakes sent to the caller's account (ListHandshakesForAccount).
    case received
    /// The handshakes sent by the caller's organization (ListHandshakesForOrganization).
    case sent

    /// The operation that lists this direction.
    public var operation: Operation {
      switch self {
      case .received: .listHandshakesForAccount
      case .sent: .listHandshakesForOrganization
      }
    }
  }

  /// A filter that the service applies: by action or by parent, never by both.
  public enum Filter: Hashable, Sendable {
    case action(Action)
    case parent(HandshakeID)
  }
}

/// The service's token for the next page of a listing.
///
/// It is opaque, and has at most 100,000 characters.
public struct PageToken: Hashable, Sendable {
  /// The token as the service wrote it.
  public let text: Untrusted

  /// Creates a token from the text of a reply.
  public init(_ text: Untrusted) {
    self.text = text
  }
}

/// A request for one page of a listing: which page, and its largest size.
public struct PageRequest: Hashable, Sendable {
  /// The page's token; nil for the first page.
  public var token: PageToken?
  /// The most records in the page, 1…20; nil for the service's default.
  public var limit: Int?

  /// Creates a request.
  public init(_ token: PageToken? = nil, limit: Int? = nil) {
    self.token = token
    self.limit = limit
  }
}

/// One page of handshakes, at most 20.
///
/// An empty page that still has a `next` is normal.
public struct Page: Hashable, Sendable {
  /// The handshakes of this page, in the service's order.
  public var handshakes: [Handshake]
  /// The token of the next page; nil on the last page.
  public var next: PageToken?

  /// Creates a page.
  public init(handshakes: [Handshake], next: PageToken?) {
    self.handshakes = handshakes
    self.next = next
  }
}

/// The tokens of a listing read so far, to detect a listing that never ends (DOM-8.3).
public struct PageTrail: Hashable, Sendable {
  /// The tokens seen; a token that is repeated would start a cycle.
  private var tokens: Set<PageToken> = []
  /// The empty pages since the last one with a record.
  private var empty = 0

  /// The most empty pages in a row.
  ///
  /// AWS sends some (its API reference: "might be empty"), but each is a step through the records.
  private static let emptyPages = 1_000

  /// Creates a trail before its first page.
  public init() {}

  /// Records a page of handshakes, and returns the token of the next; nil at the end.
  ///
  /// - Throws: `BackendError` with `.unreadable` if the token is repeated, or after more than 1,000
  ///   empty pages in a row.
  public mutating func next(
    after reply: Reply<Page>, of operation: Operation
  ) throws(BackendError) -> PageToken? {
    try next(
      reply.value.next, isEmpty: reply.value.handshakes.isEmpty, at: reply.time, of: operation)
  }

  /// Records a page of members, and returns the token of the next; nil at the end.
  ///
  /// - Throws: As for a page of handshakes.
  public mutating func next(
    after reply: Reply<MemberPage>, of operation: Operation
  ) throws(BackendError) -> PageToken? {
    try next(reply.value.next, isEmpty: reply.value.members.isEmpty, at: reply.time, of: operation)
  }

  /// Records a page that has `token` as its next, and returns `token`.
  ///
  /// - Throws: `BackendError` with `.unreadable` if `token` is repeated, or after more than 1,000
  ///   empty pages in a row.
  private mutating func next(
    _ token: PageToken?, isEmpty: Bool, at time: Timestamp, of operation: Operation
  ) throws(BackendError) -> PageToken? {
    empty = isEmpty ? empty + 1 : 0
    guard let next = token else { return nil }
    var fault: String?
    if !tokens.insert(next).inserted { fault = "the listing's pages repeat" }
    if empty > Self.emptyPages {
      fault = "the listing has more than \(Self.emptyPages) empty pages in a row"
    }
    guard let fault else { return next }
    throw BackendError(
      .unreadable(Untrusted(fault)), in: operation, applied: .refused, time: time)
  }
}
