import Model
import Text

/// The name of one attempt to send one request: 32 lower-case hexadecimal digits, never used twice.
public struct IntentID: Hashable, Sendable {
  public let text: String

  public init(from random: any RandomSource) {
    text = random.bytes(16).hexadecimal
  }

  /// Nil unless `text` is 32 lower-case hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, Hexadecimal.lowerCaseBytes(text) != nil else { return nil }
    self.text = String(text)
  }
}

/// What is about to be asked of the service, written down before it is asked.
public struct JournalIntent: Hashable, Sendable {
  public var id: IntentID
  public var act: Act
  /// The account that acts, and the ARN it acts as.
  public var account: AccountID
  public var caller: Untrusted
  public var place: ServicePlace
  /// Why, in the operator's words.
  public var reason: Untrusted?
  /// 1 for the first request of an act, counting on when it is sent again after a refusal for pace
  /// or because nothing had left.
  public var attempt: Int
  /// The service's time just before.
  public var asked: Timestamp
  /// What the handshake said, which outlives the service's 30 days.
  public var subject: Subject

  public init(
    id: IntentID, act: Act, account: AccountID, caller: Untrusted, place: ServicePlace,
    reason: Untrusted?, attempt: Int, asked: Timestamp, subject: Subject = Subject()
  ) {
    self.id = id
    self.act = act
    self.account = account
    self.caller = caller
    self.place = place
    self.reason = reason
    self.attempt = attempt
    self.asked = asked
    self.subject = subject
  }

  public enum Act: Hashable, Sendable {
    case answer(Answer, HandshakeID, Fingerprint)
    case invite(Invitation.Target)
    case enableAllFeatures
  }

  public struct Subject: Hashable, Sendable {
    public var action: Action?
    /// The organization that asks, and its management account.
    public var organization: OrganizationID?
    public var sender: AccountID?
    /// Whether being in the sender's organization afterwards proves that the accept was carried
    /// out: it is an invitation, and the account was not in that organization before.
    public var joins: Bool
    /// The name that the sender gives itself, of what is accepted: the service forgets it after 30 days,
    /// and later names are compared with it.
    public var senderName: Untrusted?

    /// The bytes of a name that are kept.
    public static let nameKept = 512

    public init(
      action: Action? = nil, organization: OrganizationID? = nil, sender: AccountID? = nil,
      joins: Bool = false, senderName: Untrusted? = nil
    ) {
      self.senderName = senderName.map { Untrusted(bytes: Array($0.bytes.prefix(Self.nameKept))) }
      self.action = action
      self.organization = organization
      self.sender = sender
      self.joins = joins
    }
  }

  /// The handshake that is answered; nil for what makes a new one.
  public var handshake: HandshakeID? {
    if case .answer(_, let id, _) = act { id } else { nil }
  }

  public var answer: Answer? {
    if case .answer(let answer, _, _) = act { answer } else { nil }
  }
}

extension JournalIntent {
  /// Whether the outcome of this attempt must be known before `errand` is sent to the same service.
  /// (SEC-4.4.4)
  func bars(_ errand: Errand) -> Bool {
    guard account == errand.account else { return false }
    switch (act, errand) {
    case (.answer(let answer, let id, _), .answer(let item)):
      return id == item.id || (answer == .accept && item.answer == .accept)
    case (.invite(let target), .invite(let invitation, _, _)): return target == invitation.target
    case (.enableAllFeatures, .enableAllFeatures): return true
    default: return false
    }
  }
}

/// How an intent ended, or that it is not known yet.
public enum IntentOutcome: Hashable, Sendable {
  /// Nothing left this machine.
  case notSent(Untrusted)
  /// The service answered that it is done. The handshake, when the request made one.
  case done(HandshakeID?)
  case refused(Refusal)
  /// It may have been carried out. The intent stays open, unless nothing can be learnt any more.
  case unknown(Doubt, closed: Bool)
  /// Found done by reading: by this request or by another session.
  case doneLater(Proof, HandshakeID?)
  /// Found not done by reading, in this state (nil: there is no such handshake among those sent).
  case notApplied(State?)

  /// Whether the intent is over: nothing more is to be found out about it.
  public var isEnd: Bool {
    if case .unknown(_, let closed) = self { closed } else { true }
  }

  public struct Refusal: Hashable, Sendable {
    /// AWS's name of the exception.
    public var code: Untrusted
    public var reason: Untrusted?
    public var message: Untrusted
    public var requestID: Untrusted?

    public init(
      code: Untrusted, reason: Untrusted? = nil, message: Untrusted, requestID: Untrusted? = nil
    ) {
      self.code = code
      self.reason = reason
      self.message = message
      self.requestID = requestID
    }
  }

  /// Why it is not known whether a request was carried out.
  public enum Doubt: String, Hashable, CaseIterable, Sendable {
    /// The reply was lost, or a server failed.
    case replyLost = "reply-lost"
    /// The reply is not about this handshake or not in the state asked for.
    case oddReply = "odd-reply"
    /// The service says that it is so already, or that somebody else is at it.
    case concurrent
    /// Reading is denied: the policies of the new organization may be the reason.
    case denied
    /// There is no such handshake (any more): the service keeps one for 30 days.
    case gone
    /// Reading failed as long as it was tried.
    case unreadable
    /// It stands in a state this program does not know.
    case oddState = "odd-state"
    /// Given up before it was found out.
    case abandoned
  }

  public enum Proof: String, Hashable, CaseIterable, Sendable {
    /// The handshake is in the state asked for.
    case handshake
    /// The account is in the organization that invited it.
    case membership
    /// Among those sent is the one that was asked for.
    case listing
  }
}
