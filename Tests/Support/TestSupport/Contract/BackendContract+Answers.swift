import Model
import Text

// MARK: - Answering

extension BackendContract {
  static let answering = [
    ContractClause("an accepted invitation makes the invitee a member at once") { world in
      let sent = try await world.invite()
      let accepted = try await world.invitee.accept(sent.idText).value
      try demand(accepted.state == .accepted && accepted.id == sent.id, "not accepted")
      let member = try await world.invitee.identity().value
      try demand(member.role == .member, "it is \(member.role)")
      try demand(member.organization?.id == sent.senderOrganization, "of another organization")
    },
    ContractClause("a declined invitation changes no membership") { world in
      let sent = try await world.invite()
      let declined = try await world.invitee.decline(sent.idText).value
      try demand(declined.state == .declined, "not declined")
      let role = try await world.invitee.identity().value.role
      try demand(role == .standalone, "the invitee is \(role)")
    },
    ContractClause("the sender cancels") { world in
      let sent = try await world.invite()
      try demand(
        try await world.inviter.cancel(sent.idText).value.state == .canceled, "not canceled")
    },
    ContractClause("settled ones are still listed") { world in
      let sent = try await world.invite()
      _ = try await world.invitee.decline(sent.idText)
      let listed = try await world.all(Query(.received), by: world.invitee)
      try demand(listed.map(\.state) == [.declined], "it is not")
    },
    ContractClause("one that was declined can be sent again") { world in
      let sent = try await world.invite()
      _ = try await world.invitee.decline(sent.idText)
      try demand(try await world.invite().id != sent.id, "it got the same id")
    },
  ]
}

// MARK: - Refusing

extension BackendContract {
  static let refusing = [
    refused(
      "a second accept of the same is AlreadyInState", .handshakeAlreadyInState
    ) { world, sent throws(BackendError) in
      _ = try await world.invitee.accept(sent)
      _ = try await world.invitee.accept(sent)
    },
    refused(
      "accepting what was declined is InvalidTransition", .invalidHandshakeTransition
    ) { world, sent throws(BackendError) in
      _ = try await world.invitee.decline(sent)
      _ = try await world.invitee.accept(sent)
    },
    refused(
      "canceling what was accepted is InvalidTransition", .invalidHandshakeTransition
    ) { world, sent throws(BackendError) in
      _ = try await world.invitee.accept(sent)
      _ = try await world.inviter.cancel(sent)
    },
    refused("the recipient cannot cancel", .accessDenied) { world, sent throws(BackendError) in
      _ = try await world.invitee.cancel(sent)
    },
    refused("the sender cannot accept", .accessDenied) { world, sent throws(BackendError) in
      _ = try await world.inviter.accept(sent)
    },
    refused("a stranger learns nothing", .handshakeNotFound) { world, sent throws(BackendError) in
      _ = try await world.stranger.accept(sent)
    },
    refused(
      "an id that is none is InvalidInput", .invalidInput, reason: .invalidPattern
    ) { world, _ throws(BackendError) in
      _ = try await world.invitee.accept(Untrusted("h-NOT-AN-ID"))
    },
    refused(
      "an id that is too long is InvalidInput", .invalidInput, reason: .maxLengthExceeded
    ) { world, _ throws(BackendError) in
      _ = try await world.invitee.decline(Untrusted("h-" + String(repeating: "0", count: 33)))
    },
    refused(
      "notes that are too long are InvalidInput", .invalidInput, reason: .maxLengthExceeded
    ) { world, _ throws(BackendError) in
      let notes = Untrusted(String(repeating: "é", count: 1_025))
      let target = Invitation.Target.email(Untrusted("person@example.com"))
      _ = try await world.inviter.invite(Invitation(to: target, notes: notes))
    },
    refused(
      "an action that is none cannot be listed", .invalidInput, reason: .invalidEnum
    ) { world, _ throws(BackendError) in
      let query = Query(.received, filter: .action(.unknown(Untrusted("JOIN"))))
      _ = try await world.invitee.handshakes(query, page: nil)
    },
    refused(
      "a token of no listing is InvalidInput", .invalidInput, reason: .invalidNextToken
    ) { world, _ throws(BackendError) in
      let token = PageToken(Untrusted("no token of yours"))
      _ = try await world.invitee.handshakes(Query(.received), page: token)
    },
    refused(
      "an account in no organization has sent nothing to list", .awsOrganizationsNotInUse
    ) { world, _ throws(BackendError) in
      _ = try await world.stranger.handshakes(Query(.sent), page: nil)
    },
    refused(
      "a second invitation of one account is a duplicate", .duplicateHandshake
    ) { world, _ throws(BackendError) in
      let account = try await world.invitee.identity().value.account
      _ = try await world.inviter.invite(Invitation(to: .account(Untrusted(account.text))))
    },
    refused(
      "all features cannot be enabled twice", .handshakeConstraintViolation,
      reason: .organizationAlreadyHasAllFeatures
    ) { world, _ throws(BackendError) in
      _ = try await world.inviter.enableAllFeatures()
    },
  ]

  /// The last call of `calls` must be refused with this error, with nothing applied.
  private static func refused(
    _ words: String, _ exception: ServiceException, reason: Reason? = nil,
    _ calls: @escaping @Sendable (ContractWorld, Untrusted) async throws(BackendError) -> Void
  ) -> ContractClause {
    ContractClause(words) { world in
      let sent = try await world.invite().idText
      let error = try await refusal { () async throws(BackendError) in
        try await calls(world, sent)
      }
      try demand(error.exception == exception, "it was \(String(describing: error.failure))")
      if let reason { try demand(error.reason == reason, "another reason") }
      try demand(error.applied == .refused, "applied: \(error.applied)")
    }
  }
}
