import Model
import Review
import Text

/// Reads whole listings into an inbox, for a command that waits for all of them.
struct InboxReading: Sendable {
  let service: Service
  let trust: TrustList
  let view: RowSelection
  let time: any TimeSource

  func read() async -> Inbox {
    var inbox = Inbox(profiles: service.profiles, trust: trust, views: [view])
    var identities: [Identity] = []
    for profile in service.profiles {
      guard let reader = service.readers(profile.account) else { continue }
      do throws(BackendError) {
        let reply = try await reader.identity()
        inbox.identified(reply, uptime: time.uptime())
        identities.append(reply.value)
      } catch {
        inbox.failedToIdentify(profile.account, error, uptime: time.uptime())
      }
    }
    let keys = identities.flatMap { sources(for: $0) }
    for key in keys { inbox.addSource(key) }
    for key in keys { await read(key, into: &inbox) }
    return inbox
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

  private func read(_ key: SourceKey, into inbox: inout Inbox) async {
    guard let reader = service.readers(key.account) else { return }
    let pass = inbox.begin(key)
    var token: PageToken?
    repeat {
      do throws(BackendError) {
        let reply = try await reader.handshakes(Query(key.direction), page: token)
        token = inbox.apply(reply, of: pass, uptime: time.uptime())
      } catch {
        inbox.fail(pass, error, uptime: time.uptime())
        return
      }
    } while token != nil
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
