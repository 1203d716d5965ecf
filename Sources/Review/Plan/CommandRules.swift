import Model
import Text

/// Why a command was refused before anything was sent; `Explanation` has the words.
public enum SafetyRefusal: Error, Hashable, Sendable {
  case readOnly
  /// A saved document: nobody said whose eyes it is, nor what the account is in.
  case document
  case reasonMissing
  /// Everything but accept: `--yes`.
  case confirmationMissing
  /// Accept and enable-all-features: `--expect-org`.
  case expectationMissing
  /// The organization that asks is not the one that was expected.
  case otherOrganization(HandshakeID)
  /// A T3 row is answered only when it is the only one.
  case notAlone(HandshakeID, [TierRuling.Reason])
  case notStaged(HandshakeID, Plan.Refusal)
  case changed(HandshakeID, [Change])
  /// The account that would send is in this organization, or in none, and not in the expected one.
  case organizationDiffers(AccountID, OrganizationID?)
}

/// What a command that answers was told: the ladder of confirmations, as flags (UX-21.1, UX-21.2).
public struct CommandRequest: Hashable, Sendable {
  public var answer: Answer
  public var expectedOrganization: OrganizationID?
  public var reason: Untrusted?
  /// `--yes`
  public var isConfirmed: Bool
  public var isReadOnly: Bool

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
  /// What stands against it before any handshake was read.
  public var refusal: SafetyRefusal? {
    if isReadOnly { return .readOnly }
    switch answer {
    case .accept where expectedOrganization == nil: return .expectationMissing
    case .decline where !isConfirmed, .cancel where !isConfirmed: return .confirmationMissing
    case .accept, .decline, .cancel: break
    }
    return reason?.isBlank ?? true ? .reasonMissing : nil
  }

  /// Returns why nothing of the command may be sent; `nil` when `lines` may be.
  ///
  /// - Parameters:
  ///   - ids: All handshakes that the command names. A row that is confirmed separately is sent only when it
  ///     is the only one named, whether or not the others can be answered.
  ///   - lines: Those that can be answered.
  ///   - refused: Those that cannot be planned.
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

/// The flags of a command that makes a handshake: the ladder of confirmations for `invite` and
/// `enable-all-features`.
public struct MakingRequest: Hashable, Sendable {
  public var act: Act
  public var reason: Untrusted?
  /// `--yes`
  public var isConfirmed: Bool

  public enum Act: Hashable, Sendable {
    case invite
    /// Starting it cancels open invitations and cannot be undone once it is finalised: the organization
    /// is stated, as for an accept.
    case enableAllFeatures(expected: OrganizationID?)
  }

  public init(_ act: Act, reason: Untrusted? = nil, isConfirmed: Bool = false) {
    self.act = act
    self.reason = reason
    self.isConfirmed = isConfirmed
  }

  /// Returns why it is refused before anything is read, the confirmation apart; nil when it is not.
  public var refusal: SafetyRefusal? {
    if case .enableAllFeatures(expected: nil) = act { return .expectationMissing }
    return reason?.isBlank ?? true ? .reasonMissing : nil
  }

  /// Returns why it is refused for an account that is in `organization`; nil when it is not.
  public func refusal(of account: AccountID, in organization: OrganizationID?) -> SafetyRefusal? {
    guard case .enableAllFeatures(let expected?) = act, expected != organization else { return nil }
    return .organizationDiffers(account, organization)
  }
}
