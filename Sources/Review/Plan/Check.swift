import Model
import Text

/// One fact that is looked at before an answer. Only what the handshake, the caller's identity, the
/// plan, the trust list, the journal and the service's time tell.
public struct Check: Hashable, Sendable {
  public var fact: Fact
  public var verdict: Verdict

  public init(_ fact: Fact, _ verdict: Verdict) {
    self.fact = fact
    self.verdict = verdict
  }

  public enum Verdict: Hashable, CaseIterable, Sendable {
    case passed
    /// To be looked at.
    case attention
    /// The answer cannot be given as it stands.
    case failed
  }

  public enum Fact: Hashable, Sendable {
    /// The account whose part it is, as STS identified it.
    case identified(AccountID)
    case mayAnswer(Answer, Impediment?)
    case timeLeft(Span?)
    case trust(Trust, OrganizationID?, managedBy: AccountID?)
    /// The other accept that is planned for the account.
    case onlyAccept(AccountID, other: HandshakeID?)
    case openInvitations(AccountID, Int)
    /// Not everything that the account received was read, so that nobody knows how many ask it.
    case invitationsUnknown(AccountID)
    /// Characters of the sender's texts that nobody would see.
    case hiddenText(Int)
    /// Whether our journal knows an attempt whose outcome is open; nil when it was not read.
    case openAttempt(Bool?)
    case locked
  }

  /// Less than this left is worth a look.
  public static let soon = Span.hours(48)
}

extension Check {
  /// What can be checked before `answer` is given to a row.
  public static func all(
    _ answer: Answer, to row: Row, in inbox: Inbox, with plan: Plan, at now: Timestamp
  ) -> [Check] {
    let handshake = row.handshake
    var checks: [Check] = []
    var impediment: Impediment?
    switch inbox.standing(answer, of: row, at: now) {
    case .open(let account): checks.append(Check(.identified(account), .passed))
    case .unidentified(let account): checks.append(Check(.identified(account), .failed))
    case .closed(let reason): impediment = reason
    }
    checks.append(Check(.mayAnswer(answer, impediment), impediment == nil ? .passed : .failed))
    checks.append(timeLeft(handshake, at: now))
    // Whoever sent it: declining or withdrawing it gives nothing away.
    if answer == .accept {
      let trust = inbox.trust(of: row)
      checks.append(
        Check(
          .trust(trust, handshake.senderOrganization, managedBy: handshake.senderAccount),
          trust == .new ? .attention : .passed))
      checks += ofAccept(row, inbox, plan)
    }
    let hidden = handshake.hiddenCharacters
    checks.append(Check(.hiddenText(hidden), hidden == 0 ? .passed : .attention))
    if let id = row.id {
      let isOpen = inbox.place.map { _ in
        inbox.attempts(id).contains { !($0.outcome?.isEnd ?? false) }
      }
      checks.append(Check(.openAttempt(isOpen), isOpen == false ? .passed : .attention))
    }
    return checks
  }

  private static func timeLeft(_ handshake: Handshake, at now: Timestamp) -> Check {
    guard let expires = handshake.expires else { return Check(.timeLeft(nil), .attention) }
    let left = expires - now
    return Check(
      .timeLeft(left), left <= .zero ? .failed : left < soon ? .attention : .passed)
  }

  private static func ofAccept(_ row: Row, _ inbox: Inbox, _ plan: Plan) -> [Check] {
    var checks: [Check] = []
    if let account = row.actor(for: .accept) {
      let other = plan.items.first {
        $0.answer == .accept && $0.account == account && $0.id != row.id
      }?.id
      checks.append(
        Check(.onlyAccept(account, other: other), other == nil ? .passed : .failed))
      let open = inbox.openInvitations(for: account)
      if row.shape == .invitation {
        let isKnown = open > 1 || inbox.hasRead(SourceKey(account, .received))
        checks.append(
          isKnown
            ? Check(.openInvitations(account, open), open > 1 ? .attention : .passed)
            : Check(.invitationsUnknown(account), .attention))
      }
    }
    if let id = row.id, plan.isLocked(id) { checks.append(Check(.locked, .failed)) }
    return checks
  }
}

extension Handshake {
  /// The number of characters that nobody would see as they are, in all that another wrote: the sender's
  /// texts, and values that are not what their member should hold.
  public var hiddenCharacters: Int {
    var texts = parties.map(\.id) + damage.compactMap(\.text)
    texts += [state?.unknownText, action?.unknownText].compactMap(\.self)
    texts += parties.filter { $0.type.knownName == nil }.map(\.type.wireName)
    var pending = resources
    while let resource = pending.popLast() {
      if let value = resource.value { texts.append(value) }
      if resource.type.knownName == nil { texts.append(resource.type.wireName) }
      pending.append(contentsOf: resource.resources)
    }
    return texts.reduce(0) { $0 + Sanitiser.hiddenCount($1) }
  }
}
