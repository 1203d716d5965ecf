import Model
import ReviewInbox
import ReviewJournal
import Text

/// One fact that is verified before an answer.
///
/// Checks use only the handshake, the caller's identity, the plan, the trust list, the journal and
/// the service's time.
public struct Check: Hashable, Sendable {
  /// The fact that was verified.
  public var fact: Fact
  /// The result.
  public var verdict: Verdict

  /// Creates a check from a fact and its result.
  public init(_ fact: Fact, _ verdict: Verdict) {
    self.fact = fact
    self.verdict = verdict
  }

  /// The result of a check.
  public enum Verdict: Hashable, CaseIterable, Sendable {
    case passed
    /// The operator should look at it.
    case attention
    /// The answer cannot be given as it is.
    case failed
  }

  /// A fact that can be verified.
  public enum Fact: Hashable, Sendable {
    /// The account that acts, as STS identified it.
    case identified(AccountID)
    case mayAnswer(Answer, Ineligibility?)
    case timeLeft(Span?)
    case trust(Trust, OrganizationID?, managedBy: AccountID?)
    /// The other accept that is planned for the account.
    case onlyAccept(AccountID, other: HandshakeID?)
    case openInvitations(AccountID, Int)
    /// Not everything that the account received was read, so the number of invitations is unknown.
    case invitationsUnknown(AccountID)
    /// The number of hidden characters in the texts that the sender wrote.
    case hiddenText(Int)
    /// Whether the journal has an unresolved attempt; nil if it was not read.
    case openAttempt(Bool?)
    case locked
  }

  /// The time left below which the operator should look at the expiry.
  public static let soon = Span.hours(48)
}

extension Check {
  /// Returns the checks of `answer` to a row at `now`, the service's time.
  public static func all(
    _ answer: Answer, to row: Row, in inbox: Inbox, with plan: Plan, at now: Timestamp
  ) -> [Check] {
    let handshake = row.handshake
    var checks: [Check] = []
    var impediment: Ineligibility?
    switch inbox.standing(answer, of: row, at: now) {
    case .open(let account): checks.append(Check(.identified(account), .passed))
    case .unidentified(let account): checks.append(Check(.identified(account), .failed))
    case .closed(let reason): impediment = reason
    }
    checks.append(Check(.mayAnswer(answer, impediment), impediment == nil ? .passed : .failed))
    checks.append(timeLeft(handshake, at: now))
    // For accepts only: declining or cancelling gives nothing away, whoever sent it.
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
  /// The number of hidden characters in everything that another party wrote.
  ///
  /// Hidden are controls, format characters, odd spaces and bytes that are not text (see
  /// `Sanitiser`). The texts are those of the sender, and values that are not what their member
  /// should hold.
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
