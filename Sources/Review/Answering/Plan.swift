import Model
import ReviewInbox
import ReviewJournal

/// The answers that are planned and not sent, by handshake id.
///
/// An account has at most one accept in it, because it can join one organization only (UX-9.1).
public struct Plan: Hashable, Sendable {
  /// The planned answers in the order of planning.
  public private(set) var items: [PlanItem] = []
  /// The answers that could not be planned, for the rows that show it.
  public private(set) var blocked: [HandshakeID: Refusal] = [:]
  /// The number of wrong organizations stated for each row.
  private var mismatches: [HandshakeID: Int] = [:]

  /// The number of wrong organizations stated for a row that locks it (UX-14.7).
  public static let mismatchesAllowed = 2

  /// Creates an empty plan.
  public init() {}

  /// The reason why an answer was not planned.
  ///
  /// `Explanation` has the words.
  public enum Refusal: Error, Hashable, Sendable {
    case impediment(Ineligibility)
    /// The record has no id that could be answered.
    case damaged
    /// The account already accepts another handshake.
    case secondAccept(HandshakeID, AccountID)
    /// The account has not been identified.
    case unidentified(AccountID)
    /// A wrong organization was stated too often.
    case locked
    /// The service's time is not known yet.
    case noTime
  }

  /// Whether nothing is planned.
  public var isEmpty: Bool { items.isEmpty }

  /// The planned answer to a handshake; nil if there is none.
  public subscript(id: HandshakeID) -> PlanItem? { items.first { $0.id == id } }

  /// Returns the number of planned answers of one kind.
  public func count(of answer: Answer) -> Int { items.count { $0.answer == answer } }

  /// The planned answers in the order of sending: declines, then cancels, then accepts.
  ///
  /// Each group is in the order of planning (UX-13.7).
  public var inSendingOrder: [PlanItem] {
    [Answer.decline, .cancel, .accept].flatMap { answer in
      items.filter { $0.answer == answer }
    }
  }
}

// MARK: - Staging

extension Plan {
  /// Plans an answer to a row as it is shown, frozen with the account that will act.
  ///
  /// It replaces the answer that was planned for the row before. A refusal leaves that one in the
  /// plan and is kept in `blocked`, if the record has an id. `now` is the service's time.
  ///
  /// - Returns: The planned answer, or the reason why there is none.
  @discardableResult
  public mutating func stage(
    _ answer: Answer, _ row: Row, in inbox: Inbox, from place: ServicePlace, at now: Timestamp?
  ) -> Result<PlanItem, Refusal> {
    guard let id = row.id else { return .failure(.damaged) }
    let result = frozen(answer, row, id: id, in: inbox, from: place, at: now)
    switch result {
    case .success(let item):
      if answer == .accept {
        // It still stands in the way of the accepts that it blocks.
        blocked[id] = nil
        items.removeAll { $0.id == id }
      } else {
        unstage(id)
      }
      items.append(item)
    case .failure(let refusal):
      blocked[id] = refusal
    }
    return result
  }

  /// Removes a row from the plan, and the refusals of other rows that it alone caused.
  ///
  /// - Returns: The answer that was planned; nil if there was none.
  @discardableResult
  public mutating func unstage(_ id: HandshakeID) -> PlanItem? {
    blocked[id] = nil
    blocked = blocked.filter { $0.value.blocker != id }
    guard let index = items.firstIndex(where: { $0.id == id }) else { return nil }
    return items.remove(at: index)
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
  /// The row because of which this one cannot be planned.
  fileprivate var blocker: HandshakeID? {
    if case .secondAccept(let id, _) = self { id } else { nil }
  }
}

// MARK: - Locks

extension Plan {
  /// Counts a wrongly stated organization, and takes the row out of the plan if that locks it.
  ///
  /// - Returns: Whether the row is locked now, which lasts as long as the program runs.
  @discardableResult
  public mutating func recordMismatch(_ id: HandshakeID) -> Bool {
    mismatches[id, default: 0] += 1
    guard isLocked(id) else { return false }
    unstage(id)
    blocked[id] = .locked
    return true
  }

  /// Returns the number of wrong organizations stated for a row.
  public func mismatches(of id: HandshakeID) -> Int { mismatches[id] ?? 0 }

  /// Returns whether a row cannot be accepted any more until the program is started again.
  public func isLocked(_ id: HandshakeID) -> Bool { mismatches(of: id) >= Self.mismatchesAllowed }
}

/// One planned answer, frozen when it was planned, so that what is sent is what was seen (UX-5.1).
public struct PlanItem: Hashable, Sendable {
  /// The handshake that is answered.
  public var id: HandshakeID
  /// The answer that is given.
  public var answer: Answer
  /// The account that answers.
  public var account: AccountID
  /// The identity of that account when it was reviewed; nil if none was known.
  ///
  /// The effects of an accept, and its confirmation, follow from the organization that it was in.
  public var actor: Identity?
  /// The trust in the sender when it was reviewed, on which the confirmation rests; nil before.
  ///
  /// An accept without it is never sent.
  public var senderTrust: SenderTrust?
  /// The handshake as it was shown.
  public var seen: Handshake
  /// The fingerprint of `seen`, the acting account and the service it came from.
  public var fingerprint: Fingerprint

  /// Creates a planned answer from what was shown.
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

/// The risk of an act, which decides how it is confirmed (UX-13).
public enum Tier: Int, Hashable, Comparable, CaseIterable, Sendable {
  /// Decline and cancel.
  case t1 = 1
  /// Accept from a trusted organization, or from the account's own.
  case t2
  /// An accept that is confirmed alone, by the organization that the operator expects.
  case t3

  /// Returns whether the first tier takes less to confirm.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The tier of an answer, and the reasons for which an accept is confirmed alone (UX-13.4).
public struct TierRuling: Hashable, Sendable {
  /// The tier of the answer.
  public var tier: Tier
  /// The reasons for T3; empty below it.
  public var reasons: [Reason]

  /// A reason to confirm an accept alone.
  public enum Reason: Hashable, Sendable {
    case notTrusted
    /// The sender's name can be mistaken for that of a known organization.
    case lookAlike
    /// The trust list has the organization with this management account instead of the one that
    /// asks.
    ///
    /// That is a fake, or a takeover.
    case otherManager(listed: AccountID)
    /// The account leaves this organization.
    case movesOut(of: OrganizationID)
    /// The organization that the account is in is unknown.
    case mayMoveOut
    case finalisesAllFeatures
    case transfersBilling
  }

  /// The management account in the trust list that differs from the one that asks; nil if none
  /// does.
  public var listedManager: AccountID? {
    for case .otherManager(let listed) in reasons { return listed }
    return nil
  }

  /// Determines the tier of an answer.
  ///
  /// `identity` is that of the acting account, `listed` the management account that the trust list
  /// has for the organization, `isLookAlike` whether the sender's name can be mistaken for a known
  /// one.
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
