import Model
import ReviewInbox
import ReviewJournal
import Text

/// The whole plan as it is reviewed before anything is sent, and the confirmations that it takes.
///
/// Hidden rows are included (UX-4.1).
public struct ReviewSheet: Hashable, Sendable {
  /// The answers of one confirmation: declines, then cancels, then the accepts of T2.
  public private(set) var together: [Line] = []
  /// The accepts of T3, which are confirmed one by one, after the rest.
  public private(set) var alone: [Line] = []
  /// The answers that are not sent because an earlier attempt is unresolved.
  public private(set) var barred: [Barred] = []

  /// An answer that is not sent, and the unresolved attempt because of which it is not.
  public struct Barred: Hashable, Sendable {
    /// The planned answer.
    public var line: Line
    /// The unresolved attempt.
    public var attempt: JournalNote
  }

  /// One planned answer as it is reviewed.
  public struct Line: Hashable, Sendable {
    /// The planned answer, with the identity and the trust of the review.
    public var item: PlanItem
    /// The trust in the sender for the acting account.
    public var trust: Trust
    /// The tier of the answer.
    public var ruling: TierRuling
    /// The effects of the answer.
    public var consequences: Consequences
    /// Whether none of the views shows the row.
    public var isHidden: Bool

    /// The known organization that the sender can be mistaken for.
    public var lookAlike: LookAlike? { item.senderTrust?.lookAlike }
    /// The mark with which the sender is shown.
    public var mark: TrustMark { TrustMark(trust, isLookAlike: lookAlike != nil) }
  }

  /// One confirmation and the answers that it covers.
  public enum Step: Hashable, Sendable {
    case noAccepts([PlanItem])
    case batch([PlanItem], accepts: Int)
    case alone(PlanItem, OrganizationID)
  }

  /// Reviews a plan: the frozen handshakes against the current identities and trust list.
  ///
  /// A row that none of `views` shows counts as hidden.
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

  /// Whether the plan is empty.
  public var isEmpty: Bool { together.isEmpty && alone.isEmpty && barred.isEmpty }

  /// The number of answers confirmed together whose sender can be mistaken for a known
  /// organization.
  public var lookAlikeCount: Int { together.count { $0.mark == .like } }

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
      // An accept without a sender cannot have been planned.
      guard let organization = line.item.seen.senderOrganization else { continue }
      steps.append(.alone(line.item, organization))
    }
    return steps
  }
}

extension ReviewSheet.Line {
  /// Reviews one planned answer against the current identities and trust list.
  public init(_ item: PlanItem, in inbox: Inbox, shownIn views: [RowSelection]) {
    let identity = inbox.identity(item.account) ?? item.actor
    let acting = identity ?? .untold(item.account)
    self.item = item
    // The preflight compares with what was reviewed, not with what was known at planning.
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
  /// The confirmation that the dialog asks for.
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

  /// The answers that are sent when it is confirmed, and nothing else.
  public var items: [PlanItem] {
    switch self {
    case .noAccepts(let items), .batch(let items, _): items
    case .alone(let item, _): [item]
    }
  }
}
