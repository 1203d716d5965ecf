import Model

/// The answers that are staged, none of them sent. Keyed by handshake id; an account has at most one
/// accept in it, because it can join one organization only (UX-9.1).
public struct Plan: Hashable, Sendable {
  /// In the order of staging.
  public private(set) var items: [PlanItem] = []
  /// What was to be staged and could not be, for rows that show so.
  public private(set) var blocked: [HandshakeID: Refusal] = [:]
  private var mismatches: [HandshakeID: Int] = [:]

  /// How often a wrong organization may be stated for a row before it is locked (UX-14.7).
  public static let mismatchesAllowed = 2

  public init() {}

  /// Why a row was not staged; `Explanation` has the words.
  public enum Refusal: Error, Hashable, Sendable {
    case impediment(Impediment)
    /// The record has no id that could be answered.
    case damaged
    /// This account is to accept another handshake already.
    case secondAccept(HandshakeID, AccountID)
    /// Its account has not been identified.
    case unidentified(AccountID)
    /// The expected organization was stated wrongly too often.
    case locked
    /// The service's time is not known yet.
    case noTime
  }

  public var isEmpty: Bool { items.isEmpty }

  public subscript(id: HandshakeID) -> PlanItem? { items.first { $0.id == id } }

  public func count(of answer: Answer) -> Int { items.count { $0.answer == answer } }

  /// In the order of sending: declines, then cancels, then accepts, each in the order of staging.
  /// (UX-13.7)
  public var inSendingOrder: [PlanItem] {
    [Answer.decline, .cancel, .accept].flatMap { answer in
      items.filter { $0.answer == answer }
    }
  }
}

// MARK: - Staging

extension Plan {
  /// Stages an answer to a row as it is shown, frozen with the account that will act. Replaces what
  /// was staged for the row before; a refusal leaves that as it was and is kept in `blocked`.
  @discardableResult
  public mutating func stage(
    _ answer: Answer, _ row: Row, in inbox: Inbox, from place: ServicePlace, at now: Timestamp?
  ) -> Result<PlanItem, Refusal> {
    guard let id = row.id else { return .failure(.damaged) }
    let result = frozen(answer, row, id: id, in: inbox, from: place, at: now)
    switch result {
    case .success(let item):
      unstage(id)
      items.append(item)
    case .failure(let refusal):
      blocked[id] = refusal
    }
    return result
  }

  /// Takes a row out of the plan. What it alone stood in the way of is no longer blocked.
  @discardableResult
  public mutating func unstage(_ id: HandshakeID) -> PlanItem? {
    blocked[id] = nil
    blocked = blocked.filter { $0.value.blocker != id }
    guard let index = items.firstIndex(where: { $0.id == id }) else { return nil }
    return items.remove(at: index)
  }

  /// Puts back what was staged before, as it was frozen then; an item against the rules is left out
  /// and returned.
  public mutating func restage(_ frozen: some Sequence<PlanItem>) -> [PlanItem] {
    frozen.filter { item in
      guard secondAccept(item.answer, item.account, except: item.id) == nil, self[item.id] == nil
      else { return true }
      items.append(item)
      return false
    }
  }

  public mutating func clear() {
    items = []
    blocked = [:]
  }

  private func frozen(
    _ answer: Answer, _ row: Row, id: HandshakeID, in inbox: Inbox, from place: ServicePlace,
    at now: Timestamp?
  ) -> Result<PlanItem, Refusal> {
    guard let now else { return .failure(.noTime) }
    switch inbox.standing(answer, of: row, at: now) {
    case .closed(let impediment): return .failure(.impediment(impediment))
    case .unidentified(let account): return .failure(.unidentified(account))
    case .open(let account):
      if answer == .accept, isLocked(id) { return .failure(.locked) }
      if let other = secondAccept(answer, account, except: id) {
        return .failure(.secondAccept(other, account))
      }
      let print = Fingerprint(of: row.handshake, for: account, at: place)
      return .success(
        PlanItem(
          id: id, answer: answer, account: account, seen: row.handshake, fingerprint: print,
          actor: inbox.identity(account)))
    }
  }

  private func secondAccept(
    _ answer: Answer, _ account: AccountID, except id: HandshakeID
  ) -> HandshakeID? {
    guard answer == .accept else { return nil }
    return items.first { $0.answer == .accept && $0.account == account && $0.id != id }?.id
  }
}

extension Plan.Refusal {
  /// The row that stands in the way.
  fileprivate var blocker: HandshakeID? {
    if case .secondAccept(let id, _) = self { id } else { nil }
  }
}

// MARK: - Locks

extension Plan {
  /// Counts a wrongly stated organization. Whether the row is locked now, which lasts as long as the
  /// program runs; it leaves the plan then.
  @discardableResult
  public mutating func recordMismatch(_ id: HandshakeID) -> Bool {
    mismatches[id, default: 0] += 1
    guard isLocked(id) else { return false }
    unstage(id)
    blocked[id] = .locked
    return true
  }

  public func mismatches(of id: HandshakeID) -> Int { mismatches[id] ?? 0 }

  public func isLocked(_ id: HandshakeID) -> Bool { mismatches(of: id) >= Self.mismatchesAllowed }
}

/// One answer that was staged: frozen when it was staged, so that what is sent is what was seen.
/// (UX-5.1)
public struct PlanItem: Hashable, Sendable {
  public var id: HandshakeID
  public var answer: Answer
  /// The account that answers.
  public var account: AccountID
  /// Who that account was: what accepting does, and how it is confirmed, follow from the organization
  /// that it was in. Nil where nothing was shown of it.
  public var actor: Identity?
  /// The trust in the sender when it was reviewed, which the confirmation rests on; nil before. An
  /// accept without it is never sent.
  public var senderTrust: SenderTrust?
  /// The handshake as it was shown.
  public var seen: Handshake
  /// Over `seen`, the acting account and the service it came from.
  public var fingerprint: Fingerprint

  public init(
    id: HandshakeID, answer: Answer, account: AccountID, seen: Handshake, fingerprint: Fingerprint,
    actor: Identity? = nil, senderTrust: SenderTrust? = nil
  ) {
    self.id = id
    self.answer = answer
    self.account = account
    self.seen = seen
    self.fingerprint = fingerprint
    self.actor = actor
    self.senderTrust = senderTrust
  }
}

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
