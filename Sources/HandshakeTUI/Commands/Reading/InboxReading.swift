import Model
import Review
import Text

/// Reads whole listings into an inbox, for a command that waits for all of them.
struct InboxReading: Sendable {
  let service: Service
  let trust: TrustList
  let view: RowSelection
  let time: any TimeSource

  /// Asks several accounts at once, and takes what they say in the accounts' order: the same answers
  /// make the same inbox.
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

  /// The listings that the view can show rows of.
  private func sources(for identity: Identity) -> [SourceKey] {
    SourceKey.all(for: identity).filter { key in
      switch (view.side, key.direction) {
      case (.either, _), (.sent, .sent), (.received, .received): true
      // Parents of its own are in the inbox of whoever can finalise them.
      case (.received, .sent): identity.role == .management
      case (.sent, .received): false
      }
    }
  }

  /// Page after page, until there is none, an error, or a token that was there before.
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

  /// A typed throw as a value.
  private func answer<Value>(
    _ question: () async throws(BackendError) -> Value
  ) async -> Result<Value, BackendError> {
    do throws(BackendError) { return .success(try await question()) } catch {
      return .failure(error)
    }
  }
}

extension Inbox {
  /// The sources that could not be read, each with its reason.
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
