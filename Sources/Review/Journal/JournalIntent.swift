import Model
import Text

/// The name of one attempt to send one request: 32 lower-case hexadecimal digits, never used twice.
public struct IntentID: Hashable, Sendable {
  /// 32 lower-case hexadecimal digits.
  public let text: String

  /// Creates a new id from 16 random bytes.
  public init(from random: any RandomSource) {
    text = random.bytes(16).hexadecimal
  }

  /// Returns nil unless `text` is 32 lower-case hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, Hexadecimal.lowerCaseBytes(text) != nil else { return nil }
    self.text = String(text)
  }
}

/// A request as it is recorded before it is sent.
public struct JournalIntent: Hashable, Sendable {
  /// The name of this attempt.
  public var id: IntentID
  /// The change that the service is asked for.
  public var act: Act
  /// The account that acts.
  public var account: AccountID
  /// The ARN that the request is signed as, from STS.
  public var caller: Untrusted
  /// The service that the request goes to.
  public var place: ServicePlace
  /// The operator's reason.
  public var reason: Untrusted?
  /// The number of the request for this act, from 1.
  ///
  /// It counts on when the act is tried again after it was throttled or not sent.
  public var attempt: Int
  /// The service's time in the last preflight reply before the request.
  public var asked: Timestamp
  /// Facts from the handshake, kept because the service drops it after 30 days.
  public var subject: Subject

  /// Creates the record of an attempt.
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

  /// The change that a request asks for.
  public enum Act: Hashable, Sendable {
    case answer(Answer, HandshakeID, Fingerprint)
    case invite(Invitation.Target)
    case enableAllFeatures
  }

  /// The facts of a handshake that are kept in the journal.
  public struct Subject: Hashable, Sendable {
    /// The action that the handshake asks for.
    public var action: Action?
    /// The sender's organization.
    public var organization: OrganizationID?
    /// The management account of the sender's organization.
    public var sender: AccountID?
    /// Whether membership in the sender's organization afterwards proves that the accept was
    /// applied.
    ///
    /// True for an invitation, if the account was not in an organization of that sender before.
    public var joins: Bool
    /// The name that the sender gives itself, recorded for accepts only.
    ///
    /// The service drops it after 30 days, and later names are compared with it.
    public var senderName: Untrusted?

    /// The number of bytes of a name that are kept.
    public static let nameKept = 512

    /// Creates the facts, with `senderName` cut to `nameKept` bytes.
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

  /// The handshake that is answered; nil for a request that makes a new one.
  public var handshake: HandshakeID? {
    if case .answer(_, let id, _) = act { id } else { nil }
  }

  /// The answer that is given; nil for a request that makes a new handshake.
  public var answer: Answer? {
    if case .answer(let answer, _, _) = act { answer } else { nil }
  }
}

/// The outcome of an attempt, or that it is not known yet.
public enum IntentOutcome: Hashable, Sendable {
  /// No byte of the request left this machine.
  case notSent(Untrusted)
  /// The service replied that it is done; with the handshake if the request made one.
  case done(HandshakeID?)
  case refused(Refusal)
  /// It may have been applied. The attempt stays unresolved unless nothing more can be learnt
  /// (`closed`).
  case unknown(Doubt, closed: Bool)
  /// Found done by reading: by this request or by another session.
  case doneLater(Proof, HandshakeID?)
  /// Found not done by reading, in this state; nil if the sent listing has no such handshake.
  case notApplied(HandshakeState?)

  /// Whether the attempt is resolved: nothing more is to be learnt about it.
  public var isEnd: Bool {
    if case .unknown(_, let closed) = self { closed } else { true }
  }

  /// An error reply of the service.
  public struct Refusal: Hashable, Sendable {
    /// AWS's name of the exception; `-` if the reply had none.
    public var code: Untrusted
    /// The reason that AWS gives with some exceptions.
    public var reason: Untrusted?
    /// The service's message, cut to 2,000 bytes.
    public var message: Untrusted
    /// AWS's name for the request.
    public var requestID: Untrusted?

    /// Creates a refusal from the parts of an error reply.
    public init(
      code: Untrusted, reason: Untrusted? = nil, message: Untrusted, requestID: Untrusted? = nil
    ) {
      self.code = code
      self.reason = reason
      self.message = message
      self.requestID = requestID
    }
  }

  /// The reason why it is not known whether a request was applied.
  public enum Doubt: String, Hashable, CaseIterable, Sendable {
    /// The reply was lost, or a server failed.
    case replyLost = "reply-lost"
    /// The reply is not about this handshake, not in the state asked for, or contradicts itself.
    case oddReply = "odd-reply"
    /// The service says that the handshake is in that state already, perhaps through another
    /// session.
    case concurrent
    /// Reading is denied: the policies of the new organization may be the reason.
    case denied
    /// There is no such handshake (any more): the service keeps one for 30 days.
    case gone
    /// Every attempt to read failed.
    case unreadable
    /// It is in a state that this program does not know, or its record contradicts itself.
    case oddState = "odd-state"
    /// The search for the outcome was stopped before it ended.
    case abandoned
  }

  /// The evidence found by reading that a request was applied.
  public enum Proof: String, Hashable, CaseIterable, Sendable {
    /// The handshake is in the state asked for.
    case handshake
    /// The account is in the organization that invited it.
    case membership
    /// The sent listing has the handshake that was asked for.
    case listing
  }
}
