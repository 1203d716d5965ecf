import Model

/// How much it takes to confirm an act.
public enum Tier: Int, Hashable, Comparable, CaseIterable, Sendable {
  /// Local acts: nothing to confirm.
  case t0
  /// Decline and cancel.
  case t1
  /// Accept from a trusted organization, or from the account's own.
  case t2
  /// An accept that is confirmed alone, by the organization that the operator expects.
  case t3

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A tier, and what puts an accept among those that are confirmed alone.
public struct TierRuling: Hashable, Sendable {
  public var tier: Tier
  /// Empty below T3.
  public var reasons: [Reason]

  public enum Reason: Hashable, Sendable {
    case notTrusted
    /// The account leaves this organization.
    case movesOut(of: OrganizationID)
    /// What the account is in was not told.
    case mayMoveOut
    case finalisesAllFeatures
    case transfersBilling
  }

  /// `identity` is that of the acting account.
  public init(
    _ answer: Answer, to handshake: Handshake, trust: Trust, as identity: Identity
  ) {
    guard answer == .accept else {
      tier = .t1
      reasons = []
      return
    }
    var reasons: [Reason] = []
    switch trust {
    case .ok, .own: break
    case .new: reasons.append(.notTrusted)
    }
    switch handshake.shape {
    case .invitation:
      switch identity.membership {
      case .untold: reasons.append(.mayMoveOut)
      case .member(let present) where present.id != handshake.senderOrganization:
        reasons.append(.movesOut(of: present.id))
      case .standalone, .member: break
      }
    case .finalisation: reasons.append(.finalisesAllFeatures)
    case .transfer: reasons.append(.transfersBilling)
    case .consent, .unknown: break
    }
    tier = reasons.isEmpty ? .t2 : .t3
    self.reasons = reasons
  }
}
