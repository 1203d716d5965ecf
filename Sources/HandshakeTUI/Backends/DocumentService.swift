import Model
import Review
import Text
import Wire

/// A document that the AWS CLI printed, read as if an account listed it. Nothing can be sent.
struct DocumentService: HandshakeReader {
  /// Whose eyes it is shown through.
  let account: AccountID
  private let handshakes: [Handshake]
  private let clock: any TimeSource
  /// Why the document does not hold the whole listing; nil when it may.
  private let gap: Untrusted?

  /// Nil when no account is given and the document names none.
  /// - Parameter account: The account to look as; nil takes the one that the document is most about.
  init?(_ document: SavedDocument, as account: AccountID?, clock: any TimeSource) {
    let handshakes = document.handshakes
    guard let viewer = account ?? Self.viewer(of: handshakes) else { return nil }
    gap =
      if let fault = document.fault {
        Untrusted("The document is broken at byte \(fault.offset): what follows was not read.")
      } else if document.hasMore {
        Untrusted("The document says that more follow, in a page that it does not hold.")
      } else { nil }
    self.account = viewer
    self.handshakes = handshakes
    self.clock = clock
  }

  /// The account that was asked most often, else the one that asked most often: a saved listing is
  /// either what one account received or what one organization sent.
  private static func viewer(of handshakes: [Handshake]) -> AccountID? {
    let recipients = Set(handshakes.compactMap(\.recipientAccount))
    let senders = Set(handshakes.compactMap(\.senderAccount))
    if recipients.count == 1 || senders.count != 1,
      let account = mostFrequent(handshakes.compactMap(\.recipientAccount))
    {
      return account
    }
    return mostFrequent(handshakes.compactMap(\.senderAccount))
  }

  private static func mostFrequent(_ accounts: [AccountID]) -> AccountID? {
    let counts = accounts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// A document tells neither who read it nor what that account is in.
  func identity() async throws(BackendError) -> Reply<Identity> {
    Reply(.untold(account), at: clock.now())
  }

  /// In pages, so that the first rows are shown before the last ones are taken in. What is missing is
  /// one page more, which cannot be read.
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
    let start = page.flatMap { $0.text.asciiText }.flatMap { Int($0) } ?? 0
    if let gap, page == Self.gapToken {
      throw BackendError(
        .unreadable(gap),
        in: query.direction.operation, applied: .refused, time: clock.now())
    }
    let isSent = query.direction == .sent
    var found: [Handshake] = []
    var index = min(max(start, 0), handshakes.count)
    while index < handshakes.count, found.count < Self.pageLength {
      let handshake = handshakes[index]
      index += 1
      if (handshake.senderAccount == account) == isSent, query.filter.matches(handshake) {
        found.append(handshake)
      }
    }
    let next =
      index < handshakes.count
      ? PageToken(Untrusted("\(index)")) : gap.map { _ in Self.gapToken }
    return Reply(Page(handshakes: found, next: next), at: clock.now())
  }

  private static let pageLength = 2_000
  private static let gapToken = PageToken(Untrusted("gap"))

  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    guard let handshake = handshakes.first(where: { $0.id == id }) else {
      throw BackendError(
        .service(
          .handshakeNotFound, reason: nil, message: Untrusted("The document does not hold it.")),
        in: .describeHandshake, applied: .refused, time: clock.now())
    }
    return Reply(handshake, at: clock.now())
  }
}

extension Query.Filter? {
  fileprivate func matches(_ handshake: Handshake) -> Bool {
    switch self {
    case nil: true
    case .action(let action): handshake.action == action
    case .parent(let id): handshake.parent == id
    }
  }
}
