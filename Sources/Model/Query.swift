import Text

/// Which handshakes to list.
public struct Query: Hashable, Sendable {
  public var direction: Direction
  public var filter: Filter?

  public init(_ direction: Direction, filter: Filter? = nil) {
    self.direction = direction
    self.filter = filter
  }

  public enum Direction: Hashable, Sendable {
    /// ListHandshakesForAccount: what the caller's account was asked.
    case received
    /// ListHandshakesForOrganization: what the caller's organization asked.
    case sent

    public var operation: Operation {
      switch self {
      case .received: .listHandshakesForAccount
      case .sent: .listHandshakesForOrganization
      }
    }
  }

  /// The service takes one or the other, never both.
  public enum Filter: Hashable, Sendable {
    case action(Action)
    case parent(HandshakeID)
  }
}

/// Where a listing goes on. Opaque; at most 100,000 characters.
public struct PageToken: Hashable, Sendable {
  public let text: Untrusted

  public init(_ text: Untrusted) {
    self.text = text
  }
}

/// Which page of a listing, and how long it may be.
public struct PageRequest: Hashable, Sendable {
  /// Nil for the first page.
  public var token: PageToken?
  /// 1…20; the service's own choice when nil.
  public var limit: Int?

  public init(_ token: PageToken? = nil, limit: Int? = nil) {
    self.token = token
    self.limit = limit
  }
}

/// Up to 20 handshakes. A page without any that still has a `next` is normal.
public struct Page: Hashable, Sendable {
  public var handshakes: [Handshake]
  /// Nil on the last page.
  public var next: PageToken?

  public init(handshakes: [Handshake], next: PageToken?) {
    self.handshakes = handshakes
    self.next = next
  }
}

/// The way through a listing, page by page: tells when it leads nowhere (DOM-8.3).
public struct PageTrail: Hashable, Sendable {
  /// A token that comes again would lead round in a circle.
  private var tokens: Set<PageToken> = []
  private var empty = 0

  /// Pages without a record in a row. AWS sends some (its API reference: "might be empty"), but each
  /// has taken a step through what there is.
  private static let emptyPages = 1_000

  public init() {}

  /// The token of the page behind this one; nil at the end.
  ///
  /// - Throws: When it came before, or when nothing but empty pages has come for long.
  public mutating func next(
    after reply: Reply<Page>, of operation: Operation
  ) throws(BackendError) -> PageToken? {
    try next(
      reply.value.next, isEmpty: reply.value.handshakes.isEmpty, at: reply.time, of: operation)
  }

  /// The same for a listing of members.
  public mutating func next(
    after reply: Reply<MemberPage>, of operation: Operation
  ) throws(BackendError) -> PageToken? {
    try next(reply.value.next, isEmpty: reply.value.members.isEmpty, at: reply.time, of: operation)
  }

  private mutating func next(
    _ token: PageToken?, isEmpty: Bool, at time: Timestamp, of operation: Operation
  ) throws(BackendError) -> PageToken? {
    empty = isEmpty ? empty + 1 : 0
    guard let next = token else { return nil }
    guard tokens.insert(next).inserted, empty <= Self.emptyPages else {
      throw BackendError(
        .unreadable(Untrusted("the listing's pages repeat")), in: operation,
        applied: .refused, time: time)
    }
    return next
  }
}
