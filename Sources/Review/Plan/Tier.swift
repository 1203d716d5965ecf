import Model

/// How much it takes to confirm an act (UX-13).
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

/// A tier, and what puts an accept among those that are confirmed alone (UX-13.4).
public struct TierRuling: Hashable, Sendable {
  public var tier: Tier
  /// Empty below T3.
  public var reasons: [Reason]

  public enum Reason: Hashable, Sendable {
    case notTrusted
    /// Its name can be mistaken for that of a known organization.
    case lookAlike
    /// The trust list has the organization, with this management account instead of the one that asks:
    /// a fake, or a takeover.
    case otherManager(listed: AccountID)
    /// The account leaves this organization.
    case movesOut(of: OrganizationID)
    /// What the account is in was not told.
    case mayMoveOut
    case finalisesAllFeatures
    case transfersBilling
  }

  /// The management account that the trust list has instead of the one that asks.
  public var listedManager: AccountID? {
    for case .otherManager(let listed) in reasons { return listed }
    return nil
  }

  /// `identity` is that of the acting account, `listed` the management account that the trust list has
  /// for the organization, `isLookAlike` whether the sender's name can be mistaken for a known one.
  public init(
    _ answer: Answer, to handshake: Handshake, trust: Trust, as identity: Identity,
    listed: AccountID? = nil, isLookAlike: Bool = false
  ) {
    guard answer == .accept else {
      tier = .t1
      reasons = []
      return
    }
    var reasons: [Reason] = []
    switch trust {
    case .ok, .own: break
    case .new:
      if let listed {
        reasons.append(.otherManager(listed: listed))
      } else {
        reasons.append(isLookAlike ? .lookAlike : .notTrusted)
      }
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
