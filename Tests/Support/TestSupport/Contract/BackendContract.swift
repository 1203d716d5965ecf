import Model
import Text

/// The contract of `HandshakeReader` and `HandshakeBackend`: one suite for every backend.
public enum BackendContract {
  /// The clauses about reading, answering and refusing, each checked in a fresh `ContractWorld`.
  public static let clauses: [ContractClause] = reading + answering + refusing
}

// MARK: - Reading

extension BackendContract {
  static let reading = [
    ContractClause("the caller is told who it is and what it is in") { world in
      let manager = try await world.inviter.identity().value
      try demand(manager.role == .management, "the inviter is \(manager.role)")
      try demand(manager.organization?.featureSet == .all, "it has not all features")
      let lone = try await world.invitee.identity().value
      try demand(lone.role == .standalone, "the invitee is \(lone.role)")
    },
    ContractClause("an invitation is open from birth and expires in 15 days") { world in
      let sent = try await world.invite()
      try demand(sent.damage.isEmpty, "it came damaged: \(sent.damage)")
      try demand(sent.state == .open && sent.action == .invite, "it is not an open invitation")
      let requested = try demand(sent.requested, "no time of request")
      let expires = try demand(sent.expires, "no expiry")
      try demand(expires - requested == .days(15), "it expires after another time")
      try demand(sent.shape == .invitation, "its shape is \(sent.shape)")
    },
    ContractClause("both sides list it and describe it alike") { world in
      let sent = try await world.invite()
      let received = try await world.all(Query(.received), by: world.invitee)
      let listed = try await world.all(Query(.sent), by: world.inviter)
      try demand(received.count == 1 && listed.count == 1, "it is listed elsewhere or twice")
      let id = try demand(sent.id, "no id")
      let one = try await world.inviter.handshake(id).value
      let other = try await world.invitee.handshake(id).value
      try demand(
        [received[0], listed[0], one, other].allSatisfy { $0.says(theSameAs: sent) },
        "the two sides see different things")
    },
    ContractClause("the sender in the ARN is the inviter, whoever reads") { world in
      let sent = try await world.invite()
      let inviter = try await world.inviter.identity().value
      let id = try demand(sent.id, "no id")
      let read = try await world.invitee.handshake(id).value
      try demand(read.senderAccount == inviter.account, "another account")
      try demand(read.senderOrganization == inviter.organization?.id, "another organization")
    },
    ContractClause("what the sender wrote arrives byte for byte") { world in
      let notes = Untrusted("a\u{1B}[2K\u{202E}b\r\n\u{E0041}c\u{2039}")
      let sent = try await world.invite(notes: notes)
      let id = try demand(sent.id, "no id")
      try demand(try await world.invitee.handshake(id).value.notes == notes, "it was changed")
    },
    ContractClause("a listing is read page by page to a page without a next") { world in
      for number in 0..<7 {
        let address = Untrusted("person\(number)@example.com")
        _ = try await world.inviter.invite(Invitation(to: .email(address)))
      }
      let ids = try await world.all(Query(.sent), by: world.inviter).compactMap(\.id)
      try demand(ids.count == 7 && Set(ids).count == 7, "\(ids.count) of 7")
    },
    ContractClause("a filter by action keeps that action alone") { world in
      _ = try await world.invite()
      let parents = Query(.sent, filter: .action(.enableAllFeatures))
      let invitations = Query(.sent, filter: .action(.invite))
      try demand(try await world.all(parents, by: world.inviter).isEmpty, "parents where none is")
      try demand(
        try await world.all(invitations, by: world.inviter).count == 1, "the invitation is missing")
    },
    ContractClause("the service's time comes with every answer, and passes") { world in
      let before = try await world.invitee.identity().time
      try await world.pass(.hours(5))
      let after = try await world.invitee.handshakes(Query(.received), page: nil).time
      try demand(after - before >= .hours(5), "it stood still")
      let refused = try await refusal { () async throws(BackendError) in
        _ = try await world.invitee.accept(Untrusted("h-00000000000000000000000000000000"))
      }
      try demand((refused.time ?? before) >= after, "an error without the time")
    },
    ContractClause("a pending one past its expiry reads as expired; 30 days later it is gone") {
      world in
      let sent = try await world.invite()
      let id = try demand(sent.id, "no id")
      try await world.pass(.days(15))
      try demand(try await world.invitee.handshake(id).value.state == .expired, "not expired")
      try await world.pass(.days(30) + .minutes(1))
      let gone = try await refusal { () async throws(BackendError) in
        _ = try await world.invitee.handshake(id)
      }
      try demand(gone.exception == .handshakeNotFound, "it is still there")
      try demand(try await world.all(Query(.received), by: world.invitee).isEmpty, "still listed")
    },
  ]
}
