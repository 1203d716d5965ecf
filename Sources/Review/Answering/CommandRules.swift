import Model
import ReviewInbox
import ReviewJournal
import Text

/// The safety rule by which a command was refused before anything was sent.
///
/// `Explanation` has the words.
public enum SafetyRefusal: Error, Hashable, Sendable {
  case readOnly
  /// A saved document names neither the account viewed nor the organization that the account is in.
  case document
  case reasonMissing
  /// Every command but accept needs `--yes`.
  case confirmationMissing
  /// Accept and enable-all-features need `--expect-org`.
  case expectationMissing
  /// The organization that asks is not the expected one.
  case otherOrganization(HandshakeID)
  /// A T3 row is answered only if it is the only one.
  case notAlone(HandshakeID, [TierRuling.Reason])
  case notStaged(HandshakeID, Plan.Refusal)
  /// The account that would send is in this organization, or in none, and not in the expected one.
  case organizationDiffers(AccountID, OrganizationID?)
}

/// The flags of a command that answers, which stand for the tiers of confirmation.
///
/// (UX-21.1, UX-21.2)
public struct CommandRequest: Hashable, Sendable {
  /// The answer that the command gives.
  public var answer: Answer
  /// `--expect-org`: the organization that the operator expects to ask.
  public var expectedOrganization: OrganizationID?
  /// `--reason`, required for every answer.
  public var reason: Untrusted?
  /// Whether `--yes` was given; required for decline and cancel.
  public var isConfirmed: Bool
  /// Whether the session may send nothing.
  public var isReadOnly: Bool

  /// Creates a request from the flags.
  public init(
    _ answer: Answer, expectedOrganization: OrganizationID? = nil, reason: Untrusted? = nil,
    isConfirmed: Bool = false, isReadOnly: Bool = false
  ) {
    self.answer = answer
    self.expectedOrganization = expectedOrganization
    self.reason = reason
    self.isConfirmed = isConfirmed
    self.isReadOnly = isReadOnly
  }
}

extension CommandRequest {
  /// The reason to refuse the command before any handshake is read; nil if there is none.
  public var refusal: SafetyRefusal? {
    if isReadOnly { return .readOnly }
    switch answer {
    case .accept where expectedOrganization == nil: return .expectationMissing
    case .decline where !isConfirmed, .cancel where !isConfirmed: return .confirmationMissing
    case .accept, .decline, .cancel: break
    }
    return reason?.isBlank ?? true ? .reasonMissing : nil
  }

  /// Returns the reason to send nothing of the command; nil if `lines` may be sent.
  ///
  /// - Parameters:
  ///   - ids: All handshakes that the command names. A row that is confirmed separately is sent
  ///     only if it is the only one named, whether or not the others can be answered.
  ///   - lines: Those that can be answered.
  ///   - refused: Those that cannot be planned.
  /// - Returns: The first reason in this order: a second accept for one account, the flags, an
  ///   organization that is not the expected one, a row that has to be alone.
  public func refusal(
    naming ids: [HandshakeID], lines: [ReviewSheet.Line],
    refused: [HandshakeID: Plan.Refusal] = [:]
  ) -> SafetyRefusal? {
    for id in ids {
      // It is unknown which of the two is meant.
      if case .secondAccept(let other, let account)? = refused[id] {
        return .notStaged(id, .secondAccept(other, account))
      }
    }
    if let refusal { return refusal }
    guard answer == .accept else { return nil }
    for line in lines where line.item.seen.senderOrganization != expectedOrganization {
      return .otherOrganization(line.item.id)
    }
    guard ids.count > 1, let first = lines.first(where: { $0.ruling.tier == .t3 }) else {
      return nil
    }
    return .notAlone(first.item.id, first.ruling.reasons)
  }
}

/// The flags of a command that makes a handshake: `invite` and `enable-all-features`.
public struct MakingRequest: Hashable, Sendable {
  /// The handshake that is made.
  public var act: Act
  /// `--reason`, required.
  public var reason: Untrusted?
  /// Whether `--yes` was given; the command itself checks it.
  public var isConfirmed: Bool

  /// The kind of handshake that is made.
  public enum Act: Hashable, Sendable {
    case invite
    /// Starting it cancels open invitations and cannot be undone once it is finalised.
    ///
    /// The organization is stated with `--expect-org`, as for an accept.
    case enableAllFeatures(expected: OrganizationID?)
  }

  /// Creates a request from the flags.
  public init(_ act: Act, reason: Untrusted? = nil, isConfirmed: Bool = false) {
    self.act = act
    self.reason = reason
    self.isConfirmed = isConfirmed
  }

  /// The reason to refuse it before anything is read, except a missing `--yes`; nil if there is
  /// none.
  public var refusal: SafetyRefusal? {
    if case .enableAllFeatures(expected: nil) = act { return .expectationMissing }
    return reason?.isBlank ?? true ? .reasonMissing : nil
  }

  /// Returns the reason to refuse it for an account that is in `organization`; nil if there is
  /// none.
  public func refusal(of account: AccountID, in organization: OrganizationID?) -> SafetyRefusal? {
    guard case .enableAllFeatures(let expected?) = act, expected != organization else { return nil }
    return .organizationDiffers(account, organization)
  }
}
