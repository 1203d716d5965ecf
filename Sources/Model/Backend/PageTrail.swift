import Text

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
