import Model
import Text

/// What our journal tells about one handshake: who answered, and why.
public struct JournalNote: Hashable, Sendable {
  public var id: HandshakeID
  public var answer: Answer
  /// The account that answered.
  public var account: AccountID
  /// When it was sent, by the service's clock where known.
  public var time: Timestamp
  /// The person, as the journal names them.
  public var operatorName: Untrusted
  public var reason: Untrusted
  public var outcome: Outcome
  /// The handshake as it was when it was answered, when the journal holds it.
  public var handshake: Handshake?

  public enum Outcome: String, Hashable, CaseIterable, Sendable {
    case done
    /// Found done by reading later: by us or by someone else.
    case doneLater
    case refused
    case notSent
    /// Not known yet.
    case unknown
  }

  public init(
    id: HandshakeID, answer: Answer, account: AccountID, time: Timestamp, operatorName: Untrusted,
    reason: Untrusted, outcome: Outcome, handshake: Handshake? = nil
  ) {
    self.id = id
    self.answer = answer
    self.account = account
    self.time = time
    self.operatorName = operatorName
    self.reason = reason
    self.outcome = outcome
    self.handshake = handshake
  }
}
