import Model

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
