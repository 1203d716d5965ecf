import Glibc
import Machine
import Model
import Review
import Text

/// Reads the names under which organizations were seen: those in the trust list and in the journal, and
/// those in an embedded organization or a document, where reading costs no request.
struct SeenNames {
  let run: Invocation

  /// - Returns: An inbox that knows the names. What cannot be read is left out: a trust list can be
  ///   changed without it.
  func inbox() throws(CommandFailure) -> Inbox {
    let trust = try run.trustList()
    guard let service else {
      var inbox = Inbox(profiles: [], trust: trust, views: [])
      inbox.noteNames(in: run.journalNotes) { $0.backend == .aws }
      return inbox
    }
    let reading = InboxReading(
      service: service, trust: trust, view: RowSelection(.either, .all),
      time: run.surroundings.time)
    var inbox = Blocking.run { await reading.read() }
    inbox.noteNames(in: run.journalNotes) { $0 == service.place }
    return inbox
  }

  /// Nil over AWS, and where there is nothing to read: a store is not made for it.
  private var service: Service? {
    let settings = run.settings
    if let input = settings.input.value {
      guard input != "-" else { return nil }
    } else {
      guard !run.choice.isAWS, access(settings.store.value, F_OK) == 0 else { return nil }
    }
    // SAFETY: what is wrong with the store or the document is told by the commands that need it.
    return try? run.open().service
  }
}

extension Invocation {
  /// The journal as notes; empty where it cannot be read, which the commands that need it tell.
  var journalNotes: JournalNotes {
    // SAFETY: as above.
    JournalNotes((try? chain())?.records ?? [])
  }

  /// Takes the names that the journal keeps into an inbox, if any of these handshakes is from a sender
  /// that is not trusted.
  func noteNames(for ids: [HandshakeID], of service: Service, in inbox: inout Inbox) {
    let isNeeded = ids.contains { id in
      inbox.row(id).map { inbox.trustMark(of: $0) == .new } ?? false
    }
    if isNeeded { inbox.noteNames(in: journalNotes) { $0 == service.place } }
  }
}
