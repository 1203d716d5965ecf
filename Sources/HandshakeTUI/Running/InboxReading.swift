import Model
import ReviewInbox
import Text

/// A reader of whole listings into an inbox, for a command that waits for all of them.
struct InboxReading: Sendable {
  let service: Service
  let trust: TrustList
  let view: RowSelection
  let time: any TimeSource

  /// Reads several accounts concurrently and applies their replies in the accounts' order.
  ///
  /// So the same replies make the same inbox.
  func read() async -> Inbox {
    var inbox = Inbox(
      profiles: service.profiles, trust: trust, views: [view], origin: service.origin)
    let identities = await identify(&inbox)
    let keys = identities.flatMap { sources(for: $0) }
    for key in keys { inbox.addSource(key) }
    let listings = keys.map { (key: $0, pages: AsyncStream<Answer>.makeStream()) }
    let asking = Task {
      _ = await concurrently(listings) { await ask($0.key, $0.pages.continuation) }
    }
    for listing in listings { await take(listing.pages.stream, of: listing.key, into: &inbox) }
    await asking.value
    return inbox
  }

  private typealias Answer = Result<Reply<Page>, BackendError>

  private func identify(_ inbox: inout Inbox) async -> [Identity] {
    let answers = await concurrently(service.profiles) { profile in
      await answer { () async throws(BackendError) in
        try await service.readers(profile.account)?.identity()
      }
    }
    var identities: [Identity] = []
    for (profile, answer) in zip(service.profiles, answers) {
      switch answer {
      case .success(let reply?):
        inbox.identified(reply, uptime: time.uptime())
        identities.append(reply.value)
      case .success(nil): break
      case .failure(let error):
        inbox.failedToIdentify(profile.account, error, uptime: time.uptime())
      }
    }
    return identities
  }

  /// Returns the listings that can contain rows of the view.
  private func sources(for identity: Identity) -> [SourceKey] {
    SourceKey.all(for: identity).filter { key in
      switch (view.side, key.direction) {
      case (.either, _), (.sent, .sent), (.received, .received): true
      // An account's own parents are in the inbox of the management account, which can finalise
      // them.
      case (.received, .sent): identity.role == .management
      case (.sent, .received): false
      }
    }
  }

  /// Reads the pages until the last one, an error, or a token that was returned before.
  private func ask(_ key: SourceKey, _ pages: AsyncStream<Answer>.Continuation) async {
    defer { pages.finish() }
    guard let reader = service.readers(key.account) else { return }
    var token: PageToken?
    var seen: Set<PageToken> = []
    repeat {
      let page = token
      let answer = await answer { () async throws(BackendError) in
        try await reader.handshakes(Query(key.direction), page: page)
      }
      pages.yield(answer)
      guard case .success(let reply) = answer else { return }
      token = reply.value.next
    } while token.map { seen.insert($0).inserted } ?? false
  }

  private func take(
    _ pages: AsyncStream<Answer>, of key: SourceKey, into inbox: inout Inbox
  ) async {
    guard service.readers(key.account) != nil else { return }
    let pass = inbox.begin(key)
    for await page in pages {
      switch page {
      case .success(let reply): _ = inbox.apply(reply, of: pass, uptime: time.uptime())
      case .failure(let error): inbox.fail(pass, error, uptime: time.uptime())
      }
    }
  }

  /// Returns the result of a throwing call as a value.
  private func answer<Value>(
    _ question: () async throws(BackendError) -> Value
  ) async -> Result<Value, BackendError> {
    do throws(BackendError) { return .success(try await question()) } catch {
      return .failure(error)
    }
  }
}

extension Inbox {
  /// The sources that could not be read, each with its error.
  var failures: [(source: SourceKey, error: BackendError)] {
    sourcesInOrder.compactMap { source in
      if case .failed(let error) = source.status { (source.key, error) } else { nil }
    }
  }

  func rows(_ view: RowSelection) -> [Row] {
    let count = listing(view).count
    return (0..<count).compactMap { row($0, in: view) }
  }
}

/// A search for handshakes by id, through every account that may be a party to them.
struct HandshakeSearch: Sendable {
  let service: Service
  let time: any TimeSource

  struct Found: Sendable {
    var inbox: Inbox
    /// The errors of the ids that were not found: the first that is not "no such handshake", else
    /// that one.
    var errors: [HandshakeID: BackendError] = [:]

    /// Returns the failure of a search for one id.
    func failure(_ ink: Ink) -> CommandFailure {
      guard let error = errors.values.first else {
        if inbox.origin == .document {
          return CommandFailure(
            .failed, "the document does not contain it",
            remedy: "handshake list shows its contents.")
        }
        return CommandFailure(
          .failed, "no account to read it as", remedy: "Name one with --account.")
      }
      return CommandFailure(error, ink)
    }
  }

  func find(_ id: HandshakeID, trust: TrustList) async -> Found {
    await find([id], trust: trust, toTheEnd: false)
  }

  /// Reads the handshakes as one account after the other.
  ///
  /// With `toTheEnd` the search continues until the accounts that may answer have been asked, as
  /// far as they are ours; otherwise the first account that can read a handshake is enough.
  func find(_ ids: [HandshakeID], trust: TrustList, toTheEnd: Bool) async -> Found {
    var found = Found(
      inbox: Inbox(
        profiles: service.profiles, trust: trust, views: [], origin: service.origin))
    for id in ids {
      for profile in service.profiles {
        await look(for: id, as: profile.account, &found)
        if let row = found.inbox.row(id), !toTheEnd || hasParties(row, found.inbox) { break }
      }
    }
    return found
  }

  /// The most pages that are read to compare names.
  private static let namePages = 50

  /// Reads the listings of the account that sees a handshake, to compare its sender's name with
  /// theirs.
  ///
  /// Nothing is read for a trusted sender or a known look-alike. The error is the reason that not
  /// all names could be read; nil when they were.
  func comparingNames(
    of id: HandshakeID, _ found: Found
  ) async -> (found: Found, error: BackendError?) {
    var found = found
    guard let row = found.inbox.row(id), found.inbox.trustMark(of: row) == .new,
      row.handshake.senderName != nil, let account = row.sources.first?.account,
      let reader = service.readers(account)
    else { return (found, nil) }
    do throws(BackendError) {
      for direction in service.isDocument ? [Query.Direction.received, .sent] : [.received] {
        var trail = PageTrail()
        var token: PageToken?
        var pages = 0
        repeat {
          let reply = try await reader.handshakes(Query(direction), page: token)
          for handshake in reply.value.handshakes where handshake.id != id {
            found.inbox.apply(
              Reply(handshake, at: reply.time), seenBy: SourceKey(account, direction),
              uptime: time.uptime())
          }
          token = try trail.next(after: reply, of: direction.operation)
          pages += 1
        } while token != nil && pages < Self.namePages
      }
      return (found, nil)
    } catch { return (found, error) }
  }

  /// Whether the accounts that may answer have read the row, as far as they are ours.
  private func hasParties(_ row: Row, _ inbox: Inbox) -> Bool {
    let ours = Set(service.profiles.map(\.account))
    guard let asked = row.askedAccount else { return false }
    let parties = [asked, row.handshake.senderAccount].compactMap(\.self).filter(ours.contains)
    return parties.allSatisfy { row.isSeen(by: $0) }
  }

  private func look(
    for id: HandshakeID, as account: AccountID, _ found: inout Found
  ) async {
    guard let reader = service.readers(account) else { return }
    do throws(BackendError) {
      let reply = try await reader.handshake(id)
      if found.inbox.identity(account) == nil {
        found.inbox.identified(try await reader.identity(), uptime: time.uptime())
      }
      let isSender = reply.value.isSeenAsSender(by: account, found.inbox.identity(account))
      found.inbox.apply(
        reply, seenBy: SourceKey(account, isSender ? .sent : .received), uptime: time.uptime())
      found.errors[id] = nil
    } catch {
      guard found.inbox.row(id) == nil else { return }
      let isPlain = found.errors[id].map { $0.exception == .handshakeNotFound } ?? true
      if isPlain { found.errors[id] = error }
    }
  }
}

extension Handshake {
  /// Whether the account sees the handshake as its sender.
  ///
  /// A delegated administrator sees what its organization sent to an e-mail address, and is not the
  /// recipient.
  fileprivate func isSeenAsSender(by account: AccountID, _ identity: Identity?) -> Bool {
    if senderAccount == account { return true }
    guard recipientAccount == nil, let organization = identity?.organization else { return false }
    return organization.id == senderOrganization
  }
}

extension CommandFailure {
  /// Returns the failure to read the names with which a sender's name is compared.
  static func namesUnread(_ error: BackendError, _ ink: Ink) -> CommandFailure {
    var failure = CommandFailure(error, ink)
    failure.what =
      "the names of other organizations were not read, so a look-alike may be missed: "
      + failure.what
    return failure
  }
}
