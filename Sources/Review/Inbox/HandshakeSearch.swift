import Model
import ReviewJournal
import Text

/// A search for handshakes by id, as one account after the other, as a state machine.
///
/// `begin`, `compareNames` and `handle` return the reads that are needed next.
public struct HandshakeSearch: Equatable, Sendable {
  /// The handshakes that were found, and the accounts as which they were read.
  public var inbox: Inbox
  /// The errors of the ids that were not found: the first that is not "no such handshake", else
  /// that one.
  public private(set) var errors: [HandshakeID: BackendError] = [:]
  /// The reason that not all names were compared; nil if they were.
  public private(set) var namesUnread: NamesUnread?

  /// The reason that not all names were compared.
  public enum NamesUnread: Hashable, Sendable {
    case failed(BackendError)
    /// The listing has more pages than are read for it.
    case tooLong(pages: Int)
  }

  /// The most pages that are read to compare names.
  static let namePages = 50

  private let ids: [HandshakeID]
  private let searchesOn: Bool
  private var step = Step.idle

  private enum Step: Equatable {
    case idle
    /// The handshake at this index is read as the account at that one.
    case reading(Int, Int)
    /// The account is identified, as which this reply was read.
    case identifying(Int, Int, Reply<Handshake>)
    /// The listings are read whose names are compared with that of the handshake.
    case comparing(HandshakeID, Comparison)
  }

  /// The reading of an account's listings for their names.
  private struct Comparison: Equatable {
    var source: SourceKey
    /// The listings that are read after this one.
    var rest: [SourceKey]
    var trail = PageTrail()
    var pages = 0
  }

  /// Creates a search through the accounts of `inbox`.
  ///
  /// - Parameters:
  ///   - ids: The handshakes, in the order in which they are searched for.
  ///   - inbox: The accounts and the trust list.
  ///   - searchesOn: Whether the search continues until the accounts that may answer have read the
  ///     handshake, as far as they are viewed; otherwise the first account that can read it is
  ///     enough.
  public init(_ ids: [HandshakeID], in inbox: Inbox, searchesOn: Bool = false) {
    self.ids = ids
    self.inbox = inbox
    self.searchesOn = searchesOn
  }

  /// Starts the search.
  public mutating func begin() -> [ReadRequest] { search(0, 0) }

  /// Starts to read the listings of the account that sees a handshake, to compare its sender's name
  /// with theirs.
  ///
  /// Nothing is read for a trusted sender or a known look-alike.
  public mutating func compareNames(of id: HandshakeID) -> [ReadRequest] {
    guard let row = inbox.row(id), inbox.trustMark(of: row) == .new,
      row.handshake.senderName != nil, let account = row.sources.first?.account
    else { return [] }
    // A document does not say which listing it was.
    let isDocument = inbox.origin == .document
    let comparison = Comparison(
      source: SourceKey(account, .received), rest: isDocument ? [SourceKey(account, .sent)] : [])
    step = .comparing(id, comparison)
    return [.page(Pass(comparison.source), nil)]
  }

  /// Applies a reply and returns the reads that follow from it.
  public mutating func handle(_ reply: ReadReply, at uptime: Span) -> [ReadRequest] {
    switch (step, reply) {
    case (.reading(let index, let place), .handshake(let id, let account, let result))
    where ids[index] == id && inbox.profiles[place].account == account:
      return read(result, index, place, at: uptime)
    case (.identifying(let index, let place, let found), .identity(let account, let result))
    where inbox.profiles[place].account == account:
      return identified(result, found, index, place, at: uptime)
    case (.comparing(let id, let comparison), .page(let pass, let result))
    where pass == Pass(comparison.source):
      return listed(result, comparison, comparedWith: id, at: uptime)
    default: return []
    }
  }
}

// MARK: - Parts

extension HandshakeSearch {
  /// Reads the handshake at `index` as the account at `place`, or goes on to the next handshake.
  private mutating func search(_ index: Int, _ place: Int) -> [ReadRequest] {
    let accounts = inbox.profiles
    guard ids.indices.contains(index), !accounts.isEmpty else {
      step = .idle
      return []
    }
    guard accounts.indices.contains(place) else { return search(index + 1, 0) }
    step = .reading(index, place)
    return [.handshake(ids[index], as: accounts[place].account)]
  }

  /// Goes on after a read as the account at `place`.
  private mutating func goOn(_ index: Int, _ place: Int) -> [ReadRequest] {
    let isFound = inbox.row(ids[index]).map { !searchesOn || hasParties($0) } ?? false
    return isFound ? search(index + 1, 0) : search(index, place + 1)
  }

  private mutating func read(
    _ result: Result<Reply<Handshake>, BackendError>, _ index: Int, _ place: Int, at uptime: Span
  ) -> [ReadRequest] {
    switch result {
    case .success(let reply):
      let account = inbox.profiles[place].account
      guard inbox.identity(account) != nil else {
        step = .identifying(index, place, reply)
        return [.identity(account)]
      }
      apply(reply, index, place, at: uptime)
    case .failure(let error): fail(error, index)
    }
    return goOn(index, place)
  }

  private mutating func identified(
    _ result: Result<Reply<Identity>, BackendError>, _ found: Reply<Handshake>, _ index: Int,
    _ place: Int, at uptime: Span
  ) -> [ReadRequest] {
    let account = inbox.profiles[place].account
    switch inbox.checked(result, as: account) {
    case .success(let reply):
      inbox.identified(reply, uptime: uptime)
      apply(found, index, place, at: uptime)
    case .failure(let error): fail(error, index)
    }
    return goOn(index, place)
  }

  private mutating func apply(
    _ reply: Reply<Handshake>, _ index: Int, _ place: Int, at uptime: Span
  ) {
    let account = inbox.profiles[place].account
    inbox.apply(
      reply, seenBy: inbox.source(of: ids[index], reply.value, for: account), uptime: uptime)
    errors[ids[index]] = nil
  }

  private mutating func fail(_ error: BackendError, _ index: Int) {
    let id = ids[index]
    guard inbox.row(id) == nil else { return }
    let isPlain = errors[id].map { $0.exception == .handshakeNotFound } ?? true
    if isPlain { errors[id] = error }
  }

  /// Returns whether the accounts that may answer have read the row, as far as they are viewed.
  private func hasParties(_ row: Row) -> Bool {
    guard let asked = row.askedAccount else { return false }
    let parties = [asked, row.handshake.senderAccount].compactMap(\.self)
    return parties.allSatisfy { inbox.profile($0) == nil || row.isSeen(by: $0) }
  }

  /// Applies the names of a page, and reads the next page or the next listing.
  private mutating func listed(
    _ result: Result<Reply<Page>, BackendError>, _ comparison: Comparison,
    comparedWith id: HandshakeID, at uptime: Span
  ) -> [ReadRequest] {
    var comparison = comparison
    do throws(BackendError) {
      let reply = try result.get()
      for handshake in reply.value.handshakes where handshake.id != id {
        inbox.apply(
          Reply(handshake, at: reply.time), seenBy: comparison.source, uptime: uptime)
      }
      let operation = comparison.source.direction.operation
      var next = try comparison.trail.next(after: reply, of: operation)
      comparison.pages += 1
      if next != nil, comparison.pages >= Self.namePages {
        namesUnread = .tooLong(pages: Self.namePages)
        next = nil
      }
      if next == nil {
        guard let following = comparison.rest.first else {
          step = .idle
          return []
        }
        comparison = Comparison(source: following, rest: Array(comparison.rest.dropFirst()))
      }
      step = .comparing(id, comparison)
      return [.page(Pass(comparison.source), next)]
    } catch {
      namesUnread = .failed(error)
      step = .idle
      return []
    }
  }
}

extension Inbox {
  /// Returns the listing through which an account sees a handshake that it has read by itself.
  ///
  /// A delegated administrator sees what its organization sent to an e-mail address, and is not the
  /// recipient.
  func source(
    of id: HandshakeID, _ handshake: Handshake, for account: AccountID
  ) -> SourceKey {
    if let known = row(id)?.sources.first(where: { $0.account == account }) { return known }
    let isSender =
      handshake.senderAccount == account
      || handshake.recipientAccount == nil
        && identity(account)?.organization.map { $0.id == handshake.senderOrganization } ?? false
    return SourceKey(account, isSender ? .sent : .received)
  }
}
