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
