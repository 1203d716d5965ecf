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
    var loader = InboxLoader(
      Inbox(profiles: service.profiles, trust: trust, views: [view], origin: service.origin),
      side: view.side, order: .request)
    await service.reads.perform(loader.begin(), atOnce: service.readsAtOnce ?? widthOfAsking) {
      loader.handle($0, at: time.uptime())
    }
    return loader.inbox
  }
}

extension Service {
  /// The interpreter of this service's reads.
  var reads: ReadService { ReadService(resolver: resolve, readers: readers) }

  /// Reads handshakes as one account after the other.
  ///
  /// With `searchesOn`, until the accounts that may answer have read them.
  func find(
    _ ids: [HandshakeID], trust: TrustList, searchesOn: Bool = false, at time: any TimeSource
  ) async -> HandshakeSearch {
    var search = HandshakeSearch(
      ids, in: Inbox(profiles: profiles, trust: trust, views: [], origin: origin),
      searchesOn: searchesOn)
    await reads.perform(search.begin(), atOnce: 1) { search.handle($0, at: time.uptime()) }
    return search
  }

  /// Reads the listings with whose names the names of these handshakes' senders are compared.
  func compareNames(
    of ids: [HandshakeID], _ search: HandshakeSearch, at time: any TimeSource
  ) async -> HandshakeSearch {
    var search = search
    for id in ids {
      await reads.perform(search.compareNames(of: id), atOnce: 1) {
        search.handle($0, at: time.uptime())
      }
    }
    return search
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

extension CommandFailure {
  /// Returns the failure of a search for one id.
  init(_ search: HandshakeSearch, _ format: Formatter) {
    if let error = search.errors.values.first {
      self.init(error, format)
    } else if search.inbox.origin == .document {
      self.init(
        .failed, "the document does not contain it",
        remedy: "handshake list shows its contents.")
    } else {
      self.init(.failed, "no account to read it as", remedy: "Name one with --account.")
    }
  }

  /// Returns the failure to read the names with which a sender's name is compared.
  init(_ unread: HandshakeSearch.NamesUnread, _ format: Formatter) {
    switch unread {
    case .failed(let error):
      self.init(error, format)
      what =
        "the names of other organizations were not read, so a look-alike may be missed: " + what
    case .tooLong(let pages):
      self.init(
        .failed, "not all names of other organizations were read, so a look-alike may be missed",
        why: "the listing has more than \(pages) pages",
        remedy: "handshake list compares all of them.")
    }
  }
}
