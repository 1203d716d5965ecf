import Model
import Text

/// The whole plan as it is reviewed before anything is sent, hidden rows included, and the
/// confirmations that it takes (UX-4.1).
public struct ReviewSheet: Hashable, Sendable {
  /// What one confirmation covers: declines, then cancels, then the accepts of T2.
  public private(set) var together: [Line] = []
  /// T3: confirmed one by one, after the rest.
  public private(set) var alone: [Line] = []
  /// Not sent, because an earlier attempt is unresolved.
  public private(set) var barred: [Barred] = []

  public struct Barred: Hashable, Sendable {
    public var line: Line
    public var attempt: JournalNote
  }

  public struct Line: Hashable, Sendable {
    public var item: PlanItem
    public var trust: Trust
    public var ruling: TierRuling
    public var consequences: Consequences
    /// Whether none of the views that are named shows the row.
    public var isHidden: Bool

    /// The known organization that the sender can be mistaken for.
    public var lookAlike: LookAlike? { item.senderTrust?.lookAlike }
    /// How the sender is shown.
    public var mark: TrustMark { TrustMark(trust, isLookAlike: lookAlike != nil) }
  }

  public enum Step: Hashable, Sendable {
    case noAccepts([PlanItem])
    case batch([PlanItem], accepts: Int)
    case alone(PlanItem, OrganizationID)
  }

  /// What the plan comes to, seen from the frozen handshakes and today's identities and trust list.
  public init(_ plan: Plan, in inbox: Inbox, shownIn views: [RowSelection] = RowSelection.screens) {
    let unresolved = inbox.unresolvedAttempts
    for item in plan.inSendingOrder {
      let line = Line(item, in: inbox, shownIn: views)
      if let attempt = unresolved.first(where: { $0.intent.bars(.answer(item)) }) {
        barred.append(Barred(line: line, attempt: attempt))
      } else if line.ruling.tier == .t3 {
        alone.append(line)
      } else {
        together.append(line)
      }
    }
  }

  public var isEmpty: Bool { together.isEmpty && alone.isEmpty && barred.isEmpty }

  /// How many senders of what is confirmed together can be mistaken for known organizations.
  public var lookAlikeCount: Int { together.count { $0.mark == .like } }

  /// How many rows of the plan no view shows.
  public var hiddenCount: Int { (together + alone + barred.map(\.line)).count(where: \.isHidden) }

  /// The confirmations in their order.
  public var steps: [Step] {
    var steps: [Step] = []
    let items = together.map(\.item)
    let accepts = items.count { $0.answer == .accept }
    if accepts > 0 {
      steps.append(.batch(items, accepts: accepts))
    } else if !items.isEmpty {
      steps.append(.noAccepts(items))
    }
    for line in alone {
      // Without a sender there is no accept: the row could not have been staged.
      guard let organization = line.item.seen.senderOrganization else { continue }
      steps.append(.alone(line.item, organization))
    }
    return steps
  }
}

extension ReviewSheet.Line {
  public init(_ item: PlanItem, in inbox: Inbox, shownIn views: [RowSelection]) {
    let identity = inbox.identity(item.account) ?? item.actor
    let acting = identity ?? .untold(item.account)
    self.item = item
    // What is checked before it is sent is what is reviewed, not what it was when it was staged.
    self.item.actor = identity
    let senderTrust = inbox.trustList.senderTrust(in: item.seen, for: acting)
    self.item.senderTrust = senderTrust
    trust = inbox.trustList.trust(in: item.seen, for: [acting])
    let entry = item.seen.senderOrganization.flatMap { inbox.trustList[$0] }
    ruling = TierRuling(
      item.answer, to: item.seen, trust: trust, as: acting, listed: entry?.managementAccount,
      isLookAlike: senderTrust.lookAlike != nil)
    consequences = Consequences(item.answer, to: item.seen, as: acting, trust: inbox.trustList)
    let key = RowKey.handshake(item.id)
    isHidden = views.allSatisfy { inbox.position(of: key, in: $0) == nil }
  }
}

extension ReviewSheet.Step {
  /// What the dialog asks for.
  public var confirmation: Challenge.Kind {
    switch self {
    case .noAccepts(let items):
      .noAccepts(
        declines: items.count { $0.answer == .decline },
        cancels: items.count { $0.answer == .cancel })
    case .batch(_, let accepts): .batch(accepts: accepts)
    case .alone(let item, let organization): .alone(item.id, organization)
    }
  }

  /// What is sent when it is confirmed, and nothing else.
  public var items: [PlanItem] {
    switch self {
    case .noAccepts(let items), .batch(let items, _): items
    case .alone(let item, _): [item]
    }
  }
}
