import Model

/// One answer that was staged: frozen when it was staged, so that what is sent is what was seen.
public struct PlanItem: Hashable, Sendable {
  public var id: HandshakeID
  public var answer: Answer
  /// The account that answers.
  public var account: AccountID
  /// The handshake as it was shown.
  public var seen: Handshake
  /// Over `seen`, the acting account and the service it came from.
  public var fingerprint: Fingerprint

  public init(
    id: HandshakeID, answer: Answer, account: AccountID, seen: Handshake, fingerprint: Fingerprint
  ) {
    self.id = id
    self.answer = answer
    self.account = account
    self.seen = seen
    self.fingerprint = fingerprint
  }
}
