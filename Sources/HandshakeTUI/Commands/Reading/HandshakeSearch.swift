import Model
import Review

/// Finds handshakes by id through whichever of the accounts is a party to them.
struct HandshakeSearch: Sendable {
  let service: Service
  let time: any TimeSource

  struct Found: Sendable {
    var inbox: Inbox
    /// Why an id was not found: the first answer that is not "no such handshake", else that one.
    var errors: [HandshakeID: BackendError] = [:]

    /// For a search for one.
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

  /// - Parameter toTheEnd: Whether to look on for further accounts that see it, until the one that
  ///   may answer is among them; else the first one's view is enough.
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

  /// Pages that are read for names at the most.
  private static let namePages = 50

  /// Reads the listings of the account that sees a handshake, so that its sender is compared with the
  /// names in them; nothing is read for a sender that is trusted or known to be a look-alike.
  ///
  /// - Returns: What was found, and why not all of it could be read.
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

  /// Whether those whose parts the answers are have been asked, as far as they are among ours.
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
  /// A delegated administrator sees what its organization sent to an e-mail address, and is not the
  /// one that is asked.
  fileprivate func isSeenAsSender(by account: AccountID, _ identity: Identity?) -> Bool {
    if senderAccount == account { return true }
    guard recipientAccount == nil, let organization = identity?.organization else { return false }
    return organization.id == senderOrganization
  }
}

extension CommandFailure {
  /// The names that a sender is compared with could not be read.
  static func namesUnread(_ error: BackendError, _ ink: Ink) -> CommandFailure {
    var failure = CommandFailure(error, ink)
    failure.what =
      "the names of other organizations were not read, so a look-alike may be missed: "
      + failure.what
    return failure
  }
}
