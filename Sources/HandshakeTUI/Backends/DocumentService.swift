import HandshakeUI
import Model
import Review
import Text
import Wire

/// A saved document, read as if an account listed it. Nothing can be sent.
///
/// A document does not say who listed it. The account that it is read through carries its rows to the
/// lists; what a row says of accounts is only what the handshake itself names.
struct DocumentService: HandshakeReader {
  /// The account that carries the rows: the operator's choice, else one that the document names.
  let account: AccountID
  /// How many handshakes are left out because they name other accounts than the operator's choice.
  let otherAccounts: Int
  private let handshakes: [Handshake]
  private let all: [Handshake]
  private let clock: any TimeSource
  /// Why the document does not hold the whole listing; nil when it may.
  private let gap: Untrusted?

  /// Nil when there is nothing to be listed, and no account to list it through.
  ///
  /// - Parameter account: Only handshakes between this account and others, and those that name no account
  ///   that is asked, are listed; nil takes all of them.
  init?(_ document: SavedDocument, as account: AccountID?, clock: any TimeSource) {
    let all = document.handshakes
    self.all = all
    handshakes = account.map { account in all.filter { $0.mayConcern(account) } } ?? all
    otherAccounts = all.count - handshakes.count
    gap =
      if let fault = document.fault {
        Untrusted("The document is damaged at byte \(fault.offset): the rest was not read.")
      } else if document.hasMore {
        Untrusted("The document has a NextToken: further pages are missing.")
      } else { nil }
    let carrier =
      account ?? Self.viewer(of: all) ?? (all.isEmpty && gap == nil ? nil : AccountID.unnamed)
    guard let carrier else { return nil }
    self.account = carrier
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
    guard let handshake = all.first(where: { $0.id == id }) else {
      throw BackendError(
        .service(
          .handshakeNotFound, reason: nil, message: Untrusted("The document does not contain it.")),
        in: .describeHandshake, applied: .refused, time: clock.now())
    }
    return Reply(handshake, at: clock.now())
  }
}

extension Handshake {
  /// Whether an account is a party to it, or may be: who is asked may be named by an address alone.
  fileprivate func mayConcern(_ account: AccountID) -> Bool {
    if senderAccount == account || recipientAccount == account { return true }
    return recipientAccount == nil && (recipientEmail != nil || !damage.isEmpty)
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
